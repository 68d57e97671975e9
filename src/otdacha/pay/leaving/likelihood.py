"""How likely it is that, of each town's person-months, just those ended in leaving that did.

A person-month ends in leaving with probability `exp(α_town + γ_quarter + δ_tenure + x'β)`. Given
how many left each town, α drops out: the town's exits are drawn from its person-months with
probabilities in proportion to `exp(γ + δ + x'β)`, and the likelihood of the draw is what is
maximised here. It equals Poisson maximum likelihood with a dummy for every town, so there is no
incidental-parameter bias however small towns are (Hausman, Hall, Griliches 1984; Lancaster 2002;
for quarters beside towns: Fernández-Val, Weidner 2016), and it needs the mean to be right, not the
distribution (Wooldridge 1999): a month with or without an exit will do.

Nothing but sums over rows of `exp(x'β)`, by town × quarter × tenure class, is needed of the rows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

ROWS_AT_ONCE = 1 << 20


@dataclass(frozen=True)
class PersonMonths:
    """N person-months as arrays.

    x (N, P): what the hazard depends on; cell (N,): (town · Q + quarter) · T + tenure class;
    left (N,): whether the month ended in leaving. shape: (M towns, Q quarters, T classes).
    Every town, quarter and class has an exit.
    """

    x: Floats
    cell: NDArray[np.integer]
    left: NDArray[np.bool_]
    shape: tuple[int, int, int]

    def exits(self) -> Floats:
        """How many left, (M, Q, T)."""
        return self._by_cell(self.cell[self.left])

    def exits_x(self) -> Floats:
        """x of those who left, added up by town, (M, P)."""
        town = self.cell[self.left] // (self.shape[1] * self.shape[2])
        columns = [np.bincount(town, x, self.shape[0]) for x in self.x[self.left].T]
        return np.stack(columns, axis=-1)

    def sums(self, beta: Floats) -> tuple[Floats, Floats, Floats]:
        """Σ e, Σ e x, Σ e x x' with e = exp(x'β): (M, Q, T), (M, Q, T, P), (M, Q, T, P, P)."""
        P = self.x.shape[1]
        zero, first, second = (np.zeros((*self.shape, *more)) for more in ((), (P,), (P, P)))
        for begin in range(0, len(self.x), ROWS_AT_ONCE):
            x = self.x[begin : begin + ROWS_AT_ONCE]
            cell = self.cell[begin : begin + ROWS_AT_ONCE]
            e = np.exp(x @ beta)
            zero += self._by_cell(cell, e)
            for p in range(P):
                of_x = e * x[:, p]
                first[..., p] += self._by_cell(cell, of_x)
                for q in range(p + 1):
                    second[..., p, q] += self._by_cell(cell, of_x * x[:, q])
                    second[..., q, p] = second[..., p, q]
        return zero, first, second

    def _by_cell(self, cell: NDArray[np.integer], weight: Floats | None = None) -> Floats:
        counted = np.bincount(cell, weight, int(np.prod(self.shape)))
        return counted.astype(np.float64).reshape(self.shape)


@dataclass(frozen=True)
class Likelihood:
    """The likelihood at one θ = (β, γ, δ), by town; K = P + Q - 1 + T - 1.

    value: its logarithm; score (M, K): its gradient; information (M, K, K): minus its second
    derivative, the variance of what is drawn. weight (M,): what a town's exits would be at α = 0.
    mean (M, K): the gradient of its logarithm.
    """

    value: float
    score: Floats
    information: Floats
    weight: Floats
    mean: Floats


class ExitsOfTowns:
    """The likelihood as a function of θ; what does not depend on θ is counted once."""

    def __init__(self, rows: PersonMonths) -> None:
        self.rows = rows
        self.exits, self.exits_x = rows.exits(), rows.exits_x()
        self.of_town = self.exits.sum(axis=(1, 2))
        _, Q, T = rows.shape
        self.regressors = rows.x.shape[1]
        self.parameters = self.regressors + Q - 1 + T - 1

    def parts(self, theta: Floats) -> tuple[Floats, Floats, Floats]:
        """β (P,), γ (Q,), δ (T,); the first quarter and the first class are 0."""
        P, Q = self.regressors, self.rows.shape[1]
        gamma, delta = theta[P : P + Q - 1], theta[P + Q - 1 :]
        return theta[:P], np.concatenate([[0.0], gamma]), np.concatenate([[0.0], delta])

    def at(self, theta: Floats) -> Likelihood:
        beta, gamma, delta = self.parts(theta)
        factor = np.exp(gamma[:, None] + delta)
        zero, first, second = self.rows.sums(beta)
        weight = (zero * factor).sum(axis=(1, 2))
        scaled = (self.of_town / weight)[:, None, None] * factor
        expected = scaled * zero
        expected_x = scaled[..., None] * first
        mean = self._columns(expected_x.sum(axis=(1, 2)), expected)
        told = self.exits_x @ beta + (self.exits * np.log(factor)).sum(axis=(1, 2))
        return Likelihood(
            value=float(np.sum(told - self.of_town * np.log(weight))),
            score=self._columns(self.exits_x, self.exits) - mean,
            information=self._information(
                expected, expected_x, scaled[..., None, None] * second, mean
            ),
            weight=weight,
            mean=mean / self.of_town[:, None],
        )

    def _columns(self, x: Floats, counts: Floats) -> Floats:
        """x, then counts by quarter and by class but the first of each, (M, K)."""
        return np.concatenate([x, counts.sum(axis=2)[:, 1:], counts.sum(axis=1)[:, 1:]], axis=1)

    def _information(
        self, expected: Floats, expected_x: Floats, expected_xx: Floats, mean: Floats
    ) -> Floats:
        M, Q, _ = self.rows.shape
        P = self.regressors
        x, quarter, tenure = slice(P), slice(P, P + Q - 1), slice(P + Q - 1, None)
        found = np.zeros((M, self.parameters, self.parameters))
        found[:, x, x] = expected_xx.sum(axis=(1, 2))
        found[:, quarter, x] = expected_x.sum(axis=2)[:, 1:]
        found[:, tenure, x] = expected_x.sum(axis=1)[:, 1:]
        found[:, tenure, quarter] = expected[:, 1:, 1:].transpose(0, 2, 1)
        found[:, x, quarter] = found[:, quarter, x].transpose(0, 2, 1)
        found[:, x, tenure] = found[:, tenure, x].transpose(0, 2, 1)
        found[:, quarter, tenure] = found[:, tenure, quarter].transpose(0, 2, 1)
        diagonal = np.concatenate([expected.sum(axis=2)[:, 1:], expected.sum(axis=1)[:, 1:]], 1)
        places = np.arange(P, self.parameters)
        found[:, places, places] = diagonal
        return np.asarray(found - mean[:, :, None] * mean[:, None, :] / self.of_town[:, None, None])
