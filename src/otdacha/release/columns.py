"""What a column of a published table is: its type, its words for people, whose state it shares.

At the end stand the columns that several tables have.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from otdacha.language import Text, text
from otdacha.release.states import STATE

ROW = "state"
"""The column with the state of a row's effect, and of everything that is derived from it."""

ALMOST = 1e-6
"""No published probability is nearer to 0 or 1 than this: no model is known so well."""


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


NONE = text("-")
OWN = text("standard deviations (composite), or the indicator's own unit")
SHARE = text("share, 0 to 1")
PLACE = text("place, 1 is best")
CODE = text("code")


def label(name: str, header: Text, meaning: Text, unit: Text = NONE) -> Column:
    return Column(name, pl.String, header, unit, meaning)


def state(name: str, header: Text, meaning: Text) -> Column:
    return Column(name, STATE, header, CODE, meaning)


def figure(name: str, header: Text, unit: Text, meaning: Text) -> Column:
    return Column(name, pl.Float64, header, unit, meaning, ROW)


def number(name: str, header: Text, unit: Text, meaning: Text) -> Column:
    """A figure about the evaluation as a whole: empty where there is none."""
    return Column(name, pl.Float64, header, unit, meaning)


def answer(name: str, header: Text, meaning: Text) -> Column:
    return Column(name, pl.Boolean, header, text("yes or no"), meaning)


def place(name: str, header: Text, meaning: Text, state: str | None = ROW) -> Column:
    return Column(name, pl.Int64, header, PLACE, meaning, state)


def count(name: str, header: Text, unit: Text, meaning: Text) -> tuple[Column, Column]:
    return (
        Column(name, pl.Int64, header, unit, meaning, f"{name}_state"),
        state(
            f"{name}_state",
            text("{figure}: state", figure=header),
            text("State of the column {column}.", column=name),
        ),
    )


PROVIDER = label("provider", text("INN"), text("Training organisation: its INN."), text("INN"))
INDICATOR = label(
    "indicator",
    text("Indicator"),
    text("Indicator of the methodology, or composite: their weighted sum."),
    CODE,
)
INDICATOR_OR_NONE = label(
    "indicator",
    text("Indicator"),
    text("Indicator that it is about; empty: not about one indicator."),
    CODE,
)
PROVIDER_OR_NONE = label(
    "provider",
    text("INN"),
    text("Provider that it is about; empty: not about one provider."),
    text("INN"),
)
STATE_OF_ROW = state(
    ROW, text("State"), text("State of the effect and of everything derived from it.")
)
EVIDENCE = (
    figure(
        "estimate",
        text("Estimate"),
        OWN,
        text("Estimated effect before shrinkage; plus is better."),
    ),
    figure("se", text("Standard error"), OWN, text("Standard error of the estimate.")),
    figure(
        "df",
        text("Degrees of freedom"),
        NONE,
        text("Degrees of freedom of the estimate's t distribution; empty means normal."),
    ),
)
