"""The sentences of the passport, with the figures of a plan in them."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from otdacha.documents.numbers import Numbers
from otdacha.documents.plan.passport_figures import over_all_years, rows_of, trained_by_year
from otdacha.documents.plan.passport_indicators import Both, expectation, result_name
from otdacha.documents.words import money_of, span
from otdacha.language import Text, ntext, text
from otdacha.methodology import Methodology
from otdacha.programme.disclosure import Public
from otdacha.programme.plan import Plan
from otdacha.programme.wording import RULES, SOURCES, STATES
from otdacha.programme.wording import said as in_words
from otdacha.release import Release
from otdacha.release.states import State

GOAL = text(
    "To raise the quality of municipal services by training whose effect is confirmed by the work "
    "results of the people trained."
)
BY_THE_EXECUTOR = text("The responsible executor follows it and reports.")
MOST_GAINS = 3
"""Budgets of which it is said what more money in them would bring; the open data has all."""


def tasks(plan: Plan, told: Public, numbers: Numbers) -> list[Text]:
    by_law = told.figures["mandatory"]
    said = [
        text("To train in time everybody whom the law obliges to be trained.")
        if by_law is None
        else text(
            "To train in time everybody whom the law obliges to be trained: {count} people.",
            count=numbers.whole(by_law),
        ),
        text("To spend the money of all budgets on the training that improves services most."),
    ]
    floor, learning = (
        plan.manifest["parameters"].get(name) or 0 for name in ("fairness_floor", "learning_share")
    )
    if floor:
        said.append(
            text("To meet at least {share} of the needs of every municipality.",
                 share=numbers.percent(floor))
        )  # fmt: skip
    if learning:
        said.append(
            text(
                "To keep at least {share} of the seats for organisations of whose work too little "
                "is known yet, so that they can earn evidence.",
                share=numbers.percent(learning),
            )
        )
    return said


def stages(plan: Plan, numbers: Numbers) -> list[Text]:
    return [
        text("The programme is carried out in {years}; a stage is a year.", years=span(plan.years)),
        *(
            text("{year}: {people} people are trained.", year=year, people=numbers.whole(people))
            for year, people in trained_by_year(plan).items()
        ),
    ]


def expected(plan: Plan, told: Public, methodology: Methodology, numbers: Numbers) -> list[Text]:
    """What comes of it: people, needs, and improvements of all years with their ranges."""
    people, needed = plan.figures["people"], told.figures["needed"]
    said = [
        text("{people} people are trained.", people=numbers.whole(people))
        if needed is None
        else text(
            "{people} people are trained, {share} of all who must or should be.",
            people=numbers.whole(people),
            share=_share(people, needed, numbers),
        )
    ]
    found = over_all_years(plan)
    if not found:
        said.append(
            text("How much services improve is not foretold: the plan holds no expected results.")
        )
        return said
    for row in found:
        said.append(
            text(
                "{what}: {figure}.",
                what=result_name(row["indicator"], methodology, all_years=row["year"] is None),
                figure=expectation(row, numbers),
            )
        )
    said.append(
        text("In brackets: the range that holds the true value with a probability of 90 %.")
    )
    return said


def _share(part: float, whole: float, numbers: Numbers) -> str:
    return numbers.percent(part / whole) if whole else numbers.percent(0)


def problem(plan: Plan, told: Public, release: Release | None, numbers: Numbers) -> list[Text]:
    """What is wrong, in figures of the plan and of the release it was made from."""
    said = [_needs(plan, told, numbers), *_left(plan, told, numbers)]
    if plan.manifest["because"] is not None:
        said.append(_in_both(plan.manifest["because"]))
    if release is not None:
        said.append(_of_release(release, numbers))
    said.append(
        text(
            "Courses have been chosen by price and habit; what they change in the work of those "
            "who return from them was not measured. This programme chooses them by measured work "
            "results."
        )
    )
    return said


def _needs(plan: Plan, told: Public, numbers: Numbers) -> Text:
    towns = numbers.whole(plan.tables["municipalities"].height)
    budget = money_of(plan.figures["budget"], numbers)
    needed, by_law = told.figures["needed"], told.figures["mandatory"]
    if needed is None or by_law is None:
        return text(
            "Servants of {towns} municipalities must or should be trained in {years}. The budgets "
            "hold {budget} for it.",
            towns=towns,
            years=span(plan.years),
            budget=budget,
        )
    return text(
        "In {towns} municipalities {needed} people must or should be trained in {years}, "
        "{mandatory} of them by law. The budgets hold {budget} for it.",
        towns=towns,
        needed=numbers.whole(needed),
        years=span(plan.years),
        mandatory=numbers.whole(by_law),
        budget=budget,
    )


def _left(plan: Plan, told: Public, numbers: Numbers) -> list[Text]:
    """Who stays without training; and those of them for whom nobody teaches what they need."""
    needed, people = told.figures["needed"], plan.figures["people"]
    if needed is None or needed == people:
        return [text("{people} people are trained.", people=numbers.whole(people))]
    said = [
        text(
            "Inside the budgets {people} people can be trained; {left} stay without training.",
            people=numbers.whole(people),
            left=numbers.whole(needed - people),
        )
    ]
    nowhere = int(plan.tables["unmet"].filter(why="no_run")["people"].sum())
    if nowhere >= told.minimum:
        said.append(
            text(
                "For {nowhere} of them nobody offers what they need.",
                nowhere=numbers.whole(nowhere),
            )
        )
    return said


def _of_release(release: Release, numbers: Numbers) -> Text:
    providers = release.providers
    judged = providers.filter(pl.col("state") == State.PUBLISHED.value).height
    return text(
        "Release {release} looks at {all} training organisations: the effect of {judged} is "
        "measured well enough to be published, and {listed} are among the most effective. Of the "
        "others too little is known; that says nothing against them.",
        release=release.id,
        all=numbers.whole(providers.height),
        judged=numbers.whole(judged),
        listed=numbers.whole(release.listed.height),
    )


def _in_both(said: Mapping[str, str]) -> Text:
    return Both(said["ru"], said["en"])


def measures(plan: Plan, numbers: Numbers) -> list[Text]:
    lines = plan.tables["lines"]
    learning = int(lines.filter(evidence="learning")["seats"].sum())
    return [
        text(
            "The plan holds {seats} seats in {programmes} programmes of {providers} "
            "organisations. {learning} of the seats are with organisations of which too little is "
            "known yet.",
            seats=numbers.whole(int(lines["seats"].sum())),
            programmes=numbers.whole(lines.select("provider", "programme", "name").n_unique()),
            providers=numbers.whole(lines["provider"].n_unique()),
            learning=numbers.whole(learning),
        )
    ]


def indicators(plan: Plan) -> list[Text]:
    return [
        text(
            "Actual figures are shown where they are on record; where they are not, the table says "
            "so. The figures of the plan are those of {plan}.",
            plan=plan.id,
        )
    ]


def resources(plan: Plan, numbers: Numbers) -> list[Text]:
    figures = plan.figures
    said = [
        text(
            "The programme costs {cost} in {years}, fees and travel together; the budgets hold "
            "{budget}.",
            cost=money_of(figures["cost"], numbers),
            years=span(plan.years),
            budget=money_of(figures["budget"], numbers),
        )
    ]
    towns = dict(plan.tables["municipalities"].select("municipality", "name").iter_rows())
    gains = sorted(rows_of(plan, "shadow"), key=lambda row: -row["gained"])
    for row in [row for row in gains if row["gained"] > 0][:MOST_GAINS]:
        source = SOURCES[row["source"]]
        holder = row.get("holder")
        said.append(
            text(
                "Another {added} of the {source} in {year} would improve the result by "
                "{gained} ({range}), in the unit of the expected improvement.",
                added=money_of(row["added"], numbers),
                source=source
                if holder is None
                else text("{source}, {town}", source=source, town=towns.get(holder, holder)),
                year=row["year"],
                gained=numbers.decimal(row["gained"], 1),
                range=numbers.interval(row["lower"], row["upper"], 1, level=True),
            )
        )
    return said


def method(plan: Plan, numbers: Numbers) -> list[Text]:
    """How the plan was decided, on one page."""
    figures = plan.figures
    said = [
        text(
            "Who needs training comes from the towns' own requests, from duties by law, and from "
            "departments whose indicators are weak. People of one town, department, topic and term "
            "make a class; the plan decides how many of a class go to which course, in which year, "
            "paid by which budget. Who goes is decided inside the class, by a stated order."
        ),
        text(
            "What a seat is worth is the effect of the organisation on one case, as the release "
            "measures it after shrinkage, times the cases that one trained person answers for in a "
            "year. Where there is no evidence, needs are weighed by their priority."
        ),
        text(
            "Duties by law come first. Every town gets its floor. Budgets, their codes, limits for "
            "one person and shares of co-financing are kept to the kopeck. Groups are neither "
            "smaller nor larger than the organisation allows."
        ),
        text(
            "The plan is a mixed-integer programme, solved with a proof of how much better any "
            "other plan could be: at most {gap} of the expected improvement.",
            gap=f"{numbers.decimal(100 * figures['gap'], 2)} %",
        ),
    ]
    rivals = {row["rule"]: row for row in rows_of(plan, "rivals")}
    for rule, row in rivals.items():
        if rule in RULES and row["benefit"] is None:
            said.append(
                text("{rule}: {why}.", rule=RULES[rule], why=in_words(row["state"], STATES))
            )
        elif rule in RULES and row["lower"] is not None:
            said.append(
                text(
                    "{rule}: {people} people for {cost}, expected improvement {benefit} ({range}).",
                    rule=RULES[rule],
                    people=numbers.whole(row["people"]),
                    cost=money_of(row["cost"], numbers),
                    benefit=numbers.decimal(row["benefit"], 1),
                    range=numbers.interval(row["lower"], row["upper"], 1, level=True),
                )
            )
    release = plan.manifest["release"]
    said.append(
        text(
            "Plan {plan}, SHA-256 of its manifest begins with {hash}; parameters {parameters}; "
            "release {release}. Whoever has the records can make it anew.",
            plan=plan.id,
            hash=plan.hash[:16],
            parameters=plan.manifest["parameters"]["version"],
            release=text("none") if release is None else release["id"],
        )
    )
    return said


def left_out(plan: Plan, numbers: Numbers) -> list[Text]:
    table = plan.tables["left_out"]
    if table.is_empty():
        return [text("Nothing was left out: every row that was handed in was planned with.")]
    rows = int(table["rows"].sum())
    return [
        ntext(
            "{shown} row that was handed in could not be planned with.",
            "{shown} rows that were handed in could not be planned with.",
            count=rows,
            shown=numbers.whole(rows),
        )
    ]
