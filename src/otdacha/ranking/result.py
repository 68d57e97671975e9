"""What may be said of each provider, and what the saying rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

RANKING = pl.Schema(
    {
        "provider": pl.String,
        "estimate": pl.Float64,
        "se": pl.Float64,
        "df": pl.Float64,
        "posterior_mean": pl.Float64,
        "lower": pl.Float64,  # robust empirical-Bayes interval at the methodology's level
        "upper": pl.Float64,
        "probability_better": pl.Float64,  # P(θ > δ) given the data, under the prior
        "p_value": pl.Float64,  # one-sided, H₀: θ <= δ, t with df degrees of freedom
        "q_value": pl.Float64,  # Storey
        "bh": pl.Float64,  # Benjamini-Hochberg adjusted p
        "by": pl.Float64,  # Benjamini-Yekutieli adjusted p
        "listed": pl.Boolean,
        "grade": pl.Int64,  # 1 is best
        "rank_low": pl.Int64,  # best rank in the marginal confidence set, 1 is best
        "rank_high": pl.Int64,
        "state": pl.String,  # "estimated" or "insufficient evidence"
    }
)
"""Estimates and intervals of providers with insufficient evidence are kept as they are known;
everything that ranks them is null, and `listed` is false."""


@dataclass(frozen=True)
class Prior:
    """The distribution of true effects that the estimates were shrunken towards.

    kind: "normal" or "npmle". points, weights: its support and mass (normal: a fine discretisation
    for pictures). mean, sd: its first two moments. diagnostics: e.g. duality gap, iterations.
    """

    kind: str
    points: NDArray[np.float64]
    weights: NDArray[np.float64]
    mean: float
    sd: float
    diagnostics: Mapping[str, Any]


@dataclass(frozen=True)
class Ranking:
    """The ranking of providers on one indicator.

    frame: one row per provider (schema `RANKING`), sorted best posterior mean first, providers
        with insufficient evidence last by name.
    threshold: δ of H₀: θ <= δ, in the estimates' unit.
    null_share: π₀, Storey's estimate of the share of providers that are not better than δ.
    grading: figures about the grades (λ, expected concordance and discordance, number of grades).
    """

    indicator: str
    frame: pl.DataFrame
    threshold: float
    null_share: float
    prior: Prior
    grading: Mapping[str, float]

    @property
    def listed(self) -> tuple[str, ...]:
        """The most effective, best first; empty where nobody can be told apart."""
        return tuple(self.frame.filter("listed")["provider"])
