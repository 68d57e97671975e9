"""The path of results around training: months before it (leads) and months since it (lags).

Leads are slopes of clean cells on dummies for the months before training, the reference being
earlier months and units that are never trained; they have no part in the estimation of effects
(Borusyak, Jaravel, Spiess 2024, section 4.4). Lags are effects of exposed cells by months since the
unit's spell of exposure began, by the same imputation that estimates providers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from otdacha.effects.codes import held
from otdacha.effects.contrasts import Contrasts
from otdacha.effects.event_time import (
    ALL,
    before_training,
    grouped,
    leads_of,
    since_exposure,
    unit_months,
)
from otdacha.effects.reestimate import (
    Setting,
    headline,
    reestimated,
    setting,
    slopes,
    statements,
)
from otdacha.effects.result import ESTIMATED, INSUFFICIENT, Effects, without_nan
from otdacha.effects.stored import Table
from otdacha.methodology import Methodology

EVENT_STUDY = pl.Schema(
    {
        "indicator": pl.String,
        "group": pl.String,
        "time": pl.Int64,  # months; -1 the last clean month, 0 the first exposed; horizon: and more
        "estimate": pl.Float64,  # own unit, composite in sd; plus is better
        "se": pl.Float64,
        "df": pl.Float64,
        "lower": pl.Float64,  # this month by itself, t
        "upper": pl.Float64,
        "lower_all": pl.Float64,  # all months of the group together
        "upper_all": pl.Float64,
        "cells": pl.Int64,
        "clusters": pl.Int64,
        "people": pl.Int64,  # of the units with such a month; a person of two units counts twice
        "state": pl.String,  # "estimated" or "insufficient evidence"
    }
)


@dataclass(frozen=True)
class EventStudy:
    """Leads and lags with their joint covariance.

    frame: schema `EVENT_STUDY`, sorted by group and time within each indicator; what is
        insufficient has nulls and no part in the bands. The last lag stands for the horizon and all
        later months of a spell.
    level: of the bands, design.level.
    paths: (indicator, group) → the statements in the order of time, with their scores.
    """

    frame: pl.DataFrame
    level: float
    paths: Mapping[tuple[str, str], Contrasts]


def event_study(
    cells: Table,
    exposure: Table,
    effects: Effects,
    methodology: Methodology,
    *,
    group: Mapping[str, str] | None = None,
    months: pl.DataFrame | None = None,
) -> EventStudy:
    """Leads and lags on every indicator of the headline and on the headline itself.

    group: provider → group (each provider by itself, its type, ...); None: all together. effects:
    as `impute` made them from the same cells and exposure; they give the scales. There are
    methodology.gates.leads leads, and lags 0 … design.horizon_months. A training whose exposure was
    never seen belongs to no group: its last months before are left out. A department whose people
    are trained in turn has one long spell, so its lags are months since the first of them; those of
    a horizon and more are one lag. months: what `unit_months` made of the cells, where it is there.
    Scans of Parquet files are read whole, with names in codes.
    """
    cells, exposure = held(cells, exposure, methodology)
    fixed = setting(cells, effects, methodology)
    if not fixed.factors:
        return EventStudy(EVENT_STUDY.to_frame(), methodology.design.level, {})
    months = unit_months(cells) if months is None else months
    spells = since_exposure(months, grouped(exposure, group), methodology.design.horizon_months)
    groups = sorted({*group.values()}) if group is not None else [ALL]
    leads = _leads(cells, months, exposure, fixed, groups, group)
    lags = _lags(cells, spells, fixed, groups)
    return _told(fixed, groups, leads, lags)


@dataclass(frozen=True)
class _Half:
    """Statements of all groups, group after group, and what each rests on (statements,)."""

    times: tuple[int, ...]
    parts: Mapping[str, Contrasts]
    material: Mapping[str, pl.DataFrame]


def _leads(
    cells: pl.DataFrame,
    months: pl.DataFrame,
    exposure: pl.DataFrame,
    fixed: Setting,
    groups: list[str],
    group: Mapping[str, str] | None,
) -> _Half:
    count = fixed.methodology.gates.leads
    told = leads_of(before_training(months, exposure), count, groups, group)
    names = [f"{name} {-lead}" for name in groups for lead in range(1, count + 1)]
    parts = slopes(cells, told, "lead_number", "lead_dummy", names, fixed, fixed.indicators)
    seen = (
        cells.join(told.filter(pl.col("lead_number") >= 0), on=["unit", "month"])
        .filter(pl.col("n") > 0)
        .rename({"lead_number": "code"})
    )
    return _Half(tuple(-lead for lead in range(1, count + 1)), parts, _material(seen, fixed))


def _lags(cells: pl.DataFrame, spells: pl.DataFrame, fixed: Setting, groups: list[str]) -> _Half:
    last = fixed.methodology.design.horizon_months
    place = {name: number * (last + 1) for number, name in enumerate(groups)}
    coded = spells.with_columns(
        provider=pl.col("group").replace_strict(place, return_dtype=pl.Int64) + pl.col("lag"),
    )
    codes = len(groups) * (last + 1)
    names = [f"{name} {lag}" for name in groups for lag in range(last + 1)]
    found = reestimated(cells, coded, codes, fixed, fixed.indicators)
    seen = (
        cells.filter(pl.col("status").cast(pl.String) == "exposed", pl.col("n") > 0)
        .join(coded, on=["unit", "month"])
        .with_columns(people=pl.col("share") * pl.col("staff"))
        .rename({"provider": "code"})
    )
    return _Half(tuple(range(last + 1)), statements(found, names, fixed), _material(seen, fixed))


def _material(seen: pl.DataFrame, fixed: Setting) -> dict[str, pl.DataFrame]:
    """By indicator: code, cells, clusters, people."""
    by_unit = seen.group_by("indicator", "code", "unit", "cluster").agg(
        cells=pl.len(), people=pl.col("people").max()
    )
    table = by_unit.group_by("indicator", "code").agg(
        cells=pl.col("cells").sum().cast(pl.Int64),
        clusters=pl.col("cluster").n_unique().cast(pl.Int64),
        people=pl.col("people").sum().round().cast(pl.Int64),
    )
    return {name: table.filter(pl.col("indicator") == name) for name in fixed.factors}


def _told(fixed: Setting, groups: list[str], leads: _Half, lags: _Half) -> EventStudy:
    methodology = fixed.methodology
    gates, level = methodology.gates, methodology.design.level
    both: dict[str, tuple[Contrasts, Contrasts]] = {
        name: (
            _enough(leads.parts[name], leads.material[name], methodology),
            _enough(lags.parts[name], lags.material[name], methodology),
        )
        for name in fixed.factors
    }
    material = {name: (leads.material[name], lags.material[name]) for name in fixed.factors}
    if fixed.headline not in both:
        both[fixed.headline] = (
            headline({name: pair[0] for name, pair in both.items()}, fixed),
            headline({name: pair[1] for name, pair in both.items()}, fixed),
        )
        material[fixed.headline] = (
            _least([pair[0] for pair in material.values()]),
            _least([pair[1] for pair in material.values()]),
        )
    before, after = len(leads.times), len(lags.times)
    paths, tables = {}, []
    for name, (early, late) in both.items():
        for place, one in enumerate(groups):
            lead = np.arange((place + 1) * before - 1, place * before - 1, -1)
            lag = np.arange(place * after, (place + 1) * after)
            path = _picked(early, lead).after(_picked(late, lag))
            paths[name, one] = path
            bands = path.bands(level=level, draws=gates.draws, seed=gates.seed)
            counted = pl.concat(
                [
                    pl.DataFrame({"code": rows}).join(
                        seen, on="code", how="left", maintain_order="left"
                    )
                    for rows, seen in zip((lead, lag), material[name], strict=True)
                ]
            )
            tables.append(
                pl.DataFrame(
                    {
                        "indicator": [name] * len(path.names),
                        "group": [one] * len(path.names),
                        "time": [*sorted(leads.times), *lags.times],
                        "estimate": path.estimate,
                        "se": path.se,
                        "df": path.df,
                        "lower": bands.lower,
                        "upper": bands.upper,
                        "lower_all": bands.lower_all,
                        "upper_all": bands.upper_all,
                        **{
                            column: counted[column].fill_null(0)
                            for column in ("cells", "clusters", "people")
                        },
                        "state": np.where(path.known, ESTIMATED, INSUFFICIENT),
                    },
                    schema=EVENT_STUDY,
                )
            )
    frame = pl.concat(tables) if tables else EVENT_STUDY.to_frame()
    return EventStudy(without_nan(frame), level, paths)


def _enough(part: Contrasts, material: pl.DataFrame, methodology: Methodology) -> Contrasts:
    """Statements that rest on enough people and clusters."""
    counted = pl.DataFrame({"code": np.arange(len(part.names))}).join(
        material, on="code", how="left", maintain_order="left"
    )
    minimum = methodology.minimum
    return part.where(
        (counted["people"].fill_null(0).to_numpy() >= minimum.people)
        & (counted["clusters"].fill_null(0).to_numpy() >= minimum.clusters)
        & (part.df > minimum.degrees_of_freedom - 1e-9)
    )


def _least(tables: list[pl.DataFrame]) -> pl.DataFrame:
    """What all indicators rest on: cells are summed, people and clusters the fewest."""
    return (
        pl.concat(tables)
        .group_by("code")
        .agg(
            pl.col("indicator").first(),
            pl.col("cells").sum(),
            pl.col("clusters").min(),
            pl.col("people").min(),
        )
    )


def _picked(part: Contrasts, rows: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Contrasts:
    names = tuple(part.names[row] for row in rows.tolist())
    return Contrasts(names, part.estimate[rows], part.scores[:, rows], part.df[rows])
