"""A map without a map: municipalities where they lie, on a plain sheet, with their regions."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from otdacha.documents.charts.chart import Chart, Table, nothing
from otdacha.documents.charts.drawing import escaped, linked, short, silent
from otdacha.documents.charts.wording import clean, cut, ems
from otdacha.documents.numbers import Numbers
from otdacha.language import ntext, text
from otdacha.release.states import WITH_FIGURE, WORDS, State

WIDTH = 360
_MARGIN = 16
_LABEL = 12.5
_MOST = 520
"""The sheet is no higher than this, in units of its width of 360."""

CLASSES = (10, 50, 200)
"""From how many trained people on a point is a size larger."""

_ASIDE = tuple(4.0 + aside for aside in sorted(range(-60, 72, 12), key=abs))
"""Where a region's name may stand above or below the middle of its points, the nearest first."""

_RADII = (2.5, 3.75, 5.25, 7.0)


@dataclass(frozen=True)
class Town:
    """A municipality; latitude and longitude in degrees; how many people were trained there."""

    name: str
    region: str
    latitude: float
    longitude: float
    trained: int | None = None
    state: State = State.PUBLISHED
    href: str = ""

    def __post_init__(self) -> None:
        if not (-90 <= self.latitude <= 90 and -180 <= self.longitude <= 180):
            raise ValueError(f"no place on the globe: {self.latitude}, {self.longitude}")
        if (self.trained is not None) != (self.state in WITH_FIGURE):
            raise ValueError(f"{self.trained} people and the state {self.state} contradict")

    def said(self, numbers: Numbers) -> str:
        """How many people, or why it is not said."""
        if self.trained is None:
            return WORDS[self.state].said(numbers.language)
        return numbers.whole(self.trained)


@dataclass(frozen=True)
class _Sheet:
    """Plain equirectangular, degrees of longitude shortened by the cosine of the middle latitude.

    Snyder (1987), Map projections: a working manual, section 12. Degrees of longitude run on
    across the 180th meridian where the towns lie on both sides of it.
    """

    west: float
    north: float
    shrink: float
    scale: float

    def at(self, town: Town) -> tuple[float, float]:
        east = (town.longitude - self.west) % 360
        return (
            _MARGIN + east * self.shrink * self.scale,
            _MARGIN + (self.north - town.latitude) * self.scale,
        )


def schematic(
    towns: Sequence[Town], numbers: Numbers, *, classes: tuple[int, int, int] = CLASSES,
    id: str = "schematic", title: str = "",
) -> Chart:  # fmt: skip
    """Municipalities as points whose size is the class of how many were trained there.

    Hollow is a municipality whose number is not shown. Each leads to its `href`, e.g. to its row of
    the table. A region's name stands at the middle of its points, where there is room for it.
    """
    language = numbers.language
    title = title or text("Where people were trained").said(language)
    table = _table(towns, numbers, title)
    if not towns:
        return nothing(id, title, text("No municipality to show here.").said(language), table)
    sheet, height = _sheet(towns)
    places = [sheet.at(town) for town in towns]
    order = sorted(range(len(towns)), key=lambda i: -(towns[i].trained or 0))
    drawn = [_point(towns[i], places[i], classes, numbers) for i in order]
    labels = silent(_labels(towns, places, height))
    meanings, end = _keys(towns, classes, numbers, height + 6)
    return Chart(
        id=id,
        title=title,
        description=ntext(
            "{count} municipality. The table says the same.",
            "{count} municipalities where they lie, north on top; the larger a point, the more "
            "people were trained. The table says the same.",
            count=len(towns),
        ).said(language),
        table=table,
        marks="".join([labels, *drawn, silent(meanings)]),
        height=end,
        linked=any(town.href for town in towns),
        kind="chart-map",
        width=WIDTH,
        sizing="scaled",
    )


def _sheet(towns: Sequence[Town]) -> tuple[_Sheet, float]:
    latitudes = [town.latitude for town in towns]
    west, wide = _around(sorted({town.longitude % 360 for town in towns}))
    shrink = math.cos(math.radians((min(latitudes) + max(latitudes)) / 2))
    high = max(latitudes) - min(latitudes)
    inside = WIDTH - 2 * _MARGIN
    across = inside / (wide * shrink) if wide * shrink > 1e-9 else math.inf
    down = (_MOST - 2 * _MARGIN) / high if high else math.inf
    scale = min(across, down, inside)
    spare = (inside - wide * shrink * scale) / 2
    sheet = _Sheet(west - spare / (shrink * scale), max(latitudes), shrink, scale)
    return sheet, round(high * scale + 2 * _MARGIN, 2)


def _around(longitudes: Sequence[float]) -> tuple[float, float]:
    """The westernmost longitude and how many degrees there are to the easternmost."""
    gaps = [(after - before, after) for before, after in pairwise(longitudes)]
    widest, west = max([(360 - longitudes[-1] + longitudes[0], longitudes[0]), *gaps])
    return west, 360 - widest


