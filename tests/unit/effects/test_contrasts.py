"""Statements with a joint score: Hotelling's test, the largest t, bands, sums over indicators."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special, stats

from otdacha.effects.contrasts import Contrasts, combined, contrasts


def of_means(x: np.ndarray) -> Contrasts:
    """Means over clusters, with the score whose square is the unbiased variance of a mean."""
    G, K = x.shape
    scores = (x - x.mean(0)) / np.sqrt(G * (G - 1))
    return contrasts([str(k) for k in range(K)], x.mean(0), scores, np.full(K, G - 1.0))


def sample(seed: int, clusters: int = 12, statements: int = 3) -> np.ndarray:
    rng = np.random.default_rng(seed)
    mix = rng.normal(size=(statements, statements))
    return rng.normal(size=(clusters, statements)) @ mix + 0.2


@pytest.mark.parametrize("seed", range(3))
def test_with_equal_clusters_the_joint_test_is_hotellings(seed: int) -> None:
    x = sample(seed)
    G, K = x.shape
    t_squared = G * x.mean(0) @ np.linalg.solve(np.cov(x.T), x.mean(0))
    f = (G - K) / (K * (G - 1)) * t_squared
    test = of_means(x).wald()
    assert test is not None
    assert test.f == pytest.approx(f, rel=1e-10)
    assert (test.numerator, test.denominator) == (K, G - K)
    assert test.p_value == pytest.approx(stats.f.sf(f, K, G - K), rel=1e-9)


def test_it_is_not_testable_with_as_many_statements_as_clusters() -> None:
    assert of_means(sample(0, clusters=3, statements=3)).wald() is None
    assert of_means(sample(0, clusters=4, statements=3)).wald() is not None


def test_it_is_not_testable_when_a_statement_repeats_another() -> None:
    x = sample(1)
    assert of_means(np.column_stack([x, x[:, 0] - x[:, 1]])).wald() is None


def test_the_joint_test_holds_its_level() -> None:
    rng = np.random.default_rng(5)
    p = [of_means(rng.normal(size=(10, 4))).wald().p_value for _ in range(2000)]
    assert np.mean(np.array(p) < 0.05) == pytest.approx(0.05, abs=0.015)


def test_a_difference_has_the_exact_variance_of_the_difference() -> None:
    x, y = sample(2), sample(3)
    difference = of_means(x).minus(of_means(y))
    direct = of_means(x - y)
    np.testing.assert_allclose(difference.estimate, direct.estimate)
    np.testing.assert_allclose(difference.covariance, direct.covariance)


def test_the_sum_over_indicators_counts_how_they_move_together() -> None:
    x, y = sample(2), sample(3)
    whole = combined({"a": of_means(x), "b": of_means(y)}, {"a": 0.75, "b": 0.5})
    direct = of_means(0.75 * x + 0.5 * y)
    np.testing.assert_allclose(whole.estimate, direct.estimate)
    np.testing.assert_allclose(whole.covariance, direct.covariance)


def test_what_is_unknown_in_one_indicator_is_unknown_in_the_sum() -> None:
    part = of_means(sample(2))
    lost = part.where(np.array([True, False, True]))
    assert combined({"a": part, "b": lost}, {"a": 1.0, "b": 1.0}).known.tolist() == [
        True,
        False,
        True,
    ]
    bands = lost.bands(level=0.95, draws=2000, seed=1)
    assert np.isnan(bands.lower_all).tolist() == [False, True, False]


def test_the_p_value_of_the_largest_of_independent_statements() -> None:
    z = np.array([0.3, -2.6, 1.1, 0.2])
    independent = contrasts(list("abcd"), z, np.eye(4), np.full(4, 1e9))
    found = independent.largest_t(draws=200_000, seed=1)
    assert found is not None
    place, p = found
    assert place == 1
    assert p == pytest.approx(1 - (1 - 2 * special.ndtr(-2.6)) ** 4, abs=0.001)


def test_a_statement_inside_what_is_allowed_is_no_finding() -> None:
    part = contrasts(["a"], np.array([0.9]), np.full((1, 1), 0.1), np.array([1e9]))
    at_zero = part.largest_t(draws=4000, seed=1)
    inside = part.largest_t(draws=4000, seed=1, beyond=1.0)
    assert at_zero is not None
    assert inside is not None
    assert at_zero[1] < 0.001
    assert inside[1] > 0.5


def test_bands_by_themselves_are_t_intervals_and_together_wider() -> None:
    part = of_means(sample(4, clusters=8))
    bands = part.bands(level=0.95, draws=4000, seed=1)
    half = stats.t.ppf(0.975, 7) * part.se
    np.testing.assert_allclose(bands.upper, part.estimate + half)
    np.testing.assert_allclose(bands.lower, part.estimate - half)
    assert (bands.upper_all > bands.upper).all()


def test_a_covariance_of_lower_rank_than_statements_still_has_bands() -> None:
    scores = np.random.default_rng(1).normal(size=(3, 9))
    part = contrasts([str(k) for k in range(9)], np.zeros(9), scores, np.full(9, 2.0))
    bands = part.bands(level=0.95, draws=2000, seed=1)
    assert np.isfinite(bands.lower_all).all()
    assert part.wald() is None


def test_simultaneous_bands_cover_all_statements_at_their_level() -> None:
    rng = np.random.default_rng(9)
    mix = np.tri(6)
    inside = []
    for _ in range(400):
        part = of_means(rng.normal(size=(30, 6)) @ mix)
        bands = part.bands(level=0.9, draws=1000, seed=1)
        inside.append(((bands.lower_all <= 0) & (bands.upper_all >= 0)).all())
    assert np.mean(inside) == pytest.approx(0.9, abs=0.04)
