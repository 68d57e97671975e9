"""What one stratum says of slopes of its clean cells, and what it says without some clusters.

Taking the unit effects out of the sums over cells leaves `S λ + B β = r` for the effects of the
periods and `B'λ + G₀ β = q` for the slopes; taking out the periods leaves `G β = q − B'S⁺r` with
the Schur complement `G = G₀ − B'S⁺B`. Each is a sum over units, so without a cluster it is less
what the cluster's own cells add.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, sparse
from scipy.sparse.csgraph import connected_components

from otdacha.effects.cells import Floats, Ints, StratumCells
from otdacha.effects.elimination import totals
from otdacha.effects.variance import SINGULAR

SAFE = 1e-7
"""A pivot above this, relative to its diagonal, is no rounding: a system all of whose pivots are is
solved directly, and below it eigenvalues decide."""


@dataclass(frozen=True)
class CleanCells:
    """N clean cells of one stratum, unit after unit.

    cluster (N,): its code. unit (N,) counts from 0. y (N,): less the mean of its unit. slope (N,):
    on which of the stratum's slopes the cell bears (-1: on none); x (N,): with what.
    """

    cluster: Ints
    unit: Ints
    period: Ints
    weight: Floats
    y: Floats
    slope: Ints
    x: Floats

    def of(self, chosen: NDArray[np.bool_]) -> CleanCells:
        """Those of the chosen clusters, (all clusters,); their units are counted anew."""
        here = np.flatnonzero(chosen[self.cluster])
        return CleanCells(
            cluster=self.cluster[here],
            unit=_counted(self.unit[here]),
            period=self.period[here],
            weight=self.weight[here],
            y=self.y[here],
            slope=self.slope[here],
            x=self.x[here],
        )


@dataclass(frozen=True)
class Sums:
    """Normal equations of some cells, the unit effects taken out; T periods, P' slopes.

    periods (T, T): S. mixed (T, P'): B. own (P',) on the diagonal less shared (P', P'), what the
    means of units take out: G₀. period_y (T,): r. right (P',): q.
    """

    periods: Floats
    mixed: Floats
    own: Floats
    shared: sparse.coo_array
    period_y: Floats
    right: Floats

    def add_gram(self, gram: Floats) -> None:
        """Add G₀ to gram (P', P')."""
        gram[self.shared.row, self.shared.col] -= self.shared.data
        gram[np.diag_indices_from(gram)] += self.own


@dataclass(frozen=True)
class CleanStratum:
    """One stratum with slopes; P' of all slopes occur in it.

    clusters (K,): which have cells here. columns (P',): which slopes occur. sums: of all cells.
    together (T, T): which periods hang together, unit by unit. inverse (T, T): S⁺, as far as
    right sides are concerned. lean (T, P'): S⁺B.
    """

    cells: CleanCells
    clusters: Ints
    columns: Ints
    sums: Sums
    together: NDArray[np.bool_]
    inverse: Floats
    lean: Floats

    def equations(self) -> tuple[Floats, Floats]:
        """G (P', P') and its right side (P',)."""
        gram = -(self.sums.mixed.T @ self.lean)
        self.sums.add_gram(gram)
        return gram, self.sums.right - self.lean.T @ self.sums.period_y

    def taken_out(self, chosen: NDArray[np.bool_]) -> tuple[Floats, Floats, bool]:
        """By how much G and its right side are less without the chosen clusters, and whether the
        periods then surely hang together as they do with them."""
        whole = self.sums
        part = summed(self.cells.of(chosen), len(self.inverse), len(self.columns))
        mixed, period_y = whole.mixed - part.mixed, whole.period_y - part.period_y
        periods = whole.periods - part.periods
        solved, safe = carried(periods, np.column_stack([mixed, period_y]), self.together)
        safe &= bool(((periods.diagonal() > 0) == (whole.periods.diagonal() > 0)).all())
        gram = mixed.T @ solved[:, :-1] - whole.mixed.T @ self.lean
        part.add_gram(gram)
        right = part.right + mixed.T @ solved[:, -1] - self.lean.T @ whole.period_y
        return gram, right, safe

    def masses(self) -> Floats:
        """What each cluster adds to the diagonal of G₀, (K, P')."""
        cells, shape = self.cells, (len(self.clusters), len(self.columns))
        place = np.searchsorted(self.clusters, cells.cluster)
        bears = np.flatnonzero(cells.slope >= 0)
        own = totals(
            place[bears] * shape[1] + cells.slope[bears],
            (cells.weight * cells.x**2)[bears],
            shape[0] * shape[1],
        )
        X, n = _by_unit(cells, shape[1])
        unit = np.repeat(np.arange(len(n)), np.diff(X.indptr))
        of_unit = place[np.searchsorted(cells.unit, unit)]
        mean = totals(of_unit * shape[1] + X.indices, X.data**2 / n[unit], len(own))
        return (own - mean).reshape(shape)


def clean_stratum(cells: StratumCells, number: Ints, x: Floats, periods: int) -> CleanStratum:
    """The clean cells of a stratum, summed; number (N,): on which of all slopes a cell bears."""
    clean = np.flatnonzero(cells.clean)
    number = number[clean]
    columns = np.unique(number[number >= 0])
    unit, weight, y = _counted(cells.unit[clean]), cells.weight[clean], cells.y[clean]
    units = int(unit[-1]) + 1
    kept = CleanCells(
        cluster=cells.cluster[clean],
        unit=unit,
        period=cells.period[clean],
        weight=weight,
        y=y - (totals(unit, weight * y, units) / totals(unit, weight, units))[unit],
        slope=np.where(number >= 0, np.searchsorted(columns, number), -1),
        x=x[clean],
    )
    sums = summed(kept, periods, len(columns))
    _, label = connected_components(sparse.csr_array(sums.periods != 0), directed=False)
    together = label[:, None] == label
    inverse, _ = carried(sums.periods, np.eye(periods), together)
    return CleanStratum(
        cells=kept,
        clusters=np.unique(kept.cluster),
        columns=columns,
        sums=sums,
        together=together,
        inverse=inverse,
        lean=inverse @ sums.mixed,
    )


def summed(cells: CleanCells, periods: int, slopes: int) -> Sums:
    """The normal equations of these cells, each unit's mean taken out."""
    T, P = periods, slopes
    unit, period, w = cells.unit, cells.period, cells.weight
    bears = np.flatnonzero(cells.slope >= 0)
    slope, x = cells.slope[bears], cells.x[bears]
    wx = w[bears] * x

    X, n = _by_unit(cells, P)
    N = totals(unit * T + period, w, len(n) * T).reshape(-1, T)
    share = N / n[:, None]
    # row sums of S are zero: no large numbers are taken from each other
    common = N.T @ share
    np.fill_diagonal(common, 0.0)
    X_mean = sparse.csr_array(
        (X.data / np.repeat(n, np.diff(X.indptr)), X.indices, X.indptr), shape=X.shape
    )
    return Sums(
        periods=np.diag(common.sum(0)) - common,
        mixed=totals(period[bears] * P + slope, wx, T * P).reshape(T, P) - (X.T @ share).T,
        own=totals(slope, wx * x, P),
        shared=sparse.coo_array(X.T @ X_mean),
        period_y=totals(period, w * cells.y, T),
        right=totals(slope, wx * cells.y[bears], P),
    )


def _by_unit(cells: CleanCells, slopes: int) -> tuple[sparse.csr_array, Floats]:
    """Weighted sums of x by unit and slope, (units, P'), and of one by unit, (units,)."""
    bears = np.flatnonzero(cells.slope >= 0)
    n = totals(cells.unit, cells.weight, 0)  # as many as there are
    amount = cells.weight[bears] * cells.x[bears]
    places = cells.unit[bears], cells.slope[bears]
    return sparse.csr_array((amount, places), shape=(len(n), slopes)), n


def carried(S: Floats, border: Floats, together: NDArray[np.bool_]) -> tuple[Floats, bool]:
    """S⁺ border, (T, k), and whether S is regular but for what cannot be told.

    The rows of S and the columns of the border sum to zero over periods that hang together; a
    constant that is added to S between them then makes it regular and leaves the solution right.
    Where they hang together no longer, the pseudo-inverse decides.
    """
    there = np.flatnonzero(S.diagonal() > 0)
    out = np.zeros_like(border)
    if not len(there):
        return out, True
    seen = np.ix_(there, there)
    regular = S[seen] + S.diagonal().sum() / len(there) ** 2 * together[seen]
    root, fault = linalg.lapack.dpotrf(regular, lower=True)
    if not fault and (root.diagonal() ** 2 > SAFE * regular.diagonal()).all():
        out[there] = linalg.cho_solve((root, True), border[there], check_finite=False)
        return out, True
    out[there] = linalg.pinvh(S[seen], rtol=SINGULAR) @ border[there]
    return out, False


def _counted(unit: Ints) -> Ints:
    """Units that stand in runs, numbered from 0."""
    changes = np.ones(len(unit), dtype=np.int64)
    changes[1:] = unit[1:] != unit[:-1]
    return np.cumsum(changes) - 1
