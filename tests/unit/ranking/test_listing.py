"""Error rates of the list, each against a public or a naive twin."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.multitest import multipletests

from otdacha.ranking import listing
from otdacha.ranking.normal import moments
from tests.unit.ranking.providers import several

NO_LIMIT = np.inf  # degrees of freedom


def outcome_of(seed: int, count: int) -> listing.Tests:
    _, estimates, se = several(seed, count)
    return listing.test(
        estimates,
        se,
        np.full(count, NO_LIMIT),
        np.diag(se),
        against="zero",
        prior=moments(estimates, se),
    )


def test_adjusted_p_values_are_those_of_statsmodels() -> None:
    found = outcome_of(1, 50)
    for method, ours in (("fdr_bh", found.bh), ("fdr_by", found.by)):
        np.testing.assert_allclose(ours, multipletests(found.p_values, method=method)[1])


def test_p_values_are_one_sided_t() -> None:
    _, estimates, se = several(2, 6)
    df = np.array([2.0, 3.0, 4.0, 10.0, 50.0, NO_LIMIT])
    found = listing.test(
        estimates, se, df, np.diag(se), against="zero", prior=moments(estimates, se)
    )
    expected = [stats.t(d).sf(e / s) for d, e, s in zip(df, estimates, se, strict=True)]
    np.testing.assert_allclose(found.p_values, expected, rtol=1e-9)


def test_the_null_share_doubles_the_share_of_large_p_values() -> None:
    p_values = np.array([0.01] * 15 + [0.6, 0.7, 0.8, 0.9, 0.95])
    assert listing.null_share(p_values, shared=0.0) == pytest.approx((5 + 1) / (0.5 * 20))
    assert listing.null_share(np.full(4, 0.9), shared=0.0) == 1


def test_errors_that_are_shared_make_the_null_share_careful() -> None:
    p_values = np.full(100, 0.01)
    shared = np.vstack([np.eye(100) * 0.1**0.5, np.full((1, 100), 0.9**0.5)])
    added = listing.shared_variance(shared, np.zeros(100), np.ones(100))
    assert added == pytest.approx(0.9 * (100**2 - 100), rel=1e-9)
    assert listing.null_share(p_values, added) == 1
    assert listing.shared_variance(np.eye(100), np.zeros(100), np.ones(100)) == 0


def test_q_values_are_the_null_share_times_bh() -> None:
    found = outcome_of(3, 80)
    np.testing.assert_allclose(found.q_values, found.null_share * found.bh)


def test_the_posterior_set_is_the_largest_whose_mean_stays_below_the_rate() -> None:
    doubt = np.array([0.30, 0.01, 0.05, 0.20, 0.90])
    # means of the best 1, 2, 3, 4: .01, .03, .087, .14
    np.testing.assert_array_equal(
        listing.posterior_set(doubt, 0.10), [False, True, True, True, False]
    )
    assert not listing.posterior_set(np.array([0.5, 0.6]), 0.10).any()


def test_equal_doubts_come_in_or_stay_out_together() -> None:
    doubt = np.array([0.0, 0.15, 0.15, 0.15])
    assert listing.posterior_set(doubt, 0.10).sum() == 1


def test_thresholds() -> None:
    estimates, se = np.array([0.0, 1.0, 5.0]), np.ones(3)
    prior = moments(estimates, se)
    assert listing.threshold(estimates, "zero", prior) == 0
    assert listing.threshold(estimates, "mean", prior) == pytest.approx(2)
    assert listing.threshold(estimates, "median", prior) == 1


def test_a_contrast_with_the_mean_uses_the_whole_covariance() -> None:
    generator = np.random.default_rng(4)
    scores = generator.normal(size=(7, 5))
    weights = generator.dirichlet(np.ones(5))
    contrasts = np.eye(5) - np.outer(np.ones(5), weights)
    expected = np.sqrt(np.diag(contrasts @ scores.T @ scores @ contrasts.T))
    np.testing.assert_allclose(listing.contrast_errors(scores, weights), expected)


def test_what_all_share_cancels_against_the_mean() -> None:
    own = np.eye(4) * 0.1
    shared = np.vstack([own, np.full((1, 4), 9.0)])
    weights = np.full(4, 0.25)
    np.testing.assert_allclose(
        listing.contrast_errors(shared, weights), listing.contrast_errors(own, weights), rtol=1e-6
    )
