"""Who may be called one of the most effective: two error rates, and both must agree.

Testing: one-sided t tests of H₀: θ_j <= δ with q-values of Storey (2002; π₀ and its finite-sample
form of Storey, Taylor and Siegmund 2004). It takes no view of what providers are like, and ignores
what the others teach. Posterior: the largest set whose expected share of providers with θ <= δ is
at most α (Newton et al. 2004; Efron 2010). It uses all the evidence and believes the prior: a
normal prior has no mass at δ itself, and the atoms of an NPMLE may fall just above it, so where
many providers are exactly at δ its error rate is not what it says. A provider is listed when it
passes both, and is more likely better than not. What each rule does alone and what both do is in
`tests/simulation/test_ranking_claims.py`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from otdacha.effects.result import Scores
from otdacha.methodology import Against
from otdacha.ranking.effective_error import upper_tail
from otdacha.ranking.normal import Moments

Vector = NDArray[np.float64]

STOREY_CUT = 0.5
"""p-values above this are read as coming from providers that are not better than δ."""

ALLOWANCE = 1.645
"""Standard deviations allowed for errors that providers share, in the count behind π₀."""


@dataclass(frozen=True)
class Tests:
    """One-sided tests of H₀: θ_j <= threshold, each array (providers,)."""

    threshold: float
    p_values: Vector
    q_values: Vector
    bh: Vector
    by: Vector
    null_share: float


def threshold(estimates: Vector, against: Against, prior: Moments) -> float:
    """δ, in the unit of the estimates.

    zero: no effect at all. mean: the mean of the estimates with weights 1 / (τ² + s²), so that a
    precise provider counts for more but no provider for everything. median: of the estimates.
    """
    if against == "mean":
        return float(prior.weights @ estimates)
    return float(np.median(estimates)) if against == "median" else 0.0


def test(
    estimates: Vector,
    se: Vector,
    df: Vector,
    scores: Scores,
    *,
    against: Against,
    prior: Moments,
) -> Tests:
    """Test each provider against δ.

    estimates, se, df: (providers,), df may be infinite. scores: ψ (clusters, providers). Against
    the mean, the standard error is that of the contrast with it, from the whole covariance:
    what providers share cancels. Zero and the median are taken as given.
    """
    limit = threshold(estimates, against, prior)
    reference = prior.weights if against == "mean" else np.zeros(len(estimates))
    errors = contrast_errors(scores, reference) if against == "mean" else se
    p_values = upper_tail((estimates - limit) / errors, df)
    share = null_share(p_values, shared_variance(scores, reference, errors))
    bh = benjamini_hochberg(p_values)
    harmonic = float(np.sum(1 / np.arange(1, len(p_values) + 1)))
    return Tests(
        threshold=limit,
        p_values=p_values,
        q_values=share * bh,
        bh=np.minimum(bh, 1.0),
        by=np.minimum(bh * harmonic, 1.0),
        null_share=share,
    )


def contrast_errors(scores: Scores, weights: Vector) -> Vector:
    """Standard errors of θ̂_j - Σ w_k θ̂_k, (providers,), from ψ (clusters, providers)."""
    common = np.asarray(scores @ weights)
    own = np.asarray((scores * scores).sum(axis=0)).ravel()
    return np.asarray(np.sqrt(np.maximum(own - 2 * (scores.T @ common) + common @ common, 0.0)))


def shared_variance(scores: Scores, reference: Vector, errors: Vector) -> float:
    """What shared errors add to the variance of the sum of the test statistics: 0 if independent.

    scores: ψ (clusters, providers); reference: weights of the mean that is tested against, or
    zeros; errors: standard errors of the contrasts, (providers,).
    """
    inverse = 1 / errors
    together = np.asarray(scores @ inverse) - np.asarray(scores @ reference) * inverse.sum()
    return max(float(together @ together) - len(errors), 0.0)


def null_share(p_values: Vector, shared: float) -> float:
    """π₀: the share of providers that are not better than δ, on the safe side; at most 1.

    Twice the share of p-values beyond one half. One shock that all providers share moves that
    count for all at once, and a lucky one would open the list to many. So what sharing adds to
    its standard deviation, `√shared / 2` (each count has variance 1/4, and correlations of signs
    are at most those of statistics), is added 1.645 times: the count's upper 95 % bound.
    """
    beyond = 1 + np.count_nonzero(p_values > STOREY_CUT) + ALLOWANCE * np.sqrt(shared) / 2
    return float(min(1.0, beyond / ((1 - STOREY_CUT) * len(p_values))))


def benjamini_hochberg(p_values: Vector) -> Vector:
    """Adjusted p-values min over i >= rank of J p_(i) / i, (providers,), at most 1."""
    count = len(p_values)
    order = np.argsort(p_values, kind="stable")
    steps = p_values[order] * count / np.arange(1, count + 1)
    adjusted = np.empty(count)
    adjusted[order] = np.minimum.accumulate(steps[::-1])[::-1]
    return adjusted


def posterior_set(not_better: Vector, error_rate: float) -> NDArray[np.bool_]:
    """The largest set of providers whose mean P(θ_j <= δ) is at most the error rate.

    not_better: P(θ_j <= δ) given the data, (providers,). Providers with equal probabilities come
    in or stay out together.
    """
    ascending = np.sort(not_better)
    running = np.cumsum(ascending) / np.arange(1, len(ascending) + 1)
    together = np.searchsorted(ascending, not_better, side="right") - 1
    return np.asarray(running[together] <= error_rate)
