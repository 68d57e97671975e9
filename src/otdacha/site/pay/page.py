"""A page of a scenario: found by its address, kept once made, as those of the data bank are."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from otdacha.language import Language
from otdacha.site.bank.edition import edition_of
from otdacha.site.bank.page import LATEST_SECONDS, PINNED_SECONDS, kept_answer, rendered
from otdacha.site.pay.edition import ScenarioEdition

View = Callable[..., HttpResponse]


def scenario_page(view: View) -> Callable[..., HttpResponse]:
    """A view of a scenario. Its answer is kept until the scenario or what it leads to changes."""

    @wraps(view)
    def answered(
        request: HttpRequest, language: Language, scenario: str | None = None, **named: Any
    ) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        edition = ScenarioEdition.asked(language, scenario)
        if edition is None:
            return _none(request, language)
        seconds = PINNED_SECONDS if edition.pinned else LATEST_SECONDS
        return kept_answer(
            request,
            (edition.scenario.hash, edition.latest.hash, edition.beside),
            seconds,
            lambda: view(request, edition, **named),
        )

    return answered


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
