"""Pay before and after, row by row, against what is earned next door."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from otdacha.documents.charts.axes import Key, across, below, heading, keys
from otdacha.documents.charts.chart import Chart, Table, nothing
from otdacha.documents.charts.drawing import linked, mark, rule, shapes, silent, touched, words
from otdacha.documents.charts.rows import Quantity
from otdacha.documents.charts.scale import Scale, scale_of
from otdacha.documents.charts.wording import clean, cut
from otdacha.language import ntext, text
from otdacha.release.states import WORDS, State

_ROW = 44
_NAME = 17.0
"""Ems that a name may take beside its figures in a narrow chart."""
_BEFORE, _AFTER, _WAGE = "chart-hollow chart-point", "chart-full chart-good", "chart-zero"


@dataclass(frozen=True)
class Pay:
    """Mean pay of a place before and after, and the wage of all others there; in one unit.

    wage: None where nobody has published it. state: of the pay; without it both are None. href:
    where the row leads. Raises ValueError where state and figures contradict each other.
    """

    name: str
    before: float | None
    after: float | None
    wage: float | None = None
    state: State = State.PUBLISHED
    href: str = ""

    def __post_init__(self) -> None:
        known = [one for one in (self.before, self.after) if one is not None]
        if len(known) != (2 if self.state is State.PUBLISHED else 0):
            raise ValueError(f"{known} and the state {self.state} contradict")
        if not all(map(math.isfinite, [*known, self.wage or 0.0])):
            raise ValueError(f"no finite pay: {known}, {self.wage}")

    @property
    def figures(self) -> tuple[float, float] | None:
        return None if self.before is None or self.after is None else (self.before, self.after)

    def said(self, quantity: Quantity) -> tuple[str, str, str]:
        """Before, after, the wage; a state in the place of what is not told."""
        wage = (
            WORDS[State.NOT_COLLECTED].said(quantity.language)
            if self.wage is None
            else quantity.point(self.wage)
        )
        if self.figures is None:
            return WORDS[self.state].said(quantity.language), "–", wage
        before, after = map(quantity.point, self.figures)
        return before, after, wage


def dumbbell(
    rows: Sequence[Pay], quantity: Quantity, *, id: str = "dumbbell", title: str = ""
) -> Chart:
    """A row for each place in the order given: a ring for pay before, a point for pay after, a
    stroke for the wage next door."""
    language = quantity.language
    title = title or text("Pay before and after, and the wage next door").said(language)
    table = _table(rows, quantity, title)
    figures = [
        figure
        for row in rows
        if row.figures
        for figure in (*row.figures, *([] if row.wage is None else [row.wage]))
    ]
    if not figures:
        return nothing(id, title, text("No pay to show here.").said(language), table)
    scale = scale_of(figures)
    above, top = heading(quantity.heading)
    bottom = top + _ROW * len(rows) + 2
    axis, end = below(scale, quantity, top, bottom, sided=False)
    drawn = [shapes(id, ("circle",)), above, axis]
    drawn += [_row(row, quantity, scale, top + _ROW * at, id) for at, row in enumerate(rows)]
    meanings, end = keys(_meanings(rows, quantity), end + 2, id)
    return Chart(
        id=id,
        title=title,
        description=ntext(
            "{count} row: pay before, pay after and the wage next door. The table says the same.",
            "{count} rows: pay before, pay after and the wage next door. The table says the same.",
            count=len(rows),
        ).said(language),
        table=table,
        marks="".join([*drawn, meanings]),
        height=end,
        linked=any(row.href for row in rows),
    )


def _row(row: Pay, quantity: Quantity, scale: Scale, y: float, id: str) -> str:
    before, after, wage = row.said(quantity)
    inside = touched(y, _ROW)
    inside += words(cut(clean(row.name), _NAME), 0, y + 15, "chart-name chart-halo")
    line = y + 30
    if row.figures is None:
        inside += words(cut(before, 20), 100, y + 15, "chart-small chart-halo", "end")
    else:
        left, right = (across(scale, one) for one in row.figures)
        inside += words(f"{before} → {after}", 100, y + 15, "chart-small chart-halo", "end")
        inside += f'<g class="chart-good">{rule(left, line, right, line, "chart-interval")}</g>'
        inside += mark("circle", left, line, _BEFORE, id) + mark("circle", right, line, _AFTER, id)
    if row.wage is not None:
        there = across(scale, row.wage)
        inside += rule(there, line - 9, there, line + 9, _WAGE)
    name = text(
        "{name}: {before} (after {after}, next door {wage})",
        name=clean(row.name),
        before=before,
        after=after,
        wage=wage,
    )
    return linked(row.href, name.said(quantity.language), silent([inside]))


def _meanings(rows: Sequence[Pay], quantity: Quantity) -> list[Key]:
    language = quantity.language
    entries: list[Key] = [
        ("circle", _BEFORE, text("before the measures").said(language)),
        ("circle", _AFTER, text("after the measures").said(language)),
    ]
    if any(row.wage is not None for row in rows):
        entries.append(("long", _WAGE, text("wage next door").said(language)))
    return entries


def _table(rows: Sequence[Pay], quantity: Quantity, caption: str) -> Table:
    language = quantity.language
    return Table(
        caption=f"{caption}. {quantity.heading}",
        header=(
            text("Where").said(language),
            text("Before").said(language),
            text("After").said(language),
            text("Wage next door").said(language),
        ),
        rows=tuple((clean(row.name) or "–", *row.said(quantity)) for row in rows),
    )
