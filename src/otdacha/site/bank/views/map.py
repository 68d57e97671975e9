"""A map without a map: municipalities where they lie, and the table that says the same."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from otdacha.site.bank.edition import Edition
from otdacha.site.bank.edition.towns import placed, towns_map
from otdacha.site.bank.listing.pages import page_asked, pages
from otdacha.site.bank.page import page, shown
from otdacha.site.bank.rows.places import place
from otdacha.site.bank.slugs import alphabetical

AT_ONCE = 300
"""Municipalities whose table stands beside the map as a whole; of more, it comes page by page, and
the points lead to the tables of their regions."""


@page
def municipalities_map(request: HttpRequest, edition: Edition) -> HttpResponse:
    municipalities = list(edition.release.municipalities.all())
    regions = dict(sorted({(one.region_slug, one.region) for one in municipalities if one.region}))
    chosen = request.GET.get("region", "")
    if chosen and chosen not in regions:
        raise Http404
    there = sorted(
        (one for one in municipalities if chosen in ("", one.region_slug)),
        key=lambda one: not placed(one),
    )
    on_map = sum(placed(one) for one in there)
    paged = pages(
        len(there), page_asked(request), lambda number: f"{edition.url('map')}?page={number}"
    )
    in_parts = not chosen and len(there) > AT_ONCE
    rows = there[paged.slice] if in_parts else there
    return shown(
        request,
        edition,
        "map.html.j2",
        regions=sorted(regions.items(), key=lambda one: alphabetical(one[1])),
        chosen=chosen,
        chosen_name=regions.get(chosen, ""),
        chart=towns_map(edition, there, rows_elsewhere=in_parts),
        on_map=on_map,
        off_map=len(there) - on_map,
        placed=[place(edition, one) for one in rows if placed(one)],
        unplaced=[place(edition, one) for one in rows if not placed(one)],
        pages=paged if in_parts else None,
    )
