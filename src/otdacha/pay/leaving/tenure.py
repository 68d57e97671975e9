"""Classes of tenure: people leave at another pace in their first year than in their tenth."""

from __future__ import annotations

import polars as pl

YEARS = (1, 3, 5, 10)
"""Where classes begin."""
CLASSES = ("under 1 year", "1-2 years", "3-4 years", "5-9 years", "10 years and more")
TENURE = pl.Enum(CLASSES)


def tenure_class(since: pl.Expr, day: pl.Expr) -> pl.Expr:
    """The class of whoever serves since `since`, on `day` (Dates): whole years of service."""
    months = (day.dt.year() - since.dt.year()) * 12 + day.dt.month() - since.dt.month()
    whole = (months - (day.dt.day() < since.dt.day()).cast(pl.Int32)) // 12
    found = pl.lit(CLASSES[0])
    for years, name in zip(YEARS, CLASSES[1:], strict=True):
        found = pl.when(whole >= years).then(pl.lit(name)).otherwise(found)
    return pl.when(since.is_not_null()).then(found).cast(TENURE)
