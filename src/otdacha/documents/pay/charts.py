"""The charts of a scenario: pay against the wage next door, packages, whose money."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl

from otdacha.documents import charts
from otdacha.documents.charts import Chart, Estimate, Package, Pay, Quantity, YearOfMoney
from otdacha.documents.charts.wording import without_shared_words
from otdacha.documents.numbers import Numbers, digits_for
from otdacha.documents.words import SOURCES
from otdacha.language import Language, text
from otdacha.pay.disclosure import Told
from otdacha.pay.scenario import Scenario
from otdacha.release.states import State

_MILLION, _THOUSAND = 1e6, 1e3
MOST_TOWNS = 30
"""More are drawn by region: nobody reads a longer drawing."""


def pay_of(
    told: Told, language: Language, *, id: str = "dumbbell",
    href: Callable[[str], str] = lambda town: "",
) -> Chart:  # fmt: skip
    """Mean pay before and after against the wage next door, by municipality, or by region where
    there are many. href: where the row of a municipality leads, by its OKTMO."""
    towns = told.tables["municipalities"].sort("region", "name", "municipality", nulls_last=True)
    named = towns.select(pl.coalesce("name", "municipality")).to_series()
    names = without_shared_words(named.to_list())
    rows = (
        [
            Pay(
                name,
                _thousand(row["pay_before"]),
                _thousand(row["pay_after"]),
                _thousand(row["wage"]),
                State(row["hidden"]),
                href(row["municipality"]),
            )
            for name, row in zip(names, towns.iter_rows(named=True), strict=True)
        ]
        if towns.height <= MOST_TOWNS
        else _regions(towns)
    )
    quantity = Quantity(
        text("Pay a month").said(language),
        text("thousand rubles").said(language),
        1,
        Numbers(language),
        level=True,
    )
    return charts.dumbbell(rows, quantity, id=id)


def by_region(towns: pl.DataFrame) -> pl.DataFrame:
    """Means of the municipalities of a region that are told, weighted by their posts.

    Columns: region, towns, posts, pay_before, pay_after, wage (of those whose wage is known).
    """
    weight = pl.col("posts")
    known = weight.filter(pl.col("wage").is_not_null())
    return (
        towns.filter(pl.col("hidden") == State.PUBLISHED.value)
        .with_columns(pl.col("pay_before", "pay_after", "wage").cast(pl.Float64))
        .group_by(pl.col("region").fill_null("–"), maintain_order=True)
        .agg(
            pl.len().cast(pl.Int64).alias("towns"),
            *((pl.col(pay) * weight).sum() / weight.sum() for pay in ("pay_before", "pay_after")),
            wage=(pl.col("wage") * weight).sum() / known.sum(),
            posts=weight.sum(),
        )
        .with_columns(pl.col("wage").fill_nan(None))
    )


def _regions(towns: pl.DataFrame) -> list[Pay]:
    return [
        Pay(
            row["region"],
            _thousand(row["pay_before"]),
            _thousand(row["pay_after"]),
            _thousand(row["wage"]),
        )
        for row in by_region(towns).iter_rows(named=True)
    ]


def packages_of(told: Told, language: Language, *, id: str = "packages") -> Chart | None:
    """What the packages cost and how many exits each avoids; None where there are none."""
    table = told.tables["packages"]
    if table.is_empty():
        return None
    rows = [
        Package(
            float(row["cost"]) / _MILLION,
            _avoided(row),
            best=row["frontier"],
            chosen=row["chosen"],
        )
        for row in table.iter_rows(named=True)
    ]
    halves = [
        (row["avoided_upper"] - row["avoided_lower"]) / 2
        for row in table.iter_rows(named=True)
        if row["avoided_lower"] is not None
    ]
    gain = Quantity(
        text("Exits avoided").said(language),
        text("people").said(language),
        digits_for(halves),
        Numbers(language),
        level=True,
    )
    return charts.packages(rows, _millions(language), gain, id=id)


def _avoided(row: Mapping[str, Any]) -> Estimate:
    name = f"№ {row['package']}"
    if row["avoided"] is None:
        return Estimate(name, state=State.INSUFFICIENT_EVIDENCE)
    return Estimate(name, row["avoided"], row["avoided_lower"], row["avoided_upper"])


def money_of_years(scenario: Scenario, language: Language, *, id: str = "funding") -> Chart:
    """Who pays in each year."""
    costs = scenario.tables["costs"]
    years = [
        YearOfMoney(
            str(year),
            {
                source: float(costs.filter(year=year, source=source)["cost"].sum()) / _MILLION
                for source in SOURCES
            },
        )
        for year in scenario.years
    ]
    return charts.funding(years, _millions(language), id=id)


def _millions(language: Language) -> Quantity:
    name, unit = text("Money").said(language), text("million rubles").said(language)
    return Quantity(name, unit, 2, Numbers(language), level=True)


def _thousand(sum_: object) -> float | None:
    return None if sum_ is None else float(sum_) / _THOUSAND  # type: ignore[arg-type]
