"""The sheet of one municipality: its sums by year, and below them the lines they are made from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from otdacha.documents.book import Book, Cell, Formula
from otdacha.documents.plan.words import FORMS
from otdacha.documents.sheet_names import reference
from otdacha.documents.words import SOURCES, said
from otdacha.language import Text, text
from otdacha.programme.wording import EVIDENCE

COLUMNS: tuple[tuple[Text, float, str], ...] = (
    (text("Year"), 5.5, "year"),
    (text("Organisation"), 15, "cell"),
    (text("Programme"), 22, "cell"),
    (text("Hours"), 6, "whole"),
    (text("Begins"), 9.5, "day"),
    (text("Ends"), 9.5, "day"),
    (text("Where"), 12, "cell"),
    (text("Seats"), 6, "whole"),
    (text("Fee for one"), 11.5, "rubles"),
    (text("Travel for one"), 11.5, "rubles"),
    (text("Cost"), 12.5, "rubles"),
    *((SOURCES[source], 12.5, "rubles") for source in SOURCES),
    (text("Expected improvement"), 10, "effect"),
    (text("Evidence"), 12, "cell"),
)
"""Narrow enough to be read when they are printed across a page."""
SEATS, FEE, TRAVEL, COST = 7, 8, 9, 10
"""Places of columns that formulas name."""
SUMMED = (SEATS, COST, *range(COST + 1, COST + 1 + len(SOURCES)))
HEADS_AT = 4
"""The row of the heads, from 0; under it come the sums by year, the total, and the lines."""
SUMS = (text("Year"), text("Seats"), text("Cost"), *SOURCES.values())


@dataclass(frozen=True)
class Town:
    """A municipality and its sheet. sums: by year seats, cost and money by source, exact; at the
    end those of all years."""

    code: str
    name: str
    region: str | None
    sheet: str
    about: Text
    lines: pl.DataFrame
    years: tuple[int, ...]

    def sums(self, year: int | None) -> tuple[float, ...]:
        lines = self.lines if year is None else self.lines.filter(year=year)
        money = [round(float(lines[name].sum()), 2) for name in ("cost", *SOURCES)]
        return (int(lines["seats"].sum()), *money)

    def refers(self, place: int, at: int, value: float) -> Formula:
        """A formula elsewhere that shows one of this sheet's sums. place: of the year; at: of the
        sum, from 0 for the seats."""
        cell = f"{xl_col_to_name(SUMMED[at])}{HEADS_AT + place + 2}"
        return Formula(f"={reference(self.sheet, cell)}", value)


def write_town(book: Book, town: Town, names: dict[str, str], source: str) -> None:
    """names: of municipalities, for where a course is held."""
    sheet = book.sheet(town.sheet, source, [width for _, width, _ in COLUMNS])
    place = town.name if town.region is None else f"{town.name}, {town.region}"
    book.put(sheet, 0, 0, place, "title")
    sheet.set_row(0, 20)
    book.put(sheet, 1, 0, town.about.said(book.language), "line")
    book.put(sheet, 2, 0, source, "muted")
    looks = [look for *_, look in COLUMNS]
    book.heads(sheet, HEADS_AT, [head for head, _, _ in COLUMNS])
    first = HEADS_AT + len(town.years) + 2
    _sums(book, sheet, town, first, max(first + town.lines.height - 1, first))
    for row, line in enumerate(town.lines.iter_rows(named=True), start=first):
        book.row(sheet, row, _cells(book, line, names, row), looks)
    if not town.lines.height:
        book.put(sheet, first, 1, text("Nothing is planned here.").said(book.language), "line")
    sheet.repeat_rows(HEADS_AT)
    sheet.freeze_panes(HEADS_AT + 1, 3)


def _sums(book: Book, sheet: Worksheet, town: Town, first: int, last: int) -> None:
    """By year over the lines from `first` to `last`, and under them the total of the years."""
    looks = [look for *_, look in COLUMNS]
    years = f"$A${first + 1}:$A${last + 1}"
    of_year, of_all = (
        said_.said(book.language) for said_ in (text("All lines of the year"), text("Total"))
    )
    start, end = HEADS_AT + 2, HEADS_AT + 1 + len(town.years)
    for place, year in enumerate((*town.years, None)):
        row = HEADS_AT + 1 + place
        cells: list[Cell] = [year, of_year if year else of_all, *[None] * (len(COLUMNS) - 2)]
        for at, value in zip(SUMMED, town.sums(year), strict=True):
            letter = xl_col_to_name(at)
            summed = f"{letter}${first + 1}:{letter}${last + 1}"
            by_year = f"=SUMIFS({summed},{years},$A{row + 1})"
            cells[at] = Formula(by_year if year else f"=SUM({letter}{start}:{letter}{end})", value)
        book.total(sheet, row, cells, looks)


def _cells(book: Book, line: dict[str, Any], names: dict[str, str], row: int) -> list[Cell]:
    where = line["town"]
    paid = f"{xl_col_to_name(SEATS)}{row + 1}*({xl_col_to_name(FEE)}{row + 1}"
    return [
        line["year"],
        line["provider_name"] or line["provider"],
        line["name"] or line["programme"] or line["offer"],
        line["hours"],
        line["started"],
        line["finished"],
        _place(line["form"], None if where is None else names.get(where, where), book),
        line["seats"],
        line["fee"],
        line["travel"],
        Formula(f"={paid}+{xl_col_to_name(TRAVEL)}{row + 1})", line["cost"]),
        *(line[source] for source in SOURCES),
        line["benefit"],
        said(EVIDENCE, line["evidence"], book.language),
    ]


def _place(form: str | None, town: str | None, book: Book) -> str:
    """Where a course is held: a town, and how, where it is not simply there."""
    if town is None:
        return text("at a distance").said(book.language)
    return town if form in (None, "in_person") else f"{town}, {said(FORMS, form, book.language)}"
