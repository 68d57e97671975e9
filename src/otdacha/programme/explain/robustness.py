"""How surely each provider is chosen, over what may be true of all of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from otdacha.language import text
from otdacha.programme.deciding.highs import Warm
from otdacha.programme.deciding.model import benefit_scale, linear_program
from otdacha.programme.deciding.settle import Decision
from otdacha.programme.problem import Caution, Problem
from otdacha.progress import Progress, silent

Vector = NDArray[np.float64]

DRAWS = 30
ENDS = (0.1, 0.9)
ROBUSTNESS = pl.Schema(
    {
        "provider": pl.Int64,
        "seats": pl.Int64,
        "chosen": pl.Float64,
        "mean_seats": pl.Float64,
        "low_seats": pl.Float64,
        "high_seats": pl.Float64,
    }
)
_HALF = 0.5


def robustness(
    problem: Problem,
    decision: Decision,
    *,
    draws: int = DRAWS,
    progress: Progress = silent,
) -> pl.DataFrame:
    """Each provider over `draws` joint draws of the effects, planned for each as if it were true.

    seats: in this plan. chosen: part of the draws in which it has a seat; mean_seats: over them.
    low_seats, high_seats: its seats where it alone is at the lower and the upper tenth of its draws
    and all others are as believed. All but `seats` are of the relaxation (seats need not be whole),
    with caution left out: it is about not knowing, and each draw is a world in which one knows.
    The draws are spread evenly over those of the problem. Empty without draws. Schema `ROBUSTNESS`.
    """
    if not len(problem.draws):
        return pl.DataFrame(schema=ROBUSTNESS)
    believed = problem.draws.mean(axis=0)
    warm = _Worlds(problem)
    chosen = np.linspace(0, len(problem.draws) - 1, min(draws, len(problem.draws))).astype(int)
    steps = len(chosen) + 2 * len(problem.providers)
    said = text("Looking at what else may be true")
    seats = np.zeros((len(chosen), len(problem.providers)))
    for number, draw in enumerate(chosen):
        seats[number] = warm.seats(problem.draws[draw])
        progress(said, number + 1, steps)
    ends = np.quantile(problem.draws, ENDS, axis=0)
    alone = np.zeros((2, len(problem.providers)))
    for provider in range(len(problem.providers)):
        for end in range(2):
            effects = believed.copy()
            effects[provider] = ends[end, provider]
            alone[end, provider] = warm.seats(effects)[provider]
        progress(said, len(chosen) + 2 * (provider + 1), steps)
    return pl.DataFrame(
        {
            "provider": np.arange(len(problem.providers)),
            "seats": _by_provider(problem, decision.seats.astype(np.float64)).astype(np.int64),
            "chosen": (seats >= _HALF).mean(axis=0),
            "mean_seats": seats.mean(axis=0),
            "low_seats": alone[0],
            "high_seats": alone[1],
        },
        schema=ROBUSTNESS,
    )


class _Worlds:
    """The relaxation under one set of effects after another, each begun where the last ended."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._program = linear_program(replace(problem, caution=Caution()))
        self._scale = benefit_scale(problem)
        self._warm = Warm(self._program)

    def seats(self, effects: Vector) -> Vector:
        """(P,) seats with each provider in the best plan."""
        taught = self._problem.run_provider[self._problem.pair_run]
        self._warm.gains(effects[taught] * self._problem.volume / self._scale, "seats_of_class")
        found = self._warm.solve().solution
        if found is None:
            raise AssertionError("effects change no rule")
        return _by_provider(self._problem, self._program.block("seats", found))


def _by_provider(problem: Problem, seats: Vector) -> Vector:
    provider = problem.run_provider[problem.leg_run]
    return np.bincount(provider, seats, len(problem.providers)).astype(np.float64)
