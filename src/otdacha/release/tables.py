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


def _number(name: str, header: Text, unit: Text, meaning: Text) -> Column:
    """A figure about the evaluation as a whole: empty where there is none."""
    return Column(name, pl.Float64, header, unit, meaning)


def _answer(name: str, header: Text, meaning: Text) -> Column:
    return Column(name, pl.Boolean, header, text("yes or no"), meaning)


def _place(name: str, header: Text, meaning: Text, state: str | None = ROW) -> Column:
    return Column(name, pl.Int64, header, _PLACE, meaning, state)


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
INDICATOR_OR_NONE = _label(
    "indicator",
    text("Indicator"),
    text("Indicator that it is about; empty: not about one indicator."),
    _CODE,
)
PROVIDER_OR_NONE = _label(
    "provider",
    text("INN"),
    text("Provider that it is about; empty: not about one provider."),
    text("INN"),
)
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
    _place(
        "rank_low",
        text("Place from"),
        text("Best place in the confidence set of the provider's rank."),
    ),
    _place(
        "rank_high",
        text("Place to"),
        text("Worst place in the confidence set of the provider's rank."),
    ),
    _place(
        "rank_low_all",
        text("Place from, all at once"),
        text("Best place in the confidence sets of all ranks that hold together."),
    ),
    _place(
        "rank_high_all",
        text("Place to, all at once"),
        text("Worst place in the confidence sets of all ranks that hold together."),
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
    INDICATOR_OR_NONE,
    PROVIDER_OR_NONE,
    *_count("rows", text("Rows"), text("rows"), text("Rows that were left out, rounded.")),
)

GATES = (
    _label("gate", text("Check"), text("Check of the method."), _CODE),
    INDICATOR_OR_NONE,
    PROVIDER_OR_NONE,
    _label(
        "outcome",
        text("Outcome"),
        text("passed, failed or not_testable. One failed check withholds the ranking."),
        _CODE,
    ),
    _number("figure", text("Figure"), _NONE, text("What the check looks at.")),
    _number(
        "threshold", text("Threshold"), _NONE, text("Beyond it the check fails (methodology).")
    ),
    _label("sentence_ru", text("In Russian"), text("The result in a plain Russian sentence.")),
    _label("sentence_en", text("In English"), text("The result in a plain English sentence.")),
)

EVENT_STUDY = (
    _label(
        "indicator",
        text("Indicator"),
        text("Indicator of the methodology, or composite: their weighted sum."),
        _CODE,
    ),
    _label(
        "provider",
        text("INN"),
        text("Training organisation: its INN; empty: all organisations together."),
        text("INN"),
    ),
    Column(
        "time",
        pl.Int64,
        text("Month"),
        text("months"),
        text("Months from training: -1 is the last before it, 0 the first after it."),
    ),
    STATE_OF_ROW,
    *EVIDENCE,
    _figure("lower", text("From"), _OWN, text("Lower end of the interval of this month alone.")),
    _figure("upper", text("To"), _OWN, text("Upper end of the interval of this month alone.")),
    _figure(
        "lower_all",
        text("From, all months"),
        _OWN,
        text("Lower end of the band that holds for all months together."),
    ),
    _figure(
        "upper_all",
        text("To, all months"),
        _OWN,
        text("Upper end of the band that holds for all months together."),
    ),
    *_count("cells", text("Months of work"), text("unit-months"), text("Months of work, rounded.")),
    *_count("people", text("People"), text("people"), text("People in them, rounded.")),
    *_count("clusters", text("Clusters"), text("clusters"), text("Clusters they work in.")),
)

SECOND_OPINION = (
    PROVIDER,
    _label(
        "indicator",
        text("Indicator"),
        text("Indicator of the methodology, or composite: their weighted sum."),
        _CODE,
    ),
    _number("t_p_value", text("p by t"), _SHARE, text("Two-sided p-value of: no effect, by t.")),
    _number(
        "bootstrap_p_value",
        text("p by bootstrap"),
        _SHARE,
        text("The same by a wild cluster bootstrap, which needs few clusters less."),
    ),
    _label("other_design", text("Other design"), text("The design that did not run."), _CODE),
    _number("other_estimate", text("Its estimate"), _OWN, text("What it says of the effect.")),
    _number("difference", text("Difference"), _OWN, text("That less the published estimate.")),
    _number(
        "difference_se",
        text("Standard error"),
        _OWN,
        text("Standard error of the difference, from both scores."),
    ),
)

