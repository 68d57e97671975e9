"""A page about wages: found by its address, kept once made, as those of the data bank are."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from otdacha.language import Language
from otdacha.site.bank.edition import edition_of
from otdacha.site.bank.page import rendered
from otdacha.site.published import kept_page
from otdacha.site.wages.edition import WagesEdition


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


def _none(request: HttpRequest, language: Language) -> HttpResponse:
    """What is shown before the first comparison is published."""
    around = {"edition": edition_of(language, None, None), "wages": None, "for_good": request.path}
    return rendered(request, language, "wages/none.html.j2", 200, around)


wages_page = kept_page(WagesEdition, _none)
"""Makes a page of a view of a comparison."""
