"""The page of one programme, and others of its topic beside it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from otdacha.site.bank import presenting
from otdacha.site.bank.edition import Edition
from otdacha.site.bank.models import Programme
from otdacha.site.bank.page import page, shown

ALIKE = 20
"""Programmes of the same topic that stand beside it; the topic's page has all."""


@page
def programme(request: HttpRequest, edition: Edition, provider: str, key: str) -> HttpResponse:
    known = edition.release.programmes.select_related("organisation")
    found = known.filter(organisation__provider=provider, key=key).first()
    if found is None:
        raise Http404
    alike = _alike(edition, found)
    [offer] = presenting.offers(edition, [found])
    return shown(
        request,
        edition,
        "programme.html.j2",
        programme=found,
        offer=offer,
        organisation=found.organisation,
        alike=presenting.offers(edition, alike, chosen=found.pk),
    )


def _alike(edition: Edition, found: Programme) -> list[Programme]:
    """The first programmes of its topic in the release's order of effects, and it among them."""
    if not found.topic_slug:
        return []
    same = edition.release.programmes.filter(topic_slug=found.topic_slug)
    order = ("organisation__position", "price", "key")
    first = list(same.select_related("organisation").order_by(*order)[:ALIKE])
    return first if found in first else [*first, found]
