"""Slopes without each of many clusters at once, by conjugate gradients.

H, the matrix that fits the cells, tells what the slopes are without cluster c (MacKinnon, Nielsen,
Webb 2023): if `H_cc` is its block for the cells of c and `ê_c` their residuals, then
`ẽ_c = (I − H_cc)⁻¹ ê_c` are their residuals from a fit without c, and what they would have added,
`β̂ − β̂₋c = G⁺ Z_c'W ẽ_c`, is exact; Z are the covariates of the slopes, units and periods taken
out. `H_cc e` takes small sums: of e by period and slope, effects of which they would be the right
sides, and what these are in the cells of c. The eigenvalues of `H_cc` are shares of the cluster in
what is estimated; the large ones are those of its own few slopes, and where these are foreseen, a
few steps reach the last digits. Only where the slopes are surely determined without c is there one
answer: that is asked before (`otdacha.effects.clean_slopes`).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from otdacha.effects.cells import Floats, Ints
from otdacha.effects.clean_stratum import CleanStratum
from otdacha.effects.elimination import grouped, totals
from otdacha.effects.variance import diagonal_blocks

_EXACT = 1e-12
"""Relative size of what is left of a cluster's residuals when its slopes are taken as found."""

_MOST = 0.9
"""The largest part of a cluster in its slopes that is foreseen: a slope may rest on it."""

_STEPS = 100
"""After as many a cluster is left to whoever can solve it otherwise."""


