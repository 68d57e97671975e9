"""What a release says about two organisations: which is better, if the noise lets that be seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from otdacha.documents.figures import Figure, effect_figure
from otdacha.language import Text, text
from otdacha.release.states import WITH_FIGURE, WORDS, State
from otdacha.site.bank.edition import Edition
from otdacha.site.bank.models import Organisation
from otdacha.site.bank.rows.entries import has_effect


@dataclass(frozen=True)
class Pair:
    """Two organisations, the better placed first. difference: of the first less the second;
    probability: that the first is better. Both say a state where the release has no such figure."""

    first: str
    second: str
    verdict: str
    apart: bool
    difference: Figure
    probability: Figure


def pair(
    edition: Edition, one: Organisation, other: Organisation, row: Mapping[str, Any] | None
) -> Pair:
    """row: the released row of table `comparisons` about the two; None where there is none."""
    headline, numbers = edition.measures[0], edition.numbers
    if row is None or State(row["state"]) not in WITH_FIGURE:
        state = _state(one, other, row)
        missing = Figure(WORDS[state].said(numbers.language), state=state)
        said = _without_figures(edition, one, other, row).said(numbers.language)
        return Pair(one.name, other.name, said, False, missing, missing)
    return Pair(
        first=one.name,
        second=other.name,
        verdict=_verdict(one, other, row).said(numbers.language),
        apart=bool(row["distinguishable"]),
        difference=effect_figure({**row, "posterior_mean": row["difference"]}, headline, numbers),
        probability=Figure(numbers.probability(row["probability_better"])),
    )


def _verdict(one: Organisation, other: Organisation, row: Mapping[str, Any]) -> Text:
    if not row["distinguishable"]:
        return text("Cannot be told apart: the difference does not stand out from the noise.")
    better, worse = (one, other) if row["difference"] > 0 else (other, one)
    return text(
        "{better} is better than {worse}: the difference stands out from the noise.",
        better=better.name,
        worse=worse.name,
    )


def _without_figures(
    edition: Edition, one: Organisation, other: Organisation, row: Mapping[str, Any] | None
) -> Text:
    for each in (one, other):
        if not has_effect(each):
            return text(
                "{name} has no published effect ({state}), so the two cannot be compared.",
                name=each.name,
                state=WORDS[State(each.state)],
            )
    if row is not None:
        return text("Both figures rest on the same records: their difference is not known.")
    made = edition.published.manifest["evaluation"].get("comparisons")
    if made and not made["shown"]:
        return text(
            "The release compares organisations in pairs only where there are {most} at most; it "
            "has more.",
            most=edition.numbers.whole(made["most"]),
        )
    return text("The release does not say whether these two differ.")


def _state(one: Organisation, other: Organisation, row: Mapping[str, Any] | None) -> State:
    """Why there is no figure: the state of the one that has no effect, or of the pair."""
    without = next((each for each in (one, other) if not has_effect(each)), None)
    if without is not None:
        return State(without.state)
    return State(row["state"]) if row is not None else State.NOT_COLLECTED
