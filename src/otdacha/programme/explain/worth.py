"""What seats are worth, and within which band: over the joint draws of what providers bring."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from otdacha.programme.problem import Problem

Vector = NDArray[np.float64]
Whole = NDArray[np.int64]

ENDS = (0.05, 0.95)
"""The band that is told holds nine of ten draws."""


def volume_by_provider(problem: Problem, pairs: Whole) -> Vector:
    """(P,) cases that people in the seats `pairs` (K,) answer for, by who teaches them."""
    provider = problem.run_provider[problem.pair_run]
    return np.bincount(provider, problem.volume * pairs, len(problem.providers)).astype(np.float64)


def drawn(problem: Problem, pairs: Whole) -> Vector:
    """(S,) what the seats bring in each draw; the same draws for all seats, so they compare."""
    return np.asarray(problem.draws @ volume_by_provider(problem, pairs))


def band(values: Vector) -> tuple[float | None, float | None]:
    """The ends of the band of draws; nothing where there are none (a plan without evidence)."""
    if not len(values):
        return None, None
    low, high = np.quantile(values, ENDS)
    return float(low), float(high)


def bands_of_legs(problem: Problem, pairs: Whole) -> tuple[Vector, Vector] | None:
    """(L,) the ends of the band of what the seats of each leg bring; None without evidence."""
    if not problem.volume.any() or not len(problem.draws):
        return None
    volume = np.bincount(problem.pair_leg, problem.volume * pairs, len(problem.leg_run))
    low, high = np.quantile(problem.draws, ENDS, axis=0)[:, problem.run_provider[problem.leg_run]]
    return volume * low, volume * high


def bands_of_towns(problem: Problem, pairs: Whole) -> tuple[Vector, Vector] | None:
    """(M,) the same for each town: over joint draws, so not the sum of the bands of its legs."""
    if not problem.volume.any() or not len(problem.draws):
        return None
    towns, providers = len(problem.municipalities), len(problem.providers)
    town = problem.leg_municipality[problem.pair_leg]
    cell = town * providers + problem.run_provider[problem.pair_run]
    volume = np.bincount(cell, problem.volume * pairs, towns * providers)
    low, high = np.quantile(problem.draws @ volume.reshape(towns, providers).T, ENDS, axis=0)
    return low, high


def cost(problem: Problem, seats: Whole) -> float:
    """Rubles for the seats (L,), exact from kopecks."""
    return int(problem.seat_cost @ seats) / 100
