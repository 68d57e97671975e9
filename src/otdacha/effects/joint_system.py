"""The small systems of design B, which add up over clusters.

In one stratum the model is `y_it = α_i + λ_t + z_it'γ + ε`, where z holds the doses of providers
and the covariates, and cells have weights w. With the unit effects taken out exactly, what a
cluster adds to the normal equations of (λ, γ) is

    S = diag(1'N) − N' diag(1/n) N      R = Z'W by period − N' diag(1/n) (Z'W by unit)
    H = Z'WZ − (Z'W by unit)' diag(1/n) (Z'W by unit)        and likewise r, q on the right,

because units nest in clusters. Sums over clusters give the stratum; subtracting a cluster gives the
stratum without it, exactly; eliminating the stratum's periods leaves `H − R'S⁺R` for γ alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, sparse
from scipy.sparse.csgraph import connected_components

from otdacha.effects.cells import Floats, Ints, StratumCells
from otdacha.effects.elimination import all_but_the_first_of_each, grouped, totals
from otdacha.effects.variance import diagonal_blocks


@dataclass(frozen=True)
class PeriodSystem:
    """The periods of a stratum without the unit effects.

    columns (k,): which providers and covariates occur, sorted. S (T, T), R (T, k), r (T,) as above.
    pairs (T, T): how many units saw both periods: whole numbers, so that what is left after a
    subtraction is known without rounding.
    """

    columns: Ints
    pairs: Floats
    S: Floats
    R: Floats
    r: Floats

    def without(self, part: ClusterSystem) -> PeriodSystem:
        """What is left when a cluster of the stratum is taken out."""
        R = self.R.copy()
        R[:, np.searchsorted(self.columns, part.columns)] -= part.R
        return PeriodSystem(
            self.columns, self.pairs - part.pairs(), self.S - part.periods(), R, self.r - part.r
        )

    def half(self) -> Floats:
        """B with B'B = [R r]'S⁺[R r]: what the periods take from γ, (rank of S, k + 1)."""
        free, root = self._factor()
        right = np.column_stack([self.R, self.r])[free]
        if root is None:
            return right
        found = linalg.solve_triangular(root, right, lower=True, check_finite=False)
        return np.asarray(found)

    def carry(self) -> Floats:
        """S⁺R, what the periods absorb of each column (T, k)."""
        free, root = self._factor()
        out = np.zeros_like(self.R)
        if root is not None:
            out[free] = linalg.cho_solve((root, True), self.R[free], check_finite=False)
        return out

    def period_effects(self, gamma: Floats) -> Floats:
        """λ given γ (T,): S⁺(r − Rγ)."""
        free, root = self._factor()
        out = np.zeros_like(self.r)
        if root is not None:
            right = self.r - self.R @ gamma
            out[free] = linalg.cho_solve((root, True), right[free], check_finite=False)
        return out

    def _factor(self) -> tuple[NDArray[np.int64], Floats | None]:
        """The Cholesky factor of S on the free periods: one of each component is pinned."""
        seen = self.pairs.diagonal() > 0
        free = all_but_the_first_of_each(self._components(seen), seen)
        if not len(free):
            return free, None
        return free, linalg.cholesky(self.S[np.ix_(free, free)], lower=True, check_finite=False)

    def _components(self, seen: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Labels of periods; two hang together when one unit saw both."""
        saw = self.pairs > 0
        if np.array_equal(saw[np.argmax(seen)], seen):  # one period hangs together with all
            return np.zeros(len(seen), dtype=np.int64)
        return connected_components(sparse.csr_array(saw.astype(np.float32)), directed=False)[
            1
        ].astype(np.int64)


@dataclass(frozen=True)
class ClusterSystem:
    """What one cluster adds to its stratum: the periods, and for γ itself H (k, k), q (k,), and
    raw (k,), the diagonal of Z'WZ.

    columns (k,), R (T, k), r (T,): as in `PeriodSystem`. N (U, T): the weights of its units by
    period, from which S and the pairs are made when they are asked for: a cluster has few units in
    a stratum, and there are many clusters.
    """

    columns: Ints
    N: Floats
    R: Floats
    r: Floats
    H: Floats
    q: Floats
    raw: Floats

    def periods(self) -> Floats:
        """S of this cluster alone, (T, T)."""
        return _periods(self.N)

    def pairs(self) -> Floats:
        """How many of its units saw both periods, (T, T)."""
        return _pairs(self.N)


