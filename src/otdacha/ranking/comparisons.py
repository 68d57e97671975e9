"""Which of two providers is better, and whether the difference stands out from the noise.

Three answers for each pair, none of which replaces another. The difference of the estimates with
its interval is about this pair alone; whoever reads hundreds of such intervals meets differences
that are chance. `distinguishable` holds for all pairs at once: it is what the simultaneous rank
ranges count (`otdacha.ranking.rank_ranges`), so `rank_low_all` is 1 + the number of providers that
are distinguishably better. The posterior probability is what the grades are made from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from otdacha.effects.result import Scores
from otdacha.ranking.effective_error import t_quantile
from otdacha.ranking.pairs import LEAST_SHARE, pair_df

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]

MOST_COMPARED = 1_000
"""Providers that are compared pair by pair, at most. A thousand make half a million pairs, which a
file and a spreadsheet still hold (Excel ends at 1,048,576 rows); pairs grow with the square."""

COMPARISONS = pl.Schema(
    {
        "provider": pl.String,
        "other": pl.String,
        "difference": pl.Float64,  # estimate of the provider less that of the other
        "se": pl.Float64,  # from V: √(V_aa + V_bb - 2 V_ab)
        "df": pl.Float64,  # Welch and Satterthwaite; null: normal
        "lower": pl.Float64,  # of this pair by itself, t
        "upper": pl.Float64,
        "distinguishable": pl.Boolean,  # holds for all pairs at once
        "probability_better": pl.Float64,  # P(θ of the provider > θ of the other), posterior
    }
)
"""Of a pair that shares its whole error nothing is known: se and all that follows are null."""


@dataclass(frozen=True)
class Comparisons:
    """What is known of every pair of the providers that were ranked.

    estimates, df: (providers,), df may be infinite. scores: ψ (clusters, providers). surely:
    (providers, providers), in row i and column k whether k is better than i among all claims at
    once. beats: π, (providers, providers).
    """

    providers: tuple[str, ...]
    estimates: Vector
    df: Vector
    scores: Scores
    surely: NDArray[np.bool_]
    beats: Matrix

    def table(self, order: Sequence[str], level: float) -> pl.DataFrame:
        """Every pair of the providers in `order`, the earlier one first (schema `COMPARISONS`).

        level: of the interval of a single pair. Raises KeyError for a provider that was not ranked.
        """
        place = {name: at for at, name in enumerate(self.providers)}
        chosen = np.array([place[name] for name in order], dtype=np.int64)
        first, second = np.triu_indices(len(chosen), 1)
        covariance = self._covariance(chosen)
        own = np.diagonal(covariance)
        variance = own[first] + own[second] - 2 * covariance[first, second]
        known = variance > LEAST_SHARE * (own[first] + own[second])
        se = np.sqrt(np.where(known, variance, np.nan))
        one, other = chosen[first], chosen[second]
        df = pair_df(own[first], self.df[one], own[second], self.df[other])
        difference = self.estimates[one] - self.estimates[other]
        reach = t_quantile(df, (1 + level) / 2) * se
        names = pl.Series(order, dtype=pl.String)
        frame = pl.DataFrame(
            {
                "provider": names.gather(first),
                "other": names.gather(second),
                "difference": difference,
                "se": se,
                "df": np.where(np.isfinite(df), df, np.nan),
                "lower": difference - reach,
                "upper": difference + reach,
                "distinguishable": self.surely[one, other] | self.surely[other, one],
                "probability_better": self.beats[one, other],
            },
            schema=COMPARISONS,
        )
        told = pl.col("se").is_not_null()
        return frame.with_columns(pl.col(pl.Float64).fill_nan(None)).with_columns(
            pl.when(told).then(pl.col("df", "distinguishable", "probability_better"))
        )

    def _covariance(self, chosen: NDArray[np.int64]) -> Matrix:
        columns = self.scores[:, chosen]
        product = columns.T @ columns
        return np.asarray(product if isinstance(product, np.ndarray) else product.toarray())
