"""What packages of measures cost and bring: those that no cheaper one beats, and the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from otdacha.documents.charts.axes import LEFT, RIGHT, Key, Upright, heading, keys
from otdacha.documents.charts.chart import Chart, Table, nothing
from otdacha.documents.charts.drawing import (
    Anchor,
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
from otdacha.documents.charts.rows import Estimate, Quantity
from otdacha.documents.charts.scale import Scale, scale_of
from otdacha.documents.charts.wording import clean, cut
from otdacha.language import Text, ntext, text

_HEIGHT = 240
_LAST, _SHORT = 92.0, 3
"""Percent from the left beyond which a label cannot stand in the middle of its point, and letters
of one that can."""
_CHOSEN = ("diamond", "chart-full chart-good")
_BEST = ("circle", "chart-full chart-point")
_BEATEN = ("circle", "chart-hollow chart-point")
_UNKNOWN = ("cross", "chart-gap chart-warn")


@dataclass(frozen=True)
class Package:
    """A package of measures. cost: in the unit of the chart's money. estimate: what it brings, with
    its interval, or the state in its place. best: no cheaper package brings as much. chosen: it is
    the one that the chart is about. label: what stands over its mark; by default its name."""

    cost: float
    estimate: Estimate
    best: bool = False
    chosen: bool = False
    label: str = ""


def packages(
    rows: Sequence[Package], money: Quantity, gain: Quantity, *, id: str = "packages",
    title: str = "",
) -> Chart:  # fmt: skip
    """Gain over cost, the cheapest on the left; the best are joined, with the band of them.

    A package of whose gain nothing could be estimated is a cross at the bottom.
    """
    language = gain.language
    title = title or text("What packages of measures cost and bring").said(language)
    ordered = sorted(rows, key=lambda row: row.cost)
    table = _table(ordered, money, gain, title)
    ends = [end for row in ordered for end in row.estimate.figures or ()]
    if not ends:
        sentence = text("What the packages bring could not be estimated.").said(language)
        return nothing(id, title, sentence, table)
    above, top = heading(gain.heading)
    axis = Upright(scale_of([*ends, 0.0]), top + 16, top + 16 + _HEIGHT)
    costs = scale_of([row.cost for row in ordered])
    drawn = [
        shapes(id, ("diamond", "circle", "cross")),
        above,
        _best(ordered, costs, axis),
        axis.drawn(gain),
        *(_point(row, _across(costs, row.cost), axis, money, gain, id) for row in ordered),
        _below(costs, axis.bottom, money),
    ]
    meanings, end = keys(_meanings(ordered, gain), axis.bottom + 46, id)
    return Chart(
        id=id,
        title=title,
        description=ntext(
            "{count} package: what it costs and brings, with its interval. The table says the "
            "same.",
            "{count} packages from the cheapest to the dearest: what each brings, with its "
            "interval. The table says the same.",
            count=len(ordered),
        ).said(language),
        table=table,
        marks="".join([*drawn, meanings]),
        height=end,
    )


def _across(scale: Scale, value: float) -> float:
    return LEFT + (RIGHT - LEFT) * scale.at(value) / 100


def _best(rows: Sequence[Package], costs: Scale, axis: Upright) -> str:
    """The line through the best, and its band."""
    best = [
        (_across(costs, row.cost), *map(axis.y, row.estimate.figures))
        for row in rows
        if row.best and row.estimate.figures
    ]
    if len(best) < 2:
        return ""
    lower, points, upper = ([(row[0], row[at]) for row in best] for at in (1, 2, 3))
    return stretched(
        axis.bottom + 2, [band(lower, upper, "chart-band-wide"), path(points, "chart-line")]
    )


def _look(row: Package) -> tuple[str, str]:
    if row.estimate.figures is None:
        return _UNKNOWN
    return _CHOSEN if row.chosen else _BEST if row.best else _BEATEN


def _point(row: Package, x: float, axis: Upright, money: Quantity, gain: Quantity, id: str) -> str:
    shape, kind = _look(row)
    name = f"{row.estimate.full(gain)}. {money.heading}: {money.point(row.cost)}"
    if row.estimate.figures is None:
        return titled(name, mark(shape, x, axis.bottom - 10, kind, id))
    lower, y, upper = map(axis.y, row.estimate.figures)
    label = cut(clean(row.label or row.estimate.name), 12)
    beyond = x > _LAST and len(label) > _SHORT
    anchor: Anchor = "end" if beyond else "middle"
    there = 100.0 if beyond else x
    colour = "chart-good" if row.chosen else "chart-point"
    return titled(
        name,
        f'<g class="{colour}">{rule(x, upper, x, lower, "chart-interval")}</g>'
        + mark(shape, x, y, kind, id)
        + silent([words(label, there, upper - 6, "chart-small chart-halo", anchor)]),
    )


def _below(costs: Scale, bottom: float, money: Quantity) -> str:
    values = costs.values
    drawn = [
        words(
            money.point(value, costs.digits), _across(costs, value), bottom + 18, "chart-small",
            "middle",
        )
        for value in values[:: -(-len(values) // 6)]
    ]  # fmt: skip
    drawn.append(words(cut(f"{money.heading} →", 27), 100, bottom + 36, "chart-small", "end"))
    return silent(drawn)


def _meanings(rows: Sequence[Package], gain: Quantity) -> list[Key]:
    language = gain.language
    meanings = {
        _CHOSEN: text("chosen package"),
        _BEST: text("no cheaper one is as good"),
        _BEATEN: text("a cheaper one is as good"),
        _UNKNOWN: text("could not be estimated"),
    }
    used = {_look(row) for row in rows}
    entries: list[Key] = [
        (*look, said.said(language)) for look, said in meanings.items() if look in used
    ]
    if any(row.estimate.figures for row in rows):
        entries.append(("bar", "chart-band-wide", text("range of 95 %").said(language)))
    return entries


def _table(rows: Sequence[Package], money: Quantity, gain: Quantity, caption: str) -> Table:
    language = gain.language
    return Table(
        caption=caption,
        header=(
            text("Package").said(language),
            money.heading,
            gain.heading,
            text("Interval").said(language),
            text("Standing").said(language),
        ),
        rows=tuple(
            (
                clean(row.estimate.name),
                money.point(row.cost),
                *row.estimate.said(gain),
                _standing(row).said(language),
            )
            for row in rows
        ),
    )


def _standing(row: Package) -> Text:
    if row.chosen:
        return text("chosen package")
    return text("no cheaper one is as good") if row.best else text("a cheaper one is as good")
