"""What more or less money would bring, and how much the plan depends on what is not sure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
from django.http import HttpRequest, HttpResponse

from otdacha.documents.charts import Budget, Chart, Quantity
from otdacha.documents.charts import frontier as drawn
from otdacha.language import Text, text
from otdacha.site.programme.edition import PlanEdition
from otdacha.site.programme.page import plan_page, plan_shown
from otdacha.site.programme.words import CHANGED, SOURCES, said


@plan_page
def frontier(request: HttpRequest, edition: PlanEdition) -> HttpResponse:
    table = edition.table("frontier")
    return plan_shown(
        request,
        edition,
        "plan/frontier.html.j2",
        chart=None if table is None else _chart(edition, table),
        shadow=_shadow(edition),
        sensitivity=_sensitivity(edition),
    )


def _chart(edition: PlanEdition, table: pl.DataFrame) -> Chart:
    largest = float(table["benefit"].abs().max() or 0)  # type: ignore[arg-type]
    quantity = Quantity(
        text("Expected improvement").said(edition.language),
        edition.unit,
        0 if largest >= 100 else 1,
        edition.numbers,
        level=True,
    )
    return drawn(
        [
            Budget(
                amount=row["budget"],
                money=edition.about_rubles(round(row["budget"] * 100)),
                people=edition.numbers.whole(row["people"]),
                benefit=row["benefit"],
                lower=row["lower"] if row["lower"] is not None else row["benefit"],
                upper=row["upper"] if row["upper"] is not None else row["benefit"],
                here=abs(row["share"] - 1) < 1e-9,
            )
            for row in table.iter_rows(named=True)
        ],
        quantity,
    )


def _shadow(edition: PlanEdition) -> list[Mapping[str, Any]]:
    """What a little more from each source would bring."""
    table = edition.table("shadow")
    if table is None:
        return []
    return [
        {
            "source": said(SOURCES, row["source"]),
            "year": row["year"],
            "added": edition.about_rubles(round(row["added"] * 100)),
            "gained": edition.benefit(row["gained"]),
            "interval": _interval(edition, row),
        }
        for row in table.iter_rows(named=True)
    ]


def _interval(edition: PlanEdition, row: Mapping[str, Any]) -> str:
    if row["lower"] is None:
        return ""
    low, high = edition.benefit(row["lower"]), edition.benefit(row["upper"])
    return text("{lower} to {upper}", lower=low, upper=high).said(edition.language)


def _sensitivity(edition: PlanEdition) -> list[tuple[Text, str, str, str]]:
    """Changed what, the benefit of this plan then, that of a new one, seats that would move."""
    table = edition.table("sensitivity")
    if table is None:
        return []
    return [
        (
            said(CHANGED, row["changed"]),
            edition.benefit(row["kept"]),
            edition.benefit(row["replanned"]),
            edition.numbers.percent(row["moved"]),
        )
        for row in table.iter_rows(named=True)
    ]
