"""Each estimate moved towards what is known of all: the methodology's prior and its posteriors.

θ_j = m_j + τ_j u_j. The prior means m_j are one for all, or linear in covariates of the providers
(`covariates.py`) and in log s where effects depend on their precision (`precision.py`); so may be
the scale. u has the normal distribution, or any (the NPMLE of the standardised estimates). The
posteriors take m_j and τ_j as known; the robust intervals count the error of m_j.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from otdacha.effects.result import Scores
from otdacha.methodology import Shrinkage
from otdacha.ranking.covariates import Regressors
from otdacha.ranking.normal import Moments, moments
from otdacha.ranking.npmle import Mixture, npmle
from otdacha.ranking.posterior import (
    Posterior,
    grid_posterior,
    located_grid_posterior,
    normal_posterior,
)
from otdacha.ranking.precision import Dependence, precision_dependence
from otdacha.ranking.result import Prior
from otdacha.ranking.smoothed import normal_density, over_providers, smoothed

Vector = NDArray[np.float64]

PICTURE_POINTS = 201


@dataclass(frozen=True)
class Shrunken:
    """posterior of every provider; moments: prior means and variances, which the robust intervals
    are centred at; prior: as it is shown."""

    posterior: Posterior
    moments: Moments
    prior: Prior


def shrink(
    estimates: Vector,
    se: Vector,
    errors: Vector,
    df: Vector,
    scores: Scores,
    regressors: Regressors,
    settings: Shrinkage,
) -> Shrunken:
    """Posteriors under the methodology's prior.

    estimates, se (plain), errors (effective), df: (providers,); scores: ψ (clusters, providers);
    regressors: columns of the prior mean.
    """
    relative, found = None, None
    if settings.precision == "auto":
        found = precision_dependence(
            estimates, se, df, scores, regressors, settings.precision_level
        )
        regressors = found.regressors
        relative = found.relative if found.found else None
    spread = moments(estimates, se, scores, columns=regressors.values, relative=relative)
    figures = _figures(spread, scores, regressors, found)
    alike = len(regressors.names) == 1 and relative is None
    if settings.prior == "normal":
        posterior: Posterior = normal_posterior(estimates, errors, spread)
        return Shrunken(posterior, spread, _normal_prior(spread, alike, figures))
    centre, scale = (
        (np.zeros(len(se)), np.ones(len(se)))
        if alike
        else (spread.means, np.sqrt(spread.variances))
    )
    standard, noise = (estimates - centre) / scale, se / scale
    mixture = npmle(standard, noise, points=settings.grid, gap=settings.gap)
    step = float(np.ptp(standard)) / (settings.grid - 1)
    figures |= {
        "gap": mixture.gap,
        "steps": float(mixture.steps),
        "grid_step_in_smallest_se": step / float(noise.min()),
    }
    posterior = (
        grid_posterior(estimates, errors, mixture)
        if alike
        else located_grid_posterior(estimates, errors, centre, scale, mixture)
    )
    return Shrunken(posterior, spread, _npmle_prior(mixture, noise, centre, scale, alike, figures))


def _figures(
    spread: Moments, scores: Scores, regressors: Regressors, found: Dependence | None
) -> dict[str, Any]:
    """What the prior says of itself; γ with its standard errors where it is more than a mean."""
    figures: dict[str, Any] = {
        "mean": spread.mean,
        "variance": spread.variance,
        "variance_before_floor": spread.spread,
    }
    if found is not None:
        figures["precision"] = found.figures
    if regressors.figures:
        figures["covariates"] = regressors.figures
    if len(regressors.names) > 1:
        known = zip(
            regressors.names,
            spread.coefficients.tolist(),
            spread.coefficient_errors(scores).tolist(),
            strict=True,
        )
        figures["coefficients"] = {
            name: {"estimate": estimate, "se": error} for name, estimate, error in known
        }
    return figures


def _normal_prior(spread: Moments, alike: bool, figures: dict[str, Any]) -> Prior:
    if not alike:
        sds = np.sqrt(spread.variances)
        density = over_providers(normal_density(0.0, 1.0), spread.means, sds)
        return _discretised("normal", density, spread.means, spread.variances, figures)
    mean, sd = spread.mean, spread.variance**0.5
    deviates = np.linspace(-4, 4, PICTURE_POINTS)
    weights = np.exp(-(deviates**2) / 2)
    return Prior(
        "normal",
        mean + sd * deviates,
        weights / weights.sum(),
        mean,
        sd,
        figures,
        normal_density(mean, sd),
    )


def _npmle_prior(
    mixture: Mixture,
    noise: Vector,
    centre: Vector,
    scale: Vector,
    alike: bool,
    figures: dict[str, Any],
) -> Prior:
    mean = float(mixture.weights @ mixture.points)
    variance = float(mixture.weights @ (mixture.points - mean) ** 2)
    density = smoothed(mixture.points, mixture.weights, noise)
    if not alike:
        density = over_providers(density, centre, scale)
        means, variances = centre + scale * mean, scale**2 * variance
        return _discretised("npmle", density, means, variances, figures)
    return Prior("npmle", mixture.points, mixture.weights, mean, variance**0.5, figures, density)


def _discretised(
    kind: str,
    density: tuple[Vector, Vector],
    means: Vector,
    variances: Vector,
    figures: dict[str, Any],
) -> Prior:
    """The prior over all providers, where each has a mean and a variance of its own."""
    points, heights = density
    sd = float(variances.mean() + means.var()) ** 0.5
    return Prior(kind, points, heights / heights.sum(), float(means.mean()), sd, figures, density)
