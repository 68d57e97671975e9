"""Packages of measures as rows: what each costs, buys and is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from otdacha.documents.figures import Figure
from otdacha.language import Text, text
from otdacha.release.states import State
from otdacha.site.pay.edition import ScenarioEdition
from otdacha.site.pay.words import SOURCES


@dataclass(frozen=True)
class Package:
    """One package. paid: source and its part of the cost; levels: of each measure, everywhere."""

    number: int
    cost: str
    paid: tuple[tuple[Text, str], ...]
    avoided: Figure
    vacancy_cost: Figure
    training_kept: Figure
    levels: tuple[str, ...]
    best: bool
    chosen: bool


def packages_of(edition: ScenarioEdition) -> list[Package]:
    """The packages, the cheapest first."""
    levels = edition.table("levels").filter(pl.col("municipality").is_null())
    taken = {
        (package, measure): level
        for package, measure, level in levels.select("package", "measure", "level").iter_rows()
    }
    return [
        _package(edition, row, taken)
        for row in edition.table("packages").sort("package").iter_rows(named=True)
    ]


def _package(
    edition: ScenarioEdition, row: Mapping[str, Any], taken: Mapping[tuple[int, str], float | None]
) -> Package:
    say = edition.said
    number = row["package"]
    return Package(
        number=number,
        cost=say.about(row["cost"]),
        paid=tuple((words, say.about(row[code])) for code, words in SOURCES.items() if row[code]),
        avoided=say.avoided(None, row["avoided"], row["avoided_lower"], row["avoided_upper"]),
        vacancy_cost=_about(edition, row["vacancy_cost"]),
        training_kept=_about(edition, row["training_kept"]),
        levels=tuple(
            level_said(edition, taken.get((number, measure)), (number, measure) in taken)
            for measure in edition.measures
        ),
        best=bool(row["frontier"]),
        chosen=bool(row["chosen"]),
    )


def level_said(edition: ScenarioEdition, level: float | None, told: bool = True) -> str:
    """A level in its measure's own unit; that the measure is not taken; or, where it is not one
    level everywhere, that it differs."""
    if not told:
        return text("differs by municipality").said(edition.language)
    if level is None:
        return text("not taken").said(edition.language)
    digits = 0 if level == round(level) else 2
    return edition.numbers.decimal(level, digits)


def unsure_order(table: pl.DataFrame) -> bool:
    """Whether the interval of the chosen package meets that of a cheaper one on the frontier."""
    chosen = table.filter("chosen")
    if chosen.is_empty() or chosen["avoided_lower"][0] is None:
        return False
    cheaper = table.filter(pl.col("frontier") & (pl.col("cost") < chosen["cost"][0]))
    return not cheaper.filter(pl.col("avoided_upper") >= chosen["avoided_lower"][0]).is_empty()


def _about(edition: ScenarioEdition, sum_: Any) -> Figure:
    if sum_ is None:
        return edition.said.state(State.INSUFFICIENT_EVIDENCE)
    return Figure(edition.said.about(sum_))


def of_towns(edition: ScenarioEdition) -> bool:
    """Whether the packages differ from municipality to municipality."""
    return edition.table("levels")["municipality"].is_not_null().any()
