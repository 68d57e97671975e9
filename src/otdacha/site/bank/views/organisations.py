"""The organisations of a release: searched, filtered, sorted, page by page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse

from otdacha.language import Text, text
from otdacha.site.bank.edition import Edition
from otdacha.site.bank.edition.measured import measured
from otdacha.site.bank.listing import PUBLISHED, Listing, listing
from otdacha.site.bank.listing.asked import FILTERS, RELEVANCE, SORTS, Asked, in_words
from otdacha.site.bank.listing.pages import pages
from otdacha.site.bank.page import page, shown
from otdacha.site.bank.rows.entries import entries

OF_ONE_PROGRAMME = ("topic", "form", "price")
"""Filters that one and the same programme of an organisation must pass."""

COLUMNS: Mapping[str, Text] = {
    "name": text("Organisation"),
    "effect": text("Effect"),
    "trained": text("People trained"),
    "price": text("Cheapest programme"),
}
"""Columns that the list can be ordered by."""


@dataclass(frozen=True)
class Choice:
    """A value of a filter, or an order, to be chosen."""

    value: str
    said: str
    chosen: bool


@page
def organisations(request: HttpRequest, edition: Edition) -> HttpResponse:
    found = listing(edition.release, request.GET)
    wanted = found.asked
    counts = found.filtered.aggregate(
        all=Count("pk"),
        published=Count("pk", filter=Q(state__in=PUBLISHED)),
        listed=Count("pk", filter=Q(listed=True)),
    )
    place = pages(counts["all"], wanted.page, lambda number: _page_address(wanted, number))
    problems = list(found.problems)
    if wanted.page > place.number:
        problems.append(text("There is no page {page}: the last one is shown.", page=wanted.page))
    return shown(
        request,
        edition,
        "organisations.html.j2",
        wanted=wanted,
        problems=problems,
        understood=found.understood,
        counts=counts,
        pages=place,
        entries=entries(edition, found.part(place.slice)),
        filters=_filters(edition, wanted),
        orders=_orders(edition, wanted),
        columns=_columns(wanted),
        loosened=_loosened(found),
        everybody=sum(count for _, _, count in edition.release.facets["state"]),
        order=SORTS[wanted.sort][wanted.backwards].said(edition.language),
        together=sum(one.name in OF_ONE_PROGRAMME for one in wanted.chosen) > 1,
        **measured(edition),
    )


def _page_address(wanted: Asked, number: int) -> str:
    return wanted.address(page=number if number > 1 else None) or "?"


def _filters(edition: Edition, wanted: Asked) -> list[tuple[str, Text, list[Choice]]]:
    """The filters that this release has something to choose in, with the number of each choice."""
    return [
        (
            name,
            label,
            [
                Choice(
                    value=slug,
                    said=f"{in_words(name, value).said(edition.language)} "
                    f"({edition.numbers.whole(count)})",
                    chosen=wanted.value(name) == slug,
                )
                for value, slug, count in edition.release.facets.get(name, ())
            ],
        )
        for name, label in FILTERS.items()
        if edition.release.facets.get(name)
    ]


def _orders(edition: Edition, wanted: Asked) -> list[Choice]:
    known = [name for name in SORTS if name != RELEVANCE or wanted.words]
    return [
        Choice(
            value=f"-{name}" if backwards else name,
            said=SORTS[name][backwards].said(edition.language),
            chosen=(wanted.sort, wanted.backwards) == (name, backwards),
        )
        for name in known
        for backwards in (False, True)
        if name != RELEVANCE or not backwards
    ]


def _columns(wanted: Asked) -> dict[str, tuple[str, str]]:
    """Column → the address that orders by it, and how it is ordered now (`aria-sort`)."""

    def ordered(name: str) -> tuple[str, str]:
        current = wanted.sort == name
        turned = current and not wanted.backwards
        address = wanted.address(sort=f"-{name}" if turned else name)
        if not current:
            return address, ""
        upwards = (name in ("name", "price")) != wanted.backwards
        return address, "ascending" if upwards else "descending"

    return {name: ordered(name) for name in COLUMNS}


def _loosened(found: Listing) -> list[tuple[Text, str]]:
    """What may be taken away where nothing is found: in words, and the address without it."""
    wanted = found.asked
    ways = [
        (text("{filter}: {value}", filter=one.label, value=one.said), one.name)
        for one in wanted.chosen
    ]
    if wanted.words:
        ways.insert(0, (text("the words “{words}”", words=wanted.words), "q"))
    return [(said, wanted.address(**{name: None}) or "?") for said, name in ways]
