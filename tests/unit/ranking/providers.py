"""Small invented sets of providers for the tests of `ranking`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl

from otdacha.effects import Effects
from otdacha.effects.reported import REPORTED, reported
from otdacha.methodology import Methodology, default_methodology


def effects_of(
    estimates: Sequence[float | None],
    se: Sequence[float | None],
    df: Sequence[float | None] | None = None,
    scores: np.ndarray | None = None,
) -> Effects:
    """Effects of providers p000, p001, … with independent errors, or with the scores given."""
    frame = pl.DataFrame(
        {
            "provider": [f"p{place:03d}" for place in range(len(estimates))],
            "estimate": list(estimates),
            "se": list(se),
            "df": list(df) if df is not None else [None] * len(estimates),
        },
        schema_overrides={"estimate": pl.Float64, "se": pl.Float64, "df": pl.Float64},
    )
    effects = reported(frame, default_methodology("reported"))
    return effects if scores is None else replace(effects, scores={REPORTED: scores})


def methodology_of(**parts: dict[str, Any]) -> Methodology:
    """The methodology for reported figures with some fields changed, e.g. list={"against": …}."""
    known = default_methodology("reported")
    changed = {name: getattr(known, name).model_copy(update=new) for name, new in parts.items()}
    return known.model_copy(update=changed)


def several(seed: int, count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """True effects, estimates and standard errors of `count` providers."""
    generator = np.random.default_rng(seed)
    truth = generator.normal(0, 1, count)
    se = generator.uniform(0.2, 1.5, count)
    return truth, truth + se * generator.standard_normal(count), se
