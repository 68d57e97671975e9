"""What two estimates of the same providers have in common, less the noise that they share.

With weights ω that sum to one and Q = diag(ω) − ωω', the weighted covariance of a and b over
providers is a'Qb. Where the errors of a and b have the covariance ψa'ψb, its expectation exceeds
that of the true values by tr(Q ψa'ψb), which is known and taken off. How wrong the standard errors
of a and b are does not matter for it; only what their errors share does.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from otdacha.effects.cells import Ints

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Jackknifed:
    """A figure, and what it is without each group in turn, (groups,)."""

    value: float
    without: Vector

    @property
    def se(self) -> float:
        """The jackknife's standard error (Efron and Stein 1981)."""
        groups = len(self.without)
        spread = float(np.sum((self.without - self.without.mean()) ** 2))
        return float(np.sqrt((groups - 1) / groups * spread))

    def __truediv__(self, other: Jackknifed) -> Jackknifed:
        return Jackknifed(self.value / other.value, self.without / other.without)

    def __sub__(self, other: Jackknifed) -> Jackknifed:
        return Jackknifed(self.value - other.value, self.without - other.without)


def net_covariance(
    a: Vector, b: Vector, weights: Vector, scores_a: Matrix, scores_b: Matrix, group: Ints
) -> Jackknifed:
    """a'Qb − tr(Q ψa'ψb), with each group of items left out in turn.

    a, b, weights, group: (items,), groups counted from 0; scores: ψ (clusters, items).
    """
    groups = int(group.max()) + 1
    a, b = a - a.mean(), b - b.mean()
    of_a, of_b = scores_a * weights, scores_b * weights
    own = np.einsum("ci,ci->i", of_a, scores_b)
    members = np.zeros((len(group), groups))
    members[np.arange(len(group)), group] = 1.0

    def with_and_without(rows: Matrix) -> Matrix:
        """Sums over all items, and over all but each group's, (…, 1 + groups)."""
        total = rows.sum(axis=-1, keepdims=True)
        return np.concatenate([total, total - rows @ members], axis=-1)

    size = with_and_without(weights)
    product = with_and_without(weights * a * b - own) / size
    means = with_and_without(weights * a) * with_and_without(weights * b) / size**2
    shared = np.sum(with_and_without(of_a) * with_and_without(of_b), axis=0) / size**2
    found = product - means + shared
    return Jackknifed(float(found[0]), found[1:])


def same_group(weights: Vector, group: Ints) -> Jackknifed:
    """tr(QP), P = 1 where two items are of one group: what a unit of variance between groups adds
    to the covariance above."""
    groups = int(group.max()) + 1
    of_group = np.bincount(group, weights, groups)
    total, squares = of_group.sum(), float(of_group @ of_group)
    without = 1 - (squares - of_group**2) / (total - of_group) ** 2
    return Jackknifed(float(1 - squares / total**2), without)


def weighted_mean(values: Vector, weights: Vector) -> Jackknifed:
    """The weighted mean over items, with each item left out in turn."""
    size, total = weights.sum(), float(weights @ values)
    return Jackknifed(float(total / size), (total - weights * values) / (size - weights))
