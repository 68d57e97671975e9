"""Whom a measure is for: an expression over the roster in a month, and who could not be judged."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

import polars as pl

from otdacha.pay.measures.entries import Who
from otdacha.pay.parameters.entries import folded
from otdacha.pay.payroll.steps import Month

SCARCE = pl.Schema(
    {"region": pl.String(), "position": pl.String(), "valid_from": pl.Date(), "valid_to": pl.Date()}
)
"""Positions that the law of a region calls scarce; the region "*" is every region."""
EVERYWHERE = "*"
NAMED: Mapping[str, str] = {
    "municipalities": "municipality",
    "regions": "region",
    "groups": "position_group",
    "positions": "position",
    "units": "unit",
}
"""What `who` names → the column of the roster that holds it."""


def as_compared(column: str) -> pl.Expr:
    """A column of names as `otdacha.pay.parameters.folded` has them."""
    lower = pl.col(column).str.to_lowercase().str.replace_all("ё", "е", literal=True)
    return lower.str.replace_all(r"\s+", " ").str.strip_chars()


def is_named(column: str, names: Iterable[str]) -> pl.Expr:
    """Whether the column holds one of the names; false where it is null."""
    return as_compared(column).is_in([folded(name) for name in names]).fill_null(False)


def receives(who: Who, month: Month, scarce: pl.DataFrame) -> pl.Expr:
    """Whether a post is one that a measure is for, in a month; never null.

    scarce: schema `SCARCE`. Whose year of birth is unknown is of no age; whose service has no
    beginning on record serves since the post began.
    """
    conditions = [
        is_named(column, getattr(who, names))
        for names, column in NAMED.items()
        if getattr(who, names)
    ]
    if who.scarce:
        conditions.append(is_scarce(scarce, month.first))
    if who.ages is not None:
        age = pl.lit(month.year, pl.Int64) - pl.col("born")
        conditions.append(age.is_between(*who.ages).fill_null(False))
    if who.tenure is not None:
        least, below = (_years_before(month.first, years) for years in who.tenure)
        since = pl.coalesce("service_from", "started")
        conditions.append(((since <= least) & (since > below)).fill_null(False))
    return pl.all_horizontal(conditions) if conditions else pl.lit(True)


def is_scarce(scarce: pl.DataFrame, day: dt.date) -> pl.Expr:
    """Whether a post's position is one that its region calls scarce on `day`."""
    in_force = scarce.filter(pl.col("valid_from") <= day, pl.col("valid_to") >= day)
    by_region = [
        is_named("position", of_region["position"])
        & (pl.lit(True) if region == EVERYWHERE else pl.col("region") == region)
        for (region,), of_region in in_force.group_by("region", maintain_order=True)
    ]
    return pl.any_horizontal(by_region) if by_region else pl.lit(False)


def unjudged(who: Who, posts: pl.DataFrame) -> int:
    """How many people are left out because their age is not on record, who else could receive."""
    if who.ages is None:
        return 0
    people = posts.filter(
        pl.col("born").is_null(),
        *(
            is_named(column, getattr(who, names))
            for names, column in NAMED.items()
            if getattr(who, names)
        ),
    )
    return people["person"].n_unique()


def _years_before(first: dt.date, years: int) -> dt.date:
    """The day so many years before the first of a month."""
    return dt.date(first.year - years, first.month, first.day)
