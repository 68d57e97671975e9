"""What would be with other money: the question as sliders, its place in the queue, its answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http import HttpResponseRedirect as Redirect
from django.template.backends.utils import csrf_input
from django.utils.http import urlencode

from otdacha.language import Text, text
from otdacha.site.programme.edition import PlanEdition
from otdacha.site.programme.page import fresh_plan_page, plan_shown
from otdacha.site.programme.what_if import queue
from otdacha.site.programme.what_if.limits import EXPLAINING, KILLED
from otdacha.site.programme.what_if.question import Slider, asked, sliders
from otdacha.site.programme.words import SOURCES

REFRESH = 3
"""Seconds after which the page of an open question asks again."""
LARGEST = 2_000_000
"""Ways to train somebody in the largest plan that the site computes anew while somebody waits."""


@fresh_plan_page
def what_if(request: HttpRequest, edition: PlanEdition) -> HttpResponse:
    if request.method == "POST":
        return _taken(request, edition)
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    question = asked(edition, request.GET)
    return _form(request, edition, sliders(edition, question.values), question.problems)


def _taken(request: HttpRequest, edition: PlanEdition) -> HttpResponse:
    question = asked(edition, request.POST)
    chosen = sliders(edition, question.values)
    if question.problems:
        return _form(request, edition, chosen, question.problems, status=400)
    if edition.plan.size > LARGEST:
        raise Http404
    try:
        kept = queue.ask(edition.plan, question, request)
    except queue.Full:
        said = text("Too many questions wait at this moment. Ask again in a few minutes.")
        return _form(request, edition, chosen, (said,), status=503)
    return Redirect(edition.url("plan_answer", key=kept.key))


def _form(
    request: HttpRequest,
    edition: PlanEdition,
    chosen: list[Slider],
    problems: tuple[Text, ...],
    status: int = 200,
) -> HttpResponse:
    return plan_shown(
        request,
        edition,
        "plan/what_if.html.j2",
        status=status,
        guard=csrf_input(request),
        sliders=chosen,
        problems=problems,
        too_large=edition.plan.size > LARGEST,
        asleep=not queue.somebody_computes(),
        searching=round(KILLED),
        explaining=round(EXPLAINING),
        waiting=queue.waiting(),
    )


@dataclass(frozen=True)
class Moved:
    """Figures of the plan beside those of the answer, then the difference. band: of the answer's
    benefit."""

    name: str
    href: str
    people: tuple[str, str, str]
    cost: tuple[str, str]
    benefit: tuple[str, str, str]
    band: str


@fresh_plan_page
def answer(request: HttpRequest, edition: PlanEdition, key: str) -> HttpResponse:
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "HEAD"])
    question = edition.plan.questions.filter(key=key).first()
    if question is None:
        raise Http404
    still = question.state not in queue.OPEN
    kept: Mapping[str, Any] = question.answer or {}
    asleep = not still and not queue.somebody_computes()
    response = plan_shown(
        request,
        edition,
        "plan/answer.html.j2",
        guard=csrf_input(request) if question.state in queue.AGAIN else "",
        question=question,
        sliders=sliders(edition, question.asked),
        again=f"{edition.url('plan_what_if')}?{urlencode(question.asked)}",
        searching=round(KILLED),
        explaining=round(EXPLAINING),
        before=0 if still else queue.before(question),
        asleep=asleep,
        halted="still" in request.GET,
        said=(question.said or {}).get(edition.language, ""),
        found=_found(edition, kept) if question.state == "done" else None,
        clash=kept.get("clash", {}).get(edition.language),
    )
    if not still and "still" not in request.GET:
        response.headers["Refresh"] = str(REFRESH)
    return response


def _found(edition: PlanEdition, made: Mapping[str, Any]) -> dict[str, Any]:
    """The answer beside the plan, as a whole and by municipality.

    With money enough an answer would tell all who need training, and with hardly enough those whom
    the law obliges: so a town is listed where its needs are told and no fewer are trained.
    """
    figures = edition.plan.manifest["figures"]
    told = [
        town
        for town in edition.plan.towns.all()
        if town.needed is not None and made["towns"][town.code][0] >= town.planned
    ]
    towns = [
        _moved(
            edition,
            town.name,
            edition.url("plan_town", town=town.code),
            (town.planned, town.cost, town.benefit),
            made["towns"][town.code],
        )
        for town in told
    ]
    whole = _moved(
        edition,
        text("all municipalities").said(edition.language),
        "",
        (figures["people"], round(figures["cost"] * 100), figures["benefit"]),
        [made["people"], made["cost"], made["benefit"], *made["band"]],
    )
    return {
        "whole": whole,
        "towns": towns,
        "untold": edition.plan.towns.count() - len(told),
        "more": made["benefit"] - figures["benefit"],
        "ahead": edition.signed_band(*made["ahead"]),
        "people": made["people"] - figures["people"],
        "spent": made["cost"] - round(figures["cost"] * 100),
        "paid": [
            (words, edition.about_rubles(made["paid"][code]))
            for code, words in SOURCES.items()
            if code in made["paid"]
        ],
        "gap": edition.numbers.decimal(100 * made["gap"], 2),
        "seconds": made["seconds"],
    }


def _moved(
    edition: PlanEdition,
    name: str,
    href: str,
    plan: tuple[int, int, float],
    made: list[Any],
) -> Moved:
    numbers = edition.numbers
    return Moved(
        name,
        href,
        (numbers.whole(plan[0]), numbers.whole(made[0]), numbers.signed(made[0] - plan[0], 0)),
        (edition.about_rubles(plan[1]), edition.about_rubles(made[1])),
        (
            edition.benefit(plan[2]),
            edition.benefit(made[2]),
            numbers.signed(made[2] - plan[2], 0 if abs(plan[2]) >= 100 else 1),
        ),
        edition.between(made[3], made[4]),
    )
