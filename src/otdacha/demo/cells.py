"""A small invented union as cells and exposure: no files, no workspace, made in a moment.

For notebooks and for the pages of the method. Each of the default methodology's indicators is the
unit's own level plus a calendar that all share, a shock of the town that fades slowly, the effect
of training, and chance that is smaller in months with more cases.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from otdacha.methodology import Methodology, default_methodology

PROVIDERS = (
    "Лукоморье", "Беловодье", "Буян", "Жар-птица", "Китеж", "Тридевятое", "Василиса",
    "Калинов мост", "Живая вода", "Сапоги-скороходы", "Ковёр-самолёт", "Скатерть-самобранка",
)  # fmt: skip
"""Names out of folk tales; none of these organisations exists."""

_TRUTH = (0.25, 0.0, 0.12, 0.3, 0.0, 0.0, 0.15, -0.1, 0.2, 0.0, 0.08, 0.0)
_LEVEL = {"on_time": 0.75, "duration": 12.0, "repeat": 0.12}
_SPREAD = {"on_time": 0.20, "duration": 4.0, "repeat": 0.10}
_GROWN_AFTER = 4
"""Months until a course has its whole effect."""


@dataclass(frozen=True)
class InventedCells:
    """cells, exposure: as in `otdacha.panel.frames`. truth: provider, effect (standard deviations
    of a case, the same for every indicator, plus is better, once the effect has grown)."""

    cells: pl.DataFrame
    exposure: pl.DataFrame
    truth: pl.DataFrame


def invent_cells(
    seed: int = 20210415,
    *,
    towns: int = 24,
    people: int = 20,
    months: int = 40,
    methodology: Methodology | None = None,
) -> InventedCells:
    """Invent a union of `towns` x `people` x `months`, of whom about three in four are trained."""
    rules = methodology or default_methodology()
    draw = np.random.default_rng(seed)
    count = towns * people
    town = np.repeat(np.arange(towns), people)
    provider, start = _trained(draw, town, months)
    since = np.arange(months) - start[:, None]
    exposed = (since >= 0) & (since < rules.design.horizon_months) & (provider >= 0)[:, None]
    forgotten = (since >= rules.design.horizon_months) & (provider >= 0)[:, None]
    grown = np.clip((since + 1) / _GROWN_AFTER, 0, 1) * exposed
    effect = np.where(provider >= 0, np.asarray(_TRUTH)[provider], 0.0)[:, None] * grown
    n = draw.integers(4, 16, (count, months))
    calendar = [dt.date(2022 + m // 12, m % 12 + 1, 1) for m in range(months)]
    status = np.where(exposed, "exposed", np.where(forgotten, "after_horizon", "clean"))
    unit = np.repeat([f"u{i:04d}" for i in range(count)], months)
    place = np.repeat(town, months)
    towns_of_cells = [f"t{t:02d}" for t in place]
    parts = []
    for indicator in rules.indicators:
        better = (
            0.7 * draw.normal(size=(count, 1))
            + 0.2 * draw.normal(size=months)
            + _town_shocks(draw, towns, months)[town]
            + effect
            + draw.normal(size=(count, months)) / np.sqrt(n)
        )
        y = _LEVEL[indicator.id] + indicator.sign * _SPREAD[indicator.id] * better
        parts.append(
            pl.DataFrame(
                {
                    "unit": unit,
                    "municipality": towns_of_cells,
                    "stratum": ["north-west" if t % 2 else "centre" for t in place],
                    "cluster": towns_of_cells,
                    "month": calendar * count,
                    "indicator": [indicator.id] * (count * months),
                    "n": n.ravel(),
                    "total": (n * (y / indicator.resolution - indicator.centre)).ravel(),
                    "status": status.ravel(),
                }
            )
        )
    at = exposed.ravel()
    exposure = pl.DataFrame(
        {
            "unit": unit[at],
            "month": pl.Series(calendar * count).filter(pl.Series(at)),
            "provider": np.asarray(PROVIDERS)[np.repeat(provider, months)[at]],
            "share": np.ones(at.sum()),
            "staff": np.ones(at.sum(), dtype=np.int64),
        }
    )
    truth = pl.DataFrame({"provider": PROVIDERS, "effect": _TRUTH})
    return InventedCells(pl.concat(parts), exposure, truth)


def _trained(
    draw: np.random.Generator, town: NDArray[np.intp], months: int
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Each person's provider (-1: never trained) and first exposed month; towns send in groups."""
    provider = np.full(len(town), -1)
    start = np.full(len(town), months)
    for place in range(town[-1] + 1):
        here = np.flatnonzero(town == place)
        free = draw.permutation(here)[: 3 * len(here) // 4]
        for group in np.array_split(free, 4):
            provider[group] = draw.integers(len(PROVIDERS))
            start[group] = draw.integers(12, months - 4)
    return provider, start


def _town_shocks(draw: np.random.Generator, towns: int, months: int) -> NDArray[np.float64]:
    """Shocks of towns (towns, months), each month's made of 0.6 of the last one's."""
    shocks = np.empty((towns, months))
    shocks[:, 0] = draw.normal(0, 0.15, towns)
    for month in range(1, months):
        shocks[:, month] = 0.6 * shocks[:, month - 1] + draw.normal(0, 0.12, towns)
    return shocks
