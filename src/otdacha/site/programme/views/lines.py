"""The lines of a plan: filtered, summed, page by page."""

from __future__ import annotations

from django.db.models import Count, Sum
from django.http import HttpRequest, HttpResponse

from otdacha.site.bank.listing.pages import page_asked, pages
from otdacha.site.programme.asked import FILTERS, Asked, asked, choices
from otdacha.site.programme.edition import PlanEdition
from otdacha.site.programme.page import plan_page, plan_shown
from otdacha.site.programme.results import whole_of
from otdacha.site.programme.rows import rows_of
from otdacha.site.programme.words import SOURCES


@plan_page
def lines(request: HttpRequest, edition: PlanEdition) -> HttpResponse:
    facets = edition.plan.facets
    wanted = asked(facets, FILTERS, request.GET)
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
        filters=choices(edition, facets, FILTERS, wanted),
        sums=sums,
        interval=_interval(edition, wanted),
        paid=[(words, sums[code]) for code, words in SOURCES.items() if sums[code]],
        pages=place,
        rows=rows_of(edition, found[place.slice]),
    )


def _interval(edition: PlanEdition, wanted: Asked) -> tuple[str, str] | None:
    """The band of what is shown, where the plan knows it: of everything, or of one municipality."""
    names = {one.name for one in wanted.chosen}
    if not names:
        results = edition.table("results")
        whole = None if results is None else whole_of(results)
        return None if whole is None else edition.band(whole["lower"], whole["upper"])
    if names != {"municipality"}:
        return None
    town = edition.plan.towns.get(code=wanted.value("municipality"))
    return edition.band(town.lower, town.upper)
