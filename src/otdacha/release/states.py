"""The typed states: every published figure has one, and a blank is never one of them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import polars as pl

from otdacha.language import Text, text

INVENTED = text(
    "The data of this release are invented: the organisations and people do not exist, and nothing "
    "here says anything about real ones."
)


class State(StrEnum):
    """What a figure is, or why it is not there, in the order in which they sort."""

    PUBLISHED = "published"
    TRUE_ZERO = "true_zero"
    INSUFFICIENT_EVIDENCE = "insufficient_evidence"
    TOO_NEW = "too_new"
    NOT_COMPARABLE = "not_comparable"
    WITHHELD = "withheld"
    SUPPRESSED = "suppressed"
    NOT_COLLECTED = "not_collected"


STATE = pl.Enum([state.value for state in State])
"""The column type of a state; it sorts figures first and what is not there last."""

WITH_FIGURE = (State.PUBLISHED, State.TRUE_ZERO)
"""The states whose figure is shown. The others are shown themselves, in the figure's place."""

WORDS: Mapping[State, Text] = {
    State.PUBLISHED: text("published"),
    State.TRUE_ZERO: text("zero"),
    State.INSUFFICIENT_EVIDENCE: text("too little evidence"),
    State.TOO_NEW: text("too new"),
    State.NOT_COMPARABLE: text("not comparable"),
    State.WITHHELD: text("withheld"),
    State.SUPPRESSED: text("suppressed"),
    State.NOT_COLLECTED: text("not collected"),
}
"""The states in two or three words, for a cell of a table."""

SENTENCES: Mapping[State, Text] = {
    State.PUBLISHED: text("The figure is published."),
    State.TRUE_ZERO: text("It was counted, and there was none."),
    State.INSUFFICIENT_EVIDENCE: text(
        "There are too few people or towns behind the figure to say anything. "
        "This is not a bad result: nothing is known yet."
    ),
    State.TOO_NEW: text(
        "The training ended too recently: no month of work after it is on record yet."
    ),
    State.NOT_COMPARABLE: text(
        "There are work results after the training, but nothing that they could fairly be "
        "compared with."
    ),
    State.WITHHELD: text(
        "A check of the method failed, so nothing is said about who is better until it is clear "
        "why. The checks are published with their results."
    ),
    State.SUPPRESSED: text(
        "The figure is known but not shown: so few people or towns stand behind it that somebody "
        "could be recognised."
    ),
    State.NOT_COLLECTED: text("Nobody handed in the records that the figure is made from."),
}
"""What a state means, in one or two plain sentences."""
