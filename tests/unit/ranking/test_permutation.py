"""Labels dealt out anew: what stays as it is, what moves, and what the gate says."""

from __future__ import annotations

from collections import Counter

import numpy as np
import polars as pl
import pytest

from otdacha.effects import impute
from otdacha.effects.prepared import prepare
from otdacha.methodology import Methodology
from otdacha.ranking.permutation import (
    FAILED,
    NOT_TESTABLE,
    PASSED,
    _blocks,
    _Dealer,
    permuted_labels,
)
from tests.simulation.unions import simulated_union
from tests.unit.effects.worlds import methodology_of, random_world


def dealer(*taught: tuple[str, str, int], component: dict[str, int] | None = None) -> _Dealer:
    """taught: place, provider, code."""
    rows = [((component or {}).get(place, 0), place, name, code) for place, name, code in taught]
    schema = ["component", "place", "provider", "provider_code"]
    return _Dealer(pl.DataFrame(rows, schema=schema, orient="row").sort("component", "place"))


def methodology(**gates: int) -> Methodology:
    known = methodology_of(horizon_months=36, look_back_months=36)
    return known.model_copy(update={"gates": known.gates.model_copy(update=gates)})


def test_places_and_providers_keep_their_numbers_and_nobody_teaches_twice_in_a_place() -> None:
    rng = np.random.default_rng(2)
    taught = [
        (f"t{t:02d}", f"p{j}", int(j))
        for t in range(20)
        for j in sorted(rng.choice(6, size=rng.integers(1, 5), replace=False))
    ]
    place = [row[0] for row in taught]
    dealt = dealer(*taught)
    moved = 0
    for seed in range(20):
        labels = dealt.deal(np.random.default_rng(seed))
        assert Counter(labels.tolist()) == Counter(dealt.labels.tolist())
        assert len(set(zip(place, labels.tolist(), strict=True))) == len(taught)
        moved += int((labels != dealt.labels).sum())
    assert moved > 0.5 * 20 * len(taught)


def test_every_table_with_the_same_margins_is_equally_likely() -> None:
    """Places with 2, 1 and 1 labels of three providers with 1, 1 and 2 places: five tables, and in
    the first place two ways to deal two labels out."""
    dealt = dealer(("a", "p", 0), ("a", "q", 1), ("b", "r", 2), ("c", "r", 2))
    rng = np.random.default_rng(11)
    draws = 6000
    tables = Counter(
        (frozenset(labels[:2].tolist()), *labels[2:].tolist())
        for labels in (dealt.deal(rng) for _ in range(draws))
    )
    assert len(tables) == 5
    expected = draws / 5
    chi_squared = sum((count - expected) ** 2 / expected for count in tables.values())
    assert chi_squared < 18.5  # 0.999 quantile, 4 degrees of freedom
    first = Counter(tuple(dealt.deal(rng)[:2].tolist()) for _ in range(draws))
    assert abs(first[0, 1] - first[1, 0]) < 4 * np.sqrt(first[0, 1] + first[1, 0])


def test_labels_do_not_cross_to_places_that_nothing_compares() -> None:
    cells = pl.DataFrame(
        {
            "unit": ["u1", "u2", "u3", "u4", "u4b"],
            "stratum": ["north", "north", "south", "south", "west"],
            "municipality": ["a", "b", "c", "d", "d"],
            "month": [1] * 5,
            "status": ["exposed"] * 5,
        }
    )
    exposure = pl.DataFrame(
        {"unit": ["u1", "u2", "u3", "u4"], "month": [1] * 4, "provider": ["p", "q", "r", "p"]}
    )
    blocks = _blocks(cells, exposure, "municipality")
    assert blocks.select("place", "provider").rows() == [
        ("a", "p"), ("b", "q"), ("c", "r"), ("d", "p"),
    ]  # fmt: skip
    assert blocks["component"].n_unique() == 2
    dealt = _Dealer(blocks)
    for seed in range(20):
        labels = dealt.deal(np.random.default_rng(seed)).tolist()
        assert sorted(labels[:2]) == [0, 1]
        assert sorted(labels[2:]) == [0, 2]


def test_one_label_has_nowhere_to_move() -> None:
    assert not dealer(("a", "p", 0), ("b", "p", 0)).can_move
    apart = {"a": 0, "b": 1}
    assert not dealer(("a", "p", 0), ("b", "q", 1), component=apart).can_move
    assert dealer(("a", "p", 0), ("a", "q", 1)).can_move


