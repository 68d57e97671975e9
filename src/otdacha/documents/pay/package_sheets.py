"""Sheets of the packages that were weighed against each other, of the levels in each, and of
simpler ways to spend as much as the chosen one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from otdacha.documents.book import Book, Cell, Formula
from otdacha.documents.pay.table_sheet import TableSheet, exact
from otdacha.documents.pay.ways import in_order, sure_of
from otdacha.documents.pay.words import in_language
from otdacha.documents.words import SOURCES, said
from otdacha.language import Language, text
from otdacha.pay.disclosure import Told
from otdacha.pay.wording import MEANT_BY, RULES, UNITS
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
    (text("How much"), 60, "cell"),
    (text("Level"), 12, "effect"),
    (text("Unit"), 12, "cell"),
)
_RIVAL_FIELDS = (
    (text("How to choose"), 30, "cell"),
    (text("What it does"), 44, "cell"),
    (text("Cost"), 17, "rubles"),
    (text("Cheaper than the chosen one by"), 16, "rubles"),
    (text("Municipalities reached"), 15, "whole"),
    (text("Exits avoided"), 13, "effect"),
    (text("From"), 8, "effect"),
    (text("To"), 8, "effect"),
    (text("The chosen one avoids more by"), 14, "effect"),
    (text("From"), 8, "effect"),
    (text("To"), 8, "effect"),
    (text("Is it sure?"), 20, "cell"),
)
_COST, _AVOIDED = 2, 5
"""Columns of the sheet of rivals that differences are taken of."""


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
    everywhere = text("everywhere").said(language)
    for place, row in enumerate(table.iter_rows(named=True)):
        town = row["municipality"]
        cells: list[Cell] = [
            row["package"],
            everywhere if town is None else names.get(town, town),
            measures.get(row["measure"], row["measure"]),
            _amount(row, language),
            row["level"],
            said(UNITS, row["unit"], language),
        ]
        sheet.row(place, cells)
    return sheet


def _amount(row: Mapping[str, Any], language: Language) -> str:
    """How much of a measure a package takes, in words."""
    if row["level"] is None:
        return text("not taken").said(language)
    return in_language(row, "amount", language)


def write_rivals(book: Book, name: str, source: str, told: Told, verdict: str) -> TableSheet:
    """What simpler rules make of the money of the chosen package, which stands first; differences
    from it are formulas. verdict: what that allows to be said of it; empty: nothing was chosen."""
    nothing = text("There was nothing to choose: every measure has one size.")
    notes = [
        text("{sentence}", sentence=verdict) if verdict else nothing,
        text(
            "Each way keeps the same sums and norms and costs no more than the chosen package. "
            "Ranges are of 95 %."
        ),
    ]
    sheet = TableSheet.begun(book, name, source, _RIVAL_FIELDS, notes)
    rows = in_order(told.tables["rivals"]).to_dicts()
    for place, row in enumerate(rows):
        sheet.row(place, _rival(sheet, place, row, rows[0]))
    return sheet


def _rival(
    sheet: TableSheet, place: int, row: Mapping[str, Any], chosen: Mapping[str, Any]
) -> list[Cell]:
    language, of_few = sheet.book.language, row["hidden"] == State.SUPPRESSED.value
    state = State.SUPPRESSED if of_few else State.INSUFFICIENT_EVIDENCE
    unknown, itself = WORDS[state].said(language), place == 0

    def figure(name: str) -> Cell:
        return unknown if row[name] is None else row[name]

    def less(at: int, figure: str) -> Cell:
        """What the chosen package has more of; words where one of the two is not there."""
        if itself:
            return None
        if row[figure] is None or chosen[figure] is None:
            return unknown
        difference = round(float(chosen[figure]) - float(row[figure]), 6)
        return Formula(f"={sheet.cell(at, 0)}-{sheet.cell(at, place)}", difference)

    ends = ("ahead_lower", "ahead_upper")
    return [
        RULES[row["rule"]].said(language),
        None if itself else MEANT_BY[row["rule"]].said(language),
        unknown if row["cost"] is None else exact(row["cost"]),
        less(_COST, "cost"),
        figure("municipalities"),
        *(figure(one) for one in ("avoided", "avoided_lower", "avoided_upper")),
        less(_AVOIDED, "avoided"),
        *(None if itself else figure(one) for one in ends),
        None if itself else sure_of(row, language),
    ]
