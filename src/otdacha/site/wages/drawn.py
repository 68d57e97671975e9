"""Municipalities where they lie: one drawing for the whole country, light enough for every page.

A point is a zero-length step with a round or square end, so that all points of one kind are one
path: some seven bytes each. Squares earn less, circles more; the table below says the same. Of a
region each point leads to its municipality.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from otdacha.documents.charts.drawing import escaped, linked
from otdacha.site.wages.words import gap_of

WIDTH = 1_000
_MARGIN = 12
_TALLEST = 1_100
_MERIDIAN, _SOUTH, _NORTH = 100.0, 52.0, 64.0
"""Albers' conic of equal areas, as maps of all Russia have it: the country neither leans nor
stretches towards the pole. Snyder (1987), Map projections: a working manual, section 14."""
NEAR = 150
"""Of so many places each is drawn by itself, larger, and leads to its page."""
_FEWEST = 3
"""Fewer places make no map."""
_DRAWN_LAST = ("unknown", "more", "less", "much-more", "much-less")


@dataclass(frozen=True)
class Point:
    """A municipality on the map. latitude, longitude: degrees. said: its name and figure."""

    latitude: float
    longitude: float
    ratio: float | None
    said: str = ""
    href: str = ""


def placed(latitude: float, longitude: float) -> bool:
    """Whether the coordinates are a place on the globe."""
    return -90 <= latitude <= 90 and -180 <= longitude <= 180


def drawn(points: Sequence[Point], title: str) -> str:
    """The points as SVG; "" where they are too few. title: what a screen reader says of it."""
    if len({(one.latitude, one.longitude) for one in points}) < _FEWEST:
        return ""
    sheet = [_projected(one.latitude, one.longitude) for one in points]
    west, east = min(x for x, _ in sheet), max(x for x, _ in sheet)
    north, south = min(y for _, y in sheet), max(y for _, y in sheet)
    wide, high = east - west or 1e-9, south - north
    scale = min((WIDTH - 2 * _MARGIN) / wide, (_TALLEST - 2 * _MARGIN) / max(high, 1e-9))
    aside = (WIDTH - scale * wide) / 2 if scale * wide < WIDTH - 2 * _MARGIN else _MARGIN
    places = [
        (round(aside + (x - west) * scale), round(_MARGIN + (y - north) * scale)) for x, y in sheet
    ]
    order = sorted(zip(points, places, strict=True), key=lambda one: _depth(one[0]))
    near = len(points) <= NEAR
    kind, role = ("wages-map wages-map-near", "group") if near else ("wages-map", "img")
    height = round(high * scale) + 2 * _MARGIN
    return (
        f'<svg class="{kind}" viewBox="0 0 {WIDTH} {height}" role="{role}" '
        f'aria-label="{escaped(title)}">{"".join(_each(order) if near else _together(order))}</svg>'
    )


def _depth(point: Point) -> int:
    return _DRAWN_LAST.index(gap_of(point.ratio))


def _together(order: Iterable[tuple[Point, tuple[int, int]]]) -> Iterator[str]:
    """All points of one kind as one path."""
    for gap, same in groupby(order, key=lambda one: gap_of(one[0].ratio)):
        yield f'<path class="wages-{gap}" d="{_steps(place for _, place in same)}"/>'


def _each(order: Iterable[tuple[Point, tuple[int, int]]]) -> Iterator[str]:
    """Every point as a link to its page."""
    for one, (x, y) in order:
        path = f'<path class="wages-{gap_of(one.ratio)}" d="m{x} {y}h0"/>'
        yield linked(one.href, one.said, path) if one.href else path


def _projected(latitude: float, longitude: float) -> tuple[float, float]:
    """East and south of the middle of the country, in radii of the globe."""
    south, north = math.radians(_SOUTH), math.radians(_NORTH)
    n = (math.sin(south) + math.sin(north)) / 2
    constant = math.cos(south) ** 2 + 2 * n * math.sin(south)
    radius = math.sqrt(constant - 2 * n * math.sin(math.radians(latitude))) / n
    # degrees run on across the 180th meridian: Chukotka lies east of it
    angle = n * math.radians((longitude - _MERIDIAN + 180) % 360 - 180)
    return radius * math.sin(angle), radius * math.cos(angle)


def _steps(places: Iterable[tuple[int, int]]) -> str:
    """From point to point, each a step of no length; several in one place are one."""
    said, last = [], (0, 0)
    for x, y in sorted(set(places)):
        across, down = x - last[0], y - last[1]
        said.append(f"m{across}{'' if down < 0 else ' '}{down}h0")
        last = (x, y)
    return "".join(said)
