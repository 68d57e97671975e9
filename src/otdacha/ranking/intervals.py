"""Robust empirical-Bayes intervals: right on average whatever the shape of the prior.

Armstrong, Kolesár and Plagborg-Møller (2022, Econometrica 90, 2567-2602). The interval is centred
at the linear shrinkage `m_j = w θ̂_j + (1 - w) μ̂`, `w = τ² / (τ² + s²)`. Its noise has the variance
`v_j = |w ψ_j + (1 - w) ψ a|²`, where `μ̂ = Σ a_k θ̂_k`; its bias `(1 - w) (μ - θ_j)` has the second
moment `(1 - w)² τ²`. The interval `m_j ± cva((1 - w)² τ² / v_j) √v_j` is as long as the worst
distribution of true effects with that moment asks for; a normal prior's own interval is shorter and
fails where true effects are not normal. With independent errors and many providers `v_j = w² s²`,
which is the paper's formula. What all estimates share (common controls) is in μ̂ too, does not
shrink away, and is therefore kept.

Where covariates or the precision move the prior, μ̂ is `m̂_j = x_j'γ̂`, the weights a are those of
provider j's own prior mean, and τ² is τ_j² (the paper's §3 with regressors and with moments that
depend on the standard error).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special
from scipy.optimize import elementwise

from otdacha.effects.result import Scores
from otdacha.ranking.normal import Moments

Vector = NDArray[np.float64]

_find_root: Any = elementwise.find_root  # its published types know no extra arguments


def robust_intervals(
    estimates: Vector, errors: Vector, se: Vector, scores: Scores, prior: Moments, level: float
) -> tuple[Vector, Vector]:
    """Lower and upper ends of the intervals at `level`, in the unit of the estimates.

    estimates, errors (effective standard errors), se (plain ones): (providers,); scores: ψ
    (clusters, providers). Coverage is on average over providers, not for each provider.
    """
    weight = prior.variances / (prior.variances + errors**2)
    centre = prior.means + weight * (estimates - prior.means)
    of_coefficients = np.asarray(scores @ prior.loads.T)
    shared = ((scores.T @ of_coefficients) * prior.columns).sum(axis=1) * errors / se
    of_mean = prior.columns @ (of_coefficients.T @ of_coefficients) * prior.columns
    noise = (
        (weight * errors) ** 2
        + 2 * weight * (1 - weight) * shared
        + (1 - weight) ** 2 * of_mean.sum(axis=1)
    )
    bias = (1 - weight) ** 2 * prior.variances
    half = critical_values(bias / noise, 1 - level) * np.sqrt(noise)
    return centre - half, centre + half


def critical_values(second_moment: Vector, alpha: float) -> Vector:
    """cva: the smallest χ with P(|Z + b| > χ) <= alpha for every b with that E[b²].

    second_moment: of the bias in standard deviations, (providers,), not negative.
    """
    moments, places = np.unique(second_moment, return_inverse=True)
    # Chebyshev's inequality bounds the answer from above; no bias at all bounds it from below.
    low = np.full(len(moments), special.ndtri(1 - alpha / 2))
    high = np.sqrt((1 + moments) / alpha)
    found = _find_root(
        lambda cut, moment: worst_miss(moment, cut) - alpha,
        (low, high),
        args=(moments,),
        tolerances={"xatol": 1e-12, "xrtol": 1e-12},
    )
    # Without bias the lower end is the root itself, and rounding may hide the change of sign.
    return np.asarray(np.where(found.success, found.x, low)[places])


def worst_miss(second_moment: Vector, cut: Vector) -> Vector:
    """The largest P(|Z + b| > cut) over distributions of b with that second moment.

    The least upper concave bound, in t = b², of the miss at t: a straight line from t = 0 to the
    point of contact, and the curve itself from there on (their proposition B.1).
    """
    contact = _contact(cut)
    nothing = _miss(np.zeros_like(cut), cut)
    safe = np.where(contact > 0, contact, 1.0)
    line = nothing + second_moment / safe * (_miss(safe, cut) - nothing)
    return np.asarray(np.where(second_moment < contact, line, _miss(second_moment, cut)))


def _contact(cut: Vector) -> Vector:
    """Where the line from t = 0 touches the curve; zero where the curve is concave throughout."""
    # The curve is convex near t = 0 only when cut² > 3.
    bent = cut**2 > 3 + 1e-9
    safe = np.where(bent, cut, 2.0)
    found = _find_root(
        lambda t, cut: _miss(t, cut) - _miss(np.zeros_like(t), cut) - t * _slope(t, cut),
        (safe**2 - 3, 2 * safe**2 + 1),
        args=(safe,),
        tolerances={"xatol": 1e-12, "xrtol": 1e-12},
    )
    return np.asarray(np.where(bent & found.success, found.x, 0.0))


def _miss(t: Vector, cut: Vector) -> Vector:
    """P(|Z + √t| > cut)."""
    root = np.sqrt(t)
    return np.asarray(special.ndtr(-root - cut) + special.ndtr(root - cut))


def _slope(t: Vector, cut: Vector) -> Vector:
    """The derivative of the miss by t."""
    root = np.sqrt(np.maximum(t, 1e-300))
    density = np.exp(-0.5 * (root - cut) ** 2) - np.exp(-0.5 * (root + cut) ** 2)
    near = cut * np.exp(-0.5 * cut**2)
    return np.asarray(np.where(t > 1e-8, density / (2 * root), near) / np.sqrt(2 * np.pi))
