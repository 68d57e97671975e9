"""Measures that are paid to people, not to posts: for which months, and by which of their posts.

Training, a first job and a home are a person's, who may hold two posts. So such a measure is paid
by one post at a time: the main one, or the one that began first.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

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


@dataclass(frozen=True)
class PayingPosts:
    """Which posts pay what is granted to people, one a person on every day.

    only: posts of people with one, several: of the others, both with the months of every grant.
    """

    only: pl.DataFrame
    several: pl.DataFrame

    @classmethod
    def of(cls, granted: pl.DataFrame, posts: pl.DataFrame) -> PayingPosts:
        """granted: schema `GRANTED`. posts: post, person, main, started, ended."""
        concerned = (
            posts.select("post", "person", "main", "started", "ended")
            .join(granted, on="person")
            .sort("person", ~pl.col("main"), "started", "post")
        )
        alone = pl.col("post").n_unique().over("person") == 1
        return cls(concerned.filter(alone), concerned.filter(~alone))

    def in_month(self, month: Month) -> pl.Series:
        """The posts that pay in a month."""
        number = number_of(month.first)
        due = (
            (pl.col("first") <= number)
            & (pl.col("last") >= number)
            & (pl.col("started") <= month.last)
            & (pl.col("ended").is_null() | (pl.col("ended") >= month.first))
        )
        only = self.only.filter(due)["post"].unique()
        there = (
            self.several.filter(due)
            .unique("post", maintain_order=True)
            .with_columns(
                order=pl.int_range(pl.len()),
                begins=pl.max_horizontal("started", pl.lit(month.first)),
                ends=pl.min_horizontal("ended", pl.lit(month.last)),
            )
        )
        second = there.join(there, on="person", suffix="_other").filter(
            pl.col("order_other") < pl.col("order"),
            pl.col("begins_other") <= pl.col("ends"),
            pl.col("ends_other") >= pl.col("begins"),
        )
        return pl.concat([only, there.join(second, on="post", how="anti")["post"]])
