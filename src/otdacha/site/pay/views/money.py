"""What each source is asked for in each year, what it has, and what is lacking."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from otdacha.site.pay.charts import who_pays
from otdacha.site.pay.edition import ScenarioEdition
from otdacha.site.pay.page import scenario_page, scenario_shown
from otdacha.site.pay.rows import by_year, parts, purses
from otdacha.site.pay.words import SOURCES


@scenario_page
def money(request: HttpRequest, edition: ScenarioEdition) -> HttpResponse:
    table, components = edition.table("money"), edition.table("components")
    return scenario_shown(
        request,
        edition,
        "pay/money.html.j2",
        chart=who_pays(edition, table),
        paid=by_year(edition, table.select("source", "year", cost="needed"), "source", SOURCES),
        purses=purses(edition, table),
        parts_of_pay=parts(edition, components),
        sums_alone=components["after"].null_count() > components["before"].null_count(),
    )
