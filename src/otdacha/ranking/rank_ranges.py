"""Between which ranks a provider lies: confidence sets from all pairwise comparisons.

Mogstad, Romano, Shaikh and Wilhelm (2024, Review of Economic Studies 91, 476-518). The rank of j
is one plus the number of providers that are truly better. Claims "k is better than j" are tested
together, the chance of any false claim being held at 1 - level by the largest of Gaussian draws
with the full covariance, stepwise: what is rejected leaves the family and the rest is tested anew.

*Marginal* sets take the claims about one provider as a family: each set holds by itself.
*Simultaneous* sets take all claims about all providers as one family: all sets hold together.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from otdacha.effects.result import Scores
from otdacha.language import text
from otdacha.progress import Progress, silent
from otdacha.ranking.pairs import (
    CACHED,
    Pairs,
    draws_at_once,
    errors,
    largest,
    open_size,
    pairs_of,
    side_by_side,
)

Vector = NDArray[np.float64]
Single = NDArray[np.float32]
Ranks = NDArray[np.int64]
Places = NDArray[np.intp]

PROVIDERS_AT_ONCE = 64
DRAWS_AT_ONCE = 64
"""Draws that are looked at before it is asked again whether the rest can matter."""


@dataclass(frozen=True)
class RankRanges:
    """The best and the worst rank in each provider's confidence sets, (providers,); 1 is best.

    low, high: marginal. low_all, high_all: simultaneous, never narrower. surely: (providers,
    providers), in row i and column k whether k is better than i; all of these claims hold together,
    and the simultaneous sets are counted from them.
    """

    low: Ranks
    high: Ranks
    low_all: Ranks
    high_all: Ranks
    surely: NDArray[np.bool_]


def rank_ranges(
    estimates: Vector,
    scores: Scores,
    df: Vector,
    *,
    level: float,
    draws: int,
    seed: int,
    progress: Progress = silent,
) -> RankRanges:
    """Marginal and simultaneous confidence sets of all ranks, at `level`, from the same draws.

    estimates, df: (providers,), df may be infinite; scores: ψ (clusters, providers). With few
    degrees of freedom each pair's t statistic is replaced by the normal deviate with the same tail
    area. A critical value is never taken below that of a single claim, whatever the draws say.
    Memory: 9 bytes a pair of providers, and 8 a draw and provider.
    """
    floor = float(special.ndtri(level))
    pairs = pairs_of(estimates, scores, df, floor=floor)
    noise = errors(scores, pairs.centre, draws, seed)
    # The critical value is a quantile of the draws: so many of them lie at or above it.
    beyond = draws - math.ceil(level * (draws - 1))
    tops, bounds = _first_look(pairs, noise, progress)
    low, high = _marginal(pairs, noise, bounds, beyond, floor, progress)
    cut = _simultaneous(pairs, noise, tops, beyond, floor)
    low_all, high_all = _ranks(pairs.deviates, cut)
    return RankRanges(low, high, low_all, high_all, pairs.deviates > cut)


def _first_look(pairs: Pairs, noise: Single, progress: Progress) -> tuple[Single, Single]:
    """The largest contrast of every draw, and bounds on each provider's, (providers, draws)."""
    draws, count = noise.shape
    tops = np.empty(draws, dtype=np.float32)
    bounds = np.empty((count, draws), dtype=np.float32)
    pieces = _pieces(draws, draws_at_once(count))
    found = side_by_side(lambda piece: largest(pairs, noise[piece], each=True), pieces)
    for piece, (top, bound) in zip(pieces, found, strict=True):
        tops[piece], bounds[:, piece] = top, bound.T
    progress(text("Finding rank ranges"), 0, count)
    return tops, bounds


def _marginal(
    pairs: Pairs,
    noise: Single,
    bounds: Single,
    beyond: int,
    floor: float,
    progress: Progress,
) -> tuple[Ranks, Ranks]:
    """Each provider's own family of claims. bounds: (providers, draws); lowered here."""
    count = noise.shape[1]
    piece = max(8, CACHED // count)

    def cut_of(place: int) -> float:
        claim, precision = pairs.deviates[place], pairs.precision[place]
        if np.abs(claim).max() <= floor:
            return math.inf

        def exact(chosen: Places, cut: float) -> Single:
            errors_ = noise[chosen]
            difference = errors_ - errors_[:, [place]]
            difference *= precision
            return np.asarray(open_size(difference, claim, cut).max(axis=1))

        return _stepdown(
            np.abs(claim), lambda cut: _critical(bounds[place], exact, cut, beyond, piece), floor
        )

    low = np.empty(count, dtype=np.int64)
    high = np.empty(count, dtype=np.int64)
    blocks = _pieces(count, PROVIDERS_AT_ONCE)
    found = side_by_side(
        lambda block: np.array([cut_of(place) for place in range(block.start, block.stop)]), blocks
    )
    for block, cuts in zip(blocks, found, strict=True):
        low[block], high[block] = _ranks(pairs.deviates[block], cuts[:, None])
        progress(text("Finding rank ranges"), block.stop, count)
    return low, high


def _simultaneous(pairs: Pairs, noise: Single, tops: Single, beyond: int, floor: float) -> float:
    """The critical value of the family of all claims.

    tops: the largest contrast of each draw; lowered here.
    """
    at_once = draws_at_once(noise.shape[1])

    def exact(chosen: Places, cut: float) -> Single:
        pieces = [chosen[piece] for piece in _pieces(len(chosen), at_once)]
        looks = side_by_side(lambda piece: largest(pairs, noise[piece], cut)[0], pieces)
        return np.concatenate(list(looks))

    return _stepdown(
        np.abs(pairs.deviates),
        lambda cut: _critical(tops, exact, cut, beyond, DRAWS_AT_ONCE),
        floor,
    )


def _stepdown(sizes: Single, critical: Callable[[float], float], floor: float) -> float:
    """The last critical value. sizes: of the deviates of all claims of the family.

    critical: the critical value while claims with a deviate of at most its argument are open.
    Claims are rejected in the order of their deviates, so the last value tells all that were.
    """
    cut = math.inf
    while True:
        value = max(critical(cut), floor)
        if not ((sizes > value) & (sizes <= cut)).any():
            return min(value, cut)
        cut = value


def _critical(
    bounds: Single,
    exact: Callable[[Places, float], Single],
    cut: float,
    beyond: int,
    piece: int,
) -> float:
    """The `beyond`-th largest over draws of the largest contrast that is open at `cut`.

    bounds: upper bounds for each draw, from the claims open before; lowered here to the exact value
    where it is looked at. A draw whose bound is below the answer so far cannot change it and is not
    looked at.
    """
    order = np.argsort(-bounds, kind="stable")
    for start in range(0, len(order), piece):
        chosen = order[start : start + piece]
        if start >= beyond:
            reached = np.partition(bounds[order[:start]], start - beyond)[start - beyond]
            if bounds[chosen[0]] <= reached:
                return float(reached)
        bounds[chosen] = exact(chosen, cut)
    return float(np.partition(bounds, len(bounds) - beyond)[len(bounds) - beyond])


def _ranks(deviates: Single, cut: float | Vector) -> tuple[Ranks, Ranks]:
    """One plus those surely better, and all minus those surely worse, for each row."""
    better = np.count_nonzero(deviates > cut, axis=1)
    worse = np.count_nonzero(deviates < -np.asarray(cut), axis=1)
    return 1 + better, deviates.shape[1] - worse


def _pieces(count: int, size: int) -> list[slice]:
    return [slice(start, min(start + size, count)) for start in range(0, count, size)]
