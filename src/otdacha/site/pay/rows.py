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
from otdacha.site.pay.packages import level_said
from otdacha.site.pay.words import GROUPS, LIMITS, SEXES, SOURCES, component, in_order, said

NOTHING = Decimal(0)
_ABOVE = "above"
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
    alike = set(states.values())
    if len(alike) == 1:
        (state,) = alike
        return (("", said(LIMITS, state), state == _ABOVE),)
    return tuple(
        (str(year), said(LIMITS, state), state == _ABOVE) for year, state in sorted(states.items())
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
    made = []
    for row in rows.sort("year").iter_rows(named=True):
        say = edition.said
        hidden = row["hidden"] == State.SUPPRESSED
        broken = row["state"] == _ABOVE
        made.append(
            Limit(
                year=row["year"],
                share=say.share(row["grants_share"], State.NOT_COLLECTED, _NOT_IN_RECORDS),
                threshold=say.share(row["threshold"], State.NOT_COLLECTED, _NOT_IN_RECORDS),
                norm=say.money(row["norm"], State.NOT_COLLECTED, _NOT_IN_RECORDS),
                before=say.suppressed if hidden else Figure(say.rubles(row["fund_before"])),
                after=say.suppressed if hidden else Figure(say.rubles(row["fund_after"])),
                above=say.suppressed
                if hidden
                else say.money(row["above"], State.TRUE_ZERO, text("nothing")),
                state=said(LIMITS, row["state"]),
                broken=broken,
            )
        )
    return made


@dataclass(frozen=True)
class Part:
    """A part of pay: without the measures and with them, year by year. strong: it is a sum."""

    words: Text | str
    years: tuple[tuple[Figure, Figure], ...]
    strong: bool


_SUMS = ("total", "cost")


def parts(edition: ScenarioEdition, components: pl.DataFrame) -> list[Part]:
    """Parts of pay in the order in which they are worked out."""
    found = {(row["component"], row["year"]): row for row in components.iter_rows(named=True)}
    say = edition.said
    nothing = Figure(say.rubles(NOTHING))

    def both(code: str, year: int) -> tuple[Figure, Figure]:
        row = found.get((code, year))
        if row is None:
            return nothing, nothing
        return tuple(say.money(row[name], State.SUPPRESSED) for name in ("before", "after"))  # type: ignore[return-value]

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
    return Figure(level_said(edition, row["level"]))


@dataclass(frozen=True)
class Funded:
    """A part of the fund in monthly salaries, beside what the law puts into it, in one year."""

    words: Text | str
    year: int
    paid: Figure
    norm: Figure
    difference: Figure


def funded(edition: ScenarioEdition, fund: pl.DataFrame) -> list[Funded]:
    """The fund of one town, part by part and year by year."""
    say = edition.said
    order = in_order(fund["component"])
    rows = sorted(
        fund.iter_rows(named=True), key=lambda row: (order.index(row["component"]), row["year"])
    )
    made = []
    for row in rows:
        hidden = row["hidden"] == State.SUPPRESSED
        paid, norm = row["salaries"], row["norm"]
        made.append(
            Funded(
                words=component(row["component"], edition.measures),
                year=row["year"],
                paid=say.suppressed if paid is None else Figure(edition.numbers.decimal(paid, 2)),
                norm=say.suppressed
                if hidden
                else say.state(State.NOT_COLLECTED, _BY_LAW)
                if norm is None
                else Figure(edition.numbers.decimal(norm, 2)),
                difference=say.suppressed
                if hidden
                else say.money(row["difference"], State.NOT_COLLECTED, _BY_LAW),
            )
        )
    return made


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
