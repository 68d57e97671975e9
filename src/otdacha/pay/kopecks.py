"""Money is whole kopecks inside and rubles at the edge; this is how it is rounded.

A rate is a whole number of ten-thousandths (12.5 % is 1,250), a share of a full-time post a whole
number of thousandths. What a rate makes of a sum is rounded to the kopeck once, half up, where a
component is made; nothing is rounded afterwards, so components add up to their total exactly.
"""

from __future__ import annotations

import polars as pl

RATE = 10_000
"""Ten-thousandths: the unit of every rate."""
SHARE = 1_000
"""Thousandths: the unit of a share of a full-time post."""
RUBLES = pl.Decimal(18, 2)
"""Rubles with kopecks, as tables hold them."""


def part_of(sum_: pl.Expr, numerator: pl.Expr | int, denominator: pl.Expr | int) -> pl.Expr:
    """`sum_` · `numerator` / `denominator` in whole kopecks, half up; all three are Int64, none
    negative, the denominator positive. The product must stay below 4.6e18."""
    if isinstance(denominator, int) and denominator % 2 == 0:
        return (sum_ * numerator + denominator // 2) // denominator  # the same, in fewer steps
    return (2 * sum_ * numerator + denominator) // (2 * denominator)


def rubles(kopecks: pl.Expr) -> pl.Expr:
    """Whole kopecks as rubles of the type `RUBLES`, exactly."""
    return (kopecks.cast(pl.Decimal(18, 0)) / pl.lit(100, pl.Decimal(18, 2))).cast(RUBLES)
