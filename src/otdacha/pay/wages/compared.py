"""The wage of public administration beside that of all activities, municipality by municipality."""

from __future__ import annotations

from typing import Any

import polars as pl

from otdacha.pay.kopecks import RUBLES, rubles
from otdacha.pay.wages.states import KNOWN, YEAR_STATES
from otdacha.pay.wages.told import Told

YEARS = pl.Schema(
    {
        "municipality": pl.String(),
        "year": pl.Int64(),
        "state": pl.Enum(list(YEAR_STATES)),
        "wage_all": RUBLES,  # mean month of January-December; null: not told
        "wage_o": RUBLES,  # public administration with federal and military staff: a proxy
        "ratio": pl.Float64(),  # wage_o / wage_all; null where the state is not "known"
        "difference": RUBLES,  # wage_o - wage_all
        "place": pl.Int64(),  # 1: earns least beside its neighbours
        "share_below": pl.Float64(),  # of the known, those that earn less beside theirs
        "told_as": pl.String(),  # the code in that year, where it was another
    }
)


def compared(told: Told) -> pl.DataFrame:
    """Every municipality that is there now in every year whose mean is told (schema `YEARS`)."""
    years = pl.DataFrame({"year": told.years}, schema={"year": pl.Int64})
    whole = told.means.filter(months=12).drop("months")
    merged = told.merged.with_columns(merged=True)
    keys = ["municipality", "year"]
    rows = (
        told.towns.select("municipality")
        .join(years, how="cross")
        .join(whole, on=keys, how="left")
        .join(merged, on=keys, how="left")
        .with_columns(_state(told.contradicted))
    )
    known = pl.col("state") == KNOWN
    ratio = pl.when(known).then(pl.col("o") / pl.col("all"))
    return (
        rows.with_columns(ratio=ratio)
        .with_columns(place=pl.col("ratio").rank("min").over("year").cast(pl.Int64))
        .select(
            *keys,
            "state",
            rubles(pl.col("all")).alias("wage_all"),
            rubles(pl.col("o")).alias("wage_o"),
            "ratio",
            rubles(pl.when(known).then(pl.col("o") - pl.col("all"))).alias("difference"),
            "place",
            ((pl.col("place") - 1) / pl.col("ratio").count().over("year")).alias("share_below"),
            pl.when(pl.col("told_as") != pl.col("municipality")).then("told_as").alias("told_as"),
        )
        .match_to_schema(YEARS)
        .sort("year", "municipality")
    )


def figures(years: pl.DataFrame, year: int) -> dict[str, Any]:
    """The answer in numbers: of all municipalities in a year, how many earn less, by which ratio.

    years: schema `YEARS`.
    """
    shown = years.filter(year=year)
    known = shown.filter(state=KNOWN)
    counts = dict(shown.group_by("state").len().iter_rows())
    return {
        "municipalities": shown.height,
        "known": known.height,
        "less": known.filter(pl.col("wage_o") < pl.col("wage_all")).height,
        "equal": known.filter(pl.col("wage_o") == pl.col("wage_all")).height,
        "more": known.filter(pl.col("wage_o") > pl.col("wage_all")).height,
        "median_ratio": known["ratio"].median(),
        "states": {state: int(counts.get(state, 0)) for state in YEAR_STATES},
    }


def _state(contradicted: frozenset[str]) -> pl.Expr:
    has_all, has_o = pl.col("all").is_not_null(), pl.col("o").is_not_null()
    return (
        pl.when(has_all & has_o)
        .then(pl.lit(KNOWN))
        .when(pl.col("merged"))
        .then(pl.lit("merged"))
        .when(has_all)
        .then(pl.lit("no wage of O"))
        .when(has_o)
        .then(pl.lit("no wage of all"))
        .when(pl.col("municipality").is_in(list(contradicted)))
        .then(pl.lit("contradicted"))
        .otherwise(pl.lit("no wage"))
        .cast(pl.Enum(list(YEAR_STATES)))
        .alias("state")
    )
