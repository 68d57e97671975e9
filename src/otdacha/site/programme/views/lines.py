"""The lines of a plan: filtered, summed, page by page."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Sum
from django.http import HttpRequest, HttpResponse

from otdacha.language import Text
from otdacha.site.bank.listing.pages import page_asked, pages
from otdacha.site.programme.asked import FILTERS, Asked, asked, value_said
from otdacha.site.programme.edition import PlanEdition
from otdacha.site.programme.page import plan_page, plan_shown
from otdacha.site.programme.rows import rows_of
from otdacha.site.programme.words import SOURCES


@dataclass(frozen=True)
class Choice:
    value: str
    said: str
    chosen: bool


@plan_page
def lines(request: HttpRequest, edition: PlanEdition) -> HttpResponse:
    wanted = asked(edition.plan, request.GET)
    found = wanted.lines(edition.plan)
    sums = found.order_by().aggregate(
        count=Count("pk"),
        **{name: Sum(name, default=0) for name in ("seats", "cost", "benefit", *SOURCES)},
        towns=Count("municipality", distinct=True),
    )
    place = pages(
        sums["count"],
        page_asked(request),
        lambda number: wanted.address(page=number if number > 1 else None) or "?",
    )
    return plan_shown(
        request,
        edition,
        "plan/lines.html.j2",
        wanted=wanted,
        filters=_filters(edition, wanted),
        sums=sums,
        paid=[(words, sums[code]) for code, words in SOURCES.items() if sums[code]],
        pages=place,
        rows=rows_of(edition, found[place.slice]),
    )


def _filters(edition: PlanEdition, wanted: Asked) -> list[tuple[str, Text, list[Choice]]]:
    """The filters in which there is something to choose."""
    return [
        (
            name,
            label,
            [
                Choice(
                    value,
                    f"{value_said(name, words).said(edition.language)} "
                    f"({edition.numbers.whole(count)})",
                    wanted.value(name) == value,
                )
                for value, words, count in edition.plan.facets[name]
            ],
        )
        for name, label in FILTERS.items()
        if edition.plan.facets[name]
    ]
