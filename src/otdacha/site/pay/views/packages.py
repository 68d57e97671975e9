"""Packages of measures: what each costs and buys, which one is chosen, and how sure that is."""

from __future__ import annotations

import polars as pl
from django.http import HttpRequest, HttpResponse

from otdacha.documents.pay.ways import ways, ways_drawn
from otdacha.pay.tables import CHOSEN, IN_SUMS
from otdacha.site.pay.charts import frontier
from otdacha.site.pay.edition import ScenarioEdition
from otdacha.site.pay.packages import chosen_among, of_towns, packages_of, payers
from otdacha.site.pay.page import scenario_page, scenario_shown


@scenario_page
def packages(request: HttpRequest, edition: ScenarioEdition) -> HttpResponse:
    table = edition.table("packages")
    levelled = chosen_among(edition)
    # a scenario whose measures have one level each holds one package: itself
    rows = packages_of(edition) if levelled else []
    rivals = edition.table("rivals")
    choice = edition.scenario.manifest.get("choice") or {}
    return scenario_shown(
        request,
        edition,
        "pay/packages.html.j2",
        chart=frontier(edition, table),
        packages=rows,
        sources=list(payers(table).values()),
        chosen=next((one for one in rows if one.chosen), None),
        measures=list(levelled.values()),
        of_towns=of_towns(edition),
        verdict=choice.get("verdict", {}).get(edition.language),
        ways=ways(rivals, edition.numbers),
        passed_over=_passes_over(edition, rivals),
        ways_drawn=ways_drawn(rivals, edition.numbers),
    )


def _passes_over(edition: ScenarioEdition, rivals: pl.DataFrame) -> bool:
    """Whether the chosen package gives some municipalities nothing, and some are not known."""
    towns = edition.table("municipalities")
    reached = rivals.filter(rule=CHOSEN)["municipalities"].sum()
    return reached < towns.height and not towns["effect"].is_in(IN_SUMS).all()
