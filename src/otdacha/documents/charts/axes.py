"""Headings, axes and keys: what stands around the marks, and how high it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from otdacha.documents.charts.chart import LINE
from otdacha.documents.charts.drawing import Anchor, escaped, mark, rule, short, silent, words
from otdacha.documents.charts.rows import Quantity
from otdacha.documents.charts.scale import Scale
from otdacha.documents.charts.wording import SMALL, broken, clean, cut, ems
from otdacha.language import Language, text

LEFT, RIGHT = 12.0, 95.5
"""Between them lie the points of a chart with a vertical axis, whose labels stand left of them."""

EDGE = 1.75
"""How far the scale of a chart of rows stays away from both sides, so that marks are whole."""

_ROOM = 328
"""Pixels across that the narrowest chart has."""

Key = tuple[str, str, str]
"""A shape or a sample, its class and what it means."""


def across(scale: Scale, value: float) -> float:
    """Where a value lies in a chart of rows, in percent of its width."""
    return EDGE + (100 - 2 * EDGE) * scale.at(value) / 100


def heading(said: str) -> tuple[str, float]:
    """What is shown, above the chart; and the height of it."""
    lines = broken(said)
    drawn = [words(line, 0, 13 + LINE * i, "chart-muted") for i, line in enumerate(lines)]
    return silent(drawn), LINE * len(lines) + 6


def below(
    scale: Scale, quantity: Quantity, top: float, bottom: float, *, sided: bool = True
) -> tuple[str, float]:
    """Ticks of a horizontal scale, from `top` down, and, where it is `sided`, which side is better;
    where it ends."""
    digits = max(scale.digits, 0)
    drawn = []
    for value in scale.values:
        at = across(scale, value)
        kind = "chart-zero" if value == 0 else "chart-grid"
        drawn.append(rule(at, top, at, bottom, kind))
        said = quantity.point(value, digits)
        drawn.append(words(said, *_at_the_edge(at, bottom + 15), *_class_and_anchor(at)))
    if not sided:
        return silent(drawn), bottom + 22
    worse, better = sides(quantity.language)
    if quantity.better == "less":
        worse, better = better, worse
    drawn.append(words(f"← {worse}", 0, bottom + 33, "chart-small"))
    drawn.append(words(f"{better} →", 100, bottom + 33, "chart-small", "end"))
    return silent(drawn), bottom + 40


def sides(language: Language) -> tuple[str, str]:
    return text("worse").said(language), text("better").said(language)


def _at_the_edge(at: float, y: float) -> tuple[float, float]:
    return (0 if at < 4 else 100 if at > 96 else at), y


def _class_and_anchor(at: float) -> tuple[str, Anchor]:
    return "chart-small", "start" if at < 4 else "end" if at > 96 else "middle"


def threshold_line(at: float, top: float, bottom: float) -> str:
    return rule(at, top, at, bottom, "chart-threshold")


@dataclass(frozen=True)
class Upright:
    """A vertical axis: a scale between two heights in pixels."""

    scale: Scale
    top: float
    bottom: float

    def y(self, value: float) -> float:
        return self.bottom - (self.bottom - self.top) * self.scale.at(value) / 100

    def drawn(self, quantity: Quantity) -> str:
        """A line for each tick across the chart, its label above it on the left."""
        parts = []
        for value in self.scale.values:
            y = round(self.y(value), 2)
            kind = "chart-zero" if value == 0 else "chart-grid"
            parts.append(rule(0, y, 100, y, kind))
            said = quantity.point(value, self.scale.digits)
            parts.append(words(said, 0, y - 4, "chart-small"))
        return silent(parts)


def evenly(count: int) -> list[float]:
    """Places for `count` categories side by side, in percent."""
    step = (RIGHT - LEFT) / max(count, 1)
    return [LEFT + step * (i + 0.5) for i in range(count)]


def keys(entries: Sequence[Key], top: float, id: str) -> tuple[str, float]:
    """What the marks mean, as many to a line as a narrow chart has room for; and where it ends."""
    drawn = []
    x, y = 0.0, top
    for shape, kind, said in entries:
        said = cut(clean(said), 23)
        width = 30 + ems(said) * SMALL
        if x and x + width > _ROOM:
            x, y = 0.0, y + 20
        drawn.append(_key(shape, kind, said, x, y + 14, id))
        x += width + 16
    return silent(drawn), y + 24 if entries else top


_SAMPLES = {
    "dashed": '<line class="chart-threshold" x1="-11" x2="11"/>',
    "bold": '<line class="{kind}" x1="-11" x2="11"/>',
    "bar": '<rect class="{kind}" x="-11" y="-6" width="22" height="12"/>',
    "stroke": '<line class="{kind}" y1="-4" y2="4"/>',
    "ring": '<circle class="{kind}" r="7.5"/>',
    "long": '<line class="{kind}" y1="-7" y2="7"/>',
}
"""What a key shows that is not one of the shapes."""


def _key(shape: str, kind: str, said: str, x: float, y: float, id: str) -> str:
    sample = _SAMPLES.get(shape, "").format(kind=kind) or mark(shape, 0, 0, kind, id)
    return (
        f'<svg x="{short(x + 11)}" y="{short(y - 4)}" overflow="visible">{sample}</svg>'
        f'<text class="chart-small" x="{short(x + 30)}" y="{short(y)}">{escaped(said)}</text>'
    )
