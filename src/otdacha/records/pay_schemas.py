"""What a stored row of the tables of pay is, and the rules that it keeps by itself."""

# ruff: noqa: N805 (dataframely calls a rule with the schema: `cls` is its right name)

from __future__ import annotations

import dataframely as dy
import polars as pl

from otdacha.records.schemas import Stored, not_before

LEAST_SHARE, LARGEST_SHARE = 0.001, 1.5
"""Of a full-time post: a second one may take half of the month's hours (Labour Code, 284)."""
LARGEST_SALARY = 10_000_000
"""Rubles a month: no salary comes near it, here or in a file of the law."""
LARGEST_RATE = 2.0
"""Allowance for special conditions, parts of the salary: no region's law goes higher."""
YOUNGEST = 14
"""From this age on somebody may work at all (Labour Code, 63)."""
CLASSES = 99


class Posts(Stored):
    municipality = dy.String()
    person = dy.String()
    person_by_name = dy.String(nullable=True)
    badge = dy.String(nullable=True)
    unit = dy.String()
    position = dy.String(nullable=True)
    position_group = dy.String(nullable=True)
    pay_class = dy.Int64(nullable=True)
    share = dy.Float64()
    salary = dy.Float64(nullable=True)
    special_rate = dy.Float64(nullable=True)
    class_rank = dy.String(nullable=True)
    secrecy = dy.String(nullable=True)
    service_from = dy.Date(nullable=True)
    north_from = dy.Date(nullable=True)
    born = dy.Int64(nullable=True)
    sex = dy.String(nullable=True)
    started = dy.Date()
    ended = dy.Date(nullable=True)
    employment = dy.String()

    @dy.rule()
    def ended_before_started(cls) -> pl.Expr:
        return not_before("ended", "started")

    @dy.rule()
    def negative_salary(cls) -> pl.Expr:
        return pl.col("salary") > 0

    @dy.rule()
    def rate_out_of_range(cls) -> pl.Expr:
        return pl.col("special_rate").is_between(0, LARGEST_RATE)

    @dy.rule()
    def share_out_of_range(cls) -> pl.Expr:
        return pl.col("share").is_between(LEAST_SHARE, LARGEST_SHARE)

    @dy.rule()
    def class_out_of_range(cls) -> pl.Expr:
        return pl.col("pay_class").is_between(1, CLASSES)

    @dy.rule()
    def hired_before_birth(cls) -> pl.Expr:
        return _old_enough("started")

    @dy.rule()
    def served_before_birth(cls) -> pl.Expr:
        return _old_enough("service_from")

    @dy.rule()
    def north_before_birth(cls) -> pl.Expr:
        return _old_enough("north_from")


def _old_enough(day: str) -> pl.Expr:
    """True, or unknown, where the year of `day` is one in which the person may have worked."""
    return pl.col(day).dt.year() - pl.col("born") >= YOUNGEST


class Finances(Stored):
    municipality = dy.String()
    year = dy.Int64()
    grants_share = dy.Float64(nullable=True)
    norm = dy.Float64(nullable=True)
    available = dy.Float64(nullable=True)

    @dy.rule()
    def grants_out_of_range(cls) -> pl.Expr:
        return pl.col("grants_share").is_between(0, 1)

    @dy.rule()
    def negative_norm(cls) -> pl.Expr:
        return pl.col("norm") >= 0

    @dy.rule()
    def negative_available(cls) -> pl.Expr:
        return pl.col("available") >= 0
