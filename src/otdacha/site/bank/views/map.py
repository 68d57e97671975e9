"""A map without a map: municipalities where they lie, and the table that says the same."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from otdacha.site.bank.edition import Edition
from otdacha.site.bank.page import page, shown
from otdacha.site.bank.release_charts import placed, towns_map
from otdacha.site.bank.slugs import alphabetical
from otdacha.site.bank.views.regions import place


@page
def municipalities_map(request: HttpRequest, edition: Edition) -> HttpResponse:
    municipalities = list(edition.release.municipalities.all())
    regions = dict(sorted({(one.region_slug, one.region) for one in municipalities if one.region}))
    chosen = request.GET.get("region", "")
    if chosen and chosen not in regions:
        raise Http404
    there = [one for one in municipalities if chosen in ("", one.region_slug)]
    return shown(
        request,
        edition,
        "map.html.j2",
        regions=sorted(regions.items(), key=lambda one: alphabetical(one[1])),
        chosen=chosen,
        chosen_name=regions.get(chosen, ""),
        chart=towns_map(edition, there),
        placed=[place(one, edition) for one in there if placed(one)],
        unplaced=[place(one, edition) for one in there if not placed(one)],
    )
