"""One organisation's effect on each indicator, against the effects of its peers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from otdacha.documents.charts.axes import Key, keys, sides
from otdacha.documents.charts.chart import Chart, Table, nothing
from otdacha.documents.charts.drawing import (
    SHEET,
    mark,
    rule,
    shapes,
    short,
    silent,
    stretched,
    titled,
    words,
)
from otdacha.documents.charts.rows import Estimate, Quantity, full
from otdacha.documents.charts.wording import clean, cut
from otdacha.language import Language, ntext, text

ROW = 78
_TOP = 26
_EDGE = 1.75


@dataclass(frozen=True)
class Indicator:
    """One indicator: the organisation's own effect and those of its peers, in its own unit."""

    quantity: Quantity
    own: Estimate
    peers: tuple[Estimate, ...] = ()


def indicators(
    rows: Sequence[Indicator], language: Language, *, id: str = "indicators", title: str = ""
) -> Chart:
    """One row per indicator, each on a scale of its own; no change in the middle, better right.

    Peers are a pale stroke each, so that where many are they make a band. Raises ValueError where a
    quantity speaks another language.
    """
    if any(row.quantity.language != language for row in rows):
        raise ValueError("the indicators are not all in the language of the chart")
    title = title or text("Effect by indicator, and that of others").said(language)
    table = _table(rows, title, language)
    if not rows:
        return nothing(id, title, text("No indicator to show here.").said(language), table)
    bottom = _TOP + ROW * len(rows)
    worse, better = sides(language)
    drawn = [
        shapes(id),
        silent(
            [
                words(f"← {worse}", 0, 13, "chart-small"),
                words(f"{better} →", 100, 13, "chart-small", "end"),
                words("0", 50, 13, "chart-small", "middle"),
            ]
        ),
        *(_row(row, _TOP + ROW * i, id) for i, row in enumerate(rows)),
    ]
    meanings, end = keys(_meanings(rows, language), bottom, id)
    return Chart(
        id=id,
        title=title,
        description=ntext(
            "{count} indicator: the organisation's point with its interval, and the points of "
            "other organisations as pale strokes. The table says the same.",
            "{count} indicators, each on its own scale: the organisation's point with its "
            "interval, and the points of other organisations as pale strokes. The table says the "
            "same.",
            count=len(rows),
        ).said(language),
        table=table,
        marks="".join([*drawn, meanings]),
        height=end,
    )


def _row(row: Indicator, y: float, id: str) -> str:
    """Name and figure; below them the strip, with the ends of its scale on both sides."""
    quantity = row.quantity
    point, _ = row.own.said(quantity)
    known = [row.own, *row.peers]
    reach = max((abs(end) for one in known for end in one.figures or ()), default=0.0) or 1.0
    sign = 1 if quantity.better == "more" else -1

    def x(value: float) -> float:
        return 50 + sign * (50 - _EDGE) * value / reach

    line = y + 34
    peers = [x(one.figures[1]) for one in row.peers if one.figures]
    kept = 20.5 if row.own.figures else 13.5
    drawn = [
        silent(
            [
                rule(0, line, 100, line, "chart-grid"),
                rule(50, line - 11, 50, line + 11, "chart-zero"),
                words(cut(clean(quantity.unit), 17), 50, y + 60, "chart-small", "middle"),
                words(quantity.point(-sign * reach), 0, y + 60, "chart-small"),
                words(quantity.point(sign * reach), 100, y + 60, "chart-small", "end"),
            ]
        )
        if any(one.figures for one in known)
        else "",
        f'<svg width="100%" y="{short(line - 8)}" height="16">'
        f"{stretched(16, [_strokes(peers)])}</svg>"
        if peers
        else "",
    ]
    name = clean(quantity.heading)
    heading = words(cut(clean(quantity.name), kept), 0, y + 14, "chart-name chart-halo")
    if row.own.figures is None:
        drawn += [heading, words(cut(point, 13), 100, y + 14, "chart-small", "end")]
    else:
        lower, middle, upper = (x(end) for end in row.own.figures)
        drawn += [
            heading,
            words(point, 100, y + 14, "chart-strong", "end"),
            f'<g class="{"chart-good" if row.own.listed else "chart-ink"}">',
            rule(lower, line, upper, line, "chart-interval"),
            mark("diamond" if row.own.listed else "circle", middle, line, "chart-full", id),
            "</g>",
        ]
    return titled(full(name, row.own.said(quantity)), "".join(drawn))


def _strokes(places: Sequence[float]) -> str:
    strokes = "".join(f"M{short(x * SHEET / 100)} 0v16" for x in places)
    return f'<path class="chart-rug chart-peer" vector-effect="non-scaling-stroke" d="{strokes}"/>'


def _meanings(rows: Sequence[Indicator], language: Language) -> list[Key]:
    entries: list[Key] = [
        ("bold", "chart-interval chart-ink", text("this organisation").said(language))
    ]
    if any(row.peers for row in rows):
        entries.append(("long", "chart-rug chart-peer", text("others").said(language)))
    return entries


def _table(rows: Sequence[Indicator], caption: str, language: Language) -> Table:
    return Table(
        caption=caption,
        header=(
            text("Organisation").said(language),
            text("Indicator").said(language),
            text("Effect").said(language),
            text("Interval").said(language),
        ),
        rows=tuple(
            (clean(one.name), clean(row.quantity.heading), *one.said(row.quantity))
            for row in rows
            for one in (row.own, *row.peers)
        ),
    )
