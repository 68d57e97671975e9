"""Exits avoided by a town, or by towns together, with an interval of 95 %.

Two things are not known: the slope, the same for all towns, and each town's own hazard. What each
may move the figure by is found at the ends of its own interval, and the movements add up as
independent ones do, each side for itself (Zou, Donner 2008): those of hazards town by town, that of
the slope for all of them at once. The interval ends at what cannot be: more exits avoided than are
expected, and another sign than the whole interval of the slope gives.
"""

from __future__ import annotations

import polars as pl

from otdacha.pay.effect.exits import VARIANTS
from otdacha.pay.leaving import ESTIMATED

SUMS = ("before", "after", *VARIANTS)
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
        exits.group_by("municipality")
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
    reach = (
        grouped.agg(
            pl.col("people").sum(),
            exits_before=pl.col("before").sum(),
            exits_after=pl.col("after").sum(),
            avoided=point.sum(),
            slope_least=pl.min_horizontal(
                pl.col("slope_low").sum(), pl.col("slope_high").sum(), point.sum()
            ),
            slope_most=pl.max_horizontal(
                pl.col("slope_low").sum(), pl.col("slope_high").sum(), point.sum()
            ),
            hazard_down=(
                (point - pl.min_horizontal("hazard_low", "hazard_high", point)) ** 2
            ).sum(),
            hazard_up=((pl.max_horizontal("hazard_low", "hazard_high", point) - point) ** 2).sum(),
        )
        .with_columns(
            avoided_lower=point
            - ((point - pl.col("slope_least")) ** 2 + pl.col("hazard_down")).sqrt(),
            avoided_upper=point
            + ((pl.col("slope_most") - point) ** 2 + pl.col("hazard_up")).sqrt(),
        )
        .with_columns(
            avoided_lower=pl.when(pl.col("slope_least") >= 0)
            .then(pl.max_horizontal("avoided_lower", 0.0))
            .otherwise("avoided_lower"),
            avoided_upper=pl.when(pl.col("slope_most") <= 0)
            .then(pl.min_horizontal("avoided_upper", 0.0))
            .otherwise(pl.min_horizontal("avoided_upper", "exits_before")),
        )
    )
    found = reach.select(*by, *AVOIDED.names())
    return found.sort(by) if by else found


def _far(slope: pl.Expr, hazard_squares: pl.Expr) -> pl.Expr:
    return (slope**2 + hazard_squares).sqrt()