def _point(
    town: Town, place: tuple[float, float], classes: Sequence[int], numbers: Numbers
) -> str:  # fmt: skip
    x, y = (short(end) for end in place)
    radius = _RADII[1] if town.trained is None else _radius(town.trained, classes)
    drawn = (
        f'<circle class="chart-touch" cx="{x}" cy="{y}" r="{short(max(radius + 3, 8))}"/>'
        f'<circle class="{_kind(town)}" cx="{x}" cy="{y}" r="{short(radius)}"/>'
    )
    name = f"{clean(town.name)}: {town.said(numbers)}"
    return linked(town.href, name, drawn)


def _kind(town: Town) -> str:
    return "chart-hollow chart-point" if town.trained is None else "chart-full chart-good chart-dot"


def _radius(trained: int, classes: Sequence[int]) -> float:
    return _RADII[sum(trained >= least for least in classes)]


def _labels(
    towns: Sequence[Town], places: Sequence[tuple[float, float]], height: float
) -> Iterator[str]:
    """Names of regions, those of most towns first; one that would lie over another is left out."""
    regions: dict[str, list[tuple[float, float]]] = {}
    for town, place in zip(towns, places, strict=True):
        regions.setdefault(clean(town.region), []).append(place)
    taken: list[tuple[float, float, float]] = []
    for region, points in sorted(regions.items(), key=lambda entry: (-len(entry[1]), entry[0])):
        name = cut(region, 16)
        half = ems(name) * _LABEL / 2
        x, y = (sum(ends) / len(points) for ends in zip(*points, strict=True))
        room = max(WIDTH - half - 2, half + 2)
        wished = [*(y + aside for aside in _ASIDE), *_beyond(points)]
        spots = [
            (min(max(x + left, half + 2), room), min(max(wish, 12.0), height - 4))
            for left in (0.0, -24.0, 24.0, -48.0, 48.0)
            for wish in wished
        ]
        free = [spot for spot in spots if not _over(*spot, half, taken)]
        if name and free:
            near = [place for place in places if abs(place[0] - x) < half + 60]
            best = min(free, key=lambda spot: _covered(spot, half, near))
            taken.append((*best, half))
            yield _words(name, *best, "chart-small", "middle")


def _beyond(points: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Above all points of a region, and below them."""
    return min(y for _, y in points) - 12, max(y for _, y in points) + 20


def _over(x: float, y: float, half: float, taken: Sequence[tuple[float, float, float]]) -> bool:
    return any(abs(x - left) <= half + wide + 4 and abs(y - up) <= 14 for left, up, wide in taken)


def _covered(
    spot: tuple[float, float], half: float, places: Sequence[tuple[float, float]]
) -> float:
    """How far a name reaches into points, down, in pixels, all together."""
    x, y = spot
    beside = [place[1] for place in places if abs(place[0] - x) <= half + 8]
    return sum(max(0.0, 12 - abs(other - (y - 4))) for other in beside)


def _keys(
    towns: Sequence[Town], classes: Sequence[int], numbers: Numbers, top: float
) -> tuple[list[str], float]:
    """The sizes on one line, the hollow one below."""
    named = text("People trained").said(numbers.language)
    drawn = [_words(named, 0, top + 12, "chart-small")]
    starts = [1, *classes]
    ends = [least - 1 for least in classes]
    said = [numbers.places(a, b) for a, b in zip(starts, ends, strict=False)]
    said.append(f"≥ {numbers.whole(classes[-1])}")
    for i, (radius, words) in enumerate(zip(_RADII, said, strict=True)):
        x = 8 + i * WIDTH / 4
        drawn.append(
            f'<circle class="chart-full chart-good" cx="{short(x)}" cy="{short(top + 27)}" '
            f'r="{radius}"/>'
        )
        drawn.append(_words(words, x + 13, top + 31, "chart-small"))
    states = sorted({town.said(numbers) for town in towns if town.trained is None})
    if not states:
        return drawn, top + 40
    drawn.append(
        f'<circle class="chart-hollow chart-point" cx="8" cy="{short(top + 47)}" r="{_RADII[1]}"/>'
    )
    drawn.append(_words(cut(", ".join(states), 28), 21, top + 51, "chart-small"))
    return drawn, top + 60


def _words(said: str, x: float, y: float, kind: str, anchor: str = "start") -> str:
    return (
        f'<text class="{kind}" x="{short(x)}" y="{short(y)}" text-anchor="{anchor}">'
        f"{escaped(said)}</text>"
    )


def _table(towns: Sequence[Town], numbers: Numbers, caption: str) -> Table:
    language = numbers.language
    return Table(
        caption=caption,
        header=(
            text("Municipality").said(language),
            text("Region").said(language),
            text("People trained").said(language),
        ),
        rows=tuple((clean(town.name), clean(town.region), town.said(numbers)) for town in towns),
    )
