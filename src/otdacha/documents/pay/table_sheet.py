"""A sheet of a scenario's workbook: what it is, where its figures come from, and one table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from otdacha.documents.book import Book, Cell, Formula
from otdacha.documents.sheet_names import reference
from otdacha.language import Text, text

Field = tuple[Text, float, str]
"""Head, width and look of a column."""


@dataclass(frozen=True)
class TableSheet:
    """A sheet with its table. heads: the row of the heads, from 0; the rows of the table follow."""

    book: Book
    sheet: Worksheet
    fields: Sequence[Field]
    heads: int

    @classmethod
    def begun(
        cls, book: Book, name: str, source: str, fields: Sequence[Field], notes: Sequence[Text] = ()
    ) -> TableSheet:
        """The sheet with its head: its name, the source of its figures, notes, the heads."""
        sheet = book.sheet(name, source, [width for _, width, _ in fields])
        book.put(sheet, 0, 0, name, "title")
        sheet.set_row(0, 20)
        book.put(sheet, 1, 0, source, "muted")
        for row, note in enumerate(notes, start=2):
            book.put(sheet, row, 0, note.said(book.language), "line")
        begun = cls(book, sheet, fields, len(notes) + 3)
        book.heads(sheet, begun.heads, [head for head, _, _ in fields])
        sheet.repeat_rows(begun.heads)
        sheet.freeze_panes(begun.heads + 1, 2)
        return begun

    @property
    def name(self) -> str:
        return str(self.sheet.get_name())

    def number(self, place: int) -> int:
        """The row of the table at `place`, from 0, as a formula counts rows."""
        return self.heads + 2 + place

    def cell(self, at: int, place: int) -> str:
        return f"{xl_col_to_name(at)}{self.number(place)}"

    def cell_of_row(self, at: int, place: int) -> str:
        """The same, in a formula that keeps its row where it is copied down."""
        return f"{xl_col_to_name(at)}${self.number(place)}"

    def row(self, place: int, cells: Sequence[Cell]) -> None:
        """A row of the table; words in the place of a figure are set as words."""
        looks = [
            "cell" if isinstance(cell, str) else look
            for cell, (_, _, look) in zip(cells, self.fields, strict=True)
        ]
        self.book.row(self.sheet, self.heads + 1 + place, cells, looks)

    def summed(self, at: int, rows: int, value: float) -> Formula:
        """The sum of a column of `rows` rows."""
        return Formula(f"=SUM({self.cell(at, 0)}:{self.cell(at, max(rows, 1) - 1)})", value)

    def total(self, rows: int, sums: Sequence[tuple[int, float]]) -> None:
        """The last row: sums of some columns."""
        cells: list[Cell] = [None] * len(self.fields)
        cells[0] = text("Total").said(self.book.language)
        for at, value in sums:
            cells[at] = self.summed(at, rows, value)
        looks = ["line", *(look for _, _, look in self.fields[1:])]
        self.book.total(self.sheet, self.heads + 1 + max(rows, 1), cells, looks)

    def column(self, at: int, rows: int) -> str:
        """A column of the table as another sheet names it."""
        letter = f"${xl_col_to_name(at)}"
        last = self.number(max(rows, 1) - 1)
        return reference(self.name, f"{letter}${self.number(0)}:{letter}${last}")


def exact(sum_: Decimal | float | None) -> float | None:
    """A sum as a cell holds it."""
    return None if sum_ is None else round(float(sum_), 2)
