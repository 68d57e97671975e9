"""What a workbook unpacks to, counted while it is unpacked piece by piece, before anybody loads it.

A workbook is a zip of XML: a few kilobytes may unpack to gigabytes, or claim a cell in the last row
and the last column, for which a reader would make room for every cell between. Here the archive is
unpacked in pieces that are thrown away. What is written in its directory is not believed.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree
from xml.parsers import expat

from otdacha.errors import FileProblem
from otdacha.language import Text, text

MOST_BYTES = 2 << 30
"""Bytes to which a workbook may unpack; a full sheet (1,048,576 rows) of 40 columns has 1.7 GB."""
MOST_SHARED = 512 << 20
"""Bytes of a table of shared strings, which a reader holds whole."""
MOST_CELLS = 50_000_000
"""Cells of a sheet up to its last row and column, filled or not."""
MOST_COLUMNS = 16_384
"""Columns that any spreadsheet program knows."""
_MOST_MEMBERS = 5_000
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    OSError,
)
"""What is raised while an archive is unpacked that is damaged, cut short or has a password."""
_PIECE = 4 << 20
_OVERLAP = 4_096
_LETTERS = 26

_ROW = re.compile(rb'<(?:\w+:)?row\b[^>]*?\sr\s*=\s*["\'](\d+)')
_PLAIN_ROW = re.compile(rb'<row r="(\d+)"')
_WIDE_CELL = re.compile(rb'\sr\s*=\s*["\']([A-Za-z]{2,})\d')
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*?\sref\s*=\s*["\']([A-Z]+)(\d+):[A-Z]+(\d+)')
_UNCALCULATED = re.compile(
    rb'<c r="([A-Z]+)(\d+)"(?:(?! t="str")[^>])*><f(?:\s[^>]*/>|[^>]*>[^<]*</f>)'
    rb"(?:<v\s*/>|<v></v>)?</c>"
)


@dataclass
class Page:
    """What a sheet holds besides values. Rows and columns of places count from 0.

    rows, columns: how far it reaches at most. merged: first row, last row and column of each range
    that is merged downwards. uncalculated: cells with a formula that nobody has computed.
    from_1904: its days are counted from 1904, as Excel on old Macs did.
    """

    rows: int = 0
    columns: int = 0
    merged: set[tuple[int, int, int]] = field(default_factory=set)
    uncalculated: set[tuple[int, int]] = field(default_factory=set)
    from_1904: bool = False


def unpacked(data: bytes, file: Path) -> dict[str, Page]:
    """Each sheet of the .xlsx in `data` by its name; of an .ods nothing is told.

    Raises FileProblem where the archive is damaged or unpacks to more than a workbook can hold,
    where it is a binary workbook (.xlsb), and where it holds entities, which no spreadsheet program
    writes.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _looked_through(archive, file)
    except (*_BROKEN, ValueError, KeyError, ElementTree.ParseError, expat.ExpatError) as fault:
        raise damaged(file) from fault


def names_sheet(data: bytes, name: str) -> bool:
    """Whether a workbook has a sheet of this name (ASCII), without trust in what else it holds.

    Only what lists the sheets is unpacked, in pieces, and no more of it than a workbook has.
    """
    word, seen, before = name.encode(), 0, b""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.infolist():
                if member.filename in ("xl/workbook.xml", "content.xml"):
                    for piece in _pieces(archive, member):
                        if word in before + piece:
                            return True
                        seen, before = seen + len(piece), piece[-len(word) :]
                        if seen > MOST_SHARED:
                            return False
    except _BROKEN:
        return False  # whoever reads it as a table says what is wrong with it
    return False


def damaged(file: Path) -> FileProblem:
    return FileProblem(
        text(
            "{file}: this workbook cannot be opened: it is damaged or protected by a password. "
            "Open it in a spreadsheet program and save it anew as .xlsx.",
            file=file.name,
        )
    )


def too_large(file: Path, what: Text) -> FileProblem:
    """The refusal of a file that would fill the memory."""
    return FileProblem(
        text(
            "{file}: {what}. That is more than Otdacha takes from one such file. If these are real "
            "data, save them as .csv. If the file came from outside, be careful: it may have been "
            "made to bring a computer down.",
            file=file.name,
            what=what,
        )
    )


def _looked_through(archive: zipfile.ZipFile, file: Path) -> dict[str, Page]:
    members = archive.infolist()
    if len(members) > _MOST_MEMBERS:
        raise too_large(file, text("the archive holds {count} files", count=len(members)))
    _refuse_bytes(sum(member.file_size for member in members), MOST_BYTES, file)
    if any(member.filename == "xl/workbook.bin" for member in members):
        raise FileProblem(
            text(
                "{file}: binary workbooks (.xlsb) are not read. "
                "Open it in a spreadsheet program and save it anew as .xlsx.",
                file=file.name,
            )
        )
    pages: dict[str, Page] = {}
    total = 0
    for member in members:
        scan = _OdsScan() if member.filename == "content.xml" else _XmlScan()
        size = 0
        for piece in _pieces(archive, member):
            size += len(piece)
            _refuse_bytes(total + size, MOST_BYTES, file)
            scan.feed(piece)
            if scan.entities:
                raise too_large(file, text("the file defines XML entities"))
            refuse_cells(scan.page.rows, scan.page.columns, file)
        if posixpath.basename(member.filename).lower() == "sharedstrings.xml":
            _refuse_bytes(size, MOST_SHARED, file)
        total += size
        pages[member.filename] = scan.page
    return _by_name(archive, pages)


