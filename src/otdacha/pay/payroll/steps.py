"""What a measure is to the payroll: columns that it changes or adds in months of pay."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import polars as pl

from otdacha.language import Text


class Stage(StrEnum):
    """When in a month a measure is counted: it changes the law that components are made by, is paid
    beside them, or lifts what they add up to."""

    LAW = "law"
    PAY = "pay"
    FLOOR = "floor"


@dataclass(frozen=True)
class Month:
    """A month of the calendar, from its first day to its last."""

    first: dt.date
    last: dt.date
    year: int


def of_year(year: int) -> list[Month]:
    """The twelve months of a year."""
    return [
        Month(dt.date(year, month, 1), dt.date(year, month, monthrange(year, month)[1]), year)
        for month in range(1, 13)
    ]


@dataclass(frozen=True, eq=False)
class Step:
    """One measure as the payroll sees it; the same step in two ways to pay is counted once.

    columns: expressions over a frame of posts by months (see `payroll`). LAW: new values of columns
    of the law, Int64. PAY and FLOOR: under `key` the kopecks of a month, Int64 and never null, 0
    where the measure is not in force; FLOOR reads `total`. coefficient: whether regional
    coefficients and northern allowances are paid on it (PAY only). words: what it pays, for whoever
    asks why.
    """

    key: str
    stage: Stage
    columns: Mapping[str, pl.Expr]
    coefficient: bool = True
    words: Text | None = None


def in_order(steps: Sequence[Step]) -> list[Step]:
    """The steps as they take effect: those of LAW, of PAY, of FLOOR; within a stage as given."""
    return [step for stage in Stage for step in steps if step.stage is stage]
