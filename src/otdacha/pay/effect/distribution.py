"""Who gains: pay without and with the measures by municipality, group of positions and sex."""

from __future__ import annotations

import polars as pl

from otdacha.pay.kopecks import RUBLES
from otdacha.pay.tables import DIMENSIONS, DISTRIBUTION

UNKNOWN = "unknown"


def distribution(posts: pl.DataFrame, pay: pl.DataFrame, year: int, fewest: int) -> pl.DataFrame:
    """The table `DISTRIBUTION` of one year, by dimension and value.

    posts: post, person, municipality, position_group, sex. pay: `by_post` of a payroll: post, year,
    full_months, pay_before, pay_after (kopecks of the year), receives.
    fewest: means of fewer people are null, they would say what one of them is paid. Whoever's sex
    is not in the records is "unknown".
    """
    rows = posts.join(pay.filter(pl.col("year") == year), on="post").filter(
        pl.col("full_months") > 0
    )
    parts = [
        rows.group_by(
            pl.col(by).cast(pl.String).fill_null(UNKNOWN).alias("value"), maintain_order=True
        )
        .agg(
            people=pl.col("person").n_unique().cast(pl.Int64),
            receive=pl.col("person").filter("receives").n_unique().cast(pl.Int64),
            pay_before=_mean("pay_before"),
            pay_after=_mean("pay_after"),
            gain=pl.col("pay_after").sum() / pl.col("pay_before").sum() - 1,
        )
        .with_columns(by=pl.lit(by, DISTRIBUTION["by"]))
        for by in DIMENSIONS
    ]
    enough = pl.col("people") >= fewest
    return (
        pl.concat(parts)
        .with_columns(
            pl.when(enough).then(pl.col(name)) for name in ("pay_before", "pay_after", "gain")
        )
        .select(DISTRIBUTION.names())
        .match_to_schema(DISTRIBUTION)
        .sort("by", "value")
    )


def _mean(kopecks: str) -> pl.Expr:
    """Rubles of a mean month of a full post, to the kopeck."""
    month = pl.col(kopecks).sum() / pl.col("full_months").sum()
    return (month.round() / 100).round(2).cast(RUBLES)
