"""Workbooks: .xlsx, .xls and .ods, and the HTML and the XML that call themselves .xls."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import fastexcel
import polars as pl

from otdacha.errors import FileProblem
from otdacha.language import text
from otdacha.records.encodings import decode
from otdacha.records.headers import Header, find_header
from otdacha.records.html_tables import Rows, html_tables
from otdacha.records.personal import unless_personal
from otdacha.records.sheet import Sheet, cut, header_of, known_in, no_header, top_of
from otdacha.records.spreadsheet_xml import is_spreadsheet_xml, spreadsheet_xml
from otdacha.records.unpacking import Page, damaged, unpacked

_ZIP = b"PK\x03\x04"
_ERRORS = {
    "Div0": "#DIV/0!",
    "Name": "#NAME?",
    "Null": "#NULL!",
    "Num": "#NUM!",
    "Ref": "#REF!",
    "Value": "#VALUE!",
}
"""What the reader calls the errors of a spreadsheet program, and what the program shows."""
UNCALCULATED = "="
"""Stands where a formula has no value."""


@dataclass(frozen=True)
class _Candidate:
    """A sheet among the sheets of a file. known: how many names that are looked for it holds."""

    name: str
    cells: pl.DataFrame
    hidden: bool
    known: int
    has_rows: bool

    @property
    def fitness(self) -> tuple[bool, bool, int]:
        fits = self.known > 1
        return fits and not self.hidden, fits and self.has_rows, self.known

    def fits_better(self, other: _Candidate) -> bool:
        """An empty sheet with the right columns beats a filled one with few: a legend."""
        mine, theirs = self.fitness, other.fitness
        if mine[0] == theirs[0] and max(mine[2], theirs[2]) > 2 * min(mine[2], theirs[2]):
            return mine[2] > theirs[2]
        return mine > theirs


def read_workbook(
    data: bytes,
    file: Path,
    *,
    known: Collection[str] = (),
    sheet: str | None = None,
    header_row: int | None = None,
) -> Sheet:
    """The sheet of a workbook that holds most of the known names, or the one that was asked for.

    Cells come as strings: dates as `yyyy-mm-dd hh:mm:ss`, whole numbers without a decimal point, an
    error as the program shows it. A cell that is merged downwards speaks in each of its rows.
    Raises FileProblem where the workbook is damaged or would fill the memory, and where two sheets
    fit equally well.
    """
    pages = unpacked(data, file) if data.startswith(_ZIP) else {}
    try:
        book = fastexcel.read_excel(data)
        names = book.sheet_names
    except fastexcel.FastExcelError as fault:
        raise damaged(file) from fault
    _find(sheet, names, file)
    sheets = _loaded(book, names if sheet is None else [sheet], pages, file)
    found = _best(sheets, file, known, header_row, "workbook", None)
    return replace(found, from_1904=pages.get(found.name or "", Page()).from_1904)


def _loaded(
    book: fastexcel.ExcelReader, names: Iterable[str], pages: dict[str, Page], file: Path
) -> Iterator[tuple[str, pl.DataFrame, bool]]:
    """Name, cells and whether it is hidden of each sheet, one at a time."""
    for name in names:
        try:
            loaded = book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string")
            batch, errors = loaded.to_arrow_with_errors()
        except fastexcel.FastExcelError as fault:
            raise damaged(file) from fault
        cells = pl.DataFrame(pl.from_arrow(batch))
        page = pages.get(name, Page())
        marks = dict.fromkeys(page.uncalculated, UNCALCULATED)
        for error in errors.errors if errors else ():
            kind = error.detail.partition("Error(")[2].rstrip(")'")
            if kind in _ERRORS:
                marks[error.position] = _ERRORS[kind]
        yield name, _merged_down(_marked(cells, marks), page), loaded.visible != "visible"


def _marked(cells: pl.DataFrame, marks: dict[tuple[int, int], str]) -> pl.DataFrame:
    """The cells with a mark wherever the reader saw nothing because there is no value."""
    by_column: dict[int, dict[int, str]] = {}
    for (row, column), mark in marks.items():
        if row < cells.height and column < cells.width:
            by_column.setdefault(column, {})[row] = mark
    changed = []
    for column, found in by_column.items():
        rows = list(found)
        series = cells.to_series(column)
        empty = series.gather(rows).is_null()
        values = pl.Series(list(found.values())).zip_with(empty, series.gather(rows))
        changed.append(series.scatter(rows, values))
    return cells.with_columns(changed)


def _merged_down(cells: pl.DataFrame, page: Page) -> pl.DataFrame:
    changed: dict[int, pl.Series] = {}
    for first, last, column in sorted(page.merged):
        last = min(last, cells.height - 1)
        if column < cells.width and first < last:
            series = changed.get(column, cells.to_series(column))
            changed[column] = series.scatter(list(range(first + 1, last + 1)), series[first])
    return cells.with_columns(changed.values())


def read_markup(
    data: bytes,
    file: Path,
    *,
    known: Collection[str] = (),
    sheet: str | None = None,
    header_row: int | None = None,
) -> Sheet:
    """The table of an HTML page or of Excel's XML of 2003 that holds most of the known names.

    Raises FileProblem as `read_workbook` does.
    """
    if is_spreadsheet_xml(data):
        pages, hidden = spreadsheet_xml(data, file)
        format, encoding = "workbook", None
    else:
        content, encoding = decode(data, file)
        tables = html_tables(content, file)
        pages, hidden = {str(i): rows for i, rows in enumerate(tables, start=1)}, frozenset()
        format = "html"
    if not pages:
        raise FileProblem(
            text(
                "{file}: the file is a web page or XML without a table in it. "
                "Open it in a spreadsheet program and save it as .xlsx or .csv.",
                file=file.name,
            )
        )
    _find(sheet, list(pages), file)
    asked = pages if sheet is None else {sheet: pages[sheet]}
    sheets = ((name, _frame(rows), name in hidden) for name, rows in asked.items())
    return _best(sheets, file, known, header_row, format, encoding)


def _frame(rows: Rows) -> pl.DataFrame:
    width = len(rows[0]) if rows else 0
    return pl.DataFrame(rows, schema=[(str(i), pl.String) for i in range(width)], orient="row")


def _find(sheet: str | None, names: list[str], file: Path) -> None:
    if sheet is not None and sheet not in names:
        raise FileProblem(
            text(
                "{file}: there is no sheet {sheet}. Sheets in the file: {sheets}.",
                file=file.name,
                sheet=sheet,
                sheets=", ".join(map(unless_personal, names)),
            )
        )


def _best(
    sheets: Iterable[tuple[str, pl.DataFrame, bool]],
    file: Path,
    known: Collection[str],
    header_row: int | None,
    format: str,
    encoding: str | None,
) -> Sheet:
    """The sheet that fits best, below its header; a hidden one only where no other fits at all."""
    best: _Candidate | None = None
    fitting: list[tuple[str, tuple[bool, bool, int]]] = []
    for name, cells, hidden in sheets:
        if not cells.width or not cells.height:
            continue
        one = _candidate(name, cells, hidden, known)
        fitting.append((name, one.fitness))
        if best is None or one.fits_better(best):
            best = one
    if best is None:
        raise no_header(file.name)
    if best.known > 1 and best.has_rows:
        _refuse_twins([name for name, fitness in fitting if fitness == best.fitness], file)
    header = header_of(top_of(best.cells), file.name, known, header_row)
    return cut(best.cells, header, known, format=format, encoding=encoding, name=best.name)


def _candidate(name: str, cells: pl.DataFrame, hidden: bool, known: Collection[str]) -> _Candidate:
    header: Header | None = find_header(top_of(cells), known)
    if header is None:
        return _Candidate(name, cells, hidden, -1, has_rows=False)
    below = cells.slice(header.bottom + 1)
    has_rows = below.null_count().sum_horizontal().sum() < below.height * below.width
    return _Candidate(name, cells, hidden, known_in(header, known), has_rows)


def _refuse_twins(names: list[str], file: Path) -> None:
    """Sheets with the same columns: whoever takes one of them loses the rows of the others."""
    if len(names) > 1:
        raise FileProblem(
            text(
                "{file}: several sheets fit equally well: {sheets}. Add them one by one, each with "
                "--sheet NAME, or put all rows on one sheet.",
                file=file.name,
                sheets=", ".join(map(unless_personal, names)),
            )
        )
