"""The words for the codes in the tables of a scenario, shared by documents, site and command line.

A code that is in none of the lists (a measure's key, a group of positions that a region has of its
own) stands for itself: `said`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from otdacha.language import Text, text
from otdacha.programme.wording import SOURCES

__all__ = [
    "COMPONENTS",
    "DIMENSIONS",
    "EFFECTS",
    "GROUPS",
    "LAST",
    "LEVELS_NOT_TOLD",
    "LIMITS",
    "MEANT_BY",
    "OTHER_MEASURES",
    "PAYERS",
    "RULES",
    "SEXES",
    "SOURCES",
    "TOGETHER",
    "UNITS",
    "WHY_NO_EFFECT",
    "how_sure",
    "said",
]

COMPONENTS: Mapping[str, Text] = {
    "salary": text("salary of the position"),
    "service": text("allowance for length of service"),
    "special": text("allowance for special conditions of service"),
    "rank": text("allowance for class rank"),
    "secrecy": text("allowance for work with state secrets"),
    "bonus": text("bonuses"),
    "incentive": text("monthly incentive payment"),
    "aid": text("material aid"),
    "leave_payment": text("lump sum before the yearly leave"),
    "coefficient": text("regional coefficient"),
    "north": text("northern allowance"),
    "total": text("pay, all together"),
    "contributions": text("insurance contributions of the employer"),
    "cost": text("what the employer spends"),
}
"""Parts of pay in the order in which they are worked out: `components.component`. Measures that pay
something of their own stand there by their keys, after what the law pays."""

LAST = ("coefficient", "north", "total", "contributions", "cost")
"""What comes after the measures."""

EFFECTS: Mapping[str, Text] = {
    "estimated": text("estimated"),
    "too few exits": text("too little is known of who leaves"),
    "no wage": text("no wage next door is known"),
    "suppressed": text("too few have left to tell"),
}
"""Whether exits of a town could be estimated: `municipalities.effect`."""

WHY_NO_EFFECT: Mapping[str, Text] = {
    "too few exits": text(
        "The records tell too little of who leaves here, or in all municipalities together, to say "
        "how many would stay. This does not mean that nobody would."
    ),
    "no wage": text(
        "The statistics give no wage of this municipality, so pay here cannot be compared with "
        "anything, and nothing can be said of how many would stay."
    ),
    "suppressed": text(
        "How many would stay is not told here: too few people have left this municipality, or "
        "another one whose figure would follow. It is counted in the figures of all municipalities "
        "together."
    ),
}
"""Why they could not, or are not told, in a sentence."""

LIMITS: Mapping[str, Text] = {
    "not bound": text("no norm binds it"),
    "within": text("within the norm"),
    "above": text("above the norm"),
    "unknown": text("not known: grants or norm are not in the records"),
}
"""What article 136 of the Budget Code says of a town's pay in a year: `limits.state`."""

DIMENSIONS: Mapping[str, Text] = {
    "municipality": text("Municipality"),
    "position_group": text("Group of positions"),
    "sex": text("Sex"),
}
"""What the distribution is told by: `distribution.by`."""

PAYERS: Mapping[str, Text] = {
    **SOURCES,
    "above": text("federal budget and budget of the region"),
    "local": text("local budget and extra-budgetary funds"),
    "all": text("all sources together"),
}
"""Whose money the costs of a town are: `costs.source` of what is told of a scenario."""

OTHER_MEASURES = text("measures that reach few people, and others with them")
"""What `costs_by_measure` without a measure is of."""

TOGETHER: Mapping[str, Text] = {
    **COMPONENTS,
    "allowances": text("allowances and bonuses"),
    "coefficients": text("regional coefficient and northern allowance"),
    "others": text("what not everybody is paid, together"),
}
"""Parts of pay, of which some are told as one."""

SEXES: Mapping[str, Text] = {"female": text("women"), "male": text("men")}

GROUPS: Mapping[str, Text] = {
    "высшая": text("highest positions"),
    "главная": text("chief positions"),
    "ведущая": text("leading positions"),
    "старшая": text("senior positions"),
    "младшая": text("junior positions"),
}
"""The groups of positions of the law, from the highest (25-FZ, article 8)."""


RULES: Mapping[str, Text] = {
    "chosen": text("Chosen package"),
    "flat": text("The same measure for all"),
    "cheapest": text("The cheapest first"),
    "alphabetical": text("Municipalities by the alphabet"),
    "ratio": text("Most for a ruble first"),
}
"""Who chooses how to spend the money: `rivals.rule`."""

MEANT_BY: Mapping[str, Text] = {
    "flat": text(
        "one measure of one size wherever it may be given: of those that fit, the dearest"
    ),
    "cheapest": text("what costs least is given first, while there is money"),
    "alphabetical": text("each in its turn gets as much as may be, while there is money"),
    "ratio": text("again and again whatever keeps most people for a ruble more"),
}
"""What a rule does that does not look for the best."""

LEVELS_NOT_TOLD = text("by municipality, not told")
"""How much of a measure a package takes where its levels by town are not told."""

UNITS: Mapping[str, Text] = {"percent": text("percent"), "rubles": text("rubles")}
"""What a level is counted in: `levels.unit`."""


def how_sure(row: Mapping[str, Any]) -> Text:
    """Whether the chosen package avoids more exits than a row of `rivals` for certain."""
    if row["same"]:
        return text("it is the same package")
    if row["certain"] is None:
        return text("not known")
    return text("yes") if row["certain"] else text("no: the range reaches zero")


def said(words: Mapping[str, Text], code: str) -> Text:
    """The code in words; one that is not known here stands for itself."""
    return words.get(code) or text("{value}", value=code)
