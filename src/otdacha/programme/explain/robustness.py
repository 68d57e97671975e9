"""How surely each provider is chosen, over what may be true of all of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from otdacha.language import text
from otdacha.programme.deciding.model import benefit_scale, linear_program
from otdacha.programme.deciding.relaxation import Relaxed
from otdacha.programme.deciding.settle import Decision
from otdacha.programme.problem import Caution, Moving, Problem
from otdacha.progress import Progress, silent

Vector = NDArray[np.float64]

DRAWS = 20
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
    worlds = _Worlds(problem)
    chosen = np.linspace(0, len(problem.draws) - 1, min(draws, len(problem.draws))).astype(int)
    steps = len(chosen) + len(problem.providers)
    said = text("Looking at what else may be true")

    def told(done: int) -> None:
        progress(said, done, steps)

    low, high = _alone(problem, worlds, told)
    seats = np.zeros((len(chosen), len(problem.providers)))
    for number, draw in enumerate(chosen):
        seats[number] = worlds.seats(problem.draws[draw])
        told(len(problem.providers) + number + 1)
    return pl.DataFrame(
        {
            "provider": np.arange(len(problem.providers)),
            "seats": _by_provider(problem, decision.seats.astype(np.float64)).astype(np.int64),
            "chosen": (seats >= _HALF).mean(axis=0),
            "mean_seats": seats.mean(axis=0),
            "low_seats": low,
            "high_seats": high,
        },
        schema=ROBUSTNESS,
    )


def _alone(problem: Problem, worlds: _Worlds, told: Callable[[int], None]) -> tuple[Vector, Vector]:
    """(P,) seats with each provider where it alone is at the lower end of its draws, and at the
    upper one."""
    believed = problem.draws.mean(axis=0)
    ends = np.quantile(problem.draws, ENDS, axis=0)
    offers = np.bincount(problem.run_provider[problem.pair_run], minlength=len(believed)) > 0
    before = worlds.seats(believed)

    def seats(provider: int, effect: float) -> float:
        effects = believed.copy()
        effects[provider] = effect
        return float(worlds.seats(effects)[provider])

    low, high = np.zeros(len(believed)), np.zeros(len(believed))
    for provider in range(len(believed)):
        # who offers nothing has no seats, and who has none gets none for being worse
        if before[provider] > 0:
            low[provider] = seats(provider, ends[0, provider])
        if offers[provider]:
            high[provider] = seats(provider, ends[1, provider])
        told(provider + 1)
    return low, high


class _Worlds:
    """The relaxation under one set of effects after another, each begun where the last ended."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._scale = benefit_scale(problem)
        self._relaxed = Relaxed(
            linear_program(replace(problem, caution=Caution(), moving=Moving()))
        )

    def seats(self, effects: Vector) -> Vector:
        """(P,) seats with each provider in the best plan."""
        taught = self._problem.run_provider[self._problem.pair_run]
        self._relaxed.gains(effects[taught] * self._problem.volume / self._scale, "seats_of_class")
        found = self._relaxed.solve().solution
        if found is None:
            raise AssertionError("effects change no rule")
        return _by_provider(self._problem, self._relaxed.program.block("seats", found))


def _by_provider(problem: Problem, seats: Vector) -> Vector:
    provider = problem.run_provider[problem.leg_run]
    return np.bincount(provider, seats, len(problem.providers)).astype(np.float64)
