"""Tables of a scenario as rows of the pages, in the reader's words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import polars as pl

from otdacha.documents.figures import Figure
from otdacha.language import Text, text
from otdacha.release.states import State
from otdacha.site.pay.edition import ScenarioEdition
from otdacha.site.pay.figures import Figures
from otdacha.site.pay.packages import amount_said
from otdacha.site.pay.words import (
    GROUPS,
    SEXES,
    SOURCES,
    component,
    in_order,
    said,
)

NOTHING = Decimal(0)
_NO_SUM = text("no sum was given")
_BY_LAW = text("the law does not say")
_NOT_IN_RECORDS = text("not in the records")


@dataclass(frozen=True)
class Row:
    """Words and the figures beside them. strong: it is a sum of the rows above."""

    words: Text | str
    figures: tuple[Figure, ...]
    strong: bool = False


def by_year(
    edition: ScenarioEdition, costs: pl.DataFrame, column: str, words: Mapping[str, Text | str]
) -> list[Row]:
    """Cost by `column` and year, with the sum of all years, and a row of all together.

    costs: `column`, year, cost. What costs nothing in any year is left out.
    """
    summed: dict[tuple[str, int], Decimal] = {
        (value, year): cost
        for value, year, cost in costs.group_by(column, "year")
        .agg(pl.col("cost").sum())
        .iter_rows()
    }

    def row(name: Text | str, codes: Iterable[str], *, strong: bool = False) -> Row:
        years = [
            sum((summed.get((code, year), NOTHING) for code in codes), NOTHING)
            for year in edition.years
        ]
        sums = (*years, sum(years, NOTHING))
        return Row(name, tuple(Figure(edition.said.rubles(one)) for one in sums), strong)

    there = [
        code for code in words if any(summed.get((code, year), NOTHING) for year in edition.years)
    ]
    rows = [row(words[code], [code]) for code in there]
    return rows if len(rows) < 2 else [*rows, row(text("all together"), there, strong=True)]


@dataclass(frozen=True)
class Purse:
    """What one source is asked for in one year, what it has, and what is lacking."""

    year: int
    source: Text
    needed: Figure
    available: Figure
    lacking: Figure
    short: bool


def purses(edition: ScenarioEdition, money: pl.DataFrame) -> list[Purse]:
    """The table of money, year by year, the sources in their order."""
    order = list(SOURCES)
    rows = sorted(
        money.iter_rows(named=True),
        key=lambda row: (row["year"], order.index(row["source"]) if row["source"] in order else 9),
    )
    return [
        Purse(
            year=row["year"],
            source=said(SOURCES, row["source"]),
            needed=Figure(edition.said.rubles(row["needed"])),
            available=edition.said.money(row["available"], State.NOT_COLLECTED, _NO_SUM),
            lacking=edition.said.money(row["lacking"], State.NOT_COLLECTED, _NO_SUM),
            short=bool(row["lacking"]),
        )
        for row in rows
    ]


@dataclass(frozen=True)
class Part:
    """A part of pay: without the measures and with them, year by year. strong: it is a sum."""

    words: Text | str
    years: tuple[tuple[Figure, Figure], ...]
    strong: bool


_SUMS = ("total", "cost")


def _part(say: Figures, row: Mapping[str, Any], name: str) -> Figure:
    """A sum; a dash where of a part only is told what it was without the measures."""
    told = row[name] is not None or row["hidden"] == State.SUPPRESSED
    return say.money(row[name], State.SUPPRESSED) if told else Figure("\N{EN DASH}")


def parts(edition: ScenarioEdition, components: pl.DataFrame) -> list[Part]:
    """Parts of pay in the order in which they are worked out."""
    found = {(row["component"], row["year"]): row for row in components.iter_rows(named=True)}
    say = edition.said
    nothing = Figure(say.rubles(NOTHING))

    def both(code: str, year: int) -> tuple[Figure, Figure]:
        row = found.get((code, year))
        if row is None:
            return nothing, nothing
        return _part(say, row, "before"), _part(say, row, "after")

    return [
        Part(
            component(code, edition.measures),
            tuple(both(code, year) for year in edition.years),
            code in _SUMS,
        )
        for code in in_order(components["component"])
    ]


def levels(edition: ScenarioEdition, town: str) -> list[Row]:
    """What the chosen package takes of each measure in one town, where that differs by town."""
    chosen = edition.table("packages").filter("chosen")["package"].to_list()
    rows = edition.table("levels").filter(pl.col("package").is_in(chosen), municipality=town)
    taken = {row["measure"]: row for row in rows.iter_rows(named=True)}
    return [
        Row(name, (_level(edition, taken[measure]),))
        for measure, name in edition.measures.items()
        if measure in taken
    ]


def _level(edition: ScenarioEdition, row: Mapping[str, Any]) -> Figure:
    if row["hidden"] == State.SUPPRESSED:
        return edition.said.suppressed
    return Figure(amount_said(edition, row))


@dataclass(frozen=True)
class Paid:
    """What is paid of the fund in one year, in monthly salaries; norm: what the law puts into it,
    with the difference in rubles."""

    salaries: Figure
    norm: str


def funded(
    edition: ScenarioEdition, fund: pl.DataFrame
) -> list[tuple[Text | str, tuple[Paid, ...]]]:
    """The fund of one town: each part of pay and what is paid of it, year by year."""
    found = {(row["component"], row["year"]): row for row in fund.iter_rows(named=True)}
    return [
        (
            component(code, edition.measures),
            tuple(_paid(edition, found.get((code, year))) for year in edition.years),
        )
        for code in in_order(fund["component"])
    ]


def _paid(edition: ScenarioEdition, row: Mapping[str, Any] | None) -> Paid:
    say, numbers = edition.said, edition.numbers
    if row is None:
        return Paid(say.state(State.TRUE_ZERO, text("nothing")), "")
    if row["salaries"] is None:
        return Paid(say.suppressed, "")
    if row["norm"] is None:
        norm = _BY_LAW
    else:
        norm = text("by law {salaries}", salaries=numbers.decimal(row["norm"], 2))
    if row["difference"] is not None:
        norm = text("{norm}; {difference}", norm=norm, difference=say.more(row["difference"]))
    return Paid(Figure(numbers.decimal(row["salaries"], 2)), norm.said(edition.language))


@dataclass(frozen=True)
class Group:
    """People whose pay is told together: how many they are, how many receive something, what."""

    words: Text | str
    people: Figure
    receive: Figure
    before: Figure
    after: Figure
    gain: Figure


def groups(edition: ScenarioEdition, distribution: pl.DataFrame, by: str) -> list[Group]:
    """The groups of one dimension; positions from the highest."""
    words = {"position_group": GROUPS, "sex": SEXES}.get(by, {})
    order = {code: place for place, code in enumerate(words)}
    rows = distribution.filter(pl.col("by") == by).to_dicts()
    rows.sort(key=lambda row: (order.get(row["value"] or "", len(order)), row["value"] or ""))
    return [_group(edition, row, words) for row in rows]


def _group(edition: ScenarioEdition, row: Mapping[str, Any], words: Mapping[str, Text]) -> Group:
    say = edition.said
    gain = row["gain"]
    hidden = row["hidden"] == State.SUPPRESSED

    def about(sum_: Decimal | None) -> Figure:
        if sum_ is not None:
            return Figure(say.about(sum_))
        return say.suppressed if hidden else say.state(State.NOT_COLLECTED)

    return Group(
        words=said(words, row["value"]) if row["value"] else _NOT_IN_RECORDS,
        people=say.people(row["people"]),
        receive=say.people(row["receive"]),
        before=about(row["pay_before"]),
        after=about(row["pay_after"]),
        gain=Figure(say.gain(gain))
        if gain is not None
        else say.suppressed
        if hidden
        else say.state(State.NOT_COLLECTED),
    )
