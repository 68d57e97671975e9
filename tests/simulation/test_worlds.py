"""The simulated worlds are what they say they are."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from otdacha.panel.frames import CELLS, EXPOSURE, STATUSES
from tests.simulation.unions import simulated_union
from tests.simulation.worlds import WORLDS, Union
from tests.simulation.worlds.departments import DepartmentWorld, Sessions, doses
from tests.simulation.worlds.people import PeopleWorld
from tests.simulation.worlds.processes import autoregressive
from tests.simulation.worlds.union import SATISFACTION, satisfaction_frame


@pytest.fixture(scope="module", params=WORLDS)
def unions(request: pytest.FixtureRequest) -> tuple[Union, Union, Union]:
    world = WORLDS[request.param]
    return world.union(1), world.union(1), world.union(2)


def test_a_seed_is_a_union(unions: tuple[Union, Union, Union]) -> None:
    one, again, other = unions
    assert one.cells.equals(again.cells)
    assert one.exposure.equals(again.exposure)
    assert one.satisfaction.equals(again.satisfaction)
    assert np.array_equal(one.truth, again.truth)
    assert not one.cells.equals(other.cells)


def test_frames_are_as_the_panel_makes_them(unions: tuple[Union, Union, Union]) -> None:
    union = unions[0]
    assert set(union.cells.columns) == set(CELLS.names()) - {"municipality", "total_squares"}
    assert set(union.exposure.columns) == set(EXPOSURE.names())
    assert set(union.cells["status"].unique()) <= set(STATUSES)
    assert (union.cells["n"] > 0).all()
    assert union.exposure["share"].is_between(0, 1).all()
    assert union.cells.select("unit", "month").is_unique().all()
    exposed = union.cells.filter(pl.col("status") == "exposed").select("unit", "month")
    linked = union.exposure.select("unit", "month").unique()
    assert len(exposed) == len(linked) == len(exposed.join(linked, on=["unit", "month"]))


def test_every_provider_has_a_truth_towns_and_people_who_were_asked(
    unions: tuple[Union, Union, Union],
) -> None:
    union = unions[0]
    assert np.isfinite(union.truth).all()
    assert (union.towns_of >= 3).all()
    assert set(union.satisfaction["provider"]) == set(union.providers["provider"])
    assert set(union.exposure["provider"]) == set(union.providers["provider"])
    assert union.satisfaction["score"].is_between(1, 5).all()


def test_what_is_added_to_a_world_leaves_the_rest_of_a_union_alone() -> None:
    plain = simulated_union(3)
    for settings in ({"intake": 0.5}, {"dip": 0.4, "left_out": 3}, {"larger_is_better": 0.3}):
        other = simulated_union(3, **settings)
        assert other.cells.drop("total", "status").equals(plain.cells.drop("total", "status"))
        assert other.exposure.equals(plain.exposure)


def test_truth_is_the_mean_effect_over_the_cells_after_training() -> None:
    """Without towns' own deviations it is what the means of cells gain by the effects."""
    settings = {"between_towns": 0.0, "towns": 20, "people": 30, "few": (3, 5), "many": (6, 8)}
    union = simulated_union(5, **settings)
    nothing = simulated_union(5, **settings, zero_share=1.0)
    gained = union.cells.select(
        "unit", "month", "n", gain=pl.col("total") - nothing.cells["total"]
    ).join(union.exposure, on=["unit", "month"])
    found = gained.group_by("provider").agg(mean=pl.col("gain").sum() / pl.col("n").sum())
    both = found.join(union.providers, on="provider", validate="1:1")
    assert (both["mean"] - both["truth"]).abs().max() < 1e-12
    assert not nothing.truth.any()


def test_the_dip_is_just_before_training_and_left_out_where_it_is_said_so() -> None:
    dipped, plain = PeopleWorld(dip=0.4, left_out=3).union(2), PeopleWorld().union(2)
    lost = (plain.cells["total"] - dipped.cells["total"]) / plain.cells["n"]
    around = dipped.cells["status"] == "around_training"
    assert (lost.filter(around) - 0.4).abs().max() < 1e-12
    assert lost.filter(~around).abs().max() < 1e-12
    trained = plain.exposure["unit"].n_unique()
    assert around.sum() == 3 * trained


