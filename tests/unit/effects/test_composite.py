"""The composite of indicators with given weights."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from otdacha.effects.composite import composite, weighted
from otdacha.effects.result import COMPOSITE
from tests.unit.ranking.indicators import random_indicators, several_indicators, weighing


def test_it_is_the_weighted_sum_in_standard_deviations_with_the_scores_summed_alike() -> None:
    # two providers, one cluster each; weights 3 : 1 are 0.75 and 0.25
    effects = several_indicators(
        {"a": [2.0, 4.0], "b": [10.0, -10.0]},
        {"a": np.diag([0.2, 0.4]), "b": np.diag([5.0, -5.0])},
        scales={"a": 2.0, "b": 10.0},
    )
    found = weighted(effects, {"a": 3.0, "b": 1.0})
    np.testing.assert_allclose(found.of(COMPOSITE)["estimate"], [0.75 + 0.25, 1.5 - 0.25])
    np.testing.assert_allclose(
        found.of(COMPOSITE)["se"], [0.075 + 0.125, abs(0.15 - 0.125)], rtol=1e-12
    )


def test_the_methodologys_composite_is_the_one_with_its_weights() -> None:
    effects = random_indicators(1, 6)
    one = composite(effects, weighing({"on_time": 2, "duration": 1, "repeat": 1}))
    other = weighted(effects, {"on_time": 0.5, "duration": 0.25, "repeat": 0.25})
    assert one.estimates.equals(other.estimates)


def test_a_composite_takes_the_place_of_an_earlier_one() -> None:
    effects = weighted(random_indicators(2, 5), {"on_time": 1.0, "repeat": 1.0})
    again = weighted(effects, {"duration": 1.0})
    fresh = weighted(random_indicators(2, 5), {"duration": 1.0})
    assert again.estimates.equals(fresh.estimates)
    assert again.indicators == ("on_time", "duration", "repeat", COMPOSITE)


def test_only_indicators_with_weight_must_be_known() -> None:
    effects = random_indicators(3, 5, missing=[("repeat", 2)])
    all_three = weighted(effects, {"on_time": 1.0, "duration": 1.0, "repeat": 1.0}).of(COMPOSITE)
    assert all_three["state"].to_list().index("insufficient evidence") == 2
    assert all_three["reason"][2] == "indicator_missing"
    assert all_three["se"][2] is None
    two = weighted(effects, {"on_time": 1.0, "duration": 1.0, "repeat": 0.0}).of(COMPOSITE)
    assert set(two["state"]) == {"estimated"}


def test_sparse_scores_are_taken_as_they_are() -> None:
    effects = random_indicators(4, 5)
    thin = {name: sparse.csr_array(psi) for name, psi in effects.scores.items()}
    one = weighted(effects, {"on_time": 1.0, "repeat": 2.0})
    other = weighted(replace(effects, scores=thin), {"on_time": 1.0, "repeat": 2.0})
    assert one.estimates.equals(other.estimates)


@pytest.mark.parametrize("weights", [{}, {"on_time": 0.0}, {"on_time": 1.0, "elsewhere": 1.0}])
def test_weights_that_make_no_composite_are_refused(weights: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="no composite"):
        weighted(random_indicators(5, 4), weights)


def test_an_indicator_without_a_scale_is_left_out_of_the_methodologys_composite() -> None:
    methodology = weighing({"on_time": 1, "duration": 1, "repeat": 2})
    effects = random_indicators(6, 5, scales={"duration": 0.0})
    one = composite(effects, methodology)
    other = weighted(effects, {"on_time": 1.0, "repeat": 2.0})
    assert one.estimates.equals(other.estimates)
