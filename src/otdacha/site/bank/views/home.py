"""The first page: what this is, search, the list of the most effective, what changed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from otdacha.site.bank.edition import Edition
from otdacha.site.bank.page import page, shown


def choose_language(request: HttpRequest) -> HttpResponse:
    """Lead to the language that the browser asks for first: English, or else Russian."""
    wanted = [
        part.split(";")[0].strip().lower()[:2]
        for part in request.headers.get("Accept-Language", "").split(",")
    ]
    known = [one for one in wanted if one in ("ru", "en")]
    answer = HttpResponseRedirect(f"/{known[0] if known else 'ru'}/")
    answer.headers["Vary"] = "Accept-Language"
    return answer


@page
def home(request: HttpRequest, edition: Edition) -> HttpResponse:
    listed = edition.release.organisations.filter(listed=True).only("provider", "name", "row")
    return shown(request, edition, "home.html.j2", listed=list(listed))
