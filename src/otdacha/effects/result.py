"""What every design gives back: estimates, the scores behind them, and what was left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse

Scores: TypeAlias = "NDArray[np.float64] | sparse.csr_array"
"""ψ, clusters x providers: row c is what cluster c contributes to the error of every estimate."""

ESTIMATED = "estimated"
INSUFFICIENT = "insufficient evidence"
"""States of an estimate; design D has further ones (`otdacha.effects.reported`)."""

COMPOSITE = "composite"
"""The indicator name of the weighted sum over indicators, in standard deviations."""

ESTIMATES = pl.Schema(
    {
        "provider": pl.String,
        "indicator": pl.String,
        "estimate": pl.Float64,  # own unit, composite in sd; plus is better
        "standardised": pl.Float64,  # the estimate in standard deviations of clean residuals
        "se": pl.Float64,  # unit of `estimate`; null where the evidence is insufficient
        "df": pl.Float64,  # degrees of freedom of the t distribution; null means normal
        "units": pl.Int64,  # units with an exposed cell (designs C: members, D: 1)
        "clusters": pl.Int64,  # clusters with an exposed cell
        "cells": pl.Int64,  # exposed cells that were used
        "cases": pl.Int64,  # cases in them (D: n)
        "state": pl.String,  # "estimated" or "insufficient evidence"
        "reason": pl.String,  # why insufficient: a code of effects.reasons, else null
    }
)


COMPARISON = pl.Schema(
    {
        "provider": pl.String,
        "indicator": pl.String,
        "design": pl.String,  # the one that ran
        "estimate": pl.Float64,
        "other_design": pl.String,
        "other_estimate": pl.Float64,
        "difference": pl.Float64,  # other_estimate - estimate
        "se": pl.Float64,  # of the difference, from the difference of the scores
    }
)
"""The same effects by another design: one row per provider and indicator that both know."""


def without_nan(estimates: pl.DataFrame) -> pl.DataFrame:
    """NaN is how arrays say "unknown"; frames say null."""
    return estimates.with_columns(pl.col(pl.Float64).fill_nan(None))


@dataclass(frozen=True)
class Effects:
    """Effects of providers with one joint covariance.

    estimates: one row per provider and indicator (schema `ESTIMATES`); indicators in the
        methodology's order, then `composite` where there are several; providers sorted by name.
    scores: for each indicator ψ of shape (clusters, providers), columns in `providers` order;
        the covariance of the estimates is ψ'ψ. Scaled and signed as the estimates are. Columns of
        providers whose state is "insufficient evidence" are zero.
    clusters: the names of ψ's rows.
    scales: the standard deviation of clean residuals by indicator (own unit), the composite's is 1.
    excluded: rows that were left out, counted by reason (schema
        `otdacha.methodology.counting.EXCLUDED`).
    diagnostics: figures about the fit by indicator (e.g. clean cells, exposed cells, iterations).
    comparison: the other design's estimates beside these (schema `COMPARISON`), else None.
    """

    design: str
    providers: tuple[str, ...]
    clusters: tuple[str, ...]
    estimates: pl.DataFrame
    scores: Mapping[str, Scores]
    scales: Mapping[str, float]
    excluded: pl.DataFrame
    diagnostics: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    comparison: pl.DataFrame | None = None

    @property
    def indicators(self) -> tuple[str, ...]:
        return tuple(self.scores)

    @property
    def headline(self) -> str:
        """The indicator that is ranked: the composite, or the only one there is."""
        return COMPOSITE if COMPOSITE in self.scores else self.indicators[0]

    def of(self, indicator: str | None = None) -> pl.DataFrame:
        """The estimates of one indicator (default: the headline), in `providers` order."""
        name = indicator or self.headline
        return self.estimates.filter(pl.col("indicator") == name)

    def covariance(self, indicator: str | None = None) -> NDArray[np.float64]:
        """V = ψ'ψ of one indicator (default: the headline), (providers x providers)."""
        scores = self.scores[indicator or self.headline]
        product = scores.T @ scores
        return np.asarray(product.todense() if sparse.issparse(product) else product)
