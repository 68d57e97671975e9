"""Penalised least squares of a mixed model, with the largest grouping eliminated exactly.

In units of σ the levels' effects are b = Λu, u standard normal, so for given relative standard
deviations the best b and β minimise `|y − Xβ − ZΛu|² + |u|²`. The normal equations
`M = ΛZ'ZΛ + I` are diagonal within one grouping; taking out the grouping with most levels leaves

    `S = Λ₂ (C₂₂ − λ₁² C₂₁ D₁⁻¹ C₁₂) Λ₂ + I`,   `D₁ = λ₁² n₁ + 1`,

with C the counts of rows that two levels share. S is factored, dense or sparse. A grouping with
fixed effects is one without penalty: λ = 1, and 0 in place of the 1.
Source: Bates, Mächler, Bolker and Walker (2015), J. Stat. Softw. 67(1), sections 2.3 and 3.3.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from scipy import sparse

from otdacha.effects.cells import Floats
from otdacha.effects.cholesky import Cholesky, Factor, cholesky_for
from otdacha.effects.groupings import CrossProducts

Part = TypeVar("Part")

FIXED = np.inf
"""The relative standard deviation of a grouping whose levels are fixed effects."""


class PenalisedLeastSquares:
    """Solves for any relative standard deviations; counts, pattern and ordering are kept."""

    def __init__(self, products: CrossProducts) -> None:
        self.products = products
        self._back = sparse.csr_array(products.between.T)
        # levels that share a row share its level of the first grouping: the pattern is complete
        self.pattern = self._through_first(np.ones(len(products.first)))
        row = np.repeat(np.arange(self.pattern.shape[0]), np.diff(self.pattern.indptr))
        self.row, self.column = row, self.pattern.indices
        self.shared = np.asarray(products.others[self.row, self.column]).ravel()
        self._cholesky: Cholesky | None = None

    def at(self, relative_sd: Floats) -> Solution:
        """Solve for one relative standard deviation of each grouping, in the order given."""
        products = self.products
        sd = np.asarray(relative_sd, dtype=np.float64)[list(products.order)]
        scale, penalty = np.where(np.isinf(sd), 1.0, sd), np.where(np.isinf(sd), 0.0, 1.0)
        lambda_1, lambda_2 = scale[0], np.repeat(scale[1:], products.sizes[1:])
        d = lambda_1**2 * products.first + penalty[0]

        both = lambda_2[self.row] * lambda_2[self.column]
        values = both * (self.shared - lambda_1**2 * self.through_first(1 / d))
        on_diagonal = self.row == self.column
        values[on_diagonal] += np.repeat(penalty[1:], products.sizes[1:])
        if self._cholesky is None:
            self._cholesky = cholesky_for(self.pattern, values)
        factor = self._cholesky.factor(values)

        first = lambda_1 * products.first_w
        between = products.between
        crossed = sparse.csr_array(
            (between.data * lambda_1 * lambda_2[between.indices], between.indices, between.indptr),
            shape=between.shape,
        )
        others = lambda_2[:, None] * products.others_w - crossed.T @ (first / d[:, None])
        of_others = factor.solve(others)
        of_first = (first - crossed @ of_others) / d[:, None]
        return Solution(
            least_squares=self,
            d=d,
            crossed=crossed,
            scales=both * lambda_1**2,
            factor=factor,
            by_place=(of_first, *np.split(of_others, np.cumsum(products.sizes[1:])[:-1])),
            left=products.ww - first.T @ (first / d[:, None]) - others.T @ of_others,
        )

    def through_first(self, weight: Floats) -> Floats:
        """C₂₁ diag(weight) C₁₂ on the pattern, for a weight of each level of the first (q₁,)."""
        return np.asarray(self._through_first(weight).data)

    def _through_first(self, weight: Floats) -> sparse.csr_array:
        between = self.products.between
        scaled = between.data * np.repeat(weight, np.diff(between.indptr))
        product = self._back @ sparse.csr_array(
            (scaled, between.indices, between.indptr), shape=between.shape
        )
        # by columns its indices come out sorted, and symmetric as it is, columns are rows
        sorted_ = product.tocsc()
        return sparse.csr_array((sorted_.data, sorted_.indices, sorted_.indptr), product.shape)


@dataclass(frozen=True)
class Solution:
    """The factored normal equations at one choice of relative standard deviations.

    With W = [X y]: by_place holds M⁻¹ΛZ'W of each grouping, the first one first (levels, P + 1);
    left (P + 1, P + 1) is what the groupings leave of W'W. d (q₁,), crossed (q₁, q₂): the blocks
    of M that belong to the first grouping; scales: λ₁² λ₂ λ₂' on the pattern of S.
    """

    least_squares: PenalisedLeastSquares
    d: Floats
    crossed: sparse.csr_array
    scales: Floats
    factor: Factor
    by_place: tuple[Floats, ...]
    left: Floats

    @property
    def log_determinant(self) -> float:
        """log |M|."""
        return float(np.log(self.d).sum()) + self.factor.log_determinant

    @property
    def modes(self) -> tuple[Floats, ...]:
        """M⁻¹ΛZ'W of each grouping, in the order given."""
        return tuple(self._as_given(list(self.by_place)))

    def inverse_traces(self) -> Floats:
        """The trace of M⁻¹ over the levels of each grouping, in the order given, (groupings,)."""
        squared = self.least_squares.through_first(1 / self.d**2)
        through_others = self.factor.inverse_times(self.scales * squared)
        sizes = self.least_squares.products.sizes[1:]
        of_others = np.split(self.factor.inverse_diagonal(), np.cumsum(sizes)[:-1])
        traces = [float((1 / self.d).sum()) + through_others]
        traces += [float(part.sum()) for part in of_others[: len(sizes)]]
        return np.array(self._as_given(traces))

    def inverse_block(self, grouping: int) -> Floats:
        """M⁻¹ among the levels of one grouping, counted as given, (levels, levels)."""
        products = self.least_squares.products
        place = products.order.index(grouping)
        q_2 = self.crossed.shape[1]
        if place == 0:
            to_others = self.crossed.toarray().T / self.d
            return np.diag(1 / self.d) + to_others.T @ self.factor.solve(to_others)
        before = sum(products.sizes[1:place])
        own = slice(before, before + products.sizes[place])
        return self.factor.solve(np.eye(q_2)[:, own])[own]

    def _as_given(self, by_place: list[Part]) -> list[Part]:
        order = self.least_squares.products.order
        return [by_place[order.index(grouping)] for grouping in range(len(order))]
