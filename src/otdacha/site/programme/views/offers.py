"""The runs that people are sent to, with the evidence of who holds them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse

from otdacha.language import Text
from otdacha.site.bank.listing.pages import page_asked, pages
from otdacha.site.programme.edition import PlanEdition
from otdacha.site.programme.models import Line
from otdacha.site.programme.page import plan_page, plan_shown
from otdacha.site.programme.rows import dates, place
from otdacha.site.programme.words import EVIDENCE, said


@dataclass(frozen=True)
class Run:
    """One run in the reader's words."""

    name: str
    topic: str
    form: str
    hours: str
    provider: str
    provider_href: str
    evidence: Text
    proven: bool
    year: int
    dates: str
    place: str
    price: str
    places: str
    groups: str
    seats: str
    lines: str


@plan_page
def offers(request: HttpRequest, edition: PlanEdition) -> HttpResponse:
    groups = edition.table("groups")
    assert groups is not None
    place_of = pages(
        groups.height,
        page_asked(request),
        lambda number: f"?page={number}" if number > 1 else "?",
    )
    part = place_of.slice
    shown = groups[part.start : part.stop].to_dicts()
    held: dict[tuple[Any, ...], Line] = {
        (line.year, line.provider, line.offer): line
        for line in edition.plan.lines.filter(provider__in={run["provider"] for run in shown})
    }
    return plan_shown(
        request,
        edition,
        "plan/offers.html.j2",
        pages=place_of,
        rows=_runs(edition, shown, held),
        people=int(groups["seats"].sum()),
    )


def _runs(
    edition: PlanEdition,
    shown: list[dict[str, Any]],
    held: Mapping[tuple[Any, ...], Line],
) -> list[Run]:
    at = edition.organisations({run["provider"] for run in shown})
    towns = dict(edition.plan.towns.values_list("code", "name"))
    return [
        _run(edition, run, held[run["year"], run["provider"], run["offer"]], at, towns)
        for run in shown
    ]


def _run(
    edition: PlanEdition,
    run: Mapping[str, Any],
    line: Line,
    at: Mapping[str, str],
    towns: Mapping[str, str],
) -> Run:
    row, whole = line.row, edition.numbers.whole
    return Run(
        name=row["name"] or row["programme"] or line.offer,
        topic=line.topic,
        form=row["form"] or "",
        hours="" if row["hours"] is None else whole(round(row["hours"])),
        provider=row["provider_name"] or line.provider,
        provider_href=at.get(line.provider, ""),
        evidence=said(EVIDENCE, line.evidence),
        proven=line.evidence == "proven",
        year=line.year,
        dates=dates(edition, row["started"], row["finished"]),
        place=place(edition, row["town"], towns),
        price=edition.rubles(round(row["fee"] * 100)),
        places=whole(run["places"] * run["groups"]),
        groups=whole(run["groups"]),
        seats=whole(run["seats"]),
        lines=f"{edition.url('plan_lines')}?provider={line.provider}&year={line.year}",
    )
