"""Months before and after training, provider by provider, when they are fitted in groups."""

from __future__ import annotations

from importlib import import_module

import polars as pl
import pytest
from tests.unit.effects.worlds import World, methodology_of, random_world

from otdacha.effects import EventStudy, impute
from otdacha.methodology import Methodology
from otdacha.release.verdict import EVENT_STUDIES, FITTED_TOGETHER, each_apart, with_months

ORDER = ("p2", "p0", "p3", "p1")
FIGURES = ["estimate", "se", "df", "lower", "upper", "lower_all", "upper_all"]


def methodology() -> Methodology:
    default = methodology_of(horizon_months=4)
    return default.model_copy(update={"gates": default.gates.model_copy(update={"leads": 2})})


def studied(world: World, at_once: int, patch: pytest.MonkeyPatch) -> EventStudy:
    rules = methodology()
    effects = impute(world.cells, world.exposure, rules)
    patch.setattr(import_module("otdacha.release.verdict"), "FITTED_TOGETHER", at_once)
    return each_apart(world.cells, world.exposure, effects, rules, order=ORDER)


@pytest.mark.parametrize("at_once", [1, 2, 3])
def test_where_nobody_learnt_from_two_the_months_after_do_not_depend_on_the_group(
    at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = random_world(3, units=160, clusters=12)
    whole = studied(world, 4, monkeypatch)
    split = studied(world, at_once, monkeypatch)
    keys = ["indicator", "group", "time", "cells", "clusters", "people", "state"]
    assert split.frame.select(keys).equals(whole.frame.select(keys))
    assert split.frame["group"].unique().sort().to_list() == sorted(ORDER)
    assert split.paths.keys() == whole.paths.keys()
    after = pl.col("time") >= 0
    estimates = ["estimate", "se", "df", "lower", "upper"]
    found, expected = (study.frame.filter(after).select(estimates) for study in (split, whole))
    assert expected["estimate"].count() > 10
    for name in estimates:
        difference = (found[name] - expected[name]).abs()
        assert difference.drop_nulls().max() == pytest.approx(0, abs=1e-8)
        assert (found[name].is_null() == expected[name].is_null()).all()


def test_where_people_learnt_from_two_the_others_take_their_part(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Half of the units are exposed to two providers at once, whose effects are far apart. Left out
    of the fit, the second one's effect would be laid to the first."""
    world = random_world(5, units=400, clusters=20, doses=True)
    whole = studied(world, 4, monkeypatch).frame
    split = studied(world, 2, monkeypatch).frame
    alone = pl.concat(
        [
            studied(
                World(world.cells, world.exposure.filter(pl.col("provider").is_in(pair))),
                4,
                monkeypatch,
            ).frame.filter(pl.col("group").is_in(pair))
            for pair in (ORDER[:2], ORDER[2:])
        ]
    )
    after = whole.filter(pl.col("time") >= 0)

    def farness(other: pl.DataFrame) -> float:
        both = after.join(other, on=["indicator", "group", "time"], suffix="_other")
        apart = ((pl.col("estimate_other") - pl.col("estimate")) / pl.col("se")).abs()
        return float(both.select(apart.median()).item())

    assert farness(split) < 0.5 * farness(alone)


def test_all_are_shown_up_to_a_bound_and_the_first_of_the_ranking_beyond_it() -> None:
    names = [f"{number:04d}" for number in range(EVENT_STUDIES + 1)]
    assert with_months(names[:-1]) == names[:-1]
    assert with_months(names) == names[:FITTED_TOGETHER]


def test_nobody_in_the_order_is_no_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    world = random_world(3, units=20)
    rules = methodology()
    effects = impute(world.cells, world.exposure, rules)
    found = each_apart(world.cells, world.exposure, effects, rules, order=())
    assert found.frame.is_empty()
    assert not found.paths
