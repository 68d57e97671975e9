"""The programme: what is planned, for how much, who pays, what it is expected to bring."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse

from otdacha.language import Text, text
from otdacha.programme.wording import RULES, STATES
from otdacha.programme.wording import said as explained
from otdacha.site.programme.edition import PlanEdition
from otdacha.site.programme.figures import people
from otdacha.site.programme.models import Plan
from otdacha.site.programme.money import by_source
from otdacha.site.programme.page import plan_page, plan_shown
from otdacha.site.programme.results import HEADLINE
from otdacha.site.programme.words import EVIDENCE


@plan_page
def home(request: HttpRequest, edition: PlanEdition) -> HttpResponse:
    figures = edition.plan.manifest["figures"]
    budgets = edition.table("budgets")
    left_out = edition.table("left_out")
    assert budgets is not None
    assert left_out is not None
    return plan_shown(
        request,
        edition,
        "plan/home.html.j2",
        figures=figures,
        by_law=people(edition, figures["mandatory"]),
        left=people(
            edition,
            None if figures["needed"] is None else figures["needed"] - figures["people"],
        ),
        cost=round(figures["cost"] * 100),
        budget=round(figures["budget"] * 100),
        paid=by_source(budgets, edition.years),
        seats=_seats(edition),
        results=_results(edition),
        rivals=_rivals(edition),
        left_out=_left_out(left_out),
        settings=edition.plan.manifest["parameters"],
        earlier=[one for one in Plan.objects.all() if one.pk != edition.plan.pk],
    )


def _seats(edition: PlanEdition) -> list[tuple[Text, int]]:
    """How many seats rest on what."""
    found = dict(edition.plan.lines.order_by().values_list("evidence").annotate(seats=Sum("seats")))
    return [(words, found[code]) for code, words in EVIDENCE.items() if found.get(code)]


def _results(edition: PlanEdition) -> list[Mapping[str, Any]]:
    """What the plan is expected to bring over all its years: the headline, then each indicator."""
    table = edition.table("results")
    if table is None:
        return []
    known = {one.id: one for one in edition.release.measures} if edition.release else {}
    return [
        {
            "indicator": known[row["indicator"]].name
            if row["indicator"] in known
            else text("All indicators together").said(edition.language)
            if row["indicator"] == HEADLINE
            else row["indicator"],
            "unit": edition.unit_of(known.get(row["indicator"]))
            if row["indicator"] != HEADLINE
            else edition.unit,
            "expected": edition.benefit(row["expected"]),
            "interval": (edition.benefit(row["lower"]), edition.benefit(row["upper"])),
            "cases": edition.numbers.whole(round(row["cases"])),
        }
        for row in table.filter(pl.col("year").is_null()).iter_rows(named=True)
    ]


def _rivals(edition: PlanEdition) -> list[Mapping[str, Any]]:
    """What other ways to choose would bring for the same money."""
    table = edition.table("rivals")
    if table is None:
        return []
    return [
        {
            "rule": explained(row["rule"], RULES),
            "state": None if row["benefit"] is not None else explained(row["state"], STATES),
            "people": row["people"],
            "cost": edition.about_rubles(round((row["cost"] or 0) * 100)),
            "benefit": edition.benefit(row["benefit"] or 0),
            "gap": edition.gap(row["gap"]),
            "interval": None
            if row["lower"] is None
            else (edition.benefit(row["lower"]), edition.benefit(row["upper"])),
        }
        for row in table.iter_rows(named=True)
    ]


def _left_out(table: pl.DataFrame) -> dict[str, int]:
    """What was not planned with: of what kind, and how much of it."""
    summed = dict(table.group_by("what").agg(pl.col("rows").sum()).iter_rows())
    return {what: int(summed.get(what, 0)) for what in ("needs", "offers", "budgets")}
