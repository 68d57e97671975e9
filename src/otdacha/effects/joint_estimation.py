"""Design B, the kernel: units, periods and effects estimated together on clean and exposed cells.

The elimination is design A's with every usable cell instead of the clean ones; what is left is one
system for the effects γ = (θ, β) of all strata (`otdacha.effects.joint_system`). The correction for
few clusters is the exact jackknife: each cluster is taken out of the small systems of its strata,
periods are eliminated anew, and the effects are solved for again (the cluster jackknife CV₃ of
MacKinnon, Nielsen, Webb 2023, without the approximation of partialling out the periods once).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import linalg, sparse
from scipy.linalg import blas

from otdacha.effects.cells import Floats, Ints, StratumCells
from otdacha.effects.elimination import eliminate, grouped, totals, units_by_cluster
from otdacha.effects.fit import LAST_DIGITS, ROUNDING, Fit
from otdacha.effects.joint_system import ClusterSystem, PeriodSystem, stratum_systems, together
from otdacha.effects.one_thread import one_thread
from otdacha.effects.strata import Strata, strata
from otdacha.effects.variance import (
    SINGULAR,
    degrees_of_freedom,
    excess,
    inverse,
    inverse_root,
    separate,
)

_LARGE = 200
"""Columns above which it pays to leave out several clusters at once."""

_MANY = 0.3
"""Of all columns: with more, a product with all of them is faster than picking them out."""


def joint_cells(
    data: Strata,
    providers: int,
    clusters: int,
    *,
    correct: bool = True,
) -> Fit:
    """Estimate the effects of all providers on one indicator, with their joint score.

    correct: replace each cluster's score by what the effects change by when it is left out.
    """
    with one_thread():  # as in design A
        found = _Evidence(providers, clusters)
        systems = [found.add(stratum, data.months) for stratum in _usable(data, providers)]
        solution = _solve(systems, providers + len(data.covariates))
        plain, weight = _scores(systems, solution, clusters)
        if correct:
            psi, lost = _jackknife(systems, solution, clusters)
            psi = psi[:, :providers] / np.sqrt(excess(weight[:, :providers]))
        else:
            psi, lost = plain[:, :providers], np.any(weight > 1 - SINGULAR, axis=0)
        squares, sizes = _residuals(data, providers, solution.gamma)
    return found.fit(
        data, solution, psi, plain[:, :providers], weight[:, :providers], lost[:providers],
        squares, sizes,
    )  # fmt: skip


@dataclass(frozen=True)
class _Usable:
    """A stratum with its weights for this design; z (N, K): doses and covariates; cases (N,).

    used (N,): the cells that take part: clean, or exposed with a known provider.
    """

    cells: StratumCells
    z: sparse.csr_array
    cases: Floats
    used: NDArray[np.bool_]


def _usable(data: Strata, providers: int) -> Iterator[_Usable]:
    fair = _cases_per_person(data)
    for cells in strata(data):
        z = sparse.csr_array(
            (cells.share, (cells.row, cells.provider)), shape=(len(cells.y), providers)
        )
        used = cells.clean | (np.diff(z.indptr) > 0)
        if cells.covariates.shape[1]:
            z = sparse.csr_array(sparse.hstack([z, sparse.csr_array(cells.covariates)], "csr"))
        yield _Usable(replace(cells, weight=_weights(cells, fair)), z, cells.weight, used)


def _cases_per_person(data: Strata) -> float:
    """What brings stage-2 weights, on the whole, back to the size of cases."""
    if data.aggregation == "cases":
        return 1.0
    cases = asked = 0.0
    for cells in strata(data):
        exposed = ~cells.clean
        cases += float(cells.weight[exposed].sum())
        asked += float(cells.stage2_weight[exposed].sum())
    return cases / asked if asked else 1.0


def _weights(cells: StratumCells, fair: float) -> Floats:
    """Cases, times one factor for each trained unit: its exposed cells weigh, among exposed cells,
    what the methodology's aggregation gives them, and its clean cells keep in step with them."""
    exposed = ~cells.clean
    unit, units = cells.unit[exposed], cells.units
    cases = totals(unit, cells.weight[exposed], units)
    asked = totals(unit, cells.stage2_weight[exposed], units)
    factor = np.divide(fair * asked, cases, out=np.ones(units), where=(cases > 0) & (asked > 0))
    return np.asarray(cells.weight * factor[cells.unit])


