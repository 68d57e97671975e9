"""Each measure: who, when, how much, whose money, what it adds; and why their order matters."""

from __future__ import annotations

from decimal import Decimal

import polars as pl
from django.http import HttpRequest, HttpResponse

from otdacha.site.pay.edition import ScenarioEdition
from otdacha.site.pay.measures import measures_of
from otdacha.site.pay.page import scenario_page, scenario_shown
from otdacha.site.pay.rows import by_year
from otdacha.site.pay.words import OTHER_MEASURES


@scenario_page
def measures(request: HttpRequest, edition: ScenarioEdition) -> HttpResponse:
    return scenario_shown(
        request,
        edition,
        "pay/measures.html.j2",
        measures=measures_of(edition),
        cost=Decimal(str(edition.scenario.manifest["figures"]["cost"])),
        by_year=by_year(
            edition,
            edition.table("costs_by_measure").with_columns(pl.col("measure").fill_null("")),
            "measure",
            {**edition.measures, "": OTHER_MEASURES},
        ),
    )
