"""What one stratum adds to design A: everything that the last sum needs, and no cell of it.

Stage 1 is a small system for each stratum. Of stage 2, `θ = A⁻¹D'Wỹ`, `A = D'WD`, the estimate, the
scores `D_c'W(ỹ − Dθ) = D_c'Wỹ − M_cθ` and the leave-one-cluster-out form need of the exposed cells
only their sums by cluster: `D_c'Wỹ` and `M_c = D_c'WD_c`. So a stratum's cells may be forgotten
once they are summed, and memory does not grow with their number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from otdacha.effects.cells import Floats, Ints, StratumCells
from otdacha.effects.elimination import Elimination, eliminate, grouped, sums_by, totals


@dataclass(frozen=True)
class Slopes:
    """β of the covariates and the inverse of what is left of X'WX after units and periods."""

    beta: Floats
    inverse: Floats


@dataclass(frozen=True)
class StratumSums:
    """Sums of one stratum; P covariates, J providers.

    A load is a pair of cluster and provider with an exposed, predicted cell: loads (L,) are
    cluster x J + provider, sorted. right (L,): D_c'Wỹ. gram (L, L): M_c. taught (L,): units.
    cells, cases (J,): exposed cells that are used, and cases in them.

    columns (k,): providers with such a cell; towns (c,): clusters with a clean cell. score (c, T) x
    carried (T, k): rows of D'WZ₁(Z₀'WZ₀)⁻¹Z₀c'W e₀c. x_score (c, P), x_lean (k, P): the same of
    covariates.
    squares, sizes: of the clean residuals and of y itself, weighted; clean_weight: without cells
    that only their own effect explains. largest: of |y|. unpredicted: reason → exposed cells that
    clean cells do not predict; unpredicted_by_provider: the same (J,).
    """

    loads: Ints
    right: Floats
    gram: sparse.csr_array
    taught: Ints
    cells: Ints
    cases: Floats
    exposed_cells: int
    exposed_cases: float
    used_cases: float
    columns: Ints
    towns: Ints
    score: Floats
    carried: Floats
    x_score: Floats
    x_lean: Floats
    squares: float
    sizes: float
    clean_weight: float
    clean_cells: int
    lone_cells: int
    largest: float
    unpredicted: Mapping[str, int]
    unpredicted_by_provider: Mapping[str, Ints]

    def relabelled(self, label: Ints, providers: int) -> StratumSums:
        """The same cells with other providers: `label[j]` is what was provider j.

        Every sum is linear in D, so it is a sum of columns; no cell is looked at again. Two
        providers of one unit in one month must not get the same.
        """
        cluster, provider = np.divmod(self.loads, len(label))
        loads, load = np.unique(cluster * providers + label[provider], return_inverse=True)
        columns, column = np.unique(label[self.columns], return_inverse=True)
        entries, L = self.gram.tocoo(), len(loads)
        gram = sparse.csr_array((entries.data, (load[entries.row], load[entries.col])), (L, L))
        shape = (len(columns), len(self.columns))
        together = sparse.csr_array((np.ones(len(column)), (column, np.arange(len(column)))), shape)
        return replace(
            self,
            loads=loads,
            right=totals(load, self.right, L),
            gram=gram,
            taught=_whole(totals(load, self.taught.astype(np.float64), L)),
            cells=_whole(totals(label, self.cells.astype(np.float64), providers)),
            cases=totals(label, self.cases, providers),
            columns=columns,
            carried=np.asarray((together @ self.carried.T).T),
            x_lean=np.asarray(together @ self.x_lean),
            unpredicted_by_provider={
                reason: _whole(totals(label, cells.astype(np.float64), providers))
                for reason, cells in self.unpredicted_by_provider.items()
            },
        )


def _whole(counts: Floats) -> Ints:
    return np.rint(counts).astype(np.int64)


