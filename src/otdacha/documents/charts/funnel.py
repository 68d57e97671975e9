"""Estimates against how exactly they are known: who stands out by more than chance makes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from otdacha.documents.charts.axes import Key, across, below, heading, keys, threshold_line
from otdacha.documents.charts.chart import Chart, Table, nothing
from otdacha.documents.charts.drawing import (
    band,
    cloud,
    linked,
    mark,
    rule,
    shapes,
    short,
    silent,
    stretched,
    words,
)
from otdacha.documents.charts.rows import Quantity, listed_in_words
from otdacha.documents.charts.scale import Scale, scale_of
from otdacha.documents.charts.wording import clean
from otdacha.documents.numbers import Numbers
from otdacha.language import ntext, text

WITH_MARKS = 400
"""Up to so many points each is a mark of its own; of more, those not listed are a cloud."""

TWO_SIDED_95 = 1.959964
_HEIGHT = 300
_STEPS = 32


@dataclass(frozen=True)
class FunnelPoint:
    """One organisation: its estimate before shrinkage, and how exactly it is known.

    estimate, error: in the quantity's unit; the standard error. people: how many stand behind it.
    highlighted: the one whom the page is about. Raises ValueError for what cannot be placed.
    """

    name: str
    estimate: float
    error: float
    people: int = 1
    listed: bool = False
    highlighted: bool = False
    href: str = ""

    def __post_init__(self) -> None:
        if not (math.isfinite(self.estimate) and 0 <= self.error < math.inf and self.people > 0):
            raise ValueError(f"an estimate, an error and a number of people are needed: {self}")


@dataclass(frozen=True)
class _Depth:
    """The vertical axis, the most exact on top: standard errors, or people (a log scale)."""

    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]
    spread: float | None
    top: float

    def y(self, point: FunnelPoint) -> float:
        return self.at(point.error if self.spread is None else math.log10(point.people))

    def at(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return self.top + _HEIGHT * (share if self.spread is None else 1 - share)

    def error(self, value: float) -> float:
        """The standard error that lies at this place of the axis."""
        return value if self.spread is None else self.spread / math.sqrt(10.0**value)


def funnel(
    points: Sequence[FunnelPoint], quantity: Quantity, *, threshold: float = 0.0,
    spread: float | None = None, id: str = "funnel", title: str = "",
) -> Chart:  # fmt: skip
    """Estimates across, standard errors down, and the limits that 95 % keep within by chance.

    spread: the standard deviation of one person's result; with it the number of people stands in
    the place of the standard error, and the limits are spread / sqrt(people) from the threshold.
    The limits are those of Spiegelhalter (2005), Funnel plots for comparing institutional
    performance, section 2.
    """
    language = quantity.language
    title = title or text("Estimates and how exactly they are known").said(language)
    table = _table(points, quantity, title)
    if not points:
        return nothing(id, title, text("No organisation to show here.").said(language), table)
    above, top = heading(quantity.heading)
    depth = _depth(points, spread, quantity.numbers, top + 22)
    reach = TWO_SIDED_95 * depth.error(depth.high if spread is None else depth.low)
    seen = [point.estimate for point in points]
    widest = max(abs(value - threshold) for value in seen) or reach or 1.0
    reach = min(reach, 1.25 * widest)
    scale = scale_of([*seen, 0.0, threshold - reach, threshold + reach])
    bottom = depth.top + _HEIGHT
    axis, end = below(scale, quantity, depth.top, bottom)
    crowd = len(points) > WITH_MARKS
    apart = [point for point in points if not crowd or _stands_out(point)]
    places = [
        (across(scale, point.estimate), depth.y(point))
        for point in points
        if crowd and not _stands_out(point)
    ]
    drawn = [
        shapes(id, ("diamond", "dot")),
        above,
        stretched(bottom, [_limits(scale, depth, threshold)]),
        axis,
        silent(_depth_axis(depth, quantity)),
        silent([threshold_line(across(scale, threshold), depth.top, bottom)] if threshold else []),
        stretched(bottom, [cloud(places, "chart-cloud chart-point")]) if places else "",
        *(
            _mark(point, quantity, scale, depth, id)
            for point in sorted(apart, key=lambda point: point.highlighted)
        ),
    ]
    meanings, end = keys(_meanings(points, threshold, quantity), end, id)
    return Chart(
        id=id,
        title=title,
        description=ntext(
            "{count} organisation. The higher, the more exactly its effect is known; within the "
            "pale funnel lies what chance alone makes. The table says the same.",
            "{count} organisations. The higher one stands, the more exactly its effect is known; "
            "within the pale funnel lies what chance alone makes. The table says the same.",
            count=len(points),
        ).said(language),
        table=table,
        marks="".join([*drawn, meanings]),
        height=end,
        linked=any(point.href for point in apart),
    )


def _stands_out(point: FunnelPoint) -> bool:
    return point.listed or point.highlighted


def _depth(
    points: Sequence[FunnelPoint], spread: float | None, numbers: Numbers, top: float
) -> _Depth:
    if spread is None:
        scale = scale_of([0.0, *(point.error for point in points)])
        said = tuple((value, numbers.decimal(value, scale.digits)) for value in scale.values)
        return _Depth(scale.low, scale.high, said, None, top)
    tens = [math.log10(point.people) for point in points]
    low, high = min(tens) - 0.1, max(tens) + 0.1
    round_ones = (10**power * step for power in range(10) for step in (1, 3))
    said = tuple(
        (math.log10(people), numbers.whole(people))
        for people in round_ones
        if low <= math.log10(people) <= high
    )
    return _Depth(low, high, said, spread, top)


def _limits(scale: Scale, depth: _Depth, threshold: float) -> str:
    """The funnel as an area; what is wider than the chart, the sheet cuts off."""
    rungs = [depth.low + (depth.high - depth.low) * i / _STEPS for i in range(_STEPS + 1)]

    def side(sign: float) -> list[tuple[float, float]]:
        ends = [threshold + sign * TWO_SIDED_95 * depth.error(rung) for rung in rungs]
        return [(across(scale, end), depth.at(rung)) for end, rung in zip(ends, rungs, strict=True)]

    return band(side(-1.0), side(1.0), "chart-band-wide")


def _depth_axis(depth: _Depth, quantity: Quantity) -> list[str]:
    named = text("standard error") if depth.spread is None else text("people trained")
    parts = [words(f"↑ {named.said(quantity.language)}", 0, depth.top - 8, "chart-small")]
    for value, said in depth.ticks:
        y = depth.at(value)
        parts.append(rule(0, y, 100, y, "chart-grid"))
        if y < depth.top + _HEIGHT - 16:
            parts.append(words(said, 0, y + 14, "chart-small chart-halo"))
    return parts


def _mark(
    point: FunnelPoint, quantity: Quantity, scale: Scale, depth: _Depth, id: str
) -> str:  # fmt: skip
    x, y = across(scale, point.estimate), depth.y(point)
    shape = "diamond" if point.listed else "dot"
    colour = "chart-full chart-good" if point.listed else "chart-full chart-point chart-dot"
    drawn = f'<circle class="chart-touch" cx="{short(x)}%" cy="{short(y)}" r="12"/>'
    drawn += mark(shape, x, y, colour, id)
    if point.highlighted:
        drawn += f'<circle class="chart-ring" cx="{short(x)}%" cy="{short(y)}" r="9"/>'
    name = f"{clean(point.name)}: {', '.join(_said(point, quantity))}"
    return linked(point.href, name, drawn)


def _said(point: FunnelPoint, quantity: Quantity) -> tuple[str, str]:
    error = quantity.numbers.decimal(point.error, quantity.digits + 1)
    return quantity.point(point.estimate), text("standard error {error}", error=error).said(
        quantity.language
    )


def _meanings(points: Sequence[FunnelPoint], threshold: float, quantity: Quantity) -> list[Key]:
    language = quantity.language
    entries: list[Key] = [
        (
            "bar",
            "chart-band-wide",
            text("by chance alone, {level}", level=quantity.numbers.percent(0.95)).said(language),
        )
    ]
    entries += [("ring", "chart-ring", point.name) for point in points if point.highlighted]
    if any(point.listed for point in points):
        entries.append(("diamond", "chart-full chart-good", listed_in_words(True, language)))
    if not all(point.listed for point in points):
        entries.append(("dot", "chart-full chart-point", listed_in_words(False, language)))
    if threshold:
        said = text("compared with {threshold}", threshold=quantity.point(threshold))
        entries.append(("dashed", "", said.said(language)))
    return entries


def _table(points: Sequence[FunnelPoint], quantity: Quantity, caption: str) -> Table:
    language, numbers = quantity.language, quantity.numbers
    on_the_list = {listed: listed_in_words(listed, language) for listed in (True, False)}
    return Table(
        caption=f"{caption}. {quantity.heading}",
        header=(
            text("Organisation").said(language),
            text("Estimate").said(language),
            text("Standard error").said(language),
            text("People").said(language),
            text("The list").said(language),
        ),
        rows=tuple(
            (
                clean(point.name),
                quantity.point(point.estimate),
                numbers.decimal(point.error, quantity.digits + 1),
                numbers.whole(point.people),
                on_the_list[point.listed],
            )
            for point in points
        ),
    )
