"""What planning anew has kept of the plan before, and what it has moved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from otdacha.language import Text, text
from otdacha.programme.plan import Plan

LINE = ["municipality", "year", "provider", "offer"]
_NAMES = ["municipality_name", "provider_name", "name", "started"]

CHANGES: Mapping[str, Text] = {
    "gone": text("no longer planned"),
    "fewer": text("fewer people"),
    "new": text("newly planned"),
    "more": text("more people"),
    "stays": text("as it was"),
}
"""What has become of a line."""

MOVED = pl.Schema(
    {
        "municipality": pl.String,
        "municipality_name": pl.String,
        "year": pl.Int64,
        "provider": pl.String,
        "provider_name": pl.String,
        "offer": pl.String,
        "name": pl.String,
        "started": pl.Date,
        "before": pl.Int64,
        "after": pl.Int64,
        "cost_before": pl.Float64,
        "cost_after": pl.Float64,
        "change": pl.String,
    }
)


@dataclass(frozen=True)
class Moved:
    """lines: schema `MOVED`, a row for each line (municipality in a run) of either plan; seats, and
    rubles. stay, gone, come: seats of both plans, of the old one alone, of the new one alone."""

    lines: pl.DataFrame
    stay: int
    gone: int
    come: int


def moved(before: Plan, after: Plan) -> Moved:
    """Hold the lines of two plans against each other, by the day on which they begin."""
    old, new = (
        plan.tables["lines"].select(*LINE, *_NAMES, "seats", "cost") for plan in (before, after)
    )
    both = old.join(new, on=LINE, how="full", coalesce=True, suffix="_after")
    seats, seats_after = pl.col("before"), pl.col("after")
    change = (
        pl.when(seats_after == 0)
        .then(pl.lit("gone"))
        .when(seats == 0)
        .then(pl.lit("new"))
        .when(seats_after < seats)
        .then(pl.lit("fewer"))
        .when(seats_after > seats)
        .then(pl.lit("more"))
        .otherwise(pl.lit("stays"))
    )
    lines = (
        both.with_columns(
            *(pl.coalesce(name, f"{name}_after") for name in _NAMES),
            before=pl.col("seats").fill_null(0),
            after=pl.col("seats_after").fill_null(0),
            cost_before=pl.col("cost").fill_null(0.0),
            cost_after=pl.col("cost_after").fill_null(0.0),
        )
        .with_columns(change=change)
        .sort("started", *LINE, nulls_last=True)
        .select(MOVED.names())
        .cast(dict(MOVED))  # type: ignore[arg-type]
    )
    both_have = lines.select(pl.min_horizontal("before", "after").sum()).item()
    return Moved(
        lines,
        stay=both_have,
        gone=int(lines["before"].sum()) - both_have,
        come=int(lines["after"].sum()) - both_have,
    )
