"""A page of the programme: found by its address, kept once made, as those of the data bank are."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from otdacha.language import Language
from otdacha.site.bank.edition import Edition, edition_of
from otdacha.site.bank.models import Bank
from otdacha.site.bank.page import LATEST_SECONDS, PINNED_SECONDS, kept_answer, rendered
from otdacha.site.programme.edition import PlanEdition, plan_edition

View = Callable[..., HttpResponse]


def plan_page(view: View) -> Callable[..., HttpResponse]:
    """A view of a plan. Its answer is kept until the plan or what it leads to changes."""

    @wraps(view)
    def answered(
        request: HttpRequest, language: Language, plan: str | None = None, **named: Any
    ) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        edition = plan_edition(language, plan)
        if edition is None:
            return no_plan(request, language)
        seconds = PINNED_SECONDS if edition.pinned else LATEST_SECONDS
        return kept_answer(
            request,
            (edition.plan.hash, edition.latest.hash, _beside(edition.bank)),
            seconds,
            lambda: view(request, edition, **named),
        )

    return answered


def fresh_plan_page(view: View) -> Callable[..., HttpResponse]:
    """The same for a page whose answer is never kept: it changes by itself, or holds a form."""

    @wraps(view)
    def answered(
        request: HttpRequest, language: Language, plan: str | None = None, **named: Any
    ) -> HttpResponse:
        edition = plan_edition(language, plan)
        if edition is None:
            return no_plan(request, language)
        response = view(request, edition, **named)
        response.headers["Cache-Control"] = "no-store"
        return response

    return answered


def _beside(bank: Edition | None) -> str:
    """Names what a plan's page leads to: every release of every bank."""
    if bank is None:
        return ""
    generations = Bank.objects.values_list("pk", "generation").order_by("pk")
    return str(list(generations))


def plan_shown(
    request: HttpRequest, edition: PlanEdition, template: str, status: int = 200, **values: Any
) -> HttpResponse:
    """The page that `template` makes of the plan and `values`."""
    return rendered(
        request,
        edition.language,
        template,
        status,
        {
            "edition": edition.bank,
            "plan": edition,
            "for_good": _for_good(request, edition),
            **values,
        },
    )


def no_plan(request: HttpRequest, language: Language) -> HttpResponse:
    """What is shown before the first plan is published."""
    bank = edition_of(language, None, None)
    values = {"edition": bank, "plan": None, "for_good": request.path}
    return rendered(request, language, "plan/none.html.j2", 200, values)


def _for_good(request: HttpRequest, edition: PlanEdition) -> str:
    match = request.resolver_match
    assert match is not None
    assert match.url_name is not None
    named = {
        name: value for name, value in match.kwargs.items() if name not in ("language", "plan")
    }
    asked = request.META.get("QUERY_STRING", "")
    address = edition.pinned_url(match.url_name, **named)
    return f"{address}?{asked}" if asked else address