@dataclass(frozen=True)
class _Stratum:
    """One stratum: the sum of its clusters' systems, and each of them by cluster."""

    whole: PeriodSystem
    parts: dict[int, ClusterSystem]


@dataclass(frozen=True)
class _Solution:
    """γ of all strata and what the jackknife starts from.

    bare, reduced (K + 1, K + 1): the system `G γ = g` with g as its last row, before and after the
    periods are taken out; only their lower triangles are kept up. inverse (K, K): G⁺ of the reduced
    one. gamma (K,): coefficients that fit best; of those that are not identified one choice.
    kept: columns that are left when what units and periods determine is taken out. unknown (K,):
    columns that occur and are not identified, because units and periods or other columns determine
    them.
    """

    bare: Floats
    reduced: Floats
    inverse: Floats
    gamma: Floats
    kept: Ints
    unknown: NDArray[np.bool_]


def _solve(strata: Sequence[_Stratum], K: int) -> _Solution:
    bare, raw = np.zeros((K + 1, K + 1)), np.zeros(K)
    for stratum in strata:
        for part in stratum.parts.values():
            _add(bare, part)
            raw[part.columns] += part.raw
    reduced = bare.copy()
    for stratum in strata:
        _take_periods_out(reduced, stratum.whole.columns, stratum.whole.half())
    gram, right = _whole(reduced[:K, :K]), reduced[K, :K]
    absorbed = gram.diagonal() <= SINGULAR * raw
    whole, unknown = np.zeros((K, K)), absorbed & (raw > 0)
    kept = np.flatnonzero(~absorbed)
    if len(kept):
        inside, null = inverse(gram[np.ix_(kept, kept)])
        whole[np.ix_(kept, kept)] = inside
        unknown[kept[null]] = True
    return _Solution(bare, reduced, whole, whole @ right, kept, unknown)


def _whole(lower: Floats) -> Floats:
    """The symmetric matrix of which the lower triangle is given."""
    return np.asarray(np.tril(lower) + np.tril(lower, -1).T)


def _add(system: Floats, part: ClusterSystem, sign: float = 1.0) -> None:
    """Add to a system, in place, what a cluster knows of γ; sign -1 takes it out again."""
    system[np.ix_(part.columns, part.columns)] += sign * part.H
    system[-1, part.columns] += sign * part.q


def _take_periods_out(system: Floats, columns: Ints, half: Floats, sign: float = 1.0) -> None:
    """Subtract from a system, in place, what a stratum's periods explain; sign -1 puts it back."""
    if not len(half):
        return
    places = np.append(columns, len(system) - 1)
    if len(places) > _MANY * len(system):
        wide = np.zeros((len(system), len(half)), order="F")
        wide[places] = half.T
        # in place: what is the upper triangle of system.T is the lower one of system
        blas.dsyrk(-sign, wide, beta=1.0, c=system.T, lower=0, overwrite_c=1)
    else:
        system[np.ix_(places, places)] -= sign * (half.T @ half)


def _scores(
    strata: Sequence[_Stratum], solution: _Solution, clusters: int
) -> tuple[Floats, Floats]:
    """Plain scores (C, K), and each cluster's weight in each column (C, K).

    With D̃ the doses less what units and periods explain, M_c = D̃_c'WD̃_c: the weight is
    (G⁻¹M_cG⁻¹)_jj / (G⁻¹)_jj, the cluster's share in what is left of the column when all others are
    controlled for.
    """
    inverse, gamma = solution.inverse, solution.gamma
    score, weight = np.zeros((clusters, len(gamma))), np.zeros((clusters, len(gamma)))
    for stratum in strata:
        whole = stratum.whole
        carry = whole.carry()
        leaning = carry @ inverse[whole.columns]
        period = whole.period_effects(gamma[whole.columns])
        codes, parts = list(stratum.parts), list(stratum.parts.values())
        N = np.concatenate([part.N for part in parts])
        through = N / N.sum(1)[:, None]
        begin = np.cumsum([0, *(len(part.N) for part in parts)])[:-1]
        # S of each cluster times the period effects, by its units: diag(1'N) − N' diag(1/n) N
        seen = np.add.reduceat(N, begin)
        common = np.add.reduceat(through * (N @ period)[:, None], begin)
        left = np.array([part.r for part in parts]) - (seen * period - common)
        leant = N @ leaning
        weight[codes] += seen @ leaning**2
        weight[codes] -= np.add.reduceat(leant**2 / N.sum(1)[:, None], begin)
        for place, (cluster, part) in enumerate(stratum.parts.items()):
            if not len(part.columns):
                continue
            here, mine = inverse[part.columns], gamma[part.columns]
            left[place] -= part.R @ mine
            score[cluster] += (part.q - part.H @ mine - part.R.T @ period) @ here
            weight[cluster] += (here * (part.H @ here - 2 * (part.R.T @ leaning))).sum(0)
        score[codes] -= left @ leaning
    own = inverse.diagonal()
    weight = np.divide(weight, own, out=np.zeros_like(weight), where=own > 0)
    return score, np.maximum(weight, 0.0)


