"""What a simulated union gives: frames that the evaluation reads, and truth that it never sees."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

import numpy as np
import polars as pl

SATISFACTION = 0.2
"""Correlation of the providers' mean satisfaction with their true effects.

The upper end of what the meta-analysis of Alliger et al. (1997) finds between trainees' reactions
and what they then do at work: about 0.1 for liking, nearly 0.2 for usefulness.
"""


SAID = pl.Schema({"unit": pl.Int64, "provider": pl.String, "score": pl.Int64})


@dataclass(frozen=True)
class Union:
    """cells, exposure: frames as in `otdacha.panel.frames`, with totals in floating point.

    satisfaction: unit, provider, score (1-5), one row for each trained person; empty where nobody
    was asked.
    """

    cells: pl.DataFrame
    exposure: pl.DataFrame
    truth: np.ndarray
    """(J,) the providers' true mean effects over the exposed cells, towns' own deviations apart."""
    towns_of: np.ndarray
    """(J,) how many towns each provider works in."""
    satisfaction: pl.DataFrame = field(default_factory=SAID.to_frame)

    @property
    def providers(self) -> pl.DataFrame:
        """provider, truth, towns."""
        return pl.DataFrame(
            {
                "provider": names(len(self.truth)),
                "truth": self.truth,
                "towns": self.towns_of.astype(np.int64),
            }
        )


def names(providers: int) -> np.ndarray:
    return np.array([f"p{j:03d}" for j in range(providers)])


def calendar(periods: int) -> pl.Series:
    """The first days of the months, from January 2020."""
    return pl.Series([dt.date(2020 + m // 12, m % 12 + 1, 1) for m in range(periods)])


def cells_frame(
    y: np.ndarray, n: np.ndarray, status: np.ndarray, town: np.ndarray, staff: np.ndarray
) -> pl.DataFrame:
    """Cells of (units, periods) means, cases, statuses and staff; town (units,) is the cluster."""
    units, periods = y.shape
    unit = np.repeat(np.arange(units), periods)
    return pl.DataFrame(
        {
            "unit": unit,
            "stratum": np.zeros(units * periods, dtype=np.int16),
            "cluster": town[unit],
            "month": calendar(periods).gather(np.tile(np.arange(periods), units)),
            "indicator": ["on_time"] * (units * periods),
            "n": n.ravel(),
            "total": (y * n).ravel(),
            "status": status.ravel(),
            "staff": staff.ravel(),
        }
    )


def satisfaction_frame(
    unit: np.ndarray, provider: np.ndarray, truth: np.ndarray, rng: np.random.Generator
) -> pl.DataFrame:
    """What trained people say: one score of 1-5 for each row of `unit` and `provider` (codes).

    A provider pleases by itself, nearly whatever it teaches: `SATISFACTION` is all that the two
    have in common. People differ twice as much as providers do.
    """
    known = np.nan_to_num(truth, nan=float(np.nanmean(truth)))
    spread = known.std()
    merit = (known - known.mean()) / spread if spread > 0 else np.zeros(len(truth))
    alone = rng.normal(0, 1, len(truth))
    pleasing = SATISFACTION * merit + np.sqrt(1 - SATISFACTION**2) * alone
    said = 3.8 + 0.4 * pleasing[provider] + rng.normal(0, 0.8, len(provider))
    return pl.DataFrame(
        {
            "unit": unit,
            "provider": names(len(truth))[provider],
            "score": np.clip(np.rint(said), 1, 5).astype(np.int64),
        }
    )
