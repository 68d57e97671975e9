"""Which design runs, why, and what stands beside it."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from otdacha.effects import COMPOSITE, Effects, assemble, estimate, impute, joint
from otdacha.effects.estimate import BECAUSE
from otdacha.errors import NothingToEstimate
from otdacha.ranking import rank
from tests.unit.effects.worlds import World, methodology_of, random_world


def two_indicators(seed: int) -> World:
    world = random_world(seed, units=80, clusters=8)
    other = random_world(seed + 1, units=80, clusters=8, indicator="repeat").cells
    status = world.cells.select("unit", "month", "status")
    other = other.drop("status").join(status, on=["unit", "month"])
    return World(pl.concat([world.cells, other.select(world.cells.columns)]), world.exposure)


def without_clean(world: World, share: float, indicator: str = "on_time") -> World:
    """The world with clean cells taken from that share of the units, in one indicator."""
    units = world.cells["unit"].unique().sort()
    bare = units[: round(share * len(units))].implode()
    gone = (
        pl.col("unit").is_in(bare)
        & (pl.col("status") == "clean")
        & (pl.col("indicator") == indicator)
    )
    return World(world.cells.filter(~gone), world.exposure)


def estimated(world: World, **design: object) -> Effects:
    indicators = tuple(world.cells["indicator"].unique().sort())
    return estimate(world.cells, world.exposure, methodology_of(indicators, **design))


def test_imputation_runs_where_clean_cells_predict_enough() -> None:
    world = random_world(1)
    effects = estimated(world)
    assert effects.design == "imputation"
    assert effects.estimates.equals(impute(world.cells, world.exposure, methodology_of()).estimates)
    figures = effects.diagnostics["on_time"]
    assert (figures["because"], figures["predicted_share"]) == ("enough_predicted", 1.0)
    assert figures["because"] in BECAUSE


def test_the_joint_design_runs_where_they_do_not_and_says_why() -> None:
    world = without_clean(random_world(1, units=80), 0.7)
    effects = estimated(world)
    assert effects.design == "joint"
    assert effects.estimates.equals(joint(world.cells, world.exposure, methodology_of()).estimates)
    figures = effects.diagnostics["on_time"]
    assert figures["because"] == "too_little_predicted"
    exposed = world.cells.filter(pl.col("status") == "exposed")
    seen = world.cells.filter(pl.col("status") == "clean")["unit"].unique().implode()
    share = exposed.filter(pl.col("unit").is_in(seen))["n"].sum() / exposed["n"].sum()
    assert figures["predicted_share"] == pytest.approx(share)
    assert share < 0.5


def test_the_threshold_is_the_methodologys() -> None:
    world = without_clean(random_world(1, units=80), 0.7)
    share = estimated(world).diagnostics["on_time"]["predicted_share"]
    assert estimated(world, least_predicted=share - 1e-9).design == "imputation"
    assert estimated(world, least_predicted=share + 1e-9).design == "joint"


def test_the_weakest_indicator_decides_for_all_unless_it_weighs_nothing() -> None:
    world = without_clean(two_indicators(3), 0.7, "repeat")
    effects = estimated(world)
    assert effects.design == "joint"
    assert effects.diagnostics["on_time"]["predicted_share"] > 0.9
    assert effects.diagnostics["repeat"]["predicted_share"] < 0.5
    assert {row["because"] for row in effects.diagnostics.values()} == {"too_little_predicted"}
    methodology = methodology_of(("on_time", "repeat"))
    weightless = methodology.model_copy(
        update={
            "indicators": tuple(
                i.model_copy(update={"weight": float(i.id == "on_time")})
                for i in methodology.indicators
            )
        }
    )
    assert estimate(world.cells, world.exposure, weightless).design == "imputation"


@pytest.mark.parametrize("kind", ["imputation", "joint"])
def test_a_methodology_may_ask_for_one_design(kind: str) -> None:
    effects = estimated(without_clean(random_world(1), 0.3), kind=kind)
    assert (effects.design, effects.diagnostics["on_time"]["because"]) == (kind, "asked")


def test_both_designs_stand_beside_each_other_with_the_error_of_their_difference() -> None:
    world = two_indicators(5)
    methodology = methodology_of(("on_time", "repeat"))
    effects = estimate(world.cells, world.exposure, methodology)
    other = joint(world.cells, world.exposure, methodology)
    assert effects.comparison is not None
    assert effects.comparison["indicator"].unique(maintain_order=True).to_list() == [
        "on_time",
        "repeat",
        COMPOSITE,
    ]
    for name in effects.indicators:
        row = effects.comparison.filter(indicator=name, provider="p2").row(0, named=True)
        j = effects.providers.index("p2")
        a = effects.of(name)["estimate"][j]
        b = other.of(name)["estimate"][j]
        assert (row["design"], row["other_design"]) == ("imputation", "joint")
        assert (row["estimate"], row["other_estimate"]) == (a, b)
        assert row["difference"] == b - a
        both = np.hstack([effects.scores[name][:, [j]], other.scores[name][:, [j]]])
        V = both.T @ both
        assert row["se"] == pytest.approx(np.sqrt(V[0, 0] + V[1, 1] - 2 * V[0, 1]), abs=1e-12)


def test_what_one_design_does_not_know_is_not_compared() -> None:
    world = without_clean(random_world(1, units=80), 1.0)
    changing = (pl.col("unit").rank("dense") * pl.col("month").dt.month() % 5 + 1) / 5
    effects = estimated(World(world.cells, world.exposure.with_columns(share=changing)))
    assert effects.design == "joint"
    assert effects.comparison is not None
    assert effects.comparison.is_empty()


def test_where_neither_design_knows_anybody_it_is_said_what_is_missing() -> None:
    """Everybody is exposed at all times to the one that trained them: nothing changes."""
    world = random_world(1)
    provider = world.exposure.unique("unit").select("unit", "provider", "share", "staff")
    cells = world.cells.join(provider.select("unit"), on="unit").with_columns(
        status=pl.lit("exposed")
    )
    links = cells.select("unit", "month").join(provider, on="unit")
    with pytest.raises(NothingToEstimate, match="before any training"):
        estimate(cells, links, methodology_of())


def test_the_joint_design_can_be_ranked() -> None:
    world = without_clean(two_indicators(3), 0.7, "repeat")
    methodology = methodology_of(("on_time", "repeat"))
    effects = estimate(world.cells, world.exposure, methodology)
    ranking = rank(effects, methodology)
    assert ranking.indicator == COMPOSITE
    assert len(ranking.frame.drop_nulls("rank_low")) >= 2


def test_where_the_jackknife_of_the_other_design_is_too_much_work_plain_scores_are_compared(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = random_world(5, clusters=6)
    whole = estimated(world)
    monkeypatch.setattr(assemble, "JACKKNIFE_NUMBERS", 0)
    spared = estimated(world)
    assert spared.estimates.equals(whole.estimates)
    assert np.array_equal(spared.scores["on_time"], whole.scores["on_time"])
    rules = methodology_of()
    plain = [
        design(world.cells, world.exposure, rules, correct=False).scores["on_time"]
        for design in (impute, joint)
    ]
    assert whole.comparison is not None
    assert spared.comparison is not None
    same = ["estimate", "other_estimate", "difference"]
    assert spared.comparison.select(same).equals(whole.comparison.select(same))
    by_hand = np.sqrt(((np.asarray(plain[1]) - np.asarray(plain[0])) ** 2).sum(0))
    assert np.allclose(spared.comparison["se"].to_numpy(), by_hand, rtol=1e-12)


def test_the_joint_design_is_never_spared_its_jackknife_where_it_runs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = random_world(6, clusters=6)
    whole = estimated(world, kind="joint")
    monkeypatch.setattr(assemble, "JACKKNIFE_NUMBERS", 0)
    spared = estimated(world, kind="joint")
    assert spared.estimates.equals(whole.estimates)
    assert np.array_equal(spared.scores["on_time"], whole.scores["on_time"])
    assert spared.comparison is not None
    assert spared.comparison.equals(whole.comparison)
