"""Processes in time that several worlds share."""

from __future__ import annotations

import numpy as np


def autoregressive(
    rng: np.random.Generator, rows: int, periods: int, *, sd: float, persistence: float
) -> np.ndarray:
    """(rows, periods) stationary AR(1) paths of standard deviation `sd`."""
    innovation = rng.normal(0, sd * np.sqrt(1 - persistence**2), (rows, periods))
    path = np.zeros((rows, periods))
    path[:, 0] = rng.normal(0, sd, rows)
    for t in range(1, periods):
        path[:, t] = persistence * path[:, t - 1] + innovation[:, t]
    return path
