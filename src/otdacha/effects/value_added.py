"""Design C: value added, from a cross-section with an intake score.

`y = β₀ + β y₀ + x'γ + θ_j + ε`, the provider as a random intercept (ML or REML) or a fixed effect.
The provider alone: `otdacha.effects.one_grouping`; with further groupings that cross with it:
`otdacha.effects.crossed`. Source: Raudenbush and Bryk (2002), chapter 3.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import linalg, sparse

from otdacha.effects.cells import Floats, Ints
from otdacha.effects.crossed import crossed_effects, refuse_what_cannot_be_told_apart
from otdacha.effects.elimination import sums_by, totals
from otdacha.effects.groupings import Grouping
from otdacha.effects.one_grouping import ProviderSums, fit_fixed, fit_random
from otdacha.effects.result import (
    ESTIMATED,
    ESTIMATES,
    INSUFFICIENT,
    Effects,
    Scores,
    without_nan,
)
from otdacha.errors import FileProblem, NothingToEstimate
from otdacha.language import text
from otdacha.methodology.counting import EXCLUDED

VALUE_ADDED = "value_added"
Method = Literal["ml", "reml", "fixed"]


_NOTHING = 1e-20
"""Share of the outcome's sum of squares below which it is rounding: (1e-10)² ."""


def value_added(
    frame: pl.DataFrame,
    *,
    outcome: str,
    intake: str | None = None,
    provider: str,
    covariates: Sequence[str] = (),
    crossed: Sequence[str] = (),
    method: Method = "ml",
    minimum_n: int = 1,
) -> Effects:
    """What each provider's people achieved beyond what their intake foretold.

    frame: one row per person, or per rating of a person. outcome and intake are numbers; a
    covariate is a number or, where it is text, a set of categories. crossed: further groupings
    (teacher, department, district) whose levels are random intercepts, so that the provider's
    effect is cleared of them. Without an intake the outcome itself is compared, which says less;
    the diagnostics state it. Rows with a missing or infinite value are excluded and counted.
    Providers with fewer than `minimum_n` rows, or whose rows are exactly those of one level of a
    crossed grouping ("inseparable"), are "insufficient evidence". method: how variances are found;
    "fixed" holds the providers fixed, and finds those of crossed groupings by REML.

    Returns Effects on the one indicator `value_added`, in the outcome's unit; the estimate is not
    shrunken. Without `crossed` it is the provider's mean residual, its covariance is the sampling
    covariance given σ², `σ² diag(1/n)` plus what the slopes' errors share. With `crossed` it is the
    provider's fixed effect about the mean by generalised least squares given the variances, with
    the covariance that this has. diagnostics["value_added"]: method, people (rows),
    minus_two_log_likelihood (REML: that criterion), intercept, intake (its column or None), slope
    of the intake, covariates (dict), provider_variance, residual_variance, variances and levels by
    grouping, boundary (groupings whose variance is zero); with `crossed` also connected_sets by
    grouping, evaluations, gradient (what is left of it where the search ended).

    Raises FileProblem for a column that is not there or is not numeric, NothingToEstimate where
    there are fewer than two providers, where columns cannot be told apart, or no variation is left.
    """
    rows, excluded = _complete_rows(frame, outcome, intake, provider, covariates, crossed)
    providers = Grouping.of(rows[provider])
    if providers.levels < 2:
        raise NothingToEstimate(
            text("Value added compares providers; the file has {count} with complete rows.",
                 count=providers.levels)
        )  # fmt: skip
    others = [Grouping.of(rows[name]) for name in crossed]
    refuse_what_cannot_be_told_apart(providers, others, fixed=method == "fixed")
    names, x = _design(rows, intake, covariates)
    _refuse_collinear(names, x, providers.level if method == "fixed" or others else None)
    y = rows[outcome].to_numpy().astype(np.float64)
    _refuse_too_few_rows(len(y), x.shape[1] + (providers.levels if method == "fixed" else 0))
    _refuse_without_variation(x, y, providers)
    n = providers.rows
    if others:
        found = _crossed(x, y, providers, others, method)
    else:
        found = _alone(names, ProviderSums.of(y, x, providers.level, providers.levels), method)

    few = n < minimum_n
    enough = found.separable & ~few
    psi: Scores
    if isinstance(found.psi, np.ndarray):
        psi = found.psi * enough
        se = np.linalg.norm(psi, axis=0)
    else:
        psi = sparse.csr_array(found.psi @ sparse.diags_array(1.0 * enough))
        se = np.sqrt(np.asarray(psi.multiply(psi).sum(axis=0)).ravel())
    scale = float(np.sqrt(found.residual_variance))
    count = n.astype(np.int64)
    estimates = pl.DataFrame(
        {
            "provider": providers.names,
            "indicator": [VALUE_ADDED] * providers.levels,
            "estimate": found.estimate,
            "standardised": found.estimate / scale,
            "se": np.where(enough, se, np.nan),
            "df": [None] * providers.levels,
            "units": count,
            "clusters": [1] * providers.levels,
            "cells": count,
            "cases": count,
            "state": np.where(enough, ESTIMATED, INSUFFICIENT),
            "reason": [
                "n_below_minimum" if below else None if known else "inseparable"
                for below, known in zip(few, enough, strict=True)
            ],
        },
        schema=ESTIMATES,
    )
    slope, *others_slopes = found.slopes if intake else (None, *found.slopes)
    return Effects(
        design=VALUE_ADDED,
        providers=providers.names,
        clusters=providers.names + found.shared,
        estimates=without_nan(estimates),
        scores={VALUE_ADDED: psi},
        scales={VALUE_ADDED: scale},
        excluded=excluded,
        diagnostics={
            VALUE_ADDED: {
                "method": method,
                "people": len(rows),
                "minus_two_log_likelihood": found.criterion,
                "intercept": found.intercept,
                "intake": intake,
                "slope": slope,
                "covariates": dict(zip(names[2 if intake else 1 :], others_slopes, strict=True)),
                "provider_variance": found.provider_variance,
                "residual_variance": found.residual_variance,
                "variances": {provider: found.provider_variance, **found.variances},
                "levels": {one.name: one.levels for one in (providers, *others)},
                "boundary": found.boundary(provider),
                **found.search,
            }
        },
    )


