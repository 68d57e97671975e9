"""The columns of the published table `changes`: what became of everybody since the last release.

What they hold is made in `otdacha.release.diff`.
"""

from __future__ import annotations

import polars as pl

from otdacha.language import text
from otdacha.release.columns import (
    CODE,
    OWN,
    PROVIDER,
    ROW,
    Column,
    figure,
    label,
    state,
)

_GRADE = text("grade, 1 is best")

CHANGES = (
    PROVIDER,
    label("name", text("Organisation"), text("Name of the training organisation.")),
    label("change", text("Change"), text("What became of it since the previous release."), CODE),
    label(
        "cause",
        text("Cause"),
        text("What moved it: method, program, data, noise, others or unclear; empty: nothing did."),
        CODE,
    ),
    state(
        ROW,
        text("State"),
        text(
            "State of the figures before and after: published where the effect is published in "
            "both releases, otherwise the state that withholds one of them, the later one first."
        ),
    ),
    state("state_before", text("State before"), text("State of the effect in the previous one.")),
    state("state_after", text("State after"), text("State of the effect in this release.")),
    Column(
        "listed_before",
        pl.Boolean,
        text("Listed before"),
        text("yes or no"),
        text("On the list of the previous release."),
        ROW,
    ),
    Column(
        "listed_after",
        pl.Boolean,
        text("Listed after"),
        text("yes or no"),
        text("On the list of this release."),
        ROW,
    ),
    figure("effect_before", text("Effect before"), OWN, text("Effect in the previous release.")),
    figure("effect_after", text("Effect after"), OWN, text("Effect in this release.")),
    figure(
        "estimate_before",
        text("Estimate before"),
        OWN,
        text("Estimate before shrinkage in the previous release."),
    ),
    figure(
        "estimate_after",
        text("Estimate after"),
        OWN,
        text("Estimate before shrinkage in this release."),
    ),
    Column(
        "grade_before",
        pl.Int64,
        text("Grade before"),
        _GRADE,
        text("Grade in the previous release."),
        ROW,
    ),
    Column(
        "grade_after", pl.Int64, text("Grade after"), _GRADE, text("Grade in this release."), ROW
    ),
    figure(
        "difference",
        text("Difference"),
        OWN,
        text("Estimate after less estimate before; the cause rests on it."),
    ),
    figure(
        "margin",
        text("Noise explains"),
        OWN,
        text(
            "The largest difference, up or down, that noise alone explains at 5 %; empty where the "
            "cause rests on no comparison of estimates."
        ),
    ),
)
