"""Posteriors under the two priors."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from otdacha.ranking.normal import Moments
from otdacha.ranking.npmle import Mixture
from otdacha.ranking.posterior import grid_posterior, normal_posterior

PRIOR = Moments(mean=1.0, variance=4.0, spread=4.0, weights=np.array([0.5, 0.5]))


def test_a_normal_posterior_is_the_precision_weighted_mean() -> None:
    found = normal_posterior(np.array([4.0]), np.array([2.0]), PRIOR)
    assert found.mean[0] == pytest.approx(2.5)  # as precise as the prior: half way
    assert found.sd[0] == pytest.approx(2**0.5)
    assert found.above(2.5)[0] == pytest.approx(0.5)


def test_who_is_surer_to_be_better_beats_the_other() -> None:
    found = normal_posterior(np.array([4.0, 0.0]), np.array([2.0, 2.0]), PRIOR)
    assert found.beats()[0, 1] == pytest.approx(stats.norm.cdf(2 / 2))
    np.testing.assert_allclose(found.beats() + found.beats().T, 1)


def test_a_grid_posterior_weighs_prior_mass_by_likelihood() -> None:
    prior = Mixture(np.array([0.0, 2.0]), np.array([0.5, 0.5]), gap=0.0, steps=0)
    found = grid_posterior(np.array([1.0, 2.0]), np.array([1.0, 1.0]), prior)
    np.testing.assert_allclose(found.mass[0], [0.5, 0.5])
    odds = np.exp(0.5 * 2.0**2)
    np.testing.assert_allclose(found.mass[1], [1 / (1 + odds), odds / (1 + odds)])
    np.testing.assert_allclose(found.mean, found.mass @ [0, 2])


def test_an_atom_at_the_threshold_is_not_above_it() -> None:
    prior = Mixture(np.array([0.0, 2.0]), np.array([0.5, 0.5]), gap=0.0, steps=0)
    found = grid_posterior(np.array([1.0]), np.array([1.0]), prior)
    assert found.above(0.0)[0] == pytest.approx(0.5)
    assert found.above(2.0)[0] == 0
    assert found.above(-1.0)[0] == pytest.approx(1)


def test_pairwise_probabilities_are_the_double_sum_with_ties_halved() -> None:
    generator = np.random.default_rng(1)
    prior = Mixture(np.sort(generator.normal(size=5)), generator.dirichlet(np.ones(5)), 0.0, 0)
    found = grid_posterior(generator.normal(size=4), np.full(4, 0.7), prior)
    for i in range(4):
        for j in range(4):
            above = sum(found.mass[i, a] * found.mass[j, b] for a in range(5) for b in range(a))
            ties = found.mass[i] @ found.mass[j]
            assert found.beats()[i, j] == pytest.approx(above + ties / 2)


def test_a_very_precise_estimate_far_from_every_atom_has_a_posterior() -> None:
    prior = Mixture(np.array([0.0, 2.0]), np.array([0.5, 0.5]), gap=0.0, steps=0)
    found = grid_posterior(np.array([1.4]), np.array([1e-5]), prior)
    np.testing.assert_allclose(found.mass[0], [0, 1], atol=1e-12)
