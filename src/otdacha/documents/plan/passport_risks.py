"""What may go wrong with a plan, and how it will be judged: from its own figures."""

from __future__ import annotations

from otdacha.documents.numbers import Numbers
from otdacha.documents.plan.passport_figures import (
    SUMMED_UP,
    over_all_years,
    rows_of,
    trained_by_year,
)
from otdacha.documents.plan.passport_indicators import Both, expectation, result_name
from otdacha.documents.words import money_of
from otdacha.language import Text, text
from otdacha.methodology import Methodology
from otdacha.programme.disclosure import Public
from otdacha.programme.plan import Plan
from otdacha.programme.wording import SOURCES

Risk = tuple[Text, Text]
"""What may go wrong, and what the plan and its executors do about it."""


def risks(plan: Plan, told: Public, methodology: Methodology, numbers: Numbers) -> list[Risk]:
    if plan.tables["lines"].is_empty():
        return [_nothing_planned()]
    return [
        _money_stays_away(plan, told, numbers),
        _prices_rise(plan, numbers),
        _training_changes_less(plan, methodology, numbers),
        _groups_stay_empty(plan, numbers),
        _an_organisation_drops_out(plan, numbers),
        *_little_is_known(plan, numbers),
    ]


def _nothing_planned() -> Risk:
    return (
        text("Nothing is planned: nobody is trained."),
        text("The plan is made anew when there is money, or an offer."),
    )


def _money_stays_away(plan: Plan, told: Public, numbers: Numbers) -> Risk:
    """Which source the plan leans on; and what less money would do, where that was worked out."""
    sums = {source: float(plan.tables["lines"][source].sum()) for source in SOURCES}
    most = max(sums, key=lambda source: sums[source])
    said = text(
        "A budget is cut, or comes later than planned. The largest is the {source}: {share} of "
        "the cost.",
        source=SOURCES[most],
        share=numbers.percent(sums[most] / sum(sums.values())),
    )
    less = [
        row for row in rows_of(plan, "frontier") if row["benefit"] is not None and row["share"] < 1
    ]
    if less:
        near = max(less, key=lambda row: row["share"])
        said = text(
            "{before} With {share} of the money the expected improvement is {less} instead of "
            "{own}.",
            before=said,
            share=numbers.percent(near["share"]),
            less=numbers.decimal(near["benefit"], 0),
            own=numbers.decimal(plan.figures["benefit"], 0),
        )
    by_law = told.figures["mandatory"]
    done = (
        text(
            "The plan is made anew from the day it is known, keeping what is signed; those whom "
            "the law obliges come first."
        )
        if not by_law
        else text(
            "The plan is made anew from the day it is known, keeping what is signed; the {count} "
            "people whom the law obliges come first.",
            count=numbers.whole(by_law),
        )
    )
    return said, done


def _prices_rise(plan: Plan, numbers: Numbers) -> Risk:
    """How much dearer it may become; and how much of a plan would move, where that is known."""
    cost, budget = plan.figures["cost"], plan.figures["budget"]
    said = text(
        "Prices rise by more than the parameters of the plan foresee. {left} of the budgets is not "
        "planned: {share} of the cost.",
        left=money_of(round(budget - cost, 2), numbers),
        share=_exact_percent((budget - cost) / cost, numbers),
    )
    known = {row["changed"]: row for row in rows_of(plan, "sensitivity")}
    dearer = known.get("prices_up")
    if dearer is not None and dearer["moved"] is not None:
        said = text(
            "{before} At prices that are 10 % higher a plan made anew would place {share} of the "
            "seats elsewhere.",
            before=said,
            share=numbers.percent(dearer["moved"]),
        )
    first = plan.years[0]
    early = float(plan.tables["lines"].filter(year=first)["cost"].sum())
    done = text(
        "Contracts of {year}, {cost}, are signed early; prices of later years are dated parameters "
        "and are checked each year.",
        year=first,
        cost=money_of(round(early, 2), numbers),
    )
    return said, done


def _exact_percent(share: float, numbers: Numbers) -> str:
    """A small share, of which a whole percent would say nothing."""
    return f"{numbers.decimal(100 * share, 1)}\N{NO-BREAK SPACE}%"


def _training_changes_less(plan: Plan, methodology: Methodology, numbers: Numbers) -> Risk:
    """Of which indicators not even the direction is sure."""
    found = over_all_years(plan)
    unsure = [row for row in found if row["lower"] <= 0 and row["indicator"] not in SUMMED_UP]
    done = text(
        "Every expected result is given with its range; the next release measures it, and the next "
        "plan follows it."
    )
    if not found:
        return (
            text("Training changes work less than hoped: how much is not foretold."),
            text("The next release measures it, and the next plan follows it."),
        )
    if not unsure:
        return (
            text(
                "Training changes work less than expected. The ranges of all results lie above "
                "zero."
            ),
            done,
        )
    names = {one.id: Both(one.name.ru, one.name.en) for one in methodology.indicators}
    listed = "; ".join(
        f"{names[row['indicator']].said(numbers.language)}: {expectation(row, numbers)}"
        if row["indicator"] in names
        else f"{row['indicator']}: {expectation(row, numbers)}"
        for row in unsure
    )
    return (
        text(
            "Training changes work less than expected. Whether anything gets better is not sure "
            "for: {listed}.",
            listed=listed,
        ),
        done,
    )


