"""Do robust intervals hold the effect when trends are violated inside the class that is allowed?

The violations are laid on the trained people of a union whose effect is known: paths that use up
what the class allows, since others are easier.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import polars as pl
import pytest

from otdacha.effects import impute
from otdacha.effects.sensitivity import RELATIVE, SMOOTH, sensitivity
from tests.simulation.unions import simulated_union
from tests.unit.effects.worlds import methodology_of

CHANGE = 0.06
"""Of the violation from one period of three months to the next, in the indicator's unit."""
BEND = 0.02

PATHS: Mapping[str, tuple[str, float]] = {
    "none": (RELATIVE, 0.0),
    "goes on": (RELATIVE, 1.0),
    "turns back": (RELATIVE, 1.0),
    "goes on at half the pace": (RELATIVE, 0.5),
    "doubles its pace": (RELATIVE, 2.0),
    "straight line": (SMOOTH, 0.0),
    "bends all along": (SMOOTH, BEND),
}
"""Violations: the class they lie in and M̄, or M in the indicator's unit."""


def path(name: str, period: np.ndarray) -> np.ndarray:
    """δ by period: 0 is the last before training, -1 the one before that, 1 the first after."""
    before, after = np.minimum(period, 0), np.maximum(period, 0)
    after_pace = {
        "none": 0.0,
        "goes on": 1.0,
        "turns back": -1.0,
        "goes on at half the pace": 0.5,
        "doubles its pace": 2.0,
        "straight line": 1.0,
    }
    if name == "none":
        return np.zeros(len(period))
    if name == "bends all along":
        return BEND * period**2 / 2
    return CHANGE * (before + after_pace[name] * after)


def intervals(seeds: Iterable[int], name: str, **world: float) -> pl.DataFrame:
    """One row per union, of the overall effect: truth, lower, upper at the class's own bound, and
    the plain t interval that knows nothing of violations."""
    methodology = methodology_of()
    kind, size = PATHS[name]
    rows = []
    for seed in seeds:
        union = simulated_union(seed, between_towns=0.0, **world)  # type: ignore[arg-type]
        number = pl.col("month").dt.year() * 12 + pl.col("month").dt.month()
        start = pl.when(pl.col("status") == "exposed").then(number).min().over("unit")
        # months from the last month before training, then periods of three
        period = ((number - start + 1).cast(pl.Float64) / 3).ceil()
        cells = union.cells.with_columns(period=period)
        away = np.nan_to_num(path(name, cells["period"].fill_null(np.nan).to_numpy()))
        cells = cells.with_columns(total=pl.col("total") + pl.Series(away) * pl.col("n"))
        effects = impute(cells, union.exposure, methodology)
        scale = effects.scales["on_time"]
        found = sensitivity(cells, union.exposure, effects, methodology, multiples=[0.0, 1.0])
        multiple = size if kind == RELATIVE else size / scale / found.largest_bend
        mine = found.intervals.filter(pl.col("class") == kind, pl.col("provider").is_null())
        # both ends are straight lines in the multiple
        (lower, upper), (lower_1, upper_1) = mine.sort("multiple").select("lower", "upper").rows()
        lower += multiple * (lower_1 - lower)
        upper += multiple * (upper_1 - upper)
        plain = found.breakdown.filter(pl.col("class") == RELATIVE, pl.col("provider").is_null())
        cases = (
            union.cells.filter(pl.col("status") == "exposed")
            .join(union.exposure.select("unit", "month", "provider"), on=["unit", "month"])
            .group_by("provider")
            .agg(pl.col("n").sum())
            .sort("provider")
        )
        known = union.truth[~np.isnan(union.truth)]
        truth = float(np.average(known, weights=cases["n"].to_numpy())) / scale
        half = 1.96 * plain["se"].item()
        rows.append(
            (
                truth,
                lower,
                upper,
                abs(plain["estimate"].item() - truth) <= half,
            )
        )
    return pl.DataFrame(rows, schema=["truth", "lower", "upper", "plain"], orient="row")


def coverage(found: pl.DataFrame) -> float:
    return float(found["truth"].is_between(found["lower"], found["upper"]).mean())  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["goes on", "doubles its pace", "bends all along"])
def test_robust_intervals_hold_the_effect_of_a_violated_union(name: str) -> None:
    found = intervals(range(3), name)
    assert coverage(found) == 1.0
    if name == "doubles its pace":
        assert not found["plain"].any()  # without an allowance the same estimate is wrong


@pytest.mark.long
@pytest.mark.parametrize("name", PATHS)
def test_the_coverage_of_the_evidence(name: str) -> None:
    found = intervals(range(6000, 6500), name)
    kind, size = PATHS[name]
    width = (found["upper"] - found["lower"]).mean()
    print(
        f"| {name} | {kind}, {size:g} | {coverage(found):.3f} | "
        f"{found['plain'].mean():.3f} | {width:.2f} |"
    )
    assert coverage(found) >= 0.93
