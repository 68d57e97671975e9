"""Numbers and dates as the readers of a language write them."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from babel.dates import format_date
from babel.numbers import format_decimal, format_percent

from otdacha.language import MINUS, Language, text

NO_BREAK = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True)
class Numbers:
    """How one language writes numbers: its decimal sign, its thousands, a true minus."""

    language: Language

    def whole(self, value: int) -> str:
        return _decimal(value, 0, self.language)

    def decimal(self, value: float, digits: int) -> str:
        return self._in(value, digits, "")

    def signed(self, value: float, digits: int) -> str:
        """With its sign; what rounds to zero has none."""
        return self._in(value, digits, "+" if round(value, digits) > 0 else "")

    def point(self, value: float, digits: int, *, level: bool = False) -> str:
        """A change with its sign; a level, which is no change, as it is."""
        return self.decimal(value, digits) if level else self.signed(value, digits)

    def interval(self, lower: float, upper: float, digits: int, *, level: bool = False) -> str:
        """Both ends as `point` says them, in words that a screen reader can say."""
        return text(
            "{lower} to {upper}",
            lower=self.point(lower, digits, level=level),
            upper=self.point(upper, digits, level=level),
        ).said(self.language)

    def probability(self, value: float) -> str:
        """In whole percent; never 0 % or 100 %, which no probability here can be."""
        if value > 0.99:
            return f">{NO_BREAK}{self.percent(0.99)}"
        if value < 0.01:
            return f"<{NO_BREAK}{self.percent(0.01)}"
        return self.percent(value)

    def percent(self, value: float) -> str:
        return format_percent(value, locale=self.language)

    def small(self, value: float) -> str:
        """A p- or q-value to three decimals."""
        if value < 0.001:
            return f"<{NO_BREAK}{self.decimal(0.001, 3)}"
        return self.decimal(value, 3)

    def places(self, low: int, high: int) -> str:
        """A range of ranks: 3, or 3-7."""
        return str(low) if low == high else f"{low}\N{EN DASH}{high}"

    def day(self, day: dt.date) -> str:
        return format_date(day, format="long", locale=self.language)

    def month(self, day: dt.date) -> str:
        return format_date(day, format="LLLL yyyy", locale=self.language)

    def _in(self, value: float, digits: int, plus: str) -> str:
        return plus + _decimal(round(value, digits) + 0.0, digits, self.language)


@lru_cache(maxsize=8192)
def _decimal(rounded: float, digits: int, language: Language) -> str:
    """Kept, for a page says many figures and few different ones: they are rounded."""
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    return format_decimal(rounded, format=pattern, locale=language).replace("-", MINUS)


def digits_for(half_widths: Iterable[float]) -> int:
    """Decimals that show the middle half-width of the intervals with two digits, at most three.

    More would promise a precision that the intervals deny.
    """
    widths = sorted(width for width in half_widths if width > 0)
    if not widths:
        return 1
    return min(3, max(0, 1 - math.floor(math.log10(widths[len(widths) // 2]))))