def test_people_who_are_sent_after_a_bad_spell_were_worse_just_before() -> None:
    world = PeopleWorld(person_shock=0.4, effect=0.0, sent="after a bad spell", left_out=3)
    deficits = []
    for seed in range(4):
        union = world.union(seed)
        mean = pl.col("total").sum() / pl.col("n").sum()
        trained = union.cells.filter(
            pl.col("unit").is_in(union.exposure["unit"].unique().to_list())
        )
        figures = dict(trained.group_by("status").agg(mean).iter_rows())
        deficits.append(figures["clean"] - figures["around_training"])
    assert 0.15 < np.mean(deficits) < 0.45


def test_weak_people_are_sent() -> None:
    union = PeopleWorld(effect=0.0, sent="weak people").union(1)
    early = union.cells.filter(pl.col("month").rank("dense") <= 10)
    level = early.group_by("unit").agg(mean=pl.col("total").sum() / pl.col("n").sum())
    trained = level["unit"].is_in(union.exposure["unit"].unique().to_list())
    assert level.filter(trained)["mean"].mean() < level.filter(~trained)["mean"].mean() - 0.8


def test_large_providers_are_better() -> None:
    union = PeopleWorld(larger_is_better=0.3).union(1)
    assert np.corrcoef(union.truth, np.log(union.towns_of))[0, 1] > 0.4


def test_heavy_tails_have_the_same_variance_but_longer_tails() -> None:
    settings = {"effect": 0.0, "between_towns": 0.0, "town_shock": 0.0}

    def noise(**more: bool) -> np.ndarray:
        cells = PeopleWorld(**settings, **more).union(1).cells
        y = (cells["total"] / cells["n"]).to_numpy().reshape(-1, 36)
        y = (y - y.mean(1, keepdims=True)) - (y - y.mean(1, keepdims=True)).mean(0)
        return (y * np.sqrt(cells["n"].to_numpy().reshape(y.shape))).ravel()

    normal, heavy = noise(), noise(heavy_tails=True)
    assert heavy.std() == pytest.approx(normal.std(), rel=0.15)
    assert np.mean(np.abs(heavy) > 4) > 10 * np.mean(np.abs(normal) > 4)


def test_autoregressive_paths() -> None:
    paths = autoregressive(np.random.default_rng(1), 20_000, 6, sd=0.5, persistence=0.8)
    assert paths.std(axis=0) == pytest.approx(0.5, rel=0.03)
    assert np.corrcoef(paths[:, 2], paths[:, 4])[0, 1] == pytest.approx(0.64, abs=0.02)


def test_doses_are_shares_of_the_staff_that_is_there() -> None:
    """By plain loops: who is in the department now, and finished within the last months."""
    rng = np.random.default_rng(4)
    people, periods, units, providers, months = 12, 20, 3, 4, 5
    workplace = rng.integers(0, units, (people, periods))
    workplace[0] = 0
    sessions = Sessions(
        rng.integers(0, people, 30), rng.integers(0, providers, 30), rng.integers(2, periods, 30)
    )
    staff = np.array([[(workplace[:, t] == u).sum() for t in range(periods)] for u in range(units)])
    expected = np.zeros((units, periods, providers))
    for t in range(periods):
        for person in range(people):
            u = workplace[person, t]
            for j in range(providers):
                mine = (sessions.person == person) & (sessions.provider == j)
                ago = t - sessions.month[mine]
                expected[u, t, j] += ((ago >= 1) & (ago <= months)).any() / staff[u, t]
    assert doses(sessions, workplace, staff, providers, months) == pytest.approx(expected)


def test_departments_have_several_providers_and_people_move() -> None:
    union = DepartmentWorld().union(1)
    per_cell = union.exposure.group_by("unit", "month").agg(pl.len(), pl.col("share").sum())
    assert (per_cell["len"] > 1).mean() > 0.1
    staff = union.exposure.group_by("unit").agg(pl.col("staff").n_unique())["staff"]
    assert (staff > 1).mean() > 0.5
    never_taught = union.exposure.filter(pl.col("unit") % 8 >= 6)
    assert 0 < len(never_taught) < 0.2 * len(union.exposure)


def test_satisfaction_has_little_to_do_with_the_truth() -> None:
    rng = np.random.default_rng(1)
    truth = rng.normal(0, 1, 5_000)
    provider = np.repeat(np.arange(5_000), 40)
    said = satisfaction_frame(provider, provider, truth, rng)
    score = said["score"].to_numpy().reshape(-1, 40).mean(axis=1)
    seen = np.corrcoef(score, truth)[0, 1]
    assert SATISFACTION - 0.05 < seen < SATISFACTION + 0.03  # people's own moods take a little off
