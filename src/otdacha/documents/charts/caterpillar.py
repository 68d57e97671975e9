"""Organisations one below the other, each with its point on its interval."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from otdacha.documents.charts.axes import Key, across, below, heading, keys, threshold_line
from otdacha.documents.charts.chart import LINE, Chart, Table, nothing
from otdacha.documents.charts.drawing import (
    behind,
    linked,
    mark,
    rule,
    shapes,
    silent,
    touched,
    words,
)
from otdacha.documents.charts.rows import Estimate, Quantity, listed_in_words
from otdacha.documents.charts.scale import Scale, scale_of
from otdacha.documents.charts.wording import LETTERS, broken, clean, cut, ems
from otdacha.language import Text, ntext, text

ROW = 40
"""The height of a row in pixels: a name on one line, and its interval below it."""

_NAME = 20.5
"""Ems that a name may take beside its figure in a narrow chart; it may take two lines."""

_BOLD = 1.1
"""How much wider bold letters are."""

_STATE = 13.0


def caterpillar(
    rows: Sequence[Estimate], quantity: Quantity, *, threshold: float = 0.0,
    id: str = "caterpillar", title: str = "",
) -> Chart:  # fmt: skip
    """Estimates in the order given, names above their intervals; each row leads to its page.

    threshold: what the list is compared with, in the quantity's unit; drawn where it is not zero.
    """
    language = quantity.language
    title = title or text("Effects of training organisations with their intervals").said(language)
    table = table_of_estimates(rows, quantity, title, text("Organisation"))
    if not rows:
        return nothing(id, title, text("No organisation to show here.").said(language), table)
    ends = [end for row in rows for end in row.figures or ()]
    scale = scale_of([*ends, 0.0, threshold])
    above, top = heading(quantity.heading)
    names = [_name(row) for row in rows]
    tops = list(accumulate((_height(name) for name in names), initial=top))
    bottom = tops[-1]
    axis, end = below(scale, quantity, top, bottom)
    drawn = [shapes(id), above, axis]
    if threshold:
        drawn.append(silent([threshold_line(across(scale, threshold), top, bottom)]))
    drawn += [
        _row(row, name, quantity, scale, y, id)
        for row, name, y in zip(rows, names, tops, strict=False)
    ]
    meanings, end = keys(_meanings(rows, threshold, quantity), end, id)
    return Chart(
        id=id,
        title=title,
        description=_description(rows, quantity),
        table=table,
        marks="".join([*drawn, meanings]),
        height=end,
        linked=any(row.href for row in rows),
    )


def _name(row: Estimate) -> tuple[str, ...]:
    """The name on one line or two."""
    room = _NAME if row.figures else _NAME - 5
    return broken(row.name, room / _BOLD if row.listed else room, most=2)


def _height(name: tuple[str, ...]) -> float:
    return ROW + LINE * (len(name) - 1)


def _row(
    row: Estimate, name: tuple[str, ...], quantity: Quantity, scale: Scale, y: float,
    id: str,
) -> str:  # fmt: skip
    point, _ = row.said(quantity)
    strong = " chart-strong" if row.listed else ""
    inside = touched(y, _height(name))
    for i, line in enumerate(name):
        width = ems(line) * LETTERS * (_BOLD if row.listed else 1.0)
        inside += behind(y + 3 + LINE * i, width + 4, LINE)
        inside += words(line, 0, y + 16 + LINE * i, f"chart-name{strong}")
    if row.figures is None:
        inside += words(cut(point, _STATE), 100, y + 16, "chart-small chart-halo", "end")
        return linked(row.href, row.full(quantity), inside)
    lower, middle, upper = (across(scale, end) for end in row.figures)
    line_y = y + _height(name) - 12
    inside += words(point, 100, y + 16, f"chart-halo{strong}", "end")
    inside += (
        f'<g class="{"chart-good" if row.listed else "chart-point"}">'
        + rule(lower, line_y, upper, line_y, "chart-interval")
        + mark("diamond" if row.listed else "circle", middle, line_y, "chart-full", id)
        + "</g>"
    )
    return linked(row.href, row.full(quantity), inside)


def _meanings(rows: Sequence[Estimate], threshold: float, quantity: Quantity) -> list[Key]:
    language = quantity.language
    entries: list[Key] = []
    if any(row.listed for row in rows):
        entries.append(("diamond", "chart-full chart-good", listed_in_words(True, language)))
        if any(row.figures and not row.listed for row in rows):
            entries.append(("circle", "chart-full chart-point", listed_in_words(False, language)))
    if threshold:
        said = text("compared with {threshold}", threshold=quantity.point(threshold))
        entries.append(("dashed", "", said.said(language)))
    return entries


def _description(rows: Sequence[Estimate], quantity: Quantity) -> str:
    return ntext(
        "{count} organisation: a point with its interval. {listed} on the list, marked with "
        "a diamond. The table says the same.",
        "{count} organisations, one below the other: a point with its interval each. {listed} on "
        "the list, marked with a diamond. The table says the same.",
        count=len(rows),
        listed=sum(row.listed for row in rows),
    ).said(quantity.language)


def table_of_estimates(
    rows: Sequence[Estimate], quantity: Quantity, caption: str, named: Text
) -> Table:
    """Estimates row by row; named: what their names are of."""
    language = quantity.language
    return Table(
        caption=f"{caption}. {quantity.heading}",
        header=(
            named.said(language),
            text("Effect").said(language),
            text("Interval").said(language),
            text("The list").said(language),
        ),
        rows=tuple(
            (clean(row.name), *row.said(quantity), listed_in_words(row.listed, language))
            for row in rows
        ),
    )
