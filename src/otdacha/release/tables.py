"""The columns of the published tables: types, units, meanings, and whose state a figure shares.

This is the one place that says what a release contains: the schemas, the data dictionary and the
headers of the Excel file are made from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from otdacha.language import Text, text
from otdacha.release.states import STATE, State

ROW = "state"
"""The column with the state of a row's effect, and of everything that is derived from it."""


@dataclass(frozen=True)
class Column:
    """One column of a published table.

    header: two or three words for people. unit, meaning: for the data dictionary. state: the column
    that holds the state of this figure; None where the column is a label and no figure.
    """

    name: str
    type: pl.DataType | type[pl.DataType]
    header: Text
    unit: Text
    meaning: Text
    state: str | None = None


_NONE = text("-")
_OWN = text("standard deviations (composite), or the indicator's own unit")
_SHARE = text("share, 0 to 1")
_PLACE = text("place, 1 is best")
_CODE = text("code")


def _label(name: str, header: Text, meaning: Text, unit: Text = _NONE) -> Column:
    return Column(name, pl.String, header, unit, meaning)


def _state(name: str, header: Text, meaning: Text) -> Column:
    return Column(name, STATE, header, _CODE, meaning)


def _figure(name: str, header: Text, unit: Text, meaning: Text) -> Column:
    return Column(name, pl.Float64, header, unit, meaning, ROW)


def _count(name: str, header: Text, unit: Text, meaning: Text) -> tuple[Column, Column]:
    return (
        Column(name, pl.Int64, header, unit, meaning, f"{name}_state"),
        _state(
            f"{name}_state",
            text("{figure}: state", figure=header),
            text("State of the column {column}.", column=name),
        ),
    )


PROVIDER = _label("provider", text("INN"), text("Training organisation: its INN."), text("INN"))
STATE_OF_ROW = _state(
    ROW, text("State"), text("State of the effect and of everything derived from it.")
)
REASON = _label(
    "reason",
    text("Why"),
    text("Why the effect is withheld, where the state alone does not say it."),
    _CODE,
)
EVIDENCE = (
    _figure(
        "estimate",
        text("Estimate"),
        _OWN,
        text("Estimated effect before shrinkage; plus is better."),
    ),
    _figure("se", text("Standard error"), _OWN, text("Standard error of the estimate.")),
    _figure(
        "df",
        text("Degrees of freedom"),
        _NONE,
        text("Degrees of freedom of the estimate's t distribution; empty means normal."),
    ),
)
POSTERIOR = (
    _figure(
        "posterior_mean",
        text("Effect"),
        _OWN,
        text("Effect after shrinkage: the best guess; plus is better."),
    ),
    _figure(
        "lower",
        text("From"),
        _OWN,
        text("Lower end of the robust empirical-Bayes interval of the effect."),
    ),
    _figure(
        "upper",
        text("To"),
        _OWN,
        text("Upper end of the robust empirical-Bayes interval of the effect."),
    ),
)

PROVIDERS = (
    PROVIDER,
    _label("name", text("Organisation"), text("Name of the training organisation.")),
    _label("type", text("Type"), text("Type of the training organisation, as the towns gave it.")),
    _label("region", text("Region"), text("Region of the training organisation.")),
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
    Column(
        "rank_low",
        pl.Int64,
        text("Place from"),
        _PLACE,
        text("Best place in the confidence set of the provider's rank."),
        ROW,
    ),
    Column(
        "rank_high",
        pl.Int64,
        text("Place to"),
        _PLACE,
        text("Worst place in the confidence set of the provider's rank."),
        ROW,
    ),
    *POSTERIOR,
    _figure(
        "probability_better",
        text("Probability"),
        _SHARE,
        text("Probability that the effect is above the threshold, given the data."),
    ),
    *EVIDENCE,
    _figure(
        "p_value",
        text("p"),
        _SHARE,
        text("One-sided p-value of: the effect is not above the threshold."),
    ),
    _figure("q_value", text("q"), _SHARE, text("q-value by Storey.")),
    _figure("bh", text("BH"), _SHARE, text("p-value adjusted by Benjamini and Hochberg.")),
    _figure("by", text("BY"), _SHARE, text("p-value adjusted by Benjamini and Yekutieli.")),
    *_count(
        "trained",
        text("People trained"),
        text("people"),
        text("People in the training records, rounded."),
    ),
    *_count(
        "people",
        text("People followed"),
        text("people"),
        text("Trained people whose work results after the training are on record, rounded."),
    ),
    Column(
        "followed",
        pl.Float64,
        text("Share followed"),
        _SHARE,
        text("People followed as a share of people trained, from the rounded counts."),
        "followed_state",
    ),
    _state(
        "followed_state",
        text("{figure}: state", figure=text("Share followed")),
        text("State of the column {column}.", column="followed"),
    ),
    *_count(
        "municipalities",
        text("Municipalities"),
        text("municipalities"),
        text("Municipalities in which the people followed work."),
    ),
)

EFFECTS = (
    PROVIDER,
    _label(
        "indicator",
        text("Indicator"),
        text("Indicator of the methodology, or composite: their weighted sum."),
        _CODE,
    ),
    STATE_OF_ROW,
    REASON,
    *POSTERIOR,
    *EVIDENCE,
    _figure(
        "standardised",
        text("Estimate in standard deviations"),
        text("standard deviations"),
        text("The estimate in standard deviations of untrained work."),
    ),
    *_count(
        "units",
        text("Units"),
        text("units"),
        text("Units of work with a month after the training, rounded."),
    ),
    *_count(
        "clusters",
        text("Clusters"),
        text("clusters"),
        text("Clusters, the level at which training is assigned, with such a unit."),
    ),
    *_count(
        "cells",
        text("Months of work"),
        text("unit-months"),
        text("Months of work after the training that were used, rounded."),
    ),
    *_count("cases", text("Cases"), text("cases"), text("Cases in those months, rounded.")),
)

EXCLUDED = (
    _label(
        "stage",
        text("Step"),
        text("Step that left the rows out: panel, effects or ranking."),
        _CODE,
    ),
    _label("reason", text("Why"), text("Why they were left out."), _CODE),
    _label(
        "indicator",
        text("Indicator"),
        text("Indicator that they are missing from; empty: from all."),
        _CODE,
    ),
    _label(
        "provider",
        text("INN"),
        text("Provider that they tell about; empty: not about one provider."),
        text("INN"),
    ),
    *_count("rows", text("Rows"), text("rows"), text("Rows that were left out, rounded.")),
)

TABLES: Mapping[str, tuple[Column, ...]] = {
    "providers": PROVIDERS,
    "effects": EFFECTS,
    "excluded": EXCLUDED,
}

KEYS: Mapping[str, tuple[str, ...]] = {
    "providers": ("provider",),
    "effects": ("provider", "indicator"),
    "excluded": ("stage", "reason", "indicator", "provider"),
}

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
