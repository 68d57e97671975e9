"""What is asked of cells that were sorted once is what is asked of the cells themselves."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from otdacha.effects.cells import indicator_cells
from otdacha.effects.event_time import grouped
from otdacha.effects.observed import Observed, Question
from otdacha.effects.reestimate import as_one
from tests.unit.effects.worlds import World, methodology_of, random_world

RULES = methodology_of()
ONE = RULES.indicators[0]


def observed(world: World) -> Observed:
    return Observed.of(world.cells, world.exposure, RULES)


@pytest.mark.parametrize("seed", range(4))
def test_the_cells_as_they_are_come_out_as_the_arrays_of_design_a(seed: int) -> None:
    world = random_world(seed, doses=True)
    shuffled = World(
        world.cells.sample(fraction=1, shuffle=True, seed=seed),
        world.exposure.sample(fraction=1, shuffle=True, seed=seed),
    )
    seen = observed(shuffled)
    providers = sorted(set(world.exposure["provider"]))
    codes = pl.DataFrame({"provider": providers, "code": range(len(providers))})
    exposure = seen.exposure.join(codes, on="provider")
    question = Question(
        seen.clean, seen.exposed, exposure.select("place", "share", "staff", provider="code")
    )
    asked = seen.of_indicator(ONE).asked(question, "cases")
    twin = indicator_cells(
        world.cells,
        world.exposure,
        ONE,
        providers=providers,
        clusters=seen.clusters,
        covariates=(),
        aggregation="cases",
    )
    compared = ["stratum", "cluster", "unit", "month", "n", "y", "clean"]
    assert_frame_equal(
        asked.frame.select(compared), twin.frame.select(compared), check_dtypes=False
    )
    assert_frame_equal(asked.links, twin.links, check_dtypes=False)
    assert asked.months == twin.months


def test_months_that_are_neither_clean_nor_exposed_take_no_part() -> None:
    world = random_world(3)
    seen = observed(world)
    first = seen.months["month"] == seen.months["month"].min()
    question = Question(seen.clean & first.to_numpy(), np.zeros_like(seen.clean))
    found = seen.of_indicator(ONE).asked(question, "cases").frame
    assert found["month"].unique().to_list() == [0]
    clean = world.cells.filter(pl.col("status") == "clean")
    assert found.height == (clean["month"] == clean["month"].min()).sum()


def test_figures_of_unit_months_reach_each_of_their_cells() -> None:
    world = random_world(4)
    seen = observed(world)
    some = seen.months.filter(pl.col("status") == "clean").gather_every(3)
    figures = seen.spread(some["number"], some["place"], np.nan)
    question = Question(
        seen.clean & seen.only(some["place"]), np.zeros_like(seen.clean), covariates={"x": figures}
    )
    found = seen.of_indicator(ONE).asked(question, "cases").frame
    numbers = world.cells.join(some, on=["unit", "month"]).sort("stratum", "unit", "month")
    assert found["x"].to_list() == numbers["number"].to_list()


def test_an_exposed_month_whose_exposure_is_not_told_is_left_out_and_counted() -> None:
    world = random_world(5)
    seen = observed(world)
    together = as_one(grouped(seen.exposure, None))
    question = Question(seen.clean, seen.exposed, together.filter(pl.col("place") % 2 == 0))
    found = seen.of_indicator(ONE).asked(question, "cases")
    untold = sum(place % 2 for place in np.flatnonzero(seen.exposed))
    assert found.excluded == {"exposure_missing": untold}
    assert (~found.frame["clean"]).sum() == seen.exposed.sum() - untold


def test_a_unit_of_two_strata_is_exposed_in_both() -> None:
    world = random_world(6)
    twice = pl.concat([world.cells, world.cells.with_columns(stratum=pl.lit("another"))])
    seen = observed(World(twice, world.exposure))
    question = Question(seen.clean, seen.exposed, as_one(grouped(seen.exposure, None)))
    found = seen.of_indicator(ONE).asked(question, "cases")
    assert found.links.height == 2 * seen.exposure.select("place").n_unique()
