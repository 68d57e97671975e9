"""Municipalities as rows of a table, in the reader's words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from otdacha.language import Text
from otdacha.pay.wages import QUARTER_STATES, YEAR_STATES
from otdacha.site.wages.edition import WagesEdition
from otdacha.site.wages.models import Town
from otdacha.site.wages.words import gap_of, short


@dataclass(frozen=True)
class Wage:
    """A figure as it is shown: said, or the state that stands for it."""

    said: str
    state: Text | None = None


@dataclass(frozen=True)
class Row:
    """What is shown of a municipality in a year. gap: how it is drawn on the map."""

    name: str
    href: str
    region: str
    year: int
    all: Wage
    administration: Wage
    difference: Wage
    ratio: Wage
    gap: str
    told_as: str = ""


@dataclass(frozen=True)
class Quarter:
    year: int
    quarter: int
    all: Wage
    administration: Wage


def rows_of(edition: WagesEdition, towns: Iterable[Town]) -> list[Row]:
    """The municipalities in the newest year."""
    return [year_row(edition, town, vars(town) | {"year": edition.year}) for town in towns]


def year_row(edition: WagesEdition, town: Town, row: Mapping[str, Any]) -> Row:
    """A municipality in the year of `row`: year, state, wage_all, wage_o, difference, ratio."""
    state = YEAR_STATES[row["state"]]

    def wage(value: float | None, said: str) -> Wage:
        return Wage(said) if value is not None else Wage("", state)

    whole, part, between, ratio = (
        row[name] for name in ("wage_all", "wage_o", "difference", "ratio")
    )
    return Row(
        name=short(town.name),
        href=edition.url("wages_town", town=town.code),
        region=town.region,
        year=row["year"],
        all=wage(whole, edition.rubles(whole or 0)),
        administration=wage(part, edition.rubles(part or 0)),
        difference=wage(between, edition.more(between or 0)),
        ratio=wage(ratio, edition.ratio(ratio or 0)),
        gap=gap_of(ratio),
        told_as=row.get("told_as") or "",
    )


def quarters_of(edition: WagesEdition, town: Town) -> list[Quarter]:
    """The quarters of a municipality, the newest first."""

    def wage(row: Mapping[str, Any], name: str, state: str) -> Wage:
        if row[name] is None:
            return Wage("", QUARTER_STATES[row[state]])
        return Wage(edition.rubles(row[name]))

    return [
        Quarter(
            row["year"],
            row["quarter"],
            wage(row, "wage_all", "all_state"),
            wage(row, "wage_o", "o_state"),
        )
        for row in reversed(town.quarters)
    ]
