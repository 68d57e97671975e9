"""The charts of a plan: what money brings, who pays, the plan against other ways."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from otdacha.documents import charts
from otdacha.documents.charts import Budget, Chart, Estimate, Quantity, Rival, YearOfMoney
from otdacha.documents.numbers import Numbers, digits_for
from otdacha.documents.words import SOURCES, said
from otdacha.language import Language, text
from otdacha.programme.plan import Plan
from otdacha.programme.wording import LATE, RULES
from otdacha.release.states import State

_MILLION = 1e6


def frontier_of(plan: Plan, language: Language, *, id: str = "frontier") -> Chart | None:
    """What other budgets would bring; None where the plan does not hold it. The plan's own point
    is the whole budget."""
    table = plan.tables.get("frontier")
    if table is None:
        return None
    rows = list(table.iter_rows(named=True))
    budgets = [
        Budget(
            row["budget"] / _MILLION, row["benefit"], row["lower"], row["upper"],
            own=row["share"] == 1.0, late=row["state"] == LATE,
        )
        for row in rows
    ]  # fmt: skip
    halves = [(row["upper"] - row["lower"]) / 2 for row in rows if row["lower"] is not None]
    return charts.frontier(budgets, _money(language), _improvement(language, halves), id=id)


def funding_of(plan: Plan, language: Language, *, id: str = "funding") -> Chart:
    """Who pays in each year."""
    lines = plan.tables["lines"]
    years = [
        YearOfMoney(
            str(year),
            {name: float(lines.filter(year=year)[name].sum()) / _MILLION for name in SOURCES},
        )
        for year in plan.years
    ]
    return charts.funding(years, _money(language), id=id)


def rivals_of(plan: Plan, language: Language, *, id: str = "rivals") -> Chart | None:
    """The plan against other ways to give out the same money; None where it does not hold them."""
    table = plan.tables.get("rivals")
    if table is None:
        return None
    rows = list(table.iter_rows(named=True))
    ways = [
        Rival(
            _way(said(RULES, row["rule"], language), row),
            own=row["rule"] == "plan",
            truth=row["true_benefit"],
        )
        for row in rows
    ]
    halves = [(row["upper"] - row["lower"]) / 2 for row in rows if row["lower"] is not None]
    return charts.rivals(ways, _improvement(language, halves), id=id)


def _way(name: str, row: Mapping[str, Any]) -> Estimate:
    """The figures of a rival; one that was not planned, or has no band, cannot be compared."""
    if row["lower"] is None:
        return Estimate(name, state=State.NOT_COMPARABLE)
    return Estimate(name, row["benefit"], row["lower"], row["upper"])


def _money(language: Language) -> Quantity:
    name, unit = text("Money").said(language), text("million rubles").said(language)
    return Quantity(name, unit, 2, Numbers(language), level=True)


def _improvement(language: Language, halves: list[float]) -> Quantity:
    name = text("Expected improvement").said(language)
    return Quantity(name, "", digits_for(halves), Numbers(language))
