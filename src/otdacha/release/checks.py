"""The checks of a release in words: what each is called, how it ended, what all say together."""

from __future__ import annotations

from collections.abc import Mapping

from otdacha.language import Text, ntext, text
from otdacha.release.release import Release

NAMES: Mapping[str, Text] = {
    "pre_trends": text("Before training nothing moved"),
    "donut": text("No dip just before training"),
    "placebo_dates": text("No effect before training"),
    "placebo_outcomes": text("No effect where none can be"),
    "balance_level": text("Alike in level before training"),
    "balance_trend": text("Alike in trend before training"),
    "overlap": text("Somebody to be compared with"),
    "case_volume": text("The number of cases did not change"),
    "case_mix": text("The kinds of cases did not change"),
    "who_stays": text("Nobody left because of training"),
    "effective_degrees_of_freedom": text("Enough independent comparisons"),
    "excluded_share": text("Little was left out"),
    "permuted_labels": text("No list by chance alone"),
}
"""What is found where a check passes."""

OUTCOMES: Mapping[str, Text] = {
    "passed": text("passed"),
    "failed": text("failed"),
    "not_testable": text("not testable"),
}

WITHHELD = text(
    "A check of the method failed, so it is not said which training organisations are better."
)


def summary(release: Release) -> Text:
    """How many checks there are and how they ended, in one sentence."""
    ended = dict(release.gates.group_by("outcome").len().iter_rows())
    failed, untested = ended.get("failed", 0), ended.get("not_testable", 0)
    if failed:
        return ntext(
            "{count} check of the method failed; the ranking is withheld.",
            "{count} checks of the method failed; the ranking is withheld.",
            count=failed,
        )
    return text(
        "Checks of the method: {passed} passed, none failed, {untested} could not be made.",
        passed=ended.get("passed", 0),
        untested=untested,
    )


def name_of(gate: str) -> Text:
    """What a check is called; one that this program does not know says its code."""
    return NAMES.get(gate, text("{code}", code=gate))
