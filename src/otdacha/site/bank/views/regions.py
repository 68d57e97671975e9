"""Regions: the organisations there, and the municipalities whose people were trained."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse

from otdacha.site.bank.edition import Edition
from otdacha.site.bank.page import page, shown
from otdacha.site.bank.rows.places import place
from otdacha.site.bank.rows.standings import standings
from otdacha.site.bank.slugs import alphabetical

MOST = 25
"""Organisations of a region that its page names; the list of organisations has the others."""


@dataclass(frozen=True)
class Region:
    """A region in a release: how many organisations and municipalities it has there."""

    name: str
    slug: str
    organisations: int
    listed: int
    municipalities: int


@page
def regions(request: HttpRequest, edition: Edition) -> HttpResponse:
    release = edition.release
    return shown(
        request,
        edition,
        "regions.html.j2",
        regions=sorted(_regions(edition), key=lambda one: alphabetical(one.name)),
        organisations_elsewhere=release.organisations.filter(region_slug="").count(),
        municipalities_elsewhere=release.municipalities.filter(region_slug="").count(),
    )


@page
def region(request: HttpRequest, edition: Edition, region: str) -> HttpResponse:
    found = next((one for one in _regions(edition) if one.slug == region), None)
    if found is None:
        raise Http404
    organisations = edition.release.organisations.filter(region_slug=region)[:MOST]
    municipalities = edition.release.municipalities.filter(region_slug=region)
    return shown(
        request,
        edition,
        "region.html.j2",
        region=found,
        organisations=standings(edition, organisations),
        municipalities=[place(edition, one) for one in municipalities],
    )


def _regions(edition: Edition) -> list[Region]:
    """Every region that has an organisation or a municipality in the release."""
    release = edition.release
    there = {slug: (name, count) for name, slug, count in release.facets["region"]}
    listed = dict(
        release.organisations.filter(listed=True)
        .order_by()
        .values("region_slug")
        .annotate(n=Count("pk"))
        .values_list("region_slug", "n")
    )
    towns = {
        slug: (name, count)
        for slug, name, count in release.municipalities.exclude(region_slug="")
        .order_by()
        .values("region_slug", "region")
        .annotate(n=Count("pk"))
        .values_list("region_slug", "region", "n")
    }
    return [
        Region(
            name=(there.get(slug) or towns[slug])[0],
            slug=slug,
            organisations=there.get(slug, ("", 0))[1],
            listed=listed.get(slug, 0),
            municipalities=towns.get(slug, ("", 0))[1],
        )
        for slug in {**there, **towns}
    ]
