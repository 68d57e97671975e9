"""What the codes in the tables of a scenario mean, in words for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from otdacha.documents.words import Headed, said
from otdacha.language import Language, Text, text
from otdacha.pay import wording
from otdacha.pay.scenario import Scenario
from otdacha.pay.wording import GROUPS, SEXES, TOGETHER

LEFT_OUT_OF: Mapping[str, Text] = {
    "posts": text("List of posts"),
    "finances": text("Finances"),
    "statistics": text("Statistics"),
    "training": text("Training"),
    "person_months": text("Months of people in posts"),
}
"""Whose rows were left out: `excluded.table`."""

PAYERS: Mapping[str, Text] = {
    code: Headed(words.template) for code, words in wording.PAYERS.items()
}
"""Whose money the costs of a municipality are, where some sources stand together too."""

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
    return said(SEXES if by == "sex" else GROUPS, value, language)


def in_language(row: Mapping[str, Any], field: str, language: Language) -> str:
    """A text that the scenario holds in both languages."""
    return str(row[f"{field}_{language}"])


def measure_names(scenario: Scenario, language: Language) -> dict[str, str]:
    """The names of the measures by their keys, in the order in which they take effect."""
    measures = scenario.tables["measures"].sort("number")
    return {
        row["measure"]: in_language(row, "name", language) for row in measures.iter_rows(named=True)
    }


def left_out_of(table: str, measures: Mapping[str, str], language: Language) -> str:
    """Whose rows were left out: a table of the records, or the measure that passes people over."""
    return measures[table] if table in measures else said(LEFT_OUT_OF, table, language)


def component_of(code: str, measures: Mapping[str, str], language: Language) -> str:
    """A part of pay, or the measure that is one."""
    return measures[code] if code in measures else said(TOGETHER, code, language)


def town_names(scenario: Scenario) -> dict[str, str]:
    towns = scenario.tables["municipalities"]
    return {
        row["municipality"]: row["name"] or row["municipality"]
        for row in towns.iter_rows(named=True)
    }
