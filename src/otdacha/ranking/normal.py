"""The first two moments of true effects across providers, by moments of their estimates.

θ_j ~ (x_j'γ, τ² r_j²). With the intercept as the only column and r = 1 this is one mean and one
variance for all; covariates of providers move the mean (`covariates.py`), and where effects depend
on how precisely they are known, so may the relative scale r (`precision.py`).

γ is generalised least squares with weights `ω = 1 / (τ² r² + s²)`; τ² solves the generalised-Q
equation of Paule and Mandel (1982), in DerSimonian and Kacker's (2007, §3) form for regressions:
the weighted residual sum of squares equals its expectation. The expectation uses the whole
covariance of the estimates: errors that providers share (common controls) move all estimates
together and are no spread. The variance has the floor of Armstrong, Kolesár and Plagborg-Møller
(2022, Econometrica, §4: posterior mean truncation, PMT), which keeps the estimates from being
shrunken all the way: `τ² >= 2 Σω²s⁴ / (Σω Σωs²)`, with s² free of what providers share.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

from otdacha.effects.result import Scores

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Moments:
    """means m_j = x_j'γ and variances τ_j² of true effects, (providers,), floored.

    spread: τ² before the floor (zero at least), for a relative scale of one. weights:
    `1 / (τ² r² + s²)` scaled to sum to one. columns: X, (providers, P); coefficients: γ, (P,);
    loads: (P, providers), so that γ = loads @ estimates.
    """

    means: Vector
    variances: Vector
    spread: float
    weights: Vector
    columns: Matrix
    coefficients: Vector
    loads: Matrix

    @property
    def mean(self) -> float:
        """Of true effects over all providers."""
        return float(self.means.mean())

    @property
    def variance(self) -> float:
        """Of true effects around their prior means, over all providers."""
        return float(self.variances.mean())

    def coefficient_errors(self, scores: Scores) -> Vector:
        """Standard errors of γ, (P,): true effects differ, and estimates err (ψ'ψ)."""
        of_noise = np.asarray(scores @ self.loads.T)
        variance = self.loads**2 @ self.variances + (of_noise**2).sum(axis=0)
        return np.asarray(np.sqrt(variance))


def moments(
    estimates: Vector,
    se: Vector,
    scores: Scores | None = None,
    *,
    columns: Matrix | None = None,
    relative: Vector | None = None,
) -> Moments:
    """The first two moments of the true effects of at least two providers.

    estimates, se: (providers,), plain standard errors, all positive. scores: ψ (clusters,
    providers) with covariance ψ'ψ; without it the errors are taken as independent. columns: X
    (providers, P) of full rank P below the number of providers (default: an intercept); relative:
    r (providers,), positive (default: one).
    """
    given = np.ones((len(se), 1)) if columns is None else columns
    # columns of like size: a covariate counted in millions must not spoil the equations
    size = np.sqrt((given**2).mean(axis=0))
    x = given / size
    scale = np.ones(len(se)) if relative is None else relative**2

    def weigh(variance: float) -> Vector:
        return np.asarray(1.0 / (variance * scale + se**2))

    def surplus(variance: float) -> float:
        weights = weigh(variance)
        weighted = x * weights[:, None]
        loads = np.linalg.solve(x.T @ weighted, weighted.T)
        residuals = estimates - x @ (loads @ estimates)
        noise = scores @ weighted if scores is not None else se[:, None] * weighted
        # the trace of (X'ΩX)⁻¹ X'Ω Σ ΩX, with Σ = τ² diag(r²) + V
        taken = variance * np.sum(loads.T * weighted * scale[:, None]) + np.sum(
            (noise.T @ noise) * np.linalg.inv(x.T @ weighted)
        )
        expected = len(se) - taken
        return float(weights @ residuals**2 - expected)

    spread = 0.0
    if surplus(0.0) > 0:
        high = float(np.var(estimates)) + float(np.mean(se**2))
        while surplus(high) > 0 and np.isfinite(high):
            high *= 2
        spread = float(optimize.brentq(surplus, 0.0, high, xtol=1e-14 * high, rtol=1e-14))
    weights = weigh(spread)
    weighted = x * weights[:, None]
    loads = np.linalg.solve(x.T @ weighted, weighted.T)
    own = _own_variances(se, scores, weights / weights.sum())
    floor = 2 * (weights**2 @ own**2) / (weights.sum() * (weights @ own))
    return Moments(
        means=x @ (loads @ estimates),
        variances=np.maximum(spread * scale, floor),
        spread=spread,
        weights=weights / weights.sum(),
        columns=given,
        coefficients=(loads @ estimates) / size,
        loads=loads / size[:, None],
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
