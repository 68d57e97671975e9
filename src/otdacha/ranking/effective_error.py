"""One way to carry few degrees of freedom into normal formulas: the effective standard error.

A standard error that rests on few clusters is itself uncertain, and a normal interval from it is
too short. The effective standard error is `s * t / z`, both quantiles at (1 + level) / 2: the
normal interval made with it is exactly the t interval of the methodology's level. Everything that
is said of *one* provider (its posterior, its interval, P(θ > δ)) is made with it.

Two things are deliberately made without it.

The prior describes *all* providers, and the plain squared standard errors are unbiased for the
noise in the spread of the estimates at any degrees of freedom. Inflated ones would take real
differences for noise: with 4 degrees of freedom `s̃² = 2 s²`, so true effects that vary as much as
the noise would be declared equal.

Rank ranges need tails far beyond the interval's level, where the inflation at the level is too
small: there each t statistic is turned into the normal deviate with the same tail area, which is
the same idea at every tail.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import special

Vector = NDArray[np.float64]


def effective_error(se: Vector, df: Vector, level: float) -> Vector:
    """The standard errors whose normal interval at `level` is the t interval.

    se, df: one per provider, df may be infinite. Same unit as se.
    """
    tail = (1 + level) / 2
    return np.asarray(se * t_quantile(df, tail) / special.ndtri(tail), dtype=np.float64)


def t_quantile(df: Vector, probability: float) -> Vector:
    """Quantiles of t; of the normal where df is infinite."""
    quantiles = np.full(df.shape, special.ndtri(probability))
    few = np.isfinite(df)
    quantiles[few] = special.stdtrit(df[few], probability)
    return quantiles


def upper_tail(statistic: Vector, df: Vector) -> Vector:
    """P(T > statistic) under t; under the normal where df is infinite."""
    tail = np.asarray(special.ndtr(-statistic))
    few = np.isfinite(df)
    tail[few] = special.stdtr(df[few], -statistic[few])
    return tail


def normal_deviate(statistic: Vector, df: Vector) -> Vector:
    """The normal deviate with the tail area that the t statistic has (sign kept).

    Where the tail underflows, the statistic is so large that any comparison is decided; the
    deviate is then the largest the floating point can tell.
    """
    deviate = statistic.copy()
    few = np.isfinite(df)
    tail = special.stdtr(df[few], -np.abs(statistic[few]))
    size = -special.ndtri(np.maximum(tail, np.finfo(np.float64).tiny))
    deviate[few] = np.sign(statistic[few]) * size
    return deviate
