"""What every reader makes of a file: one sheet of strings with the header found."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import polars as pl

from otdacha.errors import FileProblem
from otdacha.language import text
from otdacha.records.headers import SEARCHED, Header, find_header, folded, is_numbering

_TOTAL = r"(?i)^(?:итого|всего|total)(?:\s*:|\s+(?:по|за|на|в)\s.*)?$"
_PIECE = 100_000


@dataclass(frozen=True)
class Sheet:
    """A sheet as it was read, before any column has a meaning.

    headers: the columns' names as written; "" where a column has none; they may repeat.
    cells: strings, columns "0", "1", ... as wide as `headers`; blank cells are null or blank.
    rows: the 1-based row of the file for every row of `cells`.
    broken: a reason code for rows that are no whole rows, else null.
    from_1904: bare numbers count days from 1904.
    """

    headers: tuple[str, ...]
    cells: pl.DataFrame
    rows: pl.Series
    broken: pl.Series
    header_row: int
    format: str
    encoding: str | None = None
    separator: str | None = None
    name: str | None = None
    from_1904: bool = False


def top_of(frame: pl.DataFrame) -> list[tuple[str | None, ...]]:
    return frame.head(SEARCHED).rows()


def known_in(header: Header, known: Collection[str]) -> int:
    """How many of the names that are looked for the header holds."""
    return len({folded(name) for name in header.names}.intersection(known))


def cut(
    frame: pl.DataFrame,
    header: Header,
    known: Collection[str],
    *,
    format: str,
    broken: pl.Series | None = None,
    encoding: str | None = None,
    separator: str | None = None,
    name: str | None = None,
) -> Sheet:
    """The sheet below its header: without title, numbering row and rows that are wholly blank.

    frame: every row of the file from its first, strings, in file order.
    """
    frame = frame.rename({old: str(i) for i, old in enumerate(frame.columns)})
    names = [*header.names, *[""] * frame.width][: frame.width]
    first = header.bottom + 1
    # Only under a header that is a known form: in an unknown table 1 2 3 4 may be figures.
    known_form = known_in(header, known) > 1
    if known_form and first < frame.height and is_numbering(frame.row(first)):
        first += 1
    if broken is None:
        broken = pl.repeat(None, frame.height, dtype=pl.String, eager=True)
    if known_form:
        broken = _with_no_records(frame, broken, header.bottom)
    blank = pl.all_horizontal(pl.all().is_null() | (pl.all().str.strip_chars() == ""))
    kept = (
        frame.with_row_index("_row", offset=1)
        .with_columns(pl.col("_row").cast(pl.Int64), broken.alias("_broken"))
        .slice(first)
        .filter(~frame.slice(first).select(blank.alias("blank"))["blank"])
    )
    return Sheet(
        headers=tuple(names),
        cells=kept.drop("_row", "_broken"),
        rows=kept["_row"],
        broken=kept["_broken"],
        header_row=header.bottom + 1,
        format=format,
        encoding=encoding,
        separator=separator,
        name=name,
    )


def _with_no_records(frame: pl.DataFrame, broken: pl.Series, bottom: int) -> pl.Series:
    """The reasons of `broken`, and those of rows that are no records: the header come again, with
    what stands above and under it, and totals."""
    head = _said(frame.head(bottom + 1)).rows()
    reasons = pl.DataFrame({"broken": broken, "found": _found(frame, head)})
    return reasons.select(pl.coalesce("broken", "found").alias("broken"))["broken"]


def _found(frame: pl.DataFrame, head: list[tuple[str | None, ...]]) -> pl.Series:
    """For each row the reason why it is no record, or null."""
    pieces = []
    numbered = False  # the row above is a header come again
    for start in range(0, frame.height, _PIECE):
        said = _said(frame.slice(start, _PIECE))
        again = _rows_of(said, head)
        first = frozenset({0}) if numbered else frozenset()
        again |= {at for at in {at + 1 for at in again} | first
                  if at < said.height and is_numbering(said.row(at))}  # fmt: skip
        numbered = said.height - 1 in again
        total = pl.coalesce(pl.all()).str.contains(_TOTAL)
        reason = pl.when(pl.int_range(pl.len()).is_in(list(again))).then(pl.lit("repeated_header"))
        pieces.append(said.select(reason.when(total).then(pl.lit("total_row")).alias("found")))
    return pl.concat(pieces)["found"] if pieces else pl.Series("found", [], pl.String)


def _said(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select(pl.all().str.strip_chars(" \t\r\n\u00a0\ufeff").replace("", None))


def _rows_of(said: pl.DataFrame, head: list[tuple[str | None, ...]]) -> set[int]:
    """The places of rows that stand in the header or above it, cell for cell."""
    again: set[int] = set()
    for top in head:
        filled = next((i for i, cell in enumerate(top) if cell is not None), None)
        if filled is not None:
            alike = (said.to_series(filled) == top[filled]).arg_true().to_list()
            again |= {at for at in alike if said.row(at) == top}
    return again


def header_of(
    rows: Sequence[Sequence[str | None]], file: str, known: Collection[str], header_row: int | None
) -> Header:
    """The header, or FileProblem where there is none."""
    header = find_header(rows, known, None if header_row is None else header_row - 1)
    if header is None and header_row is not None:
        raise FileProblem(
            text(
                "{file}: row {row} cannot be the header: it is not among the first {searched}.",
                file=file,
                row=header_row,
                searched=SEARCHED,
            )
        )
    if header is None or not any(header.names):
        raise no_header(file)
    return header


def no_header(file: str) -> FileProblem:
    return FileProblem(
        text("{file}: the file is empty: no header and no rows were found.", file=file)
    )
