"""What the codes in the tables of a scenario mean, in words for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from otdacha.documents.words import said
from otdacha.language import Language, Text, text
from otdacha.pay.scenario import Scenario

EFFECT: Mapping[str, Text] = {
    "estimated": text("estimated"),
    "too few exits": text("not estimated: too few have left there"),
    "no wage": text("not estimated: no wage of the place is known"),
}
"""Whether exits of a town could be estimated: `municipalities.effect`."""

LIMITS: Mapping[str, Text] = {
    "not bound": text("the norm does not bind it"),
    "within": text("within the norm"),
    "above": text("above the norm"),
    "unknown": text("not known: its grants or its norm are not on record"),
}
"""What БК 136 says: `limits.state`."""

BY: Mapping[str, Text] = {
    "municipality": text("municipality"),
    "position_group": text("group of posts"),
    "sex": text("sex"),
}
"""What a distribution is told by."""

SEX: Mapping[str, Text] = {"female": text("women"), "male": text("men")}

COMPONENTS: Mapping[str, Text] = {
    "salary": text("salary of the post"),
    "service": text("for years of service"),
    "special": text("for special conditions"),
    "rank": text("for the class rank"),
    "secrecy": text("for state secrets"),
    "bonus": text("bonuses"),
    "incentive": text("monthly incentive"),
    "aid": text("material aid"),
    "leave_payment": text("payment for the leave"),
    "coefficient": text("regional coefficient"),
    "north": text("northern allowance"),
    "total": text("pay altogether"),
    "contributions": text("insurance contributions"),
    "cost": text("pay with contributions"),
}
"""The parts of pay: `components.component`, `fund.component`; beside them stand measures."""

LEFT_OUT_OF: Mapping[str, Text] = {
    "posts": text("Posts"),
    "finances": text("Finances"),
    "statistics": text("Statistics"),
    "training": text("Training"),
}
"""Whose rows were left out: `excluded.table`."""

LEFT_OUT: Mapping[str, Text] = {
    "no_position_group": text("the group of the post is not given"),
}
"""Why: `excluded.reason`. A reason that has no words here is shown as its code."""

NOBODY_SAYS = text("not stated")


def capital(words: str) -> str:
    """Words that stand alone in a cell begin with a capital."""
    return words[:1].upper() + words[1:]


def group_of(by: str, value: str | None, towns: Mapping[str, str], language: Language) -> str:
    """A group of the distribution: the name of a town, women, a group of posts."""
    if value is None:
        return NOBODY_SAYS.said(language)
    if by == "municipality":
        return towns.get(value, value)
    return said(SEX, value, language) if by == "sex" else value


def in_language(row: Mapping[str, Any], field: str, language: Language) -> str:
    """A text that the scenario holds in both languages."""
    return str(row[f"{field}_{language}"])


def measure_names(scenario: Scenario, language: Language) -> dict[str, str]:
    """The names of the measures by their keys, in the order in which they take effect."""
    measures = scenario.tables["measures"].sort("number")
    return {
        row["measure"]: in_language(row, "name", language) for row in measures.iter_rows(named=True)
    }


def component_of(code: str, measures: Mapping[str, str], language: Language) -> str:
    """A part of pay, or the measure that is one."""
    return measures[code] if code in measures else said(COMPONENTS, code, language)


def town_names(scenario: Scenario) -> dict[str, str]:
    towns = scenario.tables["municipalities"]
    return {
        row["municipality"]: row["name"] or row["municipality"]
        for row in towns.iter_rows(named=True)
    }
