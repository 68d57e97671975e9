"""Tables in HTML: what many programs save under the name .xls."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

from otdacha.records.unpacking import refuse_cells

Rows = list[list[str | None]]

MOST_CELLS = 20_000_000


class _Tables(HTMLParser):
    """Collects every table's rows. A cell that is merged downwards speaks in each of its rows, one
    that is merged sideways in its first column."""

    def __init__(self, file: Path) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[Rows] = []
        self._file = file
        self._width = 0
        self._down: dict[int, tuple[int, str | None]] = {}
        self._cell: list[str] | None = None
        self._span = (1, 1)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.tables.append([])
            self._down = {}
            self._width = 0
        elif tag == "tr" and self.tables:
            self._close_cell()
            self.tables[-1].append([])
            self._continue_merged()
        elif tag in ("td", "th") and self.tables and self.tables[-1]:
            self._close_cell()
            given = dict(attrs)
            self._cell = []
            self._span = (_whole(given.get("colspan")), _whole(given.get("rowspan")))
        elif tag == "br" and self._cell is not None:
            self._cell.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "tr", "table"):
            self._close_cell()

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)

    def _close_cell(self) -> None:
        if self._cell is None:
            return
        row = self.tables[-1][-1]
        wide, tall = self._span
        for i in range(wide):
            said = "".join(self._cell) if i == 0 else None
            if tall > 1:
                self._down[len(row)] = (tall - 1, said)
            row.append(said)
        self._cell = None
        self._width = max(self._width, len(row))
        refuse_cells(len(self.tables[-1]), self._width, self._file, MOST_CELLS)
        self._continue_merged()

    def _continue_merged(self) -> None:
        row = self.tables[-1][-1]
        while (held := self._down.get(len(row))) and held[0]:
            self._down[len(row)] = (held[0] - 1, held[1])
            row.append(held[1])


def _whole(value: str | None) -> int:
    return int(value) if value and value.isdigit() and 0 < int(value) <= 1000 else 1


def html_tables(content: str, file: Path) -> list[Rows]:
    """Every table of the page as rows of cells, all rows of one table equally wide.

    Raises FileProblem where a table would fill the memory.
    """
    parser = _Tables(file)
    parser.feed(content)
    parser.close()
    return [filled_out(rows) for rows in parser.tables if rows]


def filled_out(rows: Rows) -> Rows:
    """The rows, all as wide as the widest."""
    width = max((len(row) for row in rows), default=0)
    return [row + [None] * (width - len(row)) for row in rows]
