"""From the fits of every indicator to `Effects`: one code path for designs A and B."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import polars as pl
from numpy.typing import NDArray

from otdacha.effects.cells import IndicatorCells, indicator_cells
from otdacha.effects.composite import composite
from otdacha.effects.fit import Fit
from otdacha.effects.imputation import impute_cells
from otdacha.effects.joint_estimation import joint_cells
from otdacha.effects.result import ESTIMATED, ESTIMATES, INSUFFICIENT, Effects, without_nan
from otdacha.effects.stored import StoredCells, StoredExposure, StoredIndicator, Table
from otdacha.effects.strata import Strata
from otdacha.effects.two_way import Sessions, both_ways, session_labels
from otdacha.errors import NothingToEstimate
from otdacha.language import text
from otdacha.methodology import Indicator, Methodology
from otdacha.methodology.counting import EXCLUDED
from otdacha.progress import Progress, silent

IMPUTATION, JOINT = "imputation", "joint"
KERNELS = {IMPUTATION: impute_cells, JOINT: joint_cells}

JACKKNIFE_NUMBERS = 10**9
"""Clusters x providers² above which the jackknife of a joint design that does not run, and is only
shown beside imputation, is not made (docs/decisions/0022)."""


@dataclass(frozen=True)
class Axes:
    """What the codes in the arrays stand for: providers, clusters, and sessions where they cluster.

    cluster_codes: cluster, cluster_code.
    """

    providers: tuple[str, ...]
    cluster_codes: pl.DataFrame
    sessions: Sessions | None

    @classmethod
    def of(cls, cells: pl.DataFrame, exposure: pl.DataFrame, methodology: Methodology) -> Axes:
        return cls._of(cells["cluster"], exposure, methodology)

    @classmethod
    def of_stored(cls, cells: StoredCells, exposure: pl.LazyFrame, rules: Methodology) -> Axes:
        if rules.design.second_cluster == "session":
            return cls._of(cells.clusters, exposure.collect(), rules)
        names = exposure.select(pl.col("provider").unique()).collect(engine="streaming")
        return cls._of(cells.clusters, names, rules)

    @classmethod
    def _of(cls, clusters: pl.Series, exposure: pl.DataFrame, methodology: Methodology) -> Axes:
        towns = clusters.to_frame("cluster").drop_nulls().unique().sort("cluster")
        named = exposure["provider"].cast(pl.String).drop_nulls()
        by_session = methodology.design.second_cluster == "session"
        return cls(
            providers=tuple(named.filter(named.str.strip_chars() != "").unique().sort()),
            cluster_codes=towns.with_row_index("cluster_code"),
            sessions=session_labels(exposure) if by_session else None,
        )

    @property
    def clusters(self) -> tuple[str, ...]:
        """The names of the rows of ψ: clusters, then sessions."""
        names = tuple(map(str, self.cluster_codes["cluster"]))
        return names + (self.sessions.names if self.sessions else ())


@dataclass(frozen=True)
class Fits:
    """What each design that was asked for found for each indicator, and the names of the axes.

    found: design → indicator → fit. providers, clusters: the columns and rows of the fits' ψ.
    unknown_cells: cells of indicators that the methodology does not have. plain_joint: the scores
    of the joint design are without the correction for few clusters.
    """

    indicators: tuple[Indicator, ...]
    providers: tuple[str, ...]
    clusters: tuple[str, ...]
    covariates: tuple[str, ...]
    found: Mapping[str, Mapping[str, Fit]]
    unknown_cells: int = 0
    plain_joint: bool = False


def fit_designs(
    cells: Table,
    exposure: Table,
    methodology: Methodology,
    designs: Sequence[str],
    *,
    covariates: Sequence[str],
    correct: bool = True,
    spare: bool = False,
    progress: Progress = silent,
) -> Fits:
    """Fit each of `designs` to each indicator.

    spare: where several are asked for, do not jackknife the joint design if that is too much work
    (`JACKKNIFE_NUMBERS`) and imputation can do without it.

    Frames: the cells of an indicator are sorted once. Scans of Parquet files: a stratum at a time
    is read (`otdacha.effects.stored`), with the same result to the last digit.
    """
    known = [indicator.id for indicator in methodology.indicators]
    if isinstance(cells, pl.LazyFrame):
        stored = StoredCells.of(cells)
        axes = Axes.of_stored(stored, exposure.lazy(), methodology)
        asked = _asked(set(stored.sizes), methodology)
        data: Iterable[Strata] = stored_cells(
            stored, exposure, asked, axes, methodology, covariates
        )
        unknown = stored.height - sum(stored.sizes.get(name, 0) for name in known)
    else:
        exposure = exposure.lazy().collect()
        axes = Axes.of(cells, exposure, methodology)
        asked = indicators_with_cells(cells, methodology)
        data = sorted_cells(cells, exposure, asked, axes, methodology, covariates)
        unknown = int((~cells["indicator"].cast(pl.String).is_in(known)).fill_null(True).sum())
    fits = fits_of(
        axes,
        asked,
        data,
        methodology,
        designs,
        covariates=covariates,
        correct=correct,
        spare=spare,
        progress=progress,
    )
    return replace(fits, unknown_cells=unknown)


def indicators_with_cells(cells: pl.DataFrame, methodology: Methodology) -> tuple[Indicator, ...]:
    """The methodology's indicators that anything is known of, placebos apart: they have gates."""
    return _asked(set(cells["indicator"].unique()), methodology)


