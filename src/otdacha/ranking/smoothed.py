"""A smooth density of true effects, for pictures only: no posterior is ever made from it.

The NPMLE is a handful of atoms, which a reader would take for groups of providers. It is convolved
with a normal kernel of standard deviation h, and its atoms are first drawn towards its mean, so
that mean and variance stay those of the NPMLE (Silverman and Young 1987, Biometrika, the shrunken
smoothed bootstrap): `Σ_k w_k N(μ + c (u_k - μ), h²)` with `c² σ² + h² = σ²`.

The bandwidth is as fine as the estimates can resolve and no finer. With normal errors of standard
deviation s no estimator resolves more than a multiple of `s / √log J` (Fan 1991, Annals of
Statistics: the rate of deconvolution; the multiple, 2, is by simulation, decision 0012), and the
spread σ of the effects themselves bounds it from above: `1 / h² = 1 / σ² + (log J / 4) / s²`, s²
the harmonic mean of the squared standard errors. Where errors are tiny the NPMLE is the estimates
themselves, and h is not below the normal-reference bandwidth of an ordinary density estimate,
`0.9 σ J^(-1/5)` (Silverman 1986, §3.4).
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]

Density: TypeAlias = "tuple[Vector, Vector]"
"""Points, ascending, and the density at each."""

REACH = 5.0
"""Kernel standard deviations that are drawn beyond the outermost atoms."""
FEWEST, MOST = 201, 4_001
"""Points of a density that is drawn."""


def bandwidth(spread: float, se: Vector) -> float:
    """h, in the unit of the effects; below `spread`, the standard deviation of the NPMLE.

    se: standard errors of the estimates, (providers,).
    """
    count = len(se)
    resolved = np.log(count) / 4 * np.mean(1 / se**2)
    fine = 1 / np.sqrt(1 / spread**2 + resolved) if spread > 0 else 0.0
    return float(max(fine, 0.9 * spread * count ** (-1 / 5)))


def smoothed(points: Vector, weights: Vector, se: Vector) -> Density:
    """The smoothed density of a discrete distribution that was fitted to estimates.

    points, weights: atoms and their mass, which sums to one; se: standard errors of the estimates,
    (providers,). A single atom is drawn as a narrow peak: nothing is known of its shape.
    """
    mean = float(weights @ points)
    spread = float(weights @ (points - mean) ** 2) ** 0.5
    if spread <= 1e-12 * max(abs(mean), float(se.min())):
        return normal_density(mean, 1e-3 * float(se.min()))
    kernel = bandwidth(spread, se)
    centres = mean + np.sqrt(1 - (kernel / spread) ** 2) * (points - mean)
    places = _places(centres.min() - REACH * kernel, centres.max() + REACH * kernel, kernel)
    heights = np.exp(-0.5 * ((places[:, None] - centres) / kernel) ** 2) @ weights
    return places, heights / (kernel * np.sqrt(2 * np.pi))


def normal_density(mean: float, sd: float) -> Density:
    """The density of N(mean, sd²)."""
    places = mean + sd * np.linspace(-REACH, REACH, FEWEST)
    return places, np.exp(-0.5 * ((places - mean) / sd) ** 2) / (sd * np.sqrt(2 * np.pi))


def over_providers(standard: Density, centre: Vector, scale: Vector) -> Density:
    """The density of centre_j + scale_j u over all providers, u with the density `standard`.

    centre, scale: (providers,), scale positive.
    """
    points, heights = standard
    ends = (centre + scale * points[0]).min(), (centre + scale * points[-1]).max()
    places = _places(float(ends[0]), float(ends[1]), float(4 * np.diff(points)[0] * scale.min()))
    total = np.zeros(len(places))
    for middle, width in zip(centre, scale, strict=True):
        inside = np.interp((places - middle) / width, points, heights, left=0.0, right=0.0)
        total += inside / width
    return places, total / len(centre)


def _places(low: float, high: float, finest: float) -> Vector:
    """Points from low to high, a quarter of the finest detail apart, not fewer or more than set."""
    wanted = int(np.ceil((high - low) / finest * 4)) + 1
    return np.linspace(low, high, min(max(wanted, FEWEST), MOST))
