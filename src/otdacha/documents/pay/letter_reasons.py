"""Why the letter is written: its basis, the problem with its figures, the law that binds pay.

Facts stand as they are; every estimate has its range; what could not be estimated is said to be so.
"""

from __future__ import annotations

import datetime as dt

from otdacha.documents.numbers import Numbers
from otdacha.documents.pay.letter_figures import means
from otdacha.language import Text, text
from otdacha.pay.disclosure import Told
from otdacha.pay.scenario import Scenario

BASIS = text(
    "The general assembly of the Union of Cities of the Centre and North-West of Russia decided on "
    "15 April 2021, in its decision “From raising qualification to raising the quality of "
    "municipal services”, that additional measures are needed which raise the material status of "
    "municipal servants (point 4)."
)
LEAVES_ALONE = text("What is not known is not zero: of these municipalities nothing is said.")


def problem(scenario: Scenario, told: Told, numbers: Numbers) -> list[Text]:
    """How pay compares with what is earned next door, and who leaves."""
    said = []
    found = means(told)
    if found is not None and found.towns and found.median_before is not None:
        said += [
            text(
                "Without the measures the pay of municipal servants in {year} would be below what "
                "is earned next door in {behind} of the {towns} municipalities of which a wage is "
                "known; the median is {median} of it. With the measures {after} stay below, and "
                "the median is {median_after}.",
                year=scenario.years[-1],
                behind=numbers.whole(found.behind_before),
                towns=numbers.whole(found.towns),
                median=numbers.percent(found.median_before),
                after=numbers.whole(found.behind_after),
                median_after=numbers.percent(found.median_after or 0.0),
            ),
            text(
                "The wage next door is the mean of all activities in the municipality as Rosstat "
                "publishes it, brought to that year by the forecast of the parameters. It is a "
                "proxy: what a servant could really earn elsewhere is not known."
            ),
        ]
    elif found is None:
        said.append(
            text(
                "How pay compares with what is earned next door is not told: too few people stand "
                "behind it."
            )
        )
    else:
        said.append(
            text(
                "How pay compares with what is earned next door is not known: no wage is on record."
            )
        )
    return [*said, *_leaving(scenario, numbers), _unknown(scenario, numbers)]


def _leaving(scenario: Scenario, numbers: Numbers) -> list[Text]:
    """Who has left, as it was counted; and how that goes with pay, as it was estimated: what a
    tenth more pay makes of the chance, which is 1.1 to the power of the coefficient."""
    leaving = scenario.manifest["leaving"]
    if not leaving.get("person_months"):
        return [text("Who leaves is not known: no history of posts is on record.")]
    first, last = (numbers.day(dt.date.fromisoformat(leaving[end])) for end in ("first", "last"))
    said = [
        text(
            "From {first} to {last} {exits} people left in {months} person-months of service: "
            "{rate} a year.",
            first=first,
            last=last,
            exits=numbers.whole(leaving["exits"]),
            months=numbers.whole(leaving["person_months"]),
            rate=f"{numbers.decimal(1200 * leaving['exits'] / leaving['person_months'], 1)} %",
        )
    ]
    terms = scenario.tables["leaving"].filter(term="relative_pay")
    if leaving["state"] != "estimated" or terms.is_empty() or terms["lower"].item() is None:
        return [*said, text("How that goes with pay could not be estimated.")]
    row = terms.row(0, named=True)
    changes = {end: 100 * (1.1 ** row[end] - 1) for end in ("estimate", "lower", "upper")}
    said.append(
        text(
            "Their own history says how leaving goes with pay: where pay was a tenth higher "
            "against the wage next door, the chance to leave in a month differed by {estimate} % "
            "({range} %).",
            estimate=numbers.signed(changes["estimate"], 0),
            range=numbers.interval(changes["lower"], changes["upper"], 0),
        )
    )
    if row["lower"] <= 0 <= row["upper"]:
        said.append(text("The range holds zero: that pay keeps people is not shown."))
    return said


def _unknown(scenario: Scenario, numbers: Numbers) -> Text:
    table = scenario.tables["municipalities"]
    few = table.filter(effect="too few exits").height
    no_wage = table.filter(effect="no wage").height
    if not few + no_wage:
        return text("Exits could be estimated for every municipality of the scenario.")
    return text(
        "Nothing could be estimated for {few} municipalities of whose leavers the records tell too "
        "little, and for {no_wage} whose wage is not known. {alone}",
        few=numbers.whole(few),
        no_wage=numbers.whole(no_wage),
        alone=LEAVES_ALONE,
    )


def norm(scenario: Scenario, numbers: Numbers) -> list[Text]:
    """The law that binds pay; rates and thresholds are those of the parameters."""
    thresholds = sorted(scenario.tables["limits"]["threshold"].drop_nulls().unique().to_list())
    said = [
        text(
            "Pay, financing and development of the municipal service: articles 22, 34 and 35 of "
            "Federal Law 25-FZ of 2 March 2007 “On municipal service in the Russian Federation”."
        ),
        text(
            "Where the share of grants in the budget of a municipality is above the threshold, it "
            "may not spend more on pay than the norm of the region: article 136 of the Budget "
            "Code. Thresholds that the calculation uses: {thresholds}.",
            thresholds=", ".join(map(numbers.percent, thresholds)),
        )
        if thresholds
        else text(
            "Where the share of grants in the budget of a municipality is above the threshold, it "
            "may not spend more on pay than the norm of the region: article 136 of the Budget "
            "Code."
        ),
        text("Subsidies to local budgets for co-financing: article 139 of the Budget Code."),
    ]
    sets = [
        f"{one['id']} {one['version']} ({', '.join(one['regions'])})"
        for one in scenario.manifest["parameters"]
        if one["regions"] != ["*"]  # federal law is no region's act
    ]
    if sets:
        said.append(
            text("Rates of pay are taken from the acts of the regions as these sets of parameters "
                 "hold them: {sets}.", sets="; ".join(sets))
        )  # fmt: skip
    return said
