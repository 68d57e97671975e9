"""The NPMLE against convex references, on hard data, and where the answer is known by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import optimize

from otdacha.ranking.npmle import Mixture, grid, npmle
from tests.unit.ranking.providers import several


def density(estimates: np.ndarray, se: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Normal densities by their definition, but for a constant factor of each provider."""
    return np.asarray(np.exp(-0.5 * ((estimates[:, None] - points) / se[:, None]) ** 2))


def mean_log_likelihood(estimates: np.ndarray, se: np.ndarray, mixture: Mixture) -> float:
    return float(np.log(density(estimates, se, mixture.points) @ mixture.weights).mean())


def by_em(estimates: np.ndarray, se: np.ndarray, points: np.ndarray, steps: int) -> np.ndarray:
    """The naive twin: expectation-maximisation on the same grid."""
    dense = density(estimates, se, points)
    weights = np.full(len(points), 1 / len(points))
    for _ in range(steps):
        weights = weights * ((1 / (dense @ weights)) @ dense) / len(dense)
    return np.asarray(weights)


def test_it_reaches_the_maximum_that_slsqp_finds() -> None:
    _, estimates, se = several(1, 30)
    found = npmle(estimates, se, points=50, gap=1e-10)
    places = grid(estimates, 50)
    dense = density(estimates, se, places)
    reference = optimize.minimize(
        lambda w: -np.log(dense @ w).mean(),
        np.full(len(places), 1 / len(places)),
        jac=lambda w: -((1 / (dense @ w)) @ dense) / len(dense),
        bounds=[(0, 1)] * len(places),
        constraints={"type": "eq", "fun": lambda w: w.sum() - 1},
        method="SLSQP",
        options={"maxiter": 2000, "ftol": 1e-14},
    )
    assert mean_log_likelihood(estimates, se, found) == pytest.approx(-reference.fun, abs=1e-8)


def test_a_long_run_of_em_comes_no_higher_than_the_gap_allows() -> None:
    _, estimates, se = several(2, 200)
    found = npmle(estimates, se, points=100, gap=1e-8)
    places = grid(estimates, 100)
    weights = by_em(estimates, se, places, 20_000)
    em = float(np.log(density(estimates, se, places) @ weights).mean())
    ours = mean_log_likelihood(estimates, se, found)
    assert ours >= em - 1e-12
    assert ours - em < 1e-4


@pytest.mark.parametrize("count", [2, 10, 400])
@pytest.mark.parametrize("scale", [1e-3, 1.0, 30.0])
def test_the_duality_gap_is_met_whatever_the_precision(count: int, scale: float) -> None:
    _, estimates, se = several(5, count)
    found = npmle(estimates, se * scale, points=300, gap=1e-8)
    assert found.gap <= 1e-8
    assert found.weights.sum() == pytest.approx(1, abs=1e-12)
    assert (found.weights > 0).all()
    assert (np.diff(found.points) > 0).all()


def test_the_reported_gap_is_the_dual_bound() -> None:
    _, estimates, se = several(6, 80)
    found = npmle(estimates, se, points=120, gap=1e-8)
    fitted = density(estimates, se, found.points) @ found.weights
    slopes = (1 / fitted) @ density(estimates, se, grid(estimates, 120)) / len(estimates)
    assert slopes.max() - 1 == pytest.approx(found.gap, abs=1e-10)


@pytest.mark.parametrize("asked", [1.0, 1e-1, 1e-2, 1e-3, 1e-6])
@pytest.mark.parametrize("seed", range(4))
def test_the_certificate_holds_however_early_the_steps_end(seed: int, asked: float) -> None:
    _, estimates, se = several(seed, 60)
    found = npmle(estimates, se, points=60, gap=asked)
    # the maximum on the same grid by the twin, itself certified far below what is compared
    best = npmle(estimates, se, points=60, gap=1e-12)
    em = by_em(estimates, se, grid(estimates, 60), 50_000 if asked == 1.0 else 2_000)
    maximum = max(
        mean_log_likelihood(estimates, se, best),
        float(np.log(density(estimates, se, grid(estimates, 60)) @ em).mean()),
    )
    assert maximum - mean_log_likelihood(estimates, se, found) <= found.gap + 1e-13
    assert found.gap <= asked


def test_the_certificate_bounds_every_distribution_on_the_grid() -> None:
    _, estimates, se = several(9, 50)
    found = npmle(estimates, se, points=40, gap=1e-2)
    places, generator = grid(estimates, 40), np.random.default_rng(1)
    ours = mean_log_likelihood(estimates, se, found)
    for concentration in (0.02, 0.2, 2.0):
        others = generator.dirichlet(np.full(len(places), concentration), 2_000)
        heights = np.log(density(estimates, se, places) @ others.T).mean(axis=0)
        assert heights.max() - ours <= found.gap


def test_the_certificate_is_a_feasible_point_of_the_dual() -> None:
    _, estimates, se = several(10, 70)
    found = npmle(estimates, se, points=90, gap=1e-3)
    dense = density(estimates, se, grid(estimates, 90))
    fitted = density(estimates, se, found.points) @ found.weights
    prices = 1 / (fitted * (1 + found.gap))
    assert (prices @ dense / len(dense)).max() <= 1 + 1e-12
    # so no distribution is higher than the dual value, and that is within the gap of ours
    dual = float(-np.log(prices).mean())
    assert 0 <= dual - mean_log_likelihood(estimates, se, found) <= found.gap


def test_errors_from_a_ten_thousandth_to_ten_do_not_stop_it() -> None:
    generator = np.random.default_rng(7)
    se = 10 ** generator.uniform(-4, 1, 300)
    found = npmle(generator.normal(0, 1, 300), se, points=300, gap=1e-8)
    assert found.gap <= 1e-8


def test_one_wild_estimate_leaves_the_others_their_points() -> None:
    _, estimates, se = several(8, 100)
    wild = np.append(estimates, 1e4)
    found = npmle(wild, np.append(se, 0.5), points=300, gap=1e-8)
    near = found.points < 10
    assert near.sum() >= 2
    assert found.weights[~near].sum() == pytest.approx(1 / 101, rel=1e-3)


def test_two_groups_far_apart_are_found() -> None:
    estimates = np.repeat([0.0, 10.0], [30, 10])
    found = npmle(estimates, np.full(40, 0.5), points=101, gap=1e-10)
    np.testing.assert_allclose(found.points, [0, 10])
    np.testing.assert_allclose(found.weights, [0.75, 0.25], rtol=1e-9)


def test_equal_estimates_make_one_atom() -> None:
    found = npmle(np.full(5, 0.3), np.array([0.1, 0.2, 0.3, 0.4, 0.5]), points=300, gap=1e-8)
    np.testing.assert_allclose(found.points, [0.3])
    np.testing.assert_allclose(found.weights, [1.0])
