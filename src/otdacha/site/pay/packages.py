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
    """One package. paid: by each of the sources that pay for any; levels: of each measure,
    everywhere."""

    number: int
    cost: str
    paid: tuple[str, ...]
    avoided: Figure
    vacancy_cost: Figure
    training_kept: Figure
    levels: tuple[str, ...]
    best: bool
    chosen: bool


def packages_of(edition: ScenarioEdition) -> list[Package]:
    """The packages, the cheapest first."""
    levels = edition.table("levels").filter(pl.col("municipality").is_null())
    taken = {(row["package"], row["measure"]): row for row in levels.iter_rows(named=True)}
    table = edition.table("packages").sort("package")
    sources = payers(table)
    return [_package(edition, row, taken, list(sources)) for row in table.iter_rows(named=True)]


def chosen_among(edition: ScenarioEdition) -> dict[str, str]:
    """Key → name of each measure that packages have levels of; the others are in all of them."""
    levelled = set(edition.table("levels")["measure"])
    return {key: name for key, name in edition.measures.items() if key in levelled}


def payers(table: pl.DataFrame) -> dict[str, Text]:
    """The sources that pay for any of the packages."""
    return {code: words for code, words in SOURCES.items() if table[code].sum()}


def _package(
    edition: ScenarioEdition,
    row: Mapping[str, Any],
    taken: Mapping[tuple[int, str], Mapping[str, Any]],
    sources: list[str],
) -> Package:
    say = edition.said
    number = row["package"]
    return Package(
        number=number,
        cost=say.short(row["cost"]),
        paid=tuple(say.short(row[code]) for code in sources),
        avoided=say.avoided(None, row["avoided"], row["avoided_lower"], row["avoided_upper"]),
        vacancy_cost=_sum(edition, row["vacancy_cost"]),
        training_kept=_sum(edition, row["training_kept"]),
        levels=tuple(
            amount_said(edition, taken.get((number, measure))) for measure in chosen_among(edition)
        ),
        best=bool(row["frontier"]),
        chosen=bool(row["chosen"]),
    )


def amount_said(edition: ScenarioEdition, row: Mapping[str, Any] | None) -> str:
    """How much of a measure is taken, in its own words; that it is not taken; or, where no row says
    one level for everywhere, that it differs."""
    if row is None:
        return text("differs by municipality").said(edition.language)
    if row["level"] is None:
        return text("not taken").said(edition.language)
    return str(row[f"amount_{edition.language}"])


def unsure_order(table: pl.DataFrame) -> bool:
    """Whether the interval of the chosen package meets that of a cheaper one on the frontier."""
    chosen = table.filter("chosen")
    if chosen.is_empty() or chosen["avoided_lower"][0] is None:
        return False
    cheaper = table.filter(pl.col("frontier") & (pl.col("cost") < chosen["cost"][0]))
    return not cheaper.filter(pl.col("avoided_upper") >= chosen["avoided_lower"][0]).is_empty()


def _sum(edition: ScenarioEdition, sum_: Any) -> Figure:
    if sum_ is None:
        return edition.said.state(State.INSUFFICIENT_EVIDENCE)
    return Figure(edition.said.short(sum_))


def of_towns(edition: ScenarioEdition) -> bool:
    """Whether the packages differ from municipality to municipality."""
    return edition.table("levels")["municipality"].is_not_null().any()
