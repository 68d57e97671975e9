"""A page of the programme: found by its address, kept once made, as those of the data bank are."""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse

from otdacha.language import Language
from otdacha.site.bank.edition import edition_of
from otdacha.site.bank.page import rendered
from otdacha.site.programme.edition import PlanEdition
from otdacha.site.published import View, kept_page


def fresh_plan_page(view: View) -> View:
    """A view of a plan whose answer is never kept: it changes by itself, or holds a form."""

    @wraps(view)
    def planned(
        request: HttpRequest, language: Language, edition: PlanEdition | None, **named: Any
    ) -> HttpResponse:
        if edition is None:
            return no_plan(request, language)
        return view(request, edition, **named)

    return fresh_page(planned)


def fresh_page(view: View) -> View:
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


plan_page = kept_page(PlanEdition, no_plan)
"""Makes a page of a view of a plan."""
