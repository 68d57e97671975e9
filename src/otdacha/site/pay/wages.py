"""The wage next door as the statistics give it: all activities, and public administration."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from otdacha.documents.figures import Figure
from otdacha.documents.numbers import NO_BREAK
from otdacha.release.states import State
from otdacha.site.pay.edition import ScenarioEdition


@dataclass(frozen=True)
class Wage:
    """Mean wages of a municipality in one period. when: its first and last month."""

    when: str
    all: Figure
    administration: Figure
    source: str


def wages_of(edition: ScenarioEdition, wages: pl.DataFrame) -> list[Wage]:
    """The wages of one town, the newest period first."""
    say = edition.said
    return [
        Wage(
            when=_months(edition, row),
            all=say.money(row["wage_all"], State.NOT_COLLECTED),
            administration=say.money(row["wage_o"], State.NOT_COLLECTED),
            source=row["source"] or "",
        )
        for row in wages.sort("ends", "begins", descending=True).iter_rows(named=True)
    ]


def _months(edition: ScenarioEdition, row: dict[str, object]) -> str:
    first, last = (edition.numbers.month(row[name]) for name in ("begins", "ends"))  # type: ignore[arg-type]
    return first if first == last else f"{first}{NO_BREAK}– {last}"
