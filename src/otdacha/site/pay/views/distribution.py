"""Who receives it: groups of positions, women and men."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from otdacha.site.pay.charts import pay_of_groups
from otdacha.site.pay.edition import ScenarioEdition
from otdacha.site.pay.page import scenario_page, scenario_shown
from otdacha.site.pay.rows import groups


@scenario_page
def distribution(request: HttpRequest, edition: ScenarioEdition) -> HttpResponse:
    table = edition.table("distribution")
    return scenario_shown(
        request,
        edition,
        "pay/distribution.html.j2",
        chart=pay_of_groups(edition, table),
        positions=groups(edition, table, "position_group"),
        sexes=groups(edition, table, "sex"),
    )
