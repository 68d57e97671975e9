"""From means since January to means of quarters.

The mean month of January-June is the mean of two quarters, where as many people worked in both:
the second is twice it less the first. Headcounts are not told, so it holds nearly: exactly where
they stay the same. Where employers come or go within the year the difference is no mean of
anything; a quarter below half or above twice the mean since January is therefore not known. Of
wages of 2023 and 2024, all activities and letter O, 15 quarters of 39,818 are outside.
"""

from __future__ import annotations

import polars as pl

from otdacha.pay.kopecks import rubles
from otdacha.pay.wages.states import KNOWN, QUARTER_STATES

LEAST, MOST = 0.5, 2.0
"""Parts of the mean since January between which a quarter is believed."""

QUARTERS = pl.Schema(
    {
        "municipality": pl.String(),
        "year": pl.Int64(),
        "quarter": pl.Int64(),
        "wage_all": pl.Decimal(18, 2),  # mean month of the quarter; null: see the state
        "all_state": pl.Enum(list(QUARTER_STATES)),
        "wage_o": pl.Decimal(18, 2),
        "o_state": pl.Enum(list(QUARTER_STATES)),
    }
)


def quarters(means: pl.DataFrame) -> pl.DataFrame:
    """The quarters of every municipality and year that `means` tell anything of.

    means: municipality, year, months (3, 6, 9, 12), all, o (kopecks a month). Gives `QUARTERS`.
    """
    asked = (
        means.select("municipality", "year")
        .unique()
        .join(pl.DataFrame({"quarter": [1, 2, 3, 4]}), how="cross")
        .with_columns(months=3 * pl.col("quarter"), before=3 * pl.col("quarter") - 3)
    )
    told = means.select("municipality", "year", "months", "all", "o")
    on = ["municipality", "year", "months"]
    both = asked.join(told, on=on, how="left").join(
        told.rename({"months": "before"}),
        on=["municipality", "year", "before"],
        how="left",
        suffix="_before",
    )
    return (
        both.with_columns(_quarter("all"), _quarter("o"))
        .select(
            "municipality",
            "year",
            "quarter",
            *(column for name in ("all", "o") for column in _said(name)),
        )
        .match_to_schema(QUARTERS)
        .sort("municipality", "year", "quarter")
    )


def _quarter(name: str) -> pl.Expr:
    """k times the mean of k quarters less (k - 1) times that of one quarter fewer, in kopecks."""
    first = pl.col("quarter") == 1
    earlier = pl.when(first).then(0).otherwise(f"{name}_before")
    return (pl.col("quarter") * pl.col(name) - (pl.col("quarter") - 1) * earlier).alias(
        f"{name}_quarter"
    )


def _said(name: str) -> tuple[pl.Expr, pl.Expr]:
    found = pl.col(f"{name}_quarter")
    believed = found.is_between(LEAST * pl.col(name), MOST * pl.col(name))
    state = (
        pl.when(found.is_null())
        .then(pl.lit("no wage"))
        .when(believed)
        .then(pl.lit(KNOWN))
        .otherwise(pl.lit("impossible"))
        .cast(pl.Enum(list(QUARTER_STATES)))
    )
    return pl.when(believed).then(rubles(found)).alias(f"wage_{name}"), state.alias(f"{name}_state")
