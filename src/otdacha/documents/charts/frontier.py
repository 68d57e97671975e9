"""What more or less money would bring: the expected improvement at each budget, with its band."""

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
    shapes,
    silent,
    stretched,
    titled,
    words,
)
from otdacha.documents.charts.rows import Quantity, full, must_agree
from otdacha.documents.charts.scale import scale_of
from otdacha.documents.charts.wording import cut
from otdacha.language import Text, ntext, text
from otdacha.release.states import State

_HEIGHT = 230
_NONE, _LATE = ("cross", "chart-gap chart-warn"), ("circle", "chart-gap chart-warn")
"""Shape and kind of the mark of a budget without a plan, and of one without a plan in time."""
_LAST = 92.0
"""Percent from the left beyond which a label cannot stand in the middle of its point."""


@dataclass(frozen=True)
class Budget:
    """What a plan inside one budget brings. money: in the unit of the chart's money. own: it is the
    plan that the chart is about. Without a point no plan keeps the rules with so little money, or
    where it is late none was found in time. A point has no band where nothing is known of how sure
    it is.

    Raises ValueError where the figures are not in order.
    """

    money: float
    point: float | None = None
    lower: float | None = None
    upper: float | None = None
    own: bool = False
    late: bool = False

    def __post_init__(self) -> None:
        figures = (self.lower, self.point, self.upper)
        if figures == (None, None, None):
            return
        alone = self.point is not None and self.lower is None and self.upper is None
        must_agree(State.PUBLISHED, (self.point,) * 3 if alone else figures)

    @property
    def ends(self) -> tuple[float, float] | None:
        """The ends of the band; None where there is none."""
        return None if self.lower is None or self.upper is None else (self.lower, self.upper)


def frontier(
    budgets: Sequence[Budget], money: Quantity, improvement: Quantity, *, id: str = "frontier",
    title: str = "",
) -> Chart:  # fmt: skip
    """Improvement over money, the smallest budget on the left; the plan's own point is a diamond.

    A budget that no plan fits is a cross at the bottom, one whose plan was not found in time a
    circle there.
    """
    language = improvement.language
    title = title or text("What the money brings").said(language)
    rows = sorted(budgets, key=lambda one: one.money)
    table = _table(rows, money, improvement, title)
    points = [row.point for row in rows if row.point is not None]
    if not points:
        sentence = text("No budget is known that a plan fits.").said(language)
        return nothing(id, title, sentence, table)
    above, top = heading(improvement.heading)
    axis = Upright(
        scale_of([*points, *(end for row in rows for end in row.ends or ()), 0.0]),
        top + 16,
        top + 16 + _HEIGHT,
    )
    across = scale_of([row.money for row in rows])

    def x(row: Budget) -> float:
        return LEFT + (RIGHT - LEFT) * across.at(row.money) / 100

    bands = [(x(row), *row.ends) for row in rows if row.ends is not None]
    line = [(x(row), axis.y(row.point)) for row in rows if row.point is not None]
    sheet = stretched(
        axis.bottom + 2,
        [
            band([(at, axis.y(lower)) for at, lower, _ in bands],
                 [(at, axis.y(upper)) for at, _, upper in bands], "chart-band-wide")
            if bands else "",
            path(line, "chart-line"),
        ],
    )  # fmt: skip
    drawn = [shapes(id, ("diamond", "circle", "cross")), above, sheet, axis.drawn(improvement)]
    drawn += [_point(row, x(row), axis, money, improvement, id) for row in rows]
    drawn.append(_below(across.values, across.digits, across.at, axis.bottom, money))
    meanings, end = keys(_meanings(rows, improvement), axis.bottom + 46, id)
    return Chart(
        id=id,
        title=title,
        description=ntext(
            "{count} budget: the expected improvement with its band. The table says the same.",
            "{count} budgets from the smallest to the largest: the expected improvement with its "
            "band, a cross where no plan keeps the rules. The table says the same.",
            count=len(rows),
        ).said(language),
        table=table,
        marks="".join([*drawn, meanings]),
        height=end,
    )


def _point(
    row: Budget, x: float, axis: Upright, money: Quantity, improvement: Quantity, id: str
) -> str:
    said = _said(row, improvement)
    name = full(f"{money.heading} {money.point(row.money)}", said)
    if row.point is None:
        shape, kind = _LATE if row.late else _NONE
        return titled(name, mark(shape, x, axis.bottom - 10, kind, id))
    y = axis.y(row.point)
    shape, kind = ("diamond", "chart-good") if row.own else ("circle", "chart-point")
    # half of a label in the middle of the last point would stand outside a narrow chart
    anchor: Anchor = "end" if x > _LAST else "middle"
    there = 100.0 if x > _LAST else x
    label = silent([words(cut(said[0], 8), there, y - 11, "chart-small chart-halo", anchor)])
    return titled(name, mark(shape, x, y, f"chart-full {kind}", id) + label)


def _below(values: Sequence[float], digits: int, at: object, bottom: float, money: Quantity) -> str:
    drawn = []
    every = -(-len(values) // 6)
    for place, value in enumerate(values):
        if place % every == 0:
            x = LEFT + (RIGHT - LEFT) * at(value) / 100  # type: ignore[operator]
            drawn.append(words(money.point(value, digits), x, bottom + 18, "chart-small", "middle"))
    drawn.append(words(cut(f"{money.heading} →", 27), 100, bottom + 36, "chart-small", "end"))
    return silent(drawn)


def _said(row: Budget, improvement: Quantity) -> tuple[str, str]:
    if row.point is None:
        return _why_none(row).said(improvement.language), "–"
    return improvement.point(row.point), "–" if row.ends is None else improvement.interval(
        *row.ends
    )


def _why_none(row: Budget) -> Text:
    return text("not found in time") if row.late else text("no plan keeps the rules")


def _meanings(rows: Sequence[Budget], improvement: Quantity) -> list[Key]:
    language = improvement.language
    entries: list[Key] = []
    if any(row.own for row in rows):
        entries.append(("diamond", "chart-full chart-good", text("this plan").said(language)))
    if any(row.point is not None and not row.own for row in rows):
        entries.append(("circle", "chart-full chart-point", text("other budgets").said(language)))
    if any(row.ends for row in rows):
        entries.append(("bar", "chart-band-wide", text("range of 90 %").said(language)))
    none = {row.late: row for row in rows if row.point is None}
    for late, row in sorted(none.items()):
        entries.append((*(_LATE if late else _NONE), _why_none(row).said(language)))
    return entries


def _table(rows: Sequence[Budget], money: Quantity, improvement: Quantity, caption: str) -> Table:
    language = improvement.language
    return Table(
        caption=caption,
        header=(
            money.heading,
            improvement.heading,
            text("Interval").said(language),
            text("Whose").said(language),
        ),
        rows=tuple(
            (
                money.point(row.money),
                *_said(row, improvement),
                (text("this plan") if row.own else text("another budget")).said(language),
            )
            for row in rows
        ),
    )