@dataclass(frozen=True)
class _Found:
    """What either way of fitting gives: estimates (J,), ψ with columns of providers, the figures.

    shared: names of the rows of ψ that follow the providers' own. variances: of crossed groupings.
    """

    estimate: Floats
    psi: Scores
    shared: tuple[str, ...]
    separable: NDArray[np.bool_]
    criterion: float | None
    intercept: float
    slopes: list[float]
    provider_variance: float
    residual_variance: float
    variances: Mapping[str, float] = field(default_factory=dict)
    search: Mapping[str, Any] = field(default_factory=dict)

    def boundary(self, provider: str) -> list[str]:
        """The groupings whose variance is zero."""
        variances = {provider: self.provider_variance, **self.variances}
        return [name for name, variance in variances.items() if variance == 0]


def _crossed(
    x: Floats, y: Floats, provider: Grouping, others: Sequence[Grouping], method: Method
) -> _Found:
    found = crossed_effects(
        x[:, 1:],
        y,
        provider,
        others,
        criterion="ml" if method == "ml" else "reml",
        fixed=method == "fixed",
    )
    model = found.model
    return _Found(
        estimate=found.estimate,
        psi=found.psi,
        shared=(),
        separable=found.separable,
        criterion=model.at.criterion,
        intercept=found.intercept,
        slopes=found.slopes.tolist(),
        provider_variance=found.provider_variance,
        residual_variance=model.at.residual_variance,
        variances={other.name: model.variances[other.name] for other in others},
        search={
            "connected_sets": found.connected,
            "evaluations": model.evaluations,
            "gradient": model.gradient,
        },
    )


def _alone(names: list[str], sums: ProviderSums, method: Method) -> _Found:
    """The provider is the only grouping: everything is exact from its sums."""
    fit = fit_fixed(sums) if method == "fixed" else fit_random(sums, method)
    centred = sums.mean_x[:, 1:] - np.average(sums.mean_x[:, 1:], axis=0, weights=sums.n)
    noise = sparse.csr_array(sparse.diags_array(np.sqrt(fit.residual_variance / sums.n)))
    shared = centred @ np.linalg.cholesky(fit.slope_covariance)
    return _Found(
        estimate=sums.mean_y - sums.mean_x @ fit.beta,
        psi=sparse.csr_array(sparse.vstack([noise, sparse.csr_array(shared.T)])),
        shared=tuple(names[1:]),
        separable=np.ones(len(sums.n), dtype=bool),
        criterion=fit.criterion,
        intercept=float(fit.beta[0]),
        slopes=fit.beta[1:].tolist(),
        provider_variance=fit.provider_variance,
        residual_variance=fit.residual_variance,
    )


