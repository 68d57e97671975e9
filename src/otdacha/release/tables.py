"""The columns of the published tables: types, units, meanings, and whose state a figure shares.

This is the one place that says what a release contains: the schemas, the data dictionary and the
headers of the Excel file are made from it.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from otdacha.language import text
from otdacha.release.change_columns import CHANGES
from otdacha.release.columns import (
    CODE,
    EVIDENCE,
    INDICATOR,
    INDICATOR_OR_NONE,
    OWN,
    PROVIDER,
    PROVIDER_OR_NONE,
    ROW,
    SHARE,
    STATE_OF_ROW,
    Column,
    count,
    figure,
    label,
    place,
    state,
)
from otdacha.release.evidence_columns import (
    COMPARISONS,
    DRIFT,
    EVENT_STUDY,
    GATES,
    GRADES,
    PREDICTED,
    PREDICTION,
    PRIOR,
    PRIOR_MEAN,
    SECOND_OPINION,
    WEIGHTINGS,
    WEIGHTS,
)
from otdacha.release.records_columns import MUNICIPALITIES, PROGRAMMES
from otdacha.release.states import State

REASON = label(
    "reason",
    text("Why"),
    text("Why the effect is withheld, where the state alone does not say it."),
    CODE,
)
POSTERIOR = (
    figure(
        "posterior_mean",
        text("Effect"),
        OWN,
        text("Effect after shrinkage: the best guess; plus is better."),
    ),
    figure(
        "lower",
        text("From"),
        OWN,
        text("Lower end of the robust empirical-Bayes interval of the effect."),
    ),
    figure(
        "upper",
        text("To"),
        OWN,
        text("Upper end of the robust empirical-Bayes interval of the effect."),
    ),
)

PROVIDERS = (
    PROVIDER,
    label("name", text("Organisation"), text("Name of the training organisation.")),
    label("type", text("Type"), text("Type of the training organisation, as the towns gave it.")),
    label("region", text("Region"), text("Region of the training organisation.")),
    label(
        "ogrn",
        text("OGRN"),
        text("State registration number of the training organisation; empty: not handed in."),
        text("OGRN"),
    ),
    label(
        "licence",
        text("Licence"),
        text("Number of its licence for education; empty: not handed in."),
    ),
    STATE_OF_ROW,
    REASON,
    Column(
        "listed",
        pl.Boolean,
        text("On the list"),
        text("yes or no"),
        text("On the list of the most effective, at the methodology's error rate."),
        ROW,
    ),
    Column(
        "grade", pl.Int64, text("Grade"), text("grade, 1 is best"), text("Grade, 1 is best."), ROW
    ),
    place(
        "rank_low",
        text("Place from"),
        text("Best place in the confidence set of the provider's rank."),
    ),
    place(
        "rank_high",
        text("Place to"),
        text("Worst place in the confidence set of the provider's rank."),
    ),
    place(
        "rank_low_all",
        text("Place from, all at once"),
        text("Best place in the confidence sets of all ranks that hold together."),
    ),
    place(
        "rank_high_all",
        text("Place to, all at once"),
        text("Worst place in the confidence sets of all ranks that hold together."),
    ),
    *POSTERIOR,
    figure(
        "probability_better",
        text("Probability"),
        SHARE,
        text("Probability that the effect is above the threshold, given the data."),
    ),
    *EVIDENCE,
    figure(
        "p_value",
        text("p"),
        SHARE,
        text("One-sided p-value of: the effect is not above the threshold."),
    ),
    figure("q_value", text("q"), SHARE, text("q-value by Storey.")),
    figure("bh", text("BH"), SHARE, text("p-value adjusted by Benjamini and Hochberg.")),
    figure("by", text("BY"), SHARE, text("p-value adjusted by Benjamini and Yekutieli.")),
    *count(
        "trained",
        text("People trained"),
        text("people"),
        text("People in the training records, rounded."),
    ),
    *count(
        "people",
        text("People followed"),
        text("people"),
        text("Trained people whose work results after the training are on record, rounded."),
    ),
    Column(
        "followed",
        pl.Float64,
        text("Share followed"),
        SHARE,
        text("People followed as a share of people trained, from the rounded counts."),
        "followed_state",
    ),
    state(
        "followed_state",
        text("{figure}: state", figure=text("Share followed")),
        text("State of the column {column}.", column="followed"),
    ),
    *count(
        "municipalities",
        text("Municipalities"),
        text("municipalities"),
        text("Municipalities in which the people followed work."),
    ),
)

EFFECTS = (
    PROVIDER,
    INDICATOR,
    STATE_OF_ROW,
    REASON,
    *POSTERIOR,
    *EVIDENCE,
    figure(
        "standardised",
        text("Estimate in standard deviations"),
        text("standard deviations"),
        text("The estimate in standard deviations of untrained work."),
    ),
    *count(
        "units",
        text("Units"),
        text("units"),
        text("Units of work with a month after the training, rounded."),
    ),
    *count(
        "clusters",
        text("Clusters"),
        text("clusters"),
        text("Clusters, the level at which training is assigned, with such a unit."),
    ),
    *count(
        "cells",
        text("Months of work"),
        text("unit-months"),
        text("Months of work after the training that were used, rounded."),
    ),
    *count("cases", text("Cases"), text("cases"), text("Cases in those months, rounded.")),
)

EXCLUDED = (
    label(
        "stage",
        text("Step"),
        text("Step that left the rows out: panel, effects or ranking."),
        CODE,
    ),
    label("reason", text("Why"), text("Why they were left out."), CODE),
    INDICATOR_OR_NONE,
    PROVIDER_OR_NONE,
    *count("rows", text("Rows"), text("rows"), text("Rows that were left out, rounded.")),
)

TABLES: Mapping[str, tuple[Column, ...]] = {
    "providers": PROVIDERS,
    "effects": EFFECTS,
    "excluded": EXCLUDED,
    "gates": GATES,
    "event_study": EVENT_STUDY,
    "second_opinion": SECOND_OPINION,
    "drift": DRIFT,
    "prediction": PREDICTION,
    "predicted": PREDICTED,
    "weights": WEIGHTS,
    "weightings": WEIGHTINGS,
    "grades": GRADES,
    "prior": PRIOR,
    "prior_mean": PRIOR_MEAN,
    "comparisons": COMPARISONS,
    "programmes": PROGRAMMES,
    "municipalities": MUNICIPALITIES,
    "changes": CHANGES,
}

KEYS: Mapping[str, tuple[str, ...]] = {
    "providers": ("provider",),
    "effects": ("provider", "indicator"),
    "excluded": ("stage", "reason", "indicator", "provider"),
    "event_study": ("indicator", "provider", "time"),
    "programmes": ("provider", "programme"),
    "municipalities": ("municipality",),
}
"""What names a row in the tables whose counts are compared with the last release."""

DIGITS = 6
"""Significant digits of a published figure: far below any uncertainty, far above the last bit."""


def finished(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    """`frame` with exactly the columns of the published table, its figures rounded.

    A figure whose state is not published (or a true zero) is null, whatever it was.
    """
    columns = TABLES[table]
    return frame.select(_shown(column) for column in columns)


def _shown(column: Column) -> pl.Expr:
    value = pl.col(column.name).cast(column.type)
    if column.type == pl.Float64:
        rounded = value.round_sig_figs(DIGITS)
        # what is zero but for the last bits of a sum is zero; adding 0.0 turns -0.0 into 0.0
        value = pl.when(rounded.abs() < 1e-12).then(0.0).otherwise(rounded) + 0.0
    if column.state is not None:
        shown = pl.col(column.state).cast(pl.String).is_in([State.PUBLISHED, State.TRUE_ZERO])
        value = pl.when(shown).then(value)
    return value.alias(column.name)