def stratum_systems(
    cells: StratumCells, z: sparse.csr_array, used: NDArray[np.bool_], periods: int
) -> Iterator[tuple[int, ClusterSystem]]:
    """The small system of each cluster of a stratum: its code and what it adds.

    z (N, K): doses and covariates of the cells. used (N,): the cells that take part.
    """
    rows = np.flatnonzero(used)
    rows = rows[np.argsort(cells.cluster[rows], kind="stable")]
    codes, place = np.unique(cells.cluster[rows], return_inverse=True)
    # units, and columns of z by cluster ("loads"), numbered so that a cluster has a run of each
    units, unit = np.unique(place * cells.units + cells.unit[rows], return_inverse=True)
    chosen = sparse.csr_array(z[rows])
    K = chosen.shape[1]
    of_entry = np.repeat(place, np.diff(chosen.indptr)) * K + chosen.indices
    loads, load = np.unique(of_entry, return_inverse=True)
    dose = sparse.csr_array((chosen.data, load, chosen.indptr), shape=(len(rows), len(loads)))
    period, w, y = cells.period[rows], cells.weight[rows], cells.y[rows]
    T, U, C = periods, len(units), len(codes)

    N = totals(unit * T + period, w, U * T).reshape(U, T)
    n = N.sum(1)
    share = N / n[:, None]
    left = w * (y - (totals(unit, w * y, U) / n)[unit])
    weighted = sparse.csr_array(sparse.diags_array(w) @ dose)
    by_unit = grouped(weighted, unit, U)
    unit_means = sparse.csr_array(sparse.diags_array(1 / n) @ by_unit)
    gram = sparse.csr_array(dose.T @ weighted)
    R = grouped(weighted, period, T).toarray() - (by_unit.T @ share).T
    r = totals(place * T + period, left, C * T).reshape(C, T)
    q = np.asarray(dose.T @ left)

    first_unit = np.searchsorted(units, np.arange(C + 1) * cells.units)
    first_load = np.searchsorted(loads, np.arange(C + 1) * K)
    H = diagonal_blocks(sparse.csr_array(gram - by_unit.T @ unit_means), first_load)
    raw = gram.diagonal()
    for c, code in enumerate(codes):
        mine, its = slice(*first_unit[c : c + 2]), slice(*first_load[c : c + 2])
        yield (
            int(code),
            ClusterSystem(
                columns=loads[its] - c * K,
                N=N[mine],
                R=np.ascontiguousarray(R[:, its]),
                H=H[c],
                r=r[c],
                q=q[its],
                raw=raw[its],
            ),
        )


def together(parts: Sequence[ClusterSystem]) -> PeriodSystem:
    """The sum over the clusters of a stratum."""
    columns = np.unique(np.concatenate([part.columns for part in parts]))
    R, r = np.zeros((len(parts[0].r), len(columns))), np.zeros(len(parts[0].r))
    for part in parts:
        R[:, np.searchsorted(columns, part.columns)] += part.R
        r += part.r
    N = np.concatenate([part.N for part in parts])
    return PeriodSystem(columns, _pairs(N), _periods(N), R, r)


def _periods(N: Floats) -> Floats:
    """S = diag(1'N) − N' diag(1/n) N of units with the weights N (U, T), (T, T)."""
    # row sums of S are zero: no large numbers are taken from each other
    shared = N.T @ (N / N.sum(1)[:, None])
    np.fill_diagonal(shared, 0.0)
    return np.asarray(np.diag(shared.sum(0)) - shared)


def _pairs(N: Floats) -> Floats:
    """How many units saw both periods, (T, T)."""
    saw = (N > 0).astype(np.float64)
    return np.asarray(saw.T @ saw)
