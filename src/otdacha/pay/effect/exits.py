"""Who is expected to leave in the years of a scenario, without the measures and with them.

The chance h to leave in a month is that of the records (`Leaving.hazard`) at the pay without the
measures; with them it is `h · exp(β (x_after - x_before))`. Of whoever holds a post when the
scenario begins, `exp(Σ months · log(1 - h))` are still there after so many months, and what is
missing of one has left. Who comes in their place is not counted.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import polars as pl

from otdacha.pay.leaving import ESTIMATED, Leaving, tenure_class

VARIANTS: Mapping[str, str] = {
    "avoided": "",
    "slope_low": "at the lower bound of the slope",
    "slope_high": "at its upper bound",
    "level_low": "at the lower bound of the hazards of all towns together",
    "level_high": "at their upper bound",
    "hazard_low": "at the lower bound of the town's own hazard",
    "hazard_high": "at its upper bound",
}
"""Columns of exits avoided: as estimated, and at the ends of what is not known."""

SURE = 1 - 1e-15
"""The largest chance to leave in a month: its logarithm is needed."""

EXITS = pl.Schema(
    {
        "post": pl.Int64(),
        "person": pl.String(),
        "municipality": pl.String(),
        "year": pl.Int64(),
        "state": pl.Enum(("estimated", "too few exits", "no wage")),
        "before": pl.Float64(),  # expected exits of this person in the year; null: see state
        "after": pl.Float64(),
        **dict.fromkeys(VARIANTS, pl.Float64()),
    }
)


def expected_exits(
    leaving: Leaving, posts: pl.DataFrame, pay: pl.DataFrame, wages: pl.DataFrame
) -> pl.DataFrame:
    """Expected exits by person and year, schema `EXITS`, by post and year.

    posts: columns of a roster (post, person, municipality, share, main, service_from, started) of
    those who hold a post when the scenario begins; of several posts of one person the main one
    counts (else the largest). pay: `by_post` of a payroll: post, year, months, full_months,
    pay_before, pay_after (kopecks of the year). wages: municipality, year, wage (rubles a month),
    brought to the years of the scenario.
    """
    rows = _rows(posts, pay, wages)
    if leaving.state != ESTIMATED:
        return _unknown(rows)
    slope, low, high = leaving.known()
    x = rows.select("post", "municipality", "tenure", pay=pl.col("x_before"))
    towns = _town_ranges(leaving)
    known = (
        rows.with_columns(h=leaving.hazard(x))
        .join(towns, on="municipality", how="left", maintain_order="left")
        .with_columns(moved=pl.col("x_after") - pl.col("x_before"))
        .with_columns(
            state=pl.when(pl.col("wage").is_null())
            .then(pl.lit("no wage"))
            .when(pl.col("h").is_null().any().over("post"))
            .then(pl.lit("too few exits"))
            .otherwise(pl.lit(ESTIMATED))
        )
        .with_columns(h=pl.when(pl.col("state") == ESTIMATED).then("h"))
    )
    one = pl.lit(1.0)
    factors = {
        "avoided": (one, slope),
        "slope_low": (one, low),
        "slope_high": (one, high),
        "level_low": (pl.lit(math.exp(-leaving.level)), slope),
        "level_high": (pl.lit(math.exp(leaving.level)), slope),
        "hazard_low": (pl.col("lowest"), slope),
        "hazard_high": (pl.col("highest"), slope),
    }
    without = {name: pl.col("h") * factor for name, (factor, _) in factors.items()}
    moved = {
        name: without[name] * (beta * pl.col("moved")).exp() for name, (_, beta) in factors.items()
    }
    stay, go = _chances(known, without), _chances(known, moved)
    return (
        known.with_columns(
            before=stay["avoided"],
            after=go["avoided"],
            **{name: stay[name] - go[name] for name in factors},
        )
        .select(EXITS.names())
        .cast(EXITS)
    )


def _rows(posts: pl.DataFrame, pay: pl.DataFrame, wages: pl.DataFrame) -> pl.DataFrame:
    """A row per person and year with x before and after, and the class of tenure in its middle."""
    middle = pl.date(pl.col("year"), 7, 1)
    since = pl.min_horizontal("service_from", "started")
    wage = pl.col("wage").cast(pl.Float64)
    return (
        posts.sort(~pl.col("main"), -pl.col("share"), "started", "post")
        .unique("person", keep="first", maintain_order=True)
        .select("post", "person", "municipality", since=since)
        .join(
            pay.select("post", "year", "months", "full_months", "pay_before", "pay_after").filter(
                pl.col("full_months") > 0, pl.col("pay_before") > 0
            ),
            on="post",
        )
        .join(
            wages.select("municipality", pl.col("year").cast(pl.Int64), wage=wage),
            on=["municipality", "year"],
            how="left",
        )
        .with_columns(
            wage=pl.when(pl.col("wage").is_null().any().over("post").not_()).then("wage"),
            tenure=tenure_class(pl.col("since"), middle),
        )
        .with_columns(
            (pl.col(f"pay_{when}") / 100 / pl.col("full_months") / pl.col("wage"))
            .log()
            .alias(f"x_{when}")
            for when in ("before", "after")
        )
        .sort("post", "year")
    )


def _unknown(rows: pl.DataFrame) -> pl.DataFrame:
    state = pl.when(pl.col("wage").is_null()).then(pl.lit("no wage"))
    unknown = [pl.lit(None, pl.Float64).alias(name) for name in ("before", "after", *VARIANTS)]
    return (
        rows.with_columns(*unknown, state=state.otherwise(pl.lit("too few exits")))
        .select(EXITS.names())
        .cast(EXITS)
    )


def _town_ranges(leaving: Leaving) -> pl.DataFrame:
    """By which factors the hazard of each town may be lower and higher than it is estimated."""
    at = pl.col("log_hazard")
    return leaving.towns.select(
        "municipality",
        lowest=(pl.col("lower") - at).exp(),
        highest=(pl.col("upper") - at).exp(),
    )


def _chances(rows: pl.DataFrame, hazards: Mapping[str, pl.Expr]) -> pl.DataFrame:
    """By name of a hazard a month, the chance to be still there when a year begins and to leave in
    it. rows: by post and year."""
    lost = rows.select(
        (-(-hazard.clip(upper_bound=SURE)).log1p() * pl.col("months")).alias(name)
        for name, hazard in hazards.items()
    )
    year = rows.select(pl.int_range(pl.len()).over("post")).to_series()
    gone = lost  # added up year by year: a window over each post takes far longer
    for number in range(1, rows["year"].n_unique()):
        gone = gone.select(
            pl.when(year == number).then(pl.all() + pl.all().shift(1)).otherwise(pl.all())
        )
    return lost.select((pl.col(name) - gone[name]).exp() - (-gone[name]).exp() for name in hazards)