class LeftOut:
    """K clusters, each to be left out by itself: their cells and how these are fitted.

    Effects and sums are columns of a cluster each: first of T periods for each stratum, (·, K),
    then of the pairs of a slope and a cluster that bears on it, (L,).
    """

    def __init__(
        self, strata: Sequence[CleanStratum], clusters: Ints, total: int, beta: Floats,
        inverse: Floats,
    ) -> None:  # fmt: skip
        """clusters (K,) of `total`; beta (P,): of all cells; inverse (P, P): G⁺."""
        chosen = np.zeros(total, dtype=np.bool_)
        chosen[clusters] = True
        place = np.zeros(total, dtype=np.int64)
        place[clusters] = np.arange(len(clusters))
        self.inverse, self.count = inverse, len(clusters)
        self.strata = [one for one in strata if chosen[one.clusters].any()]
        parts = [one.cells.of(chosen) for one in self.strata]

        units = np.cumsum([0, *(part.unit[-1] + 1 for part in parts)])
        self.unit = np.concatenate(
            [part.unit + before for part, before in zip(parts, units[:-1], strict=True)]
        )
        self.first = np.flatnonzero(np.diff(self.unit, prepend=-1))
        self.weight = np.concatenate([part.weight for part in parts])
        self.n = np.add.reduceat(self.weight, self.first)
        self.cluster = place[np.concatenate([part.cluster for part in parts])]

        T = len(self.strata[0].inverse)
        self.periods = len(parts) * T * self.count
        period = np.concatenate([part.period + T * row for row, part in enumerate(parts)])
        slope = np.concatenate(
            [
                np.where(part.slope >= 0, one.columns[part.slope], -1)
                for one, part in zip(self.strata, parts, strict=True)
            ]
        )
        x = np.concatenate([part.x for part in parts])
        bears = np.flatnonzero(slope >= 0)
        pairs, load = np.unique(self.cluster[bears] * len(beta) + slope[bears], return_inverse=True)
        self.loaded, self.slope = np.divmod(pairs, len(beta))
        self.design = _rows(
            period * self.count + self.cluster, bears, self.periods + load, x[bears],
            self.periods + len(pairs),
        )  # fmt: skip
        self.residual = np.concatenate([part.y for part in parts]) - self._fitted(
            self._effects_of_all(beta)
        )

    def changes(self) -> tuple[Floats, NDArray[np.bool_]]:
        """β̂ − β̂₋c of every cluster, (K, P), and which of them were found, (K,)."""
        residual, found = self._without_own_part()
        _, right = self._rights(self.design.T @ (self.weight * residual))
        return (self.inverse @ right).T, found

    def _without_own_part(self) -> tuple[Floats, NDArray[np.bool_]]:
        """ẽ by conjugate gradients in the weights, every cluster in steps of its own."""
        own, answers = self._own_slopes()

        def likely(left: Floats) -> Floats:
            effects = answers @ (own.T @ (self.weight * left))
            return left + self._centred(own @ effects)

        solution, left = np.zeros_like(self.residual), self.residual.copy()
        direction = likely(left)
        size = self._by_cluster(left * direction)
        enough = size * _EXACT**2
        for _ in range(_STEPS):
            goes_on = size > enough
            if not goes_on.any():
                break
            image = direction - self._hat(direction)
            step = _ratio(size, self._by_cluster(direction * image), goes_on)[self.cluster]
            solution += step * direction
            left -= step * image
            guess = likely(left)
            smaller = self._by_cluster(left * guess)
            direction = guess + _ratio(smaller, size, goes_on)[self.cluster] * direction
            size = np.where(goes_on, smaller, size)
        return solution, size <= enough

    def _hat(self, residual: Floats) -> Floats:
        """H_cc residual of every cluster."""
        return self._fitted(self._effects(self.design.T @ (self.weight * residual)))

    def _own_slopes(self) -> tuple[sparse.csr_array, sparse.csr_array]:
        """x of the slopes that clusters bear on, (cells, L), and K (I − Z'WZ K)⁻¹, block by block
        of a cluster, (L, L): K is its own part of G⁺, Z its x less the means of units.

        With them `(I − ZKZ'W)⁻¹ = I + Z K (I − Z'WZ K)⁻¹ Z'W`.
        """
        own = sparse.csr_array(self.design[:, self.periods :])
        weighted = sparse.csr_array(sparse.diags_array(self.weight) @ own)
        by_unit = grouped(weighted, self.unit, len(self.n))
        gram = own.T @ weighted - by_unit.T @ (sparse.diags_array(1 / self.n) @ by_unit)
        bounds = np.searchsorted(self.loaded, np.arange(self.count + 1))
        answers = []
        for cluster, block in enumerate(diagonal_blocks(sparse.csr_array(gram), bounds)):
            mine = self.slope[bounds[cluster] : bounds[cluster + 1]]
            K = self.inverse[np.ix_(mine, mine)]
            share = K @ block
            most = np.linalg.eigvals(share).real.max(initial=_MOST)
            answers.append(np.linalg.solve(np.eye(len(mine)) - _MOST / most * share, K))
        return own, sparse.csr_array(sparse.block_diag(answers))

    def _fitted(self, effects: Floats) -> Floats:
        """What the effects are in the cells, less the mean of the unit."""
        return self._centred(self.design @ effects)

    def _centred(self, amount: Floats) -> Floats:
        mean = np.add.reduceat(self.weight * amount, self.first) / self.n
        return np.asarray(amount - mean[self.unit])

    def _effects(self, sums: Floats) -> Floats:
        """The effects that solve the normal equations of all cells with these right sides."""
        by_period, right = self._rights(sums)
        beta = self.inverse @ right
        effects = np.empty_like(sums)
        periods = effects[: self.periods].reshape(by_period.shape)
        for row, one in enumerate(self.strata):
            periods[row] = one.inverse @ by_period[row] - one.lean @ beta[one.columns]
        effects[self.periods :] = beta[self.slope, self.loaded]
        return effects

    def _rights(self, sums: Floats) -> tuple[Floats, Floats]:
        """The sums by stratum and period, (strata, T, K), and the right side of β, (P, K)."""
        by_period = sums[: self.periods].reshape(len(self.strata), -1, self.count)
        right = np.zeros((len(self.inverse), self.count))
        right[self.slope, self.loaded] = sums[self.periods :]
        for row, one in enumerate(self.strata):
            right[one.columns] -= one.lean.T @ by_period[row]
        return by_period, right

    def _effects_of_all(self, beta: Floats) -> Floats:
        """The effects that all cells have, the same for each cluster."""
        periods = np.concatenate(
            [one.inverse @ one.sums.period_y - one.lean @ beta[one.columns] for one in self.strata]
        )
        return np.concatenate([np.repeat(periods, self.count), beta[self.slope]])

    def _by_cluster(self, amount: Floats) -> Floats:
        """Weighted sums over the cells of each cluster, (K,)."""
        by_unit = np.add.reduceat(self.weight * amount, self.first)
        return totals(self.cluster[self.first], by_unit, self.count)


def _rows(
    first: Ints, second_of: Ints, second: Ints, amount: Floats, columns: int
) -> sparse.csr_array:
    """A row for each cell: one in column `first`; in the rows `second_of` an amount in another."""
    entries = np.ones(len(first), dtype=np.int64)
    entries[second_of] = 2
    bounds = np.concatenate([[0], np.cumsum(entries)])
    index, data = np.empty(bounds[-1], dtype=np.int64), np.ones(bounds[-1])
    index[bounds[:-1]] = first
    index[bounds[second_of] + 1] = second
    data[bounds[second_of] + 1] = amount
    return sparse.csr_array((data, index, bounds), shape=(len(first), columns))


def _ratio(upper: Floats, lower: Floats, where: NDArray[np.bool_]) -> Floats:
    return np.divide(upper, lower, out=np.zeros_like(upper), where=where & (lower > 0))
