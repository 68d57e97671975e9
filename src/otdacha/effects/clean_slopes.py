"""Slopes of clean cells: how results before training move with something, units and months apart.

`y_it = α_i + λ_{s(i),t} + x_it'β + ε` on clean cells, weights w. Pre-trends are such slopes
(Borusyak, Jaravel, Spiess 2024, section 4.4: tested apart from the estimation of effects). The
variance is the cluster jackknife, exactly: β is solved again without each cluster from small sums
(MacKinnon, Nielsen, Webb 2023, "cluster-robust inference: a guide", CV3).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

from otdacha.effects.cells import Floats, Ints, StratumCells
from otdacha.effects.contrasts import Contrasts, contrasts
from otdacha.effects.elimination import totals
from otdacha.effects.strata import Strata, strata
from otdacha.effects.variance import SINGULAR, cluster_shares, degrees_of_freedom


@dataclass(frozen=True)
class _Sums:
    """What one cluster adds to the normal equations of one stratum, the unit effects taken out.

    periods (T, T): S. mixed (T, P): S's border. gram (P, P). period_y (T,), right (P,).
    """

    periods: Floats
    mixed: Floats
    gram: Floats
    period_y: Floats
    right: Floats

    def __sub__(self, other: _Sums) -> _Sums:
        return _Sums(
            self.periods - other.periods,
            self.mixed - other.mixed,
            self.gram - other.gram,
            self.period_y - other.period_y,
            self.right - other.right,
        )

    def without_periods(self) -> tuple[Floats, Floats]:
        """The normal equations of β alone: the Schur complement of S, (P, P) and (P,)."""
        seen = np.flatnonzero(self.periods.diagonal() > 0)
        inverse = linalg.pinvh(self.periods[np.ix_(seen, seen)], rtol=SINGULAR)
        carried = inverse @ np.column_stack([self.mixed[seen], self.period_y[seen]])
        leant = self.mixed[seen].T @ carried
        return self.gram - leant[:, :-1], self.right - leant[:, -1]


def clean_slopes(
    data: Strata, column: str, value: str, names: tuple[str, ...], clusters: int
) -> Contrasts:
    """β of `names` slopes, own unit, with their jackknife score.

    Each cell bears on one slope at most: its covariates have the number in `column` (-1: on none)
    and x in `value`. Only clean cells are used. A slope that the data do not determine has the estimate
    nan; one that they do not determine without some cluster rests on it alone and has no variance.
    Degrees of freedom: Satterthwaite's from the clusters' shares in what determines the slope.
    Memory: clusters x slopes²; time: clusters x slopes³ beside one pass over the cells.
    """
    P = len(names)
    gram, right = np.zeros((P, P)), np.zeros(P)
    less_gram, less_right = np.zeros((clusters, P, P)), np.zeros((clusters, P))
    mass, size = np.zeros((clusters, P)), np.zeros(P)
    places = data.covariates.index(column), data.covariates.index(value)
    for cells in strata(data):
        if not cells.clean.any():
            continue
        number, x = cells.covariates[:, places[0]].astype(np.int64), cells.covariates[:, places[1]]
        bears = cells.clean & (number >= 0)
        size += totals(number[bears], (cells.weight * x**2)[bears], P)
        by_cluster = _sums(cells, number, x, P, data.months)
        whole = _added(list(by_cluster.values()))
        of_all = whole.without_periods()
        gram += of_all[0]
        right += of_all[1]
        for cluster, part in by_cluster.items():
            mass[cluster] += part.gram.diagonal()
            rest = (whole - part).without_periods()
            less_gram[cluster] += of_all[0] - rest[0]
            less_right[cluster] += of_all[1] - rest[1]

    beta, known = _solved(gram, right, size)
    psi = np.zeros((clusters, P))
    alone = np.zeros(P, dtype=np.bool_)
    for cluster in np.flatnonzero(less_gram.any(axis=(1, 2))).tolist():
        without, still = _solved(gram - less_gram[cluster], right - less_right[cluster], size)
        alone |= known & ~still
        psi[cluster] = np.where(known & still, beta - without, 0.0)
    return contrasts(
        names,
        np.where(known, beta, np.nan),
        np.where(known & ~alone, psi, 0.0),
        degrees_of_freedom(cluster_shares(mass)),
    )


def _sums(
    cells: StratumCells, number: Ints, x: Floats, slopes: int, periods: int
) -> dict[int, _Sums]:
    """By cluster, the sums over one stratum's clean cells, each unit's mean taken out."""
    T, P, clean = periods, slopes, cells.clean
    names, place = np.unique(cells.cluster[clean], return_inverse=True)
    seen, unit = np.unique(cells.unit[clean], return_inverse=True)
    U, K = len(seen), len(names)
    period, w, y = cells.period[clean], cells.weight[clean], cells.y[clean]
    column = number[clean]
    bears = np.flatnonzero(column >= 0)
    column, wx = column[bears], w[bears] * x[clean][bears]

    n = totals(unit, w, U)
    y_free = y - (totals(unit, w * y, U) / n)[unit]
    by_unit = totals(unit * T + period, w, U * T).reshape(U, T)
    x_by_unit = totals(unit[bears] * P + column, wx, U * P).reshape(U, P)
    shape = (K, T, P)
    mixed = totals((place[bears] * T + period[bears]) * P + column, wx, K * T * P).reshape(shape)
    gram = totals(place[bears] * P + column, wx * x[clean][bears], K * P).reshape(K, P)
    right = totals(place[bears] * P + column, wx * y_free[bears], K * P).reshape(K, P)
    period_y = totals(place * T + period, w * y_free, K * T).reshape(K, T)
    cluster_of = np.empty(U, dtype=np.int64)
    cluster_of[unit] = place
    found = {}
    for k, name in enumerate(names.tolist()):
        mine = cluster_of == k
        N, X = by_unit[mine], x_by_unit[mine]
        mean = N / n[mine, None]
        found[name] = _Sums(
            periods=np.diag(N.sum(0)) - N.T @ mean,
            mixed=mixed[k] - mean.T @ X,
            gram=np.diag(gram[k]) - (X / n[mine, None]).T @ X,
            period_y=period_y[k],
            right=right[k],
        )
    return found


def _added(parts: list[_Sums]) -> _Sums:
    return _Sums(
        *(
            np.sum([getattr(part, name) for part in parts], axis=0)
            for name in ("periods", "mixed", "gram", "period_y", "right")
        )
    )


def _solved(gram: Floats, right: Floats, size: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    """β = gram⁺ right and which of it gram determines.

    size (P,): x'Wx before anything was taken out; what is left is judged against it.
    """
    there = size > 0
    known = np.zeros(len(right), dtype=np.bool_)
    beta = np.zeros(len(right))
    if there.any():
        s = np.sqrt(size[there])
        value, vector = linalg.eigh(gram[np.ix_(there, there)] / np.outer(s, s))
        keep = value > SINGULAR
        root = vector[:, keep]
        beta[there] = root @ ((root.T @ (right[there] / s)) / value[keep]) / s
        known[there] = ~(np.abs(vector[:, ~keep]) > 1e-6).any(axis=1)
    return beta, known
