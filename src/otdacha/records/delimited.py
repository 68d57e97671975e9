"""Text tables: separator, header and rows of a CSV or TXT file."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from statistics import mode

import numpy as np
import polars as pl
import pyarrow as pa
from pyarrow import csv as arrow_csv

from otdacha.errors import FileProblem
from otdacha.language import text
from otdacha.records.encodings import as_utf8
from otdacha.records.headers import SEARCHED, find_header
from otdacha.records.sheet import Sheet, cut, header_of, known_in
from otdacha.records.unpacking import refuse_cells

SEPARATORS = (";", ",", "\t", "|")
_LONGEST_ROW = 1 << 23
_SAMPLE = 200_000


def read_delimited(
    data: bytes,
    file: Path,
    *,
    known: Collection[str] = (),
    encoding: str | None = None,
    separator: str | None = None,
    header_row: int | None = None,
) -> Sheet:
    """The sheet in the bytes of a text file; what is not told is detected.

    Rows that are shorter than the header lack their last cells, as spreadsheets write them. A row
    with too many filled cells, and the two pieces of a row torn by a line break, are marked broken.
    """
    content, encoding = as_utf8(data, file, encoding)
    content = _with_plain_ends(content)
    top_of_file = content[:_SAMPLE].decode("utf-8", "ignore")
    if separator is None:
        separator = _separator(top_of_file, known)
    _refuse_too_wide(content, file, separator)
    top = _first_rows(top_of_file, separator)
    header = header_of(top, file.name, known, header_row)
    frame, broken = _parse(content, file, separator, max(len(header.names), 1))
    sheet = cut(
        frame,
        header,
        known,
        format="text",
        broken=broken,
        encoding=encoding,
        separator=separator,
    )
    _refuse_swallowed_rows(sheet, file, separator)
    return sheet


def _with_plain_ends(content: bytes) -> bytes:
    """The text with its rows ended by \\n where they were ended by \\r, as on an old Mac; elsewhere
    a \\r of its own ends no row but breaks a line in a cell."""
    if content.count(b"\r") == content.count(b"\r\n"):
        return content
    outside = re.sub(b'"[^"]*"', b"", content[:_SAMPLE])
    both = outside.count(b"\r\n")
    if outside.count(b"\r") - both > outside.count(b"\n"):
        return content.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return re.sub(b"\r(?!\n)", b" ", content)


def _first_rows(top: str, separator: str) -> list[list[str]]:
    reader = csv.reader(io.StringIO(top, newline=None), delimiter=separator)
    rows: list[list[str]] = []
    # a cell beyond measure ends the search: the reader of all rows will judge it
    with suppress(csv.Error):
        rows.extend(row for row, _ in zip(reader, range(SEARCHED), strict=False))
    return rows


def _separator(top: str, known: Collection[str]) -> str:
    """The separator that finds most known names, then the one that cuts most rows alike."""

    def fitness(separator: str) -> tuple[int, float]:
        rows = _first_rows(top, separator)
        header = find_header(rows, known)
        widths = [len(row) for row in rows if len(row) > 1]
        alike = widths.count(mode(widths)) / len(rows) if widths else 0.0
        return known_in(header, known) if header else 0, alike

    return max(SEPARATORS, key=fitness)


def _refuse_too_wide(content: bytes, file: Path, separator: str) -> None:
    """Refuse a file whose first rows have more columns than any table."""
    start = 0
    for row in range(1, SEARCHED + 1):
        end = content.find(b"\n", start)
        columns = content.count(separator.encode(), start, end if end >= 0 else None) + 1
        refuse_cells(row, columns, file)
        if end < 0:
            return
        start = end + 1


def _parse(
    content: bytes, file: Path, separator: str, width: int
) -> tuple[pl.DataFrame, pl.Series]:
    """Every row of the file as `width` strings, and the reason where a row is broken."""
    names = [str(i) for i in range(width)]
    uneven: dict[int, str] = {}

    def set_aside(row: arrow_csv.InvalidRow) -> str:
        uneven[row.number - 1] = row.text
        return "skip"

    try:
        pieces = arrow_csv.open_csv(
            pa.BufferReader(content),
            # one thread: only then are the numbers of uneven rows known
            read_options=arrow_csv.ReadOptions(
                column_names=names, use_threads=False, block_size=_LONGEST_ROW
            ),
            parse_options=arrow_csv.ParseOptions(
                delimiter=separator,
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=set_aside,
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types={name: pa.string() for name in names}
            ),
        )
        # piece by piece, so that the text is not held twice
        frame = pl.concat([pl.DataFrame(pl.from_arrow(piece)) for piece in pieces])
    except pa.ArrowInvalid as fault:
        raise FileProblem(
            text(
                "{file}: the rows cannot be told apart: a quotation mark opens and never closes, "
                "or the separator is not {separator}.",
                file=file.name,
                separator=repr(separator),
            )
        ) from fault
    if not uneven:
        return frame, pl.repeat(None, frame.height, dtype=pl.String, eager=True)
    return _with_uneven(frame, uneven, separator, width)


def _with_uneven(
    frame: pl.DataFrame, uneven: dict[int, str], separator: str, width: int
) -> tuple[pl.DataFrame, pl.Series]:
    """Put the rows that are not as wide as the header back into their places."""
    cells = {at: next(csv.reader([line], delimiter=separator), []) for at, line in uneven.items()}
    reasons: dict[int, str | None] = {}
    for at, row in cells.items():
        following = cells.get(at + 1, [])
        if any(cell.strip() for cell in row[width:]):
            reasons[at] = "too_many_cells"
        elif len(row) < width and following and len(row) + len(following) == width + 1:
            reasons[at] = reasons[at + 1] = "broken_row"
        else:
            reasons.setdefault(at, None)
    padded = [[*row, *[""] * width][:width] for row in cells.values()]
    odd = pl.DataFrame(padded, schema=frame.schema, orient="row")
    # where each row of the file stands when the odd ones are put behind the even ones
    places = np.empty(frame.height + odd.height, dtype=np.uint32)
    is_odd = np.zeros(len(places), dtype=bool)
    is_odd[list(cells)] = True
    places[~is_odd] = np.arange(frame.height)
    places[is_odd] = frame.height + np.argsort(np.argsort(list(cells)))
    broken = pl.repeat(None, len(places), dtype=pl.String, eager=True)
    broken = broken.scatter(list(cells), [reasons[at] for at in cells])
    return pl.concat([frame, odd])[pl.Series(places)], broken


def _refuse_swallowed_rows(sheet: Sheet, file: Path, separator: str) -> None:
    """A cell that holds line breaks and a row's worth of separators has swallowed other rows."""
    enough = max(len(sheet.headers) - 1, 2)
    for name in sheet.cells.columns:
        cells = sheet.cells[name]
        lines = cells.str.contains("\n", literal=True).fill_null(value=False)
        if not lines.any():
            continue
        swallowed = lines & (cells.str.count_matches(separator, literal=True) >= enough)
        if swallowed.any():
            raise FileProblem(
                text(
                    "{file}, row {row}: a quotation mark opens here and closes rows later, "
                    "so that whole rows stand in one cell. Double or remove the mark.",
                    file=file.name,
                    row=int(sheet.rows.filter(swallowed)[0]),
                )
            )
