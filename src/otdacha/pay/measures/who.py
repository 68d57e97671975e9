"""Whom a measure is for: an expression over the roster in a month, and who could not be judged."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

import polars as pl

from otdacha.pay.measures.entries import Who
from otdacha.pay.parameters import folded
from otdacha.pay.payroll.steps import Month

SCARCE = pl.Schema(
    {"region": pl.String(), "position": pl.String(), "valid_from": pl.Date(), "valid_to": pl.Date()}
)
"""Positions that the law of a region calls scarce; the region "*" is every region."""
EVERYWHERE = "*"
EVERYBODY = pl.col("post").is_not_null()
"""True of every post; a literal would be one value for all of them."""
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


def chosen_by_name(who: Who) -> pl.Expr:
    """Whether a post is one of those that are named, whatever the month; never null."""
    conditions = [
        is_named(column, getattr(who, names))
        for names, column in NAMED.items()
        if getattr(who, names)
    ]
    return pl.all_horizontal(EVERYBODY, *conditions)


def chosen_by_time(who: Who, month: Month) -> pl.Expr:
    """Whether somebody has the age and the service that are asked for in a month; never null.

    Whose year of birth is unknown is of no age; whose service has no beginning on record serves
    since the post began.
    """
    conditions = [EVERYBODY]
    if who.ages is not None:
        age = pl.lit(month.year, pl.Int64) - pl.col("born")
        conditions.append(age.is_between(*who.ages).fill_null(False))
    if who.tenure is not None:
        least, below = (_years_before(month.first, years) for years in who.tenure)
        since = pl.coalesce("service_from", "started")
        conditions.append(((since <= least) & (since > below)).fill_null(False))
    return pl.all_horizontal(conditions)


def scarce_on(scarce: pl.DataFrame, day: dt.date) -> pl.DataFrame:
    """region, position: what the law calls scarce on `day`. scarce: schema `SCARCE`."""
    holds = (pl.col("valid_from") <= day) & (pl.col("valid_to") >= day)
    return scarce.filter(holds).select("region", as_compared("position")).unique().sort(pl.all())


def are_scarce(posts: pl.DataFrame, scarce: pl.DataFrame) -> pl.Series:
    """Whether the position of each post is one that its region, or every region, calls scarce."""
    named = posts.select("region", as_compared("position"))
    everywhere = scarce.filter(pl.col("region") == EVERYWHERE)["position"]
    by_region = named.join(
        scarce.with_columns(scarce=pl.lit(True)),
        on=["region", "position"],
        how="left",
        maintain_order="left",
    )
    found = by_region.select(
        pl.col("scarce").fill_null(False)
        | pl.col("position").is_in(everywhere.implode()).fill_null(False)
    )
    return found.to_series()


def unjudged(who: Who, posts: pl.DataFrame) -> int:
    """How many people of those who are named have no year of birth on record."""
    return posts.filter(pl.col("born").is_null(), chosen_by_name(who))["person"].n_unique()


def _years_before(first: dt.date, years: int) -> dt.date:
    """The day so many years before the first of a month."""
    return dt.date(first.year - years, first.month, first.day)
