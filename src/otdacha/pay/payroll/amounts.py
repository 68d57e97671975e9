"""Rates and shares inside a text, written as its reader's language writes them."""

from __future__ import annotations

from babel.numbers import format_decimal, format_percent

from otdacha.language import Language, Text
from otdacha.pay.kopecks import RATE, SHARE


class _Percent(Text):
    def said(self, language: Language) -> str:
        pattern = "#,##0.## %" if language == "ru" else "#,##0.##%"
        return format_percent(self.values["rate"] / RATE, pattern, locale=language)


class _Plain(Text):
    def said(self, language: Language) -> str:
        return format_decimal(self.values["number"], "#,##0.####", locale=language)


def percent(rate: int) -> Text:
    """A rate in ten-thousandths, in percent."""
    return _Percent("{rate}", {"rate": rate})


def multiple(rate: int) -> Text:
    """A rate in ten-thousandths, as a number of salaries."""
    return _Plain("{number}", {"number": rate / RATE})


def share(thousandths: int) -> Text:
    """A share of a full post."""
    return _Plain("{number}", {"number": thousandths / SHARE})
