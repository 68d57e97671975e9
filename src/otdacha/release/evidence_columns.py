"""The columns of the published tables that say how far a ranking may be trusted.

What they hold is made in `otdacha.release.evidence`.
"""

from __future__ import annotations

import polars as pl

from otdacha.language import text
from otdacha.release.columns import (
    CODE,
    EVIDENCE,
    INDICATOR,
    INDICATOR_OR_NONE,
    NONE,
    OWN,
    PROVIDER,
    PROVIDER_OR_NONE,
    ROW,
    SHARE,
    STATE_OF_ROW,
    Column,
    answer,
    count,
    figure,
    label,
    number,
    place,
    state,
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
        text("from -1 to 1"),
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

COMPARISONS = (
    PROVIDER,
    label(
        "other",
        text("INN of the other"),
        text("Another training organisation: its INN."),
        text("INN"),
    ),
    state(
        ROW,
        text("State"),
        text("published, or not_comparable where the two share their whole error."),
    ),
    figure(
        "difference",
        text("Difference"),
        OWN,
        text("Estimate of the first less that of the other, before shrinkage; plus: it is better."),
    ),
    figure(
        "se",
        text("Standard error"),
        OWN,
        text("Standard error of the difference, with what the two estimates share."),
    ),
    figure("lower", text("From"), OWN, text("Lower end of the interval of this pair alone.")),
    figure("upper", text("To"), OWN, text("Upper end of the interval of this pair alone.")),
    Column(
        "distinguishable",
        pl.Boolean,
        text("Told apart"),
        text("yes or no"),
        text(
            "Whether the difference stands out from the noise, all pairs taken together: these "
            "answers hold at once, as the places do that hold all at once."
        ),
        ROW,
    ),
    figure(
        "probability_better",
        text("Probability"),
        SHARE,
        text("Probability that the first is better than the other, given the data."),
    ),
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
