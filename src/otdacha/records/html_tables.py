"""Tables in HTML: what many programs save under the name .xls."""

from __future__ import annotations

from html.parser import HTMLParser


class _Tables(HTMLParser):
    """Collects every table's rows; a merged cell speaks in its first place, the rest stay empty."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[str | None]]] = []
        self._down: dict[int, int] = {}
        self._cell: list[str] | None = None
        self._span = (1, 1)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.tables.append([])
            self._down = {}
        elif tag == "tr" and self.tables:
            self._close_cell()
            self.tables[-1].append([])
            self._skip_merged()
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
            if tall > 1:
                self._down[len(row)] = tall - 1
            row.append("".join(self._cell) if i == 0 else None)
        self._cell = None
        self._skip_merged()

    def _skip_merged(self) -> None:
        row = self.tables[-1][-1]
        while self._down.get(len(row), 0):
            self._down[len(row)] -= 1
            row.append(None)


def _whole(value: str | None) -> int:
    return int(value) if value and value.isdigit() and 0 < int(value) <= 1000 else 1


def html_tables(content: str) -> list[list[list[str | None]]]:
    """Every table of the page as rows of cells, all rows of one table equally wide."""
    parser = _Tables()
    parser.feed(content)
    parser.close()
    tables = []
    for rows in parser.tables:
        width = max((len(row) for row in rows), default=0)
        tables.append([row + [None] * (width - len(row)) for row in rows])
    return [rows for rows in tables if rows]
