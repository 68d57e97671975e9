"""Every run that was offered: its price, who holds it, whether it is chosen or why not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl
from django.http import HttpRequest, HttpResponse
from django.utils.http import urlencode

from otdacha.language import Text, ntext, text
from otdacha.programme.offers import REASONS as FAULTS
from otdacha.programme.wording import PASSED_OVER
from otdacha.programme.wording import said as explained
from otdacha.site.bank.listing.pages import page_asked, pages
from otdacha.site.programme.asked import Asked, Facets, asked, choices
from otdacha.site.programme.edition import PlanEdition
from otdacha.site.programme.facets import counted
from otdacha.site.programme.page import plan_page, plan_shown
from otdacha.site.programme.rows import dates, place
from otdacha.site.programme.words import EVIDENCE, said

FILTERS: Mapping[str, Text] = {
    "chosen": text("Chosen or not"),
    "year": text("Year"),
    "topic": text("Topic"),
    "provider": text("Organisation"),
}
CHOSEN: Mapping[str, Text] = {
    "yes": text("chosen"),
    "no": text("not chosen"),
    "unfit": text("could not be planned with"),
}
"""Where a run stands; a code of `_standing`."""
_WHY_NOT = {**PASSED_OVER, **FAULTS}


@dataclass(frozen=True)
class Run:
    """One run in the reader's words. count: people who are sent there; why_not: None where it is
    chosen."""

    name: str
    topic: str
    form: str
    hours: str
    provider: str
    provider_href: str
    evidence: Text | None
    proven: bool
    year: int | None
    dates: str
    place: str
    price: str
    travel: str
    group: list[Text]
    count: int
    why_not: Text | None
    lines: str


@plan_page
def offers(request: HttpRequest, edition: PlanEdition) -> HttpResponse:
    table = edition.table("offers")
    if table is None:
        return plan_shown(request, edition, "plan/offers.html.j2", rows=None)
    standing = table.with_columns(_standing().alias("chosen"))
    facets = _facets(edition, standing)
    wanted = asked(facets, FILTERS, request.GET)
    found = _narrowed(standing, wanted)
    place_of = pages(
        found.height,
        page_asked(request),
        lambda number: wanted.address(page=number if number > 1 else None) or "?",
    )
    part = place_of.slice
    return plan_shown(
        request,
        edition,
        "plan/offers.html.j2",
        wanted=wanted,
        filters=choices(edition, facets, FILTERS, wanted),
        pages=place_of,
        rows=_runs(edition, found[part.start : part.stop]),
        counts={code: found.filter(pl.col("chosen") == code).height for code in CHOSEN},
    )


def _standing() -> pl.Expr:
    return (
        pl.when(pl.col("why_not").is_null())
        .then(pl.lit("yes"))
        .when(pl.col("why_not").is_in(list(FAULTS)))
        .then(pl.lit("unfit"))
        .otherwise(pl.lit("no"))
    )


def _facets(edition: PlanEdition, table: pl.DataFrame) -> Facets:
    """What runs can be filtered by, with their number."""
    return {
        "chosen": [
            [code, words.said(edition.language), count]
            for code, words in CHOSEN.items()
            if (count := table.filter(pl.col("chosen") == code).height)
        ],
        "year": counted(table, "year", "year"),
        "topic": counted(table, "topic", "topic"),
        "provider": counted(table, "provider", "provider_name"),
    }


def _narrowed(table: pl.DataFrame, wanted: Asked) -> pl.DataFrame:
    for one in wanted.chosen:
        table = table.filter(pl.col(one.name).cast(pl.String) == one.value)
    return table


def _runs(edition: PlanEdition, shown: pl.DataFrame) -> list[Run]:
    at = edition.organisations(set(shown["provider"].drop_nulls()))
    towns = dict(edition.plan.towns.values_list("code", "name"))
    return [_run(edition, run, at, towns) for run in shown.iter_rows(named=True)]


def _run(
    edition: PlanEdition, run: Mapping[str, Any], at: Mapping[str, str], towns: Mapping[str, str]
) -> Run:
    whole = edition.numbers.whole
    asked_for = urlencode({"provider": run["provider"], "year": run["year"] or ""})
    days = (day and day.isoformat() for day in (run["started"], run["finished"]))
    return Run(
        name=run["name"] or run["programme"] or run["offer"],
        topic=run["topic"] or "",
        form=run["form"] or "",
        hours="" if run["hours"] is None else whole(round(run["hours"])),
        provider=run["provider_name"] or run["provider"],
        provider_href=at.get(run["provider"], ""),
        evidence=said(EVIDENCE, run["evidence"]) if run["evidence"] else None,
        proven=run["evidence"] == "proven",
        year=run["year"],
        dates=dates(edition, *days),
        place=place(edition, run["town"], towns),
        price="" if run["fee"] is None else edition.rubles(round(run["fee"] * 100)),
        travel=edition.rubles(round(run["travel"] * 100)) if run["travel"] else "",
        group=_group(edition, run),
        count=run["seats"],
        why_not=explained(run["why_not"], _WHY_NOT) if run["why_not"] else None,
        lines=f"{edition.url('plan_lines')}?{asked_for}",
    )


def _group(edition: PlanEdition, run: Mapping[str, Any]) -> list[Text]:
    """How many people a run takes, and from how many on it is held."""
    if run["places"] is None:
        return []
    whole = edition.numbers.whole
    places, groups = run["places"], run["groups"]
    room = (
        text("{groups} groups of {places} places", groups=whole(groups), places=whole(places))
        if groups != 1
        else ntext("{shown} place", "{shown} places", count=places, shown=whole(places))
    )
    if run["minimum"] <= 1:
        return [room]
    return [
        room,
        text("a group is held from {minimum} people on", minimum=whole(run["minimum"])),
    ]
