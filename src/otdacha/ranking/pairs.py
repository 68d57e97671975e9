"""All pairwise contrasts of the estimates, and the largest of them in Gaussian draws of the errors.

The largest of millions of standardised differences is found without looking at most of them. Write
n for the errors of one draw, σ for their standard deviations, z = n / σ. By Cauchy and Schwarz

    (n_k - n_i)² / v_ik  <=  (z_i² + z_k²) (σ_i² + σ_k²) / v_ik,    v_ik = Var(n_k - n_i),

so a large difference needs a provider whose own error is extreme in that draw. Providers are
therefore taken from the most extreme downwards, each with its whole row of contrasts, until none
that is left can matter. The last factor, the stretch, is 1 where errors are independent; the few
pairs with the largest stretch (those that share most of their errors) are looked at in every draw.
Only differences count, so errors are taken from their precision-weighted mean: what all providers
share does not stretch anything. The answer is exact.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from otdacha.effects.result import Scores
from otdacha.ranking.effective_error import normal_deviate

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
Single = NDArray[np.float32]
Places = NDArray[np.int64]
Piece = TypeVar("Piece")
Found = TypeVar("Found")

PROVIDERS_AT_ONCE = 64
"""Rows of the covariance in memory at once in double precision."""
CACHED = 1 << 16
"""Numbers that are worked on at once, so that they stay in the processor's cache."""
EXTREMES_AT_ONCE = 16
"""Providers whose contrasts are looked at before it is asked again whether the rest can matter."""
EXTREME_SHARE = 0.05
"""Share of providers, the most extreme of a draw, whose contrasts bound everybody's largest."""
NEAR_SHARE = 0.02
"""Share of pairs, those with the largest stretch, that are looked at in every draw."""
LEAST_STRETCH = 2.0
"""A smaller stretch hinders nothing: such a pair is never taken apart from the others."""
SLACK = 1.01
"""Widens every bound on a squared difference: far more than rounding to single precision can do."""
LEAST_SHARE = 1e-12
"""Of the sum of two variances: where the variance of the difference is not above it, two providers
share their whole error but for rounding, and nothing is known of their difference."""
WORKERS = min(2, os.cpu_count() or 1)


@dataclass(frozen=True)
class Near:
    """Pairs that are looked at in every draw, each in both directions, sorted by `row`.

    starts: where the pairs of a row begin; rows: which row that is.
    """

    row: Places
    column: Places
    starts: Places
    rows: Places


@dataclass(frozen=True)
class Pairs:
    """Every estimate against every other.

    deviates: (providers, providers); in row i and column k the standardised difference
        θ̂_k - θ̂_i, as the normal deviate with the tail area of its t statistic. Antisymmetric.
    precision: 1 / standard error of that difference, 0 where nothing is known of it. Symmetric.
    sizes: 1 / standard deviation of each estimate's error about the weighted mean of errors.
    centre: weights of that mean, they sum to one.
    stretch: the largest stretch of all pairs that are not near.
    """

    deviates: Single
    precision: Single
    sizes: Single
    centre: Vector
    stretch: float
    near: Near


def pairs_of(estimates: Vector, scores: Scores, df: Vector, *, floor: float) -> Pairs:
    """All contrasts of the estimates, whose errors have the covariance ψ'ψ.

    estimates, df: (providers,), df may be infinite; scores: ψ (clusters, providers). With few
    degrees of freedom (Welch and Satterthwaite) a t statistic is replaced by the normal deviate
    with the same tail area; not so up to `floor` in size: a caller tells nothing apart below it.
    Memory: 8 bytes a pair of providers in either order.
    """
    count = len(estimates)
    own = np.asarray((scores * scores).sum(axis=0)).ravel()
    centre = np.divide(1.0, own, out=np.zeros(count), where=own > 0)
    centre = centre / centre.sum() if centre.any() else np.full(count, 1 / count)
    mean = np.asarray(scores @ centre)
    about = np.maximum(own - 2 * np.asarray(mean @ scores) + mean @ mean, 0.0)

    deviates = np.zeros((count, count), dtype=np.float32)
    precision = np.zeros((count, count), dtype=np.float32)
    columns = scores.tocsc() if sparse.issparse(scores) else scores
    for start in range(0, count, PROVIDERS_AT_ONCE):
        block = slice(start, min(start + PROVIDERS_AT_ONCE, count))
        product = columns[:, block].T @ columns[:, start:]
        shared = product.toarray() if sparse.issparse(product) else product
        inverse = _precision(own, shared, block)
        statistic = (estimates[None, start:] - estimates[block, None]) * inverse
        # t has the longer tails: a statistic that is small stays small
        row, column = np.nonzero(np.abs(statistic) > floor)
        statistic[row, column] = normal_deviate(
            statistic[row, column],
            pair_df(own[start + row], df[start + row], own[start + column], df[start + column]),
        )
        # each pair is worked out once, and mirrored to the last bit
        first = np.triu(np.ones(shared.shape, dtype=bool), 1)
        for whole, part, sign in ((deviates, statistic, -1), (precision, inverse, 1)):
            upper = np.where(first, part, 0.0).astype(np.float32)
            whole[block, start:] += upper
            whole[start:, block] += sign * upper.T
    stretch, near = _near(about, precision)
    sizes = np.divide(1.0, np.sqrt(about), out=np.zeros(count), where=about > 0)
    return Pairs(deviates, precision, sizes.astype(np.float32), centre, stretch, near)


