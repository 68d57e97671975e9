"""The few things that charts are drawn with, as SVG: rules, dots, marks, words, links.

Across, a place is in percent of the width, so that a chart is as wide as the page lets it be and
its text stays as large as the page's; down, it is in pixels. What percent cannot say, a path, is
drawn on a `stretched` sheet of nominal width. Everything carries a class and no style.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Literal
from xml.sax.saxutils import escape

from otdacha.documents.charts.wording import clean

SHEET = 720
"""The nominal width in pixels: of a stretched sheet, and of a chart that is a file."""

Anchor = Literal["start", "middle", "end"]
Point = tuple[float, float]

_QUOTES = {'"': "&quot;", "'": "&#39;"}
_SAFE = re.compile(r"(?:https?://|[/?#.])[^\s\\]*\Z")


def short(value: float) -> str:
    """A coordinate with at most two decimals."""
    said = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if said == "-0" else said


def escaped(words: str) -> str:
    """The words as text or as the value of an attribute, whatever is in them."""
    return escape(clean(words), _QUOTES)


def rule(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    """A straight line."""
    return (
        f'<line class="{kind}" x1="{short(x1)}%" y1="{short(y1)}" '
        f'x2="{short(x2)}%" y2="{short(y2)}"/>'
    )


def mark(shape: str, x: float, y: float, kind: str, id: str) -> str:
    """One of the SHAPES, which `shapes` has defined under this id."""
    return f'<use class="{kind}" href="#{id}-{shape}" x="{short(x)}%" y="{short(y)}"/>'


def words(said: str, x: float, y: float, kind: str = "", anchor: Anchor = "start") -> str:
    """One line of text; `y` is its base line. It is for eyes: a title says the same, and more."""
    where = "" if anchor == "start" else f' text-anchor="{anchor}"'
    named = f' class="{kind}"' if kind else ""
    return (
        f'<text{named} x="{short(x)}%" y="{short(y)}"{where} aria-hidden="true">'
        f"{escaped(said)}</text>"
    )


def titled(name: str, inside: str, kind: str = "") -> str:
    """Marks with a name that is shown under the pointer."""
    named = f' class="{kind}"' if kind else ""
    return f"<g{named}><title>{escaped(name)}</title>{inside}</g>"


def linked(href: str, name: str, inside: str) -> str:
    """Marks that lead to a page of this site or of another; titled only, where `href` is empty.

    The title is the link's name for a screen reader, and shown under the pointer.
    Raises ValueError where `href` is neither a path nor an address of the web.
    """
    if not href:
        return titled(name, inside)
    if not _SAFE.match(href):
        raise ValueError(f"not a path and not an address of the web: {href!r}")
    return (
        f'<a class="chart-link" href="{escaped(href)}"><title>{escaped(name)}</title>{inside}</a>'
    )


def touched(y: float, height: float) -> str:
    """A row and a little beside it, so that a finger meets it and its focus is seen."""
    return (
        f'<rect class="chart-touch" x="-2%" y="{short(y)}" width="104%" height="{short(height)}" '
        'rx="3"/>'
    )


def behind(y: float, width: float, height: float) -> str:
    """Paper behind words at the left, so that no line runs through them."""
    return (
        f'<rect class="chart-behind" x="0" y="{short(y)}" width="{short(width)}" '
        f'height="{short(height)}"/>'
    )


def silent(parts: Iterable[str]) -> str:
    """Parts that a screen reader passes over: the description and the table say them."""
    return f'<g aria-hidden="true">{"".join(parts)}</g>'


def stretched(height: float, parts: Iterable[str]) -> str:
    """A sheet of SHEET by `height` that is drawn out to the chart's width; lines keep theirs."""
    return (
        f'<svg width="100%" height="{short(height)}" '
        f'viewBox="0 0 {SHEET} {short(height)}" preserveAspectRatio="none" aria-hidden="true">'
        f"{''.join(parts)}</svg>"
    )


def path(points: Sequence[Point], kind: str, *, closed: bool = False) -> str:
    """A line or, closed, an area through points whose `x` is in percent; on a stretched sheet."""
    at = "L".join(f"{short(x * SHEET / 100)} {short(y)}" for x, y in points)
    end = "Z" if closed else ""
    return f'<path class="{kind}" vector-effect="non-scaling-stroke" d="M{at}{end}"/>'


def band(lower: Sequence[Point], upper: Sequence[Point], kind: str) -> str:
    """The area between two lines; on a stretched sheet."""
    return path([*upper, *reversed(lower)], kind, closed=True)


def cloud(points: Iterable[Point], kind: str) -> str:
    """Many dots as one path on a stretched sheet, on whole pixels: one dot where several meet."""
    pixels = sorted({(round(y), round(x * SHEET / 100)) for x, y in points})
    steps, above, left = [], 0, 0
    for y, x in pixels:
        steps.append(f"m{x - left} {y - above}h0")
        above, left = y, x
    return f'<path class="{kind}" vector-effect="non-scaling-stroke" d="{"".join(steps)}"/>'


SHAPES = {
    "diamond": '<path d="M0-6.5 6.5 0 0 6.5-6.5 0Z"/>',
    "circle": '<circle r="4.5"/>',
    "dot": '<circle r="3.25"/>',
    "cross": '<path d="M-4-4 4 4M-4 4 4-4"/>',
}
"""Listed, not listed, without a figure: told apart by shape, and by colour beside it."""


def shapes(id: str, used: Iterable[str] = SHAPES) -> str:
    """The shapes to be drawn with `mark`."""
    defined = (f'<g id="{id}-{name}">{SHAPES[name]}</g>' for name in used)
    return f"<defs>{''.join(defined)}</defs>"