def _pieces(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    # A member that is longer than the directory says ends here with a check sum that does not fit.
    with archive.open(member) as stream:
        while piece := stream.read(_PIECE):
            yield piece


def _refuse_bytes(size: int, most: int, file: Path) -> None:
    if size > most:
        raise too_large(
            file, text("the file unpacks to more than {count} MB", count=most // (1 << 20))
        )


def refuse_cells(rows: int, columns: int, file: Path, most: int = MOST_CELLS) -> None:
    """Refuse a sheet of so many rows and columns where it has more than `most` cells or columns."""
    if rows * columns > most or columns > MOST_COLUMNS:
        raise too_large(
            file,
            text(
                "the sheet reaches to row {rows} and column {columns}", rows=rows, columns=columns
            ),
        )


class _XmlScan:
    """Looks at the XML of a sheet piece by piece; of other XML it sees the entities."""

    def __init__(self) -> None:
        self.page = Page()
        self.entities = False
        self._tail = b""
        self._row_starts = 0
        self._cells = 0

    def feed(self, piece: bytes) -> None:
        seen = self._tail + piece
        self._tail = seen[-_OVERLAP:]
        self.entities = self.entities or b"<!DOCTYPE" in seen or b"<!ENTITY" in seen
        page = self.page
        if b"<row" in seen or b":row" in seen or page.rows:
            self._count(piece)
            plain = seen.count(b'<row r="') == seen.count(b"<row") and b":row" not in seen
            rows = (_PLAIN_ROW if plain else _ROW).findall(seen)
            page.rows = max([page.rows, self._row_starts, *map(int, rows)])
            wide = max(map(_column, set(_WIDE_CELL.findall(seen))), default=0)
            page.columns = max(page.columns, wide, _LETTERS)
        if b"ergeCell" in seen:
            for left, top, bottom in _MERGED.findall(seen):
                if int(bottom) > int(top):
                    page.merged.add((int(top) - 1, int(bottom) - 1, _column(left) - 1))
        if b"<f" in seen:
            for letters, row in _UNCALCULATED.findall(seen):
                page.uncalculated.add((int(row) - 1, _column(letters) - 1))

    def _count(self, piece: bytes) -> None:
        """Count rows, and cells of a row, which need not say where they stand."""
        self._row_starts += piece.count(b"<row") + piece.count(b":row")
        # one cell may be cut in two by the end of the piece
        if piece.count(b"<c ") - piece.count(b"<c r=") <= 1 and not _bare_cells(piece):
            self._cells = 0
            return
        for place, row in enumerate(re.split(rb"<(?:\w+:)?row\b", piece)):
            cells = row.count(b"<c ") + _bare_cells(row)
            self._cells = cells if place else self._cells + cells
            self.page.columns = max(self.page.columns, self._cells)


def _bare_cells(piece: bytes) -> int:
    return sum(piece.count(mark) for mark in (b"<c>", b"<c/", b":c>", b":c/", b":c "))


class _OdsScan:
    """Follows the repetitions by which OpenDocument tells of rows and columns."""

    def __init__(self) -> None:
        self.page = Page()
        self.entities = False
        self._row = self._repeated = self._column = self._filled = 0
        self._cell = 0
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._tail = b""

    def feed(self, piece: bytes) -> None:
        seen = self._tail + piece
        self._tail = seen[-16:]
        self.entities = self.entities or b"<!DOCTYPE" in seen or b"<!ENTITY" in seen
        if not self.entities:
            self._parser.Parse(piece, False)

    def _start(self, tag: str, given: dict[str, str]) -> None:
        if tag == "table:table":
            self._row = 0
        elif tag == "table:table-row":
            self._repeated = int(given.get("table:number-rows-repeated", 1))
            self._column = self._filled = 0
        elif tag in ("table:table-cell", "table:covered-table-cell"):
            self._cell = int(given.get("table:number-columns-repeated", 1))
            self._column += self._cell
            if "office:value-type" in given:
                self._filled = self._column
        elif tag == "text:p":
            self._filled = self._column

    def _end(self, tag: str) -> None:
        if tag != "table:table-row":
            return
        self._row += self._repeated
        if self._filled:
            self.page.rows = max(self.page.rows, self._row)
            self.page.columns = max(self.page.columns, self._filled)


def _column(letters: bytes) -> int:
    """`A` is 1, `Z` 26, `AA` 27."""
    number = 0
    for letter in letters.upper()[:8]:
        number = number * _LETTERS + letter - 64
    return number


def _by_name(archive: zipfile.ZipFile, pages: dict[str, Page]) -> dict[str, Page]:
    """Pages by the names of their sheets, as the workbook and its relations tell them."""
    if "xl/workbook.xml" not in pages or "xl/_rels/workbook.xml.rels" not in pages:
        return {}
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {one.get("Id"): one.get("Target", "") for one in relations}
    named: dict[str, Page] = {}
    from_1904 = False
    for part in ElementTree.fromstring(archive.read("xl/workbook.xml")).iter():
        if part.tag.endswith("}workbookPr"):
            from_1904 = part.get("date1904") in ("1", "true")
        if part.tag.endswith("}sheet"):
            identity = next((value for key, value in part.items() if key.endswith("}id")), None)
            path = posixpath.normpath(posixpath.join("/xl", targets.get(identity, "")))
            if path.lstrip("/") in pages:
                named[part.get("name", "")] = pages[path.lstrip("/")]
    for page in named.values():
        page.from_1904 = from_1904
    return named
