"""What the codes in the tables of a plan mean, in words for people."""

from __future__ import annotations

from collections.abc import Mapping

from otdacha.documents.words import said
from otdacha.language import Language, Text, text
from otdacha.programme import offers
from otdacha.programme.money import funds
from otdacha.programme.needs import NOT_PLANNED

USES: Mapping[str | None, Text] = {
    "fee": text("fees"),
    "travel": text("travel"),
    None: text("fees and travel"),
}
"""What a budget may be spent on."""

FORMS: Mapping[str, Text] = {
    "in_person": text("in person"),
    "distance": text("at a distance"),
    "mixed": text("partly at a distance"),
}

WHAT: Mapping[str, Text] = {
    "needs": text("Needs"),
    "offers": text("Offers"),
    "budgets": text("Budgets"),
    "people": text("People"),
}

_LEFT_OUT: Mapping[str, Text] = {
    **offers.REASONS,
    **funds.REASONS,
    **NOT_PLANNED,
    "same_person_and_topic": text("The same person needs the same topic for several reasons."),
}


def why_left_out(reason: str, language: Language) -> str:
    return said(_LEFT_OUT, reason, language)