def _jackknife(
    strata: Sequence[_Stratum], solution: _Solution, clusters: int
) -> tuple[Floats, NDArray[np.bool_]]:
    """What γ changes by when a cluster is left out (C, K), and columns that rest on one cluster."""
    kept = solution.kept
    change = np.zeros((clusters, len(solution.gamma)))
    rests_on_one = np.zeros(len(solution.gamma), dtype=bool)
    if not len(kept):
        return change, rests_on_one
    halves = [stratum.whole.half() for stratum in strata]
    of_cluster: dict[int, list[int]] = {}
    for number, stratum in enumerate(strata):
        for cluster in stratum.parts:
            of_cluster.setdefault(cluster, []).append(number)

    def left_out(cluster: int) -> tuple[Floats, NDArray[np.bool_]]:
        inside = of_cluster[cluster]
        system = _periods_left_in(inside, strata, halves, solution)
        for number in inside:
            whole, part = strata[number].whole, strata[number].parts[cluster]
            _add(system, part, -1.0)
            _take_periods_out(system, whole.columns, whole.without(part).half())
        return _solve_again(system, kept, solution.reduced.diagonal()[kept])

    # each cluster by itself, so the digits are those of one worker
    workers = pl.thread_pool_size() if len(kept) > _LARGE else 1
    with ThreadPoolExecutor(workers) as pool:
        for cluster, (left, lost) in zip(of_cluster, pool.map(left_out, of_cluster), strict=True):
            change[cluster, kept] = np.where(lost, 0.0, solution.gamma[kept] - left)
            rests_on_one[kept] |= lost
    return change, rests_on_one


def _periods_left_in(
    inside: Sequence[int], strata: Sequence[_Stratum], halves: Sequence[Floats], solution: _Solution
) -> Floats:
    """The system with the periods of all other strata taken out: the shorter of two ways to it."""
    outside = sorted(set(range(len(strata))) - set(inside))
    if len(inside) <= len(outside):
        system, numbers, sign = solution.reduced.copy(), inside, -1.0
    else:
        system, numbers, sign = solution.bare.copy(), outside, 1.0
    for number in numbers:
        _take_periods_out(system, strata[number].whole.columns, halves[number], sign)
    return system


