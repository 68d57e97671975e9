"""Who needs training: by topic and reason over all towns, or in one municipality."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse

from otdacha.documents.figures import Figure
from otdacha.language import Text
from otdacha.site.programme.edition import PlanEdition
from otdacha.site.programme.figures import people
from otdacha.site.programme.models import Demand, Need
from otdacha.site.programme.page import plan_page, plan_shown
from otdacha.site.programme.words import REASONS, said


@dataclass(frozen=True)
class Row:
    topic: str
    reason: Text
    needed: Figure
    planned: Figure
    share: int | None


@plan_page
def needs(request: HttpRequest, edition: PlanEdition) -> HttpResponse:
    towns = list(edition.plan.towns.all())
    asked = request.GET.get("municipality", "")
    chosen = next((town for town in towns if town.code == asked), None)
    if asked and chosen is None:
        raise Http404
    found = (
        edition.plan.needs.filter(municipality=chosen.code)
        if chosen
        else edition.plan.demands.all()
    )
    figures = edition.plan.manifest["figures"]
    return plan_shown(
        request,
        edition,
        "plan/needs.html.j2",
        towns=towns,
        chosen=chosen,
        rows=_rows(edition, found),
        needed=people(edition, chosen.needed if chosen else figures["needed"]),
        mandatory=people(edition, chosen.mandatory if chosen else figures["mandatory"]),
        planned=chosen.planned if chosen else figures["people"],
    )


def _rows(edition: PlanEdition, found: Iterable[Need | Demand]) -> list[Row]:
    return [
        Row(
            topic=one.topic,
            reason=said(REASONS, one.reason),
            needed=people(edition, one.needed),
            planned=people(edition, one.planned),
            share=round(100 * one.planned / one.needed)
            if one.needed and one.planned is not None
            else None,
        )
        for one in found
    ]
