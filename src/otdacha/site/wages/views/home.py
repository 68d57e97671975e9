"""Where a municipal servant earns less than next door: the answer, a map, every municipality."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from otdacha.language import Text
from otdacha.pay.wages.readme import answer
from otdacha.pay.wages.states import KNOWN, LEFT_REASONS, PROXY, YEAR_SENTENCES, YEAR_STATES
from otdacha.site.bank.listing.pages import page_asked, pages
from otdacha.site.wages.asked import COLUMNS, asked, choices
from otdacha.site.wages.edition import WagesEdition
from otdacha.site.wages.models import Comparison, Town
from otdacha.site.wages.page import wages_page, wages_shown
from otdacha.site.wages.rows import rows_of
from otdacha.site.wages.whole import whole_of
from otdacha.site.wages.words import GAPS


@wages_page
def home(request: HttpRequest, edition: WagesEdition) -> HttpResponse:
    wanted = asked(edition, request.GET)
    found = wanted.towns(edition.comparison)
    whole = whole_of(edition, wanted)
    place = pages(
        whole.count,
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
        map=whole.map,
        off_map=whole.off_map,
        gaps=[(gap, words, whole.gaps.get(gap, 0)) for gap, words in GAPS.items()],
        unknown=_unknown(edition),
        left=_left(edition),
        earlier=[one for one in Comparison.objects.all() if one.pk != edition.comparison.pk],
    )


def _shown(found: QuerySet[Town]) -> QuerySet[Town]:
    """Without what stands on a municipality's own page only."""
    return found.defer("years", "quarters", "sought")


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
