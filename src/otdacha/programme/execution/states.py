"""By which rule a line of a plan has its state: the first that holds, in the order written here."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True)
class Windows:
    """late: days before a training begins from when nothing signed is late. sign: days before it
    from when a contract should be signed."""

    late: int = 14
    sign: int = 60


WINDOWS = Windows()


def state(today: dt.date, windows: Windows = WINDOWS) -> pl.Expr:
    """The state of each line on `today`: a key of `wording.STATES`, whose rules are `RULES`.

    Of columns planned, signed (seats), planned_cost, signed_cost, paid (one unit of money for all),
    started, finished (days, both inclusive). A line with a contract counts as signed; how much of
    it is still open its numbers tell.
    """
    nothing_signed = pl.col("signed") == 0
    days_left = (pl.col("started") - pl.lit(today)).dt.total_days()
    over = pl.col("finished") < today
    spent = pl.max_horizontal("signed_cost", "paid")
    short = (pl.col("signed") < pl.col("planned")) | (pl.col("paid") < pl.col("signed_cost"))
    return (
        pl.when(pl.col("planned") == 0)
        .then(pl.lit("not_in_plan"))
        .when(spent > pl.col("planned_cost"))
        .then(pl.lit("overspent"))
        .when(nothing_signed & (days_left <= windows.late))
        .then(pl.lit("late"))
        .when(nothing_signed & (days_left <= windows.sign))
        .then(pl.lit("to_sign"))
        .when(nothing_signed)
        .then(pl.lit("not_begun"))
        .when(days_left > 0)
        .then(pl.lit("signed"))
        .when(~over)
        .then(pl.lit("running"))
        .when(short)
        .then(pl.lit("underspent"))
        .otherwise(pl.lit("finished"))
    )
