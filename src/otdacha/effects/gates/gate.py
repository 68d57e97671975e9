"""What a check found: passed, failed or not testable, with one plain sentence."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import polars as pl

from otdacha.language import MINUS, Text, text

Outcome = Literal["passed", "failed", "not_testable"]
PASSED: Outcome = "passed"
FAILED: Outcome = "failed"
NOT_TESTABLE: Outcome = "not_testable"


@dataclass(frozen=True)
class Gate:
    """One check. A failed gate withholds the ranking; one that is not testable is said to be so.

    figure, threshold: what was found and where it begins to fail (a p-value and the level of the
    tests, a share, standard deviations, degrees of freedom: the module of the gate says which);
    figure is None where there is nothing to compute it from.
    indicator: what it is about, None for the number of cases. provider: the one that stands out.
    detail: a frame with what the figure was made of, if there is more to it.
    """

    id: str
    outcome: Outcome
    sentence: Text
    figure: float | None
    threshold: float | None
    indicator: str | None = None
    provider: str | None = None
    detail: pl.DataFrame | None = field(default=None, compare=False)

    @property
    def passed(self) -> bool:
        return self.outcome == PASSED


def not_testable(
    gate: str, sentence: Text, threshold: float | None = None, indicator: str | None = None
) -> Gate:
    """The gate could not be computed; the sentence says why."""
    return Gate(gate, NOT_TESTABLE, sentence, None, threshold, indicator)


def outcome(sound: bool) -> Outcome:
    return PASSED if sound else FAILED


def chance(p_value: float) -> Text:
    """How often chance alone gives as much."""
    if p_value < 0.01:
        return text("with a probability below 1 %")
    return text("with a probability of {percent} %", percent=percent(p_value))


def decimal(value: float, places: int = 2) -> Text:
    """A number with a fraction and a true minus, as the reader's language writes it."""
    rounded = round(value, places) + 0.0  # no -0.00
    whole, part = f"{rounded:.{places}f}".replace("-", MINUS).split(".")
    return text("{whole}.{part}", whole=whole, part=part)


def percent(share: float) -> str:
    """In whole percent, with a true minus; the sign % is the sentence's."""
    return f"{round(100 * share)}".replace("-", MINUS)
