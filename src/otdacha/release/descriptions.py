"""What each published table tells, in one sentence."""

from __future__ import annotations

from collections.abc import Mapping

from otdacha.language import Text, text

DESCRIPTIONS: Mapping[str, Text] = {
    "providers": text(
        "Every training organisation with its effect, interval, place and state: one row each."
    ),
    "effects": text("The effect of every organisation on every indicator of work."),
    "excluded": text("What was left out of the evaluation and why, with the number of rows."),
    "gates": text("The checks of the method with their outcomes."),
    "event_study": text(
        "Work in the months before and after training, against what would have been without it."
    ),
    "second_opinion": text("The same effects, estimated in another way."),
    "drift": text("How work moved before training: what the checks look at."),
    "prediction": text("Whether an earlier ranking foretold what came later."),
    "predicted": text("What was foretold of each organisation, and what came."),
    "weights": text("Places under other weights of the indicators."),
    "weightings": text("The other weights themselves."),
    "grades": text("The grades under another price of a wrong order."),
    "prior": text("How true effects are spread over the organisations."),
    "prior_mean": text("What was expected of an organisation before looking at its results."),
    "comparisons": text(
        "Differences between two organisations, and whether they can be told apart."
    ),
    "programmes": text("The programmes of each organisation: topic, hours, form, price."),
    "municipalities": text("The towns that trained their servants or handed in records of work."),
    "changes": text("What changed since the release before, and what moved it."),
}
