"""The answer on one screen: what the measures cost, what they buy, who is asked, for whom it is."""

from __future__ import annotations

from decimal import Decimal

from django.http import HttpRequest, HttpResponse

from otdacha.pay.tables import IN_SUMS
from otdacha.site.pay.charts import pay_of_towns
from otdacha.site.pay.edition import ScenarioEdition
from otdacha.site.pay.measures import measures_of
from otdacha.site.pay.models import Scenario
from otdacha.site.pay.page import scenario_page, scenario_shown
from otdacha.site.pay.rows import by_year, purses
from otdacha.site.pay.words import SOURCES

MOST_TOWNS = 10
"""Municipalities on the chart: those whose pay is furthest below the wage next door."""


@scenario_page
def home(request: HttpRequest, edition: ScenarioEdition) -> HttpResponse:
    money = edition.table("money")
    figures = edition.scenario.manifest["figures"]
    towns = edition.table("municipalities")
    furthest = towns.sort("gap_before", "name", nulls_last=True).head(MOST_TOWNS)
    federal = [one for one in money.iter_rows(named=True) if one["source"] == "federal"]
    return scenario_shown(
        request,
        edition,
        "pay/home.html.j2",
        figures=figures,
        cost=Decimal(str(figures["cost"])),
        federal=sum((one["needed"] for one in federal), Decimal(0)),
        lacking=sum((one["lacking"] or Decimal(0) for one in federal), Decimal(0)),
        avoided=edition.said.avoided(
            None, figures["avoided"], figures["avoided_lower"], figures["avoided_upper"]
        ),
        unsure=(figures["avoided_lower"] or 0) <= 0 <= (figures["avoided_upper"] or 0),
        estimated=towns["effect"].is_in(IN_SUMS).sum(),
        towns=towns.height,
        paid=by_year(
            edition,
            money.select("source", "year", cost="needed"),
            "source",
            SOURCES,
        ),
        purses=[one for one in purses(edition, money) if one.source == SOURCES["federal"]],
        measures=measures_of(edition),
        chart=pay_of_towns(edition, furthest),
        earlier=[one for one in Scenario.objects.all() if one.pk != edition.scenario.pk],
    )
