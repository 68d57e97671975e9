"""A plan against other ways to give out the same money, each with its interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from otdacha.documents.charts.axes import Key, across, below, heading, keys
from otdacha.documents.charts.chart import Chart, Table, nothing
from otdacha.documents.charts.drawing import mark, rule, shapes, silent, titled, words
from otdacha.documents.charts.rows import Estimate, Quantity
from otdacha.documents.charts.scale import scale_of
from otdacha.documents.charts.wording import clean, cut
from otdacha.language import Text, ntext, text

_ROW = 46
_NOTE = 18
_OWN = text("this plan")


@dataclass(frozen=True)
class Rival:
    """One way to give out the money. estimate: its expected improvement. own: it is the plan.
    truth: what it really brings, where that is known (an invented union); None elsewhere. note:
    what is said below its interval."""

    estimate: Estimate
    own: bool = False
    truth: float | None = None
    note: str = ""


def rivals(
    rows: Sequence[Rival], quantity: Quantity, *, id: str = "rivals", title: str = "",
    own: Text = _OWN,
) -> Chart:  # fmt: skip
    """A row for each way, in the order given; the plan is a diamond, a known truth a stroke. own:
    what the diamond is called."""
    language = quantity.language
    title = title or text("This plan and other ways to give out the same money").said(language)
    known = any(row.truth is not None for row in rows)
    table = _table(rows, quantity, title, known)
    ends = [end for row in rows for end in row.estimate.figures or ()]
    if not ends:
        sentence = text("There is nothing to compare.").said(language)
        return nothing(id, title, sentence, table)
    truths = [row.truth for row in rows if row.truth is not None]
    scale = scale_of([*ends, *truths, 0.0])
    above, top = heading(quantity.heading)
    row_height = _ROW + (_NOTE if any(row.note for row in rows) else 0)
    bottom = top + row_height * len(rows) + 4
    axis, end = below(scale, quantity, top, bottom)
    drawn = [shapes(id, ("diamond", "circle")), above, axis]
    for at, row in enumerate(rows):
        y = top + row_height * at
        name = cut(clean(row.estimate.name), 24.0)
        marks = [silent([words(name, 0, y + 15, "chart-name chart-halo")])]
        if row.estimate.figures is None:
            said = cut(row.estimate.said(quantity)[0], 20)
            marks.append(silent([words(said, 0, y + 33, "chart-small")]))
        else:
            lower, point, upper = (across(scale, value) for value in row.estimate.figures)
            kind, shape = ("chart-good", "diamond") if row.own else ("chart-point", "circle")
            marks += [
                f'<g class="{kind}">',
                rule(lower, y + 31, upper, y + 31, "chart-interval"),
                mark(shape, point, y + 31, "chart-full", id),
                "</g>",
            ]
        if row.truth is not None:
            there = across(scale, row.truth)
            marks.append(rule(there, y + 22, there, y + 40, "chart-zero"))
        if row.note:
            note = words(cut(clean(row.note), 29.0), 0, y + 50, "chart-small chart-halo")
            marks.append(silent([note]))
        full = ". ".join(filter(None, (row.estimate.full(quantity), clean(row.note))))
        drawn.append(titled(full, "".join(marks)))
    meanings, end = keys(_meanings(rows, quantity, known, own), end + 2, id)
    return Chart(
        id=id,
        title=title,
        description=ntext(
            "{count} way to give out the money: a point with its interval. The table says the "
            "same.",
            "{count} ways to give out the same money: a point with its interval each. The table "
            "says the same.",
            count=len(rows),
        ).said(language),
        table=table,
        marks="".join([*drawn, meanings]),
        height=end,
    )


def _meanings(rows: Sequence[Rival], quantity: Quantity, known: bool, own: Text) -> list[Key]:
    language = quantity.language
    entries: list[Key] = []
    if any(row.own and row.estimate.figures for row in rows):
        entries.append(("diamond", "chart-full chart-good", own.said(language)))
    if any(not row.own and row.estimate.figures for row in rows):
        entries.append(("circle", "chart-full chart-point", text("other ways").said(language)))
    if known:
        entries.append(("long", "chart-zero", text("known truth").said(language)))
    return entries


def _table(rows: Sequence[Rival], quantity: Quantity, caption: str, known: bool) -> Table:
    language = quantity.language
    truth = (text("known truth").said(language),) if known else ()
    return Table(
        caption=caption,
        header=(
            text("How the money is given out").said(language),
            quantity.heading,
            text("Interval").said(language),
            *truth,
        ),
        rows=tuple(
            (
                clean(row.estimate.name) or "–",
                *row.estimate.said(quantity),
                *(("–" if row.truth is None else quantity.point(row.truth),) if known else ()),
            )
            for row in rows
        ),
    )
