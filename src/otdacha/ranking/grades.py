"""Grades: as many as the evidence can tell apart, at a stated price of a wrong order.

Kline, Rose and Walters (2024, American Economic Review 114, "A Discrimination Report Card"). Two
providers in different grades are an assertion of order. It gains λ when it is right and loses 1
when it is wrong: in expectation `λ π_ij - (1 - π_ij)` for i above j, which is positive only where
π_ij > 1 / (1 + λ). Providers are put into the Condorcet order of π, and the order is cut where the
sum of gains is largest, exactly, by dynamic programming over the last cut. Whether another order
would gain more is asked in `otdacha.ranking.certificate`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
Order = NDArray[np.intp]

PRICES = tuple(step / 20 for step in range(21))
"""λ of the path: from "no wrong order at any price" to "a wrong order weighs no more than a right
one"."""

GRADE_PATH = pl.Schema(
    {
        "price": pl.Float64,  # λ
        "grades": pl.Int64,
        "discordance_rate": pl.Float64,  # wrong among pairs in different grades
        "tau": pl.Float64,  # expected concordance less discordance, over all pairs
    }
)

TIED = 1e-9
"""Sums of gains that differ by less are equal: it is the rounding of millions of terms."""


@dataclass(frozen=True)
class Grading:
    """grades: (providers,), 1 is best. figures: what the grading says of itself."""

    grades: NDArray[np.int64]
    figures: Mapping[str, float]


def grade(beats: Matrix, price: float) -> Grading:
    """The best cut of the Condorcet order into grades.

    beats: π, (providers, providers). price: λ, 0-1. The figures: `price`; `grades`;
    `gain` (the maximised sum); over all pairs the expected shares `concordance` and `discordance`
    (pairs in different grades in the right and the wrong order) and their difference `tau`;
    `discordance_rate` (wrong among pairs in different grades); `cycles` (pairs whose majority
    contradicts the order: 0 unless π has Condorcet cycles).
    """
    return gradings(beats, (price,))[0]


def gradings(beats: Matrix, prices: Sequence[float]) -> tuple[Grading, ...]:
    """The best cut of the Condorcet order at each price; what they share is done once."""
    return cut(beats, condorcet_order(beats), prices)


def grade_path(found: Sequence[Grading]) -> pl.DataFrame:
    """How grades and their errors move with the price: one row a grading (`GRADE_PATH`)."""
    rows = [{name: one.figures[name] for name in GRADE_PATH} for one in found]
    return pl.DataFrame(rows, schema_overrides={"grades": pl.Float64}).cast(GRADE_PATH)


def condorcet_order(beats: Matrix) -> Order:
    """Providers from best to worst: by pairs won, then by the sum of π.

    Where majorities have no cycle this is the order in which everyone beats all who follow.
    """
    won = (beats > 0.5).sum(axis=1) - (beats < 0.5).sum(axis=1)
    return np.lexsort((-beats.sum(axis=1), -won))


def cut(beats: Matrix, order: Order, prices: Sequence[float]) -> tuple[Grading, ...]:
    """The best cut of a given order at each price.

    least[b] is the smallest sum of gains forgone among the first b providers; a last grade that
    begins at a forgoes the gains of all pairs within a..b-1, which is (1 + λ) times their summed π
    less their number. The sums do not know the price, and go from b - 1 to b in O(b).
    """
    count = len(order)
    weight = 1 + np.asarray(prices, dtype=np.float64)[:, None]
    least = np.zeros((len(weight), count + 1))
    right_within = np.zeros((len(weight), count + 1))
    begins = np.zeros((len(weight), count + 1), dtype=np.int64)
    summed = np.zeros(count)
    places = np.arange(count, dtype=np.float64)
    working = np.empty((len(weight), count))
    each = np.arange(len(weight))
    for last in range(count):
        # column of the newcomer: π_ib = 1 - π_bi for each i before it
        above = 1.0 - beats[order[last], order[:last]]
        summed[:last] += np.cumsum(above[::-1])[::-1]
        pairs = (last - places[: last + 1]) * (last + 1 - places[: last + 1]) / 2
        forgone = np.multiply(weight, summed[: last + 1], out=working[:, : last + 1])
        forgone += least[:, : last + 1]
        forgone -= pairs
        best = forgone.min(axis=1)
        # equal within rounding: the widest grade, so nothing is told apart without a gain
        begin = np.argmax(forgone <= best[:, None] + TIED, axis=1)
        begins[:, last + 1] = begin
        least[:, last + 1] = best
        right_within[:, last + 1] = right_within[each, begin] + summed[begin]
    cycles = float(_contradictions(beats, order))
    return tuple(
        _graded(order, _cuts(begins[place]), price, summed[0] - right_within[place, count], cycles)
        for place, price in enumerate(prices)
    )


def _cuts(begins: NDArray[np.int64]) -> list[int]:
    """Where grades begin, and the end. begins[b]: where the last grade of the first b begins."""
    cuts = [len(begins) - 1]
    while cuts[-1] > 0:
        cuts.append(int(begins[cuts[-1]]))
    return cuts[::-1]


def _graded(order: Order, cuts: list[int], price: float, right: float, cycles: float) -> Grading:
    """right: the expected number of pairs in different grades that are in the right order."""
    sizes = np.diff(cuts)
    grades = np.empty(len(order), dtype=np.int64)
    grades[order] = np.repeat(np.arange(1, len(cuts)), sizes)
    pairs = len(order) * (len(order) - 1) / 2
    apart = pairs - float((sizes * (sizes - 1)).sum()) / 2
    right = min(max(float(right), 0.0), apart)
    wrong = apart - right
    return Grading(
        grades,
        {
            "price": price,
            "grades": float(len(sizes)),
            "gain": price * right - wrong,
            "concordance": right / pairs,
            "discordance": wrong / pairs,
            "tau": (right - wrong) / pairs,
            "discordance_rate": wrong / apart if apart else 0.0,
            "cycles": cycles,
        },
    )


def _contradictions(beats: Matrix, order: Order) -> int:
    """Pairs where the later provider beats the earlier one."""
    return sum(
        int(np.count_nonzero(beats[order[place], order[place + 1 :]] < 0.5 - 1e-12))
        for place in range(len(order))
    )
