"""How figures of a scenario are written: rubles, shares, numbers of people, or their state."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from otdacha.documents.figures import Figure
from otdacha.documents.numbers import NO_BREAK, Numbers
from otdacha.language import Text, text
from otdacha.pay.wording import EFFECTS
from otdacha.release.states import WORDS, State

_MILLION, _BILLION = Decimal(1_000_000), Decimal(1_000_000_000)
_STATES = {
    "too few exits": State.INSUFFICIENT_EVIDENCE,
    "no wage": State.NOT_COLLECTED,
    "suppressed": State.SUPPRESSED,
}
"""Why exits of a town are not told, as the typed state it is."""
_NO_WAGE = text("no wage next door is known")


@dataclass(frozen=True)
class Figures:
    """The figures of one language. A value that is not there is always given its state."""

    numbers: Numbers

    def state(self, state: State, words: Text | None = None) -> Figure:
        """A state in the place of a figure; words: why, where they say more than the state's."""
        return Figure((words or WORDS[state]).said(self.numbers.language), state=state)

    @property
    def suppressed(self) -> Figure:
        return self.state(State.SUPPRESSED)

    def rubles(self, sum_: Decimal) -> str:
        """Money exactly: kopecks only where there are some."""
        if sum_ == sum_.to_integral_value():
            return self.about(sum_)
        return f"{self.numbers.decimal(float(sum_), 2)}{NO_BREAK}₽"

    def about(self, sum_: Decimal | float) -> str:
        """Money in whole rubles."""
        return f"{self.numbers.whole(round(sum_))}{NO_BREAK}₽"

    def more(self, sum_: Decimal) -> str:
        """A difference of money in whole rubles, with its sign."""
        return f"{self.numbers.signed(float(sum_), 0)}{NO_BREAK}₽"

    def short(self, sum_: Decimal | float) -> str:
        """Money in a sentence: in millions or billions with three figures, where it is so much."""
        sum_ = Decimal(sum_)
        if abs(sum_) < _MILLION:
            return self.about(sum_)
        if abs(sum_) < _BILLION:
            said = text("{number} million ₽", number=self._three(sum_ / _MILLION))
        else:
            said = text("{number} billion ₽", number=self._three(sum_ / _BILLION))
        return said.said(self.numbers.language)

    def _three(self, number: Decimal) -> str:
        digits = 2 if abs(number) < 10 else 1 if abs(number) < 100 else 0
        return self.numbers.decimal(float(number), digits)

    def money(self, sum_: Decimal | None, state: State, words: Text | None = None) -> Figure:
        """A sum, exactly; where it is not there, its state."""
        return self.state(state, words) if sum_ is None else Figure(self.rubles(sum_))

    def people(self, count: int | None) -> Figure:
        """A number of people; one that is not there is of too few."""
        return self.suppressed if count is None else Figure(self.numbers.whole(count))

    def share(self, share: float | None, state: State, words: Text | None = None) -> Figure:
        if share is None:
            return self.state(state, words)
        return Figure(self.percent(share))

    def percent(self, share: float) -> str:
        return f"{self.numbers.decimal(100 * share, 0)}{NO_BREAK}%"

    def gain(self, share: float) -> str:
        """A change of pay with its sign."""
        return f"{self.numbers.signed(100 * share, 1)}{NO_BREAK}%"

    def gap(self, ratio: float | None) -> Figure:
        """Pay as a share of the wage next door."""
        return self.share(ratio, State.NOT_COLLECTED, _NO_WAGE)

    def count(self, number: float) -> str:
        """An expected number of people: three figures are more than it is known to."""
        return self.numbers.decimal(number, 0 if abs(number) >= 100 else 1)

    def interval(self, lower: float, upper: float) -> str:
        return text("{lower} to {upper}", lower=self.count(lower), upper=self.count(upper)).said(
            self.numbers.language
        )

    def avoided(
        self, effect: str | None, point: float | None, lower: float | None, upper: float | None
    ) -> Figure:
        """Exits avoided with their interval, or why nothing can be said of them."""
        if point is None:
            return self.unknown_effect(effect)
        if lower is None or upper is None:
            return Figure(self.count(point))
        return Figure(self.count(point), below=self.interval(lower, upper))

    def unknown_effect(self, effect: str | None) -> Figure:
        """Why exits could not be estimated, or are not told."""
        state = _STATES.get(effect or "", State.INSUFFICIENT_EVIDENCE)
        return self.state(state, EFFECTS.get(effect or ""))
