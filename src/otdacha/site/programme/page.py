"""A page of the programme: found by its address, kept once made, as those of the data bank are."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from otdacha.language import Language
from otdacha.site.bank.edition import edition_of
from otdacha.site.bank.page import LATEST_SECONDS, PINNED_SECONDS, kept_answer, rendered
from otdacha.site.programme.edition import PlanEdition

View = Callable[..., HttpResponse]


def plan_page(view: View) -> Callable[..., HttpResponse]:
    """A view of a plan. Its answer is kept until the plan or what it leads to changes."""

    @wraps(view)
    def answered(
        request: HttpRequest, language: Language, plan: str | None = None, **named: Any
    ) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        edition = PlanEdition.asked(language, plan)
        if edition is None:
            return no_plan(request, language)
        seconds = PINNED_SECONDS if edition.pinned else LATEST_SECONDS
        return kept_answer(
            request,
            (edition.plan.hash, edition.latest.hash, edition.beside),
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
        response = view(request, language, PlanEdition.asked(language, plan), **named)
        response.headers["Cache-Control"] = "no-store"
        return response

    return answered


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
        "for_good": edition.for_good(request) if edition else request.path,
    }
    return rendered(request, language, template, status, {**around, **values})


def no_plan(request: HttpRequest, language: Language) -> HttpResponse:
    """What is shown before the first plan is published."""
    return shown_beside(request, language, None, "plan/none.html.j2")
