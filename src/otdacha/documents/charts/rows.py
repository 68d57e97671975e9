"""What charts are made from: a quantity and how it is said, and estimates with their intervals."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from otdacha.documents.charts.wording import clean
from otdacha.documents.figures import Measure
from otdacha.documents.numbers import Numbers
from otdacha.language import Language, text
from otdacha.release.states import WITH_FIGURE, WORDS, State


@dataclass(frozen=True)
class Quantity:
    """What an axis shows, as people see it: in its unit, with its own sign.

    digits: decimals of its figures. better: which direction is the good one. level: its figures are
    no changes and have no sign.
    """

    name: str
    unit: str
    digits: int
    numbers: Numbers
    better: Literal["more", "less"] = "more"
    level: bool = False

    @classmethod
    def of(cls, measure: Measure, numbers: Numbers) -> Quantity:
        """The quantity of a measure of a release; its figures are what `measure.shown` gives."""
        better: Literal["more", "less"] = "more" if measure.sign > 0 else "less"
        return cls(measure.name, measure.unit, measure.digits, numbers, better, measure.level)

    @property
    def language(self) -> Language:
        return self.numbers.language

    @property
    def heading(self) -> str:
        return f"{self.name}, {self.unit}" if self.unit else self.name

    def point(self, value: float, digits: int | None = None) -> str:
        digits = self.digits if digits is None else digits
        return self.numbers.point(value, digits, level=self.level)

    def interval(self, lower: float, upper: float) -> str:
        return self.numbers.interval(lower, upper, self.digits, level=self.level)


@dataclass(frozen=True)
class Estimate:
    """A figure with its interval, or the state that stands in its place.

    name: of an organisation, or of a release. listed: it is on the list of the most effective.
    href: where its mark leads; a path or an address of the web. Raises ValueError where a state
    and its figures contradict each other.
    """

    name: str
    point: float | None = None
    lower: float | None = None
    upper: float | None = None
    state: State = State.PUBLISHED
    listed: bool = False
    href: str = ""

    def __post_init__(self) -> None:
        must_agree(self.state, (self.lower, self.point, self.upper))

    @property
    def figures(self) -> tuple[float, float, float] | None:
        """Lower end, point, upper end; None where there is a state instead."""
        if self.lower is None or self.point is None or self.upper is None:
            return None
        return self.lower, self.point, self.upper

    def said(self, quantity: Quantity) -> tuple[str, str]:
        """The point and the interval in words; a state and a dash where there is no figure."""
        if self.figures is None:
            return WORDS[self.state].said(quantity.language), "–"
        lower, point, upper = self.figures
        return quantity.point(point), quantity.interval(lower, upper)

    def full(self, quantity: Quantity) -> str:
        """Name, point and interval in one line."""
        return full(self.name, self.said(quantity))


def full(name: str, said: tuple[str, str]) -> str:
    """A name with its point and its interval, in one line."""
    point, interval = said
    return f"{clean(name)}: {point}" if interval == "–" else f"{clean(name)}: {point} ({interval})"


def must_agree(state: State, figures: Iterable[float | None]) -> None:
    """Raise ValueError unless there are finite figures in order with a state that has them."""
    known = [figure for figure in figures if figure is not None]
    if state not in WITH_FIGURE:
        if known:
            raise ValueError(f"a figure is given, and its state is {state}")
        return
    if len(known) < 3 or not all(map(math.isfinite, known)) or known != sorted(known):
        raise ValueError(f"lower end, point and upper end are not three figures in order: {known}")


def listed_in_words(listed: bool, language: Language) -> str:
    return (text("on the list") if listed else text("not on the list")).said(language)
