"""The normal prior: mean and variance of true effects across providers, by moments.

Mean and variance solve the generalised-Q equation of Paule and Mandel (1982) with weights
`ω = 1 / (τ² + s²)`: the weighted spread of the estimates equals its expectation. The expectation
uses the whole covariance of the estimates: errors that providers share (common controls) move all
estimates together and are no spread. The variance has the floor of Armstrong, Kolesár and
Plagborg-Møller (2022, Econometrica, §4: posterior mean truncation, PMT), which keeps the estimates
from being shrunken all the way: `τ² >= 2 Σω²s⁴ / (Σω Σωs²)`, with s² free of what providers share.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

from otdacha.effects.result import Scores

Vector = NDArray[np.float64]


@dataclass(frozen=True)
class Moments:
    """mean μ and variance τ² of true effects; `spread` is τ² before the floor (zero at least).

    weights: `1 / (τ² + s²)` scaled to sum to one; μ is the mean of the estimates so weighted.
    """

    mean: float
    variance: float
    spread: float
    weights: Vector


def moments(estimates: Vector, se: Vector, scores: Scores | None = None) -> Moments:
    """The first two moments of the true effects of at least two providers.

    estimates, se: (providers,), plain standard errors, all positive. scores: ψ (clusters,
    providers) with covariance ψ'ψ; without it the errors are taken as independent.
    """

    def weigh(variance: float) -> Vector:
        return np.asarray(1.0 / (variance + se**2))

    def surplus(variance: float) -> float:
        weights = weigh(variance)
        total = weights.sum()
        mean = weights @ estimates / total
        shared = np.sum((scores @ weights) ** 2) if scores is not None else weights**2 @ se**2
        expected = len(se) - (variance * np.sum(weights**2) + shared) / total
        return float(weights @ (estimates - mean) ** 2 - expected)

    spread = 0.0
    if surplus(0.0) > 0:
        high = float(np.var(estimates)) + float(np.mean(se**2))
        while surplus(high) > 0 and np.isfinite(high):
            high *= 2
        spread = float(optimize.brentq(surplus, 0.0, high, xtol=1e-14 * high, rtol=1e-14))
    weights = weigh(spread)
    own = _own_variances(se, scores, weights / weights.sum())
    floor = 2 * (weights**2 @ own**2) / (weights.sum() * (weights @ own))
    return Moments(
        mean=float(weights @ estimates / weights.sum()),
        variance=max(spread, float(floor)),
        spread=spread,
        weights=weights / weights.sum(),
    )


def _own_variances(se: Vector, scores: Scores | None, share: Vector) -> Vector:
    """Error variances less what providers share: s_j² - 2 c_j + c, (providers,).

    c_j is the mean covariance of j with the others and c that of all pairs, with weights `share`:
    the variance of a difference between j and the others, without the others' own part. With
    independent errors it is s_j² itself.
    """
    own = se**2
    if scores is None:
        return own
    mean = np.asarray(scores @ share)
    with_others = (np.asarray(scores.T @ mean) - share * own) / (1 - share)
    of_pairs = (mean @ mean - share**2 @ own) / (1 - share @ share)
    return np.asarray(np.maximum(own - 2 * with_others + of_pairs, 1e-12 * own))