def _groups_stay_empty(plan: Plan, numbers: Numbers) -> Risk:
    """How many runs one absent person would end."""
    groups = plan.tables["groups"]
    tight = groups.filter(groups["seats"] <= groups["minimum"] * groups["groups"]).height
    if not tight:
        return (
            text(
                "Somebody falls ill or leaves, and a group is not filled. Each of the {all} "
                "courses has more people than the smallest group.",
                all=numbers.whole(groups.height),
            ),
            text("Seats are passed on among people of one department and one need."),
        )
    return (
        text(
            "Somebody falls ill or leaves, and a group is not filled. {tight} of {all} courses "
            "have just the smallest group.",
            tight=numbers.whole(tight),
            all=numbers.whole(groups.height),
        ),
        text(
            "A substitute is named in good time for each of them; seats are passed on among people "
            "of one department and one need."
        ),
    )


def _an_organisation_drops_out(plan: Plan, numbers: Numbers) -> Risk:
    """How much hangs on the largest organisation."""
    lines = plan.tables["lines"]
    by_provider: dict[str, int] = {}
    names: dict[str, str] = {}
    for row in lines.iter_rows(named=True):
        by_provider[row["provider"]] = by_provider.get(row["provider"], 0) + row["seats"]
        names[row["provider"]] = row["provider_name"] or row["provider"]
    first = max(by_provider, key=lambda provider: by_provider[provider])
    return (
        text(
            "A licence ends, or an organisation withdraws an offer. {organisation} alone teaches "
            "{seats} of {all} people.",
            organisation=names[first],
            seats=numbers.whole(by_provider[first]),
            all=numbers.whole(sum(by_provider.values())),
        ),
        text(
            "The date of each licence is checked when the plan is made; the runner-up of each "
            "choice is kept in the plan."
        ),
    )


def _little_is_known(plan: Plan, numbers: Numbers) -> list[Risk]:
    """Seats with organisations that still have to earn evidence, where there are any."""
    lines = plan.tables["lines"]
    learning = lines.filter(evidence="learning")
    if learning.is_empty():
        return []
    towns = learning["municipality"].n_unique()
    return [
        (
            text(
                "Too little is known of an organisation. {seats} of {all} seats are with "
                "{organisations} such organisations.",
                seats=numbers.whole(int(learning["seats"].sum())),
                all=numbers.whole(int(lines["seats"].sum())),
                organisations=numbers.whole(learning["provider"].n_unique()),
            ),
            text(
                "They are counted as places to learn from, and come from {towns} municipalities: "
                "the next release can tell their effect from that of one town.",
                towns=numbers.whole(towns),
            )
            if towns > 1
            else text(
                "They are counted as places to learn from; all come from one municipality, so the "
                "next plan sends people of others."
            ),
        )
    ]


def assessment(plan: Plan, methodology: Methodology, numbers: Numbers) -> list[Text]:
    """How the programme is assessed, with the figures that it is assessed against."""
    money = {
        year: round(float(plan.tables["lines"].filter(year=year)["cost"].sum()), 2)
        for year in plan.years
    }
    said = [
        text(
            "The programme is assessed once a year, by 1 March of the following year, by measures, "
            "money and results."
        ),
        text(
            "Execution of measures: people trained, divided by people planned ({figures}).",
            figures=_by_year({y: numbers.whole(n) for y, n in trained_by_year(plan).items()}),
        ),
        text(
            "Execution of money: paid, divided by planned, by source as in table 1; in all "
            "{figures}.",
            figures=_by_year({year: money_of(sum_, numbers) for year, sum_ in money.items()}),
        ),
    ]
    found = over_all_years(plan)
    if not found:
        return [
            *said,
            text(
                "Results are not assessed against an expectation, for there is none: the report "
                "says what the next release measured."
            ),
        ]
    said += [
        text(
            "Results: the measured improvement, divided by the expected one, for each of: {names}. "
            "What is expected in each year is in table 3.",
            names="; ".join(
                result_name(row["indicator"], methodology).said(numbers.language) for row in found
            ),
        ),
        text(
            "A result counts as reached where the expected value lies in the interval of the "
            "measured one or below it. Where the interval holds both zero and the expected value, "
            "the result is not known yet, and the report says so."
        ),
        text(
            "Work results are measured by Otdacha: the change after training against a comparison "
            "group of the same service, region and month, with an interval that counts whole towns."
        ),
    ]
    return said


def _by_year(figures: dict[int, str]) -> str:
    return "; ".join(f"{year}: {figure}" for year, figure in figures.items())
