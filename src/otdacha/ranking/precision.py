"""Do effects depend on how precisely they are known?

Shrinkage takes a precise and an imprecise provider as draws from one distribution. Where large
providers are better (or more alike) than small ones that is wrong, and it errs in one direction for
each size (Chen 2024, "Empirical Bayes When Estimation Precision Predicts Parameters", CLOSE). CLOSE
lets the prior be θ_j | s_j = m(s_j) + σ(s_j) u_j. Here, with tens to hundreds of providers, m and
log σ are linear in log s, one parameter each, and they are let in together, where either of two
tests finds a dependence:

- location: the slope of the estimates on log s, by generalised least squares with weights
  `1 / (τ² + s²)`, against its standard error from the whole covariance; t with providers less
  columns degrees of freedom;
- scale: the slope on log s of the squared residuals over their expectation, weighted by the share
  of the expectation that is true differences (a studentised score test: Koenker 1981), against
  the normal.

Each is tested at half of the methodology's level. A standard error from few clusters is itself
noisy: one that is small by chance goes with a squared residual that looks too large. So the tests
replace s² by its expectation given the estimate of it and the degrees of freedom, under an inverse
chi-square distribution of the true variances (Smyth 2004, limma).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, sparse, special

from otdacha.effects.result import Scores
from otdacha.ranking.covariates import Regressors
from otdacha.ranking.effective_error import upper_tail
from otdacha.ranking.normal import Moments, moments

Vector = NDArray[np.float64]

LOG_ERROR = "log(se)"
"""The name of the column that the location is linear in: log s less its mean."""
FEWEST = 20
"""With fewer providers neither test is made."""
STEEPEST = 2.0
"""The largest power of s that σ(s) may grow or fall with."""


@dataclass(frozen=True)
class Dependence:
    """What was found of the dependence of effects on log s.

    tested: false where there are too few providers or s hardly varies. correlation: of estimates
    and log s, weights 1 / (τ² + s²). location_p, scale_p: p-values, 1 where not tested. found:
    whether either is at most half of the level. power: σ(s) is proportional to s^power; 0 where
    nothing was found, and where all that providers differ by is noise. regressors: the columns of
    the prior mean, log s among them where a dependence was found. relative: σ of each provider over
    that at the mean of log s, (providers,).
    """

    tested: bool
    correlation: float
    location_p: float
    scale_p: float
    found: bool
    power: float
    regressors: Regressors
    relative: Vector

    @property
    def figures(self) -> dict[str, float | bool]:
        return {
            "tested": self.tested,
            "correlation": self.correlation,
            "location_p": self.location_p,
            "scale_p": self.scale_p,
            "found": self.found,
            "power": self.power,
        }


def precision_dependence(
    estimates: Vector,
    se: Vector,
    df: Vector,
    scores: Scores,
    regressors: Regressors,
    level: float,
) -> Dependence:
    """Test the dependence of effects on their standard errors, and model what is found.

    estimates, se, df: (providers,), df may be infinite; scores: ψ (clusters, providers).
    regressors: what moves the prior mean anyway. level: of both tests together.
    """
    place = np.log(se) - np.log(se).mean()
    more = regressors.and_column(LOG_ERROR, place) if np.ptp(place) > 1e-6 else None
    if len(se) < FEWEST or more is None:
        return Dependence(False, 0.0, 1.0, 1.0, False, 0.0, regressors, np.ones(len(se)))
    expected = np.sqrt(expected_variances(se**2, df))
    errors = _rescaled(scores, expected / se)
    tilted = moments(estimates, expected, errors, columns=more.values)
    statistic = tilted.coefficients[-1] / tilted.coefficient_errors(errors)[-1]
    freedom = np.full(1, float(len(se) - len(more.names)))
    location_p = float(2 * upper_tail(np.array([abs(statistic)]), freedom)[0])
    # A slope that is there must not pass for a scale: its residuals are those of the other test.
    fit = tilted
    if location_p > level / 2:
        fit = moments(estimates, expected, errors, columns=regressors.values)
    scale_p = _scale_p(estimates, expected, errors, fit, place)
    depends = min(location_p, scale_p) <= level / 2
    power = 0.0
    if depends and tilted.spread > 0:
        power = _power(estimates, expected, errors, more, place)
    return Dependence(
        tested=True,
        correlation=_correlation(estimates, place, fit.weights),
        location_p=location_p,
        scale_p=scale_p,
        found=depends,
        power=power,
        regressors=more if depends else regressors,
        relative=np.exp(power * place),
    )


def expected_variances(variances: Vector, df: Vector) -> Vector:
    """E[s² | its estimate], (providers,): true variances are s₀² d₀ / χ²(d₀), fitted by moments.

    variances: estimated with df degrees of freedom, which may be infinite (then returned as they
    are). The moments are those of log s² (Smyth 2004, §6.2).
    """
    few = np.isfinite(df)
    if not few.any():
        return variances
    half = np.where(few, df, 2.0) / 2
    shift = np.where(few, special.digamma(half) - np.log(half), 0.0)
    chance = np.where(few, special.polygamma(1, half), 0.0)
    logs = np.log(variances) - shift
    excess = float(logs.var(ddof=1) - chance.mean())
    if excess <= 0:
        return np.where(few, np.exp(logs.mean()), variances)
    prior = 2 * _inverse_trigamma(excess)
    common = np.exp(logs.mean() + special.digamma(prior / 2) - np.log(prior / 2))
    together = prior + half * 2
    # The mean of an inverse chi-square is infinite at 2 degrees of freedom or fewer.
    expected = (prior * common + half * 2 * variances) / np.maximum(together - 2, together / 2)
    return np.asarray(np.where(few, expected, variances))


def _rescaled(scores: Scores, factor: Vector) -> Scores:
    """ψ with each provider's column times its factor."""
    if isinstance(scores, np.ndarray):
        return scores * factor
    return sparse.csr_array(scores @ sparse.diags_array(factor))


