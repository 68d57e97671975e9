"""Exact elimination of unit effects in one stratum: the Schur complement of design/method.md §3.

On clean cells `y_it = α_i + λ_t + x_it'β + ε` with weights w. Taking out α leaves the small system
`S λ = r`, `S = diag(1'N) − N' diag(1/n) N`, where N (units x periods) holds the weights and n its
row sums. S is singular once for each connected component of the graph units - periods; one period
of each component is pinned to zero, and only cells inside one component are predicted.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, sparse
from scipy.sparse.csgraph import connected_components

from otdacha.effects.cells import Floats, Ints, StratumCells
from otdacha.errors import NothingToEstimate
from otdacha.language import text

_LOST = 1e-12
"""A pivot that is smaller than this, relative to its period's own sum, is rounding."""


@dataclass(frozen=True)
class Elimination:
    """Stage 1 of one stratum, with the factor kept for the variance.

    share (U, T): N / n, how a unit's mean spreads over periods. unit_y (U,), unit_x (U, P): the
    unit's weighted means over clean cells. S is factored on the `free` periods. period_y (T,),
    period_x (T, P): r and C, the period sums of what is left of y and x after the unit means.
    lone (U, T): clean cells that are explained by their own effect alone (`lone_cells`).
    unit_seen (U,), period_seen (T,): has clean cells; unit_component, period_component: labels.
    """

    share: Floats
    unit_y: Floats
    unit_x: Floats
    unit_seen: NDArray[np.bool_]
    period_seen: NDArray[np.bool_]
    unit_component: NDArray[np.int64]
    period_component: NDArray[np.int64]
    free: NDArray[np.int64]
    factor: tuple[Floats, bool] | None
    period_y: Floats
    period_x: Floats
    lone: NDArray[np.bool_]

    def solve(self, right: Floats) -> Floats:
        """S⁺ right for a right side (T,) or (T, k); pinned and unseen periods stay zero."""
        out = np.zeros_like(right)
        if self.factor is not None:
            out[self.free] = linalg.cho_solve(self.factor, right[self.free], check_finite=False)
        return out

    def residual(self, cells: StratumCells) -> Floats:
        """y less the effects of its unit and its period (N,), for cells that are predicted."""
        period_effect = self.solve(self.period_y)
        unit_effect = self.unit_y - self.share @ period_effect
        return np.asarray(cells.y - unit_effect[cells.unit] - period_effect[cells.period])

    def predicts(self, cells: StratumCells) -> NDArray[np.bool_]:
        """Which cells the clean cells predict: unit and period seen, in one component (N,)."""
        return np.asarray(
            self.unit_seen[cells.unit]
            & self.period_seen[cells.period]
            & (self.unit_component[cells.unit] == self.period_component[cells.period])
        )


def eliminate(cells: StratumCells, periods: int) -> Elimination:
    """Take the unit effects out of one stratum's clean cells and factor what is left."""
    clean = cells.clean
    unit, period, weight = cells.unit[clean], cells.period[clean], cells.weight[clean]
    y, x = cells.y[clean], cells.covariates[clean]

    index = unit * periods + period
    N = totals(index, weight, cells.units * periods).reshape(cells.units, periods)
    n = N.sum(1)
    per_unit = np.divide(1.0, n, out=np.zeros_like(n), where=n > 0)
    share = N * per_unit[:, None]
    # what months have in common; its row sums are the diagonal of S, and no large numbers are taken
    # from each other: what is small in it is small in the data and no rounding
    shared = N.T @ share
    np.fill_diagonal(shared, 0.0)
    S = np.diag(shared.sum(0)) - shared

    unit_y = totals(unit, weight * y, cells.units) * per_unit
    unit_x = sums_by(unit, weight, x, cells.units) * per_unit[:, None]
    period_y = totals(period, weight * (y - unit_y[unit]), periods)
    period_x = sums_by(period, weight, x - unit_x[unit], periods)

    period_seen = N.sum(0) > 0
    period_component, unit_component = _components(N)
    free = all_but_the_first_of_each(period_component, period_seen)
    factor = _factored(S[np.ix_(free, free)]) if len(free) else None
    return Elimination(
        share=share,
        unit_y=unit_y,
        unit_x=unit_x,
        unit_seen=n > 0,
        period_seen=period_seen,
        unit_component=unit_component,
        period_component=period_component,
        free=free,
        factor=factor,
        period_y=period_y,
        period_x=period_x,
        lone=lone_cells(N),
    )


