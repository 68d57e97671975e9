"""Whether effects depend on their standard errors: the test, and what is modelled of it."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse, stats

from otdacha.ranking import rank
from otdacha.ranking.covariates import intercept
from otdacha.ranking.precision import Dependence, expected_variances, precision_dependence
from tests.unit.ranking.providers import effects_of, methodology_of, several

MANY = np.inf


def found(
    estimates: np.ndarray, se: np.ndarray, df: float = MANY, level: float = 0.01
) -> Dependence:
    return precision_dependence(
        estimates, se, np.full(len(se), df), np.diag(se), intercept(len(se)), level
    )


def dependent(seed: int, count: int, slope: float, power: float) -> tuple[np.ndarray, ...]:
    """Truth, estimates and se; θ_j | s_j ~ N(slope (log s - mean), (0.4 (s / mean)^power)²)."""
    generator = np.random.default_rng(seed)
    se = np.exp(generator.normal(-1, 0.6, count))
    place = np.log(se) + 1
    truth = slope * place + 0.4 * np.exp(power * place) * generator.standard_normal(count)
    return truth, truth + se * generator.standard_normal(count), se


def test_with_equal_known_variances_it_is_the_ordinary_slope_test() -> None:
    # true differences swamp the noise, so that all weights are nearly equal
    generator = np.random.default_rng(1)
    se = generator.uniform(1e-4, 1e-3, 200)
    estimates = generator.standard_normal(200)
    ordinary = stats.linregress(np.log(se), estimates)
    seen = found(estimates, se)
    assert seen.location_p == pytest.approx(ordinary.pvalue, rel=1e-3)
    assert seen.correlation == pytest.approx(ordinary.rvalue, abs=1e-5)


def test_a_mean_that_falls_with_the_error_is_found_and_said() -> None:
    _, estimates, se = dependent(2, 200, slope=-0.5, power=0.0)
    seen = found(estimates, se)
    assert seen.tested
    assert seen.found
    assert seen.location_p < 1e-6
    assert seen.scale_p > 0.01
    assert seen.correlation < -0.3
    assert seen.regressors.names == ("(intercept)", "log(se)")
    np.testing.assert_allclose(np.log(seen.relative), seen.power * (np.log(se) - np.log(se).mean()))
    assert abs(seen.power) < 0.4  # there is none


def test_a_scale_that_grows_with_the_error_is_found_with_its_power() -> None:
    powers = []
    for seed in range(10):
        _, estimates, se = dependent(seed, 800, slope=0.0, power=0.8)
        seen = found(estimates, se)
        assert seen.found
        assert seen.scale_p < 0.005
        powers.append(seen.power)
    assert np.mean(powers) == pytest.approx(0.8, abs=0.1)


def test_without_differences_between_providers_no_scale_is_sought() -> None:
    se = np.linspace(0.1, 1, 50)
    seen = found(np.zeros(50), se)
    assert seen.tested
    assert seen.scale_p == 1
    assert not seen.found
    assert seen.power == 0


@pytest.mark.parametrize("count", [2, 19])
def test_few_providers_are_not_tested(count: int) -> None:
    _, estimates, se = several(1, count)
    assert not found(estimates, se).tested


def test_equal_errors_are_not_tested() -> None:
    assert not found(np.arange(50.0), np.full(50, 0.3)).tested


def test_sparse_and_dense_scores_agree() -> None:
    _, estimates, se = dependent(3, 60, slope=-0.3, power=0.3)
    few = np.full(60, 5.0)
    one = precision_dependence(estimates, se, few, np.diag(se), intercept(60), 0.05)
    thin = sparse.csr_array(sparse.diags_array(se))
    other = precision_dependence(estimates, se, few, thin, intercept(60), 0.05)
    assert one.location_p == pytest.approx(other.location_p, rel=1e-9)
    assert one.scale_p == pytest.approx(other.scale_p, rel=1e-9)


def test_exact_variances_are_their_own_expectation() -> None:
    variances = np.array([0.1, 0.5, 2.0])
    np.testing.assert_array_equal(expected_variances(variances, np.full(3, np.inf)), variances)


def test_variances_that_differ_by_chance_alone_are_taken_as_one() -> None:
    generator = np.random.default_rng(4)
    seen = 0.25 * generator.chisquare(4, 4_000) / 4
    expected = expected_variances(seen, np.full(4_000, 4.0))
    np.testing.assert_allclose(expected, 0.25, rtol=0.25)


def test_the_expectation_is_that_of_true_variances_near_their_estimates() -> None:
    generator = np.random.default_rng(5)
    true = 0.25 * 12 / generator.chisquare(12, 200_000)
    seen = true * generator.chisquare(5, 200_000) / 5
    expected = expected_variances(seen, np.full(200_000, 5.0))
    for low, high in ((0.0, 0.2), (0.2, 0.4), (0.4, 0.6), (0.6, 0.8), (0.8, 1.0)):
        near = (seen >= np.quantile(seen, low)) & (seen <= np.quantile(seen, high))
        assert expected[near].mean() == pytest.approx(true[near].mean(), rel=0.02)


@pytest.mark.parametrize("prior", ["normal", "npmle"])
def test_auto_changes_nothing_where_nothing_is_found(prior: str) -> None:
    _, estimates, se = several(6, 60)
    effects = effects_of(estimates, se)
    fixed = rank(effects, methodology_of(shrinkage={"prior": prior, "precision": "independent"}))
    auto = rank(effects, methodology_of(shrinkage={"prior": prior, "precision": "auto"}))
    assert auto.frame.equals(fixed.frame)
    assert auto.prior.diagnostics["precision"]["tested"]
    assert not auto.prior.diagnostics["precision"]["found"]
    assert "precision" not in fixed.prior.diagnostics


@pytest.mark.parametrize("prior", ["normal", "npmle"])
def test_what_is_found_moves_the_posterior_and_not_the_tests(prior: str) -> None:
    _, estimates, se = dependent(7, 150, slope=-0.5, power=0.5)
    effects = effects_of(estimates, se)
    fixed = rank(effects, methodology_of(shrinkage={"prior": prior, "precision": "independent"}))
    auto = rank(effects, methodology_of(shrinkage={"prior": prior, "precision": "auto"}))
    one, other = fixed.frame.sort("provider"), auto.frame.sort("provider")
    assert auto.prior.diagnostics["precision"]["found"]
    assert "log(se)" in auto.prior.diagnostics["coefficients"]
    assert one["q_value"].equals(other["q_value"])
    assert not one["posterior_mean"].equals(other["posterior_mean"])
    assert (other["lower"] <= other["posterior_mean"]).all()
    assert (other["posterior_mean"] <= other["upper"]).all()


def test_scaling_effects_changes_no_p_value() -> None:
    _, estimates, se = dependent(8, 100, slope=-0.2, power=0.2)
    one, other = found(estimates, se), found(estimates * 1e4, se * 1e4)
    assert one.location_p == pytest.approx(other.location_p, rel=1e-6)
    assert one.scale_p == pytest.approx(other.scale_p, rel=1e-6)
