"""Municipalities where they lie: one drawing for the whole country, light enough for every page.

A point is a zero-length step with a round or square end, so that all points of one kind are one
path: some seven bytes each. Squares earn less, circles more; the table below says the same.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from otdacha.documents.charts.drawing import escaped
from otdacha.site.wages.words import GAPS, gap_of

WIDTH = 1_000
_MARGIN = 12
_TALLEST = 1_100
_MERIDIAN, _SOUTH, _NORTH = 100.0, 52.0, 64.0
"""Albers' conic of equal areas, as maps of all Russia have it: the country neither leans nor
stretches towards the pole. Snyder (1987), Map projections: a working manual, section 14."""
_FEWEST = 3
"""Fewer places make no map."""
_DRAWN_LAST = ("unknown", "more", "less", "much-more", "much-less")


@dataclass(frozen=True)
class Point:
    """A municipality on the map. latitude, longitude: degrees."""

    latitude: float
    longitude: float
    ratio: float | None


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
    places: dict[str, list[tuple[int, int]]] = {gap: [] for gap in GAPS}
    for one, (x, y) in zip(points, sheet, strict=True):
        at = round(aside + (x - west) * scale), round(_MARGIN + (y - north) * scale)
        places[gap_of(one.ratio)].append(at)
    few = " wages-map-near" if len(points) <= 150 else ""
    paths = "".join(
        f'<path class="wages-{gap}" d="{_steps(places[gap])}"/>'
        for gap in _DRAWN_LAST
        if places[gap]
    )
    height = round(high * scale) + 2 * _MARGIN
    return (
        f'<svg class="wages-map{few}" viewBox="0 0 {WIDTH} {height}" role="img" '
        f'aria-label="{escaped(title)}">{paths}</svg>'
    )


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
