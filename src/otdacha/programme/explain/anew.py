"""Other plans: the problem with something changed, planned anew by the same machinery.

Carrying a plan on after contracts were signed is another thing: `otdacha.programme.execution`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from otdacha.language import Text
from otdacha.programme.explain.sketch import Asked, Search, Sketch, sketches
from otdacha.programme.problem import Problem
from otdacha.progress import Progress

Vector = NDArray[np.float64]


def anew(asked: Sequence[Asked], search: Search, progress: Progress, said: Text) -> list[Sketch]:
    """A plan of each of the problems, or why there is none."""
    found: list[Sketch] = []
    progress(said, 0, len(asked))
    for sketch in sketches(asked, search):
        found.append(sketch)
        progress(said, len(found), len(asked))
    late = Sketch("no_plan_in_time", None)
    return [*found, *[late] * (len(asked) - len(found))]


def with_money(problem: Problem, share: float) -> Problem:
    """Every fund with `share` of its money, to whole kopecks; caps of co-financing are law and
    stay."""
    return replace(problem, amount=np.rint(problem.amount * share).astype(np.int64))


def with_prices(problem: Problem, share: float) -> Problem:
    """Fees and travel at `share` of their price, to whole kopecks."""
    return replace(
        problem,
        fee=np.rint(problem.fee * share).astype(np.int64),
        travel=np.rint(problem.travel * share).astype(np.int64),
    )


def with_effects(problem: Problem, effects: Vector) -> Problem:
    """The benefit of seats where providers bring `effects` (P,) by case; draws move along, so that
    caution minds the same turns of luck about another middle."""
    benefit = effects[problem.run_provider[problem.pair_run]] * problem.volume
    draws = problem.draws
    if len(draws):
        draws = draws + (effects - draws.mean(axis=0))
    return replace(problem, benefit=benefit, draws=draws)
