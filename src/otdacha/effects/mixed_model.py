"""Linear mixed model with random intercepts of any number of groupings, nested or crossed.

`y = β₀ + Xβ + Σ_g Z_g b_g + ε`, `b_g ~ N(0, θ_g² σ² I)`. β and σ are profiled out, so −2 log L or
the REML criterion is a function of the relative standard deviations θ ≥ 0 alone. Its gradient in
log θ_g is `2 (q_g − tr (M⁻¹)_gg − |u_g|²/σ²)`, with M and u of `otdacha.effects.penalised`: the
search ends where each grouping's effects are as large as their variance says.
Source: Bates, Mächler, Bolker and Walker (2015), J. Stat. Softw. 67(1), section 3.4.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import optimize

from otdacha.effects.cells import Floats
from otdacha.effects.groupings import CrossProducts, Grouping
from otdacha.effects.one_thread import one_thread
from otdacha.effects.penalised import FIXED, PenalisedLeastSquares

Criterion = Literal["ml", "reml"]

_START = 0.5
_LEAST, _MOST = 1e-7, 1e5
_NEAR_ZERO, _SMALL, _AGAIN = 0.02, 0.01, 0.1
"""Relative standard deviations: where the search starts; its bounds; below which zero is tried,
against which small one, and where the search starts again if zero is no minimum."""

_STEP = 10.0
"""The first step of the search is of this many standard errors of log θ or so."""

_SAME = 1e-7
"""Criteria that differ by less are the same."""

_ONE_THREAD = 2_000
"""Matrices of fewer rows are factored by one thread; more of them wait for each other."""


@dataclass(frozen=True)
class Profile:
    """The criterion at one θ, with β and σ² at their best.

    gradient (groupings,): ∂/∂ log θ, zero where fixed. beta (1 + P,) and its covariance given θ
    and σ²; without β₀ where a grouping is fixed. effects: b_g of each grouping (levels,), estimates
    where fixed.
    """

    criterion: float
    gradient: Floats
    beta: Floats
    beta_covariance: Floats
    residual_variance: float
    effects: tuple[Floats, ...]


@dataclass(frozen=True)
class MixedModel:
    """The fit; everything by grouping in the order given, inf or nothing where fixed.

    relative_sd (groupings,): θ. boundary: names of groupings whose variance is zero. gradient: the
    largest |∂criterion/∂ log θ| that is left. evaluations: how often the criterion was computed.
    """

    relative_sd: Floats
    variances: dict[str, float]
    boundary: tuple[str, ...]
    at: Profile
    gradient: float
    evaluations: int


class Likelihood:
    """−2 log L or the REML criterion of one set of rows as a function of θ.

    x (N, P) holds no intercept, y is (N,). The model has an intercept, unless one of the groupings
    is fixed (θ = inf): its levels take the intercept's place, and the criterion must be REML, for
    the variances of maximum likelihood are biased by so many fixed effects. x and y are centred
    here, which changes the intercept and nothing else.
    """

    def __init__(
        self, x: Floats, y: Floats, groupings: Sequence[Grouping], *, intercept: bool = True
    ) -> None:
        self.groupings = tuple(groupings)
        self.intercept = intercept
        self.mean_x, self.mean_y = x.mean(axis=0), float(y.mean())
        columns = [np.ones(len(y))] if intercept else []
        w = np.column_stack([*columns, x - self.mean_x, y - self.mean_y])
        self.least_squares = PenalisedLeastSquares(CrossProducts.of(self.groupings, w))

    def at(self, relative_sd: Floats, criterion: Criterion) -> Profile:
        """The criterion and its gradient at θ (groupings,)."""
        solution = self.least_squares.at(relative_sd)
        xx, xy, yy = solution.left[:-1, :-1], solution.left[:-1, -1], solution.left[-1, -1]
        inverse = np.asarray(np.linalg.inv(xx), dtype=np.float64)
        beta = inverse @ xy
        rss = max(float(yy - beta @ xy), np.finfo(float).tiny)

        fixed = np.isinf(relative_sd)
        levels = np.array([grouping.levels for grouping in self.groupings])
        rows = self.least_squares.products.rows
        free = rows - (len(beta) + levels[fixed].sum() if criterion == "reml" else 0)
        variance = float(rss / free)
        value = solution.log_determinant + free * (np.log(2 * np.pi * variance) + 1)
        expected = levels - solution.inverse_traces()
        if criterion == "reml":
            value += np.linalg.slogdet(xx)[1]
            expected = expected - [
                float(((mode[:, :-1] @ inverse) * mode[:, :-1]).sum()) for mode in solution.modes
            ]
        u = [mode[:, -1] - mode[:, :-1] @ beta for mode in solution.modes]
        found = np.array([float(one @ one) for one in u]) / variance
        scale = np.where(fixed, 1.0, relative_sd)
        return Profile(
            criterion=float(value),
            gradient=np.where(fixed, 0.0, 2 * (expected - found)),
            beta=beta,
            beta_covariance=inverse * variance,
            residual_variance=variance,
            effects=tuple(s * one for s, one in zip(scale, u, strict=True)),
        )

    def minimum(self, criterion: Criterion, fixed: Sequence[str] = ()) -> MixedModel:
        """The θ ≥ 0 where the criterion is least; groupings named in `fixed` keep θ = inf."""
        with self._threads():
            return _Search(self, criterion, fixed).minimum()

    def fixed_effects(self, relative_sd: Floats, fixed: str) -> tuple[Floats, Floats]:
        """Generalised least squares of a grouping's effects, given the variances of the others.

        relative_sd (groupings,): inf for `fixed`. Returns the estimates (levels,) and their
        covariance in units of σ² (levels, levels).
        """
        place = [grouping.name for grouping in self.groupings].index(fixed)
        with self._threads():
            solution = self.least_squares.at(relative_sd)
            among = solution.inverse_block(place)
        inverse = np.linalg.inv(solution.left[:-1, :-1])
        of_x, of_y = solution.modes[place][:, :-1], solution.modes[place][:, -1]
        beta = inverse @ solution.left[:-1, -1]
        return of_y - of_x @ beta, among + of_x @ inverse @ of_x.T

    def _threads(self) -> AbstractContextManager[object]:
        return threads_for(self.least_squares.pattern.shape[0])


def threads_for(size: int) -> AbstractContextManager[object]:
    """One thread of the linear algebra for matrices of few rows, all of them for larger ones."""
    return one_thread() if size <= _ONE_THREAD else nullcontext()


class _Search:
    """Quasi-Newton in log θ, measured in its approximate standard errors; then zero is tried."""

    def __init__(self, likelihood: Likelihood, criterion: Criterion, fixed: Sequence[str]) -> None:
        self.likelihood, self.criterion = likelihood, criterion
        self.sought = np.array([one.name not in fixed for one in likelihood.groupings])
        levels = np.array([one.levels for one in likelihood.groupings])[self.sought]
        self.unit = np.sqrt(2 * levels) / _STEP
        self.evaluations = 0

    def minimum(self) -> MixedModel:
        theta = self._descend(np.full(self.sought.sum(), _START))
        for place in np.flatnonzero(theta < _NEAR_ZERO):
            zero, small = theta.copy(), theta.copy()
            zero[place], small[place] = 0.0, _SMALL
            if self._at(small).criterion < self._at(zero).criterion - _SAME:
                small[place] = _AGAIN  # a step of the search went too far, down to where it is flat
                theta = self._descend(np.maximum(small, _LEAST))
        least = self._at(theta)
        for place in np.flatnonzero(theta < _NEAR_ZERO):
            zero = np.where(np.arange(len(theta)) == place, 0.0, theta)
            without = self._at(zero)
            if without.criterion <= least.criterion + _SAME:
                theta, least = zero, without
        variances = theta**2 * least.residual_variance
        names = [
            one.name
            for one, sought in zip(self.likelihood.groupings, self.sought, strict=True)
            if sought
        ]
        return MixedModel(
            relative_sd=self._whole(theta),
            variances=dict(zip(names, map(float, variances), strict=True)),
            boundary=tuple(name for name, one in zip(names, theta, strict=True) if one == 0),
            at=least,
            gradient=float(np.abs(least.gradient).max(initial=0.0)),
            evaluations=self.evaluations,
        )

    def _descend(self, start: Floats) -> Floats:
        def evaluated(place: Floats) -> tuple[float, Floats]:
            at = self._at(np.exp(place / self.unit))
            return at.criterion, at.gradient[self.sought] / self.unit

        found = optimize.minimize(
            evaluated, np.log(start) * self.unit, jac=True, method="L-BFGS-B",
            bounds=[(np.log(_LEAST) * unit, np.log(_MOST) * unit) for unit in self.unit],
            options={"ftol": 1e-14, "gtol": 1e-4, "maxiter": 200},
        )  # fmt: skip
        return np.asarray(np.exp(found.x / self.unit))

    def _at(self, theta: Floats) -> Profile:
        self.evaluations += 1
        return self.likelihood.at(self._whole(theta), self.criterion)

    def _whole(self, theta: Floats) -> Floats:
        relative_sd = np.full(len(self.sought), FIXED)
        relative_sd[self.sought] = theta
        return relative_sd
