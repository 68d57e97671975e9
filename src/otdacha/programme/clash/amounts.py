"""Sums of money, parts and lists inside a text, written as its reader's language writes them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from babel.numbers import format_currency, format_decimal, format_percent

from otdacha.language import Language, Text

RUBLE = 100
_WHOLE = {"ru": "#,##0 ¤", "en": "¤#,##0"}
_EXACT = {"ru": "#,##0.00 ¤", "en": "¤#,##0.00"}


@dataclass(frozen=True)
class _Rubles(Text):
    def said(self, language: Language) -> str:
        kopecks = int(self.values["kopecks"])
        pattern = _EXACT if kopecks % RUBLE else _WHOLE
        return format_currency(
            kopecks / RUBLE, "RUB", pattern[language], locale=language, currency_digits=False
        ).replace("RUB", "₽")


@dataclass(frozen=True)
class _Part(Text):
    def said(self, language: Language) -> str:
        pattern = "#,##0.# %" if language == "ru" else "#,##0.#%"
        return format_percent(self.values["part"], pattern, locale=language)


@dataclass(frozen=True)
class _Count(Text):
    def said(self, language: Language) -> str:
        return format_decimal(self.values["number"], locale=language)


@dataclass(frozen=True)
class _Joined(Text):
    def said(self, language: Language) -> str:
        return str(self.values["by"]).join(part.said(language) for part in self.values["parts"])


@dataclass(frozen=True)
class _Word(Text):
    def said(self, language: Language) -> str:
        return str(self.values["word"])


def word(name: str) -> Text:
    """A name, which is the same in every language."""
    return _Word("{word}", {"word": name})


def rubles(kopecks: int) -> Text:
    """A sum of money, with its kopecks where there are any."""
    return _Rubles("{kopecks}", {"kopecks": kopecks})


def percent(part: float) -> Text:
    return _Part("{part}", {"part": part})


def number(whole: int) -> Text:
    return _Count("{number}", {"number": whole})


def joined(parts: Iterable[Text], by: str = ", ") -> Text:
    """Texts one after the other."""
    return _Joined("{parts}", {"parts": tuple(parts), "by": by})
