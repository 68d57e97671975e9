"""A page about wages: found by its address, kept once made, as those of the data bank are."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from otdacha.language import Language
from otdacha.site.bank.edition import edition_of
from otdacha.site.bank.models import Bank
from otdacha.site.bank.page import LATEST_SECONDS, PINNED_SECONDS, kept_answer, rendered
from otdacha.site.wages.edition import WagesEdition, wages_edition

View = Callable[..., HttpResponse]


def wages_page(view: View) -> Callable[..., HttpResponse]:
    """A view of a comparison. Its answer is kept until it, or what stands around it, changes."""

    @wraps(view)
    def answered(
        request: HttpRequest, language: Language, comparison: str | None = None, **named: Any
    ) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        edition = wages_edition(language, comparison)
        if edition is None:
            around = {"edition": edition_of(language, None, None), "for_good": request.path}
            return rendered(request, language, "wages/none.html.j2", 200, {**around, "wages": None})
        words = (edition.comparison.hash, edition.latest.hash, _banks())
        seconds = PINNED_SECONDS if edition.pinned else LATEST_SECONDS
        return kept_answer(request, words, seconds, lambda: view(request, edition, **named))

    return answered


def wages_shown(
    request: HttpRequest, edition: WagesEdition, template: str, **values: Any
) -> HttpResponse:
    """The page that `template` makes of the comparison and `values`."""
    around = {
        "edition": edition.bank,
        "wages": edition,
        "for_good": _for_good(request, edition),
    }
    return rendered(request, edition.language, template, 200, {**around, **values})


def _banks() -> str:
    """Names what stands around the page: the menu of the data bank."""
    return str(list(Bank.objects.values_list("pk", "generation").order_by("pk")))


def _for_good(request: HttpRequest, edition: WagesEdition) -> str:
    match = request.resolver_match
    assert match is not None
    assert match.url_name is not None
    around = ("language", "comparison")
    named = {name: value for name, value in match.kwargs.items() if name not in around}
    address = edition.pinned_url(match.url_name, **named)
    asked = request.META.get("QUERY_STRING", "")
    return f"{address}?{asked}" if asked else address
