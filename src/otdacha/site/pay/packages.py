"""Packages of measures as rows: what each costs, buys and is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from otdacha.documents.figures import Figure
from otdacha.language import Text, ntext, text
from otdacha.pay.wording import LEVELS_NOT_TOLD
from otdacha.release.states import State
from otdacha.site.pay.edition import ScenarioEdition
from otdacha.site.pay.words import SOURCES


@dataclass(frozen=True)
class Package:
    """One package. paid: by each of the sources that pay for any; levels: of each measure, a line
    for each that a municipality has."""

    number: int
    cost: str
    paid: tuple[str, ...]
    avoided: Figure
    vacancy_cost: Figure
    training_kept: Figure
    levels: tuple[tuple[str, ...], ...]
    best: bool
    chosen: bool


def packages_of(edition: ScenarioEdition) -> list[Package]:
    """The packages, the cheapest first."""
    levels = edition.table("levels")
    table = edition.table("packages").sort("package")
    sources = payers(table)
    return [
        _package(edition, row, levels.filter(package=row["package"]), list(sources))
        for row in table.iter_rows(named=True)
    ]


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
    levels: pl.DataFrame,
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
            _amounts(edition, levels.filter(measure=measure)) for measure in chosen_among(edition)
        ),
        best=bool(row["frontier"]),
        chosen=bool(row["chosen"]),
    )


def amount_said(edition: ScenarioEdition, row: Mapping[str, Any]) -> str:
    """How much of a measure is taken, in its own words, or that it is not."""
    if row["level"] is None:
        return text("not taken").said(edition.language)
    return str(row[f"amount_{edition.language}"])


def _amounts(edition: ScenarioEdition, levels: pl.DataFrame) -> tuple[str, ...]:
    """How much of a measure a package takes, and in how many municipalities where they differ;
    those of which nothing is told are counted with none. That it is not told where no level is."""
    towns = len(edition.towns)
    told = levels.filter(pl.col("hidden") != State.SUPPRESSED.value)
    lines = []
    for _, rows in told.sort("level", descending=True, nulls_last=True).group_by(
        "level", maintain_order=True
    ):
        said = amount_said(edition, rows.row(0, named=True))
        if rows["municipality"][0] is not None:
            said = ntext(
                "{amount}, in {count} municipality of {all}",
                "{amount}, in {count} municipalities of {all}",
                amount=said,
                count=rows.height,
                all=towns,
            ).said(edition.language)
        lines.append(said)
    return tuple(lines) or (LEVELS_NOT_TOLD.said(edition.language),)


def _sum(edition: ScenarioEdition, sum_: Any) -> Figure:
    if sum_ is None:
        return edition.said.state(State.INSUFFICIENT_EVIDENCE)
    return Figure(edition.said.short(sum_))


def of_towns(edition: ScenarioEdition) -> bool:
    """Whether the packages differ from municipality to municipality."""
    return edition.table("levels")["municipality"].is_not_null().any()
