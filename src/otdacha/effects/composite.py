"""The weighted sum of effects over indicators, in standard deviations, with its own variance."""

from __future__ import annotations

from collections.abc import Mapping
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


def composite(effects: Effects, methodology: Methodology) -> Effects:
    """Add the composite with the methodology's weights (`weighted`).

    Indicators without weight, and those of which nothing is known, are left out of it; where that
    leaves none, the effects are returned as they are.
    """
    weights = known_weights(effects.scales, methodology)
    return weighted(effects, weights) if weights else effects


def weighted(effects: Effects, weights: Mapping[str, float]) -> Effects:
    """The effects with the composite `Σ_k w_k θ̂_jk / σ_k`, in place of one they may have had.

    weights: of indicators, not negative, scaled here to sum to one; those above zero need a
    positive scale σ_k. The composite's score is the same sum of scores, so its variance counts how
    the indicators move together (method.md §4). A provider without an estimate on an indicator that
    weighs anything has no composite: a sum over fewer indicators would not be comparable. Degrees
    of freedom: the smallest of these indicators'.

    Raises ValueError where no weight is above zero, or one is for an indicator without a scale.
    """
    weights = {name: weight for name, weight in weights.items() if weight > 0}
    if not weights or any(effects.scales.get(name, 0.0) <= 0 for name in weights):
        raise ValueError(f"no composite can be made with the weights {weights}")
    factor = factors(effects.scales, weights)
    parts = {name: effects.of(name) for name in weights}
    estimated = np.all([part["state"].to_numpy() == ESTIMATED for part in parts.values()], axis=0)

    theta = np.zeros(len(effects.providers))
    psi = np.zeros((len(effects.clusters), len(effects.providers)))
    for name, part in parts.items():
        theta += factor[name] * part["estimate"].fill_null(np.nan).to_numpy()
        psi += factor[name] * _dense(effects.scores[name])
    psi = np.where(estimated, psi, 0.0)
    se = np.where(estimated, np.sqrt((psi**2).sum(0)), np.nan)
    df = np.min([part["df"].fill_null(np.nan).to_numpy() for part in parts.values()], axis=0)
    first = next(iter(parts.values()))
    table = pl.DataFrame(
        {
            "provider": first["provider"],
            "indicator": [COMPOSITE] * len(first),
            "estimate": theta,
            "standardised": theta,
            "se": se,
            "df": np.where(estimated, df, np.nan),
            "units": np.min([part["units"].to_numpy() for part in parts.values()], axis=0),
            "clusters": np.min([part["clusters"].to_numpy() for part in parts.values()], axis=0),
            "cells": np.sum([part["cells"].to_numpy() for part in parts.values()], axis=0),
            "cases": np.max([part["cases"].to_numpy() for part in parts.values()], axis=0),
            "state": np.where(estimated, ESTIMATED, INSUFFICIENT),
            "reason": _reasons([part["reason"] for part in parts.values()]),
        },
        schema=ESTIMATES,
    )
    return replace(
        effects,
        estimates=pl.concat(
            [effects.estimates.filter(pl.col("indicator") != COMPOSITE), without_nan(table)]
        ),
        scores={**effects.scores, COMPOSITE: psi},
        scales={**effects.scales, COMPOSITE: 1.0},
    )


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


def _reasons(by_indicator: list[pl.Series]) -> list[str | None]:
    """The reason all indicators share, else that one of them is missing."""
    found: list[str | None] = []
    for reasons in zip(*by_indicator, strict=True):
        if all(reason is None for reason in reasons):
            found.append(None)
        elif len(set(reasons)) == 1:
            found.append(reasons[0])
        else:
            found.append("indicator_missing")
    return found


def _dense(scores: Scores) -> NDArray[np.float64]:
    return scores if isinstance(scores, np.ndarray) else np.asarray(scores.todense())