def _asked(known: set[str], methodology: Methodology) -> tuple[Indicator, ...]:
    return tuple(i for i in methodology.indicators if not i.placebo and i.id in known)


def stored_cells(
    cells: StoredCells,
    exposure: Table,
    asked: Sequence[Indicator],
    axes: Axes,
    methodology: Methodology,
    covariates: Sequence[str],
) -> Iterator[StoredIndicator]:
    """The cells of one indicator after the other, on disk."""
    held = StoredExposure.of(exposure.lazy(), axes.providers)
    for indicator in asked:
        yield StoredIndicator(
            cells,
            held,
            indicator,
            providers=len(axes.providers),
            clusters=axes.cluster_codes,
            covariates=tuple(covariates),
            aggregation=methodology.design.aggregation,
            sessions=axes.sessions.units if axes.sessions else None,
        )


def sorted_cells(
    cells: pl.DataFrame,
    exposure: pl.DataFrame,
    asked: Sequence[Indicator],
    axes: Axes,
    methodology: Methodology,
    covariates: Sequence[str],
) -> Iterator[IndicatorCells]:
    """The cells of one indicator after the other, sorted and joined to their exposure."""
    exposure = exposure.with_columns(_named(pl.col("provider").cast(pl.String)))
    for indicator in asked:
        yield indicator_cells(
            cells,
            exposure,
            indicator,
            providers=axes.providers,
            clusters=axes.cluster_codes,
            covariates=covariates,
            aggregation=methodology.design.aggregation,
            sessions=axes.sessions.units if axes.sessions else None,
        )


def fits_of(
    axes: Axes,
    asked: Sequence[Indicator],
    data: Iterable[Strata],
    methodology: Methodology,
    designs: Sequence[str],
    *,
    covariates: Sequence[str] = (),
    correct: bool = True,
    spare: bool = False,
    progress: Progress = silent,
) -> Fits:
    """Fit each of `designs` to sorted cells. data: one for each indicator of `asked`."""
    providers, towns = len(axes.providers), axes.cluster_codes.height
    plain = spare and JOINT in designs and towns * providers**2 > JACKKNIFE_NUMBERS
    found: dict[str, dict[str, Fit]] = {design: {} for design in designs}
    for done, (indicator, arrays) in enumerate(zip(asked, data, strict=True)):
        progress(text("Estimating effects"), done, len(asked))
        for design in designs:
            kernel = partial(KERNELS[design], correct=correct and not (plain and design == JOINT))
            fit = kernel(arrays, providers, towns)
            if axes.sessions:
                sessions = len(axes.sessions.names)
                second = kernel(arrays.by_session(), providers, sessions + towns)
                fit = both_ways(fit, second, sessions, methodology.minimum)
            found[design][indicator.id] = fit
    progress(text("Estimating effects"), len(asked), len(asked))
    return Fits(
        indicators=tuple(asked),
        providers=axes.providers,
        clusters=axes.clusters,
        covariates=tuple(covariates),
        found=found,
        plain_joint=plain,
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
        excluded=_excluded(found, fits.providers, fits.unknown_cells),
        diagnostics={
            name: {
                "clean_cells": fit.clean_cells,
                "exposed_cells": fit.exposed_cells,
                "lone_cells": fit.lone_cells,
                "covariates": dict(zip(fits.covariates, map(float, fit.beta), strict=True)),
            }
            for name, fit in found.items()
        },
    )
    if len(fits.indicators) == 1 and methodology.weights[fits.indicators[0].id] > 0:
        return effects
    units = {name: fit.units_by_cluster for name, fit in found.items()}
    return composite(effects, methodology, units=units)


def _named(provider: pl.Expr) -> pl.Expr:
    """A name of blanks names nobody."""
    return pl.when(provider.str.strip_chars() != "").then(provider)


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
    se = np.sqrt((fit.psi**2).sum(0))
    unusable = sum(fit.excluded_by_provider.values(), np.zeros(len(providers), dtype=np.int64))
    reason = np.select(
        [
            (fit.cells == 0) & (unusable > 0),
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
            "nothing_comparable",
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
    reason = np.where((reason == "") & ~(se > fit.rounding), "no_measure_of_chance", reason)
    known = reason == ""
    scale = fit.scale if fit.varies else np.nan
    return without_nan(
        pl.DataFrame(
            {
                "provider": list(providers),
                "indicator": [indicator.id] * len(providers),
                "estimate": np.where(np.isfinite(fit.theta), fit.theta, np.nan),
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


def _excluded(
    found: Mapping[str, Fit], providers: Sequence[str], unknown_cells: int
) -> pl.DataFrame:
    rows: list[tuple[str, str, str | None, str | None, int]] = []
    if unknown_cells:
        rows.append(("effects", "indicator_unknown", None, None, unknown_cells))
    for name, fit in found.items():
        rows += [("effects", reason, name, None, count) for reason, count in fit.excluded.items()]
        for reason, counts in fit.excluded_by_provider.items():
            rows += [
                ("effects", reason, name, providers[j], int(counts[j]))
                for j in np.flatnonzero(counts).tolist()
            ]
    return pl.DataFrame(rows, schema=EXCLUDED, orient="row")
