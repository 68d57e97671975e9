"""Workbooks: .xlsx, .xls and .ods, and the HTML that calls itself .xls."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import fastexcel
import polars as pl

from otdacha.errors import FileProblem
from otdacha.language import text
from otdacha.records.encodings import decode
from otdacha.records.headers import Header, find_header
from otdacha.records.html_tables import html_tables
from otdacha.records.personal import unless_personal
from otdacha.records.sheet import Sheet, cut, header_of, known_in, top_of


def read_workbook(
    data: bytes,
    file: Path,
    *,
    known: Collection[str] = (),
    sheet: str | None = None,
    header_row: int | None = None,
) -> Sheet:
    """The sheet of a workbook that holds most of the known names, or the one that was asked for.

    Cells come as strings: dates as `yyyy-mm-dd hh:mm:ss`, whole numbers without a decimal point.
    """
    try:
        book = fastexcel.read_excel(data)
        frames = {
            name: book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string").to_polars()
            for name in book.sheet_names
            if sheet is None or name == sheet
        }
    except fastexcel.FastExcelError as fault:
        raise FileProblem(
            text(
                "{file}: this workbook cannot be opened: it is damaged or protected by a password. "
                "Open it in a spreadsheet program and save it anew as .xlsx.",
                file=file.name,
            )
        ) from fault
    if sheet is not None and not frames:
        raise FileProblem(
            text(
                "{file}: there is no sheet {sheet}. Sheets in the file: {sheets}.",
                file=file.name,
                sheet=sheet,
                sheets=", ".join(map(unless_personal, book.sheet_names)),
            )
        )
    return _best(frames, file, known, header_row, "workbook", None)


def read_html(
    data: bytes, file: Path, *, known: Collection[str] = (), header_row: int | None = None
) -> Sheet:
    """The table of an HTML page that holds most of the known names."""
    content, encoding = decode(data, file)
    frames = {
        str(i + 1): pl.DataFrame(
            rows, schema=[(str(j), pl.String) for j in range(len(rows[0]))], orient="row"
        )
        for i, rows in enumerate(html_tables(content))
    }
    if not frames:
        raise FileProblem(
            text(
                "{file}: the file is a web page or XML without a table in it. "
                "Open it in a spreadsheet program and save it as .xlsx or .csv.",
                file=file.name,
            )
        )
    return _best(frames, file, known, header_row, "html", encoding)


def _best(
    frames: dict[str, pl.DataFrame],
    file: Path,
    known: Collection[str],
    header_row: int | None,
    format: str,
    encoding: str | None,
) -> Sheet:
    filled = {name: frame for name, frame in frames.items() if frame.width and frame.height}
    if not filled:
        header_of([], file.name, known, header_row)

    def fitness(name: str) -> int:
        header: Header | None = find_header(top_of(filled[name]), known)
        return known_in(header, known) if header else -1

    name = max(filled, key=fitness)
    header = header_of(top_of(filled[name]), file.name, known, header_row)
    return cut(filled[name], header, known, format=format, encoding=encoding, name=name)
