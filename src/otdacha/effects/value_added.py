"""Design C: value added, from a cross-section with an intake score.

`y = β₀ + β y₀ + x'γ + θ_j + ε`, the provider as a random intercept (ML or REML) or a fixed effect.
With one grouping the likelihood is exact from sums per provider: `V_j = σ²(I + ρ 11')` has the
inverse `(I − ρ/(1 + ρ n_j) 11')/σ²` and the determinant `σ^{2n}(1 + ρ n_j)`, so only ρ = σ²_θ/σ²
is searched for. Source: Raudenbush and Bryk (2002), chapter 3; Bates et al. (2015) for −2 log L.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl
from scipy import linalg, optimize, sparse

from otdacha.effects.cells import Floats, Ints
from otdacha.effects.elimination import sums_by, totals
from otdacha.effects.result import ESTIMATED, ESTIMATES, INSUFFICIENT, Effects, without_nan
from otdacha.errors import FileProblem, NothingToEstimate
from otdacha.language import text
from otdacha.methodology.counting import EXCLUDED

VALUE_ADDED = "value_added"
Method = Literal["ml", "reml", "fixed"]

_NOTHING = 1e-12
"""Share of the outcome's mean square below which nothing is left to explain."""


def value_added(
    frame: pl.DataFrame,
    *,
    outcome: str,
    intake: str,
    provider: str,
    covariates: Sequence[str] = (),
    method: Method = "ml",
    minimum_n: int = 1,
) -> Effects:
    """What each provider's people achieved beyond what their intake foretold.

    frame: one row per person. outcome and intake are numbers; a covariate is a number or, where it
    is text, a set of categories. Rows with a missing value are excluded and counted. Providers with
    fewer than `minimum_n` people are "insufficient evidence".

    Returns Effects on the one indicator `value_added`, in the outcome's unit: the estimate is the
    provider's mean residual (not shrunken), its covariance is the sampling covariance given σ²,
    `σ² diag(1/n)` plus what the slopes' errors share. diagnostics["value_added"]: method, people,
    minus_two_log_likelihood, intercept, slope of the intake, covariates (dict), provider_variance,
    residual_variance.

    Raises FileProblem for a column that is not there or is not numeric, NothingToEstimate where
    there are fewer than two providers or no variation is left.
    """
    rows, excluded = _complete_rows(frame, outcome, intake, provider, covariates)
    providers = rows[provider].unique().sort()
    if len(providers) < 2:
        raise NothingToEstimate(
            text("Value added compares providers; the file has {count} with complete rows.",
                 count=len(providers))
        )  # fmt: skip
    group = rows[provider].replace_strict(providers, range(len(providers))).cast(pl.Int64)
    names, x = _design(rows, intake, covariates)
    _refuse_collinear(names, x, group.to_numpy() if method == "fixed" else None)
    sums = _ProviderSums.of(rows[outcome].to_numpy(), x, group.to_numpy(), len(providers))
    fit = _fixed(sums) if method == "fixed" else _random(sums, method)

    slopes = fit.beta[1:]
    centred = sums.mean_x[:, 1:] - np.average(sums.mean_x[:, 1:], axis=0, weights=sums.n)
    residual = sums.mean_y - sums.mean_x @ fit.beta
    noise = sparse.csr_array(sparse.diags_array(np.sqrt(fit.residual_variance / sums.n)))
    shared = centred @ linalg.cholesky(fit.slope_covariance, lower=True)
    enough = sums.n >= minimum_n
    psi = sparse.vstack([noise, sparse.csr_array(shared.T)]) @ sparse.diags_array(1.0 * enough)
    se = np.sqrt(np.asarray((psi.multiply(psi)).sum(axis=0)).ravel())
    scale = float(np.sqrt(fit.residual_variance))
    ids = tuple(map(str, providers))
    estimates = pl.DataFrame(
        {
            "provider": ids,
            "indicator": [VALUE_ADDED] * len(ids),
            "estimate": residual,
            "standardised": residual / scale,
            "se": np.where(enough, se, np.nan),
            "df": [None] * len(ids),
            "units": sums.n.astype(np.int64),
            "clusters": [1] * len(ids),
            "cells": sums.n.astype(np.int64),
            "cases": sums.n.astype(np.int64),
            "state": np.where(enough, ESTIMATED, INSUFFICIENT),
            "reason": [None if known else "n_below_minimum" for known in enough],
        },
        schema=ESTIMATES,
    )
    return Effects(
        design=VALUE_ADDED,
        providers=ids,
        clusters=ids + tuple(names[1:]),
        estimates=without_nan(estimates),
        scores={VALUE_ADDED: sparse.csr_array(psi)},
        scales={VALUE_ADDED: scale},
        excluded=excluded,
        diagnostics={
            VALUE_ADDED: {
                "method": method,
                "people": int(sums.n.sum()),
                "minus_two_log_likelihood": fit.criterion,
                "intercept": float(fit.beta[0]),
                "slope": float(slopes[0]),
                "covariates": dict(zip(names[2:], map(float, slopes[1:]), strict=True)),
                "provider_variance": fit.provider_variance,
                "residual_variance": fit.residual_variance,
            }
        },
    )


