"""The covariance of two estimates net of shared noise, against matrices and refits."""

from __future__ import annotations

import numpy as np
import pytest

from otdacha.ranking.net_covariance import net_covariance, same_group, weighted_mean


def by_matrices(a, b, weights, scores_a, scores_b):
    share = weights / weights.sum()
    Q = np.diag(share) - np.outer(share, share)
    return a @ Q @ b - np.trace(Q @ scores_a.T @ scores_b)


def some(seed: int, items: int = 12, clusters: int = 7):
    rng = np.random.default_rng(seed)
    a, b = rng.normal(5, 1, (2, items))
    scores_a, scores_b = rng.normal(0, 0.3, (2, clusters, items))
    return a, b, rng.uniform(0.2, 2, items), scores_a, scores_b


@pytest.mark.parametrize("seed", range(5))
def test_it_is_the_quadratic_form_with_each_group_left_out(seed: int) -> None:
    a, b, weights, scores_a, scores_b = some(seed)
    group = np.arange(12) // 2
    found = net_covariance(a, b, weights, scores_a, scores_b, group)
    assert found.value == pytest.approx(by_matrices(a, b, weights, scores_a, scores_b), abs=1e-12)
    for g in range(6):
        kept = group != g
        without = by_matrices(a[kept], b[kept], weights[kept], scores_a[:, kept], scores_b[:, kept])
        assert found.without[g] == pytest.approx(without, abs=1e-12)


def test_a_unit_of_variance_between_groups_adds_the_trace() -> None:
    weights = some(1)[2]
    group = np.arange(12) // 3
    share = weights / weights.sum()
    Q = np.diag(share) - np.outer(share, share)
    same = (group[:, None] == group[None, :]).astype(float)
    found = same_group(weights, group)
    assert found.value == pytest.approx(np.trace(Q @ same))
    kept = group != 2
    share = weights[kept] / weights[kept].sum()
    Q = np.diag(share) - np.outer(share, share)
    assert found.without[2] == pytest.approx(np.trace(Q @ same[np.ix_(kept, kept)]))


def test_it_is_unbiased_when_errors_are_shared() -> None:
    """Truth of variance 1 in both, errors of known covariance, 4,000 draws: within 3 errors."""
    rng = np.random.default_rng(7)
    _, _, weights, scores_a, scores_b = some(3, items=20)
    group = np.arange(20)
    scores_b[:3] = scores_a[:3]
    found = []
    for _ in range(4000):
        shock = rng.normal(size=7)
        truth = rng.normal(size=20)
        a, b = truth + shock @ scores_a, truth + shock @ scores_b
        net = net_covariance(a, b, weights, scores_a, scores_b, group)
        found.append((net / same_group(weights, group)).value)
    assert np.mean(found) == pytest.approx(1.0, abs=3 * np.std(found) / np.sqrt(4000))


def test_the_jackknife_of_a_mean_is_its_textbook_error() -> None:
    values = np.array([1.0, 4.0, 2.0, 8.0])
    found = weighted_mean(values, np.ones(4))
    assert found.value == pytest.approx(3.75)
    assert found.se == pytest.approx(np.std(values, ddof=1) / 2)
