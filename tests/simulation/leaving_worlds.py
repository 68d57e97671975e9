"""Invented unions whose people leave the sooner the less they are paid, with known truth."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import polars as pl

from otdacha.pay.leaving import CLASSES, TENURE

GROUPS = ("главная", "ведущая", "старшая")
BEGINS = np.array([12, 36, 60, 120])
"""Months of service at which classes of tenure begin."""
TENURE_EFFECT = np.array([0.5, 0.2, 0.0, -0.2, -0.1])
SHARE_OF_PAY = 0.7
"""Correlation of a town's hazard beyond pay with its low pay."""


@dataclass(frozen=True)
class Union:
    """person_months: as `otdacha.pay.leaving.person_months` makes them. truth: municipality,
    log_hazard at the local wage and without tenure, as in the last four quarters."""

    person_months: pl.DataFrame
    truth: pl.DataFrame


@dataclass(frozen=True)
class World:
    """Posts in towns; where somebody leaves, somebody else comes in the next month.

    people: in a usual town; uneven: standard deviation of the logarithm of a town's size. monthly:
    the hazard of a usual town at its local wage; slope: what log relative pay does to its
    logarithm. Standard deviations of pay (logarithms): people_differ between people of a town,
    towns_differ between towns, raises of a town's group in a year. shocks: standard deviation of a
    town's hazard in a year, beyond pay; follows: what a shock adds to the pay of the year after.
    """

    towns: int = 26
    people: int = 90
    months: int = 42
    monthly: float = 0.009
    slope: float = -1.5
    people_differ: float = 0.25
    towns_differ: float = 0.15
    raises: float = 0.05
    shocks: float = 0.0
    follows: float = 0.0
    uneven: float = 0.0

    def union(self, seed: int) -> Union:
        rng = np.random.default_rng(seed)
        M, T = self.towns, self.months
        years = (T - 1) // 12 + 1
        level = rng.normal(0, 1, M)
        beyond = -0.35 * (SHARE_OF_PAY * level + np.sqrt(1 - SHARE_OF_PAY**2) * rng.normal(size=M))
        quarter = rng.normal(0, 0.15, (T - 1) // 3 + 1)
        shock = rng.normal(0, 1, (M, years)) * self.shocks
        raised = rng.normal(0, self.raises, (M, len(GROUPS), years))
        raised[:, :, 1:] += self.follows * shock[:, None, :-1]
        raised = raised.cumsum(axis=2)
        size = np.exp(rng.normal(-(self.uneven**2) / 2, self.uneven, M))
        town = np.repeat(np.arange(M), np.maximum(10, np.rint(self.people * size)).astype(int))
        group = rng.integers(0, len(GROUPS), len(town))
        person, own = np.arange(len(town)), self._people(rng, town)
        served = rng.integers(0, 180, len(town))
        rows = []
        for month in range(T):
            tenure = np.searchsorted(BEGINS, served, side="right")
            x = -0.1 + self.towns_differ * level[town] + own + raised[town, group, month // 12]
            log_hazard = (
                np.log(self.monthly)
                + beyond[town]
                + quarter[month // 3]
                + TENURE_EFFECT[tenure]
                + shock[town, month // 12]
                + self.slope * x
            )
            left = rng.random(len(town)) < np.exp(log_hazard)
            rows.append((person, town, group, np.full(len(town), month), tenure, x, left))
            served = np.where(left, 0, served + 1)
            own = np.where(left, self._people(rng, town), own)
            person = np.where(left, person + len(town), person)
        columns = [np.concatenate(part) for part in zip(*rows, strict=True)]
        last = np.arange(T)[-12:]
        now = np.log(np.exp(quarter[last // 3] + shock[:, last // 12]).mean(axis=1))
        return Union(
            _frame(columns, T),
            pl.DataFrame(
                {
                    "municipality": [str(at) for at in range(M)],
                    "log_hazard": np.log(self.monthly) + beyond + now,
                }
            ),
        )

    def _people(self, rng: np.random.Generator, town: np.ndarray) -> np.ndarray:
        return rng.normal(0, self.people_differ, len(town))


def _frame(columns: list[np.ndarray], months: int) -> pl.DataFrame:
    person, town, group, month, tenure, x, left = columns
    calendar = pl.Series(
        [dt.date(2023 + at // 12, 1 + at % 12, 1) for at in range(months)], dtype=pl.Date
    )
    return pl.DataFrame(
        {
            "person": pl.Series(person).cast(pl.String),
            "municipality": pl.Series(town).cast(pl.String),
            "position_group": pl.Series(np.array(GROUPS)[group]),
            "month": calendar.gather(month),
            "tenure": pl.Series(np.array(CLASSES)[tenure], dtype=TENURE),
            "pay": x,
            "left": left,
        }
    )
