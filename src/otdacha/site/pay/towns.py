"""Municipalities of a scenario in the reader's words: what is paid, next door and by the norm."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from otdacha.documents.figures import Figure
from otdacha.language import Text, text
from otdacha.release.states import State
from otdacha.site.pay.edition import ScenarioEdition
from otdacha.site.pay.words import LIMITS, LIMITS_SHORT, said

_ABOVE = "above"
_NOT_IN_RECORDS = text("not in the records")
_NOTHING = State.TRUE_ZERO, text("nothing")


@dataclass(frozen=True)
class Town:
    """One municipality of the list. limits: what article 136 says, year by year or of all years;
    each with whether the norm is broken."""

    name: str
    region: str
    href: str
    before: Figure
    after: Figure
    wage: Figure
    gap_before: Figure
    gap_after: Figure
    avoided: Figure
    cost: Figure
    limits: tuple[tuple[str, Text, bool], ...]


def towns(edition: ScenarioEdition, rows: pl.DataFrame, limits: pl.DataFrame) -> list[Town]:
    """The municipalities as rows."""
    states = _limit_states(edition, limits)
    return [
        _town(edition, row, states.get(row["municipality"], ()))
        for row in rows.iter_rows(named=True)
    ]


def _town(
    edition: ScenarioEdition, row: Mapping[str, Any], limits: tuple[tuple[str, Text, bool], ...]
) -> Town:
    figures = Known(edition, row)
    return Town(
        name=row["name"] or row["municipality"],
        region=row["region"] or "",
        href=edition.url("pay_town", town=row["municipality"]),
        before=figures.about("pay_before"),
        after=figures.about("pay_after"),
        wage=figures.wage,
        gap_before=figures.gap("gap_before"),
        gap_after=figures.gap("gap_after"),
        avoided=figures.avoided,
        cost=figures.about("cost"),
        limits=limits,
    )


@dataclass(frozen=True)
class Known:
    """The figures of one row of `municipalities`, each with its state where it is not there."""

    edition: ScenarioEdition
    row: Mapping[str, Any]

    @property
    def hidden(self) -> bool:
        return bool(self.row["hidden"] == State.SUPPRESSED)

    def about(self, column: str) -> Figure:
        """Money in whole rubles."""
        sum_ = self.row[column]
        if sum_ is not None:
            return Figure(self.edition.said.about(sum_))
        return self.edition.said.suppressed if self.hidden else self._no_effect

    @property
    def wage(self) -> Figure:
        """The wage next door: of all who work there, so it hides nobody."""
        sum_ = self.row["wage"]
        return (
            self.edition.said.gap(None) if sum_ is None else Figure(self.edition.said.about(sum_))
        )

    def gap(self, column: str) -> Figure:
        return (
            self.edition.said.suppressed if self.hidden else self.edition.said.gap(self.row[column])
        )

    def count(self, column: str) -> Figure:
        """An expected number of people, or of months."""
        number = self.row[column]
        if number is not None:
            return Figure(self.edition.said.count(number))
        return self.edition.said.suppressed if self.hidden else self._no_effect

    @property
    def avoided(self) -> Figure:
        if self.hidden:
            return self.edition.said.suppressed
        row = self.row
        return self.edition.said.avoided(
            row["effect"], row["avoided"], row["avoided_lower"], row["avoided_upper"]
        )

    @property
    def _no_effect(self) -> Figure:
        return self.edition.said.unknown_effect(self.row["effect"])


def _limit_states(
    edition: ScenarioEdition, limits: pl.DataFrame
) -> dict[str, tuple[tuple[str, Text, bool], ...]]:
    """What article 136 says of each town: once where it is the same in all years."""
    found: dict[str, dict[int, str]] = {}
    for code, year, state in limits.select("municipality", "year", "state").iter_rows():
        found.setdefault(code, {})[year] = state
    return {code: _in_years(years) for code, years in found.items()}


def _in_years(states: Mapping[int, str]) -> tuple[tuple[str, Text, bool], ...]:
    """Each state with the years in which it is so; without years where it is the same in all."""
    years: dict[str, list[str]] = {}
    for year, state in sorted(states.items()):
        years.setdefault(state, []).append(str(year))
    return tuple(
        ("" if len(years) == 1 else ", ".join(when), said(LIMITS_SHORT, state), state == _ABOVE)
        for state, when in years.items()
    )


@dataclass(frozen=True)
class Limit:
    """Article 136 in one year: the figures it is decided by, and what follows."""

    year: int
    share: Figure
    threshold: Figure
    norm: Figure
    before: Figure
    after: Figure
    above: Figure
    state: Text
    broken: bool


def limits(edition: ScenarioEdition, rows: pl.DataFrame) -> list[Limit]:
    """The limits of one town, year by year."""
    return [_limit(edition, row) for row in rows.sort("year").iter_rows(named=True)]


def _limit(edition: ScenarioEdition, row: Mapping[str, Any]) -> Limit:
    say, state = edition.said, row["state"]
    hidden = row["hidden"] == State.SUPPRESSED
    unknown = State.NOT_COLLECTED, _NOT_IN_RECORDS
    no_norm = State.TRUE_ZERO, LIMITS["not bound"]
    return Limit(
        year=row["year"],
        share=say.share(row["grants_share"], *unknown),
        threshold=say.share(row["threshold"], *unknown),
        norm=say.money(row["norm"], *(no_norm if state == "not bound" else unknown)),
        before=say.suppressed if hidden else Figure(say.rubles(row["fund_before"])),
        after=say.suppressed if hidden else Figure(say.rubles(row["fund_after"])),
        above=say.suppressed
        if hidden
        else say.money(row["above"], *(unknown if state == "unknown" else _NOTHING)),
        state=said(LIMITS, state),
        broken=state == _ABOVE,
    )
