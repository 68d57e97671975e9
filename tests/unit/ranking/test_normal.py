"""The normal prior's two moments."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from otdacha.ranking.normal import moments
from tests.unit.ranking.providers import several


def test_equal_errors_give_the_sample_variance_less_the_noise() -> None:
    # sample variance of 0, 2, 4 is 4; the noise has variance 1
    found = moments(np.array([0.0, 2.0, 4.0]), np.ones(3))
    assert found.mean == pytest.approx(2)
    assert found.variance == pytest.approx(3)


def test_equal_estimates_leave_the_floor() -> None:
    # 2 Σω²s⁴ / (Σω Σωs²) with four equal providers is 2 s² / 4
    found = moments(np.full(4, 7.0), np.full(4, 3.0))
    assert found.spread == 0
    assert found.variance == pytest.approx(2 * 9 / 4)
    assert found.mean == pytest.approx(7)


def test_the_floor_is_that_of_the_paper_when_errors_differ() -> None:
    se = np.array([1.0, 2.0, 3.0])
    weights = 1 / se**2
    floor = 2 * np.sum(weights**2 * se**4) / (weights.sum() * np.sum(weights * se**2))
    assert moments(np.zeros(3), se).variance == pytest.approx(floor)


def test_it_solves_the_equation_of_paule_and_mandel() -> None:
    _, estimates, se = several(3, 40)
    found = moments(estimates, se)
    weights = 1 / (found.variance + se**2)
    assert np.sum(weights * (estimates - found.mean) ** 2) == pytest.approx(39, rel=1e-9)


def test_an_error_that_all_share_is_no_difference_between_providers() -> None:
    own = np.diag([1.0, 1.0, 1.0])
    shared = np.vstack([own, np.full((1, 3), 5.0)])
    estimates = np.array([0.0, 2.0, 4.0])
    se = np.sqrt(np.sum(shared**2, axis=0))
    # the spread of 0, 2, 4 is 4 and the noise in *differences* is still 1
    assert moments(estimates, se, shared).variance == pytest.approx(3)
    assert moments(estimates, se).variance < 20  # taken as independent, all of it would be noise
    assert moments(estimates, se).spread == 0


def test_sparse_and_dense_scores_agree() -> None:
    _, estimates, se = several(4, 12)
    sparse_scores = sparse.csr_array(sparse.diags_array(se))
    one, other = moments(estimates, se, sparse_scores), moments(estimates, se, np.diag(se))
    assert one.variance == pytest.approx(other.variance, rel=1e-12)
    assert one.variance == pytest.approx(moments(estimates, se).variance, rel=1e-12)
