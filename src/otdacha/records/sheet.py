"""What every reader makes of a file: one sheet of strings with the header found."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import polars as pl

from otdacha.errors import FileProblem
from otdacha.language import text
from otdacha.records.cleaning import clean
from otdacha.records.headers import SEARCHED, Cells, Header, find_header, folded, is_numbering

_LEAST_REPEATED = 3
"""Cells of a row that says what the header says; in a narrow table that may be data."""


@dataclass(frozen=True)
class Sheet:
    """A sheet as it was read, before any column has a meaning.

    headers: the columns' names as written; "" where a column has none; they may repeat.
    cells: strings, columns "0", "1", ... as wide as `headers`; blank cells are null or blank.
    rows: the 1-based row of the file for every row of `cells`.
    broken: a reason code for rows that are no whole rows, else null.
    repeated_headers: rows below the header that repeat it, between printed pages; they are out.
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
    repeated_headers: int = 0


def top_of(frame: pl.DataFrame) -> list[tuple[str | None, ...]]:
    return frame.head(SEARCHED).rows()


def known_in(header: Header, known: Collection[str]) -> int:
    """How many of the names that are looked for the header holds."""
    return len({folded(name) for name in header.names} & set(known))


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
    blank = pl.all_horizontal(pl.all().is_null() | (pl.all().str.strip_chars() == ""))
    kept = (
        frame.with_row_index("_row", offset=1)
        .with_columns(
            pl.col("_row").cast(pl.Int64),
            pl.lit(None, pl.String).alias("_broken") if broken is None else broken.alias("_broken"),
        )
        .slice(first)
        .filter(~frame.slice(first).select(blank.alias("blank"))["blank"])
    )
    repeated = _repeats(kept.drop("_row", "_broken"), frame.row(header.bottom))
    kept = kept.filter(~repeated)
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
        repeated_headers=int(repeated.sum()),
    )


def _repeats(cells: pl.DataFrame, header: Cells) -> pl.Series:
    """True for rows that say what the header's last row says, cell by cell."""
    said = [clean(cell) for cell in header]
    filled = [(str(i), name) for i, name in enumerate(said) if name]
    never = pl.repeat(False, cells.height, dtype=pl.Boolean, eager=True)
    if len(filled) < _LEAST_REPEATED or cells.is_empty():
        return never
    # nearly all rows differ in the first two cells: only the others are cleaned and compared
    likely = cells.select(
        pl.all_horizontal(pl.col(i).str.contains(name, literal=True) for i, name in filled[:2])
    ).to_series()
    alike = [
        at
        for at in likely.fill_null(value=False).arg_true()
        if [clean(cell) for cell in cells.row(at)] == said
    ]
    return never.scatter(alike, True) if alike else never


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
        raise FileProblem(
            text("{file}: the file is empty: no header and no rows were found.", file=file)
        )
    return header
