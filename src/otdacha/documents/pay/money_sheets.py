"""Sheets of the money of a scenario: the costs that everything is added up from, measures, and what
would be if the sources paid other parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

import polars as pl

from otdacha.documents.book import Book, Cell, Formula
from otdacha.documents.pay.table_sheet import TableSheet, exact
from otdacha.documents.pay.words import in_language
from otdacha.documents.words import SOURCES, said
from otdacha.language import Text, text
from otdacha.pay.disclosure import Told
from otdacha.pay.scenario import Scenario
from otdacha.release.states import WORDS, State

TOGETHER = text("Municipalities of few people, together")
_COST_FIELDS = (
    (text("No. of municipality"), 12, "whole"),
    (text("Municipality"), 34, "cell"),
    (text("Year"), 8, "year"),
    (text("No. of measure"), 10, "whole"),
    (text("Measure"), 46, "cell"),
    (text("Source"), 26, "cell"),
    (text("Cost"), 20, "rubles"),
)
_TOWN, _YEAR, _MEASURE, _SOURCE, _COST = 0, 2, 3, 5, 6
_MEASURE_FIELDS = (
    (text("No."), 5, "whole"),
    (text("Measure"), 30, "cell"),
    (text("For whom"), 30, "cell"),
    (text("How much"), 18, "cell"),
    (text("Valid from"), 11, "day"),
    (text("Valid to"), 11, "day"),
    *((name, 12, "percent") for name in SOURCES.values()),
    (text("Release"), 10, "cell"),
    (text("People who receive it"), 11, "whole"),
    (text("Cost"), 19, "rubles"),
)


@dataclass(frozen=True)
class Costs:
    """The sheet of costs, as the formulas of other sheets name it. table: its rows, with the
    numbers of their town and measure and the words of their source."""

    sheet: TableSheet
    table: pl.DataFrame

    def added_up(
        self, *, town: str | None = None, year: str | None = None, measure: str | None = None,
        source: str | None = None, value: float,
    ) -> Formula:  # fmt: skip
        """A sum over the rows in which the columns are what the cells named here hold."""
        rows = self.table.height
        asked = [
            f",{self.sheet.column(at, rows)},{cell}"
            for at, cell in ((_TOWN, town), (_YEAR, year), (_MEASURE, measure), (_SOURCE, source))
            if cell is not None
        ]
        return Formula(f"=SUMIFS({self.sheet.column(_COST, rows)}{''.join(asked)})", value)

    def sum_of(self, **where: object) -> float:
        return round(float(self.table.filter(**where)["cost"].sum()), 2)


def write_costs(
    book: Book, name: str, source: str, costs: pl.DataFrame, towns: Sequence[str],
    names: Sequence[str], scenario: Scenario,
) -> Costs:  # fmt: skip
    """costs: of `for_the_office`. towns: OKTMO codes in the order of their numbers, names: what
    they are called; the towns that are not told by themselves have the number after the last."""
    measures = scenario.tables["measures"].select("measure", "number", f"name_{book.language}")
    language = book.language
    numbers = {town: number for number, town in enumerate(towns, start=1)}
    rest = len(towns) + 1
    table = (
        costs.join(measures, on="measure", how="left", maintain_order="left")
        .with_columns(
            town=pl.col("municipality").replace_strict(numbers, default=rest, return_dtype=pl.Int64)
        )
        .sort("town", "year", "number", "source")
    )
    notes = (
        text("Every sum of this workbook is made from these rows: change one, and all follow."),
    )
    sheet = TableSheet.begun(book, name, source, _COST_FIELDS, notes)
    called = [*names, TOGETHER.said(language)]
    for place, row in enumerate(table.iter_rows(named=True)):
        sheet.row(
            place,
            [
                row["town"],
                called[row["town"] - 1],
                row["year"],
                row["number"],
                row[f"name_{language}"] or row["measure"],
                said(SOURCES, row["source"], language),
                exact(row["cost"]),
            ],
        )
    sheet.total(table.height, [(_COST, round(float(table["cost"].sum()), 2))])
    return Costs(sheet, table)


def write_measures(book: Book, name: str, source: str, told: Told, costs: Costs) -> TableSheet:
    """Each measure: who, how much, when, whose money, and its cost from the sheet of costs."""
    notes = (
        text("In the order in which they take effect: each costs what it adds to those before it."),
    )
    sheet = TableSheet.begun(book, name, source, _MEASURE_FIELDS, notes)
    table = told.tables["measures"].sort("number")
    language = book.language
    cost_at = len(_MEASURE_FIELDS) - 1
    total = 0.0
    for place, row in enumerate(table.iter_rows(named=True)):
        value = costs.sum_of(number=row["number"])
        total += value
        cells: list[Cell] = [
            row["number"],
            in_language(row, "name", language),
            in_language(row, "who", language),
            in_language(row, "amount", language),
            row["valid_from"],
            row["valid_to"] or text("no end").said(language),
            *(row[part] for part in SOURCES),
            row["release"] or "–",
            WORDS[State.SUPPRESSED].said(language) if row["people"] is None else row["people"],
            costs.added_up(measure=sheet.cell(0, place), value=value),
        ]
        sheet.row(place, cells)
    sheet.total(table.height, [(cost_at, round(total, 2))])
    return sheet


WHAT_IF: tuple[Text, ...] = (
    text(
        "Change the yellow parts: who pays for a measure. Each row must come to 100 %; the sums "
        "below follow. A difference of kopecks is rounding: here once, in the scenario row by row."
    ),
    text(
        "The size of a measure is not offered here: what it costs is no multiple of it, for "
        "contributions fall above their yearly ceiling and later measures are paid on earlier "
        "ones. For another size make another scenario: otdacha pay."
    ),
)


def write_what_if(
    book: Book, name: str, source: str, told: Told, costs: Costs, years: Sequence[int]
) -> None:
    """Parts of each source by measure, to be changed; below, whose money that would be by year."""
    language = book.language
    money = tuple((head, 20.0, "rubles") for head in SOURCES.values())
    fields = (
        (text("No."), 9, "whole"),
        (text("Measure"), 40, "cell"),
        *((head, 20.0, "given percent") for head in SOURCES.values()),
        (text("Together"), 12, "percent"),
    )
    sheet = TableSheet.begun(book, name, source, fields, WHAT_IF)
    table = told.tables["measures"].sort("number")
    for place, row in enumerate(table.iter_rows(named=True)):
        parts = f"{sheet.cell(2, place)}:{sheet.cell(5, place)}"
        together = sum(row[part] for part in SOURCES)
        sheet.row(
            place,
            [
                row["number"],
                in_language(row, "name", language),
                *(row[part] for part in SOURCES),
                Formula(f"=SUM({parts})", together),
            ],
        )
    below = _Below(sheet, max(table.height, 1) + 2, table, costs, years)
    heads = (text("Year"), text("What"), *(head for head, _, _ in money), text("All sources"))
    below.write(heads)


@dataclass(frozen=True)
class _Below:
    """The second table of "what if": rows of years, as it would be, as it is, and the difference.
    start: the place of its heads in the rows of the sheet."""

    sheet: TableSheet
    start: int
    measures: pl.DataFrame
    costs: Costs
    years: Sequence[int]

    def write(self, heads: Sequence[Text]) -> None:
        book, sheet = self.sheet.book, self.sheet
        book.heads(sheet.sheet, sheet.heads + 1 + self.start, heads)
        looks = ("year", "cell", *["rubles"] * (len(SOURCES) + 1))
        place = self.start + 1
        for year in self.years:
            for words, cells in (
                (text("with these parts"), self._would_be(place, year)),
                (text("in the scenario"), self._is(place + 1, year)),
                (text("difference"), self._differs(place + 2, year)),
            ):
                all_: list[Cell] = [year, words.said(book.language), *cells]
                book.row(sheet.sheet, sheet.heads + 1 + place, all_, looks)
                place += 1

    def _would_be(self, place: int, year: int) -> list[Formula]:
        """The cost of each measure in the year, times the part that the source pays."""
        cells: list[Formula] = []
        for at, source in enumerate(SOURCES, start=2):
            terms, value = [], Decimal(0)
            for row, measure in enumerate(self.measures.iter_rows(named=True)):
                cost = self.costs.sum_of(number=measure["number"], year=year)
                found = self.costs.added_up(
                    measure=self.sheet.cell(0, row), year=self.sheet.cell(0, place), value=cost
                )
                terms.append(f"{found.said[1:]}*{self.sheet.cell(at, row)}")
                value += Decimal(str(cost)) * Decimal(str(measure[source]))
            rounded = value.quantize(Decimal("0.01"), ROUND_HALF_UP)  # as ROUND does
            cells.append(Formula(f"=ROUND({'+'.join(terms) or 0},2)", float(rounded)))
        return [*cells, self._across(place, cells)]

    def _is(self, place: int, year: int) -> list[Formula]:
        cells = [
            self.costs.added_up(
                year=self.sheet.cell(0, place),
                source=self.sheet.cell_of_row(at, self.start),
                value=self.costs.sum_of(year=year, source=source),
            )
            for at, source in enumerate(SOURCES, start=2)
        ]
        return [*cells, self._across(place, cells)]

    def _differs(self, place: int, year: int) -> list[Formula]:
        would, is_ = self._would_be(place - 2, year), self._is(place - 1, year)
        return [
            Formula(
                f"={self.sheet.cell(at, place - 2)}-{self.sheet.cell(at, place - 1)}",
                round(one.value - other.value, 2),
            )
            for at, (one, other) in enumerate(zip(would, is_, strict=True), start=2)
        ]

    def _across(self, place: int, cells: Sequence[Formula]) -> Formula:
        first, last = self.sheet.cell(2, place), self.sheet.cell(1 + len(SOURCES), place)
        return Formula(f"=SUM({first}:{last})", round(sum(cell.value for cell in cells), 2))
