"""Small invented effects on several indicators, for the tests of composites and of weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from otdacha.effects import Effects
from otdacha.effects.result import ESTIMATED, ESTIMATES, INSUFFICIENT, without_nan
from otdacha.methodology import Methodology, default_methodology
from otdacha.methodology.counting import EXCLUDED

NAMES = ("on_time", "duration", "repeat")


def several_indicators(
    estimates: Mapping[str, Sequence[float]],
    scores: Mapping[str, np.ndarray],
    *,
    scales: Mapping[str, float] | None = None,
    missing: Sequence[tuple[str, int]] = (),
) -> Effects:
    """Effects of providers p000, p001, … by indicator; estimates and ψ (clusters, providers) in the
    indicator's own unit. missing: (indicator, provider) without enough evidence."""
    tables, errors = [], {}
    for name, values in estimates.items():
        lacks = np.array([(name, j) in missing for j in range(len(values))])
        psi = np.where(lacks, 0.0, scores[name])
        scale = (scales or {}).get(name, 1.0)
        tables.append(
            pl.DataFrame(
                {
                    "provider": [f"p{j:03d}" for j in range(len(values))],
                    "indicator": [name] * len(values),
                    "estimate": np.where(lacks, np.nan, values),
                    "standardised": np.where(lacks, np.nan, values) / (scale or np.nan),
                    "se": np.where(lacks, np.nan, np.sqrt((psi**2).sum(axis=0))),
                    "df": np.where(lacks, np.nan, 12.0),
                    "units": [8] * len(values),
                    "clusters": [6] * len(values),
                    "cells": [40] * len(values),
                    "cases": [400] * len(values),
                    "state": np.where(lacks, INSUFFICIENT, ESTIMATED),
                    "reason": ["few_clusters" if one else None for one in lacks],
                },
                schema=ESTIMATES,
            )
        )
        errors[name] = psi
    clusters = next(iter(scores.values())).shape[0]
    return Effects(
        design="imputation",
        providers=tuple(tables[0]["provider"]),
        clusters=tuple(f"c{c:02d}" for c in range(clusters)),
        estimates=without_nan(pl.concat(tables)),
        scores=errors,
        scales={name: (scales or {}).get(name, 1.0) for name in estimates},
        excluded=EXCLUDED.to_frame(),
    )


def random_indicators(
    seed: int, providers: int, names: Sequence[str] = NAMES, **more: object
) -> Effects:
    """Effects that differ between providers, are alike over indicators, and share some error."""
    generator = np.random.default_rng(seed)
    good = generator.normal(0.3, 0.4, providers)
    estimates, scores = {}, {}
    for name in names:
        own = np.diag(generator.uniform(0.05, 0.3, providers))
        psi = np.vstack([own, np.full((1, providers), 0.05)])
        noise = psi.T @ generator.standard_normal(providers + 1)
        estimates[name] = (good + generator.normal(0, 0.2, providers) + noise).tolist()
        scores[name] = psi
    return several_indicators(estimates, scores, **more)  # type: ignore[arg-type]


def weighing(weights: Mapping[str, float], **shrinkage: object) -> Methodology:
    """The default methodology with indicators of these names and weights."""
    known = default_methodology()
    first = known.indicators[0]
    indicators = tuple(
        first.model_copy(update={"id": name, "weight": weight}) for name, weight in weights.items()
    )
    return known.model_copy(
        update={
            "indicators": indicators,
            "shrinkage": known.shrinkage.model_copy(update=shrinkage),
            "ranks": known.ranks.model_copy(update={"draws": 100}),
        }
    )
