"""What is believed of each provider after seeing its estimate: two priors, one interface.

A prior may be the same for all or have a place and a scale of its own for each provider
(`covariates.py`, `precision.py`).
"""

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


@dataclass(frozen=True)
class LocatedGridPosterior:
    """Posteriors of θ_j = centre_j + scale_j u_j on the support of u, a discrete prior that all
    share: points ascending, mass (providers, points); centre, scale (providers,), scale positive.
    """

    points: Vector
    mass: Matrix
    centre: Vector
    scale: Vector

    @property
    def mean(self) -> Vector:
        return np.asarray(self.centre + self.scale * (self.mass @ self.points))

    def above(self, threshold: float) -> Vector:
        places = self._places()
        edge = 1e-12 * max(abs(threshold), float(np.ptp(places)))
        return np.asarray((self.mass * (places > threshold + edge)).sum(axis=1))

    def beats(self) -> Matrix:
        # Each provider has a support of its own: where all supports stand in each of them is
        # found by bisection, from the left and from the right, so that equal places are ties.
        places = self._places()
        everybody = places.ravel()
        below = np.hstack([np.zeros((len(places), 1)), np.cumsum(self.mass, axis=1)])
        beaten = np.empty((len(places), len(places)))
        for other, support in enumerate(places):
            under = below[other, np.searchsorted(support, everybody, side="left")]
            under += below[other, np.searchsorted(support, everybody, side="right")]
            beaten[:, other] = (self.mass * under.reshape(places.shape)).sum(axis=1) / 2
        return beaten

    def _places(self) -> Matrix:
        """Where θ_j may lie, (providers, points)."""
        return np.asarray(self.centre[:, None] + self.scale[:, None] * self.points)


def normal_posterior(estimates: Vector, errors: Vector, prior: Moments) -> NormalPosterior:
    """Posteriors under N(m_j, τ_j²). errors: effective standard errors, (providers,)."""
    weight = prior.variances / (prior.variances + errors**2)
    return NormalPosterior(
        prior.means + weight * (estimates - prior.means), errors * np.sqrt(weight)
    )


def grid_posterior(estimates: Vector, errors: Vector, prior: Mixture) -> GridPosterior:
    """Posteriors under a discrete prior. errors: effective standard errors, (providers,)."""
    mass = likelihood(estimates, errors, prior.points) * prior.weights
    return GridPosterior(prior.points, mass / mass.sum(axis=1, keepdims=True))


def located_grid_posterior(
    estimates: Vector, errors: Vector, centre: Vector, scale: Vector, prior: Mixture
) -> LocatedGridPosterior:
    """Posteriors under a discrete prior of (θ_j - centre_j) / scale_j, each (providers,)."""
    standard = grid_posterior((estimates - centre) / scale, errors / scale, prior)
    return LocatedGridPosterior(standard.points, standard.mass, centre, scale)
