"""Rates that rise with months of service, looked up for a whole column at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl

from otdacha.pay.kopecks import RATE

LONGEST = 12 * 70
"""Months of service beyond which nothing rises any more."""


@dataclass(frozen=True)
class Ladders:
    """Rates that rise with months of service: of ladder i after m months `rates[i · (LONGEST + 1)
    + m]`, ten-thousandths."""

    rates: pl.Series

    @classmethod
    def of(cls, ladders: Iterable[Sequence[tuple[int, float]]]) -> Ladders:
        """ladders: (months, rate) of each step, climbing; the last one reached counts."""
        rates = [
            next((round(rate * RATE) for after, rate in reversed(steps) if after <= months), 0)
            for steps in ladders
            for months in range(LONGEST + 1)
        ]
        return cls(pl.Series(rates, dtype=pl.Int64))

    def rate(self, ladder: str, since: str) -> pl.Expr:
        """The rate on the first day of a month. ladder: the column of numbers of ladders; since:
        the month from which service counts in full months, as `month_counted`."""
        month = pl.col("year") * 12 + pl.col("of_year") - 1
        served = (month - pl.col(since)).clip(0, LONGEST)
        return pl.lit(self.rates).gather(pl.col(ladder) * (LONGEST + 1) + served)


def month_counted(day: pl.Expr) -> pl.Expr:
    """The first month (`year · 12 + month - 1`) on whose first day somebody who began on `day` has
    served no less than nothing: months of service are full on first days counted from it."""
    return (
        day.dt.year().cast(pl.Int64) * 12
        + day.dt.month().cast(pl.Int64)
        - 1
        + (day.dt.day() > 1).cast(pl.Int64)
    )
