"""Where a municipal servant earns less than next door: the answer, a map, every municipality."""

from __future__ import annotations

from collections import Counter

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from otdacha.language import Text, text
from otdacha.pay.wages.readme import answer
from otdacha.pay.wages.states import KNOWN, LEFT_REASONS, PROXY, YEAR_SENTENCES, YEAR_STATES
from otdacha.site.bank.listing.pages import page_asked, pages
from otdacha.site.wages.asked import COLUMNS, asked, choices
from otdacha.site.wages.drawn import NEAR, Point, drawn, placed
from otdacha.site.wages.edition import WagesEdition
from otdacha.site.wages.models import Comparison, Town
from otdacha.site.wages.page import wages_page, wages_shown
from otdacha.site.wages.rows import rows_of
from otdacha.site.wages.words import GAPS, gap_of, short


@wages_page
def home(request: HttpRequest, edition: WagesEdition) -> HttpResponse:
    wanted = asked(edition, request.GET)
    found = wanted.towns(edition.comparison)
    points = list(
        found.order_by().values_list("latitude", "longitude", "ratio", "code", "name", "state")
    )
    on_map = [
        Point(
            latitude, longitude, ratio, *(_led(edition, ratio, *one) if len(points) <= NEAR else ())
        )
        for latitude, longitude, ratio, *one in points
        if latitude is not None and longitude is not None and placed(latitude, longitude)
    ]
    place = pages(
        len(points),
        page_asked(request),
        lambda number: wanted.address(page=number if number > 1 else None) or "?",
    )
    return wages_shown(
        request,
        edition,
        "wages/home.html.j2",
        answer=answer(edition.figures, edition.year),
        proxy=PROXY,
        wanted=wanted,
        filters=choices(edition, wanted),
        columns={name: wanted.heading(name) for name in COLUMNS},
        pages=place,
        rows=rows_of(edition, _shown(found)[place.slice]),
        map=drawn(on_map, _title(on_map).said(edition.language)),
        off_map=len(points) - len(on_map),
        gaps=_gaps([one[2] for one in points]),
        unknown=_unknown(edition),
        left=_left(edition),
        earlier=[one for one in Comparison.objects.all() if one.pk != edition.comparison.pk],
    )


def _shown(found: QuerySet[Town]) -> QuerySet[Town]:
    """Without what stands on a municipality's own page only."""
    return found.defer("years", "quarters", "sought")


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


def _gaps(ratios: list[float | None]) -> list[tuple[str, Text, int]]:
    """How many of the municipalities that are shown earn how much less or more."""
    counts = Counter(gap_of(ratio) for ratio in ratios)
    return [(gap, words, counts[gap]) for gap, words in GAPS.items()]


def _unknown(edition: WagesEdition) -> list[tuple[str, Text, Text, int]]:
    """Why some cannot be compared, and how many."""
    states = edition.figures["states"]
    return [
        (state, words, YEAR_SENTENCES[state], states[state])
        for state, words in YEAR_STATES.items()
        if state != KNOWN and states[state]
    ]


def _left(edition: WagesEdition) -> list[tuple[str, str, str, Text, int]]:
    """Wages that are told and belong to no municipality."""
    return [
        (number, name or "", region or "", LEFT_REASONS[reason], rows)
        for number, name, region, reason, rows in edition.table("unmatched").iter_rows()
    ]
