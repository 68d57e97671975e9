"""Design A, the kernel: what exposed cells would have been without training, and the difference.

Source: Borusyak, Jaravel, Spiess (2024), section 4; Gardner (2022) for the joint score of the two
stages; design/method.md §3-§4 for the elimination and for the leave-one-cluster-out correction.
Nothing here iterates: a stratum is eliminated once, and its factor serves estimate and variance;
only covariates ask for a pass of their own before.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, sparse
from threadpoolctl import threadpool_limits

from otdacha.effects.cells import Floats, IndicatorCells, Ints, StratumCells
from otdacha.effects.elimination import (
    Elimination,
    eliminate,
    grouped,
    sums_by,
    totals,
    units_by_cluster,
)
from otdacha.effects.fit import LAST_DIGITS, ROUNDING, Fit
from otdacha.effects.variance import (
    degrees_of_freedom,
    excess,
    leave_one_cluster_out,
    separate,
)


def impute_cells(
    data: IndicatorCells,
    providers: int,
    clusters: int,
    *,
    correct: bool = True,
) -> Fit:
    """Estimate the effects of all providers on one indicator, with their joint score.

    correct: replace each cluster's stage-2 score by its leave-one-cluster-out form, scaled to be
    right on average under the working model of the degrees of freedom.
    """
    # The matrices are small: threads would wait for each other longer than they work, and one
    # thread gives the same last digit whatever the number of cores.
    with threadpool_limits(1, user_api="blas"):
        slopes = covariate_slopes(data)
        stages = _TwoStages(providers, clusters, slopes)
        for cells in data.strata():
            stages.add(replace(cells, y=cells.y - cells.covariates @ slopes.beta), data.months)
        return stages.finish(data.excluded, correct=correct)


@dataclass(frozen=True)
class Slopes:
    """β of the covariates and the inverse of what is left of X'WX after units and periods."""

    beta: Floats
    inverse: Floats


def covariate_slopes(data: IndicatorCells) -> Slopes:
    """β from the clean cells: one pass over the strata; empty where there are no covariates."""
    P = len(data.covariates)
    gram, right = np.zeros((P, P)), np.zeros(P)
    for cells in data.strata() if P else ():
        small = eliminate(cells, data.months)
        clean, unit = cells.clean, cells.unit[cells.clean]
        x = cells.covariates[clean] - small.unit_x[unit]
        weighted = cells.weight[clean, None] * x
        projected = small.solve(small.period_x)
        gram += weighted.T @ x - small.period_x.T @ projected
        right += weighted.T @ (cells.y[clean] - small.unit_y[unit]) - projected.T @ small.period_y
    inverse: Floats = np.asarray(linalg.pinvh(gram)) if P else gram
    return Slopes(beta=inverse @ right, inverse=inverse)


@dataclass(frozen=True)
class _Exposed:
    """Exposed, predicted cells: y less its counterfactual (N,), and the design D (N x J)."""

    y: Floats
    weight: Floats
    cases: Floats
    unit: Ints
    period: Ints
    cluster: Ints
    design: sparse.csr_array

    @property
    def weighted_design(self) -> sparse.csr_array:
        """WD."""
        rows = np.diff(self.design.indptr)
        weighted = self.design.data * np.repeat(self.weight, rows)
        return sparse.csr_array(
            (weighted, self.design.indices, self.design.indptr), shape=self.design.shape
        )


