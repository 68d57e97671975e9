"""Words and sums that documents of a plan and of a scenario say alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from otdacha.documents.numbers import NO_BREAK, Numbers
from otdacha.language import Language, Text, text
from otdacha.programme import wording


class Headed(Text):
    """Words that begin with a capital: they head a column, or stand alone in a cell."""

    def said(self, language: Language) -> str:
        words = super().said(language)
        return words[:1].upper() + words[1:]


SOURCES: Mapping[str, Text] = {
    source: Headed(words.template) for source, words in wording.SOURCES.items()
}
"""Whose money it is, in the order of the passport of a programme."""


def said(words: Mapping[str, Text], code: str | None, language: Language) -> str:
    """A code in words. One that this version does not know is shown itself, and no code as a dash:
    nothing is hidden."""
    if code is None:
        return "\N{EN DASH}"
    return words[code].said(language) if code in words else code


def span(years: Sequence[int]) -> str:
    """Years in a row in short: 2027, or 2027-2029."""
    first, last = years[0], years[-1]
    return str(first) if first == last else f"{first}\N{EN DASH}{last}"


def period(years: Sequence[int]) -> Text:
    """Years in a row in a sentence."""
    if len(years) == 1:
        return text("the year {years}", years=span(years))
    return text("the years {years}", years=span(years))


def rubles(amount: float | Decimal, numbers: Numbers) -> str:
    """A sum to the kopeck, as documents of a budget write it."""
    return numbers.decimal(float(amount), 2)


def money_of(amount: float | Decimal, numbers: Numbers) -> str:
    """A sum with its sign; both stay on one line."""
    return f"{rubles(amount, numbers)}{NO_BREAK}₽"
