"""Effects of providers, cleared of further groupings that cross with them (design C).

Teachers, departments or districts are random intercepts; the variances of all groupings come from
one mixed model. Given the variances, the providers' effects are estimated once more as fixed
effects by generalised least squares, `θ̂ = (D'V⁻¹D)⁻¹ D'V⁻¹(y − Xβ̂)` jointly with the slopes, with
the other groupings in V: not shrunken, and with the exact covariance of their errors. Shrinking
them is what comes next, in `otdacha.ranking`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, sparse
from scipy.sparse.csgraph import connected_components

from otdacha.effects.cells import Floats
from otdacha.effects.groupings import Grouping
from otdacha.effects.mixed_model import Criterion, Likelihood, MixedModel, threads_for
from otdacha.effects.penalised import FIXED
from otdacha.errors import NothingToEstimate
from otdacha.language import text

_NOTHING = 1e-9
"""Share of the outcome's variance below which nothing is left to chance."""


@dataclass(frozen=True)
class CrossedEffects:
    """Effects of J providers about their mean (weighted by rows), and the model behind them.

    estimate (J,); psi (J, J): ψ'ψ is the covariance of the estimates; separable (J,): whether the
    provider's rows are not just those of one level of another grouping. slopes (P,): of the model,
    whose criterion is reported. connected: into how many sets each other grouping parts the
    providers; between sets they are compared only because levels are draws from one distribution.
    """

    estimate: Floats
    psi: Floats
    separable: NDArray[np.bool_]
    model: MixedModel
    intercept: float
    slopes: Floats
    provider_variance: float
    connected: dict[str, int]


def crossed_effects(
    x: Floats,
    y: Floats,
    provider: Grouping,
    crossed: Sequence[Grouping],
    *,
    criterion: Criterion,
    fixed: bool = False,
) -> CrossedEffects:
    """Fit the mixed model, then estimate the providers' effects given its variances.

    x (N, P), y (N,); x holds no intercept and no column that is the same for all of a provider.
    The groupings have passed `refuse_what_cannot_be_told_apart`. fixed: the providers are fixed
    effects while the variances are sought, too (by REML).

    Raises NothingToEstimate where no variation is left.
    """
    groupings = (provider, *crossed)
    with_fixed = Likelihood(x, y, groupings, intercept=False)
    if fixed:
        model = with_fixed.minimum("reml", fixed=[provider.name])
    else:
        model = Likelihood(x, y, groupings).minimum(criterion)
    if model.at.residual_variance <= _NOTHING * float(np.var(y)):
        raise NothingToEstimate(
            text(
                "The outcome is the same for everybody, or the other columns foretell it entirely."
            )
        )
    relative_sd = np.r_[FIXED, model.relative_sd[1:]]
    level, among = with_fixed.fixed_effects(relative_sd, provider.name)

    separable = np.ones(provider.levels, dtype=bool)
    for other in crossed:
        separable[provider.same_rows(other)[0]] = False
    weight = np.where(separable, provider.rows, 0.0)
    weight /= weight.sum()
    with threads_for(provider.levels):
        root = linalg.cholesky(among * model.at.residual_variance, lower=True)
    psi = (root - weight @ root).T
    estimate = level - weight @ level
    slopes = model.at.beta if fixed else model.at.beta[1:]
    at_mean = weight @ level if fixed else model.at.beta[0]
    return CrossedEffects(
        estimate=estimate,
        psi=psi,
        separable=separable,
        model=model,
        intercept=float(with_fixed.mean_y - with_fixed.mean_x @ slopes + at_mean),
        slopes=slopes,
        provider_variance=(_spread(estimate, psi) if fixed else model.variances[provider.name]),
        connected={other.name: _connected_sets(provider, other) for other in crossed},
    )


def refuse_what_cannot_be_told_apart(
    provider: Grouping, crossed: Sequence[Grouping], *, fixed: bool = False
) -> None:
    """A grouping with one level, with a level for each row, or the same as another one.

    With fixed providers also a grouping in which the providers nest: their effects hold its own.
    """
    rows = len(provider.level)
    for grouping in (provider, *crossed):
        if grouping.levels == 1:
            raise NothingToEstimate(
                text(
                    "Column {column} has one and the same value in every complete row; leave it "
                    "out.",
                    column=grouping.name,
                )
            )
        if grouping.levels == rows:
            raise NothingToEstimate(
                text(
                    "Column {column} has another value in every row, so what belongs to it cannot "
                    "be told apart from chance.",
                    column=grouping.name,
                )
            )
    for one, other in combinations((provider, *crossed), 2):
        if one.is_the_same_as(other):
            raise NothingToEstimate(
                text(
                    "Columns {one} and {other} divide the rows in the same way, so what belongs to "
                    "the one cannot be told apart from what belongs to the other; leave one out.",
                    one=one.name,
                    other=other.name,
                )
            )
    for other in crossed if fixed else ():
        if provider.nests_in(other):
            raise NothingToEstimate(
                text(
                    "Column {column} is the same for everybody of a provider, so with fixed "
                    "effects nothing is left to tell of it; leave it out.",
                    column=other.name,
                )
            )


def _spread(estimate: Floats, psi: Floats) -> float:
    """The variance between providers beyond the error of their estimates, by moments."""
    count = len(estimate)
    by_chance = (float((psi**2).sum()) - float((psi.sum(axis=1) ** 2).sum()) / count) / (count - 1)
    return max(float(np.var(estimate, ddof=1)) - by_chance, 0.0)


def _connected_sets(provider: Grouping, other: Grouping) -> int:
    """Sets of providers that hang together by levels which they share."""
    meet = sparse.coo_array(
        (np.ones(len(provider.level)), (provider.level, provider.levels + other.level)),
        shape=(provider.levels + other.levels,) * 2,
    )
    return int(connected_components(sparse.csr_array(meet), directed=False)[0])
