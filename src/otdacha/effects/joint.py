"""Design B: effects, units and periods together, where too little work is free of training."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from otdacha.effects.assemble import (
    JOINT,
    effects_of,
    fit_designs,
    refuse_without_exposed_cells,
)
from otdacha.effects.result import Effects
from otdacha.effects.stored import Table
from otdacha.methodology import Methodology
from otdacha.progress import Progress, silent


def joint(
    cells: Table,
    exposure: Table,
    methodology: Methodology,
    *,
    reach: pl.DataFrame | None = None,
    covariates: Sequence[str] = (),
    correct: bool = True,
    progress: Progress = silent,
) -> Effects:
    """Effects of all providers on all indicators by one regression on clean and exposed cells.

    `y_it = α_i + λ_{s,t} + x_it'β + Σ_j d_ij(t) θ_j + ε`, weighted least squares, with the dose d
    of several providers at once. It holds where a provider's effect is the same in every month:
    where effects grow and starts are staggered it is biased, as two-way fixed effects are, so
    `impute` comes first wherever clean cells allow it (`otdacha.effects.estimate`).

    Arguments and result as for `otdacha.effects.impute`; `standardised` is in standard deviations
    of the residuals of all cells. A provider whose exposure units and months determine, or other
    providers, has no estimate.

    Source: method.md §3; Goodman-Bacon (2021) for what it does to growing effects.
    Raises NothingToEstimate where there are no exposed cells at all.
    """
    fits = fit_designs(
        cells,
        exposure,
        methodology,
        [JOINT],
        covariates=covariates,
        correct=correct,
        progress=progress,
    )
    refuse_without_exposed_cells(fits.found[JOINT])
    return effects_of(fits, JOINT, methodology, reach)
