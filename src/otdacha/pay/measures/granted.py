"""Measures that are paid to people, not to posts: for which months, and by which of their posts.

Training, a first job and a home are a person's, who may hold two posts. So such a measure is paid
by one post at a time: the main one, or the one that began first.
"""

from __future__ import annotations

import datetime as dt

import polars as pl

from otdacha.pay.measures.entries import Rent, YoungPayment
from otdacha.pay.payroll.steps import Month

GRANTED = pl.Schema({"person": pl.String(), "first": pl.Int64(), "last": pl.Int64()})
"""Months (as `number_of`) for which something is paid to a person; rows of one may overlap."""


def month_number(column: str) -> pl.Expr:
    """The month of a day, counted from the year 0: a whole number that grows by 1 a month."""
    return pl.col(column).dt.year().cast(pl.Int64) * 12 + pl.col(column).dt.month().cast(pl.Int64)


def number_of(day: dt.date) -> int:
    """`month_number` of one day."""
    return day.year * 12 + day.month


def granted_once(one: YoungPayment, posts: pl.DataFrame) -> pl.DataFrame:
    """The month in which newcomers are paid, once: the first in which they hold a post and the
    measure holds, where they then serve less than `within_months` months (schema `GRANTED`)."""
    came = posts.group_by("person").agg(
        came=pl.coalesce("service_from", "started").min(), there=pl.col("started").min()
    )
    paid = pl.max_horizontal(month_number("there"), pl.lit(number_of(one.begins), pl.Int64))
    return (
        came.with_columns(first=paid)
        .filter(pl.col("first") - month_number("came") < one.within_months)
        .select("person", "first", last="first")
        .match_to_schema(GRANTED)
    )


def granted_for_months(one: Rent, posts: pl.DataFrame) -> pl.DataFrame:
    """The months of a rent: from the first in which somebody holds a post and the measure holds, as
    many as it says at most (schema `GRANTED`)."""
    months = number_of(one.ends) if one.months is None else one.months
    came = posts.group_by("person").agg(there=pl.col("started").min())
    first = pl.max_horizontal(month_number("there"), pl.lit(number_of(one.begins), pl.Int64))
    return came.select("person", first=first, last=first + months - 1).match_to_schema(GRANTED)


def paying_posts(granted: pl.DataFrame, posts: pl.DataFrame, month: Month) -> pl.Series:
    """The posts that pay what is granted in a month, one a person on every day of it.

    granted: schema `GRANTED`. posts: post, person, main, started, ended of all concerned.
    """
    now = granted.filter(
        pl.col("first") <= number_of(month.first), pl.col("last") >= number_of(month.first)
    )
    there = posts.filter(
        pl.col("person").is_in(now["person"].unique().implode()),
        pl.col("started") <= month.last,
        pl.col("ended").is_null() | (pl.col("ended") >= month.first),
    ).select(
        "post",
        "person",
        order=pl.struct(~pl.col("main"), "started", "post").rank("ordinal").over("person"),
        from_=pl.max_horizontal("started", pl.lit(month.first)),
        to=pl.min_horizontal("ended", pl.lit(month.last)),
    )
    several = there.filter(pl.len().over("person") > 1)
    second = several.join(several, on="person", suffix="_other").filter(
        pl.col("order_other") < pl.col("order"),
        pl.col("from__other") <= pl.col("to"),
        pl.col("to_other") >= pl.col("from_"),
    )
    return there.join(second, on="post", how="anti")["post"]
