"""Robust intervals: the estimate against its dense twin, the worst bias by linear programming."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from scipy import optimize, stats

from otdacha.effects import impute
from otdacha.effects.sensitivity import (
    RELATIVE,
    SMOOTH,
    _worst_relative,
    _worst_smooth,
    line_weights,
    sensitivity,
)
from otdacha.methodology import Methodology
from tests.unit.effects.worlds import World, dense_imputation, methodology_of, random_world

PERIODS, LENGTH = 3, 2


def methodology(length: int = LENGTH) -> Methodology:
    default = methodology_of()
    return default.model_copy(
        update={
            "gates": default.gates.model_copy(update={"periods": PERIODS, "period_months": length})
        }
    )


def world_of(seed: int) -> World:
    return random_world(seed, units=100, periods=16, clusters=8, providers=2, missing=0.0)


def with_columns(world: World, *, extrapolated: bool) -> World:
    """The leads of an event study written out by hand for a world where everybody trains once."""
    number = pl.col("month").dt.year() * 12 + pl.col("month").dt.month()
    start = pl.when(pl.col("status") == "exposed").then(number).min().over("unit")
    cells = world.cells.with_columns(e=number - start)  # 0 is the first exposed month
    weights = line_weights(PERIODS)
    columns = []
    for lead in range(1, PERIODS + 1):
        is_lead = (-pl.col("e")).is_between((lead - 1) * LENGTH + 1, lead * LENGTH)
        distance = (pl.col("e") + 1 + LENGTH - 1) // LENGTH
        ahead = float(lead == 1) + (weights[lead - 1] if extrapolated else 0.0) * distance
        columns.append(
            pl.when(pl.col("status") == "exposed")
            .then(ahead)
            .otherwise(is_lead.fill_null(False).cast(pl.Float64))
            .cast(pl.Float64)
            .alias(f"x{lead}")
        )
    everybody = world.exposure.with_columns(provider=pl.lit("all"))
    return World(cells.with_columns(columns), everybody)


@pytest.mark.parametrize("kind", [RELATIVE, SMOOTH])
def test_without_any_violation_allowed_it_is_a_t_interval_of_the_dense_twin(kind: str) -> None:
    world = world_of(2)
    rules = methodology()
    effects = impute(world.cells, world.exposure, rules)
    found = sensitivity(world.cells, world.exposure, effects, rules)
    row = found.breakdown.filter(pl.col("class") == kind, pl.col("provider").is_null()).row(
        0, named=True
    )
    twin = with_columns(world, extrapolated=kind == SMOOTH)
    theta, psi = dense_imputation(twin, tuple(f"x{k}" for k in range(1, PERIODS + 1)))
    scale = effects.scales["on_time"]
    assert row["estimate"] == pytest.approx(theta[0] / scale, abs=1e-9)
    assert row["se"] == pytest.approx(np.sqrt((psi**2).sum()) / scale, abs=1e-9)
    at_zero = found.intervals.filter(
        pl.col("class") == kind, pl.col("provider").is_null(), pl.col("multiple") == 0
    ).row(0, named=True)
    error = 0.05 * (0.8 if kind == RELATIVE else 1.0)
    half = stats.t.ppf(1 - error / 2, row["df"]) * row["se"]
    assert at_zero["upper"] - at_zero["lower"] == pytest.approx(2 * half, abs=1e-9)


def test_the_interval_first_holds_zero_at_the_breakdown_value() -> None:
    world = world_of(3)
    rules = methodology()
    effects = impute(world.cells, world.exposure, rules)
    found = sensitivity(world.cells, world.exposure, effects, rules)
    broken = found.breakdown.filter(pl.col("breakdown") > 0)
    assert broken.height
    for row in broken.iter_rows(named=True):
        again = sensitivity(
            world.cells, world.exposure, effects, rules, multiples=[row["breakdown"]]
        ).intervals.filter(
            pl.col("class") == row["class"], pl.col("provider").eq_missing(row["provider"])
        )
        near = min(again["lower"].abs().item(), again["upper"].abs().item())
        assert near == pytest.approx(0, abs=1e-9)


def test_intervals_widen_with_the_violation_and_there_is_one_for_each_provider() -> None:
    world = world_of(4)
    rules = methodology()
    effects = impute(world.cells, world.exposure, rules)
    found = sensitivity(world.cells, world.exposure, effects, rules)
    assert set(found.intervals["provider"].unique()) == {None, "p0", "p1"}
    width = found.intervals.with_columns(width=pl.col("upper") - pl.col("lower"))
    for _, part in width.group_by("class", "provider"):
        assert part.sort("multiple")["width"].is_sorted()


def test_nothing_is_said_when_the_leads_say_nothing() -> None:
    world = world_of(5)
    rules = methodology(length=8)  # periods of 8 months: nobody was seen so long before
    effects = impute(world.cells, world.exposure, rules)
    found = sensitivity(world.cells, world.exposure, effects, rules)
    assert found.intervals.is_empty()
    assert found.breakdown.is_empty()


@pytest.mark.parametrize("seed", range(4))
def test_the_worst_bias_under_relative_magnitude_is_that_of_linear_programming(seed: int) -> None:
    reach = np.random.default_rng(seed).normal(size=5)
    found = optimize.linprog(-reach, bounds=[(-1, 1)] * 5)
    assert _worst_relative([reach[None]])[0] == pytest.approx(-found.fun, abs=1e-9)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("count", [3, 4, 6])
def test_the_worst_bias_under_smoothness_is_that_of_linear_programming(
    seed: int, count: int
) -> None:
    """The path itself is the variable: leads, then the periods after training."""
    reach = np.random.default_rng(seed).normal(size=5)
    before, after = count, len(reach)
    path = before + after  # δ at -count+1 … 0, then 1 … after; 0 is the last before training
    line = line_weights(count)[::-1]  # weights on δ in the order of time
    cost = np.zeros(path)
    for s, weight in enumerate(reach, start=1):
        # Ω_s times the change into s, less the line's slope
        cost[before - 1 + s] += weight
        cost[before - 2 + s] -= weight
        cost[:before] -= weight * line
    bends = np.zeros((path - 2, path))
    for row in range(path - 2):
        bends[row, row : row + 3] = [1, -2, 1]
    found = optimize.linprog(
        -cost,
        A_ub=np.vstack([bends, -bends]),
        b_ub=np.ones(2 * len(bends)),
        A_eq=np.eye(path)[:2],
        b_eq=np.zeros(2),
        bounds=[(None, None)] * path,
    )
    assert found.status == 0
    assert _worst_smooth([reach[None]], count)[0] == pytest.approx(-found.fun, rel=1e-8)
