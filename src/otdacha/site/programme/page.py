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
    def planned(
        request: HttpRequest, language: Language, edition: PlanEdition | None, **named: Any
    ) -> HttpResponse:
        if edition is None:
            return no_plan(request, language)
        return view(request, edition, **named)

    return fresh_page(planned)


def fresh_page(view: View) -> Callable[..., HttpResponse]:
    """A page that is never kept and that is there before the first plan: its view takes the
    language, and the edition or None."""

    @wraps(view)
    def answered(
        request: HttpRequest, language: Language, plan: str | None = None, **named: Any
    ) -> HttpResponse:
        response = view(request, language, plan_edition(language, plan), **named)
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
    return shown_beside(request, edition.language, edition, template, status, **values)


def shown_beside(
    request: HttpRequest,
    language: Language,
    edition: PlanEdition | None,
    template: str,
    status: int = 200,
    **values: Any,
) -> HttpResponse:
    """The same of a page that is there before the first plan as well."""
    around = {
        "edition": edition.bank if edition else edition_of(language, None, None),
        "plan": edition,
        "for_good": _for_good(request, edition) if edition else request.path,
    }
    return rendered(request, language, template, status, {**around, **values})


def no_plan(request: HttpRequest, language: Language) -> HttpResponse:
    """What is shown before the first plan is published."""
    return shown_beside(request, language, None, "plan/none.html.j2")


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
