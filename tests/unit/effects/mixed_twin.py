"""The naive twin of the mixed model: the whole covariance matrix of all rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from otdacha.effects.groupings import Grouping


def grouping(name: str, level: np.ndarray) -> Grouping:
    _, numbered = np.unique(level, return_inverse=True)
    return Grouping(name, numbered, tuple(map(str, range(int(numbered.max()) + 1))))


@dataclass(frozen=True)
class Rows:
    """x (N, P) without an intercept, y (N,)."""

    x: np.ndarray
    y: np.ndarray
    groupings: tuple[Grouping, ...]


def rows(
    seed: int = 1,
    count: int = 150,
    levels: Sequence[int] = (12, 30, 4),
    sds: Sequence[float] = (0.8, 0.5, 0.3),
    columns: int = 1,
) -> Rows:
    """Crossed at random: every row draws a level of each grouping."""
    rng = np.random.default_rng(seed)
    x = rng.normal(3, 1, (count, columns))
    y = 50 + x @ np.full(columns, 0.7) + rng.normal(size=count)
    groupings = []
    for place, (size, sd) in enumerate(zip(levels, sds, strict=True)):
        level = np.r_[np.arange(size), rng.integers(0, size, count - size)]
        y = y + rng.normal(0, sd, size)[level]
        groupings.append(grouping("abcdef"[place], level))
    return Rows(x, y, tuple(groupings))


def dummies(one: Grouping) -> np.ndarray:
    return (one.level[:, None] == np.arange(one.levels)).astype(float)


def relative_covariance(data: Rows, relative_sd: Sequence[float]) -> np.ndarray:
    """V/σ²; a grouping with θ = inf has fixed effects and is left out."""
    V = np.eye(len(data.y))
    for one, sd in zip(data.groupings, relative_sd, strict=True):
        if np.isfinite(sd):
            V += sd**2 * dummies(one) @ dummies(one).T
    return V


def fixed_columns(data: Rows, relative_sd: Sequence[float]) -> np.ndarray:
    """The dummies of a fixed grouping, else the intercept, then x."""
    fixed = [
        dummies(one) for one, sd in zip(data.groupings, relative_sd, strict=True) if np.isinf(sd)
    ]
    return np.column_stack([*(fixed or [np.ones(len(data.y))]), data.x])


def dense_gls(data: Rows, relative_sd: Sequence[float]) -> tuple[np.ndarray, np.ndarray, float]:
    """Coefficients, their covariance in units of σ², and the weighted residual sum of squares."""
    X, V = fixed_columns(data, relative_sd), relative_covariance(data, relative_sd)
    solved = np.linalg.solve(V, np.column_stack([X, data.y]))
    covariance = np.linalg.inv(X.T @ solved[:, :-1])
    beta = covariance @ (X.T @ solved[:, -1])
    residual = data.y - X @ beta
    return beta, covariance, float(residual @ np.linalg.solve(V, residual))


def dense_criterion(data: Rows, relative_sd: Sequence[float], *, reml: bool) -> float:
    """−2 log L or the REML criterion, profiled over β and σ."""
    X, V = fixed_columns(data, relative_sd), relative_covariance(data, relative_sd)
    _, covariance, rss = dense_gls(data, relative_sd)
    free = len(data.y) - (X.shape[1] if reml else 0)
    criterion = np.linalg.slogdet(V)[1] + free * (np.log(2 * np.pi * rss / free) + 1)
    return float(criterion - (np.linalg.slogdet(covariance)[1] if reml else 0.0))