@dataclass(frozen=True)
class _ProviderSums:
    """All that the likelihood needs: n (J,), means (J,) and (J, P), pooled cross-products."""

    n: Floats
    mean_y: Floats
    mean_x: Floats
    xx: Floats
    xy: Floats
    yy: float

    @classmethod
    def of(cls, y: Floats, x: Floats, group: Ints, groups: int) -> _ProviderSums:
        one = np.ones(len(y))
        n = totals(group, one, groups)
        return cls(
            n=n,
            mean_y=totals(group, y, groups) / n,
            mean_x=sums_by(group, one, x, groups) / n[:, None],
            xx=x.T @ x,
            xy=x.T @ y,
            yy=float(y @ y),
        )

    def less_between(self, amount: Floats) -> tuple[Floats, Floats, float]:
        """X'X, X'y and y'y less `amount` (J,) of each provider's between part n² x̄x̄'."""
        weighted = (amount * self.n**2)[:, None] * self.mean_x
        return (
            self.xx - self.mean_x.T @ weighted,
            self.xy - weighted.T @ self.mean_y,
            self.yy - float(amount * self.n**2 @ self.mean_y**2),
        )


@dataclass(frozen=True)
class _Fit:
    beta: Floats
    slope_covariance: Floats
    provider_variance: float
    residual_variance: float
    criterion: float | None


def _random(sums: _ProviderSums, method: Literal["ml", "reml"]) -> _Fit:
    """Random intercepts: minimise −2 log L (or the REML criterion) over √ρ."""
    N, P = float(sums.n.sum()), sums.xx.shape[0]
    free = N if method == "ml" else N - P

    def fit(root: float) -> tuple[float, Floats, Floats, float]:
        rho = root * root
        xx, xy, yy = sums.less_between(rho / (1 + rho * sums.n))
        factor = linalg.cho_factor(xx, lower=True)
        beta = linalg.cho_solve(factor, xy)
        variance = max(yy - float(beta @ xy), 0.0) / free
        if variance <= _NOTHING * yy / N:
            raise NothingToEstimate(
                text("The outcome is the same for everybody, or the intake foretells it entirely.")
            )
        criterion = free * (np.log(2 * np.pi * variance) + 1) + np.log1p(rho * sums.n).sum()
        if method == "reml":
            criterion += 2 * np.log(np.diag(factor[0])).sum()
        return float(criterion), beta, linalg.inv(xx) * variance, variance

    high = 1.0
    while fit(2 * high)[0] < fit(high)[0] and high < 1e6:
        high *= 2
    found = optimize.minimize_scalar(
        lambda root: fit(root)[0], bounds=(0.0, 2 * high), method="bounded",
        options={"xatol": 1e-10, "maxiter": 500},
    )  # fmt: skip
    root = float(found.x) if found.fun < fit(0.0)[0] else 0.0
    criterion, beta, covariance, variance = fit(root)
    return _Fit(beta, covariance[1:, 1:], root**2 * variance, variance, criterion)


