"""The page of one organisation."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from otdacha.site.bank.edition import Edition
from otdacha.site.bank.page import page, shown


@page
def organisation(request: HttpRequest, edition: Edition, provider: str) -> HttpResponse:
    found = edition.release.organisations.filter(provider=provider).first()
    if found is None:
        raise Http404
    return shown(request, edition, "organisation.html.j2", organisation=found)
