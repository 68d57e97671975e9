"""What is the same on every page of a list: its map, and how many of it earn how much less or more.

It is kept: the pages of one list, and its orders, are made of the same thousands of points.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from django.core.cache import cache

from otdacha.language import Text, text
from otdacha.pay.wages import YEAR_STATES
from otdacha.site.wages.asked import Asked
from otdacha.site.wages.drawn import NEAR, Point, drawn, placed
from otdacha.site.wages.edition import WagesEdition
from otdacha.site.wages.words import gap_of, short


@dataclass(frozen=True)
class Whole:
    """count: municipalities of the list. map: SVG, "" where there is none. off_map: those without
    coordinates. gaps: how many have which of `words.GAPS`."""

    count: int
    map: str
    off_map: int
    gaps: Mapping[str, int]


def whole_of(edition: WagesEdition, wanted: Asked) -> Whole:
    """The list that is asked for as a whole, whatever its order and page."""
    place = "pinned" if edition.pinned else ""
    named = (edition.comparison.hash, edition.language, place, wanted.address(sort=None))
    key = f"wages-{sha256(chr(0).join(named).encode()).hexdigest()}"
    known: Whole | None = cache.get(key)
    if known is None:
        known = _whole(edition, wanted)
        cache.set(key, known)
    return known


def _whole(edition: WagesEdition, wanted: Asked) -> Whole:
    towns = wanted.towns(edition.comparison).order_by()
    rows = list(towns.values_list("latitude", "longitude", "ratio", "code", "name", "state"))
    near = len(rows) <= NEAR
    points = [
        Point(latitude, longitude, ratio, *(_led(edition, ratio, *one) if near else ()))
        for latitude, longitude, ratio, *one in rows
        if latitude is not None and longitude is not None and placed(latitude, longitude)
    ]
    return Whole(
        count=len(rows),
        map=drawn(points, _title(points).said(edition.language)),
        off_map=len(rows) - len(points),
        gaps=dict(Counter(gap_of(row[2]) for row in rows)),
    )


def _led(
    edition: WagesEdition, ratio: float | None, code: str, name: str, state: str
) -> tuple[str, str]:
    """What a point of the map says, and where it leads."""
    figure = YEAR_STATES[state].said(edition.language) if ratio is None else edition.ratio(ratio)
    return f"{short(name)}: {figure}", edition.url("wages_town", town=code)


def _title(points: list[Point]) -> Text:
    less = sum(one.ratio is not None and one.ratio < 1 for one in points)
    known = sum(one.ratio is not None for one in points)
    return text(
        "Map of {count} municipalities. In {less} of {known} whose wages are known, "
        "administration earns less than all activities.",
        count=len(points),
        less=less,
        known=known,
    )
