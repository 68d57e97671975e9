"""Wages for a scenario: the table `wages`, and the same brought to a later year by a forecast."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Literal

import polars as pl

from otdacha.errors import PayProblem
from otdacha.language import text
from otdacha.pay.kopecks import RATE, rubles
from otdacha.pay.tables import WAGES
from otdacha.pay.wages.compared import compared
from otdacha.pay.wages.quarters import quarters
from otdacha.pay.wages.told import wages_told
from otdacha.records import Workspace

RATES = pl.Schema({"year": pl.Int64(), "wages": pl.Int64()})
"""How much wages of a year are above those of the year before, in ten-thousandths."""


def wages_of(workspace: Workspace, by: Literal["year", "quarter"] = "year") -> pl.DataFrame:
    """Wages of every municipality that is there now (schema `otdacha.pay.tables.WAGES`).

    by: a row for each year or quarter. A wage that is not known is null; a row without any is left
    out. Where a municipality was formed out of several, its earlier wages are not known.

    Raises PayProblem where records hold no register or no wages.
    """
    told = wages_told(workspace)
    source = "; ".join(told.sources)
    if by == "year":
        rows = compared(told).with_columns(
            begins=pl.date("year", 1, 1), ends=pl.date("year", 12, 31)
        )
    else:
        rows = quarters(told.means).with_columns(
            begins=pl.date("year", 3 * pl.col("quarter") - 2, 1),
            ends=pl.date("year", 3 * pl.col("quarter"), 1).dt.month_end(),
        )
    return (
        rows.filter(pl.any_horizontal(pl.col("wage_all", "wage_o").is_not_null()))
        .with_columns(source=pl.lit(source))
        .select(WAGES.names())
        .match_to_schema(WAGES)
        .sort("municipality", "begins")
    )


def brought_to(wages: pl.DataFrame, year: int, rates: pl.DataFrame) -> pl.DataFrame:
    """The newest wages of each municipality as they will be in `year`, if they grow as foretold.

    wages: rows of whole years (schema `WAGES`). rates: schema `RATES`, a row for each year after
    that of the newest wages. Growth is multiplied exactly and rounded once, half up to the kopeck.
    A municipality whose newest wages are older is brought there where rates reach back to them;
    otherwise its wages are null.

    Raises PayProblem where a year after the newest wages has no rate, or `year` lies before them.
    """
    known = wages.filter(pl.any_horizontal(pl.col("wage_all", "wage_o").is_not_null()))
    newest = known.sort(pl.col("wage_all").is_not_null(), "begins", maintain_order=True).unique(
        "municipality", keep="last", maintain_order=True
    )
    told = newest["begins"].dt.year()
    growth = {one: _growth(one, year, rates) for one in sorted(told.unique())}
    if growth and growth[max(growth)] is None:
        raise _no_forecast(max(growth), year)
    columns = {
        name: pl.Series(
            [_grown(wage, growth[since]) for wage, since in zip(newest[name], told, strict=True)],
            dtype=pl.Int64,
        )
        for name in ("wage_all", "wage_o")
    }
    foretold = text("brought to {year} by the forecast of wages", year=year).said("ru")
    return newest.with_columns(
        *(rubles(pl.lit(column)).alias(name) for name, column in columns.items()),
        begins=pl.lit(dt.date(year, 1, 1)),
        ends=pl.lit(dt.date(year, 12, 31)),
        source=pl.when(told == year).then("source").otherwise(pl.col("source") + f"; {foretold}"),
    ).sort("municipality")


def _growth(since: int, year: int, rates: pl.DataFrame) -> Fraction | None:
    """By how much wages of `since` grow until `year`; None where a year between has no rate."""
    known = dict(rates.select(RATES.names()).iter_rows())
    growth = Fraction(1)
    for one in range(since + 1, year + 1):
        rate = known.get(one)
        if rate is None:
            return None
        growth *= Fraction(RATE + rate, RATE)
    return growth if since <= year else None


def _no_forecast(since: int, year: int) -> PayProblem:
    if year < since:
        return PayProblem(
            text(
                "Wages of {since} cannot be brought back to {year}: name a later year.",
                since=since,
                year=year,
            )
        )
    return PayProblem(
        text(
            "There is no forecast of wages for every year from {first} to {year}, so wages of "
            "{since} cannot be brought to {year}. Add it to the parameters of pay.",
            first=since + 1,
            since=since,
            year=year,
        )
    )


def _grown(wage: object, growth: Fraction | None) -> int | None:
    """Rubles as kopecks after growth, half up; None where the wage or its growth is not known."""
    if wage is None or growth is None:
        return None
    return int(Fraction(str(wage)) * 100 * growth + Fraction(1, 2))
