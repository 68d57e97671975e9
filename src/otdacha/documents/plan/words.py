"""What the codes in the tables of a plan mean, in words for people."""

from __future__ import annotations

from collections.abc import Mapping

from otdacha.documents.numbers import NO_BREAK, Numbers
from otdacha.language import Language, Text, text
from otdacha.programme import offers, wording
from otdacha.programme.money import funds
from otdacha.programme.needs import NOT_PLANNED


class Headed(Text):
    """Words that begin with a capital: they head a column, or stand alone in a cell."""

    def said(self, language: Language) -> str:
        words = super().said(language)
        return words[:1].upper() + words[1:]


SOURCES: Mapping[str, Text] = {
    source: Headed(words.template) for source, words in wording.SOURCES.items()
}
"""Whose money it is, in the order of the passport of a programme."""

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


def said(words: Mapping[str, Text], code: str | None, language: Language) -> str:
    """A code in words. One that this version does not know is shown itself, and no code as a dash:
    nothing is hidden."""
    if code is None:
        return "\N{EN DASH}"
    return words[code].said(language) if code in words else code


def why_left_out(reason: str, language: Language) -> str:
    return said(_LEFT_OUT, reason, language)


def rubles(amount: float, numbers: Numbers) -> str:
    """A sum to the kopeck, as documents of a budget write it."""
    return numbers.decimal(amount, 2)


def money_of(amount: float, numbers: Numbers) -> str:
    """A sum with its sign; both stay on one line."""
    return f"{rubles(amount, numbers)}{NO_BREAK}₽"
