"""From the fits of every indicator to `Effects`: one code path for designs A and B."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from otdacha.effects.cells import indicator_cells
from otdacha.effects.composite import composite
from otdacha.effects.fit import Fit
from otdacha.effects.imputation import impute_cells
from otdacha.effects.joint_estimation import joint_cells
from otdacha.effects.result import ESTIMATED, ESTIMATES, INSUFFICIENT, Effects, without_nan
from otdacha.effects.two_way import both_ways, session_labels
from otdacha.errors import NothingToEstimate
from otdacha.language import text
from otdacha.methodology import Indicator, Methodology
from otdacha.methodology.counting import EXCLUDED
from otdacha.progress import Progress, silent

IMPUTATION, JOINT = "imputation", "joint"
KERNELS = {IMPUTATION: impute_cells, JOINT: joint_cells}


@dataclass(frozen=True)
class Fits:
    """What each design that was asked for found for each indicator, and the names of the axes.

    found: design → indicator → fit. providers, clusters: the columns and rows of the fits' ψ.
    """

    indicators: tuple[Indicator, ...]
    providers: tuple[str, ...]
    clusters: tuple[str, ...]
    covariates: tuple[str, ...]
    found: Mapping[str, Mapping[str, Fit]]


def fit_designs(
    cells: pl.DataFrame,
    exposure: pl.DataFrame,
    methodology: Methodology,
    designs: Sequence[str],
    *,
    covariates: Sequence[str],
    correct: bool = True,
    progress: Progress = silent,
) -> Fits:
    """Fit each of `designs` to each indicator; the cells of an indicator are sorted once."""
    exposure = exposure.with_columns(pl.col("provider").cast(pl.String))
    providers = tuple(exposure["provider"].unique().sort())
    clusters = cells.select("cluster").unique().sort("cluster").with_row_index("cluster_code")
    sessions = session_labels(exposure) if methodology.design.second_cluster == "session" else None
    names = tuple(map(str, clusters["cluster"]))
    asked = [i for i in methodology.indicators if (cells["indicator"] == i.id).any()]
    found: dict[str, dict[str, Fit]] = {design: {} for design in designs}
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
            sessions=sessions.units if sessions else None,
        )
        for design in designs:
            kernel = KERNELS[design]
            fit = kernel(data, len(providers), len(names), correct=correct)
            if sessions:
                codes = len(sessions.names) + len(names)
                second = kernel(data.by_session(), len(providers), codes, correct=correct)
                fit = both_ways(fit, second, len(sessions.names), methodology.minimum)
            found[design][indicator.id] = fit
    progress(text("Estimating effects"), len(asked), len(asked))
    return Fits(
        indicators=tuple(asked),
        providers=providers,
        clusters=names + (sessions.names if sessions else ()),
        covariates=tuple(covariates),
        found=found,
    )


def effects_of(
    fits: Fits, design: str, methodology: Methodology, reach: pl.DataFrame | None
) -> Effects:
    """The tables of one design, with the composite where there are several indicators."""
    found = fits.found[design]
    few = _few_people(fits.providers, reach, methodology)
    tables: list[pl.DataFrame] = []
    scores: dict[str, NDArray[np.float64]] = {}
    for indicator in fits.indicators:
        fit = found[indicator.id]
        table = _table(indicator, fit, fits.providers, few, methodology)
        tables.append(table)
        scores[indicator.id] = np.where(table["state"].to_numpy() == ESTIMATED, fit.psi, 0.0)
    effects = Effects(
        design=design,
        providers=fits.providers,
        clusters=fits.clusters,
        estimates=pl.concat(tables),
        scores=scores,
        scales={name: fit.scale if fit.varies else 0.0 for name, fit in found.items()},
        excluded=_excluded(found, fits.providers),
        diagnostics={
            name: {
                "clean_cells": fit.clean_cells,
                "exposed_cells": fit.exposed_cells,
                "covariates": dict(zip(fits.covariates, map(float, fit.beta), strict=True)),
            }
            for name, fit in found.items()
        },
    )
    return composite(effects, methodology) if len(fits.indicators) > 1 else effects


def refuse_without_clean_cells(found: Mapping[str, Fit]) -> None:
    """Raise NothingToEstimate where no work before any training is on record."""
    if not any(fit.clean_cells for fit in found.values()):
        raise NothingToEstimate(
            text(
                "There is not one month of work before any training, so nothing shows what would "
                "have been without it. Add case logs of untrained staff or of earlier years, or "
                "training records that reach back further."
            )
        )


def refuse_without_exposed_cells(found: Mapping[str, Fit]) -> None:
    """Raise NothingToEstimate where no work after training can be used."""
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
    fit: Fit,
    providers: Sequence[str],
    few: NDArray[np.bool_],
    methodology: Methodology,
) -> pl.DataFrame:
    minimum = methodology.minimum
    reason = np.select(
        [
            fit.cells == 0,
            fit.no_contrast,
            fit.inseparable,
            fit.one_cluster,
            few,
            fit.clusters < minimum.clusters,
            fit.few_sessions,
            ~(fit.df > minimum.degrees_of_freedom - 1e-9),
        ],
        [
            "no_exposed_cell",
            "no_contrast",
            "inseparable",
            "one_cluster",
            "few_people",
            "few_clusters",
            "few_sessions",
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


def _excluded(found: Mapping[str, Fit], providers: Sequence[str]) -> pl.DataFrame:
    rows: list[tuple[str, str, str, str | None, int]] = []
    for name, fit in found.items():
        rows += [("effects", reason, name, None, count) for reason, count in fit.excluded.items()]
        for reason, counts in fit.excluded_by_provider.items():
            rows += [
                ("effects", reason, name, providers[j], int(counts[j]))
                for j in np.flatnonzero(counts).tolist()
            ]
    return pl.DataFrame(rows, schema=EXCLUDED, orient="row")
