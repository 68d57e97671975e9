"""Month by month before and after training."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from otdacha.documents.charts.axes import LEFT, RIGHT, Key, Upright, heading, keys
from otdacha.documents.charts.chart import Chart, Table, nothing
from otdacha.documents.charts.drawing import (
    band,
    mark,
    path,
    rule,
    shapes,
    silent,
    stretched,
    titled,
    words,
)
from otdacha.documents.charts.rows import Quantity, full, must_agree
from otdacha.documents.charts.scale import scale_of
from otdacha.language import ntext, text
from otdacha.release.states import WORDS, State

_HEIGHT = 230

_ALONE = 0.5
"""Half the width of the band of a month between two gaps, in percent."""


@dataclass(frozen=True)
class Month:
    """One month from training: 0 is the first one after it, -1 the last one before.

    lower, upper: the interval of this month alone; lower_all, upper_all: the band that holds for
    all months at once. Raises ValueError where a state and its figures contradict each other.
    """

    time: int
    point: float | None = None
    lower: float | None = None
    upper: float | None = None
    lower_all: float | None = None
    upper_all: float | None = None
    state: State = State.PUBLISHED

    def __post_init__(self) -> None:
        must_agree(self.state, (self.lower, self.point, self.upper))
        must_agree(self.state, (self.lower_all, self.point, self.upper_all))

    @property
    def figures(self) -> tuple[float, float, float, float, float] | None:
        """Lower end for all months, lower end, point, upper end, upper end for all months."""
        known = (self.lower_all, self.lower, self.point, self.upper, self.upper_all)
        given = tuple(figure for figure in known if figure is not None)
        return (given[0], given[1], given[2], given[3], given[4]) if len(given) == 5 else None


_Shown = tuple[float, tuple[float, float, float, float, float]]


def event_study(
    months: Sequence[Month], quantity: Quantity, *, id: str = "event-study", title: str = ""
) -> Chart:
    """The effect by month with its two bands; a gap and a cross where a month has no figure."""
    language = quantity.language
    title = title or text("Before and after training, month by month").said(language)
    months = sorted(months, key=lambda month: month.time)
    table = _table(months, quantity, title)
    ends = [end for month in months for end in month.figures or ()]
    if not ends:
        sentence = text("No month before or after training has a figure yet.").said(language)
        return nothing(id, title, sentence, table)
    above, top = heading(quantity.heading)
    axis = Upright(scale_of([*ends, 0.0]), top + 16, top + 16 + _HEIGHT)
    place = _Places(months[0].time, months[-1].time)
    named = text("Months from training").said(language)
    drawn = [
        shapes(id, ("cross",)),
        above,
        stretched(axis.bottom, _bands(months, axis, place)),
        axis.drawn(quantity),
        silent(_training(place, axis, quantity)),
        stretched(axis.bottom, _lines(months, axis, place)),
        *(_mark(month, axis, place, quantity, id) for month in months),
        silent(_ticks(months, place, axis.bottom + 16, quantity)),
        silent([words(named, (LEFT + RIGHT) / 2, axis.bottom + 34, "chart-small", "middle")]),
    ]
    meanings, end = keys(_meanings(months, quantity), axis.bottom + 44, id)
    return Chart(
        id=id,
        title=title,
        description=ntext(
            "{count} month; {gaps} without a figure. The vertical line is the training. "
            "The table says the same.",
            "{count} months from left to right; {gaps} without a figure. The vertical line is the "
            "training. The table says the same.",
            count=len(months),
            gaps=sum(month.figures is None for month in months),
        ).said(language),
        table=table,
        marks="".join([*drawn, meanings]),
        height=end,
    )


@dataclass(frozen=True)
class _Places:
    first: int
    last: int

    def x(self, time: float) -> float:
        months = self.last - self.first
        share = (time - self.first) / months if months else 0.5
        return LEFT + (RIGHT - LEFT) * share


def _runs(months: Sequence[Month]) -> Iterator[list[_Shown]]:
    """The months that follow each other with figures: a line and its bands break between them."""
    run: list[_Shown] = []
    for month in months:
        if run and (month.figures is None or month.time != run[-1][0] + 1):
            yield run
            run = []
        if month.figures is not None:
            run.append((month.time, month.figures))
    if run:
        yield run


def _bands(months: Sequence[Month], axis: Upright, place: _Places) -> Iterator[str]:
    for low, high, kind in ((0, 4, "chart-band-wide"), (1, 3, "chart-band")):
        for run in _runs(months):
            around = (-_ALONE, _ALONE) if len(run) == 1 else (0.0,)
            points = [(place.x(time) + aside, figures) for time, figures in run for aside in around]
            lower = [(x, axis.y(figures[low])) for x, figures in points]
            upper = [(x, axis.y(figures[high])) for x, figures in points]
            yield band(lower, upper, kind)


def _lines(months: Sequence[Month], axis: Upright, place: _Places) -> Iterator[str]:
    for run in _runs(months):
        if len(run) > 1:
            points = [(place.x(time), axis.y(figures[2])) for time, figures in run]
            yield path(points, "chart-line chart-good")


def _mark(month: Month, axis: Upright, place: _Places, quantity: Quantity, id: str) -> str:
    """A dot, or a cross; either says its figures under the pointer."""
    x = place.x(month.time)
    name = full(_time(month.time, quantity), _said(month, quantity)[:2])
    if month.figures is None:
        return titled(name, mark("cross", x, axis.bottom - 10, "chart-gap chart-warn", id))
    lower_all, _, point, _, upper_all = map(axis.y, month.figures)
    return titled(
        name,
        rule(x, lower_all, x, upper_all, "chart-reach")
        + f'<circle class="chart-full" cx="{x:.2f}%" cy="{point:.2f}" r="3.5"/>',
        "chart-good",
    )


def _training(place: _Places, axis: Upright, quantity: Quantity) -> list[str]:
    if not place.first < 0 <= place.last:
        return []
    at = place.x(-0.5)
    named = text("training").said(quantity.language)
    return [
        rule(at, axis.top - 8, at, axis.bottom, "chart-threshold"),
        words(named, at + 1, axis.top - 6, "chart-small chart-halo"),
    ]


def _ticks(months: Sequence[Month], place: _Places, y: float, quantity: Quantity) -> list[str]:
    length = place.last - place.first
    every = next(step for step in (1, 2, 3, 6, 12, 24, 60, length + 1) if length / step <= 9)
    times = [time for time in range(place.first, place.last + 1) if time % every == 0]
    return [
        words(_time(time, quantity), place.x(time), y, "chart-small", "middle") for time in times
    ]


def _time(time: int, quantity: Quantity) -> str:
    return quantity.numbers.signed(time, 0)


def _meanings(months: Sequence[Month], quantity: Quantity) -> list[Key]:
    language = quantity.language
    entries: list[Key] = [
        ("bar", "chart-band", text("this month alone").said(language)),
        ("bar", "chart-band-wide", text("all months at once").said(language)),
    ]
    if any(month.figures is None for month in months):
        entries.append(("cross", "chart-gap chart-warn", text("no figure").said(language)))
    return entries


def _said(month: Month, quantity: Quantity) -> tuple[str, str, str]:
    if month.figures is None:
        return WORDS[month.state].said(quantity.language), "–", "–"
    lower_all, lower, point, upper, upper_all = month.figures
    return (
        quantity.point(point),
        quantity.interval(lower, upper),
        quantity.interval(lower_all, upper_all),
    )


def _table(months: Sequence[Month], quantity: Quantity, caption: str) -> Table:
    language = quantity.language
    return Table(
        caption=f"{caption}. {quantity.heading}",
        header=(
            text("Month").said(language),
            text("Effect").said(language),
            text("This month alone").said(language),
            text("All months at once").said(language),
        ),
        rows=tuple((_time(month.time, quantity), *_said(month, quantity)) for month in months),
    )
