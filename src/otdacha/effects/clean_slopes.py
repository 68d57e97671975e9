"""Slopes of clean cells: how results before training move with something, units and months apart.

`y_it = α_i + λ_{s(i),t} + x_it'β + ε` on clean cells, weights w. Pre-trends are such slopes
(Borusyak, Jaravel, Spiess 2024, section 4.4: tested apart from the estimation of effects). The
variance is the cluster jackknife, exactly (MacKinnon, Nielsen, Webb 2023, "cluster-robust
inference: a guide", CV3): β is solved again without each cluster. Where the data surely determine
the slopes without it, that is a matter of the cluster's own cells (`otdacha.effects.left_out`);
elsewhere its normal equations are made and looked at one by one.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import linalg

from otdacha.effects.cells import Floats, Ints, StratumCells
from otdacha.effects.clean_stratum import SAFE, CleanStratum, clean_stratum
from otdacha.effects.contrasts import Contrasts, contrasts
from otdacha.effects.elimination import totals
from otdacha.effects.left_out import LeftOut
from otdacha.effects.strata import MANY_CELLS, Strata, over_strata
from otdacha.effects.variance import SINGULAR, cluster_shares, degrees_of_freedom

_AT_ONCE = 192
"""At most as many clusters are looked at together."""

_ROUNDING = 1e-12
"""What clusters add to a slope below this, relative to its x'Wx, is rounding."""


def clean_slopes(
    data: Strata, column: str, value: str, names: tuple[str, ...], clusters: int
) -> Contrasts:
    """β of `names` slopes, own unit, with their jackknife score.

    Each cell bears on one slope at most: its covariates have the number in `column` (-1: on none)
    and x in `value`. Only clean cells are used. A slope that the data do not determine has the
    estimate nan; one that they do not determine without some cluster rests on it alone and has no
    variance. Degrees of freedom: Satterthwaite's from the clusters' shares in what determines the
    slope.
    Memory: the clean cells, slopes² and clusters x slopes, several times each. Time: clusters x
    slopes², some eight times; slopes³ for a group of clusters, and for each without which slopes
    may be lost.
    """
    P = len(names)
    gram, right = np.zeros((P, P)), np.zeros(P)
    mass, size = np.zeros((clusters, P)), np.zeros(P)
    places = data.covariates.index(column), data.covariates.index(value)

    def reduced(cells: StratumCells) -> tuple[CleanStratum, Floats, Floats, Floats, Floats] | None:
        number, x = cells.covariates[:, places[0]].astype(np.int64), cells.covariates[:, places[1]]
        bears = cells.clean & (number >= 0)
        if not bears.any():
            return None
        stratum = clean_stratum(cells, number, x, data.months)
        size = totals(number[bears], (cells.weight * x**2)[bears], P)
        return stratum, size, stratum.masses(), *stratum.equations()

    strata = []
    for stratum, part_size, part_mass, part_gram, part_right in over_strata(reduced, data):
        p = stratum.columns
        gram[np.ix_(p, p)] += part_gram
        right[p] += part_right
        size += part_size
        mass[np.ix_(stratum.clusters, p)] += part_mass
        strata.append(stratum)

    whole = _Whole.of(strata, clusters, gram, right, size, _owners(mass, size))
    psi, alone = whole.jackknife(data.size)
    return contrasts(
        names,
        np.where(whole.known, whole.beta, np.nan),
        np.where(whole.known & ~alone, psi, 0.0),
        degrees_of_freedom(cluster_shares(mass)),
    )


