"""What guards the claims of docs/evidence.md every day: few unions of every world.

The bounds are those of the claims, widened by what few unions may miss them by; the figures that
are claimed come from the long run (`test_claims`, `make evidence`).
"""

from __future__ import annotations

import polars as pl
import pytest

from tests.simulation.runs import (
    FEW,
    MANY,
    OURS,
    Lists,
    by_reach,
    intervals,
    lists,
    rank_coverage,
    robust_coverage,
    run,
    short,
)
from tests.simulation.worlds import WORLDS

HOLDING = [name for name, world in WORLDS.items() if not world.breaks]


def mean_error(found: pl.DataFrame) -> float:
    return float(found.select((pl.col("estimate") - pl.col("truth")).mean()).item())


def test_intervals_cover_the_truth() -> None:
    found = by_reach(short("staggered growing effects", 40))
    assert intervals(found[FEW]).coverage >= 0.93
    assert 0.93 <= intervals(found[MANY]).coverage <= 0.985  # 40 unions: ± 0.02


def test_without_the_correction_intervals_with_few_towns_are_too_short() -> None:
    found = by_reach(short("staggered growing effects", 40))
    assert intervals(found[FEW]).plain < 0.90


def test_few_places_are_owed_to_chance_and_the_list_is_not_empty() -> None:
    found = lists(short("half have none, the others 0.3 ± 0.3", 30))
    assert found.rate <= 0.10
    assert found.power > 0.3


def test_where_nobody_has_an_effect_the_list_is_nearly_always_empty() -> None:
    found = lists(short("nobody has an effect but by town", 30))
    assert found.anybody <= 0.2  # 30 unions at a rate of 0.10: 0.2 is 2 sd away


@pytest.mark.parametrize("name", HOLDING)
def test_every_world_in_which_the_design_holds(name: str) -> None:
    found = short(name)
    assert found["se"].null_count() == 0
    for part in by_reach(found).values():
        assert intervals(part).coverage >= 0.88
        assert abs(intervals(part).bias) < 0.6  # the errors of one union hang together
    assert rank_coverage(found).value >= 0.93
    assert robust_coverage(found).value >= 0.90
    assert lists(found).rate <= 0.25


def test_leaving_out_the_dip_before_training_repairs_what_it_breaks() -> None:
    kept, repaired = (
        short(f"a dip before training, {how}") for how in ("not left out", "left out")
    )
    assert mean_error(kept) > 0.06  # 0.4 in 3 of the 10-31 months before training
    assert abs(mean_error(repaired)) < 0.05
    assert lists(kept).rate > 3 * lists(repaired).rate


def test_a_bad_spell_that_sends_people_is_taken_for_an_effect() -> None:
    chosen = short("people are sent after a bad spell")
    assert mean_error(chosen) > 0.05
    assert intervals(chosen).coverage < 0.93


def test_effects_that_outlast_the_horizon_are_credited_to_later_courses() -> None:
    lasting = short("departments, effects that last")
    ending = short("departments, shares, several providers")
    assert mean_error(lasting) - mean_error(ending) > 0.02  # the same unions but for this


@pytest.mark.parametrize(
    ("of_people", "otherwise"),
    [
        ("weak people are sent", "half have none, the others 0.3 ± 0.3"),
        ("half have none, intake differs", "half have none, the others 0.3 ± 0.3"),
        ("providers differ in intake only", "nobody has an effect"),
    ],
)
def test_who_is_sent_changes_nothing_where_people_differ_in_level_only(
    of_people: str, otherwise: str
) -> None:
    """The same unions with other people in training: to the rounding, the same estimates."""
    there, here = short(of_people), short(otherwise)
    both = there.join(here, on=["seed", "provider"], validate="1:1")
    assert len(both) == len(there)
    for figure in ("estimate", "se", "upper"):
        assert (both[figure] - both[f"{figure}_right"]).abs().max() < 1e-9
    assert (both[OURS] == both[f"{OURS}_right"]).all()


# --- the usual ways to name the best ------------------------------------------------------------

TWO_WAY = "two-way fixed effects, significant"
RAW = "raw means, significantly above the mean"
SATISFACTION = "satisfaction, top quarter"


def of(name: str, rule: str) -> Lists:
    return lists(short(name), rule)


def test_where_nobody_has_an_effect_others_nearly_always_name_somebody() -> None:
    world = "providers differ in intake only"
    assert of(world, RAW).misled > 0.9
    assert of(world, TWO_WAY).misled > 0.5
    assert of(world, SATISFACTION).misled == 1.0
    assert of(world, OURS).misled < 0.4


def test_intake_puts_useless_providers_among_the_best_raw_means() -> None:
    world = "half have none, intake differs"
    assert of(world, RAW).rate > 2 * of(world, OURS).rate


def test_satisfaction_names_the_useless_nearly_as_often_as_chance() -> None:
    """Half are useless; a list drawn by lot would hold one half of them."""
    found = of("half have none, the others 0.3 ± 0.3", SATISFACTION)
    assert 0.3 < found.rate < 0.6


def test_where_few_are_better_two_way_fixed_effects_name_many_who_are_not() -> None:
    world = "nine in ten have none"
    assert of(world, TWO_WAY).rate > 0.25
    assert of(world, TWO_WAY).rate > 2 * of(world, OURS).rate


def test_two_way_fixed_effects_take_a_dip_before_training_for_an_effect() -> None:
    world = "a dip before training, left out"
    assert of(world, TWO_WAY).rate > 0.25
    assert of(world, TWO_WAY).rate > 2 * of(world, OURS).rate


# --- the run itself -----------------------------------------------------------------------------


def test_two_processes_say_the_same_as_one() -> None:
    world, seeds = WORLDS["every provider in 3-9 towns"], range(2)
    assert run(world, seeds, processes=2).equals(run(world, seeds))
