"""Exits avoided by a town, or by towns together, with an interval of 95 %.

Three things are not known: the slope and the level of all hazards, the same for all towns, and each
town's own hazard. What each may move the figure by is found at the ends of its own interval, and
the movements add up as independent ones do, each side for itself (Zou, Donner 2008): those of
hazards town by town, those of the slope and of the level for all towns at once. The interval ends
at what cannot be: more exits avoided than are expected, and another sign than the whole interval
of the slope gives in every town.
"""

from __future__ import annotations

import polars as pl

from otdacha.pay.effect.exits import VARIANTS
from otdacha.pay.leaving import ESTIMATED

SUMS = ("before", "after", *VARIANTS)
SHARED = ("slope_low", "slope_high", "level_low", "level_high")
"""Ends of what all towns share."""
AVOIDED = pl.Schema(
    {
        "people": pl.Int64(),
        "exits_before": pl.Float64(),
        "exits_after": pl.Float64(),
        "avoided": pl.Float64(),
        "avoided_lower": pl.Float64(),
        "avoided_upper": pl.Float64(),
    }
)


def sums_of_towns(exits: pl.DataFrame) -> pl.DataFrame:
    """`EXITS` added up by municipality: municipality, effect (a state of `EFFECT_STATES`), people
    and `SUMS`; these are null unless the effect is estimated.

    A town is estimated if anybody there is; who is not (no wage, no hazard) is not in the sums.
    """
    known = pl.col("state") == ESTIMATED
    some = known.any()
    return (
        exits.group_by("municipality", maintain_order=True)
        .agg(
            effect=pl.when(some)
            .then(pl.lit(ESTIMATED))
            .when((pl.col("state") == "no wage").all())
            .then(pl.lit("no wage"))
            .otherwise(pl.lit("too few exits")),
            people=pl.col("post").filter(known).n_unique().cast(pl.Int64),
            **{name: pl.when(some).then(pl.col(name).sum()) for name in SUMS},
        )
        .sort("municipality")
    )


def avoided(towns: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    """Rows of `sums_of_towns` (or of several packages, with their columns in `by`) added up over
    `by`: `by` and `AVOIDED`. Towns without an estimate are not in it; [] adds up everything."""
    point = pl.col("avoided")
    sure = towns.filter(point.is_not_null())
    grouped = sure.group_by(by) if by else sure.group_by(pl.lit(0).alias("_all"))
    summed = grouped.agg(
        pl.col("people").sum(),
        point.sum(),
        *(pl.col(name).sum() for name in ("before", "after", *SHARED)),
        down=((point - _least("hazard", point)) ** 2).sum(),
        up=((_most("hazard", point) - point) ** 2).sum(),
        nowhere_below=(_least("slope", point) >= 0).all(),
        nowhere_above=(_most("slope", point) <= 0).all(),
    )
    down = pl.col("down") + sum((point - _least(what, point)) ** 2 for what in ("slope", "level"))
    up = pl.col("up") + sum((_most(what, point) - point) ** 2 for what in ("slope", "level"))
    found = summed.with_columns(
        exits_before="before",
        exits_after="after",
        avoided_lower=pl.when("nowhere_below")
        .then(pl.max_horizontal(point - down.sqrt(), 0.0))
        .otherwise(point - down.sqrt()),
        avoided_upper=pl.when("nowhere_above")
        .then(pl.min_horizontal(point + up.sqrt(), 0.0))
        .otherwise(pl.min_horizontal(point + up.sqrt(), "before")),
    ).select(*by, *AVOIDED.names())
    return found.sort(by) if by else found


def _least(what: str, point: pl.Expr) -> pl.Expr:
    return pl.min_horizontal(f"{what}_low", f"{what}_high", point)


def _most(what: str, point: pl.Expr) -> pl.Expr:
    return pl.max_horizontal(f"{what}_low", f"{what}_high", point)
