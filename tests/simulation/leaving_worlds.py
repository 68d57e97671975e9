"""Invented unions whose people leave the sooner the less they are paid, with known truth."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import polars as pl

CLASSES = np.array(["0-1", "1-3", "3-5", "5-10", "10+"])
BOUNDS = np.array([12, 36, 60, 120])


@dataclass(frozen=True)
class World:
    """Towns of posts that are filled anew when somebody leaves.

    monthly: the hazard of a usual town at its local wage; slope: what log relative pay does to its
    logarithm. shocks: standard deviation of a town's year beyond what pay and quarters say, in
    which its pay moves too (by `raises`).
    """

    towns: int = 26
    people: int = 90
    months: int = 42
    monthly: float = 0.009
    slope: float = -1.5
    shocks: float = 0.0
    raises: float = 0.05
    uneven: float = 0.0
    people_differ: float = 0.25

    def person_months(self, seed: int) -> pl.DataFrame:
        """Town effects rise where pay is low (correlation -0.7); pay differs by people within a
        town (0.25), moves by town and year, and towns pay 0.15 more or less than others."""
        rng = np.random.default_rng(seed)
        M, T = self.towns, self.months
        level = rng.normal(0, 0.15, M)
        town_effect = -0.35 * (0.7 * level / 0.15 + np.sqrt(1 - 0.49) * rng.normal(size=M))
        quarter = rng.normal(0, 0.15, T // 3 + 1)[np.arange(T) // 3]
        year = np.arange(T) // 12
        raised = rng.normal(0, self.raises, (M, year[-1] + 1)).cumsum(axis=1)
        shock = rng.normal(0, self.shocks, (M, year[-1] + 1)) if self.shocks else 0 * raised
        size = np.maximum(
            10, np.rint(self.people * np.exp(rng.normal(-(self.uneven**2) / 2, self.uneven, M)))
        ).astype(int)
        town = np.repeat(np.arange(M), size)
        own = rng.normal(0, self.people_differ, len(town))
        tenure = rng.integers(0, 180, len(town))
        rows = []
        for month in range(T):
            klass = np.searchsorted(BOUNDS, tenure, side="right")
            x = level[town] + own + raised[town, year[month]] - 0.1
            log_hazard = (
                np.log(self.monthly)
                + town_effect[town]
                + quarter[month]
                + np.array([0.5, 0.2, 0.0, -0.2, -0.1])[klass]
                + shock[town, year[month]]
                + self.slope * x
            )
            left = rng.random(len(town)) < np.exp(log_hazard)
            rows.append((town, np.full(len(town), month), klass, x, left))
            tenure = np.where(left, 0, tenure + 1)
            own = np.where(left, rng.normal(0, self.people_differ, len(town)), own)
        town, month, klass, x, left = (np.concatenate(part) for part in zip(*rows, strict=True))
        return pl.DataFrame(
            {
                "municipality": pl.Series(town).cast(pl.String),
                "month": pl.date_range(
                    dt.date(2023, 1, 1), interval="1mo", eager=True, end=_after(T)
                ).gather(month),
                "tenure": pl.Series(CLASSES[klass]),
                "pay": x,
                "left": left,
            }
        )


def _after(months: int) -> dt.date:
    return dt.date(2023 + (months - 1) // 12, 1 + (months - 1) % 12, 1)
