"""The weighted sum of effects over indicators, in standard deviations, with its own variance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from otdacha.effects.result import (
    COMPOSITE,
    ESTIMATED,
    ESTIMATES,
    INSUFFICIENT,
    Effects,
    Scores,
    without_nan,
)
from otdacha.methodology import Methodology

_LAST_DIGITS = 1e-10
"""Indicators that cancel each other to less than this of their own errors cancel to nothing."""


def composite(
    effects: Effects,
    methodology: Methodology,
    *,
    units: Mapping[str, NDArray[np.int64]] | None = None,
) -> Effects:
    """Add the composite with the methodology's weights (`weighted`).

    An indicator that nobody records, or that is the same for everybody, is left out for all, and
    the other weights are scaled up; where no weighted indicator is left nobody has a composite.

    units: for each indicator the units behind it, (clusters, providers). An indicator that only
    some towns record speaks of some of a provider's people only: where all weighted indicators
    together cover less than `minimum.coverage` of them (`covered`), there is no composite.

    diagnostics: `left_out` (weighted indicators), `coverage` (share by provider; None without
    `units`).
    """
    weights = known_weights(effects.scales, methodology)
    coverage = covered([units[name] for name in weights]) if units and weights else None
    if weights:
        made = weighted(effects, weights, coverage=coverage, least=methodology.minimum.coverage)
    else:
        made = _nobody_has_one(effects)
    shares = None
    if coverage is not None:
        shares = dict(zip(effects.providers, map(float, coverage), strict=True))
    left_out = [n for n, weight in methodology.weights.items() if weight > 0 and n not in weights]
    figures = {"left_out": left_out, "coverage": shares}
    return replace(made, diagnostics={**made.diagnostics, COMPOSITE: figures})


def weighted(
    effects: Effects,
    weights: Mapping[str, float],
    *,
    coverage: NDArray[np.float64] | None = None,
    least: float = 0.0,
) -> Effects:
    """The effects with the composite `Σ_k w_k θ̂_jk / σ_k`, in place of one they may have had.

    weights: of indicators, not negative, scaled here to sum to one; those above zero need a
    positive scale σ_k. The composite's score is the same sum of scores, so its variance counts how
    the indicators move together (method.md §4). A provider without an estimate on an indicator that
    weighs anything has no composite: a sum over fewer indicators would not be comparable; nor has
    one whose `coverage` (providers,) is below `least`. Degrees of freedom: the smallest of these
    indicators'.

    Raises ValueError where no weight is above zero, or one is for an indicator without a scale.
    """
    weights = {name: weight for name, weight in weights.items() if weight > 0}
    if not weights or any(effects.scales.get(name, 0.0) <= 0 for name in weights):
        raise ValueError(f"no composite can be made with the weights {weights}")
    factor = factors(effects.scales, weights)
    parts = {name: effects.of(name) for name in weights}
    theta = np.zeros(len(effects.providers))
    psi = np.zeros((len(effects.clusters), len(effects.providers)))
    apart = np.zeros(len(effects.providers))
    for name, by in factor.items():
        score = _dense(effects.scores[name])
        theta += by * parts[name]["estimate"].fill_null(np.nan).to_numpy()
        psi += by * score
        apart += by * np.sqrt((score**2).sum(0))
    se = np.sqrt((psi**2).sum(0))
    missing = np.any([part["state"].to_numpy() != ESTIMATED for part in parts.values()], axis=0)
    rare = np.zeros(len(theta), dtype=bool) if coverage is None else coverage < least
    reasons = np.select(
        [missing, rare, se <= _LAST_DIGITS * apart],
        ["indicator_missing", "indicator_rare", "no_measure_of_chance"],
        default="",
    )
    return _added(effects, parts, theta, psi, reasons)


def _nobody_has_one(effects: Effects) -> Effects:
    """The other indicators lend their counts of what is on record, no estimate."""
    nothing = np.full(len(effects.providers), np.nan)
    psi = np.zeros((len(effects.clusters), len(effects.providers)))
    parts = {name: effects.of(name) for name in effects.scores}
    return _added(effects, parts, nothing, psi, np.full(len(nothing), "indicator_missing"))


def _added(
    effects: Effects,
    parts: Mapping[str, pl.DataFrame],
    theta: NDArray[np.float64],
    psi: NDArray[np.float64],
    reasons: NDArray[np.str_],
) -> Effects:
    """The effects with this composite; reasons: why a provider has none, or the empty string."""
    estimated = reasons == ""
    df = np.min([part["df"].fill_null(np.nan).to_numpy() for part in parts.values()], axis=0)
    first = next(iter(parts.values()))
    table = pl.DataFrame(
        {
            "provider": first["provider"],
            "indicator": [COMPOSITE] * len(first),
            "estimate": theta,
            "standardised": theta,
            "se": np.where(estimated, np.sqrt((psi**2).sum(0)), np.nan),
            "df": np.where(estimated, df, np.nan),
            "units": np.min([part["units"].to_numpy() for part in parts.values()], axis=0),
            "clusters": np.min([part["clusters"].to_numpy() for part in parts.values()], axis=0),
            "cells": np.sum([part["cells"].to_numpy() for part in parts.values()], axis=0),
            "cases": np.max([part["cases"].to_numpy() for part in parts.values()], axis=0),
            "state": np.where(estimated, ESTIMATED, INSUFFICIENT),
            "reason": _shared([part["reason"] for part in parts.values()], reasons),
        },
        schema=ESTIMATES,
    )
    return replace(
        effects,
        estimates=pl.concat(
            [effects.estimates.filter(pl.col("indicator") != COMPOSITE), without_nan(table)]
        ),
        scores={**effects.scores, COMPOSITE: np.where(estimated, psi, 0.0)},
        scales={**effects.scales, COMPOSITE: 1.0},
    )


def covered(units: Sequence[NDArray[np.int64]]) -> NDArray[np.float64]:
    """The share of each provider's units that all indicators know, (providers,).

    units: for each indicator, units by cluster and provider. Within a cluster the indicator that
    knows fewest decides, against the one that knows most; so two indicators that are recorded in
    different towns cover nothing together. One where nothing is known.
    """
    stacked = np.stack(units)
    known, of = stacked.min(0).sum(0), stacked.max(0).sum(0)
    return np.asarray(np.divide(known, of, out=np.ones(len(of)), where=of > 0))


def known_weights(scales: Mapping[str, float], methodology: Methodology) -> dict[str, float]:
    """The methodology's weights of the indicators that weigh anything and vary."""
    return {
        name: weight
        for name, weight in methodology.weights.items()
        if weight > 0 and scales.get(name, 0.0) > 0
    }


def factors(scales: Mapping[str, float], weights: Mapping[str, float]) -> dict[str, float]:
    """w_k / Σw / σ_k: what turns figures in their own units into the composite, in standard
    deviations."""
    total = sum(weights.values())
    return {name: weight / total / scales[name] for name, weight in weights.items()}


def _shared(by_indicator: list[pl.Series], of_composite: NDArray[np.str_]) -> list[str | None]:
    """The composite's own reason; where an indicator is missing, the reason all of them share."""
    found: list[str | None] = []
    for own, *reasons in zip(of_composite.tolist(), *by_indicator, strict=True):
        shared = reasons[0] if len(set(reasons)) == 1 else None
        found.append((shared or own) if own == "indicator_missing" else (own or None))
    return found


def _dense(scores: Scores) -> NDArray[np.float64]:
    return scores if isinstance(scores, np.ndarray) else np.asarray(scores.todense())
