"""The weighted sum of effects over indicators, in standard deviations, with its own variance."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl

from otdacha.effects.result import (
    COMPOSITE,
    ESTIMATED,
    ESTIMATES,
    INSUFFICIENT,
    Effects,
    without_nan,
)
from otdacha.methodology import Methodology


def composite(effects: Effects, methodology: Methodology) -> Effects:
    """Add the composite `Σ_k w_k θ̂_jk / σ_k`; its score is the same sum of scores, so its variance
    counts how the indicators move together (method.md §4).

    A provider without an estimate on a weighted indicator has no composite: a sum over fewer
    indicators would not be comparable. Degrees of freedom: the smallest of the indicators'.
    """
    weights = {
        name: weight
        for name, weight in methodology.weights.items()
        if weight > 0 and effects.scales.get(name, 0.0) > 0
    }
    total = sum(weights.values())
    if not weights:
        return effects
    factor = {name: weight / total / effects.scales[name] for name, weight in weights.items()}
    parts = {name: effects.of(name) for name in weights}
    estimated = np.all([part["state"].to_numpy() == ESTIMATED for part in parts.values()], axis=0)

    theta = np.zeros(len(effects.providers))
    psi = np.zeros((len(effects.clusters), len(effects.providers)))
    for name, part in parts.items():
        theta += factor[name] * part["estimate"].fill_null(np.nan).to_numpy()
        psi += factor[name] * np.asarray(effects.scores[name])
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
        estimates=pl.concat([effects.estimates, without_nan(table)]),
        scores={**effects.scores, COMPOSITE: psi},
        scales={**effects.scales, COMPOSITE: 1.0},
    )


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