def _solve_again(system: Floats, kept: Ints, size: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    """γ without a cluster (kept,), and the columns that are not identified without it.

    system: its lower triangle, with the right side as the last row. size: the diagonal of the
    system with the cluster.
    """
    whole = len(kept) == len(system) - 1
    gram = system[:-1, :-1] if whole else system[np.ix_(kept, kept)]
    right = system[-1, kept]
    diagonal = gram.diagonal().copy()
    lost = ~(diagonal > SINGULAR * size)
    there = np.flatnonzero(~lost)
    out = np.zeros(len(size))
    if not len(there):
        return out, lost
    chosen = gram if len(there) == len(size) else gram[np.ix_(there, there)]
    # the lower triangle of `chosen` is the upper one of its transpose, which LAPACK takes as it is
    root, fault = linalg.lapack.dpotrf(chosen.T, lower=False)
    if not fault and (root.diagonal() ** 2 > 10 * SINGULAR * diagonal[there]).all():
        found, _ = linalg.lapack.dpotrs(root, right[there], lower=False)
    else:
        half, null = inverse_root(_whole(chosen))
        found = half @ (half.T @ right[there])
        lost[there[null]] = True
    out[there] = found
    return out, lost


def _residuals(data: Strata, providers: int, gamma: Floats) -> tuple[float, float]:
    """Weighted squares of the residuals, and of y itself, over all cells that take part."""
    squares = sizes = 0.0
    for usable in _usable(data, providers):
        cells, used = usable.cells, usable.used
        left = replace(cells, y=cells.y - usable.z @ gamma, clean=used)
        residual = eliminate(left, data.months).residual(left)[used]
        squares += float(cells.weight[used] @ residual**2)
        sizes += float(cells.weight[used] @ cells.y[used] ** 2)
    return squares, sizes


class _Evidence:
    """Counts of what takes part, summed over strata."""

    def __init__(self, providers: int, clusters: int) -> None:
        J = self.providers = providers
        self.units, self.cells = (
            np.zeros((clusters, J), dtype=np.int64),
            np.zeros(J, dtype=np.int64),
        )
        self.clusters = clusters
        self.lone_cells, self.largest = 0, 0.0
        self.cases = np.zeros(J)
        self.seen = np.zeros((clusters, J), dtype=bool)
        self.clean_cells = self.exposed_cells = 0
        self.exposed_cases = self.total = 0.0
        self.unused = 0
        self.doses = sparse.csr_array((J, J))  # D'WD

    def add(self, usable: _Usable, periods: int) -> _Stratum:
        """Count one stratum and make its small systems."""
        cells, z, used = usable.cells, usable.z, usable.used
        exposed = used & ~cells.clean
        doses = sparse.csr_array(z[exposed][:, : self.providers])
        by_unit = grouped(doses, cells.unit[exposed], cells.units)
        self.units += units_by_cluster(cells, by_unit, self.clusters)
        self.largest = max(self.largest, float(np.abs(cells.y[used]).max(initial=0.0)))
        self.cells += np.bincount(doses.indices, minlength=self.providers)
        cases = usable.cases[exposed]
        self.cases += (doses > 0).T @ cases
        weight = sparse.diags_array(cells.weight[exposed])
        self.doses = sparse.csr_array(self.doses + doses.T @ weight @ doses)
        links = doses.tocoo()
        self.seen[cells.cluster[exposed][links.row], links.col] = True
        self.clean_cells += int(cells.clean.sum())
        self.exposed_cells += int(exposed.sum())
        self.exposed_cases += float(cases.sum())
        self.total += float(cells.weight[used].sum())
        self.unused += int((~used).sum())
        parts = dict(stratum_systems(cells, z, used, periods))
        return _Stratum(together(list(parts.values())), parts)

    def fit(
        self, data: Strata, solution: _Solution, psi: Floats, plain: Floats,
        weight: Floats, lost: NDArray[np.bool_], squares: float, sizes: float,
    ) -> Fit:  # fmt: skip
        """The result, in the terms of both designs."""
        J = self.providers
        identified = (self.cells > 0) & ~solution.unknown[:J]
        known = identified & ~lost
        # trained together at all times, or only without anything to compare with
        unknown = solution.unknown[:J]
        inseparable = unknown & separate(self.doses).inseparable
        missing = {"exposure_missing": self.unused} if self.unused else {}
        return Fit(
            theta=np.where(identified, solution.gamma[:J], np.nan),
            psi=np.where(known, psi, 0.0),
            plain=np.where(identified, plain, 0.0),
            weight=weight,
            df=np.where(known, degrees_of_freedom(weight), np.nan),
            units=self.units.sum(0),
            clusters=self.seen.sum(0),
            cells=self.cells,
            cases=np.rint(self.cases).astype(np.int64),
            scale=float(np.sqrt(squares / self.total)) if self.total else 0.0,
            varies=squares > ROUNDING**2 * sizes,
            beta=solution.gamma[J:],
            clean_cells=self.clean_cells,
            exposed_cells=self.exposed_cells,
            exposed_cases=self.exposed_cases,
            used_cases=self.exposed_cases,
            excluded={**data.excluded, **missing},
            excluded_by_provider={},
            one_cluster=identified & lost,
            inseparable=inseparable,
            no_contrast=unknown & ~inseparable,
            few_sessions=np.zeros(J, dtype=bool),
            units_by_cluster=self.units,
            lone_cells=self.lone_cells,
            rounding=LAST_DIGITS * self.largest,
        )
