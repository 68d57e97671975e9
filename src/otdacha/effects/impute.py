"""Design A: what training by each provider changed, against units not (yet) trained."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from otdacha.effects.cells import indicator_cells
from otdacha.effects.composite import composite
from otdacha.effects.imputation import Imputation, impute_cells
from otdacha.effects.result import ESTIMATED, ESTIMATES, INSUFFICIENT, Effects, without_nan
from otdacha.errors import NothingToEstimate
from otdacha.language import text
from otdacha.methodology import Indicator, Methodology
from otdacha.methodology.counting import EXCLUDED
from otdacha.progress import Progress, silent


def impute(
    cells: pl.DataFrame,
    exposure: pl.DataFrame,
    methodology: Methodology,
    *,
    reach: pl.DataFrame | None = None,
    covariates: Sequence[str] = (),
    correct: bool = True,
    progress: Progress = silent,
) -> Effects:
    """Effects of all providers on all indicators by imputation, with their joint covariance.

    cells, exposure, reach: frames as in `otdacha.panel.frames`. A unit must lie in one stratum and
    in one cluster. `n` and `total` may be floating point numbers; identifiers may be of any type
    that can be sorted. covariates: numeric columns of `cells`. With `reach`, providers that trained
    fewer than `minimum.people` are "insufficient evidence". correct: False leaves out the
    leave-one-cluster-out correction, to compare with packages that do not have it.

    Estimates are in the indicator's own unit, `standardised` in standard deviations of clean
    residuals; plus is better. Every cell that is not used is counted in `excluded`.

    Source: Borusyak, Jaravel, Spiess (2024); method.md §3-§4.
    Raises NothingToEstimate where there are no clean cells or no exposed cells at all.
    """
    exposure = exposure.with_columns(pl.col("provider").cast(pl.String))
    providers = tuple(exposure["provider"].unique().sort())
    clusters = cells.select("cluster").unique().sort("cluster").with_row_index("cluster_code")
    found: dict[str, Imputation] = {}
    asked = [i for i in methodology.indicators if (cells["indicator"] == i.id).any()]
    for done, indicator in enumerate(asked):
        progress(text("Estimating effects"), done, len(asked))
        data = indicator_cells(
            cells,
            exposure,
            indicator,
            providers=providers,
            clusters=clusters,
            covariates=covariates,
            aggregation=methodology.design.aggregation,
        )
        found[indicator.id] = impute_cells(data, len(providers), len(clusters), correct=correct)
    progress(text("Estimating effects"), len(asked), len(asked))
    _refuse_nothing(found)

    few = _few_people(providers, reach, methodology)
    tables: list[pl.DataFrame] = []
    scores: dict[str, NDArray[np.float64]] = {}
    for indicator in asked:
        fit = found[indicator.id]
        table = _table(indicator, fit, providers, few, methodology)
        tables.append(table)
        scores[indicator.id] = np.where(table["state"].to_numpy() == ESTIMATED, fit.psi, 0.0)
    effects = Effects(
        design="imputation",
        providers=providers,
        clusters=tuple(map(str, clusters["cluster"])),
        estimates=pl.concat(tables),
        scores=scores,
        scales={name: fit.scale if fit.varies else 0.0 for name, fit in found.items()},
        excluded=_excluded(found, providers),
        diagnostics={
            name: {
                "clean_cells": fit.clean_cells,
                "exposed_cells": fit.exposed_cells,
                "covariates": dict(zip(covariates, map(float, fit.beta), strict=True)),
            }
            for name, fit in found.items()
        },
    )
    return composite(effects, methodology) if len(asked) > 1 else effects


def _refuse_nothing(found: dict[str, Imputation]) -> None:
    if not any(fit.clean_cells for fit in found.values()):
        raise NothingToEstimate(
            text(
                "There is not one month of work before any training, so nothing shows what would "
                "have been without it. Add case logs of untrained staff or of earlier years, or "
                "training records that reach back further."
            )
        )
    if not any(fit.exposed_cells for fit in found.values()):
        raise NothingToEstimate(
            text(
                "There is not one month of work after training that could be compared. Check that "
                "the training register and the case log speak of the same people and years."
            )
        )


def _few_people(
    providers: Sequence[str], reach: pl.DataFrame | None, methodology: Methodology
) -> NDArray[np.bool_]:
    if reach is None:
        return np.zeros(len(providers), dtype=bool)
    people = pl.DataFrame({"provider": list(providers)}, schema={"provider": pl.String}).join(
        reach.select("provider", "people"), on="provider", how="left", maintain_order="left"
    )
    return people["people"].fill_null(0).to_numpy() < methodology.minimum.people


def _table(
    indicator: Indicator,
    fit: Imputation,
    providers: Sequence[str],
    few: NDArray[np.bool_],
    methodology: Methodology,
) -> pl.DataFrame:
    minimum = methodology.minimum
    reason = np.select(
        [
            fit.cells == 0,
            fit.inseparable,
            fit.one_cluster,
            few,
            fit.clusters < minimum.clusters,
            ~(fit.df > minimum.degrees_of_freedom - 1e-9),
        ],
        [
            "no_exposed_cell",
            "inseparable",
            "one_cluster",
            "few_people",
            "few_clusters",
            "few_degrees_of_freedom",
        ],
        default="",
    )
    if not fit.varies:
        reason = np.where(reason == "", "no_variation", reason)
    known = reason == ""
    se = np.sqrt((fit.psi**2).sum(0))
    scale = fit.scale if fit.varies else np.nan
    return without_nan(
        pl.DataFrame(
            {
                "provider": list(providers),
                "indicator": [indicator.id] * len(providers),
                "estimate": fit.theta,
                "standardised": fit.theta / scale,
                "se": np.where(known, se, np.nan),
                "df": np.where(known, fit.df, np.nan),
                "units": fit.units,
                "clusters": fit.clusters,
                "cells": fit.cells,
                "cases": fit.cases,
                "state": np.where(known, ESTIMATED, INSUFFICIENT),
                "reason": [str(r) or None for r in reason],
            },
            schema=ESTIMATES,
        )
    )


def _excluded(found: dict[str, Imputation], providers: Sequence[str]) -> pl.DataFrame:
    rows: list[tuple[str, str, str, str | None, int]] = []
    for name, fit in found.items():
        rows += [("effects", reason, name, None, count) for reason, count in fit.excluded.items()]
        for reason, counts in fit.excluded_by_provider.items():
            rows += [
                ("effects", reason, name, providers[j], int(counts[j]))
                for j in np.flatnonzero(counts).tolist()
            ]
    return pl.DataFrame(rows, schema=EXCLUDED, orient="row")