def _inverse_trigamma(value: float) -> float:
    """x with trigamma(x) = value; trigamma lies between 1/x and 1/x + 1/x²."""
    low, high = 1 / value, (1 + np.sqrt(1 + 4 * value)) / (2 * value)
    return float(optimize.brentq(lambda x: float(special.polygamma(1, x)) - value, low, high))


def _scale_p(
    estimates: Vector, errors: Vector, scores: Scores, fit: Moments, place: Vector
) -> float:
    """The p-value of no slope on log s in squared residuals over their expectation."""
    if fit.spread == 0:
        return 1.0
    excess = (estimates - fit.means) ** 2 / _residual_variances(errors, scores, fit) - 1
    signal = fit.spread / (fit.spread + errors**2)
    # To the first order the sum does not move with τ², which is only estimated.
    contrast = signal * (place - np.average(place, weights=signal**2))
    return float(2 * special.ndtr(-abs(contrast @ excess) / np.sqrt(contrast**2 @ excess**2)))


def _residual_variances(errors: Vector, scores: Scores, fit: Moments) -> Vector:
    """The diagonal of (I - H) Σ (I - H)', H = X loads and Σ = τ² I + ψ'ψ, (providers,)."""
    of_noise = np.asarray(scores @ fit.loads.T)
    carried = fit.loads * fit.spread + np.asarray(scores.T @ of_noise).T
    of_means = carried @ fit.loads.T
    variances = (
        fit.spread
        + errors**2
        - 2 * (fit.columns * carried.T).sum(axis=1)
        + (fit.columns @ of_means * fit.columns).sum(axis=1)
    )
    return np.asarray(np.maximum(variances, 1e-9 * (fit.spread + errors**2)))


def _power(
    estimates: Vector, errors: Vector, scores: Scores, regressors: Regressors, place: Vector
) -> float:
    """b of σ(s) = σ s^b: the normal quasi-likelihood's maximum, τ² by moments at each b."""

    def misfit(power: float) -> float:
        fit = moments(
            estimates, errors, scores, columns=regressors.values, relative=np.exp(power * place)
        )
        total = fit.variances + errors**2
        return float(np.sum(np.log(total) + (estimates - fit.means) ** 2 / total))

    found = optimize.minimize_scalar(
        misfit, bounds=(-STEEPEST, STEEPEST), method="bounded", options={"xatol": 1e-6}
    )
    return float(found.x)


def _correlation(estimates: Vector, place: Vector, weights: Vector) -> float:
    one = estimates - weights @ estimates
    other = place - weights @ place
    spread = np.sqrt((weights @ one**2) * (weights @ other**2))
    return float(weights @ (one * other) / spread) if spread > 0 else 0.0
