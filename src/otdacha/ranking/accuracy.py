"""How near to what came later a prediction was: its slope, order and squared error.

Later estimates are noisy, with variance s². Noise that earlier and later figures share (comparison
units, town shocks that last) moves the slope; its covariance is known from ψ of both and is taken
off, and s² and that covariance are taken off the squared errors.

Intervals are those of a jackknife over providers, with t quantiles. The slope's variance has the
later estimates' errors that providers share added, g_j g_k V_jk over all pairs of providers, where
g are its weights in the later estimates: a jackknife takes providers for independent.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import stats

from otdacha.ranking.net_covariance import Jackknifed, net_covariance, weighted_mean
from otdacha.ranking.predictors import EVERYONE_AVERAGE, POSTERIOR_MEAN, Predictor
from otdacha.ranking.result import Ranking

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]

FIGURES = pl.Schema(
    {
        "predictor": pl.String,  # posterior_mean | raw_mean | everyone_average
        "measure": pl.String,
        "value": pl.Float64,  # null: there is none (the list was empty)
        "lower": pl.Float64,  # interval at the methodology's level; null: none is given
        "upper": pl.Float64,
    }
)
"""Measures. slope: of realised on predicted, 1 if unbiased. rank_correlation: Spearman's, with the
noise of the realised left in. mean_squared_error: of the prediction, net of the noise of the
realised, so it may fall below zero. excess_error: that less the posterior mean's, paired.
stays_listed, stays_above: the share of the list at the cut that is on the list of the later
sessions, and whose later estimate is above that list's threshold."""


@dataclass(frozen=True)
class CameLater:
    """Later estimates, their standard errors, ψ (clusters, providers), weights that sum to one."""

    estimate: Vector
    se: Vector
    scores: Matrix
    weights: Vector


def accuracy(predictors: list[Predictor], came: CameLater, level: float) -> pl.DataFrame:
    """Slope, order and errors of each predictor (schema `FIGURES`); the first one is ours."""
    rows: list[tuple[str, str, float, float, float]] = []
    ours = squared_error(predictors[0], came)
    t = float(stats.t.ppf((1 + level) / 2, len(came.estimate) - 1))
    for predictor in predictors:
        name, error = predictor.name, squared_error(predictor, came)
        if name != EVERYONE_AVERAGE:
            moved, se = slope(predictor, came)
            rows.append((name, "slope", moved, moved - t * se, moved + t * se))
            order = rank_correlation(predictor.values, came.estimate)
            low, high = order.value - t * order.se, order.value + t * order.se
            rows.append((name, "rank_correlation", order.value, max(low, -1.0), min(high, 1.0)))
        rows.append((name, "mean_squared_error", *_interval(error, t)))
        if name != POSTERIOR_MEAN:
            rows.append((name, "excess_error", *_interval(error - ours, t)))
    return pl.DataFrame(rows, schema=FIGURES, orient="row")


def slope(predictor: Predictor, came: CameLater) -> tuple[float, float]:
    """Weighted least squares of realised on predicted, net of shared noise, and its standard error.

    A predictor that is the same for everybody has no slope: nan.
    """
    each = np.arange(len(came.estimate))
    m, w = predictor.values, came.weights
    centred = m - w @ m
    spread = float(w @ centred**2)
    if spread <= 1e-18 * float(w @ m**2):
        return np.nan, np.nan
    none = np.zeros_like(predictor.scores)
    together = net_covariance(m, came.estimate, w, predictor.scores, came.scores, each)
    moved = together / net_covariance(m, m, w, none, none, each)
    g = w * centred / spread
    among_pairs = float(np.sum((came.scores @ g) ** 2) - g**2 @ came.se**2)
    return moved.value, float(np.sqrt(moved.se**2 + max(among_pairs, 0.0)))


def squared_error(predictor: Predictor, came: CameLater) -> Jackknifed:
    """E(θ - m)² = E(r - m)² - s² + 2 Cov(m, error of r), a weighted mean over providers."""
    shared = np.einsum("cj,cj->j", predictor.scores, came.scores)
    missed = (came.estimate - predictor.values) ** 2 - came.se**2 + 2 * shared
    return weighted_mean(missed, came.weights)


def rank_correlation(predicted: Vector, realised: Vector) -> Jackknifed:
    """Spearman's, each provider counting the same."""

    def correlate(a: Vector, b: Vector) -> float:
        return float(np.corrcoef(stats.rankdata(a), stats.rankdata(b))[0, 1])

    without = [
        correlate(np.delete(predicted, j), np.delete(realised, j)) for j in range(len(predicted))
    ]
    return Jackknifed(correlate(predicted, realised), np.array(without))


def _interval(found: Jackknifed, t: float) -> tuple[float, float, float]:
    return found.value, found.value - t * found.se, found.value + t * found.se


def what_became_of_the_list(then: Ranking, later: Ranking, known: list[str]) -> pl.DataFrame:
    """What became of the list, among its providers that can be judged later."""
    listed = [name for name in then.listed if name in set(known)]
    rows = later.frame.filter(pl.col("provider").is_in(listed))
    shares = {
        "stays_listed": rows["listed"].mean(),
        "stays_above": (rows["estimate"] > later.threshold).mean(),
    }
    return pl.DataFrame(
        [(POSTERIOR_MEAN, measure, share, None, None) for measure, share in shares.items()],
        schema=FIGURES,
        orient="row",
    )


def figure_of(figures: pl.DataFrame, measure: str, predictor: str) -> dict[str, float | None]:
    """value, lower and upper of one measure; KeyError where there is none."""
    found = figures.filter(predictor=predictor, measure=measure)
    if found.is_empty():
        raise KeyError((predictor, measure))
    return found.select("value", "lower", "upper").row(0, named=True)
