"""A page about wages: found by its address, kept once made, as those of the data bank are."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from otdacha.language import Language
from otdacha.site.bank.edition import edition_of
from otdacha.site.bank.page import LATEST_SECONDS, PINNED_SECONDS, kept_answer, rendered
from otdacha.site.wages.edition import WagesEdition

View = Callable[..., HttpResponse]


def wages_page(view: View) -> Callable[..., HttpResponse]:
    """A view of a comparison. Its answer is kept until it, or what stands around it, changes."""

    @wraps(view)
    def answered(
        request: HttpRequest, language: Language, comparison: str | None = None, **named: Any
    ) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        edition = WagesEdition.asked(language, comparison)
        if edition is None:
            around = {"edition": edition_of(language, None, None), "for_good": request.path}
            return rendered(request, language, "wages/none.html.j2", 200, {**around, "wages": None})
        words = (edition.comparison.hash, edition.latest.hash, edition.beside)
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
        "for_good": edition.for_good(request),
    }
    return rendered(request, edition.language, template, 200, {**around, **values})
