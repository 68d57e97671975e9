"""The order and the list over the simplex of indicator weights."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import polars as pl
import pytest
from scipy import stats

from otdacha.effects.composite import composite
from otdacha.errors import NothingToEstimate
from otdacha.ranking import rank, sweep_weights
from otdacha.ranking.weights import PROVIDERS, kendall, weight_vectors
from tests.unit.ranking.indicators import NAMES, random_indicators, several_indicators, weighing

EQUAL = {"on_time": 1.0, "duration": 1.0, "repeat": 1.0}


@pytest.mark.parametrize(("count", "vectors"), [(1, 1), (2, 21), (3, 66), (4, 84)])
def test_the_lattice_covers_the_simplex(count: int, vectors: int) -> None:
    own = np.eye(count)[0]
    found = weight_vectors(count, own)
    assert found.shape == (vectors, count)
    np.testing.assert_allclose(found.sum(axis=1), 1)
    assert (found >= 0).all()
    assert len({tuple(row) for row in found.round(9).tolist()}) == vectors
    for corner in np.eye(count):
        assert (np.abs(found - corner) < 1e-12).all(axis=1).any()


def test_own_weights_are_always_among_the_vectors() -> None:
    own = np.array([0.5, 0.25, 0.25])
    found = weight_vectors(3, own)
    assert found.shape == (67, 3)
    np.testing.assert_allclose(found[-1], own)
    assert weight_vectors(3, np.array([0.5, 0.3, 0.2])).shape == (66, 3)


def test_for_many_indicators_weights_are_drawn_the_same_each_time() -> None:
    own = np.full(6, 1 / 6)
    one, other = weight_vectors(6, own), weight_vectors(6, own)
    np.testing.assert_array_equal(one, other)
    assert one.shape == (6 + 200 + 1, 6)
    np.testing.assert_array_equal(one[:6], np.eye(6))
    np.testing.assert_allclose(one[6:206].mean(axis=0), 1 / 6, atol=0.03)


@pytest.mark.parametrize("prior", ["normal", "npmle"])
def test_a_vertex_is_the_ranking_of_its_indicator(prior: str) -> None:
    methodology = weighing({"on_time": 2, "duration": 1, "repeat": 1}, prior=prior)
    scales = {"on_time": 0.3, "duration": 7.0, "repeat": 1.0}
    effects = random_indicators(1, 25, scales=scales, missing=[("repeat", 3), ("duration", 4)])
    sweep = sweep_weights(composite(effects, methodology), methodology)
    for name in NAMES:
        by_itself = rank(effects, methodology, indicator=name)
        row = sweep.vectors.select((pl.col("vertex") == name).arg_max()).item()
        places = dict(zip(sweep.providers["provider"], sweep.places[row].tolist(), strict=True))
        ranked = by_itself.frame.filter(pl.col("state") == "estimated")["provider"].to_list()
        assert sorted(ranked, key=places.__getitem__) == ranked
        assert [places[one] for one in ranked] == list(range(1, len(ranked) + 1))
        assert sweep.vectors["listed"][row] == len(by_itself.listed)
        assert sweep.vectors["first"][row] == ranked[0]


def test_under_the_methodologys_weights_it_is_the_ranking_of_the_composite() -> None:
    methodology = weighing({"on_time": 2, "duration": 1, "repeat": 1})
    effects = composite(random_indicators(2, 30), methodology)
    sweep = sweep_weights(effects, methodology)
    frame = rank(effects, methodology).frame
    assert sweep.providers["provider"].to_list() == frame["provider"].to_list()
    assert sweep.providers["place"].to_list() == list(range(1, 31))
    assert sweep.providers["listed"].to_list() == frame["listed"].to_list()
    own = sweep.vectors.filter("own")
    assert own.height == 1
    assert own["tau"].item() == pytest.approx(1)
    assert own["listed"].item() == frame["listed"].sum()


def test_the_frames_add_up() -> None:
    methodology = weighing(EQUAL)
    sweep = sweep_weights(random_indicators(3, 20), methodology)
    assert sweep.providers.schema == PROVIDERS
    assert sweep.indicators == NAMES
    providers, places = sweep.providers, sweep.places
    assert (providers["best"] == places.min(axis=0)).all()
    assert (providers["worst"] == places.max(axis=0)).all()
    assert (providers["listed_always"] == (providers["listed_share"] == 1)).all()
    assert (providers["listed_ever"] == (providers["listed_share"] > 0)).all()
    total = providers["listed_share"].sum() * sweep.vectors.height
    assert total == pytest.approx(sweep.vectors["listed"].sum())
    np.testing.assert_array_equal(np.sort(places, axis=1), np.tile(np.arange(1, 21), (67, 1)))


def test_three_indicators_lie_in_a_triangle() -> None:
    vectors = sweep_weights(random_indicators(4, 6), weighing(EQUAL)).vectors
    corners = vectors.drop_nulls("vertex").sort(pl.col("vertex").replace_strict(NAMES, [0, 1, 2]))
    np.testing.assert_allclose(corners["x"], [0, 1, 0.5])
    np.testing.assert_allclose(corners["y"], [0, 0, 3**0.5 / 2])
    weights = vectors.select(pl.col("^weight_.*$")).to_numpy()
    np.testing.assert_allclose(weights @ corners.select("x", "y").to_numpy(), vectors["x", "y"])


def test_two_indicators_have_no_triangle() -> None:
    methodology = weighing({"on_time": 1, "duration": 3})
    vectors = sweep_weights(random_indicators(5, 8, NAMES[:2]), methodology).vectors
    assert vectors.height == 21
    assert "x" not in vectors.columns


def test_a_provider_without_one_indicator_takes_part_only_where_it_weighs_nothing() -> None:
    sweep = sweep_weights(random_indicators(6, 10, missing=[("repeat", 7)]), weighing(EQUAL))
    row = sweep.providers.row(by_predicate=pl.col("provider") == "p007", named=True)
    assert row["ranked"] == 11  # the edge between the other two indicators
    assert row["place"] is None
    assert not row["listed_always"]
    assert row["listed_share"] <= 11 / 67
    assert sweep.providers["provider"][-1] == "p007"
    assert sweep.excluded.rows() == [("weights", "indicator_missing", "repeat", "p007", 56)]
    edge = sweep.vectors["weight_repeat"].to_numpy() == 0
    np.testing.assert_array_equal(sweep.vectors["ranked"], np.where(edge, 10, 9))


def test_who_has_no_estimate_at_all_is_kept_with_nulls() -> None:
    missing = [(name, 0) for name in NAMES]
    sweep = sweep_weights(random_indicators(7, 6, missing=missing), weighing(EQUAL))
    last = sweep.providers.row(-1, named=True)
    assert (last["provider"], last["ranked"], last["listed_share"]) == ("p000", 0, 0.0)
    assert (last["best"], last["worst"], last["place"]) == (None, None, None)


def test_indicators_that_cannot_be_weighed_are_named_with_the_reason() -> None:
    methodology = weighing({**EQUAL, "courtesy": 1.0, "rating": 0.0})
    effects = random_indicators(8, 8, (*NAMES, "rating"), scales={"duration": 0.0})
    sweep = sweep_weights(effects, methodology)
    assert sweep.indicators == ("on_time", "repeat")
    assert sweep.left_out == {
        "duration": "no_variation",
        "courtesy": "not_estimated",
        "rating": "no_weight",
    }
    assert sweep.vectors.filter("own")["weight_repeat"].item() == pytest.approx(0.5)
    with pytest.raises(NothingToEstimate):
        sweep_weights(random_indicators(8, 8, scales=dict.fromkeys(NAMES, 0.0)), weighing(EQUAL))


def test_one_indicator_is_one_vector() -> None:
    sweep = sweep_weights(random_indicators(9, 8, ("on_time",)), weighing({"on_time": 1}))
    assert sweep.vectors.height == 1
    assert (sweep.providers["best"] == sweep.providers["worst"]).all()


def test_one_provider_is_compared_with_nobody() -> None:
    sweep = sweep_weights(random_indicators(10, 1), weighing(EQUAL))
    assert sweep.providers["ranked"].to_list() == [0]
    assert sweep.vectors["tau"].null_count() == sweep.vectors.height
    assert sweep.vectors["first"].null_count() == sweep.vectors.height


def test_who_is_clearly_best_in_everything_is_always_listed_first() -> None:
    estimates = {name: [3.0, *np.linspace(-0.5, 0.5, 14)] for name in NAMES}
    scores = {name: np.eye(15) * 0.2 for name in NAMES}
    sweep = sweep_weights(several_indicators(estimates, scores), weighing(EQUAL))
    best = sweep.providers.row(0, named=True)
    assert best["provider"] == "p000"
    assert (best["best"], best["worst"], best["listed_always"]) == (1, 1, True)


def test_covariates_move_the_order_as_they_do_in_the_ranking() -> None:
    methodology = weighing(EQUAL, covariates=("type",))
    effects = composite(random_indicators(11, 40), methodology)
    kinds = pl.DataFrame({"provider": effects.providers, "type": ["a", "b"] * 20})
    sweep = sweep_weights(effects, methodology, covariates=kinds)
    frame = rank(effects, methodology, covariates=kinds).frame
    assert sweep.providers["provider"].to_list() == frame["provider"].to_list()


def test_progress_is_told_to_the_end() -> None:
    heard: list[tuple[int, int]] = []
    sweep_weights(
        random_indicators(12, 5),
        weighing(EQUAL),
        progress=lambda step, done, total: heard.append((done, total)),
    )
    assert heard[0] == (0, 67)
    assert heard[-1] == (67, 67)
    assert all(one < other for one, other in pairwise(heard))


def test_tau_is_that_of_scipy_over_those_who_are_in_both() -> None:
    one, other = np.array([1, 3, 2, 0, 4]), np.array([2, 1, 0, 3, 4])
    assert kendall(one, other) == pytest.approx(stats.kendalltau([1, 3, 4], [2, 1, 4]).statistic)
    assert kendall(one, np.array([0, 0, 0, 1, 2])) is None
