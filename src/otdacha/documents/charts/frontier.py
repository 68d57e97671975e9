"""How much more money would bring: a line over budgets with its band."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from otdacha.documents.charts.axes import LEFT, RIGHT, Upright, heading, keys
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
from otdacha.documents.charts.rows import Quantity
from otdacha.documents.charts.scale import scale_of
from otdacha.language import text

_HEIGHT = 240


@dataclass(frozen=True)
class Budget:
    """What a budget brings. money: in words; amount: by which it is placed. here: it is the plan's
    own. lower, upper: the ends of the interval of `benefit`."""

    amount: float
    money: str
    people: str
    benefit: float
    lower: float
    upper: float
    here: bool = False

    def said(self, quantity: Quantity) -> str:
        interval = quantity.interval(self.lower, self.upper)
        return f"{self.money}: {quantity.point(self.benefit)} ({interval})"


def frontier(rows: Sequence[Budget], quantity: Quantity, *, id: str = "frontier") -> Chart:
    """Budgets from left to right, what they bring upwards, with the band of its interval."""
    language = quantity.language
    title = text("What more money would bring").said(language)
    table = _table(rows, quantity, title)
    if not rows:
        return nothing(id, title, text("It was not worked out.").said(language), table)
    ordered = sorted(rows, key=lambda row: row.amount)
    above, top = heading(quantity.heading)
    ends = [end for row in ordered for end in (row.lower, row.benefit, row.upper)]
    axis = Upright(scale_of([*ends, 0.0]), top + 16, top + 16 + _HEIGHT)
    most = ordered[-1].amount or 1.0

    def x(row: Budget) -> float:
        return LEFT + (RIGHT - LEFT) * row.amount / most

    sheet = stretched(
        axis.bottom,
        [
            band(
                [(x(row), axis.y(row.lower)) for row in ordered],
                [(x(row), axis.y(row.upper)) for row in ordered],
                "chart-band",
            ),
            path([(x(row), axis.y(row.benefit)) for row in ordered], "chart-line"),
        ],
    )
    drawn = [shapes(id), above, axis.drawn(quantity), sheet]
    for row in ordered:
        shape = "diamond" if row.here else "circle"
        kind = "chart-good" if row.here else "chart-point"
        point = mark(shape, x(row), axis.y(row.benefit), "chart-full", id)
        drawn.append(titled(row.said(quantity), point, kind))
    shown = [ordered[0], *(row for row in ordered if row.here), ordered[-1]]
    for row in {row.amount: row for row in shown}.values():
        drawn.append(rule(x(row), axis.bottom, x(row), axis.bottom + 5, "chart-grid"))
        anchor: Anchor = "end" if row is ordered[-1] else "start" if row is ordered[0] else "middle"
        drawn.append(silent([words(row.money, x(row), axis.bottom + 20, "chart-small", anchor)]))
    meanings, end = keys(
        [
            ("diamond", "chart-full chart-good", text("this plan's money").said(language)),
            ("circle", "chart-full chart-point", text("other money").said(language)),
        ],
        axis.bottom + 30,
        id,
    )
    return Chart(
        id=id,
        title=title,
        description=text(
            "Money from left to right, what it is expected to bring upwards, with the range that "
            "it lies in. The table says the same."
        ).said(language),
        table=table,
        marks="".join([*drawn, meanings]),
        height=end,
    )


def _table(rows: Sequence[Budget], quantity: Quantity, title: str) -> Table:
    language = quantity.language
    return Table(
        title,
        (
            text("Money").said(language),
            text("People trained").said(language),
            quantity.heading,
            text("range").said(language),
        ),
        tuple(
            (
                row.money,
                row.people,
                quantity.point(row.benefit),
                quantity.interval(row.lower, row.upper),
            )
            for row in rows
        ),
    )