def _fixed(sums: _ProviderSums) -> _Fit:
    """Fixed effects: slopes from within providers only; the intercept makes the mean residual 0."""
    xx, xy, yy = sums.less_between(1 / sums.n)
    J, P = len(sums.n), sums.xx.shape[0] - 1
    inverse = linalg.inv(xx[1:, 1:])
    slopes = inverse @ xy[1:]
    variance = (yy - float(slopes @ xy[1:])) / (sums.n.sum() - J - P)
    intercept = np.average(sums.mean_y - sums.mean_x[:, 1:] @ slopes, weights=sums.n)
    between = sums.mean_y - intercept - sums.mean_x[:, 1:] @ slopes
    spread = float(np.var(between, ddof=1) - (variance / sums.n).mean())
    return _Fit(np.r_[intercept, slopes], inverse * variance, max(spread, 0.0), variance, None)


def _refuse_collinear(names: list[str], x: Floats, group: Ints | None) -> None:
    """A column that the others (or fixed provider effects) already determine has no slope."""
    if group is not None:
        ones = np.ones(len(x))
        means = (
            sums_by(group, ones, x, int(group.max()) + 1)
            / totals(group, ones, int(group.max()) + 1)[:, None]
        )
        x = np.column_stack([x[:, 0], x[:, 1:] - means[group, 1:]])
    size = np.linalg.norm(x, axis=0)
    _, r = linalg.qr(x / np.where(size > 0, size, 1.0), mode="economic")
    repeated = [name for name, left in zip(names, np.abs(np.diag(r)), strict=True) if left < 1e-9]
    if repeated:
        raise NothingToEstimate(
            text(
                "Column {column} says nothing that the other columns do not say already; leave it "
                "out (with fixed effects: it is the same for everybody of a provider).",
                column=", ".join(repeated),
            )
        )


def _complete_rows(
    frame: pl.DataFrame, outcome: str, intake: str, provider: str, covariates: Sequence[str]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    wanted = [outcome, intake, provider, *covariates]
    for name in wanted:
        if name not in frame.columns:
            raise FileProblem(
                text(
                    "Column {column} is not in the file. Its columns are: {columns}.",
                    column=name,
                    columns=", ".join(frame.columns),
                )
            )
    name_of = pl.col(provider).cast(pl.String)
    rows = frame.select(list(dict.fromkeys(wanted))).with_columns(
        pl.when(name_of.str.strip_chars() != "").then(name_of)
    )
    for name in (outcome, intake):
        if not rows.schema[name].is_numeric():
            raise FileProblem(
                text("Column {column} must hold numbers; it holds text.", column=name)
            )
    numbers = pl.col([name for name in wanted if rows.schema[name].is_float()])
    complete = rows.with_columns(
        pl.when(numbers.is_finite()).then(numbers).otherwise(None)
    ).drop_nulls()
    left_out = len(rows) - len(complete)
    counted = [("effects", "incomplete_row", VALUE_ADDED, None, left_out)] if left_out else []
    return complete, pl.DataFrame(counted, schema=EXCLUDED, orient="row")


def _design(rows: pl.DataFrame, intake: str, covariates: Sequence[str]) -> tuple[list[str], Floats]:
    """Intercept, intake, covariates; text becomes one column per category but the first."""
    columns = {"intercept": np.ones(len(rows)), intake: rows[intake].to_numpy().astype(float)}
    for name in covariates:
        if rows.schema[name].is_numeric():
            columns[name] = rows[name].to_numpy().astype(float)
        else:
            for category in rows[name].cast(pl.String).unique().sort()[1:]:
                columns[f"{name}={category}"] = (rows[name] == category).to_numpy().astype(float)
    return list(columns), np.column_stack(list(columns.values()))
