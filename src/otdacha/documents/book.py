"""A workbook that is read, printed and counted with: its formats, its pages, its kinds of cells."""

from __future__ import annotations

import datetime as dt
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from otdacha.language import Language, Text

A4 = 9
LINE = 13.5
"""Points that one line of a cell takes."""
RUBLES = "#,##0.00\\ [$₽-419]"
"""A sum of rubles as Russia writes it; the reader's own settings put the spaces and the comma."""


@dataclass(frozen=True)
class Formula:
    """A formula and what it comes to, for programs that show a workbook without counting."""

    said: str
    value: float


Cell = str | int | float | dt.date | Formula | None


class Book:
    """A workbook being written in one language. Text goes into cells as text, whatever is in it."""

    def __init__(self, content: Any, language: Language, created: dt.datetime) -> None:
        self.language = language
        self._book = xlsxwriter.Workbook(
            content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        )
        self._book.set_properties({"created": created})
        self._formats: dict[tuple[str, bool], Format] = {}
        self._widths: dict[str, Sequence[float]] = {}
        self._reserved: dict[str, Worksheet] = {}
        font = {"font_name": "Times New Roman", "font_size": 10, "valign": "top"}
        # cells to be changed by the reader
        given = {"border": 1, "bg_color": "#FFF2CC"}
        self._looks: dict[str, dict[str, Any]] = {
            "title": {**font, "bold": True, "font_size": 14},
            "strong": {**font, "bold": True},
            "text": {**font, "text_wrap": True},
            "line": font,
            "muted": {**font, "italic": True, "font_color": "#595959"},
            "head": {
                **font,
                "bold": True,
                "text_wrap": True,
                "border": 1,
                "bg_color": "#E8EDF2",
                "align": "center",
                "valign": "vcenter",
            },
            "cell": {**font, "text_wrap": True, "border": 1, "indent": 1, "align": "left"},
            "rubles": {**font, "num_format": RUBLES, "border": 1},
            "whole": {**font, "num_format": "#,##0", "border": 1},
            "year": {**font, "num_format": "0", "border": 1},
            "effect": {**font, "num_format": "#,##0.00", "border": 1},
            "percent": {**font, "num_format": "0.0%", "border": 1},
            "day": {**font, "num_format": "dd.mm.yyyy", "border": 1},
            "given percent": {**font, **given, "num_format": "0.0%"},
            "given rubles": {**font, **given, "num_format": RUBLES},
        }

    def reserve(self, name: str) -> None:
        """Give a sheet its place among the others before it is made with `sheet`."""
        self._reserved[name] = self._book.add_worksheet(name)

    def sheet(self, name: str, source: str, widths: Sequence[float]) -> Worksheet:
        """A new sheet for A4 across, as wide as one page; `source` stands at the foot of each."""
        sheet = self._reserved.pop(name, None) or self._book.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.set_margins(left=0.59, right=0.39, top=0.59, bottom=0.59)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer(f"&L&8{source.replace('&', '&&')}&R&8&P / &N")
        for at, width in enumerate(widths):
            sheet.set_column(at, at, width)
        self._widths[name] = widths
        return sheet

    def put(self, sheet: Worksheet, row: int, at: int, cell: Cell, look: str) -> None:
        """One cell; rows and columns count from 0."""
        made = self._format(look)
        if cell is None:
            sheet.write_blank(row, at, None, made)
        elif isinstance(cell, Formula):
            sheet.write_formula(row, at, cell.said, made, cell.value)
        elif isinstance(cell, str):
            sheet.write_string(row, at, cell, made)
        elif isinstance(cell, dt.date):
            sheet.write_datetime(row, at, dt.datetime.combine(cell, dt.time()), made)
        else:
            sheet.write_number(row, at, cell, made)

    def row(
        self, sheet: Worksheet, row: int, cells: Sequence[Cell], looks: Sequence[str] | str
    ) -> None:
        """Cells side by side from the first column on."""
        each = [looks] * len(cells) if isinstance(looks, str) else looks
        for at, (cell, look) in enumerate(zip(cells, each, strict=True)):
            self.put(sheet, row, at, cell, look)
        sheet.set_row(row, LINE * self._lines(sheet, cells, bold="head" in each))

    def _lines(self, sheet: Worksheet, cells: Sequence[Cell], *, bold: bool) -> int:
        """How many lines the longest text needs: not every program fits a row to what is in it."""
        widths = self._widths[sheet.get_name()]
        signs = [max(int(width * (1.05 if bold else 1.2)), 1) for width in widths]
        return max(
            len(textwrap.wrap(cell, wide)) or 1 if isinstance(cell, str) else 1
            for cell, wide in zip(cells, signs, strict=False)
        )

    def heads(self, sheet: Worksheet, row: int, words: Sequence[Text]) -> None:
        self.row(sheet, row, [word.said(self.language) for word in words], "head")

    def total(
        self, sheet: Worksheet, row: int, cells: Sequence[Cell], looks: Sequence[str]
    ) -> None:
        """The last row of a table, in bold."""
        for at, (cell, look) in enumerate(zip(cells, looks, strict=True)):
            self.put(sheet, row, at, cell, f"{look} bold")

    def close(self) -> None:
        self._book.close()

    def _format(self, look: str) -> Format:
        name = look.removesuffix(" bold")
        key = (name, bold := name != look)
        if key not in self._formats:
            own = {**self._looks[name], **({"bold": True, "top": 2} if bold else {})}
            self._formats[key] = self._book.add_format(own)
        return self._formats[key]
