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

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, sparse
from scipy.sparse.csgraph import connected_components

from otdacha.effects.cells import Floats, Ints, StratumCells
from otdacha.effects.elimination import all_but_the_first_of_each, grouped, totals


@dataclass(frozen=True)
class PeriodSystem:
    """The periods of a stratum, or of one cluster in it, without the unit effects.

    columns (k,): which providers and covariates occur, sorted. S (T, T), R (T, k), r (T,) as above.
    pairs (T, T): how many units saw both periods: whole numbers, so that what is left after a
    subtraction is known without rounding.
    """

    columns: Ints
    pairs: Floats
    S: Floats
    R: Floats
    r: Floats

    def plus(self, part: PeriodSystem, sign: float = 1.0) -> PeriodSystem:
        """The sum with a system in some of the same columns; sign -1 takes it out again."""
        R = self.R.copy()
        R[:, np.searchsorted(self.columns, part.columns)] += sign * part.R
        return PeriodSystem(
            self.columns,
            self.pairs + sign * part.pairs,
            self.S + sign * part.S,
            R,
            self.r + sign * part.r,
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
        saw = sparse.csr_array((self.pairs > 0).astype(np.float32))
        _, label = connected_components(saw, directed=False)
        free = all_but_the_first_of_each(label.astype(np.int64), self.pairs.diagonal() > 0)
        if not len(free):
            return free, None
        return free, linalg.cholesky(self.S[np.ix_(free, free)], lower=True, check_finite=False)


@dataclass(frozen=True)
class ClusterSystem(PeriodSystem):
    """What one cluster adds to its stratum: the periods, and for γ itself H (k, k), q (k,), and
    raw (k,), the diagonal of Z'WZ."""

    H: Floats
    q: Floats
    raw: Floats


def stratum_systems(
    cells: StratumCells, z: sparse.csr_array, used: NDArray[np.bool_], periods: int
) -> Iterator[tuple[int, ClusterSystem]]:
    """The small system of each cluster of a stratum: its code and what it adds.

    z (N, K): doses and covariates of the cells. used (N,): the cells that take part.
    """
    rows = np.flatnonzero(used)
    order = rows[np.argsort(cells.cluster[rows], kind="stable")]
    codes, first = np.unique(cells.cluster[order], return_index=True)
    for code, mine in zip(codes, np.split(order, first[1:]), strict=True):
        yield int(code), _system(cells, z, mine, periods)


def _system(cells: StratumCells, z: sparse.csr_array, rows: Ints, T: int) -> ClusterSystem:
    _, unit = np.unique(cells.unit[rows], return_inverse=True)
    period, w, y = cells.period[rows], cells.weight[rows], cells.y[rows]
    U = int(unit.max()) + 1
    mine = sparse.csr_array(z[rows])
    columns = np.unique(mine.indices).astype(np.int64)
    mine = sparse.csr_array(mine[:, columns])
    weighted = sparse.csr_array(sparse.diags_array(w) @ mine)

    N = totals(unit * T + period, w, U * T).reshape(U, T)
    n = N.sum(1)
    share = N / n[:, None]
    unit_y = totals(unit, w * y, U) / n
    by_unit = grouped(weighted, unit, U)
    unit_means = sparse.csr_array(sparse.diags_array(1 / n) @ by_unit)
    gram = (mine.T @ weighted).toarray()
    saw = (N > 0).astype(np.float64)
    return ClusterSystem(
        columns=columns,
        pairs=saw.T @ saw,
        S=np.diag(N.sum(0)) - N.T @ share,
        R=grouped(weighted, period, T).toarray() - (by_unit.T @ share).T,
        H=gram - (by_unit.T @ unit_means).toarray(),
        r=totals(period, w * (y - unit_y[unit]), T),
        q=np.asarray(weighted.T @ (y - unit_y[unit])),
        raw=gram.diagonal().copy(),
    )


def together(parts: Iterable[PeriodSystem]) -> PeriodSystem:
    """The sum over the clusters of a stratum."""
    parts = list(parts)
    columns = np.unique(np.concatenate([part.columns for part in parts]))
    T = len(parts[0].r)
    total = PeriodSystem(
        columns, np.zeros((T, T)), np.zeros((T, T)), np.zeros((T, len(columns))), np.zeros(T)
    )
    for part in parts:
        total = total.plus(part)
    return total
