"""Laws that hold whatever the data: permuting providers permutes results, scaling scales them."""

from __future__ import annotations

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from otdacha.effects import impute
from tests.unit.effects.worlds import World, methodology_of, random_world

seeds = st.integers(0, 10_000)
few = settings(max_examples=20, deadline=None)


def effects_of(world: World) -> tuple[pl.DataFrame, np.ndarray]:
    effects = impute(world.cells, world.exposure, methodology_of())
    return effects.of(), effects.covariance()


@few
@given(seeds, st.permutations(range(4)), st.booleans())
def test_permuting_providers_permutes_results(seed: int, order: list[int], doses: bool) -> None:
    world = random_world(seed, units=30, doses=doses)
    names = {f"p{j}": f"p{order[j]}" for j in range(4)}
    renamed = world.exposure.with_columns(pl.col("provider").replace(names))
    table, V = effects_of(world)
    other, W = effects_of(World(world.cells, renamed))
    where = [other["provider"].to_list().index(names[p]) for p in table["provider"]]
    np.testing.assert_allclose(
        table["estimate"].fill_null(0), other["estimate"].gather(where).fill_null(0), atol=1e-10
    )
    np.testing.assert_allclose(V, W[np.ix_(where, where)], atol=1e-10)
    assert table["state"].to_list() == other["state"].gather(where).to_list()


@few
@given(seeds, st.floats(0.01, 100))
def test_scaling_the_indicator_scales_effects_and_leaves_their_standardised_form(
    seed: int, factor: float
) -> None:
    world = random_world(seed, units=30)
    scaled = World(world.cells.with_columns(pl.col("total") * factor), world.exposure)
    table, V = effects_of(world)
    other, W = effects_of(scaled)
    np.testing.assert_allclose(
        other["estimate"].fill_null(0),
        table["estimate"].fill_null(0).to_numpy() * factor,
        rtol=1e-8,
        atol=1e-9 * factor,
    )
    np.testing.assert_allclose(W, V * factor**2, rtol=1e-7, atol=1e-12 * factor**2)
    np.testing.assert_allclose(
        other["standardised"].fill_null(0), table["standardised"].fill_null(0), rtol=1e-8, atol=1e-9
    )


@few
@given(seeds)
def test_shifting_a_unit_or_a_month_of_a_stratum_changes_nothing(seed: int) -> None:
    world = random_world(seed, units=30)
    rng = np.random.default_rng(seed)
    shift = pl.DataFrame({"unit": world.cells["unit"].unique().sort()}).with_columns(
        a=pl.Series(rng.normal(0, 5, world.cells["unit"].n_unique()))
    )
    calendar = world.cells.select("stratum", "month").unique().sort("stratum", "month")
    calendar = calendar.with_columns(b=pl.Series(rng.normal(0, 5, len(calendar))))
    cells = (
        world.cells.join(shift, on="unit")
        .join(calendar, on=["stratum", "month"])
        .with_columns(total=pl.col("total") + pl.col("n") * (pl.col("a") + pl.col("b")))
    )
    table, V = effects_of(world)
    other, W = effects_of(World(cells, world.exposure))
    np.testing.assert_allclose(
        table["estimate"].fill_null(0), other["estimate"].fill_null(0), atol=1e-9
    )
    np.testing.assert_allclose(V, W, atol=1e-9)


@few
@given(seeds)
def test_the_covariance_is_symmetric_and_positive_semidefinite(seed: int) -> None:
    _, V = effects_of(random_world(seed, units=30, doses=True))
    np.testing.assert_array_equal(V, V.T)
    assert np.linalg.eigvalsh(V).min() >= -1e-12 * max(np.trace(V), 1)