def lone_cells(N: Floats) -> NDArray[np.bool_]:
    """Clean cells that only their own effect explains, (units x periods).

    The only cell of its unit or of its period, once other such cells are set aside: its residual is
    zero whatever it holds, so it says nothing about chance (Correia 2015, "Singletons,
    cluster-robust standard errors and fixed effects"). N: weights of the clean cells.
    """
    seen = N > 0
    left = seen.copy()
    while True:
        alone = left & ((left.sum(1, keepdims=True) == 1) | (left.sum(0) == 1))
        if not alone.any():
            return np.asarray(seen & ~left)
        left &= ~alone


def _factored(S: Floats) -> tuple[Floats, bool]:
    """The Cholesky factor of S on its free periods.

    A pivot that is rounding means that a period hangs on the others by less than the last digit of
    what it has in common with one of them: the solution would be made of rounding too.
    """
    lower, fault = linalg.lapack.dpotrf(S, lower=True)
    if fault or (np.diag(lower) ** 2 < _LOST * np.diag(S)).any():
        raise NothingToEstimate(
            text(
                "The numbers of cases differ so much between months that the months cannot be "
                "compared with each other. Look for a month whose number of cases is impossible."
            )
        )
    return np.asarray(lower), True


def totals(group: NDArray[np.int64], amount: Floats, groups: int) -> Floats:
    """Sums of `amount` (N,) by group, (groups,)."""
    return np.bincount(group, amount, groups).astype(np.float64, copy=False)


def sums_by(group: NDArray[np.int64], weight: Floats, x: Floats, groups: int) -> Floats:
    """Weighted sums of the columns of x (N, P) by group, (groups, P)."""
    columns = [totals(group, weight * x[:, p], groups) for p in range(x.shape[1])]
    return np.column_stack(columns) if columns else np.empty((groups, 0))


def grouped(rows: sparse.csr_array, group: Ints, groups: int) -> sparse.csr_array:
    """Sums of the rows of a sparse matrix by group, (groups x columns)."""
    of_entry = np.repeat(group, np.diff(rows.indptr))
    return sparse.csr_array((rows.data, (of_entry, rows.indices)), shape=(groups, rows.shape[1]))


def _components(N: Floats) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Labels of periods and of units; two periods hang together when one unit saw both."""
    saw = (N > 0).astype(np.float32)
    _, label = connected_components(sparse.csr_array(saw.T @ saw), directed=False)
    any_period = np.argmax(N > 0, axis=1)
    return label.astype(np.int64), label[any_period].astype(np.int64)


def all_but_the_first_of_each(
    component: NDArray[np.int64], seen: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """The seen periods, less one of each component: that one is pinned to zero."""
    periods = np.flatnonzero(seen)
    _, first = np.unique(component[periods], return_index=True)
    return np.delete(periods, first)


def units_by_cluster(
    cells: StratumCells, by_unit: sparse.csr_array, clusters: int
) -> NDArray[np.int64]:
    """How many units of each cluster a provider taught, (clusters, J). by_unit: (units x J)."""
    cluster = np.zeros(cells.units, dtype=np.int64)
    cluster[cells.unit] = cells.cluster
    of_entry = np.repeat(cluster, np.diff(by_unit.indptr))
    J = by_unit.shape[1]
    return np.bincount(of_entry * J + by_unit.indices, minlength=clusters * J).reshape(clusters, J)
