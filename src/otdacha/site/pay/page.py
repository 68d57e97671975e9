"""A page of a scenario: found by its address, kept once made, as those of the data bank are."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from otdacha.language import Language
from otdacha.site.bank.edition import edition_of
from otdacha.site.bank.page import rendered
from otdacha.site.pay.edition import ScenarioEdition
from otdacha.site.published import kept_page


def scenario_shown(
    request: HttpRequest, edition: ScenarioEdition, template: str, **values: Any
) -> HttpResponse:
    """The page that `template` makes of the scenario and `values`."""
    around = {
        "edition": edition.bank,
        "scenario": edition,
        "said": edition.said,
        "for_good": edition.for_good(request),
    }
    return rendered(request, edition.language, template, 200, {**around, **values})


def _none(request: HttpRequest, language: Language) -> HttpResponse:
    """What is shown before the first scenario is published."""
    around = {
        "edition": edition_of(language, None, None),
        "scenario": None,
        "for_good": request.path,
    }
    return rendered(request, language, "pay/none.html.j2", 200, around)


scenario_page = kept_page(ScenarioEdition, _none)
"""Makes a page of a view of a scenario."""
