"""Design A: what training by each provider changed, against units not (yet) trained."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from otdacha.effects.assemble import (
    IMPUTATION,
    effects_of,
    fit_designs,
    refuse_without_clean_cells,
    refuse_without_exposed_cells,
)
from otdacha.effects.result import Effects
from otdacha.effects.stored import Table
from otdacha.methodology import Methodology
from otdacha.progress import Progress, silent


def impute(
    cells: Table,
    exposure: Table,
    methodology: Methodology,
    *,
    reach: pl.DataFrame | None = None,
    covariates: Sequence[str] = (),
    correct: bool = True,
    progress: Progress = silent,
) -> Effects:
    """Effects of all providers on all indicators by imputation, with their joint covariance.

    cells, exposure, reach: frames as in `otdacha.panel.frames`; cells and exposure may also be
    scans of the panel's Parquet files (`pl.scan_parquet`), which are then read a stratum at a time
    with the same result, to the last digit (`otdacha.effects.stored`). A unit must lie in one
    cluster; in two strata it counts as two units. `n` and `total` may be floating point numbers;
    identifiers of frames may be of any type that can be sorted. covariates: numeric columns of
    `cells`. With `reach`, providers that trained fewer than `minimum.people` are "insufficient
    evidence". correct: False leaves out the leave-one-cluster-out correction, to compare with
    packages that do not have it.

    Estimates are in the indicator's own unit, `standardised` in standard deviations of clean
    residuals; plus is better. Every cell that is not used is counted in `excluded`, by the rules of
    docs/method/bad-input.md. Placebo indicators have no effect here: they have a gate.

    Source: Borusyak, Jaravel, Spiess (2024); method.md §3-§4.
    Raises NothingToEstimate where there are no clean cells or no exposed cells at all.
    """
    fits = fit_designs(
        cells,
        exposure,
        methodology,
        [IMPUTATION],
        covariates=covariates,
        correct=correct,
        progress=progress,
    )
    refuse_without_clean_cells(fits.found[IMPUTATION])
    refuse_without_exposed_cells(fits.found[IMPUTATION])
    return effects_of(fits, IMPUTATION, methodology, reach)
