"""The list of organisations."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from otdacha.site.bank.edition import Edition
from otdacha.site.bank.page import page, shown


@page
def organisations(request: HttpRequest, edition: Edition) -> HttpResponse:
    found = edition.release.organisations.defer("figures")[:50]
    return shown(request, edition, "organisations.html.j2", found=list(found))
