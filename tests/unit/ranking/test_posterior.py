"""Posteriors under the two priors."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from otdacha.ranking.normal import Moments
from otdacha.ranking.npmle import Mixture
from otdacha.ranking.posterior import grid_posterior, located_grid_posterior, normal_posterior

PRIOR = Moments(  # N(1, 4) for everybody
    means=np.array([1.0]),
    variances=np.array([4.0]),
    spread=4.0,
    weights=np.array([0.5, 0.5]),
    columns=np.ones((2, 1)),
    coefficients=np.array([1.0]),
    loads=np.array([[0.5, 0.5]]),
)


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


def test_a_located_grid_posterior_is_the_plain_one_of_standardised_estimates() -> None:
    generator = np.random.default_rng(3)
    centre, scale = generator.normal(0, 2, 7), generator.uniform(0.5, 2, 7)
    estimates, errors = generator.normal(0, 2, 7), generator.uniform(0.3, 1, 7)
    prior = Mixture(np.array([-1.5, 0.0, 0.7]), np.array([0.2, 0.5, 0.3]), gap=0.0, steps=0)
    found = located_grid_posterior(estimates, errors, centre, scale, prior)
    places = centre[:, None] + scale[:, None] * prior.points
    mass = prior.weights * stats.norm.pdf(estimates[:, None], places, errors[:, None])
    mass /= mass.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(found.mean, (mass * places).sum(axis=1), rtol=1e-12)
    np.testing.assert_allclose(found.above(0.3), (mass * (places > 0.3)).sum(axis=1), rtol=1e-12)
    # the naive twin of π: every pair of points of every pair of providers
    for one in range(7):
        for other in range(7):
            wins = np.sign(places[one][:, None] - places[other][None, :]) / 2 + 0.5
            expected = mass[one] @ wins @ mass[other]
            assert found.beats()[one, other] == pytest.approx(expected, abs=1e-12)
    np.testing.assert_allclose(found.beats() + found.beats().T, 1, atol=1e-12)


def test_located_at_nothing_it_is_the_plain_grid_posterior() -> None:
    prior = Mixture(np.array([0.0, 2.0, 5.0]), np.array([0.5, 0.3, 0.2]), gap=0.0, steps=0)
    estimates, errors = np.array([1.0, 2.0, 4.0]), np.array([1.0, 0.5, 1.5])
    plain = grid_posterior(estimates, errors, prior)
    located = located_grid_posterior(estimates, errors, np.zeros(3), np.ones(3), prior)
    np.testing.assert_allclose(located.mean, plain.mean)
    np.testing.assert_allclose(located.above(2.0), plain.above(2.0))
    np.testing.assert_allclose(located.beats(), plain.beats())