def _refuse_collinear(names: list[str], x: Floats, group: Ints | None) -> None:
    """A column that the others (or fixed provider effects) already determine has no slope."""
    size = np.linalg.norm(x, axis=0)
    if group is not None:
        groups = int(group.max()) + 1
        ones = np.ones(len(x))
        means = sums_by(group, ones, x, groups) / totals(group, ones, groups)[:, None]
        x = np.column_stack([x[:, 0], x[:, 1:] - means[group, 1:]])
    _, r = linalg.qr(x / np.where(size > 0, size, 1.0), mode="economic")
    left = np.zeros(len(names))
    left[: len(r)] = np.abs(np.diag(r))
    repeated = [name for name, own in zip(names, left, strict=True) if own < 1e-9]
    if repeated:
        raise NothingToEstimate(
            text(
                "Column {column} says nothing that the other columns do not say already; leave it "
                "out (with fixed effects or crossed groupings: it is the same for everybody of a "
                "provider).",
                column=", ".join(repeated),
            )
        )


def _refuse_without_variation(x: Floats, y: Floats, provider: Grouping) -> None:
    """Where providers and columns foretell the outcome, there is no chance to measure against."""
    columns = np.column_stack([x, y - y.mean()])
    means = sums_by(provider.level, np.ones(len(y)), columns, provider.levels)
    within = columns - (means / provider.rows[:, None])[provider.level]
    slopes = np.linalg.lstsq(within[:, :-1], within[:, -1], rcond=None)[0]
    left = within[:, -1] - within[:, :-1] @ slopes
    if left @ left <= _NOTHING * (y @ y):
        raise NothingToEstimate(
            text(
                "The outcome is the same for everybody, or the other columns foretell it entirely."
            )
        )


def _refuse_too_few_rows(rows: int, figures: int) -> None:
    if rows <= figures:
        raise NothingToEstimate(
            text(
                "The complete rows, {rows} in number, do not suffice for {figures} figures.",
                rows=rows,
                figures=figures,
            )
        )


def _complete_rows(
    frame: pl.DataFrame,
    outcome: str,
    intake: str | None,
    provider: str,
    covariates: Sequence[str],
    crossed: Sequence[str],
) -> tuple[pl.DataFrame, pl.DataFrame]:
    numeric = [outcome, intake] if intake else [outcome]
    wanted = [*numeric, provider, *covariates, *crossed]
    for name in wanted:
        if name not in frame.columns:
            raise FileProblem(
                text(
                    "Column {column} is not in the file. Its columns are: {columns}.",
                    column=name,
                    columns=", ".join(frame.columns),
                )
            )
    rows = frame.select(list(dict.fromkeys(wanted)))
    for name in numeric:
        if not rows.schema[name].is_numeric():
            raise FileProblem(
                text("Column {column} must hold numbers; it holds text.", column=name)
            )
    # a name of blanks names nobody
    named = dict.fromkeys((provider, *crossed))
    names = [name for name in named if rows.schema[name] == pl.String]
    rows = rows.with_columns(
        pl.when(pl.col(name).str.strip_chars() != "").then(pl.col(name)) for name in names
    )
    floats = [name for name, kind in rows.schema.items() if kind.is_float()]
    complete = rows.with_columns(
        pl.when(pl.col(name).is_finite()).then(pl.col(name)) for name in floats
    ).drop_nulls()
    left_out = len(rows) - len(complete)
    counted = [("effects", "incomplete_row", VALUE_ADDED, None, left_out)] if left_out else []
    return complete, pl.DataFrame(counted, schema=EXCLUDED, orient="row")


def _design(
    rows: pl.DataFrame, intake: str | None, covariates: Sequence[str]
) -> tuple[list[str], Floats]:
    """Intercept, intake, covariates; text becomes one column per category but the first."""
    columns = {"intercept": np.ones(len(rows))}
    for name in [intake, *covariates] if intake else covariates:
        if rows.schema[name].is_numeric():
            columns[name] = rows[name].to_numpy().astype(float)
        else:
            for category in rows[name].cast(pl.String).unique().sort()[1:]:
                columns[f"{name}={category}"] = (rows[name] == category).to_numpy().astype(float)
    return list(columns), np.column_stack(list(columns.values()))
