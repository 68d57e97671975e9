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
from otdacha.effects.strata import Strata, over_strata
from otdacha.effects.variance import SINGULAR, cluster_shares, degrees_of_freedom

_SAFE = 1e-7
"""A pivot of S above this, relative to its diagonal: the periods hang together, and are solved for
directly; below it the pseudo-inverse decides."""

_AT_ONCE = 1 << 21
"""Numbers in the small systems that are solved together."""


@dataclass(frozen=True)
class _Sums:
    """What each of K clusters adds to the normal equations of one stratum, the unit effects taken
    out; P' of the slopes occur in it.

    clusters (K,). columns (P',): which slopes. periods (K, T, T): S. mixed (K, T, P'): S's border.
    gram (K, P', P'). period_y (K, T), right (K, P').
    """

    clusters: Ints
    columns: Ints
    periods: Floats
    mixed: Floats
    gram: Floats
    period_y: Floats
    right: Floats

    def without_periods(self) -> tuple[Floats, Floats]:
        """The normal equations of β alone, each cluster left out in turn, and with all of them
        last: the Schur complements of S, (K + 1, P', P') and (K + 1, P')."""
        border = np.concatenate([self.mixed, self.period_y[:, :, None]], axis=2)
        S, border = _left_out(self.periods), _left_out(border)
        gram, right = _left_out(self.gram), _left_out(self.right)
        step = max(1, _AT_ONCE // max(S[0].size, 1))
        for start in range(0, len(S), step):
            here = slice(start, start + step)
            leant = np.swapaxes(border[here, :, :-1], 1, 2) @ _carried(S[here], border[here])
            gram[here] -= leant[:, :, :-1]
            right[here] -= leant[:, :, -1]
        return gram, right


def _left_out(parts: Floats) -> Floats:
    """The sum over the first axis without each part in turn, and the whole sum last."""
    whole = parts.sum(0)
    return np.concatenate([whole - parts, whole[None]])


def _carried(S: Floats, border: Floats) -> Floats:
    """S⁺ border of several systems, (K, T, P' + 1).

    The rows of S and the columns of the border sum to zero where all periods hang together; a
    constant that is added to all of S then makes it regular and leaves the solution right.
    """
    diagonal = np.diagonal(S, axis1=1, axis2=2)
    seen = diagonal > 0
    size = np.maximum(diagonal.sum(1) / np.maximum(seen.sum(1), 1) ** 2, np.finfo(np.float64).tiny)
    regular = S + size[:, None, None] * (seen[:, :, None] & seen[:, None, :])
    unseen = np.broadcast_to(np.eye(S.shape[1]), S.shape) * ~seen[:, None, :]
    regular += unseen
    safe = _regular(regular)
    out = np.empty_like(border)
    out[safe] = np.linalg.solve(regular[safe], border[safe] * seen[safe, :, None])
    for k in np.flatnonzero(~safe).tolist():
        there = np.flatnonzero(seen[k])
        inverse = linalg.pinvh(S[k][np.ix_(there, there)], rtol=SINGULAR)
        out[k] = 0.0
        out[k, there] = inverse @ border[k, there]
    return out


def _regular(systems: Floats) -> NDArray[np.bool_]:
    """Which systems are regular by far: all pivots of Cholesky's are."""
    try:
        root = np.linalg.cholesky(systems)
    except np.linalg.LinAlgError:
        if len(systems) == 1:
            return np.zeros(1, dtype=np.bool_)
        half = len(systems) // 2
        return np.concatenate([_regular(systems[:half]), _regular(systems[half:])])
    pivot = np.diagonal(root, axis1=1, axis2=2) ** 2
    return np.asarray((pivot > _SAFE * np.diagonal(systems, axis1=1, axis2=2)).all(1))


def clean_slopes(
    data: Strata, column: str, value: str, names: tuple[str, ...], clusters: int
) -> Contrasts:
    """β of `names` slopes, own unit, with their jackknife score.

    Each cell bears on one slope at most: its covariates have the number in `column` (-1: on none)
    and x in `value`. Only clean cells are used. A slope that the data do not determine has the
    estimate nan; one that they do not determine without some cluster rests on it alone and has no
    variance. Degrees of freedom: Satterthwaite's from the clusters' shares in what determines the
    slope.
    Memory: clusters x slopes²; time: clusters x slopes³ beside one pass over the cells and a system
    of periods for each cluster of each stratum.
    """
    P = len(names)
    gram, right = np.zeros((P, P)), np.zeros(P)
    less_gram, less_right = np.zeros((clusters, P, P)), np.zeros((clusters, P))
    mass, size = np.zeros((clusters, P)), np.zeros(P)
    places = data.covariates.index(column), data.covariates.index(value)

    def reduced(cells: StratumCells) -> tuple[Floats, _Sums, Floats, Floats] | None:
        number, x = cells.covariates[:, places[0]].astype(np.int64), cells.covariates[:, places[1]]
        bears = cells.clean & (number >= 0)
        here = totals(number[bears], (cells.weight * x**2)[bears], P)
        if not cells.clean.any():
            return None
        sums = _sums(cells, number, x, data.months)
        return (here, sums, *sums.without_periods())

    for found in over_strata(reduced, data):
        here, sums, grams, rights = found
        size += here
        p = sums.columns
        gram[np.ix_(p, p)] += grams[-1]
        right[p] += rights[-1]
        mass[np.ix_(sums.clusters, p)] += np.diagonal(sums.gram, axis1=1, axis2=2)
        less_gram[np.ix_(sums.clusters, p, p)] += grams[-1] - grams[:-1]
        less_right[np.ix_(sums.clusters, p)] += rights[-1] - rights[:-1]

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


def _sums(cells: StratumCells, number: Ints, x: Floats, periods: int) -> _Sums:
    """The sums over one stratum's clean cells by cluster, each unit's mean taken out."""
    clean, T = cells.clean, periods
    names, place = np.unique(cells.cluster[clean], return_inverse=True)
    # units numbered so that a cluster has a run of them
    seen, unit = np.unique(place * cells.units + cells.unit[clean], return_inverse=True)
    U, K = len(seen), len(names)
    period, w, y = cells.period[clean], cells.weight[clean], cells.y[clean]
    bears = np.flatnonzero(number[clean] >= 0)
    columns, column = np.unique(number[clean][bears], return_inverse=True)
    P, wx = len(columns), w[bears] * x[clean][bears]

    n = totals(unit, w, U)
    y_free = y - (totals(unit, w * y, U) / n)[unit]
    N = totals(unit * T + period, w, U * T).reshape(U, T)
    share = N / n[:, None]
    X = totals(unit[bears] * P + column, wx, U * P).reshape(U, P)
    mixed = totals((place[bears] * T + period[bears]) * P + column, wx, K * T * P)
    mixed = mixed.reshape(K, T, P)
    own = totals(place[bears] * P + column, wx * x[clean][bears], K * P).reshape(K, P)
    right = totals(place[bears] * P + column, wx * y_free[bears], K * P).reshape(K, P)
    S, gram = np.zeros((K, T, T)), np.zeros((K, P, P))
    first = np.searchsorted(seen, np.arange(K + 1) * cells.units)
    for k in range(K):
        mine = slice(first[k], first[k + 1])
        # row sums of S are zero: no large numbers are taken from each other
        shared = N[mine].T @ share[mine]
        np.fill_diagonal(shared, 0.0)
        S[k] = np.diag(shared.sum(0)) - shared
        mixed[k] -= share[mine].T @ X[mine]
        gram[k] = np.diag(own[k]) - (X[mine] / n[mine, None]).T @ X[mine]
    return _Sums(
        clusters=names,
        columns=columns,
        periods=S,
        mixed=mixed,
        gram=gram,
        period_y=totals(place * T + period, w * y_free, K * T).reshape(K, T),
        right=right,
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
        scaled = gram[np.ix_(there, there)] / np.outer(s, s)
        root, fault = linalg.lapack.dpotrf(scaled, lower=True)
        if not fault and root.diagonal().min() ** 2 > _SAFE:
            found = linalg.cho_solve((root, True), right[there] / s, check_finite=False)
            beta[there], known[there] = found / s, True
            return beta, known
        value, vector = linalg.eigh(scaled)
        keep = value > SINGULAR
        root = vector[:, keep]
        beta[there] = root @ ((root.T @ (right[there] / s)) / value[keep]) / s
        known[there] = ~(np.abs(vector[:, ~keep]) > 1e-6).any(axis=1)
    return beta, known