@pytest.mark.parametrize("doses", [False, True])
def test_swapped_labels_are_estimated_as_if_the_frames_had_said_so(doses: bool) -> None:
    world = random_world(4, doses=doses)
    known = methodology_of()
    label = np.array([2, 0, 3, 1])
    names = {f"p{j}": f"p{label[j]}" for j in range(4)}
    renamed = world.exposure.with_columns(pl.col("provider").replace(names))
    prepared = prepare(world.cells, world.exposure, known)
    found = prepared.relabelled(("p0", "p1", "p2", "p3"), label).effects(known)
    expected = impute(world.cells, renamed, known)
    for name in ("estimate", "se", "df"):
        np.testing.assert_allclose(
            found.of()[name].fill_null(-1), expected.of()[name].fill_null(-1), rtol=1e-9
        )
    np.testing.assert_allclose(found.scores["on_time"], expected.scores["on_time"], atol=1e-10)
    for name in ("units", "clusters", "cells", "cases", "state", "reason"):
        assert found.of()[name].equals(expected.of()[name])
    assert found.excluded.equals(expected.excluded)


def test_blocks_of_one_provider_together_are_estimated_as_the_provider() -> None:
    """Twelve blocks (cluster x provider) back under their four names: the estimate of the union."""
    world = random_world(6, units=90, clusters=3, doses=True)
    known = methodology_of()
    towns = world.cells.select("unit", "cluster").unique()
    split = world.exposure.join(towns, on="unit").with_columns(
        provider=pl.col("cluster") + "|" + pl.col("provider")
    )
    blocks = split["provider"].unique().sort()
    label = blocks.str.slice(4).cast(pl.Int64).to_numpy()
    prepared = prepare(world.cells, split, known)
    found = prepared.relabelled(("p0", "p1", "p2", "p3"), label).effects(known)
    expected = impute(world.cells, world.exposure, known)
    assert len(blocks) == 12
    np.testing.assert_allclose(found.scores["on_time"], expected.scores["on_time"], atol=1e-10)
    for name in ("estimate", "se", "df", "units", "clusters", "cells", "cases"):
        np.testing.assert_allclose(
            found.of()[name].fill_null(-1), expected.of()[name].fill_null(-1), rtol=1e-9
        )
    assert found.excluded.equals(expected.excluded)


def test_a_valid_union_passes_and_permuting_takes_the_differences_away() -> None:
    union = simulated_union(5, towns=30, people=16, providers=10)
    found = permuted_labels(union.cells, union.exposure, methodology())
    assert found.outcome == PASSED
    assert found.permutations == 20
    assert found.threshold == 4 / 20  # P(X > 4) = 0.043 where X is binomial (20, 0.10)
    assert found.figure <= found.threshold
    assert found.variance_ratio < 0.2
    assert found == permuted_labels(union.cells, union.exposure, methodology())
    assert found != permuted_labels(union.cells, union.exposure, methodology(seed=1))


def test_standard_errors_that_miss_the_shocks_of_towns_fail() -> None:
    union = simulated_union(5, towns=30, people=16, providers=10, town_shock=0.4)
    wrong = union.cells.with_columns(municipality="cluster", cluster="unit")
    found = permuted_labels(wrong, union.exposure, methodology())
    assert found.outcome == FAILED
    assert "chance is larger than it was taken for" in str(found.sentence)


def test_units_trained_by_two_providers_are_no_obstacle() -> None:
    world = random_world(2, units=240, clusters=12, periods=16, doses=True)
    assert permuted_labels(world.cells, world.exposure, methodology()).permutations == 20


def test_tiny_and_empty_data_are_not_testable_and_say_why() -> None:
    world = random_world(1, units=12, periods=5)
    one = world.exposure.with_columns(provider=pl.lit("p"))
    for cells, exposure in (
        (world.cells, one),
        (world.cells, one.clear()),
        (world.cells.clear(), one.clear()),
        (world.cells.filter(pl.col("status") != "clean"), world.exposure),
    ):
        found = permuted_labels(cells, exposure, methodology())
        assert found.outcome == NOT_TESTABLE
        assert np.isnan(found.figure)
        assert "cannot be tested" in str(found.sentence)