class _TwoStages:
    """Sums over strata: of stage 1 all that the variance needs, of stage 2 the exposed cells."""

    def __init__(self, providers: int, clusters: int, slopes: Slopes) -> None:
        J, C, P = providers, clusters, len(slopes.beta)
        self.providers, self.clusters, self.slopes = J, C, slopes
        self.noise = np.zeros((C, J))  # row c: D'WZ₁(Z₀'WZ₀)⁻¹Z₀c'W e₀c
        self.x_score = np.zeros((C, P))
        self.x_lean = np.zeros((J, P))
        self.exposed: list[_Exposed] = []
        self.units = np.zeros((C, J), dtype=np.int64)
        self.squares = self.sizes = self.clean_weight = 0.0
        self.clean_cells = self.lone_cells = 0
        self.exposed_cases = 0.0
        self.largest = 0.0
        self.unpredicted: dict[str, int] = {}
        self.unpredicted_by_provider: dict[str, Ints] = {}

    def add(self, cells: StratumCells, periods: int) -> None:
        """Take in one stratum whose y has been freed of its covariates."""
        small = eliminate(cells, periods)
        difference = small.residual(cells)

        shares = sparse.csr_array(
            (cells.share, (cells.row, cells.provider)), shape=(len(cells.y), self.providers)
        )
        used = self._predicted(cells, small, shares)
        exposed = _Exposed(
            y=difference[used],
            weight=cells.stage2_weight[used],
            cases=cells.weight[used],
            unit=cells.unit[used],
            period=cells.period[used],
            cluster=cells.cluster[used],
            design=sparse.csr_array(shares[used]),
        )
        self.exposed.append(exposed)
        carried = self._carry(cells, small, exposed, used)
        self._add_noise(cells, small, difference[cells.clean], carried)
        self.sizes += float(cells.weight[cells.clean] @ cells.y[cells.clean] ** 2)
        self.largest = max(self.largest, float(np.abs(cells.y).max(initial=0.0)))

    def _predicted(
        self, cells: StratumCells, small: Elimination, shares: sparse.csr_array
    ) -> NDArray[np.bool_]:
        """The exposed cells that clean cells predict; the others are counted, by reason."""
        trained = np.diff(shares.indptr) > 0
        exposed = ~cells.clean & trained
        unit_seen = small.unit_seen[cells.unit]
        period_seen = small.period_seen[cells.period]
        predicted = exposed & small.predicts(cells)
        self.exposed_cases += float(cells.weight[exposed].sum())
        reasons = {
            "exposure_missing": ~cells.clean & ~trained,
            "unit_without_clean_cell": exposed & ~unit_seen,
            "period_without_clean_cell": exposed & unit_seen & ~period_seen,
            "not_connected": exposed & unit_seen & period_seen & ~predicted,
        }
        for reason, rows in reasons.items():
            if rows.any():
                per_provider = np.bincount(shares[rows].indices, minlength=self.providers)
                before = self.unpredicted_by_provider.get(reason, 0)
                self.unpredicted_by_provider[reason] = before + per_provider
                self.unpredicted[reason] = self.unpredicted.get(reason, 0) + int(rows.sum())
        return predicted

    def _carry(
        self,
        cells: StratumCells,
        small: Elimination,
        exposed: _Exposed,
        used: NDArray[np.bool_],
    ) -> Floats:
        """S⁺ times how D'Wỹ leans on the period effects, directly and through unit means (T, J)."""
        weighted = exposed.weighted_design
        by_period = grouped(weighted, exposed.period, len(small.period_seen))
        by_unit = grouped(weighted, exposed.unit, cells.units)
        self.units += units_by_cluster(cells, by_unit, self.clusters)
        carried = small.solve(by_period.toarray() - (by_unit.T @ small.share).T)
        if len(self.slopes.beta):
            x = cells.covariates[used] - small.unit_x[exposed.unit]
            self.x_lean += weighted.T @ x - carried.T @ small.period_x
        return carried

    def _add_noise(
        self, cells: StratumCells, small: Elimination, residual: Floats, carried: Floats
    ) -> None:
        """What stage 1's residuals do to stage 2, cluster by cluster."""
        clean, periods = cells.clean, len(small.period_seen)
        weighted = cells.weight[clean] * residual
        here, cluster = np.unique(cells.cluster[clean], return_inverse=True)
        index = cluster * periods + cells.period[clean]
        score = totals(index, weighted, len(here) * periods).reshape(len(here), periods)
        self.noise[here] += score @ carried
        if len(self.slopes.beta):
            by_x = sums_by(cluster, weighted, cells.covariates[clean], len(here))
            self.x_score[here] += by_x - score @ small.solve(small.period_x)
        self.squares += float(weighted @ residual)
        lone = small.lone[cells.unit[clean], cells.period[clean]]
        self.clean_weight += float(cells.weight[clean][~lone].sum())
        self.clean_cells += int(clean.sum())
        self.lone_cells += int(lone.sum())

    def finish(self, excluded: dict[str, int], *, correct: bool) -> Fit:
        """Stage 2: θ = A⁻¹D'Wỹ, its score, and what it rests on."""
        J, C = self.providers, self.clusters
        e = _together(self.exposed, J)
        weighted = e.weighted_design
        gram = sparse.csr_array(e.design.T @ weighted)
        inverse = separate(gram)
        theta = inverse.matrix @ (weighted.T @ e.y)

        residual = e.y - e.design @ theta
        links = weighted.tocoo()
        cluster_provider = e.cluster[links.row] * J + links.col
        score = totals(cluster_provider, links.data * residual[links.row], C * J)
        mass = totals(cluster_provider, links.data * e.design.data, C * J).reshape(C, J)
        score = score.reshape(C, J)
        left_out = leave_one_cluster_out(score, mass, inverse, e.design, weighted, e.cluster)
        noise = self.noise + self.x_score @ self.slopes.inverse @ self.x_lean.T
        noise = noise @ inverse.matrix
        plain = score @ inverse.matrix - noise
        unbiased = left_out.score @ inverse.matrix / np.sqrt(excess(left_out.weight))
        psi = unbiased - noise if correct else plain
        known = inverse.identified & ~left_out.one_cluster
        return Fit(
            theta=np.where(inverse.identified, theta, np.nan),
            psi=np.where(known, psi, 0.0),
            plain=np.where(inverse.identified, plain, 0.0),
            weight=left_out.weight,
            df=np.where(known, degrees_of_freedom(left_out.weight), np.nan),
            units=self.units.sum(0),
            clusters=(mass > 0).sum(0),
            cells=np.bincount(e.design.indices, minlength=J),
            cases=np.rint((e.design > 0).T @ e.cases).astype(np.int64),
            scale=float(np.sqrt(self.squares / self.clean_weight)) if self.clean_weight else 0.0,
            varies=self.squares > ROUNDING**2 * self.sizes,
            beta=self.slopes.beta,
            clean_cells=self.clean_cells,
            exposed_cells=len(e.y),
            exposed_cases=self.exposed_cases,
            used_cases=float(e.cases.sum()),
            excluded={**excluded, **self.unpredicted},
            excluded_by_provider=self.unpredicted_by_provider,
            one_cluster=inverse.identified & left_out.one_cluster,
            inseparable=inverse.inseparable,
            no_contrast=np.zeros(J, dtype=bool),
            few_sessions=np.zeros(J, dtype=bool),
            units_by_cluster=self.units,
            lone_cells=self.lone_cells,
            rounding=LAST_DIGITS * self.largest,
        )


def _together(parts: list[_Exposed], providers: int) -> _Exposed:
    """The exposed cells of all strata as one."""
    if not parts:
        none, nobody = np.empty(0), np.empty(0, dtype=np.int64)
        design = sparse.csr_array((0, providers))
        return _Exposed(none, none, none, nobody, nobody, nobody, design)
    return _Exposed(
        y=np.concatenate([part.y for part in parts]),
        weight=np.concatenate([part.weight for part in parts]),
        cases=np.concatenate([part.cases for part in parts]),
        unit=np.concatenate([part.unit for part in parts]),
        period=np.concatenate([part.period for part in parts]),
        cluster=np.concatenate([part.cluster for part in parts]),
        design=sparse.csr_array(sparse.vstack([part.design for part in parts], format="csr")),
    )
