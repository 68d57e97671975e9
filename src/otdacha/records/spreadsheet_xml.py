"""SpreadsheetML: the XML of Excel 2003, which programs still save under the name .xls."""

from __future__ import annotations

from pathlib import Path
from xml.parsers import expat

from otdacha.errors import FileProblem
from otdacha.language import text
from otdacha.records.html_tables import Rows, filled_out
from otdacha.records.unpacking import refuse_cells, too_large

_NAMESPACE = "urn:schemas-microsoft-com:office:spreadsheet"
_EXCEL = "urn:schemas-microsoft-com:office:excel"
_MOST_ROWS, _MOST_COLUMNS = 1 << 20, 1 << 14
MOST_CELLS = 20_000_000


def is_spreadsheet_xml(data: bytes) -> bool:
    """Whether the markup in `data` is SpreadsheetML."""
    return _NAMESPACE.encode() in data[:4_000].replace(b"\0", b"")


class _Sheets:
    """Collects the sheets: rows of cells by name, and which of them are hidden."""

    def __init__(self, file: Path) -> None:
        self.rows: dict[str, Rows] = {}
        self.hidden: set[str] = set()
        self._file = file
        self._name = ""
        self._down: dict[int, tuple[int, str | None]] = {}
        self._span = (0, 0)
        self._text: list[str] | None = None
        self._kind = ""
        self._value: str | None = None
        self._width = 0

    def start(self, tag: str, given: dict[str, str]) -> None:
        if tag == f"{_NAMESPACE} Worksheet":
            self._name = _attribute(given, "Name") or str(len(self.rows) + 1)
            self.rows[self._name] = []
            self._down = {}
            self._width = 0
        elif tag == f"{_NAMESPACE} Row":
            for _ in range(max(1, _place(given, _MOST_ROWS) - len(self.rows[self._name]))):
                self.rows[self._name].append([])
                self._continue_merged()
        elif tag == f"{_NAMESPACE} Cell":
            row = self.rows[self._name][-1]
            row.extend([None] * (_place(given, _MOST_COLUMNS) - 1 - len(row)))
            across = min(_whole(given, "MergeAcross"), _MOST_COLUMNS)
            self._span = (across, min(_whole(given, "MergeDown"), _MOST_ROWS))
            # a formula without Data has never been calculated
            self._value = "=" if _attribute(given, "Formula") else None
        elif tag == f"{_NAMESPACE} Data":
            self._text, self._kind = [], _attribute(given, "Type") or "String"
        elif tag == f"{_EXCEL} Visible":
            self._text, self._kind = [], "Visible"

    def characters(self, said: str) -> None:
        if self._text is not None:
            self._text.append(said)

    def end(self, tag: str) -> None:
        if tag == f"{_EXCEL} Visible":
            if "".join(self._text or ()).strip() in ("SheetHidden", "SheetVeryHidden"):
                self.hidden.add(self._name)
            self._text = None
        elif tag == f"{_NAMESPACE} Data":
            self._value = "".join(self._text or ())
            if self._kind == "Number":
                self._value = self._value.removesuffix(".0")
            self._text = None
        elif tag == f"{_NAMESPACE} Cell":
            self._close_cell()

    def _close_cell(self) -> None:
        row = self.rows[self._name][-1]
        across, down = self._span
        if down:
            self._down[len(row)] = (down, self._value)
        row.append(self._value)
        row.extend([None] * across)
        self._width = max(self._width, len(row))
        refuse_cells(len(self.rows[self._name]), self._width, self._file, MOST_CELLS)
        self._continue_merged()

    def _continue_merged(self) -> None:
        """Cells that are merged downwards take their place in this row, value and all."""
        row = self.rows[self._name][-1]
        while (held := self._down.get(len(row))) and held[0]:
            self._down[len(row)] = (held[0] - 1, held[1])
            row.append(held[1])


def _attribute(given: dict[str, str], name: str) -> str | None:
    return given.get(f"{_NAMESPACE} {name}", given.get(name))


def _whole(given: dict[str, str], name: str) -> int:
    value = _attribute(given, name) or ""
    return int(value[:10]) if value.isdecimal() else 0


def _place(given: dict[str, str], most: int) -> int:
    """Where a row or a cell stands, from 1; 0 where it follows the one before."""
    return min(_whole(given, "Index"), most)


def spreadsheet_xml(data: bytes, file: Path) -> tuple[dict[str, Rows], frozenset[str]]:
    """Every sheet of the workbook as rows of cells, all rows equally wide, and the hidden ones.

    Raises FileProblem where the XML is damaged, defines entities or would fill the memory.
    """
    sheets = _Sheets(file)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = sheets.start
    parser.EndElementHandler = sheets.end
    parser.CharacterDataHandler = sheets.characters

    def refuse(*_: object) -> None:
        raise too_large(file, text("the file defines XML entities"))

    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(data.lstrip(), True)
    except (expat.ExpatError, LookupError, ValueError) as fault:
        raise FileProblem(
            text(
                "{file}: the XML of this file is damaged ({fault}). "
                "Open it in a spreadsheet program and save it as .xlsx.",
                file=file.name,
                fault=fault,
            )
        ) from fault
    return {name: filled_out(rows) for name, rows in sheets.rows.items()}, frozenset(sheets.hidden)
