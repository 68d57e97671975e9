"""The hazard of each town, drawn towards that of all towns as far as its own exits leave it open.

A town's exits are Poisson with mean λ·E, where E is what its person-months would make at a hazard
of one. The λ of towns follow a gamma distribution of mean μ and coefficient of variation τ; given
its exits, a town's λ is gamma again, between its own rate and μ: the fewer exits, the nearer to μ.
Nobody knows μ and τ. Pairs on a grid are weighed by how likely they make the exits of all towns
(flat in log μ and in τ², which keeps intervals honest where towns are few: Morris, Lysy 2012), and
what is told of a town are the moments over the grid, so that not knowing μ and τ makes the interval
wider (Kass, Steffey 1989).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special, stats

from otdacha.pay.leaving.likelihood import Floats

SPREADS: Floats = np.geomspace(0.02, 3.0, 80)
"""τ that are tried: from towns that hardly differ to towns that have nothing in common."""
AWAY: Floats = np.linspace(-3.0, 3.0, 13)
"""log μ that are tried at each τ, in standard errors from the likeliest."""
_STEPS = 100
_NEAR = 1e-10


@dataclass(frozen=True)
class Hazards:
    """mean, lower, upper (M,): of each town's λ, with its interval."""

    mean: Floats
    lower: Floats
    upper: Floats


def shrunk(exits: Floats, expected: Floats, level: float) -> Hazards:
    """Hazards of towns in which so many left, (M,), of whom `expected` (M,) would at a hazard of 1.

    expected: above zero. level: of the intervals. Raises ValueError where nobody left anywhere.
    """
    if not exits.sum() > 0:
        raise ValueError("nobody left: towns have no hazard to be drawn to")
    total = np.zeros(())
    first, second = np.zeros_like(expected), np.zeros_like(expected)
    largest = -np.inf
    for tau, step in zip(SPREADS, np.gradient(SPREADS**2), strict=True):
        k = tau**-2
        centre, error = _likeliest(exits, expected, tau)
        mu = np.exp(centre + error * AWAY)[:, None]
        weigh = _log_likelihood(exits, expected, k, mu) + np.log(step * error)
        shape, rate = k + exits, k / mu + expected
        mean = shape / rate
        top = max(largest, float(weigh.max()))
        w, old = np.exp(weigh - top)[:, None], np.exp(largest - top)
        total = total * old + w.sum()
        first = first * old + (w * mean).sum(axis=0)
        second = second * old + (w * (mean**2 + mean / rate)).sum(axis=0)
        largest = top
    mean, square = first / total, second / total
    variance = square - mean**2
    shape, scale = mean**2 / variance, variance / mean
    tail = (1 - level) / 2
    return Hazards(
        mean=mean,
        lower=np.asarray(stats.gamma.ppf(tail, shape, scale=scale)),
        upper=np.asarray(stats.gamma.ppf(1 - tail, shape, scale=scale)),
    )


def _likeliest(exits: Floats, expected: Floats, tau: float) -> tuple[float, float]:
    """log μ of the greatest likelihood at this τ, and its standard error."""
    mu = exits.sum() / expected.sum()
    for _ in range(_STEPS):
        weight = 1 / (1 + mu * expected * tau**2)
        before, mu = mu, (weight * exits).sum() / (weight * expected).sum()
        if abs(mu - before) < _NEAR * mu:
            break
    information = (mu * expected / (1 + mu * expected * tau**2)).sum()
    return float(np.log(mu)), float(information**-0.5)


def _log_likelihood(exits: Floats, expected: Floats, k: float, mu: Floats) -> Floats:
    """Of exits that are negative binomial, at each μ (G, 1), but for what no parameter changes."""
    odds = mu * expected / k
    per_town = (
        special.gammaln(k + exits)
        - special.gammaln(k)
        - (k + exits) * np.log1p(odds)
        + special.xlogy(exits, odds)
    )
    total: Floats = per_town.sum(axis=1)
    return total
