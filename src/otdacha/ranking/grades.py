"""Grades: as many as the evidence can tell apart, at a stated price of a wrong order.

Kline, Rose and Walters (2024, American Economic Review 114, "A Discrimination Report Card"). Two
providers in different grades are an assertion of order. It gains λ when it is right and loses 1
when it is wrong: in expectation `λ π_ij - (1 - π_ij)` for i above j, which is positive only where
π_ij > 1 / (1 + λ). Providers are put into the Condorcet order of π, and the order is cut where the
sum of gains is largest, exactly, by dynamic programming over the last cut.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


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
    order = condorcet_order(beats)
    cuts = _cut(beats, order, price)
    grades = np.empty(len(order), dtype=np.int64)
    grades[order] = np.repeat(np.arange(1, len(cuts)), np.diff(cuts))
    right, apart = _assertions(beats, order, cuts)
    wrong = apart - right
    pairs = len(order) * (len(order) - 1) / 2
    return Grading(
        grades,
        {
            "price": price,
            "grades": float(len(cuts) - 1),
            "gain": price * right - wrong,
            "concordance": right / pairs,
            "discordance": wrong / pairs,
            "tau": (right - wrong) / pairs,
            "discordance_rate": wrong / apart if apart else 0.0,
            "cycles": float(_contradictions(beats, order)),
        },
    )


def condorcet_order(beats: Matrix) -> NDArray[np.intp]:
    """Providers from best to worst: by pairs won, then by the sum of π.

    Where majorities have no cycle this is the order in which everyone beats all who follow.
    """
    won = (beats > 0.5).sum(axis=1) - (beats < 0.5).sum(axis=1)
    return np.lexsort((-beats.sum(axis=1), -won))


def _cut(beats: Matrix, order: NDArray[np.intp], price: float) -> list[int]:
    """Where grades begin, and the end: the cuts that lose least by keeping pairs together.

    least[b] is the smallest sum of gains forgone among the first b providers; a last grade that
    begins at a forgoes the gains of all pairs within a..b-1, updated from b - 1 to b in O(b).
    """
    count = len(order)
    least = np.zeros(count + 1)
    begins = np.zeros(count + 1, dtype=np.int64)
    within = np.zeros(count)
    for last in range(count):
        # row of the newcomer: π_ib = 1 - π_bi for each i before it
        above = 1.0 - beats[order[last], order[:last]]
        gains = (1 + price) * above - 1.0
        within[:last] += np.cumsum(gains[::-1])[::-1]
        forgone = least[: last + 1] + within[: last + 1]
        best = forgone.min()
        # equal within rounding: the widest grade, so nothing is told apart without a gain
        begins[last + 1] = int(np.argmax(forgone <= best + 1e-9))
        least[last + 1] = best
    cuts = [count]
    while cuts[-1] > 0:
        cuts.append(int(begins[cuts[-1]]))
    return cuts[::-1]


def _assertions(beats: Matrix, order: NDArray[np.intp], cuts: list[int]) -> tuple[float, float]:
    """Pairs in different grades: the expected number in the right order, and their number."""
    right = apart = 0.0
    for start, end in pairwise(cuts):
        right += float(beats[np.ix_(order[start:end], order[end:])].sum())
        apart += float((end - start) * (len(order) - end))
    return right, apart


def _contradictions(beats: Matrix, order: NDArray[np.intp]) -> int:
    """Pairs where the later provider beats the earlier one."""
    return sum(
        int(np.count_nonzero(beats[order[place], order[place + 1 :]] < 0.5 - 1e-12))
        for place in range(len(order))
    )
