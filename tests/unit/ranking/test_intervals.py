"""Robust empirical-Bayes intervals and their critical values."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import optimize, stats

from otdacha.ranking.intervals import critical_values, robust_intervals, worst_miss
from otdacha.ranking.normal import moments
from tests.unit.ranking.providers import several


def worst_by_linear_programme(second_moment: float, cut: float) -> float:
    """The naive twin: the worst distribution of b² on a fine grid."""
    squares = np.unique(np.append(np.linspace(0, 4 * cut**2 + 10, 20_001), second_moment))
    miss = stats.norm.sf(cut - np.sqrt(squares)) + stats.norm.cdf(-cut - np.sqrt(squares))
    found = optimize.linprog(
        -miss, A_eq=[np.ones(len(squares)), squares], b_eq=[1, second_moment], method="highs"
    )
    return float(-found.fun)


@pytest.mark.parametrize("cut", [1.0, 1.96, 3.0, 8.0])
@pytest.mark.parametrize("second_moment", [0.1, 1.0, 20.0])
def test_the_worst_miss_is_that_of_the_linear_programme(second_moment: float, cut: float) -> None:
    ours = worst_miss(np.array([second_moment]), np.array([cut]))[0]
    assert ours == pytest.approx(worst_by_linear_programme(second_moment, cut), abs=1e-6)


def test_without_bias_the_critical_value_is_the_normal_one() -> None:
    np.testing.assert_allclose(critical_values(np.zeros(1), 0.05), 1.959963984540054, rtol=1e-9)


def test_the_miss_at_the_critical_value_is_alpha() -> None:
    second = np.array([1e-6, 0.01, 0.5, 1.0, 4.0, 100.0, 1e6])
    for alpha in (0.05, 0.1):
        cuts = critical_values(second, alpha)
        np.testing.assert_allclose(worst_miss(second, cuts), alpha, atol=1e-9)
        assert (np.diff(cuts) > 0).all()


def test_with_independent_errors_the_length_is_that_of_the_paper() -> None:
    _, estimates, se = several(1, 2000)
    prior = moments(estimates, se)
    lower, upper = robust_intervals(estimates, se, se, np.diag(se), prior, 0.95)
    weight = prior.variance / (prior.variance + se**2)
    paper = critical_values(se**2 / prior.variance, 0.05) * weight * se
    np.testing.assert_allclose((upper - lower) / 2, paper, rtol=0.02)


def test_they_are_shorter_than_the_estimates_own_intervals() -> None:
    _, estimates, se = several(2, 500)
    lower, upper = robust_intervals(estimates, se, se, np.diag(se), moments(estimates, se), 0.95)
    assert (upper - lower).mean() < (2 * 1.96 * se).mean()


def test_an_error_that_all_share_does_not_shrink_away() -> None:
    se = np.full(50, 0.1)
    shared = np.vstack([np.diag(se), np.full((1, 50), 1.0)])
    total = np.sqrt(se**2 + 1)
    estimates = np.zeros(50)
    prior = moments(estimates, total, shared)
    lower, upper = robust_intervals(estimates, total, total, shared, prior, 0.95)
    assert ((upper - lower) / 2 > 1.9).all()
