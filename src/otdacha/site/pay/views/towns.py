"""The municipalities of a scenario, and one of them: its money, its pay, its limits."""

from __future__ import annotations

import polars as pl
from django.http import Http404, HttpRequest, HttpResponse

from otdacha.site.bank.listing.pages import page_asked, pages
from otdacha.site.pay import rows
from otdacha.site.pay.charts import pay_of_towns
from otdacha.site.pay.edition import ScenarioEdition
from otdacha.site.pay.listing import asked, headings, orders, regions
from otdacha.site.pay.page import scenario_page, scenario_shown
from otdacha.site.pay.towns import Known
from otdacha.site.pay.towns import limits as limits_of
from otdacha.site.pay.towns import towns as municipalities
from otdacha.site.pay.wages import wages_of
from otdacha.site.pay.words import PAYERS, SOURCES, WHY_NO_EFFECT


@scenario_page
def towns(request: HttpRequest, edition: ScenarioEdition) -> HttpResponse:
    table = edition.table("municipalities")
    wanted = asked(table, request.GET)
    found = wanted.rows(table)
    place = pages(
        found.height,
        page_asked(request),
        lambda number: wanted.address(page=number if number > 1 else None) or "?",
    )
    shown = found[place.slice]
    limits = edition.table("limits").filter(
        pl.col("municipality").is_in(shown["municipality"].to_list())
    )
    return scenario_shown(
        request,
        edition,
        "pay/towns.html.j2",
        wanted=wanted,
        regions=regions(table),
        orders=orders(wanted),
        columns=headings(wanted),
        pages=place,
        rows=municipalities(edition, shown, limits),
        chart=pay_of_towns(edition, shown) if shown.height else None,
    )


@scenario_page
def town(request: HttpRequest, edition: ScenarioEdition, town: str) -> HttpResponse:
    whole = edition.table("municipalities").filter(municipality=town)
    if whole.is_empty():
        raise Http404
    row = whole.row(0, named=True)

    def of_town(table: str) -> pl.DataFrame:
        return edition.table(table).filter(municipality=town)

    figures, costs = Known(edition, row), of_town("costs")
    receive = edition.table("distribution").filter(by="municipality", value=town)
    return scenario_shown(
        request,
        edition,
        "pay/town.html.j2",
        town=row,
        name=row["name"] or row["municipality"],
        figures=figures,
        why=WHY_NO_EFFECT.get(row["effect"]),
        receive=edition.said.people(None if receive.is_empty() else receive["receive"][0]),
        chart=pay_of_towns(edition, whole),
        paid=rows.by_year(edition, costs, "source", PAYERS),
        sources_together=not set(costs["source"]) <= set(SOURCES),
        parts_of_pay=rows.parts(edition, of_town("components_by_town")),
        limits=limits_of(edition, of_town("limits")),
        funded=rows.funded(edition, of_town("fund")),
        wages=wages_of(edition, of_town("wages")),
        levels=rows.levels(edition, town),
    )
