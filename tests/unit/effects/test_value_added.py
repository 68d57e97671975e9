"""Design C on small cases."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from scipy import optimize, stats

from otdacha.effects import value_added
from otdacha.errors import FileProblem, NothingToEstimate


def pupils(seed: int = 1, providers: int = 8, each: int = 12) -> pl.DataFrame:
    rng = np.random.default_rng(seed)
    provider = np.repeat(np.arange(providers), rng.integers(2, each, providers))
    intake = rng.normal(size=len(provider)) + 0.3 * provider
    y = 1 + 0.5 * intake + rng.normal(0, 0.6, providers)[provider] + rng.normal(size=len(provider))
    return pl.DataFrame({"who": provider, "before": intake, "after": y})


def minus_two_log_likelihood(
    frame: pl.DataFrame, beta: np.ndarray, between: float, within: float
) -> float:
    """The naive twin: a multivariate normal with the whole covariance matrix."""
    who = frame["who"].to_numpy()
    V = between * (who[:, None] == who[None, :]) + within * np.eye(len(who))
    mean = beta[0] + beta[1] * frame["before"].to_numpy()
    return float(-2 * stats.multivariate_normal(mean, V).logpdf(frame["after"].to_numpy()))


def test_it_maximises_the_whole_likelihood() -> None:
    frame = pupils()
    found = value_added(frame, outcome="after", intake="before", provider="who").diagnostics[
        "value_added"
    ]
    best = optimize.minimize(
        lambda p: minus_two_log_likelihood(frame, p[:2], np.exp(p[2]), np.exp(p[3])),
        [1, 0.5, -1, 0],
        method="Nelder-Mead",
        options={"xatol": 1e-9, "fatol": 1e-11, "maxiter": 8000},
    )
    assert found["minus_two_log_likelihood"] == pytest.approx(best.fun, abs=1e-7)
    assert found["slope"] == pytest.approx(best.x[1], abs=1e-5)
    assert found["provider_variance"] == pytest.approx(np.exp(best.x[2]), abs=1e-4)


def test_no_provider_differences_gives_a_variance_of_zero() -> None:
    """Four providers whose people have the very same intakes and outcomes."""
    one = pupils(providers=1, each=40).drop("who")
    frame = pl.concat([one.with_columns(who=pl.lit(j)) for j in range(4)])
    found = value_added(frame, outcome="after", intake="before", provider="who").diagnostics
    assert found["value_added"]["provider_variance"] < 1e-12


def test_fixed_effects_are_least_squares_with_dummies() -> None:
    frame = pupils(3)
    who = frame["who"].to_numpy()
    X = np.column_stack([frame["before"], *(who == j for j in range(who.max() + 1))]).astype(float)
    y = frame["after"].to_numpy()
    coefficients, rss, *_ = np.linalg.lstsq(X, y, rcond=None)
    fit = value_added(frame, outcome="after", intake="before", provider="who", method="fixed")
    centred = coefficients[1:] - np.average(coefficients[1:], weights=np.bincount(who))
    np.testing.assert_allclose(fit.of()["estimate"], centred, atol=1e-10)
    assert fit.diagnostics["value_added"]["slope"] == pytest.approx(coefficients[0])
    variance = rss[0] / (len(y) - X.shape[1])
    assert fit.diagnostics["value_added"]["residual_variance"] == pytest.approx(variance)


def test_its_standard_errors_are_those_of_the_provider_means() -> None:
    fit = value_added(pupils(4), outcome="after", intake="before", provider="who")
    table = fit.of()
    within = fit.diagnostics["value_added"]["residual_variance"]
    assert (table["se"] >= np.sqrt(within / table["cases"].to_numpy())).all()
    np.testing.assert_allclose(np.sqrt(np.diag(fit.covariance())), table["se"])


def test_incomplete_rows_are_excluded_and_counted() -> None:
    frame = pupils().with_columns(
        before=pl.when(pl.int_range(pl.len()) < 3).then(None).otherwise("before")
    )
    fit = value_added(frame, outcome="after", intake="before", provider="who")
    assert fit.excluded.select("reason", "rows").rows() == [("incomplete_row", 3)]


def test_categories_become_columns() -> None:
    frame = pupils().with_columns(kind=pl.Series(["a", "b", "c"] * 100).head(len(pupils())))
    fit = value_added(frame, outcome="after", intake="before", provider="who", covariates=["kind"])
    assert list(fit.diagnostics["value_added"]["covariates"]) == ["kind=b", "kind=c"]


def test_bad_input_is_named() -> None:
    frame = pupils()
    with pytest.raises(FileProblem, match="intake"):
        value_added(frame, outcome="after", intake="intake", provider="who")
    text = frame.with_columns(after=pl.col("after").cast(pl.String))
    with pytest.raises(FileProblem, match="after"):
        value_added(text, outcome="after", intake="before", provider="who")
    with pytest.raises(NothingToEstimate, match="1"):
        value_added(
            frame.filter(pl.col("who") == 1), outcome="after", intake="before", provider="who"
        )
    with pytest.raises(NothingToEstimate, match="same for everybody"):
        value_added(
            frame.with_columns(after=pl.lit(2.0)), outcome="after", intake="before", provider="who"
        )
    twice = frame.with_columns(again=pl.col("before") * 2)
    with pytest.raises(NothingToEstimate, match="again"):
        value_added(twice, outcome="after", intake="before", provider="who", covariates=["again"])
