"""The columns of the published tables: types, units, meanings, and whose state a figure shares.

This is the one place that says what a release contains: the schemas, the data dictionary and the
headers of the Excel file are made from it.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from otdacha.language import text
from otdacha.release.columns import (
    CODE,
    NONE,
    OWN,
    ROW,
    SHARE,
    Column,
    answer,
    count,
    figure,
    label,
    number,
    place,
    state,
)
from otdacha.release.states import State

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
REASON = label(
    "reason",
    text("Why"),
    text("Why the effect is withheld, where the state alone does not say it."),
    CODE,
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

GATES = (
    label("gate", text("Check"), text("Check of the method."), CODE),
    INDICATOR_OR_NONE,
    PROVIDER_OR_NONE,
    label(
        "outcome",
        text("Outcome"),
        text("passed, failed or not_testable. One failed check withholds the ranking."),
        CODE,
    ),
    number("figure", text("Figure"), NONE, text("What the check looks at.")),
    number("threshold", text("Threshold"), NONE, text("Beyond it the check fails (methodology).")),
    label("sentence_ru", text("In Russian"), text("The result in a plain Russian sentence.")),
    label("sentence_en", text("In English"), text("The result in a plain English sentence.")),
)

EVENT_STUDY = (
    INDICATOR,
    label(
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
    figure("lower", text("From"), OWN, text("Lower end of the interval of this month alone.")),
    figure("upper", text("To"), OWN, text("Upper end of the interval of this month alone.")),
    figure(
        "lower_all",
        text("From, all months"),
        OWN,
        text("Lower end of the band that holds for all months together."),
    ),
    figure(
        "upper_all",
        text("To, all months"),
        OWN,
        text("Upper end of the band that holds for all months together."),
    ),
    *count("cells", text("Months of work"), text("unit-months"), text("Months of work, rounded.")),
    *count("people", text("People"), text("people"), text("People in them, rounded.")),
    *count("clusters", text("Clusters"), text("clusters"), text("Clusters they work in.")),
)

SECOND_OPINION = (
    PROVIDER,
    INDICATOR,
    number("t_p_value", text("p by t"), SHARE, text("Two-sided p-value of: no effect, by t.")),
    number(
        "bootstrap_p_value",
        text("p by bootstrap"),
        SHARE,
        text("The same by a wild cluster bootstrap, which needs few clusters less."),
    ),
    label("other_design", text("Other design"), text("The design that did not run."), CODE),
    number("other_estimate", text("Its estimate"), OWN, text("What it says of the effect.")),
    number("difference", text("Difference"), OWN, text("That less the published estimate.")),
    number(
        "difference_se",
        text("Standard error"),
        OWN,
        text("Standard error of the difference, from both scores."),
    ),
)

DRIFT = (
    PROVIDER_OR_NONE,
    label(
        "drift",
        text("Kind of drift"),
        text("relative magnitude: steps as before training; smoothness: a trend that bends."),
        CODE,
    ),
    number("estimate", text("Estimate"), OWN, text("Effect against the months before.")),
    number("se", text("Standard error"), OWN, text("Its standard error.")),
    number(
        "breakdown",
        text("Drift it bears"),
        NONE,
        text("Largest drift, in multiples of the one before training, that leaves an effect."),
    ),
    number("breakdown_bound", text("The same"), OWN, text("The same as a change in each period.")),
)

PREDICTION = (
    label(
        "predictor",
        text("Predictor"),
        text("posterior_mean: the ranking; its rivals: raw_mean, everyone_average."),
        CODE,
    ),
    label("measure", text("Measure"), text("What is measured of the prediction."), CODE),
    number("value", text("Value"), NONE, text("The figure.")),
    number("lower", text("From"), NONE, text("Lower end of its interval.")),
    number("upper", text("To"), NONE, text("Upper end of its interval.")),
)

PREDICTED = (
    PROVIDER,
    number("predicted", text("Foretold"), OWN, text("Effect as the ranking at the cut says.")),
    number("realised", text("Came later"), OWN, text("Effect of the sessions after the cut.")),
    number("realised_se", text("Standard error"), OWN, text("Its standard error.")),
    answer("listed_then", text("Listed then"), text("On the list of the ranking at the cut.")),
    answer("listed_later", text("Listed later"), text("On the list of the later sessions.")),
)

WEIGHTS = (
    PROVIDER,
    number(
        "listed_share",
        text("Share of weights"),
        SHARE,
        text("Share of the weight vectors under which the provider is on the list."),
    ),
    answer("listed_always", text("Always"), text("On the list whatever the weights.")),
    answer("listed_ever", text("Ever"), text("On the list under some weights.")),
    place("place", text("Place"), text("Place under the methodology's weights."), None),
    place("best", text("Best place"), text("Best place over all weight vectors."), None),
    place("worst", text("Worst place"), text("Worst place over all weight vectors."), None),
)

WEIGHTINGS = (
    Column("vector", pl.Int64, text("Number"), NONE, text("Number of the weight vector.")),
    label("indicator", text("Indicator"), text("Indicator of the methodology."), CODE),
    number("weight", text("Weight"), SHARE, text("Its weight in this vector.")),
    Column(
        "listed", pl.Int64, text("On the list"), text("organisations"), text("Length of the list.")
    ),
    number(
        "tau",
        text("Likeness"),
        text("-1 to 1"),
        text("Kendall's tau with the methodology's order."),
    ),
)

GRADES = (
    number("price", text("Price"), NONE, text("Gain of a right order, against the loss 1.")),
    Column("grades", pl.Int64, text("Grades"), text("grades"), text("Number of grades.")),
    number(
        "discordance_rate",
        text("Wrong orders"),
        SHARE,
        text("Expected share of wrong orders among pairs in different grades."),
    ),
    number("tau", text("Right less wrong"), SHARE, text("Expected right less wrong pairs.")),
)

PRIOR = (
    label("indicator", text("Indicator"), text("Indicator, or composite."), CODE),
    number("effect", text("Effect"), OWN, text("A possible true effect.")),
    number("density", text("Density"), NONE, text("How often organisations have it.")),
)

PRIOR_MEAN = (
    label("indicator", text("Indicator"), text("Indicator, or composite."), CODE),
    label(
        "term",
        text("What is known"),
        text(
            "What the expected effect depends on: covariate=level against its largest level, a "
            "number, log(se), or the intercept."
        ),
        CODE,
    ),
    number(
        "coefficient",
        text("Expected effect"),
        OWN,
        text("By how much it moves the effect that is expected beforehand."),
    ),
    number("se", text("Standard error"), OWN, text("Standard error of the coefficient.")),
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