def stratum_sums(cells: StratumCells, periods: int, providers: int, slopes: Slopes) -> StratumSums:
    """Both stages of one stratum whose y has been freed of its covariates."""
    small = eliminate(cells, periods)
    difference = small.residual(cells)
    shares = sparse.csr_array(
        (cells.share, (cells.row, cells.provider)), shape=(len(cells.y), providers)
    )
    trained = np.diff(shares.indptr) > 0
    used = ~cells.clean & trained & small.predicts(cells)
    unpredicted, by_provider = _unpredicted(cells, small, shares, used)

    design = sparse.csr_array(shares[used])
    columns, place = np.unique(design.indices.astype(np.int64), return_inverse=True)
    J, k = providers, len(columns)
    own = sparse.csr_array((design.data, place, design.indptr), shape=(design.shape[0], k))
    entries = np.diff(own.indptr)
    weighted = sparse.csr_array(
        (own.data * np.repeat(cells.stage2_weight[used], entries), own.indices, own.indptr),
        shape=own.shape,
    )
    by_unit = grouped(weighted, cells.unit[used], cells.units)
    carried = _carried(cells, small, used, weighted, by_unit)
    x_lean = np.zeros((k, len(slopes.beta)))
    if len(slopes.beta):
        x = cells.covariates[used] - small.unit_x[cells.unit[used]]
        x_lean = weighted.T @ x - carried.T @ small.period_x

    of_cluster = np.repeat(cells.cluster[used], entries)
    loads, load = np.unique(of_cluster * J + design.indices, return_inverse=True)
    L = len(loads)
    dose = sparse.csr_array((own.data, load, own.indptr), shape=(len(entries), L))
    weighted_dose = sparse.csr_array((weighted.data, load, own.indptr), shape=dose.shape)
    y = difference[used]
    clean, towns, score = _clean_scores(cells, small, difference)
    residual = difference[clean]
    left = cells.weight[clean] * residual
    x_score = np.zeros((len(towns), len(slopes.beta)))
    if len(slopes.beta):
        place = np.searchsorted(towns, cells.cluster[clean])
        by_x = sums_by(place, left, cells.covariates[clean], len(towns))
        x_score = by_x - score @ small.solve(small.period_x)
    lone = small.lone[cells.unit[clean], cells.period[clean]]
    cases = cells.weight[used]
    return StratumSums(
        loads=loads,
        right=np.asarray(weighted_dose.T @ y),
        gram=sparse.csr_array(dose.T @ weighted_dose),
        taught=_taught(cells, by_unit, columns, loads, J),
        cells=np.bincount(design.indices, minlength=J),
        cases=np.asarray((design > 0).T @ cases),
        exposed_cells=len(y),
        exposed_cases=float(cells.weight[~cells.clean & trained].sum()),
        used_cases=float(cases.sum()),
        columns=columns,
        towns=towns,
        score=score,
        carried=carried,
        x_score=x_score,
        x_lean=x_lean,
        squares=float(left @ residual),
        sizes=float(cells.weight[clean] @ cells.y[clean] ** 2),
        clean_weight=float(cells.weight[clean][~lone].sum()),
        clean_cells=len(clean),
        lone_cells=int(lone.sum()),
        largest=float(np.abs(cells.y).max(initial=0.0)),
        unpredicted=unpredicted,
        unpredicted_by_provider=by_provider,
    )


def _unpredicted(
    cells: StratumCells, small: Elimination, shares: sparse.csr_array, used: NDArray[np.bool_]
) -> tuple[dict[str, int], dict[str, Ints]]:
    """Exposed cells that clean cells do not predict, by reason, and by reason and provider."""
    trained = np.diff(shares.indptr) > 0
    exposed = ~cells.clean & trained
    unit_seen = small.unit_seen[cells.unit]
    period_seen = small.period_seen[cells.period]
    reasons = {
        "exposure_missing": ~cells.clean & ~trained,
        "unit_without_clean_cell": exposed & ~unit_seen,
        "period_without_clean_cell": exposed & unit_seen & ~period_seen,
        "not_connected": exposed & unit_seen & period_seen & ~used,
    }
    here = {reason: rows for reason, rows in reasons.items() if rows.any()}
    return (
        {reason: int(rows.sum()) for reason, rows in here.items()},
        {
            reason: np.bincount(shares[rows].indices, minlength=shares.shape[1])
            for reason, rows in here.items()
        },
    )


def _carried(
    cells: StratumCells,
    small: Elimination,
    used: NDArray[np.bool_],
    weighted: sparse.csr_array,
    by_unit: sparse.csr_array,
) -> Floats:
    """S⁺ times how D'Wỹ leans on the period effects, directly and through unit means (T, k)."""
    by_period = grouped(weighted, cells.period[used], len(small.period_seen))
    return small.solve(by_period.toarray() - (by_unit.T @ small.share).T)


def _clean_scores(
    cells: StratumCells, small: Elimination, difference: Floats
) -> tuple[Ints, Ints, Floats]:
    """Rows of clean cells, their clusters (c,), and Z₀c'W e₀ by cluster and period (c, T)."""
    clean, periods = np.flatnonzero(cells.clean), len(small.period_seen)
    weighted = cells.weight[clean] * difference[clean]
    towns, place = np.unique(cells.cluster[clean], return_inverse=True)
    index = place * periods + cells.period[clean]
    score = totals(index, weighted, len(towns) * periods).reshape(len(towns), periods)
    return clean, towns, score


def _taught(
    cells: StratumCells, by_unit: sparse.csr_array, columns: Ints, loads: Ints, providers: int
) -> Ints:
    """How many units of each cluster a provider taught, by load (L,)."""
    cluster = np.zeros(cells.units, dtype=np.int64)
    cluster[cells.unit] = cells.cluster
    of_entry = np.repeat(cluster, np.diff(by_unit.indptr)) * providers + columns[by_unit.indices]
    return np.bincount(np.searchsorted(loads, of_entry), minlength=len(loads))
