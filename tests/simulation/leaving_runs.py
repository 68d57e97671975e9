"""Runs of many invented unions: is the truth about leaving inside what is said of it?"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import polars as pl

from otdacha.effects.gates import FAILED, NOT_TESTABLE
from otdacha.pay.effect import avoided, expected_exits, sums_of_towns
from otdacha.pay.leaving import CLASSES, ESTIMATED, fit, pay_next_year
from tests.simulation.leaving_worlds import TENURE_EFFECT, Union, World

RAISE = np.log(1.15)
YEAR = 2026
MONTHS = 12
WAGE = 50_000.0
SERVED = dict(zip(CLASSES, (0, 2, 4, 7, 12), strict=True))
"""Years that put somebody into each class."""


def slopes(world: World, seeds: Iterable[int]) -> pl.DataFrame:
    """One row per union in which something is estimated: error, se, inside (the 95 % interval)."""
    rows = []
    for seed in seeds:
        found = fit(world.union(seed).person_months)
        if found.state == ESTIMATED:
            estimate, lower, upper = found.known()
            rows.append((estimate - world.slope, found.se, lower <= world.slope <= upper))
    return pl.DataFrame(rows, schema=["error", "se", "inside"], orient="row")


def placebo(world: World, seeds: Iterable[int]) -> tuple[float, int]:
    """The share of unions in which the check of next year's pay fails, of how many testable."""
    gates = [pay_next_year(world.union(seed).person_months).outcome for seed in seeds]
    testable = [outcome for outcome in gates if outcome != NOT_TESTABLE]
    return float(np.mean([outcome == FAILED for outcome in testable])), len(testable)


def avoided_exits(world: World, seeds: Iterable[int]) -> pl.DataFrame:
    """One row per union (municipality null) and town: avoided by a raise of 15 %, its interval and
    the truth, for whoever is there in the last month, over a year."""
    return pl.concat(_avoided(world, world.union(seed)) for seed in seeds)


def _avoided(world: World, union: Union) -> pl.DataFrame:
    last = union.person_months["month"].max()
    staff = union.person_months.filter(pl.col("month") == last, ~pl.col("left")).with_row_index(
        "post"
    )
    exits = expected_exits(fit(union.person_months), _posts(staff), _pay(staff), _wages(union))
    sums = sums_of_towns(exits)
    known = _truth(world, union, staff).join(avoided(sums, ["municipality"]), on="municipality")
    together = avoided(sums, []).with_columns(
        municipality=pl.lit(None, pl.String), truth=pl.lit(known["truth"].sum())
    )
    columns = ["municipality", "truth", "avoided", "avoided_lower", "avoided_upper"]
    return pl.concat([known.select(columns), together.select(columns)])


def _posts(staff: pl.DataFrame) -> pl.DataFrame:
    """Everybody on a full post, since a day that puts them into their class in July."""
    years = pl.col("tenure").cast(pl.String).replace_strict(SERVED, return_dtype=pl.Int32)
    return staff.select(
        pl.col("post").cast(pl.Int64),
        "person",
        "municipality",
        share=pl.lit(1000),
        main=pl.lit(True),
        service_from=pl.lit(None, pl.Date),
        started=pl.date(YEAR - years, 7, 1),
    )


def _pay(staff: pl.DataFrame) -> pl.DataFrame:
    before = pl.col("pay").exp() * WAGE * MONTHS * 100
    return staff.select(
        pl.col("post").cast(pl.Int64),
        year=pl.lit(YEAR, pl.Int64),
        months=pl.lit(MONTHS, pl.Int64),
        full_months=pl.lit(float(MONTHS)),
        pay_before=before.round().cast(pl.Int64),
        pay_after=(before * np.exp(RAISE)).round().cast(pl.Int64),
    )


def _wages(union: Union) -> pl.DataFrame:
    return union.truth.select("municipality", year=pl.lit(YEAR, pl.Int64), wage=pl.lit(WAGE))


def _truth(world: World, union: Union, staff: pl.DataFrame) -> pl.DataFrame:
    effects = dict(zip(CLASSES, TENURE_EFFECT.tolist(), strict=True))
    hazard = (
        pl.col("log_hazard")
        + pl.col("tenure").cast(pl.String).replace_strict(effects, return_dtype=pl.Float64)
        + world.slope * pl.col("pay")
    ).exp()
    stay = (1 - hazard) ** MONTHS
    stay_after = (1 - hazard * np.exp(world.slope * RAISE)) ** MONTHS
    return (
        staff.join(union.truth, on="municipality")
        .group_by("municipality")
        .agg(truth=(stay_after - stay).sum())
    )
