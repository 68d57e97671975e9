"""What is believed of each provider after seeing its estimate: two priors, one interface."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy import special

from otdacha.ranking.normal import Moments
from otdacha.ranking.npmle import Mixture, likelihood

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


class Posterior(Protocol):
    """The posterior of every provider, each given its own estimate."""

    @property
    def mean(self) -> Vector:
        """(providers,), in the unit of the estimates."""

    def above(self, threshold: float) -> Vector:
        """P(θ_j > threshold), (providers,)."""

    def beats(self) -> Matrix:
        """π, (providers, providers): P(θ_i > θ_j) + P(θ_i = θ_j) / 2."""


@dataclass(frozen=True)
class NormalPosterior:
    """Normal posteriors in closed form: mean and standard deviation, (providers,)."""

    mean: Vector
    sd: Vector

    def above(self, threshold: float) -> Vector:
        return np.asarray(special.ndtr((self.mean - threshold) / self.sd))

    def beats(self) -> Matrix:
        apart = np.subtract.outer(self.mean, self.mean)
        apart /= np.sqrt(np.add.outer(self.sd**2, self.sd**2))
        return np.asarray(special.ndtr(apart, out=apart))


@dataclass(frozen=True)
class GridPosterior:
    """Posteriors on a discrete prior's support: points ascending, mass (providers, points)."""

    points: Vector
    mass: Matrix

    @property
    def mean(self) -> Vector:
        return np.asarray(self.mass @ self.points)

    def above(self, threshold: float) -> Vector:
        # A point at the threshold is not above it; rounding of the grid must not lift it over.
        edge = 1e-12 * max(abs(threshold), float(np.ptp(self.points)))
        return np.asarray(self.mass[:, self.points > threshold + edge].sum(axis=1))

    def beats(self) -> Matrix:
        below = np.cumsum(self.mass, axis=1) - self.mass / 2
        return np.asarray(self.mass @ below.T)


def normal_posterior(estimates: Vector, errors: Vector, prior: Moments) -> NormalPosterior:
    """Posteriors under N(μ, τ²). errors: effective standard errors, (providers,)."""
    weight = prior.variance / (prior.variance + errors**2)
    return NormalPosterior(prior.mean + weight * (estimates - prior.mean), errors * np.sqrt(weight))


def grid_posterior(estimates: Vector, errors: Vector, prior: Mixture) -> GridPosterior:
    """Posteriors under a discrete prior. errors: effective standard errors, (providers,)."""
    mass = likelihood(estimates, errors, prior.points) * prior.weights
    return GridPosterior(prior.points, mass / mass.sum(axis=1, keepdims=True))
