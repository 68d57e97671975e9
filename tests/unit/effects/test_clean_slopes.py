"""The systems of a stratum's clusters solved together, against each by itself."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from otdacha.effects import clean_slopes, impute
from otdacha.effects.contrasts import Contrasts
from otdacha.effects.event_time import ALL, before_training, leads_of, unit_months
from otdacha.effects.reestimate import setting, slopes
from tests.unit.effects.worlds import World, methodology_of, random_world


def leads(world: World, count: int = 3) -> Contrasts:
    rules = methodology_of()
    fixed = setting(world.cells, impute(world.cells, world.exposure, rules), rules)
    before = before_training(unit_months(world.cells), world.exposure)
    clean = world.cells.join(leads_of(before, count, [ALL], None), on=["unit", "month"])
    names = [str(-lead) for lead in range(1, count + 1)]
    found = slopes(clean, "lead_number", "lead_dummy", names, fixed, fixed.indicators)
    return found["on_time"]


def one_cluster_ties_the_periods() -> World:
    """In stratum s0 only people of c0 are seen both before and after the sixth month, so without
    it the periods fall apart into two sets."""
    world = random_world(31, units=90, periods=12, clusters=6)
    middle = world.cells["month"].unique().sort()[6]
    late = pl.col("unit").str.slice(1).cast(pl.Int64) % 4 < 2
    torn = (pl.col("stratum") == "s0") & (pl.col("cluster") != "c0")
    kept = pl.when(torn).then((pl.col("month") >= middle) == late).otherwise(pl.lit(True))
    return World(world.cells.filter(kept), world.exposure)


@pytest.mark.parametrize("world", [random_world(30, units=120), one_cluster_ties_the_periods()])
def test_solving_together_gives_what_the_pseudo_inverse_gives(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    together = leads(world)
    assert together.known.all()
    monkeypatch.setattr(clean_slopes, "_SAFE", np.inf)
    apart = leads(world)
    np.testing.assert_allclose(together.estimate, apart.estimate, rtol=1e-9)
    np.testing.assert_allclose(together.scores, apart.scores, rtol=1e-7, atol=1e-12)
    np.testing.assert_allclose(together.df, apart.df, rtol=1e-12)


def test_a_block_at_a_time_gives_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    world = random_world(32, units=120, clusters=7)
    whole = leads(world)
    monkeypatch.setattr(clean_slopes, "_AT_ONCE", 1)
    assert np.allclose(whole.scores, leads(world).scores, rtol=1e-12, atol=1e-15)
