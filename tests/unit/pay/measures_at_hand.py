"""A few posts of two invented towns, and files of measures of a line or two."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import polars as pl

from otdacha.pay.kopecks import SHARE, part_of
from otdacha.pay.measures import Facts, MeasuresFile, measures_in, steps
from otdacha.pay.payroll.steps import Month

ROSTER = pl.Schema(
    {
        "post": pl.Int64(),
        "person": pl.String(),
        "municipality": pl.String(),
        "region": pl.String(),
        "unit": pl.String(),
        "position": pl.String(),
        "position_group": pl.String(),
        "pay_class": pl.Int64(),
        "share": pl.Int64(),
        "class_rank": pl.String(),
        "secrecy": pl.String(),
        "special_rate": pl.Int64(),
        "salary": pl.Int64(),
        "service_from": pl.Date(),
        "north_from": pl.Date(),
        "born": pl.Int64(),
        "sex": pl.String(),
        "started": pl.Date(),
        "ended": pl.Date(),
        "main": pl.Boolean(),
    }
)
USUAL: Mapping[str, Any] = {
    "municipality": "kitezh",
    "region": "Лукоморье",
    "unit": "Отдел кадров",
    "position": "Ведущий специалист",
    "position_group": "старшая",
    "share": 1000,
    "salary": 2_000_000,
    "born": 1990,
    "sex": "female",
    "started": dt.date(2020, 1, 1),
    "main": True,
}
"""A full post of 20,000 rubles."""
HEAD = """
id = "few"
version = "1.0"
title = { ru = "Меры", en = "Measures" }
years = [2027, 2028]
"""
OF_MONTH: Mapping[str, Any] = {
    "days": 20,
    "norm_days": 20,
    "rank_amount": 100_000,
    "rank_rate": 0,
    "total": 3_000_000,
}
"""What the payroll adds to a post in a month of 20 working days."""


def roster(*rows: Mapping[str, Any]) -> pl.DataFrame:
    """Posts in the schema of the roster; what a row does not say is as in `USUAL`."""
    named = [
        {**USUAL, "post": post, "person": f"person {post}", **row} for post, row in enumerate(rows)
    ]
    return pl.DataFrame(named, schema=ROSTER)


def measure(kind: str, *lines: str, key: str = "this", name: str = "Мера") -> str:
    """A measure that the local budget pays."""
    said = [
        "[[measures]]",
        f'key = "{key}"',
        f'kind = "{kind}"',
        f'name = {{ ru = "{name}", en = "Measure" }}',
        *lines,
    ]
    if not any(line.startswith("sources") for line in lines):
        said.append("sources = { municipal = 1.0 }")
    return "\n".join(said) + "\n"


def file_of(*measures: str, head: str = HEAD) -> MeasuresFile:
    return measures_in((head + "\n".join(measures)).encode(), "measures.toml")


def month(year: int, number: int) -> Month:
    first = dt.date(year, number, 1)
    after = dt.date(year + number // 12, number % 12 + 1, 1)
    return Month(first, after - dt.timedelta(days=1), year)


def applied(
    file: MeasuresFile, facts: Facts, year: int = 2027, number: int = 3, **of_month: Any
) -> pl.DataFrame:
    """The posts with what all measures do to a month, one step after the other."""
    shown = month(year, number)
    there = facts.posts.filter(
        pl.col("started") <= shown.last,
        pl.col("ended").is_null() | (pl.col("ended") >= shown.first),
    ).with_columns(
        *(pl.lit(value, pl.Int64).alias(name) for name, value in {**OF_MONTH, **of_month}.items()),
        month=pl.lit(shown.first),
        year=pl.lit(year, pl.Int64),
    )
    for step in steps(file, facts):
        there = there.with_columns(salary_paid=come_to(pl.col("salary")))
        there = there.with_columns(**step.columns)
    return there.sort("post")


def come_to(sum_: pl.Expr) -> pl.Expr:
    """What a sum of a full post comes to in the month."""
    return part_of(sum_, pl.col("share") * pl.col("days"), SHARE * pl.col("norm_days"))


def paid(
    file: MeasuresFile, facts: Facts, year: int = 2027, number: int = 3, **of_month: Any
) -> list[int]:
    """What the measure `this` pays each post in a month, in kopecks."""
    months = applied(file, facts, year, number, **of_month)
    return months["this"].to_list() if "this" in months.columns else [0] * months.height
