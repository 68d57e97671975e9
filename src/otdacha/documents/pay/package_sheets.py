"""Sheets of the packages that were weighed against each other, and of the levels in each."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from otdacha.documents.book import Book, Cell, Formula
from otdacha.documents.pay.table_sheet import TableSheet, exact
from otdacha.documents.words import SOURCES
from otdacha.language import text
from otdacha.release.states import WORDS, State

_FIELDS = (
    (text("Package"), 9, "whole"),
    (text("Cost"), 16, "rubles"),
    *((head, 16, "rubles") for head in SOURCES.values()),
    (text("Exits avoided"), 14, "effect"),
    (text("From"), 8, "effect"),
    (text("To"), 8, "effect"),
    (text("Vacancies would have cost"), 16, "rubles"),
    (text("Training that stays"), 16, "rubles"),
    (text("No cheaper one is as good"), 13, "cell"),
    (text("Chosen"), 10, "cell"),
)
_LEVEL_FIELDS = (
    (text("Package"), 10, "whole"),
    (text("Municipality"), 40, "cell"),
    (text("Measure"), 60, "cell"),
    (text("Level, in the measure's own unit"), 22, "effect"),
)


def write_packages(book: Book, name: str, source: str, table: pl.DataFrame) -> TableSheet:
    notes = (
        text("What each package costs, and how many exits it avoids, with the range of 95 %."),
    )
    sheet = TableSheet.begun(book, name, source, _FIELDS, notes)
    language = book.language
    unknown = WORDS[State.INSUFFICIENT_EVIDENCE].said(language)
    yes, no = text("yes").said(language), text("no").said(language)
    for place, row in enumerate(table.sort("package").iter_rows(named=True)):
        parts = f"{sheet.cell(2, place)}:{sheet.cell(1 + len(SOURCES), place)}"
        figures = ("avoided", "avoided_lower", "avoided_upper")
        cells: list[Cell] = [
            row["package"],
            Formula(f"=SUM({parts})", round(float(row["cost"]), 2)),
            *(exact(row[one]) for one in SOURCES),
            *(unknown if row[one] is None else row[one] for one in figures),
            *(
                unknown if row[one] is None else exact(row[one])
                for one in ("vacancy_cost", "training_kept")
            ),
            yes if row["frontier"] else no,
            yes if row["chosen"] else no,
        ]
        sheet.row(place, cells)
    return sheet


def write_levels(
    book: Book, name: str, source: str, table: pl.DataFrame, names: Mapping[str, str],
    measures: Mapping[str, str],
) -> TableSheet:  # fmt: skip
    sheet = TableSheet.begun(book, name, source, _LEVEL_FIELDS)
    language = book.language
    everywhere, none = text("everywhere").said(language), text("not taken").said(language)
    for place, row in enumerate(table.iter_rows(named=True)):
        town = row["municipality"]
        cells: list[Cell] = [
            row["package"],
            everywhere if town is None else names.get(town, town),
            measures.get(row["measure"], row["measure"]),
            none if row["level"] is None else row["level"],
        ]
        sheet.row(place, cells)
    return sheet
