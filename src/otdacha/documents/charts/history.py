"""One organisation's effect from release to release."""

from __future__ import annotations

from collections.abc import Sequence

from otdacha.documents.charts.axes import Key, Upright, evenly, heading, keys
from otdacha.documents.charts.caterpillar import table_of_estimates
from otdacha.documents.charts.chart import Chart, nothing
from otdacha.documents.charts.drawing import linked, mark, rule, shapes, silent, words
from otdacha.documents.charts.rows import Estimate, Quantity, listed_in_words
from otdacha.documents.charts.scale import scale_of
from otdacha.documents.charts.wording import clean, cut
from otdacha.language import ntext, text

_HEIGHT = 200
_MOST_LABELS = 6
_LABELS = 22.0
"""Ems that there are for the names of all releases in a narrow chart."""


def history(
    rows: Sequence[Estimate], quantity: Quantity, *, id: str = "history", title: str = ""
) -> Chart:
    """Estimates over releases, oldest first; `name` is the release, a cross is one without figure.

    Releases are categories: they stand side by side and are not joined by a line.
    """
    language = quantity.language
    title = title or text("The effect from release to release").said(language)
    table = table_of_estimates(rows, quantity, title, text("Release"))
    ends = [end for row in rows for end in row.figures or ()]
    if not ends:
        sentence = text("No release says a figure of this organisation yet.").said(language)
        return nothing(id, title, sentence, table)
    above, top = heading(quantity.heading)
    axis = Upright(scale_of([*ends, 0.0]), top + 16, top + 16 + _HEIGHT)
    every = -(-len(rows) // _MOST_LABELS)
    drawn = [shapes(id), above, axis.drawn(quantity)]
    for i, (row, x) in enumerate(zip(rows, evenly(len(rows)), strict=True)):
        drawn.append(linked(row.href, row.full(quantity), _one(row, axis, x, id)))
        if (len(rows) - 1 - i) % every == 0:
            name = cut(clean(row.name), min(6.0, every * _LABELS / len(rows)))
            drawn.append(silent([words(name, x, axis.bottom + 20, "chart-small", "middle")]))
    meanings, end = keys(_meanings(rows, quantity), axis.bottom + 30, id)
    return Chart(
        id=id,
        title=title,
        description=ntext(
            "{count} release: a point with its interval. The table says the same.",
            "{count} releases from left to right, the latest on the right: a point with its "
            "interval each, a cross where there is no figure. The table says the same.",
            count=len(rows),
        ).said(language),
        table=table,
        marks="".join([*drawn, meanings]),
        height=end,
        linked=any(row.href for row in rows),
    )


def _one(row: Estimate, axis: Upright, x: float, id: str) -> str:
    touch = (
        f'<rect class="chart-touch" x="{x - 3:.2f}%" y="{axis.top:g}" width="6%" '
        f'height="{axis.bottom - axis.top:g}" rx="3"/>'
    )
    if row.figures is None:
        return touch + mark("cross", x, axis.bottom - 10, "chart-gap chart-warn", id)
    lower, middle, upper = (axis.y(end) for end in row.figures)
    return (
        f'{touch}<g class="{"chart-good" if row.listed else "chart-point"}">'
        + rule(x, lower, x, upper, "chart-interval")
        + mark("diamond" if row.listed else "circle", x, middle, "chart-full", id)
        + "</g>"
    )


def _meanings(rows: Sequence[Estimate], quantity: Quantity) -> list[Key]:
    language = quantity.language
    entries: list[Key] = []
    if any(row.listed for row in rows):
        entries.append(("diamond", "chart-full chart-good", listed_in_words(True, language)))
    if any(row.figures and not row.listed for row in rows):
        entries.append(("circle", "chart-full chart-point", listed_in_words(False, language)))
    if any(row.figures is None for row in rows):
        entries.append(("cross", "chart-gap chart-warn", text("no figure").said(language)))
    return entries
