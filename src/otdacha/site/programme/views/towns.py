"""The municipalities of a plan, and one of them: its lines, its money, who is left out and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse

from otdacha.documents.figures import Figure
from otdacha.language import Text
from otdacha.programme.wording import UNMET
from otdacha.programme.wording import said as explained
from otdacha.site.bank.listing.pages import page_asked, pages
from otdacha.site.programme.edition import PlanEdition
from otdacha.site.programme.figures import people
from otdacha.site.programme.models import Need
from otdacha.site.programme.money import of_lines
from otdacha.site.programme.page import plan_page, plan_shown
from otdacha.site.programme.rows import rows_of
from otdacha.site.programme.words import REASONS, said

MOST_LINES = 100
"""Lines that stand on a municipality's own page; more of them are in the list of lines."""


@dataclass(frozen=True)
class Unmet:
    """People who need training and get none. why: the reason and how many it keeps away."""

    topic: str
    reason: Text
    why: list[tuple[Text, Figure]]


@plan_page
def towns(request: HttpRequest, edition: PlanEdition) -> HttpResponse:
    known = edition.plan.towns.all()
    place = pages(
        known.count(), page_asked(request), lambda number: f"?page={number}" if number > 1 else "?"
    )
    rows = [
        (
            town,
            edition.url("plan_town", town=town.code),
            people(edition, town.needed),
            edition.about_rubles(town.cost),
            edition.benefit(town.benefit),
            edition.between(town.lower, town.upper),
        )
        for town in known[place.slice]
    ]
    return plan_shown(request, edition, "plan/towns.html.j2", rows=rows, pages=place)


@plan_page
def town(request: HttpRequest, edition: PlanEdition, town: str) -> HttpResponse:
    found = edition.plan.towns.filter(code=town).first()
    if found is None:
        raise Http404
    lines = list(edition.plan.lines.filter(municipality=town))
    return plan_shown(
        request,
        edition,
        "plan/town.html.j2",
        town=found,
        needed=people(edition, found.needed),
        mandatory=people(edition, found.mandatory),
        paid=of_lines(lines, edition.years),
        rows=rows_of(edition, lines[:MOST_LINES]),
        count=len(lines),
        unmet=_unmet(edition, edition.plan.needs.filter(municipality=town)),
        interval=edition.between(found.lower, found.upper),
        filtered=f"{edition.url('plan_lines')}?municipality={town}",
    )


def _unmet(edition: PlanEdition, needs: Iterable[Need]) -> list[Unmet]:
    return [
        Unmet(
            need.topic,
            said(REASONS, need.reason),
            [(explained(code, UNMET), people(edition, count)) for code, count in need.why.items()],
        )
        for need in needs
        if need.why
    ]