@dataclass(frozen=True)
class _Whole:
    """The normal equations of P slopes, all clusters in them, and their solution.

    size (P,): x'Wx before anything was taken out. owner (P,): the only cluster that bears on the
    slope; -1 where there are several. free: slopes that determine all others, which may be pinned
    to zero; inverse (P, P): of their equations. Both None where rounding decides which they are.
    """

    strata: Sequence[CleanStratum]
    clusters: int
    gram: Floats
    right: Floats
    size: Floats
    owner: Ints
    beta: Floats
    known: NDArray[np.bool_]
    free: Ints | None
    inverse: Floats | None

    @classmethod
    def of(
        cls, strata: Sequence[CleanStratum], clusters: int, gram: Floats, right: Floats,
        size: Floats, owner: Ints,
    ) -> _Whole:  # fmt: skip
        beta, known, rank = _solved(gram, right, size)
        free, inverse = _pinned(gram, size, rank)
        return cls(strata, clusters, gram, right, size, owner, beta, known, free, inverse)

    def jackknife(self, cells: int) -> tuple[Floats, NDArray[np.bool_]]:
        """β̂ − β̂₋c of every cluster, (clusters, P), and which slopes rest on one cluster, (P,)."""
        psi = np.zeros((self.clusters, len(self.beta)))
        alone = np.zeros(len(self.beta), dtype=np.bool_)
        groups = self._groups()
        with ThreadPoolExecutor(pl.thread_pool_size() if cells >= MANY_CELLS else 1) as pool:
            for group, (change, lost) in zip(groups, pool.map(self.without, groups), strict=True):
                psi[group] = change
                alone |= lost
        return psi, alone

    def _groups(self) -> list[Ints]:
        """The clusters in groups that share their strata. Clusters whose codes are near each other,
        as those of neighbours are, come into different ones: a slope may rest on a few of them."""
        first = np.full(self.clusters, len(self.strata))
        for row, stratum in enumerate(self.strata):
            first[stratum.clusters] = np.minimum(first[stratum.clusters], row)
        groups = []
        for row in np.unique(first[first < len(self.strata)]).tolist():
            alike = np.flatnonzero(first == row)
            parts = -(-len(alike) // _AT_ONCE)
            groups += [alike[part::parts] for part in range(parts)]
        return groups

    def without(self, group: Ints) -> tuple[Floats, NDArray[np.bool_]]:
        """β̂ − β̂₋c of these clusters, each left out by itself, and which slopes rest on one of
        them.

        What the data determine without the whole group they determine without any one of it, and
        so they do all else where a slope is gone with its only cluster.
        """
        less_gram, less_right, safe = self._taken_out(group)
        if safe and self._determined(less_gram, group):
            return self._by_residuals(group)
        if len(group) == 1:
            return self._by_equations(less_gram, less_right)
        psi = np.zeros((len(group), len(self.beta)))
        psi[::2], lost = self.without(group[::2])
        psi[1::2], also_lost = self.without(group[1::2])
        return psi, lost | also_lost

    def _taken_out(self, group: Ints) -> tuple[Floats, Floats, bool]:
        """By how much the equations are less without all of the group, and whether the periods of
        every stratum surely hang together as they do with it."""
        chosen = np.zeros(self.clusters, dtype=np.bool_)
        chosen[group] = True
        gram, right, safe = np.zeros_like(self.gram), np.zeros_like(self.right), True
        for stratum in self.strata:
            if chosen[stratum.clusters].any():
                part, part_right, here = stratum.taken_out(chosen)
                gram[np.ix_(stratum.columns, stratum.columns)] += part
                right[stratum.columns] += part_right
                safe &= here
        return gram, right, safe

    def _determined(self, less_gram: Floats, group: Ints) -> bool:
        """Whether the free slopes are surely determined when so much is taken out, but for those
        that only one of the group bears on."""
        if self.free is None:
            return False
        left = np.sort(self.free[~np.isin(self.owner[self.free], group)])
        rest = self.gram - less_gram
        if len(left) < len(rest):
            rest = rest[np.ix_(left, left)]
        return _root(rest, self.size[left]) is not None

    def _by_residuals(self, group: Ints) -> tuple[Floats, NDArray[np.bool_]]:
        assert self.inverse is not None
        left_out = LeftOut(self.strata, group, self.clusters, self.beta, self.inverse)
        psi, found = left_out.changes()
        alone = self.known & np.isin(self.owner, group)
        for row in np.flatnonzero(~found).tolist():
            less_gram, less_right, _ = self._taken_out(group[row : row + 1])
            psi[row], lost = self._by_equations(less_gram, less_right)
            alone |= lost
        return psi, alone

    def _by_equations(
        self, less_gram: Floats, less_right: Floats
    ) -> tuple[Floats, NDArray[np.bool_]]:
        without, still, _ = _solved(self.gram - less_gram, self.right - less_right, self.size)
        psi = np.where(self.known & still, self.beta - without, 0.0)
        return psi[None], self.known & ~still


def _owners(mass: Floats, size: Floats) -> Ints:
    """The only cluster that bears on each slope, (P,); -1 where there are several, or none."""
    most = mass.max(0, initial=0.0)
    single = (most > 0) & (mass.sum(0) - most <= _ROUNDING * size)
    return np.where(single, mass.argmax(0) if len(mass) else -1, -1)


def _solved(gram: Floats, right: Floats, size: Floats) -> tuple[Floats, NDArray[np.bool_], int]:
    """β = gram⁺ right, which of it gram determines, and gram's rank.

    size (P,): x'Wx before anything was taken out; what is left is judged against it.
    """
    there = np.flatnonzero(size > 0)
    known = np.zeros(len(right), dtype=np.bool_)
    beta = np.zeros(len(right))
    if not len(there):
        return beta, known, 0
    gram = gram[np.ix_(there, there)]
    root = _root(gram, size[there])
    if root is not None:
        beta[there] = linalg.cho_solve((root, True), right[there], check_finite=False)
        known[there] = True
        return beta, known, len(there)
    value, vector = linalg.eigh(_scaled(gram, size[there]))
    keep = value > SINGULAR
    kept = vector[:, keep] / np.sqrt(size[there])[:, None]
    beta[there] = kept @ ((kept.T @ right[there]) / value[keep])
    known[there] = ~(np.abs(vector[:, ~keep]) > 1e-6).any(axis=1)
    return beta, known, int(keep.sum())


def _pinned(gram: Floats, size: Floats, rank: int) -> tuple[Ints | None, Floats | None]:
    """As many slopes as gram has rank, surely independent of each other, and the inverse of their
    part of gram, zero elsewhere (P, P); None where there are none such."""
    there = np.flatnonzero(size > 0)
    root, pivot, found, _ = linalg.lapack.dpstrf(
        _scaled(gram[np.ix_(there, there)], size[there]), tol=SAFE, lower=True
    )
    if found != rank:
        return None, None
    free = there[pivot[:rank] - 1]
    lower, _ = linalg.lapack.dpotri(root[:rank, :rank], lower=True)
    inverse = np.zeros_like(gram)
    inverse[np.ix_(free, free)] = _scaled(np.tril(lower) + np.tril(lower, -1).T, size[free])
    return free, inverse


def _scaled(gram: Floats, size: Floats) -> Floats:
    s = np.sqrt(size)
    return np.asarray(gram / s[:, None] / s)


def _root(gram: Floats, size: Floats) -> Floats | None:
    """Cholesky's root; None where a pivot, judged against size, may be rounding."""
    if not len(gram):
        return gram
    root, fault = linalg.lapack.dpotrf(gram.T, lower=True)
    return root if not fault and (root.diagonal() ** 2 > SAFE * size).all() else None
