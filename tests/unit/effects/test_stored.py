"""Cells on disk give the same figures as cells in memory, whatever works on them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from otdacha.effects import (
    Effects,
    estimate,
    event_study,
    impute,
    joint,
    sensitivity,
    wild_bootstrap,
)
from otdacha.effects.assemble import Axes, sorted_cells
from otdacha.effects.cells import StratumCells
from otdacha.effects.gates.run import gates
from otdacha.effects.imputation import impute_cells
from otdacha.effects.strata import over_strata, strata
from otdacha.errors import NothingToEstimate
from otdacha.language import text
from tests.unit.effects.worlds import World, methodology_of, random_world

ORDER = ["indicator", "stratum", "unit", "month"]


def stored(world: World, folder: Path) -> tuple[pl.LazyFrame, pl.LazyFrame]:
    """The world as the panel writes it, in row groups that cut through strata."""
    cells = world.cells.sort(ORDER).with_columns(pl.col("month").cast(pl.Date))
    cells.write_parquet(folder / "cells.parquet", row_group_size=97)
    exposure = world.exposure.sort("unit", "month", "provider")
    exposure.write_parquet(folder / "exposure.parquet", row_group_size=53)
    return pl.scan_parquet(folder / "cells.parquet"), pl.scan_parquet(folder / "exposure.parquet")


def two_indicators(*, doses: bool) -> World:
    """Two indicators of the same units, the second of only some of them; three strata."""
    first = random_world(3, units=90, strata=3, doses=doses)
    second = random_world(4, units=60, strata=3, doses=doses, indicator="repeat")
    exposure = pl.concat([first.exposure, second.exposure]).unique(
        ["unit", "month", "provider"], maintain_order=True
    )
    return World(pl.concat([first.cells, second.cells]), exposure)


def assert_same(one: Effects, other: Effects) -> None:
    """To the last bit."""
    assert_frame_equal(one.estimates, other.estimates, check_exact=True)
    assert_frame_equal(one.excluded, other.excluded)
    assert (one.providers, one.clusters) == (other.providers, other.clusters)
    assert (one.diagnostics, one.scales) == (other.diagnostics, other.scales)
    for name, scores in one.scores.items():
        assert np.array_equal(np.asarray(scores), np.asarray(other.scores[name]))


@pytest.mark.parametrize("design", [impute, joint, estimate])
@pytest.mark.parametrize("doses", [False, True])
def test_the_stored_way_gives_the_same_figures_bit_for_bit(
    design: Callable[..., Effects], doses: bool, tmp_path: Path
) -> None:
    world = two_indicators(doses=doses)
    rules = methodology_of(("on_time", "repeat"))
    in_memory = design(world.cells, world.exposure, rules)
    assert in_memory.of()["estimate"].is_not_null().all()
    assert len(in_memory.indicators) == 3
    assert_same(in_memory, design(*stored(world, tmp_path), rules))


def test_staff_sessions_and_covariates_are_read_from_disk_too(tmp_path: Path) -> None:
    world = random_world(8, units=90, strata=3, doses=True)
    steps = pl.int_range(pl.len()).mod(7).cast(pl.Float64)
    world = World(world.cells.with_columns(load=steps), world.exposure)
    rules = methodology_of(aggregation="equal_person", second_cluster="session")
    in_memory = impute(world.cells, world.exposure, rules, covariates=["load"])
    assert in_memory.diagnostics["on_time"]["covariates"]["load"] != 0
    assert_same(in_memory, impute(*stored(world, tmp_path), rules, covariates=["load"]))


def test_the_bootstrap_of_stored_cells_is_the_same(tmp_path: Path) -> None:
    world, rules = random_world(5), methodology_of()
    in_memory = wild_bootstrap(world.cells, world.exposure, rules, draws=99)
    assert_frame_equal(in_memory, wild_bootstrap(*stored(world, tmp_path), rules, draws=99))


def test_what_looks_at_months_takes_stored_cells_too(tmp_path: Path) -> None:
    world, rules = random_world(14, units=120, periods=20, clusters=8, doses=True), methodology_of()
    here, on_disk = (world.cells, world.exposure), stored(world, tmp_path)
    effects = impute(*here, rules)
    study = event_study(*here, effects, rules).frame
    assert study["estimate"].is_not_null().any()
    assert_frame_equal(study, event_study(*on_disk, effects, rules).frame)
    drift = sensitivity(*here, effects, rules).breakdown
    assert_frame_equal(drift, sensitivity(*on_disk, effects, rules).breakdown)
    for gate, same in zip(
        gates(*here, effects, rules), gates(*on_disk, effects, rules), strict=True
    ):
        assert (gate.id, gate.outcome) == (same.id, same.outcome)
        assert gate.figure == pytest.approx(same.figure)


def test_bad_rows_on_disk_are_counted_as_in_memory(tmp_path: Path) -> None:
    """A month twice, a null stratum, no cases, a nameless provider, a share of two, a stranger."""
    world = random_world(6, units=80, doses=True)
    rows = world.cells.with_row_index("at")
    at = pl.col("at")
    cells = rows.with_columns(
        n=pl.when(at == 11).then(0).otherwise("n"),
        stratum=pl.when(at == 12).then(None).otherwise("stratum"),
        indicator=pl.when(at == 13).then(pl.lit("unknown")).otherwise("indicator"),
        status=pl.when(at == 14).then(pl.lit("around_training")).otherwise("status"),
    ).drop("at")
    cells = pl.concat([cells, cells[20:22]])
    links = world.exposure.with_row_index("at")
    exposure = links.with_columns(
        provider=pl.when(at == 5).then(pl.lit(" ")).otherwise("provider"),
        share=pl.when(at == 40).then(2.0).otherwise("share"),
    ).drop("at")
    bad = World(cells, exposure)
    rules = methodology_of()
    in_memory = impute(bad.cells, bad.exposure, rules)
    reasons = set(in_memory.excluded["reason"])
    assert {
        "no_cases", "identifier_missing", "indicator_unknown", "around_training", "repeated_cell",
        "exposure_not_valid",
    } <= reasons  # fmt: skip
    found = impute(*stored(bad, tmp_path), rules)
    assert_same(in_memory, found)


def test_a_unit_of_two_clusters_is_refused_on_disk_too(tmp_path: Path) -> None:
    world = random_world(7)
    torn = pl.when(pl.int_range(pl.len()) == 3).then(pl.lit("elsewhere")).otherwise("cluster")
    world = World(world.cells.with_columns(cluster=torn), world.exposure)
    with pytest.raises(NothingToEstimate, match="more than one cluster"):
        impute(*stored(world, tmp_path), methodology_of())


def test_scattered_strata_are_refused_with_the_order_that_is_asked_for(tmp_path: Path) -> None:
    world = random_world(7)
    cells = world.cells.sort("month", "unit")
    cells.write_parquet(tmp_path / "cells.parquet")
    with pytest.raises(NothingToEstimate, match="Sort the file by indicator, stratum, unit and"):
        impute(pl.scan_parquet(tmp_path / "cells.parquet"), world.exposure, methodology_of())


def test_units_and_months_of_a_stratum_may_stand_in_any_order(tmp_path: Path) -> None:
    world, rules = random_world(9, doses=True), methodology_of()
    in_memory = impute(world.cells, world.exposure, rules)
    _, exposure = stored(world, tmp_path)
    mixed = world.cells.sample(fraction=1.0, shuffle=True, seed=1).sort(
        "stratum", maintain_order=True
    )
    mixed.write_parquet(tmp_path / "mixed.parquet")
    shuffled = exposure.collect().sample(fraction=1.0, shuffle=True, seed=2)
    assert_same(in_memory, impute(pl.scan_parquet(tmp_path / "mixed.parquet"), shuffled, rules))


@pytest.mark.parametrize("workers", [2, 3, 8])
def test_any_number_of_workers_gives_the_same_digits(workers: int) -> None:
    world = random_world(11, units=240, strata=9, clusters=12, doses=True)
    rules = methodology_of()
    axes = Axes.of(world.cells, world.exposure, rules)
    (data,) = sorted_cells(world.cells, world.exposure, rules.indicators, axes, rules, ())
    alone = impute_cells(data, 4, 12, workers=1)
    together = impute_cells(data, 4, 12, workers=workers)
    assert np.array_equal(alone.theta, together.theta)
    assert np.array_equal(alone.psi, together.psi)


def test_results_come_in_the_order_of_the_strata() -> None:
    world = random_world(12, units=100, strata=20)
    rules = methodology_of()
    axes = Axes.of(world.cells, world.exposure, rules)
    (data,) = sorted_cells(world.cells, world.exposure, rules.indicators, axes, rules, ())
    sizes = [len(cells.y) for cells in strata(data)]
    assert len(sizes) == 20
    assert sum(sizes) == data.size
    assert list(over_strata(lambda cells: len(cells.y), data, workers=4)) == sizes


def test_a_fault_in_one_stratum_reaches_the_caller() -> None:
    world = random_world(13, strata=6)
    rules = methodology_of()
    axes = Axes.of(world.cells, world.exposure, rules)
    (data,) = sorted_cells(world.cells, world.exposure, rules.indicators, axes, rules, ())

    def fails(cells: StratumCells) -> int:
        raise NothingToEstimate(text("This stratum cannot be read."))

    with pytest.raises(NothingToEstimate, match="cannot be read"):
        list(over_strata(fails, data, workers=2))