DRIFT = (
    PROVIDER_OR_NONE,
    _label(
        "drift",
        text("Kind of drift"),
        text("relative magnitude: steps as before training; smoothness: a trend that bends."),
        _CODE,
    ),
    _number("estimate", text("Estimate"), _OWN, text("Effect against the months before.")),
    _number("se", text("Standard error"), _OWN, text("Its standard error.")),
    _number(
        "breakdown",
        text("Drift it bears"),
        _NONE,
        text("Largest drift, in multiples of the one before training, that leaves an effect."),
    ),
    _number(
        "breakdown_bound", text("The same"), _OWN, text("The same as a change in each period.")
    ),
)

PREDICTION = (
    _label(
        "predictor",
        text("Predictor"),
        text("posterior_mean: the ranking; its rivals: raw_mean, everyone_average."),
        _CODE,
    ),
    _label("measure", text("Measure"), text("What is measured of the prediction."), _CODE),
    _number("value", text("Value"), _NONE, text("The figure.")),
    _number("lower", text("From"), _NONE, text("Lower end of its interval.")),
    _number("upper", text("To"), _NONE, text("Upper end of its interval.")),
)

PREDICTED = (
    PROVIDER,
    _number("predicted", text("Foretold"), _OWN, text("Effect as the ranking at the cut says.")),
    _number("realised", text("Came later"), _OWN, text("Effect of the sessions after the cut.")),
    _number("realised_se", text("Standard error"), _OWN, text("Its standard error.")),
    _answer("listed_then", text("Listed then"), text("On the list of the ranking at the cut.")),
    _answer("listed_later", text("Listed later"), text("On the list of the later sessions.")),
)

WEIGHTS = (
    PROVIDER,
    _number(
        "listed_share",
        text("Share of weights"),
        _SHARE,
        text("Share of the weight vectors under which the provider is on the list."),
    ),
    _answer("listed_always", text("Always"), text("On the list whatever the weights.")),
    _answer("listed_ever", text("Ever"), text("On the list under some weights.")),
    _place("place", text("Place"), text("Place under the methodology's weights."), None),
    _place("best", text("Best place"), text("Best place over all weight vectors."), None),
    _place("worst", text("Worst place"), text("Worst place over all weight vectors."), None),
)

WEIGHTINGS = (
    Column("vector", pl.Int64, text("Number"), _NONE, text("Number of the weight vector.")),
    _label("indicator", text("Indicator"), text("Indicator of the methodology."), _CODE),
    _number("weight", text("Weight"), _SHARE, text("Its weight in this vector.")),
    Column(
        "listed", pl.Int64, text("On the list"), text("organisations"), text("Length of the list.")
    ),
    _number(
        "tau",
        text("Likeness"),
        text("-1 to 1"),
        text("Kendall's tau with the methodology's order."),
    ),
)

GRADES = (
    _number("price", text("Price"), _NONE, text("Gain of a right order, against the loss 1.")),
    Column("grades", pl.Int64, text("Grades"), text("grades"), text("Number of grades.")),
    _number(
        "discordance_rate",
        text("Wrong orders"),
        _SHARE,
        text("Expected share of wrong orders among pairs in different grades."),
    ),
    _number("tau", text("Right less wrong"), _SHARE, text("Expected right less wrong pairs.")),
)

PRIOR = (
    _label("indicator", text("Indicator"), text("Indicator, or composite."), _CODE),
    _number("effect", text("Effect"), _OWN, text("A possible true effect.")),
    _number("density", text("Density"), _NONE, text("How often organisations have it.")),
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
}

KEYS: Mapping[str, tuple[str, ...]] = {
    "providers": ("provider",),
    "effects": ("provider", "indicator"),
    "excluded": ("stage", "reason", "indicator", "provider"),
    "event_study": ("indicator", "provider", "time"),
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
