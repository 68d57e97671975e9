"""The figures of the passport, counted from the tables of a plan: money, people, programmes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from otdacha.documents.numbers import Numbers
from otdacha.documents.words import SOURCES, rubles, said
from otdacha.effects import COMPOSITE
from otdacha.language import text
from otdacha.programme.explain.results import HEADLINE
from otdacha.programme.plan import Plan
from otdacha.programme.wording import EVIDENCE

Row = Mapping[str, Any]
SUMMED_UP = (HEADLINE, COMPOSITE)
"""Indicators of a plan's results that sum up the others."""


_OF_BUDGETS = ("amount", "planned", "left")


def money_row(lines: pl.DataFrame, numbers: Numbers) -> dict[str, str]:
    """The sums of lines by source and altogether, to the kopeck."""
    return {
        name: rubles(round(float(lines[name].sum()), 2), numbers) for name in (*SOURCES, "cost")
    }


def funding(plan: Plan, numbers: Numbers) -> list[Row]:
    lines = plan.tables["lines"]
    return [
        {"year": str(year), **money_row(lines.filter(year=year), numbers)} for year in plan.years
    ]


def measures(plan: Plan, numbers: Numbers) -> list[Row]:
    """The programmes of the plan over all its years, those with most seats first."""
    grouped = (
        plan.tables["lines"]
        .group_by("provider", "programme", "name", "evidence", maintain_order=True)
        .agg(
            pl.col("provider_name", "hours", "offer").first(),
            pl.col("seats", "cost").sum(),
            years=pl.col("year").unique().sort(),
        )
        .sort("seats", "cost", "provider", "name", descending=[True, True, False, False])
    )
    return [
        {
            "number": str(place),
            "name": f"{row['name'] or row['programme'] or row['offer']}. "
            f"{row['provider_name'] or row['provider']}",
            "hours": _whole_or_none(row["hours"], numbers),
            "years": ", ".join(map(str, row["years"])),
            "seats": numbers.whole(row["seats"]),
            "cost": rubles(round(row["cost"], 2), numbers),
            "evidence": said(EVIDENCE, row["evidence"], numbers.language),
        }
        for place, row in enumerate(grouped.iter_rows(named=True), start=1)
    ]


def _whole_or_none(value: float | None, numbers: Numbers) -> str:
    return text("no data").said(numbers.language) if value is None else numbers.decimal(value, 0)


def budgets(plan: Plan, numbers: Numbers) -> list[Row]:
    """Budget, plan and rest by source and year, in the order of the passport."""
    summed = (
        plan.tables["budgets"]
        .group_by("source", "year")
        .agg(pl.col("amount", "planned", "left").sum().round(2))
    )
    known = {(row["source"], row["year"]): row for row in summed.iter_rows(named=True)}
    return [
        {
            "source": words.said(numbers.language),
            "year": str(year),
            **{name: rubles(known[source, year][name], numbers) for name in _OF_BUDGETS},
        }
        for source, words in SOURCES.items()
        for year in plan.years
        if (source, year) in known
    ]


def budgets_total(plan: Plan, numbers: Numbers) -> dict[str, str]:
    table = plan.tables["budgets"]
    return {name: rubles(round(float(table[name].sum()), 2), numbers) for name in _OF_BUDGETS}


def towns(plan: Plan, numbers: Numbers) -> list[Row]:
    table = plan.tables["municipalities"].sort("name", "municipality")
    return [
        {
            "name": row["name"] or row["municipality"],
            "planned": numbers.whole(row["planned"]),
            **{name: rubles(row[name], numbers) for name in (*SOURCES, "cost")},
        }
        for row in table.iter_rows(named=True)
    ]


def trained_by_year(plan: Plan) -> dict[int, int]:
    lines = plan.tables["lines"]
    return {year: int(lines.filter(year=year)["seats"].sum()) for year in plan.years}


def covered_by_year(plan: Plan, needed: int | None) -> dict[int, float]:
    """The part of all needs that is met by the end of each year, in percent."""
    done, found = 0, {}
    for year, trained in trained_by_year(plan).items():
        done += trained
        if needed:
            found[year] = 100 * done / needed
    return found


def measured_by_year(plan: Plan) -> dict[int, float]:
    """The part of each year's seats that goes to organisations of a published effect, in percent.

    A year without seats has none.
    """
    lines = plan.tables["lines"]
    found = {}
    for year, trained in trained_by_year(plan).items():
        proven = int(lines.filter(year=year, evidence="proven")["seats"].sum())
        if trained:
            found[year] = 100 * proven / trained
    return found


def rows_of(plan: Plan, table: str) -> list[dict[str, Any]]:
    """The rows of a table that not every plan holds."""
    found = plan.tables.get(table)
    return [] if found is None else list(found.iter_rows(named=True))


def over_all_years(plan: Plan) -> list[dict[str, Any]]:
    """What is expected of each indicator over all years of the plan, what sums them up last; where
    the plan has it by year only, of its last year."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows_of(plan, "results"):
        known = found.get(row["indicator"])
        if known is None or row["year"] is None or (known["year"] or row["year"]) < row["year"]:
            found[row["indicator"]] = row
    return sorted(found.values(), key=lambda row: row["indicator"] in SUMMED_UP)
