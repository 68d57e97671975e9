"""An organisation as an entry of a list: its effect, interval and places, or why it has none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from otdacha.documents.charts import Estimate
from otdacha.documents.charts.scale import scale_of
from otdacha.documents.figures import Figure, Measure, count_figure, effect_figure, why
from otdacha.documents.numbers import NO_BREAK, Numbers
from otdacha.release.states import WITH_FIGURE, WORDS, State
from otdacha.site.bank.edition import Edition
from otdacha.site.bank.models import Organisation

_EDGE = 3.0
"""How far a bar stays away from both ends of its strip, in percent, so that its point is whole."""


@dataclass(frozen=True)
class Bar:
    """An interval on a strip whose right side is better; places in percent of its width."""

    low: float
    middle: float
    high: float
    zero: float


@dataclass(frozen=True)
class Entry:
    """One organisation. bar: None where there is no effect; why: what its state means then."""

    provider: str
    name: str
    about: str
    listed: bool
    effect: Figure
    bar: Bar | None
    places: Figure
    grade: Figure
    people: Figure
    municipalities: Figure
    trained: Figure
    price: Figure
    why: str


def entries(edition: Edition, organisations: Sequence[Organisation]) -> list[Entry]:
    """Organisations as entries, their bars on one scale.

    The price is that of `cheapest` where a listing has set it, else of the cheapest programme.
    """
    headline, numbers = edition.measures[0], edition.numbers
    bars = _bars(organisations)
    return [
        Entry(
            provider=one.provider,
            name=one.name,
            about=" · ".join(part for part in (one.type, one.region) if part),
            listed=one.listed,
            effect=effect_figure(one.row, headline, numbers),
            bar=bar,
            places=_ranked(one, numbers, "rank_low", "rank_high"),
            grade=_ranked(one, numbers, "grade", "grade"),
            people=count_figure(one.row, "people", numbers),
            municipalities=count_figure(one.row, "municipalities", numbers),
            trained=count_figure(one.row, "trained", numbers),
            price=price(getattr(one, "cheapest", one.price), numbers),
            why="" if has_effect(one) else why(one.row).said(numbers.language),
        )
        for one, bar in zip(organisations, bars, strict=True)
    ]


def has_effect(organisation: Organisation) -> bool:
    """Its effect is published."""
    return State(organisation.state) in WITH_FIGURE


def estimate(edition: Edition, organisation: Organisation, measure: Measure) -> Estimate:
    """An organisation's headline on a chart, leading to its page."""
    href = edition.url("organisation", provider=organisation.provider)
    if not has_effect(organisation):
        return Estimate(organisation.name, state=State(organisation.state), href=href)
    row = organisation.row
    lower, upper = sorted((measure.shown(row["lower"]), measure.shown(row["upper"])))
    return Estimate(
        organisation.name,
        measure.shown(row["posterior_mean"]),
        lower,
        upper,
        listed=organisation.listed,
        href=href,
    )


def price(roubles: float | None, numbers: Numbers) -> Figure:
    """A price, or that nobody has said it."""
    if roubles is None:
        state = State.NOT_COLLECTED
        return Figure(WORDS[state].said(numbers.language), state=state)
    said = numbers.decimal(roubles, 0 if float(roubles).is_integer() else 2)
    return Figure(f"{said}{NO_BREAK}₽")


def _ranked(organisation: Organisation, numbers: Numbers, low: str, high: str) -> Figure:
    if has_effect(organisation):
        return Figure(numbers.places(organisation.row[low], organisation.row[high]))
    state = State(organisation.state)
    return Figure(WORDS[state].said(numbers.language), state=state)


def _bars(organisations: Iterable[Organisation]) -> list[Bar | None]:
    """Effects as they are signed in the release: plus is better whatever the indicator."""
    figures = [
        (one.row["lower"], one.row["posterior_mean"], one.row["upper"]) if has_effect(one) else None
        for one in organisations
    ]
    scale = scale_of([0.0, *(end for each in figures if each for end in each)])

    def at(value: float) -> float:
        return round(_EDGE + (100 - 2 * _EDGE) * scale.at(value) / 100, 2)

    return [each and Bar(at(each[0]), at(each[1]), at(each[2]), at(0.0)) for each in figures]
