"""The codes of a scenario as people read them on the site, and the order they stand in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from otdacha.language import Text, text
from otdacha.pay.wording import (
    COMPONENTS,
    GROUPS,
    LAST,
    LIMITS,
    OTHER_MEASURES,
    PAYERS,
    SEXES,
    SOURCES,
    TOGETHER,
    WHY_NO_EFFECT,
    said,
)

__all__ = [
    "COMPONENTS",
    "GROUPS",
    "LIMITS",
    "LIMITS_SHORT",
    "OTHER_MEASURES",
    "PAYERS",
    "SEXES",
    "SOURCES",
    "TABLES",
    "TERMS",
    "TOGETHER",
    "WHY_NO_EFFECT",
    "component",
    "in_order",
    "said",
]

LIMITS_SHORT: Mapping[str, Text] = {**LIMITS, "unknown": text("not known")}
"""The same for a cell of a list."""

TABLES: Mapping[str, Text] = {
    "measures": text("The measures: who, when, how much, from which budget, what each adds"),
    "costs_by_measure": text("Cost of each measure by year and source"),
    "municipalities": text("Municipalities: pay, the wage next door, exits, cost"),
    "costs": text("Cost by municipality, year and source"),
    "components": text("Parts of pay of all municipalities, without the measures and with them"),
    "components_by_town": text("The same by municipality, some parts together"),
    "fund_of_all": text("What is paid above the fund of the law, of all municipalities"),
    "fund": text("The fund of pay in monthly salaries beside what the law puts into it"),
    "limits": text("Article 136 of the Budget Code by municipality and year"),
    "money": text("Money by year and source: needed, available, lacking"),
    "packages": text("Packages of measures: cost and exits avoided"),
    "levels": text("Levels of the measures in each package"),
    "rivals": text("The chosen package and other ways to spend as much"),
    "distribution": text("Who receives it: groups of positions, sexes, municipalities"),
    "leaving": text("How leaving depends on pay: the estimate"),
    "wages": text("Wages next door, as the statistics give them"),
    "excluded": text("What was not counted with, and why"),
}
"""The open tables in the order in which they are offered."""


TERMS: Mapping[str, Text] = {
    "relative_pay": text("pay against the wage next door, its logarithm"),
}
"""What leaving is explained by: `leaving.term`."""


def component(code: str, measures: Mapping[str, str]) -> str | Text:
    """A part of pay in words; one that a measure pays by the measure's name."""
    return TOGETHER.get(code) or measures.get(code) or said(TOGETHER, code)


def in_order(found: Iterable[str]) -> list[str]:
    """Parts of pay as they are worked out: what the law pays, measures, what is paid on both."""
    codes = list(dict.fromkeys(found))
    last = [code for code in ("others", "coefficients", *LAST) if code in codes]
    first = [code for code in COMPONENTS if code in codes and code not in last]
    return [*first, *(code for code in codes if code not in {*first, *last}), *last]
