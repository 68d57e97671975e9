"""What more or less money would bring, and how much the plan depends on what is not sure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
from django.http import HttpRequest, HttpResponse

from otdacha.documents.charts import Budget, Chart, Quantity
from otdacha.documents.charts import frontier as drawn
from otdacha.language import text
from otdacha.programme.wording import CHANGED, LATE, NO_PART, NOT_GAINED, STATES
from otdacha.programme.wording import said as explained
from otdacha.site.programme.edition import PlanEdition
from otdacha.site.programme.page import plan_page, plan_shown
from otdacha.site.programme.words import SOURCES, said

MOST_BUDGETS = 40
"""Budgets that are shown of those in which more money would bring something."""
_MILLION = 1e6
_NEAR = 1e-9


@plan_page
def frontier(request: HttpRequest, edition: PlanEdition) -> HttpResponse:
    table = edition.table("frontier")
    shadow, budgets = _shadow(edition)
    return plan_shown(
        request,
        edition,
        "plan/frontier.html.j2",
        chart=None if table is None else _chart(edition, table),
        shadow=shadow,
        budgets=budgets,
        sensitivity=_sensitivity(edition),
    )


def _chart(edition: PlanEdition, table: pl.DataFrame) -> Chart:
    largest = max((abs(one) for one in table["benefit"].drop_nulls()), default=0.0)
    money = Quantity(
        text("Money").said(edition.language),
        text("million rubles").said(edition.language),
        2,
        edition.numbers,
        level=True,
    )
    improvement = Quantity(
        text("Expected improvement").said(edition.language),
        edition.unit,
        0 if largest >= 100 else 1,
        edition.numbers,
        level=True,
    )
    budgets = [
        Budget(
            row["budget"] / _MILLION,
            row["benefit"],
            row["lower"],
            row["upper"],
            own=abs(row["share"] - 1) < _NEAR,
            late=row["state"] == LATE,
        )
        for row in table.iter_rows(named=True)
    ]
    return drawn(budgets, money, improvement)


def _shadow(edition: PlanEdition) -> tuple[list[Mapping[str, Any]], int]:
    """What a little more in each budget would bring, most first; and how many budgets there are."""
    table = edition.table("shadow")
    if table is None:
        return [], 0
    towns = dict(edition.plan.towns.values_list("code", "name"))
    best = table.sort("gained", descending=True, nulls_last=True).head(MOST_BUDGETS)
    return [
        {
            "source": said(SOURCES, row["source"]),
            "holder": towns.get(row["holder"], row["holder"]) if row.get("holder") else "",
            "year": row["year"],
            "added": edition.about_rubles(round(row["added"] * 100)),
            "gained": None if row.get("why") == LATE else edition.benefit(row["gained"] or 0),
            "interval": edition.between(row["lower"], row["upper"]),
            "why": explained(row["why"], NOT_GAINED) if row.get("why") else None,
        }
        for row in best.iter_rows(named=True)
    ], table.height


def _sensitivity(edition: PlanEdition) -> list[Mapping[str, Any]]:
    """Changed what; what this plan would bring; why there is no new plan, or what it would bring,
    how much more another may, and the seats that would move."""
    table = edition.table("sensitivity")
    if table is None:
        return []
    return [
        {
            "changed": explained(row["changed"], CHANGED),
            "kept": NO_PART.said(edition.language)
            if row["kept"] is None
            else edition.benefit(row["kept"]),
            "state": None if row["replanned"] is not None else explained(row["state"], STATES),
            "replanned": edition.benefit(row["replanned"] or 0),
            "gap": edition.gap(row["gap"]),
            "moved": edition.numbers.percent(row["moved"] or 0),
        }
        for row in table.iter_rows(named=True)
    ]
