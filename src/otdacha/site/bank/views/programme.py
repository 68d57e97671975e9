"""The page of one programme, and others of its topic beside it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from otdacha.site.bank.edition import Edition
from otdacha.site.bank.models import Programme
from otdacha.site.bank.page import page, shown
from otdacha.site.bank.rows.offers import offers

ALIKE = 20
"""Programmes of the same topic that stand beside it; the topic's page has all."""


@page
def programme(request: HttpRequest, edition: Edition, provider: str, key: str) -> HttpResponse:
    organisation = edition.release.organisations.defer("figures").filter(provider=provider).first()
    if organisation is None:
        raise Http404
    found = organisation.programmes.filter(key=key).first()
    if found is None:
        raise Http404
    alike = _alike(edition, found)
    [offer] = offers(edition, [found])
    return shown(
        request,
        edition,
        "programme.html.j2",
        programme=found,
        offer=offer,
        organisation=organisation,
        alike=offers(edition, alike, chosen=found.pk),
    )


def _alike(edition: Edition, found: Programme) -> list[Programme]:
    """The first programmes of its topic in the release's order of effects, and it among them.

    Organisations are loaded in that order, so their keys have it: the index alone names the first.
    """
    if not found.topic_slug:
        return []
    same = edition.release.programmes.filter(topic_slug=found.topic_slug)
    first = list(same.order_by("organisation_id", "pk").values_list("pk", flat=True)[:ALIKE])
    shown = Programme.objects.filter(pk__in={*first, found.pk}).select_related("organisation")
    shown = shown.defer("organisation__figures", "organisation__row")
    return list(shown.order_by("organisation__position", "price", "key"))