def errors(scores: Scores, centre: Vector, draws: int, seed: int) -> Single:
    """Gaussian errors with covariance ψ'ψ about their weighted mean, (draws, providers).

    One number a cluster, shared by all providers, so that errors cancel in differences as they do
    in the data. Drawn in pieces, which do not change them.
    """
    generator = np.random.default_rng(seed)
    clusters, count = scores.shape
    noise = np.empty((draws, count), dtype=np.float32)
    piece = max(1, (1 << 22) // max(clusters, 1))
    for start in range(0, draws, piece):
        end = min(start + piece, draws)
        drawn = np.asarray(generator.standard_normal((end - start, clusters)) @ scores)
        noise[start:end] = drawn - (drawn @ centre)[:, None]
    return noise


def largest(
    pairs: Pairs, noise: Single, cut: float = np.inf, *, each: bool = False
) -> tuple[Single, Single]:
    """The largest open contrast in each draw, and bounds on it for each provider.

    noise: (draws, providers). A claim "k is better than i" is open while its deviate is at most
    `cut`. Returns (draws,), exact, and (draws, providers): not less than the largest contrast with
    that provider; these bounds are close only with `each`.
    """
    count = noise.shape[1]
    at_once = min(EXTREMES_AT_ONCE, count)
    wanted = int(np.ceil(EXTREME_SHARE * count)) if each else 0
    squares = np.square(noise * pairs.sizes)
    order = np.argsort(-squares, axis=1, kind="stable")
    ranked = np.take_along_axis(squares, order, axis=1) * np.float32(SLACK * pairs.stretch)

    found = _largest_near(pairs, noise, cut)
    top = found.max(axis=1)
    looked = 0
    while looked < count and (looked < wanted or (2 * ranked[:, looked] > top * top).any()):
        rows = order[:, looked : looked + at_once]
        own = np.take_along_axis(noise, rows, axis=1)
        difference = noise[:, None, :] - own[:, :, None]
        difference *= pairs.precision[rows]
        sizes = open_size(difference, pairs.deviates[rows] if cut < np.inf else None, cut)
        np.maximum(found, sizes.max(axis=1), out=found)
        own = np.maximum(np.take_along_axis(found, rows, axis=1), sizes.max(axis=2))
        np.put_along_axis(found, rows, own, axis=1)
        np.maximum(top, own.max(axis=1), out=top)
        looked += at_once
    if looked < count:
        # not looked at: pairs of which neither is among the extremes
        bound = np.sqrt(ranked[:, looked:] + ranked[:, [looked]])
        rest = np.maximum(np.take_along_axis(found, order[:, looked:], axis=1), bound)
        np.put_along_axis(found, order[:, looked:], rest, axis=1)
    return top, found


def open_size(difference: Single, claim: Single | None, cut: float) -> Single:
    """Sizes of differences in favour of claims that are open; 0 for the others. Works in place.

    claim: the deviate of the same difference of estimates; not needed while all are open.
    """
    if claim is not None and cut < np.inf:
        difference *= np.where(difference > 0, claim <= cut, claim >= -cut)
    return np.abs(difference, out=difference)


def pair_df(one: Vector, one_df: Vector, other: Vector, other_df: Vector) -> Vector:
    """Degrees of freedom of differences (Welch-Satterthwaite). one, other: variances."""
    spread = one**2 / one_df + other**2 / other_df
    few = spread > 0
    return np.asarray(np.where(few, (one + other) ** 2 / np.where(few, spread, 1.0), np.inf))


def draws_at_once(providers: int) -> int:
    """Draws to give to `largest` at once, so that it works within the cache."""
    return max(1, CACHED // (min(EXTREMES_AT_ONCE, providers) * providers))


def side_by_side(work: Callable[[Piece], Found], pieces: Sequence[Piece]) -> Iterator[Found]:
    """The results of independent pieces, in their order, however many threads there are."""
    if WORKERS == 1 or len(pieces) == 1:
        yield from map(work, pieces)
        return
    with ThreadPoolExecutor(WORKERS) as pool:
        results: Iterable[Found] = pool.map(work, pieces)
        yield from results


def _precision(own: Vector, shared: Matrix, block: slice) -> Matrix:
    """1 / the standard error of the differences of `block` with all from its start on."""
    sum_ = own[block, None] + own[None, block.start :]
    variance = sum_ - 2 * shared
    known = variance > LEAST_SHARE * sum_
    return np.asarray(np.where(known, 1 / np.sqrt(np.where(known, variance, 1.0)), 0.0))


def _near(about: Vector, precision: Single) -> tuple[float, Near]:
    """The pairs that share most of their errors, and the largest stretch of the others."""
    # the stretch knows no unit, but squares of figures in their own unit may leave single precision
    largest = float(about.max(initial=0.0)) or 1.0
    unit = np.float32(np.sqrt(largest))
    relative = (about / largest).astype(np.float32)
    stretch = np.add.outer(relative, relative)
    for _ in range(2):
        stretch *= precision
        stretch *= unit
    flat = stretch.ravel()
    last = len(flat) - 1 - int(NEAR_SHARE * len(flat))
    limit = max(LEAST_STRETCH, float(np.partition(flat, last)[last]))
    row, column = np.nonzero(stretch > limit)
    rows, starts = np.unique(row, return_index=True)
    return limit, Near(row, column, starts, rows)


def _largest_near(pairs: Pairs, noise: Single, cut: float) -> Single:
    """For each draw and provider the largest open contrast with a near one, else 0."""
    found = np.zeros_like(noise)
    near = pairs.near
    if len(near.rows):
        difference = noise[:, near.column] - noise[:, near.row]
        difference *= pairs.precision[near.row, near.column]
        sizes = open_size(difference, pairs.deviates[near.row, near.column], cut)
        found[:, near.rows] = np.maximum.reduceat(sizes, near.starts, axis=1)
    return found
