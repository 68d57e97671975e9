"""The sentences of the letter: the answer, what is asked for, and the justification, with the
figures of a scenario in them.

Facts stand as they are; every estimate has its range; what could not be estimated is said to be so.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import polars as pl

from otdacha.documents.numbers import Numbers
from otdacha.documents.pay.letter_figures import (
    Means,
    avoided,
    by_source,
    exact_sum,
    means,
)
from otdacha.documents.pay.words import in_language
from otdacha.documents.pay.writing import verdict_of
from otdacha.documents.words import money_of, period
from otdacha.language import Text, ntext, text
from otdacha.pay.disclosure import Told
from otdacha.pay.scenario import Scenario
from otdacha.release import Release
from otdacha.release.states import WORDS, State

MOST_MEASURES = 5
"""So many fit on the first page; of more there is table 2."""


def proposal(scenario: Scenario, numbers: Numbers) -> Text:
    """What is proposed, and what it costs."""
    towns = scenario.tables["municipalities"].height
    return ntext(
        "Measures are proposed that raise the pay of municipal servants in {shown} municipality. "
        "In {years} they cost {cost}, with insurance contributions.",
        "Measures are proposed that raise the pay of municipal servants in {shown} "
        "municipalities. In {years} they cost {cost}, with insurance contributions.",
        count=towns,
        shown=numbers.whole(towns),
        years=period(scenario.years),
        cost=money_of(sum(by_source(scenario).values(), Decimal(0)), numbers),
    )


def answer(scenario: Scenario, told: Told, numbers: Numbers) -> list[Text]:
    """What is asked for, and what it brings: the first page."""
    sums = by_source(scenario)
    total, asked = sum(sums.values(), Decimal(0)), sums["federal"]
    said = []
    if asked:
        said.append(
            text(
                "We ask for {asked} from the federal budget ({share} of the cost); the other "
                "sources pay {others}.",
                asked=money_of(asked, numbers),
                share=numbers.percent(float(asked / total)),
                others=money_of(total - asked, numbers),
            )
        )
    else:
        said.append(text("Nothing is asked for from the federal budget."))
    found = means(told)
    if found is not None:
        said.append(_rise(scenario, found, numbers))
    return [*said, *_exits_avoided(scenario, numbers)]


def measures_in_short(told: Told, numbers: Numbers) -> list[Text]:
    """The measures on the first page; none where there are too many for it."""
    table = told.tables["measures"].sort("number")
    if table.height > MOST_MEASURES:
        return []
    return [
        text(
            "{name} ({who}): {amount}; {cost}.",
            name=in_language(row, "name", numbers.language),
            who=in_language(row, "who", numbers.language),
            amount=in_language(row, "amount", numbers.language),
            cost=WORDS[State.SUPPRESSED].said(numbers.language)
            if row["cost"] is None
            else money_of(row["cost"], numbers),
        )
        for row in table.iter_rows(named=True)
    ]


def _rise(scenario: Scenario, found: Means, numbers: Numbers) -> Text:
    return text(
        "Mean pay of a full-time post in {year} is {after} a month with the measures and {before} "
        "without them.",
        year=scenario.years[-1],
        after=f"{numbers.decimal(found.pay_after, 0)} ₽",
        before=f"{numbers.decimal(found.pay_before, 0)} ₽",
    )


def _exits_avoided(scenario: Scenario, numbers: Numbers) -> list[Text]:
    """How many fewer leave, with the range; where that could not be estimated, that it could not.

    The package that the scenario is of says it for all municipalities together.
    """
    row = _chosen(scenario)
    table = scenario.tables["municipalities"]
    without = table.filter(pl.col("effect") != "estimated").height
    if row is None or row["avoided"] is None:
        return [text("How many fewer people would leave could not be estimated.")]
    said = [
        text(
            "Over all years {avoided} fewer people are expected to leave; in brackets: the range "
            "of 95 %.",
            avoided=avoided(row, numbers),
        )
    ]
    if row["avoided_lower"] <= 0:
        said.append(text("The range holds zero: it may be that nobody stays because of it."))
    if without:
        said.append(
            text(
                "In {without} of {all} municipalities this could not be estimated: too few have "
                "left there, or no wage is known.",
                without=numbers.whole(without),
                all=numbers.whole(table.height),
            )
        )
    return said


def _chosen(scenario: Scenario) -> dict[str, Any] | None:
    chosen = scenario.tables["packages"].filter("chosen")
    return None if chosen.is_empty() else chosen.row(0, named=True)


def requests(scenario: Scenario, told: Told, numbers: Numbers) -> list[Text]:
    """What is asked for, numbered in the letter."""
    sums = by_source(scenario)
    said = []
    if sums["federal"]:
        by_year = "; ".join(
            f"{year}: {money_of(by_source(scenario, year)['federal'], numbers)}"
            for year in scenario.years
        )
        said.append(
            text(
                "To provide {sum} in the federal budget for {years} to co-finance measures that "
                "raise the pay of municipal servants ({by_year}).",
                sum=money_of(sums["federal"], numbers),
                years=period(scenario.years),
                by_year=by_year,
            )
        )
    if sums["regional"]:
        said.append(
            text(
                "To recommend to the regions to provide {sum} in their budgets for {years}.",
                sum=money_of(sums["regional"], numbers),
                years=period(scenario.years),
            )
        )
    said.append(
        text(
            "To support that the measures of table 2 are laid down in the acts which govern the "
            "pay of municipal servants."
        )
    )
    if sums["municipal"]:
        said.append(
            text(
                "To count with the {sum} that local budgets pay for them in {years} when their "
                "own means are worked out.",
                sum=money_of(sums["municipal"], numbers),
                years=period(scenario.years),
            )
        )
    above = _above(told)
    if above is not None:
        said.append(
            text(
                "To recommend to the regions to raise the norm of pay for {towns} municipalities "
                "that would be above it with the measures.",
                towns=numbers.whole(above[0]),
            )
        )
    return said


def _above(told: Told) -> tuple[int, Decimal | None] | None:
    """How many municipalities are above their norm in some year, and by how much altogether; no sum
    where it would tell of one that is hidden."""
    above = told.tables["limits"].filter(state="above")
    if above.is_empty():
        return None
    sum_ = None if above["above"].null_count() else exact_sum(above["above"])
    return above["municipality"].n_unique(), sum_


def justification(
    scenario: Scenario, told: Told, release: Release | None, numbers: Numbers
) -> list[Text]:
    """How the sums were counted, whether the norm is kept, what is saved, whose training counts."""
    total = sum(by_source(scenario).values(), Decimal(0))
    said = [
        text(
            "The sums are counted post by post and month by month from the rosters, by the rates "
            "of pay in force on each day, and include insurance contributions: {cost} in {years}. "
            "A measure costs what it adds to those before it.",
            cost=money_of(total, numbers),
            years=period(scenario.years),
        ),
        *_limits(scenario, told, numbers),
        *_saved(scenario, numbers),
        *_of_release(scenario, release, numbers),
    ]
    packages = told.tables["packages"]
    if packages.height > 1:
        said.append(
            text(
                "{all} packages of measures were compared (annex 2); for {best} of them no "
                "cheaper one avoids as many exits.",
                all=numbers.whole(packages.height),
                best=numbers.whole(packages.filter("frontier").height),
            )
        )
    verdict = verdict_of(scenario, numbers.language)
    if verdict:
        said.append(
            text(
                "Why this package is chosen. {verdict} The others keep the same sums and norms, "
                "and cost no more (annex 2, table 6).",
                verdict=verdict,
            )
        )
    return said


def _limits(scenario: Scenario, told: Told, numbers: Numbers) -> list[Text]:
    limits = scenario.tables["limits"].filter(year=scenario.years[-1])
    if limits.is_empty():
        return [text("Whether the norm of pay (article 136) is kept is not known.")]
    counts = dict(limits["state"].cast(pl.String).value_counts().iter_rows())
    said = [
        text(
            "In {year}, with the measures, the norm of pay (article 136 of the Budget Code) does "
            "not bind {free} municipalities, is kept in {within}, is exceeded in {above}, and is "
            "not known for {unknown}.",
            year=scenario.years[-1],
            free=numbers.whole(counts.get("not bound", 0)),
            within=numbers.whole(counts.get("within", 0)),
            above=numbers.whole(counts.get("above", 0)),
            unknown=numbers.whole(counts.get("unknown", 0)),
        )
    ]
    above = _above(told)
    if above is not None and above[1] is not None:
        said.append(
            text(
                "Over all years pay is above the norm by {sum}: there the measures can be taken "
                "only if the region raises it.",
                sum=money_of(above[1], numbers),
            )
        )
    return said


def _saved(scenario: Scenario, numbers: Numbers) -> list[Text]:
    """What vacancies and lost training would have cost, which has the range of the exits."""
    row = _chosen(scenario)
    if row is None or not row["avoided"] or row["vacancy_cost"] is None:
        return []
    saved = row["vacancy_cost"] + (row["training_kept"] or 0)
    lower, upper = (
        float(saved) * end / row["avoided"] for end in (row["avoided_lower"], row["avoided_upper"])
    )
    return [
        text(
            "The vacancies avoided would have cost {saved} with the training of those who leave; "
            "in proportion to the range of exits: {range} ₽. It is not taken off the cost.",
            saved=money_of(saved, numbers),
            range=numbers.interval(lower, upper, 0, level=True),
        )
    ]


def _of_release(scenario: Scenario, release: Release | None, numbers: Numbers) -> list[Text]:
    """Which release says whose training showed effect."""
    linked = scenario.tables["measures"].filter(pl.col("release").is_not_null())
    if linked.is_empty():
        return []
    names = ", ".join(sorted(set(linked["release"])))
    said = [
        text(
            "The allowance for training is paid for training at organisations that release "
            "{release} lists among the most effective by the work results of the people trained.",
            release=names,
        )
    ]
    if release is not None:
        judged = release.providers.filter(pl.col("state") == State.PUBLISHED.value).height
        said.append(
            text(
                "Release {release} looks at {all} training organisations: the effect of {judged} "
                "is measured well enough to be published, and {listed} are among the most "
                "effective (annex 3). Of the others too little is known; that says nothing "
                "against them.",
                release=release.id,
                all=numbers.whole(release.providers.height),
                judged=numbers.whole(judged),
                listed=numbers.whole(release.listed.height),
            )
        )
    else:
        said.append(
            text("Its figures are not given here: the release was not at hand for this letter.")
        )
    return said


def method(scenario: Scenario, told: Told, numbers: Numbers) -> list[Text]:
    """How it was counted, on one page."""
    measures = scenario.manifest["measures"]
    return [
        text(
            "Pay of each month is made of its parts by the rates in force on that day, first "
            "without the measures, then with one after the other. Each part is rounded to the "
            "kopeck once, so that parts come to their totals exactly."
        ),
        text(
            "Exits are those that the history of the same posts leads to expect: a hazard of "
            "leaving in a month on pay against the wage next door, with effects of municipality "
            "and time. Ranges are of 95 %. They do not hold what else may change in these years."
        ),
        text(
            "Groups of fewer than {minimum} people, or in which fewer receive something, are not "
            "told, nor what they would follow from.",
            minimum=told.minimum,
        ),
        text(
            "Nor are expected exits of municipalities that fewer than {minimum} people have left, "
            "and of others from which they would follow: they are in the figures of all "
            "municipalities together.",
            minimum=told.minimum,
        ),
        text(
            "Scenario {scenario}, SHA-256 of its manifest begins with {hash}; measures {measures}. "
            "Whoever has the records can make it anew.",
            scenario=scenario.id,
            hash=scenario.hash[:16],
            measures=f"{measures['id']} {measures['version']}",
        ),
    ]


def left_out(scenario: Scenario, numbers: Numbers) -> Text:
    """How many rows of the records were not counted with."""
    rows = int(scenario.tables["excluded"]["rows"].sum())
    if not rows:
        return text("Nothing was left out: every row that was handed in was counted with.")
    return ntext(
        "{shown} row that was handed in could not be counted with.",
        "{shown} rows that were handed in could not be counted with.",
        count=rows,
        shown=numbers.whole(rows),
    )
