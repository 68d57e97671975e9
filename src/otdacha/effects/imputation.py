"""Design A, the kernel: what exposed cells would have been without training, and the difference.

Source: Borusyak, Jaravel, Spiess (2024), section 4; Gardner (2022) for the joint score of the two
stages; design/method.md §3-§4 for the elimination and for the leave-one-cluster-out correction.
Nothing here iterates: a stratum is eliminated once, and its factor serves estimate and variance;
only covariates ask for a pass of their own before. A stratum is forgotten once it is summed
(`otdacha.effects.stratum_sums`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from scipy import linalg

from otdacha.effects.cells import Floats, Ints, StratumCells
from otdacha.effects.elimination import eliminate, totals
from otdacha.effects.fit import LAST_DIGITS, ROUNDING, Fit
from otdacha.effects.one_thread import one_thread
from otdacha.effects.strata import Strata, over_strata
from otdacha.effects.stratum_sums import Slopes, StratumSums, stratum_sums
from otdacha.effects.variance import (
    ClusterGrams,
    freedom_and_excess,
    leave_one_cluster_out,
    separate,
)


def impute_cells(
    data: Strata,
    providers: int,
    clusters: int,
    *,
    correct: bool = True,
    slopes: Slopes | None = None,
    workers: int | None = None,
) -> Fit:
    """Estimate the effects of all providers on one indicator, with their joint score.

    correct: replace each cluster's stage-2 score by its leave-one-cluster-out form, scaled to be
    right on average under the working model of the degrees of freedom. slopes: `covariate_slopes`
    of the same clean cells, where they are there. workers: strata at once.
    """
    # The matrices are small: threads would wait for each other longer than they work, and one
    # thread gives the same last digit whatever the number of cores.
    with one_thread():
        slopes = covariate_slopes(data, workers) if slopes is None else slopes
        work = partial(_freed_sums, periods=data.months, providers=providers, slopes=slopes)
        stages = _TwoStages(providers, clusters, slopes)
        for sums in over_strata(work, data, workers):
            stages.add(sums)
        return stages.finish(data.excluded, correct=correct)


@dataclass(frozen=True)
class SummedStrata:
    """Both stages of an indicator without covariates, before providers are told apart: kept to be
    finished under several labels of providers."""

    strata: tuple[StratumSums, ...]
    excluded: Mapping[str, int]

    @classmethod
    def of(cls, data: Strata, providers: int) -> SummedStrata:
        with one_thread():
            slopes = Slopes(np.zeros(0), np.zeros((0, 0)))
            work = partial(_freed_sums, periods=data.months, providers=providers, slopes=slopes)
            found = tuple(over_strata(work, data))
            return cls(found, data.excluded)

    def fit(self, label: Ints, providers: int, clusters: int) -> Fit:
        """The fit in which `label[j]` stands for what was provider j."""
        with one_thread():
            stages = _TwoStages(providers, clusters, Slopes(np.zeros(0), np.zeros((0, 0))))
            for sums in self.strata:
                stages.add(sums.relabelled(label, providers))
            return stages.finish(self.excluded, correct=True)


def _freed_sums(
    cells: StratumCells, *, periods: int, providers: int, slopes: Slopes
) -> StratumSums:
    free = replace(cells, y=cells.y - cells.covariates @ slopes.beta)
    return stratum_sums(free, periods, providers, slopes)


def covariate_slopes(data: Strata, workers: int | None = None) -> Slopes:
    """β from the clean cells: one pass over the strata; empty where there are no covariates."""
    P = len(data.covariates)
    gram, right = np.zeros((P, P)), np.zeros(P)
    with one_thread():
        if P:
            for here in over_strata(partial(_normal_equations, periods=data.months), data, workers):
                gram += here[0]
                right += here[1]
        inverse: Floats = np.asarray(linalg.pinvh(gram)) if P else gram
        return Slopes(beta=inverse @ right, inverse=inverse)


def _normal_equations(cells: StratumCells, *, periods: int) -> tuple[Floats, Floats]:
    """What is left of X'WX and X'Wy of the clean cells after units and periods, (P, P), (P,)."""
    small = eliminate(cells, periods)
    clean, unit = cells.clean, cells.unit[cells.clean]
    x = cells.covariates[clean] - small.unit_x[unit]
    weighted = cells.weight[clean, None] * x
    projected = small.solve(small.period_x)
    gram = weighted.T @ x - small.period_x.T @ projected
    right = weighted.T @ (cells.y[clean] - small.unit_y[unit]) - projected.T @ small.period_y
    return gram, right


class _TwoStages:
    """Sums over strata, in their order."""

    def __init__(self, providers: int, clusters: int, slopes: Slopes) -> None:
        J, C, P = providers, clusters, len(slopes.beta)
        self.providers, self.clusters, self.slopes = J, C, slopes
        self.noise = np.zeros((C, J))  # row c: D'WZ₁(Z₀'WZ₀)⁻¹Z₀c'W e₀c
        self.x_score = np.zeros((C, P))
        self.x_lean = np.zeros((J, P))
        self.right = np.zeros(C * J)
        self.units = np.zeros(C * J, dtype=np.int64)
        self.grams: list[tuple[Ints, Ints, Floats]] = []
        self.cells, self.cases = np.zeros(J, dtype=np.int64), np.zeros(J)
        self.squares = self.sizes = self.clean_weight = 0.0
        self.clean_cells = self.lone_cells = self.exposed_cells = 0
        self.exposed_cases = self.used_cases = self.largest = 0.0
        self.unpredicted: dict[str, int] = {}
        self.unpredicted_by_provider: dict[str, Ints] = {}

    def add(self, sums: StratumSums) -> None:
        self.noise[np.ix_(sums.towns, sums.columns)] += sums.score @ sums.carried
        self.x_score[sums.towns] += sums.x_score
        self.x_lean[sums.columns] += sums.x_lean
        self.right[sums.loads] += sums.right
        self.units[sums.loads] += sums.taught
        entries = sums.gram.tocoo()
        self.grams.append((sums.loads[entries.row], sums.loads[entries.col], entries.data))
        self.cells += sums.cells
        self.cases += sums.cases
        self.squares += sums.squares
        self.sizes += sums.sizes
        self.clean_weight += sums.clean_weight
        self.clean_cells += sums.clean_cells
        self.lone_cells += sums.lone_cells
        self.exposed_cells += sums.exposed_cells
        self.exposed_cases += sums.exposed_cases
        self.used_cases += sums.used_cases
        self.largest = max(self.largest, sums.largest)
        for reason, cells in sums.unpredicted.items():
            self.unpredicted[reason] = self.unpredicted.get(reason, 0) + cells
            before = self.unpredicted_by_provider.get(reason, 0)
            self.unpredicted_by_provider[reason] = before + sums.unpredicted_by_provider[reason]

    def finish(self, excluded: Mapping[str, int], *, correct: bool) -> Fit:
        """Stage 2: θ = A⁻¹D'Wỹ, its score, and what it rests on."""
        J, C = self.providers, self.clusters
        grams = ClusterGrams.of(self.grams, C, J)
        inverse = separate(grams.total())
        right, mass = self.right[grams.loads], grams.diagonal()
        theta = inverse.matrix @ totals(grams.provider, right, J)

        score = right - grams.times(theta)
        left_out = leave_one_cluster_out(score, mass, inverse, grams)
        noise = self.noise + self.x_score @ self.slopes.inverse @ self.x_lean.T
        noise = inverse.after(noise)
        plain = inverse.after(grams.sparse(score)) - noise
        df, excess = freedom_and_excess(left_out.weight)
        unbiased = inverse.after(left_out.score) / np.sqrt(excess)
        psi = unbiased - noise if correct else plain
        known = inverse.identified & ~left_out.one_cluster
        units = self.units.reshape(C, J)
        return Fit(
            theta=np.where(inverse.identified, theta, np.nan),
            psi=np.where(known, psi, 0.0),
            plain=np.where(inverse.identified, plain, 0.0),
            weight=left_out.weight,
            df=np.where(known, df, np.nan),
            units=units.sum(0),
            clusters=np.bincount(grams.provider[mass > 0], minlength=J),
            cells=self.cells,
            cases=np.rint(self.cases).astype(np.int64),
            scale=float(np.sqrt(self.squares / self.clean_weight)) if self.clean_weight else 0.0,
            varies=self.squares > ROUNDING**2 * self.sizes,
            beta=self.slopes.beta,
            clean_cells=self.clean_cells,
            exposed_cells=self.exposed_cells,
            exposed_cases=self.exposed_cases,
            used_cases=self.used_cases,
            excluded={**excluded, **self.unpredicted},
            excluded_by_provider=self.unpredicted_by_provider,
            one_cluster=inverse.identified & left_out.one_cluster,
            inseparable=inverse.inseparable,
            no_contrast=np.zeros(J, dtype=bool),
            few_sessions=np.zeros(J, dtype=bool),
            units_by_cluster=units,
            lone_cells=self.lone_cells,
            rounding=LAST_DIGITS * self.largest,
        )
