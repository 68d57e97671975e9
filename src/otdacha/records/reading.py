"""Files to sheets of strings: the format is told by the content, not by the name."""

from __future__ import annotations

import io
import os
import re
import stat
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl
import pyarrow as pa
from pyarrow import parquet

from otdacha.errors import FileProblem
from otdacha.language import text
from otdacha.progress import Progress, silent
from otdacha.records.cleaning import cleaned
from otdacha.records.delimited import read_delimited
from otdacha.records.headers import folded
from otdacha.records.personal import unless_personal
from otdacha.records.sheet import Sheet
from otdacha.records.spreadsheets import read_markup, read_workbook
from otdacha.records.unpacking import refuse_cells

MOST_PARQUET = 300_000_000
"""Cells of a Parquet file: a few bytes of it may stand for billions of rows."""
_SOMETHING = re.compile(rb"[^\xef\xbb\xbf\xff\xfe \t\r\n\0]")


@dataclass(frozen=True)
class Reading:
    """How a file was understood: told to the user, kept with the batch.

    format: "text", "workbook", "html" or "parquet". header_row: 1-based row of the header's last
    line. matched: the header that filled each column. ignored: headers that filled none.
    years_only:
    columns that are days and of which the file tells only the year.
    """

    format: str
    encoding: str | None
    separator: str | None
    sheet: str | None
    header_row: int
    matched: Mapping[str, str] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    years_only: tuple[str, ...] = ()


def read_bytes(file: Path) -> bytes:
    """The content of the file; FileProblem where there is none to be had."""
    try:
        data = _whole(file)
    except FileNotFoundError as fault:
        raise FileProblem(text("{file}: there is no such file.", file=file)) from fault
    except IsADirectoryError as fault:
        raise FileProblem(
            text("{file}: this is a folder; give a file inside it.", file=file)
        ) from fault
    except PermissionError as fault:
        raise FileProblem(
            text("{file}: you have no right to read this file.", file=file)
        ) from fault
    except OSError as fault:
        raise FileProblem(
            text("{file}: the file cannot be read: {fault}.", file=file, fault=fault.strerror)
        ) from fault
    if not _SOMETHING.search(data):
        raise FileProblem(
            text("{file}: the file is empty: no header and no rows were found.", file=file.name)
        )
    return data


def _whole(file: Path) -> bytes:
    """All bytes of the file, or FileProblem where it changes while they are read."""
    with file.open("rb") as opened:
        before = os.fstat(opened.fileno())
        if stat.S_ISCHR(before.st_mode) or stat.S_ISBLK(before.st_mode):
            raise FileProblem(text("{file}: this is a device and not a file.", file=file))
        data = opened.read()
        after = os.fstat(opened.fileno())
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise FileProblem(
            text(
                "{file}: the file changed while it was read. Nothing was stored. Wait until it is "
                "written to its end, and give the same command again.",
                file=file.name,
            )
        )
    return data


def read_sheet(
    data: bytes,
    file: Path,
    *,
    known: Collection[str] = (),
    encoding: str | None = None,
    separator: str | None = None,
    sheet: str | None = None,
    header_row: int | None = None,
) -> Sheet:
    """The sheet in the bytes of `file`; `known` are folded header names to look for."""
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return read_workbook(data, file, known=known, sheet=sheet, header_row=header_row)
    if data.startswith(b"PAR1"):
        return _read_parquet(data, file)
    if _is_markup(data):
        return read_markup(data, file, known=known, sheet=sheet, header_row=header_row)
    return read_delimited(
        data, file, known=known, encoding=encoding, separator=separator, header_row=header_row
    )


def read_cells(
    file: Path,
    *,
    known: Collection[str] = (),
    encoding: str | None = None,
    separator: str | None = None,
    sheet: str | None = None,
    header_row: int | None = None,
    progress: Progress = silent,
) -> tuple[pl.DataFrame, Reading]:
    """Any table file as a frame of cleaned strings, and how it was understood.

    Columns are called as in the file; nothing (also "-", "н/д", "n/a") is null. known: header names
    that help to find the header row. Raises FileProblem where the file is no table, where it holds
    no rows, where two columns have one name and where a row has more cells than the header.
    """
    progress(text("Reading {file}", file=file.name), 0, 1)
    found = read_sheet(
        read_bytes(file),
        file,
        known=frozenset(folded(name) for name in known),
        encoding=encoding,
        separator=separator,
        sheet=sheet,
        header_row=header_row,
    )
    if found.cells.is_empty():
        raise no_rows(file, found)
    named = [i for i, name in enumerate(found.headers) if name]
    names = [found.headers[i] for i in named]
    for name in names:
        if names.count(name) > 1:
            raise two_columns(file, found, name, [name, name])
    broken = found.rows.filter(found.broken.is_in(["too_many_cells", "broken_row"]))
    if broken.len():
        raise FileProblem(
            text(
                "{file}, row {row}: the row has not as many cells as the header.",
                file=file.name,
                row=int(broken[0]),
            )
        )
    frame = pl.DataFrame(
        {name: cleaned(found.cells[str(i)]) for i, name in zip(named, names, strict=True)}
    )
    progress(text("Reading {file}", file=file.name), 1, 1)
    return frame, reading_of(found)


def reading_of(
    sheet: Sheet,
    matched: Mapping[str, str] | None = None,
    ignored: tuple[str, ...] = (),
    years_only: tuple[str, ...] = (),
) -> Reading:
    return Reading(
        format=sheet.format,
        encoding=sheet.encoding,
        separator=sheet.separator,
        sheet=sheet.name,
        header_row=sheet.header_row,
        matched=dict(matched or {}),
        ignored=ignored,
        years_only=years_only,
    )


def no_rows(file: Path, sheet: Sheet) -> FileProblem:
    return FileProblem(
        text(
            "{file}: there is a header in row {row} but no rows below it.",
            file=file.name,
            row=sheet.header_row,
        )
    )


def two_columns(file: Path, sheet: Sheet, column: str, headers: list[str]) -> FileProblem:
    """Two columns of the file answer to one name: we do not choose for the user."""
    return FileProblem(
        text(
            "{file}, row {row}: more than one column of the file matches {column}: {headers}. "
            "Rename one, or name the right one in a profile.",
            file=file.name,
            row=sheet.header_row,
            column=column,
            headers=", ".join(f'"{unless_personal(header)}"' for header in headers),
        )
    )


def _is_markup(data: bytes) -> bool:
    start = data[:4000].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0").replace(b"\0", b"").lower()
    return start.startswith(
        (b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta", b"<head", b"<workbook")
    )


def _read_parquet(data: bytes, file: Path) -> Sheet:
    try:
        held = parquet.read_metadata(io.BytesIO(data))
        refuse_cells(held.num_rows, held.num_columns, file, MOST_PARQUET)
        frame = pl.read_parquet(io.BytesIO(data))
        cells = frame.select(pl.all().cast(pl.String))
    except (pl.exceptions.PolarsError, OSError, pa.ArrowException) as fault:
        raise FileProblem(
            text(
                "{file}: this Parquet file cannot be read: it is damaged or holds nested columns.",
                file=file.name,
            )
        ) from fault
    return Sheet(
        headers=tuple(frame.columns),
        cells=cells.rename({name: str(i) for i, name in enumerate(frame.columns)}),
        rows=pl.int_range(1, frame.height + 1, eager=True),
        broken=pl.repeat(None, frame.height, dtype=pl.String, eager=True),
        header_row=0,
        format="parquet",
    )
