"""Between which ranks a provider lies: marginal confidence sets from all pairwise comparisons.

Mogstad, Romano, Shaikh and Wilhelm (2024, Review of Economic Studies 91, 476-518). The rank of j
is one plus the number of providers that are truly better. All claims "k is better than j" and "k is
worse than j" are tested together for each j, the chance of any false claim being held at 1 - level
by the largest of Gaussian draws with the full covariance, stepwise: what is rejected leaves the
family and the rest is tested anew. Draws are ψ'ξ with one ξ per cluster, so that shared errors
cancel in differences as they do in the data.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy import special

from otdacha.effects.result import Scores
from otdacha.language import text
from otdacha.progress import Progress, silent
from otdacha.ranking.effective_error import normal_deviate

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
Draws = NDArray[np.float32]

PROVIDERS_AT_ONCE = 64
"""Rows of the covariance in memory at once."""
CACHED = 1 << 16
"""Draws are taken in pieces of about this many numbers, which stay in the processor's cache."""


def rank_ranges(
    estimates: Vector,
    scores: Scores,
    df: Vector,
    *,
    level: float,
    draws: int,
    seed: int,
    progress: Progress = silent,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The best and the worst rank in each provider's confidence set; 1 is best.

    estimates, df: (providers,), df may be infinite; scores: ψ (clusters, providers). The set holds
    the true rank of that provider with probability `level` (each provider by itself). With few
    degrees of freedom each pair's t statistic is replaced by the normal deviate with the same tail
    area, with the degrees of freedom of Welch and Satterthwaite. Memory: draws x providers.
    """
    count = len(estimates)
    noise = _noise(scores, draws, seed)
    own = np.asarray((scores * scores).sum(axis=0)).ravel()
    low = np.empty(count, dtype=np.int64)
    high = np.empty(count, dtype=np.int64)
    for start in range(0, count, PROVIDERS_AT_ONCE):
        block = slice(start, min(start + PROVIDERS_AT_ONCE, count))
        product = scores[:, block].T @ scores
        covariance = np.asarray(product if isinstance(product, np.ndarray) else product.todense())
        for place, row in enumerate(covariance, start=start):
            precision = _precision(own, row, place)
            statistic = (estimates - estimates[place]) * precision
            # t has the longer tails: a statistic that is small stays small
            large = np.abs(statistic) > special.ndtri(level)
            statistic[large] = normal_deviate(
                statistic[large], _pair_df(own[large], df[large], own[place], df[place])
            )
            better, worse = _told_apart(statistic, precision, noise, place, level)
            low[place], high[place] = 1 + better, count - worse
        progress(text("Finding rank ranges"), block.stop, count)
    return low, high


def _noise(scores: Scores, draws: int, seed: int) -> Draws:
    """Gaussian errors with covariance ψ'ψ, (draws, providers); the pieces do not change them."""
    generator = np.random.default_rng(seed)
    clusters, count = scores.shape
    noise = np.empty((draws, count), dtype=np.float32)
    piece = max(1, (1 << 22) // max(clusters, 1))
    for start in range(0, draws, piece):
        end = min(start + piece, draws)
        noise[start:end] = generator.standard_normal((end - start, clusters)) @ scores
    return noise


def _precision(own: Vector, row: Vector, place: int) -> Vector:
    """1 / the standard error of θ̂_k - θ̂_j for all k; 0 for j itself and where nothing differs."""
    variance = own + own[place] - 2 * row
    known = variance > 1e-12 * (own + own[place])
    known[place] = False
    return np.asarray(np.where(known, 1 / np.sqrt(np.where(known, variance, 1.0)), 0.0))


def _pair_df(variances: Vector, df: Vector, variance: float, own_df: float) -> Vector:
    """Degrees of freedom of differences with one provider (Welch-Satterthwaite)."""
    spread = variances**2 / df + variance**2 / own_df
    few = spread > 0
    return np.asarray(
        np.where(few, (variances + variance) ** 2 / np.where(few, spread, 1.0), np.inf)
    )


def _told_apart(
    deviates: Vector, precision: Vector, noise: Draws, place: int, level: float
) -> tuple[int, int]:
    """How many providers are surely better and surely worse than the one at `place`."""
    better_open = precision > 0
    worse_open = better_open.copy()
    # No critical value is below that of a single claim: nothing beneath it is worth a draw.
    least = special.ndtri(level)
    # The critical value is a quantile of the draws: so many of them lie at or above it.
    beyond = len(noise) - math.ceil(level * (len(noise) - 1))
    largest = np.full(len(noise), np.inf, dtype=np.float32)
    while max(deviates[better_open].max(initial=0), -deviates[worse_open].min(initial=0)) > least:
        cut = _critical(
            largest,
            beyond,
            noise,
            place,
            np.where(better_open, precision, 0).astype(np.float32),
            np.where(worse_open, precision, 0).astype(np.float32),
        )
        better = better_open & (deviates > cut)
        worse = worse_open & (deviates < -cut)
        if not (better.any() or worse.any()):
            break
        better_open &= ~better
        worse_open &= ~worse
    among = int(np.count_nonzero(precision))
    return among - int(better_open.sum()), among - int(worse_open.sum())


def _critical(
    largest: Draws, beyond: int, noise: Draws, place: int, better: Draws, worse: Draws
) -> float:
    """The `beyond`-th largest over draws of the largest standardised difference still open.

    better, worse: precisions of the open claims, (providers,), zero where closed. largest: upper
    bounds for each draw, from the claims open before; lowered here to the exact value where it is
    looked at. A draw whose bound is below the answer so far cannot change it and is not looked at.
    """
    piece = max(8, CACHED // noise.shape[1])
    same = np.array_equal(better, worse)
    order = np.argsort(-largest, kind="stable")
    for start in range(0, len(order), piece):
        chosen = order[start : start + piece]
        if start >= beyond:
            reached = np.partition(largest[order[:start]], start - beyond)[start - beyond]
            if largest[chosen[0]] <= reached:
                return float(reached)
        draws = noise[chosen]
        below = draws - draws[:, [place]]
        above = below if same else below * better
        below *= worse
        largest[chosen] = np.maximum(above.max(axis=1), -below.min(axis=1))
    return float(np.partition(largest, len(largest) - beyond)[len(largest) - beyond])
