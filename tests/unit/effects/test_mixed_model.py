"""The mixed model against the whole covariance matrix, and against statsmodels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd
import pytest
from scipy import optimize

from otdacha.effects import cholesky, mixed_model
from otdacha.effects.mixed_model import Likelihood
from tests.unit.effects.mixed_twin import (
    Rows,
    dense_criterion,
    dense_gls,
    dummies,
    grouping,
    relative_covariance,
    rows,
)

INF = np.inf
Criterion = Literal["ml", "reml"]


def likelihood(data: Rows, *, intercept: bool = True) -> Likelihood:
    return Likelihood(data.x, data.y, data.groupings, intercept=intercept)


@pytest.mark.parametrize("criterion", ["ml", "reml"])
@pytest.mark.parametrize(
    "theta", [(0.8, 0.5, 0.3), (0.0, 1.5, 0.2), (0.4, 0.0, 0.0), (0.0, 0.0, 0.0), (30.0, 1e-4, 2.0)]
)
def test_the_criterion_is_that_of_the_whole_covariance_matrix(
    criterion: Criterion, theta: Sequence[float]
) -> None:
    data = rows(columns=2)
    found = likelihood(data).at(np.array(theta), criterion)
    expected = dense_criterion(data, theta, reml=criterion == "reml")
    assert found.criterion == pytest.approx(expected, abs=1e-8)
    beta, covariance, _ = dense_gls(data, theta)
    np.testing.assert_allclose(found.beta[1:], beta[1:], rtol=1e-8)
    np.testing.assert_allclose(
        found.beta_covariance[1:, 1:], covariance[1:, 1:] * found.residual_variance, rtol=1e-7
    )
    residual = np.linalg.solve(
        relative_covariance(data, theta), data.y - np.c_[np.ones(150), data.x] @ beta
    )
    for one, sd, effects in zip(data.groupings, theta, found.effects, strict=True):
        np.testing.assert_allclose(effects, sd**2 * dummies(one).T @ residual, atol=1e-8)


@pytest.mark.parametrize("theta", [(INF, 0.5, 0.3), (0.8, INF, 0.0), (0.2, 0.7, INF)])
@pytest.mark.parametrize("columns", [0, 2])
def test_a_fixed_grouping_is_one_with_dummies(theta: Sequence[float], columns: int) -> None:
    data = rows(columns=columns)
    model = likelihood(data, intercept=False)
    found = model.at(np.array(theta), "reml")
    assert found.criterion == pytest.approx(dense_criterion(data, theta, reml=True), abs=1e-8)
    place = int(np.argmax(theta))
    levels = data.groupings[place].levels
    beta, covariance, _ = dense_gls(data, theta)
    estimate, among = model.fixed_effects(np.array(theta), data.groupings[place].name)
    raw = estimate + model.mean_y - model.mean_x @ found.beta
    np.testing.assert_allclose(raw, beta[:levels], atol=1e-9)
    # x is centred, so these are effects at its mean
    lift = np.c_[np.eye(levels), np.tile(model.mean_x, (levels, 1))]
    np.testing.assert_allclose(among, lift @ covariance @ lift.T, atol=1e-9)


@pytest.mark.parametrize("criterion", ["ml", "reml"])
def test_its_gradient_is_that_of_finite_differences(criterion: Criterion) -> None:
    data, theta = rows(), np.array([0.6, 0.3, 0.9])
    model = likelihood(data)
    expected = optimize.approx_fprime(
        np.log(theta), lambda t: model.at(np.exp(t), criterion).criterion, 1e-6
    )
    np.testing.assert_allclose(model.at(theta, criterion).gradient, expected, atol=2e-3)


@pytest.mark.parametrize("criterion", ["ml", "reml"])
@pytest.mark.parametrize("seed", range(5))
def test_no_search_of_the_whole_matrix_finds_a_lower_criterion(
    criterion: Criterion, seed: int
) -> None:
    """Small worlds with variances that are large, small and zero: the boundary is met often."""
    rng = np.random.default_rng(seed)
    data = rows(seed, 60, (6, 15), rng.choice([0, 0.1, 0.5, 2.0], 2))
    found = likelihood(data).minimum(criterion)
    best = min(
        optimize.minimize(
            lambda t: dense_criterion(data, np.abs(t), reml=criterion == "reml"),
            start, method="Nelder-Mead", options={"xatol": 1e-7, "fatol": 1e-10},
        ).fun
        for start in ([1.0, 1.0], [1.0, 0.01], [0.01, 1.0])
    )  # fmt: skip
    assert found.at.criterion == pytest.approx(best, abs=2e-7)
    assert found.gradient < 1e-3
    assert set(found.boundary) == {
        one.name for one, sd in zip(data.groupings, found.relative_sd, strict=True) if sd == 0
    }


def test_a_grouping_that_makes_no_difference_is_reported_as_such() -> None:
    data = rows(3, 200, (10, 20), (1.0, 0.0))
    level = data.groupings[1].level
    means = np.bincount(level, data.y) / np.bincount(level)
    same = Rows(data.x, data.y - means[level], data.groupings)
    found = likelihood(same).minimum("ml")
    assert found.boundary == ("b",) or set(found.boundary) == {"a", "b"}
    assert found.variances["b"] == 0


def test_a_search_that_got_lost_where_the_criterion_is_flat_starts_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    model = likelihood(rows())
    expected = model.minimum("ml")
    monkeypatch.setattr(mixed_model, "_START", 1e-6)
    found = model.minimum("ml")
    assert found.at.criterion == pytest.approx(expected.at.criterion, abs=1e-7)
    assert found.evaluations > expected.evaluations


def crossed_rows() -> Rows:
    return rows(5, 180, (8, 12), (1.0, 0.7))


def nested_rows() -> Rows:
    """Every level of b lies within one of a."""
    data, inner = crossed_rows(), np.arange(180) % 24
    outer = inner % 6
    y = data.y + 2 * np.sin(7 * outer) + np.random.default_rng(1).normal(0, 1, 24)[inner]
    return Rows(data.x, y, (grouping("a", outer), grouping("b", inner)))


@pytest.mark.parametrize("criterion", ["ml", "reml"])
@pytest.mark.parametrize("data", [crossed_rows(), nested_rows()], ids=["crossed", "nested"])
def test_it_agrees_with_statsmodels(criterion: Criterion, data: Rows) -> None:
    """Its criterion is the same to 1e-8 and least there; its own search may end too early."""
    import statsmodels.formula.api as smf
    from statsmodels.regression.mixed_linear_model import MixedLMParams

    frame = pd.DataFrame(
        {"y": data.y, "x": data.x[:, 0], "all": 1} | {g.name: g.level for g in data.groupings}
    )
    theirs = smf.mixedlm(
        "y ~ x", frame, groups="all", re_formula="0",
        vc_formula={"a": "0 + C(a)", "b": "0 + C(b)"},
    )  # fmt: skip
    theirs.reml, theirs.cov_pen, theirs.fe_pen = criterion == "reml", None, None

    def of_theirs(theta: np.ndarray) -> float:
        at = MixedLMParams.from_components(
            fe_params=np.zeros(2), cov_re=np.empty((0, 0)), vcomp=theta**2
        )
        return float(-2 * theirs.loglike(at, profile_fe=True))

    ours = likelihood(data).minimum(criterion)
    assert of_theirs(ours.relative_sd) == pytest.approx(ours.at.criterion, abs=1e-8)
    for place in range(2):
        for factor in (0.98, 1.02):
            aside = np.where(np.arange(2) == place, factor, 1.0) * ours.relative_sd
            assert aside[place] == 0 or of_theirs(aside) > ours.at.criterion


def test_what_stays_sparse_gives_the_same_digits(monkeypatch: pytest.MonkeyPatch) -> None:
    data = rows(7, 400, (60, 90, 5), (1.0, 0.5, 0.3))
    dense = likelihood(data).minimum("reml")
    monkeypatch.setattr(cholesky, "_ALWAYS_DENSE", 0)
    monkeypatch.setattr(cholesky, "_LARGEST_DENSE", 0)
    model = likelihood(data)
    thin = model.minimum("reml")
    assert isinstance(model.least_squares._cholesky, cholesky.SparseCholesky)
    assert thin.at.criterion == pytest.approx(dense.at.criterion, abs=1e-8)
    np.testing.assert_allclose(thin.at.gradient, dense.at.gradient, atol=1e-6)
    sd = np.array([INF, 0.5, 0.3])
    for one, other in zip(
        likelihood(data, intercept=False).fixed_effects(sd, "a"),
        _dense(monkeypatch, data).fixed_effects(sd, "a"),
        strict=True,
    ):
        np.testing.assert_allclose(one, other, atol=1e-10)


def _dense(monkeypatch: pytest.MonkeyPatch, data: Rows) -> Likelihood:
    monkeypatch.setattr(cholesky, "_ALWAYS_DENSE", 1_000)
    return likelihood(data, intercept=False)
