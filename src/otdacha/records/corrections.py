"""A file of rejected rows that comes back corrected: only the corrected rows are taken.

The file is a workbook that `otdacha.records.write_corrections` wrote from the user's own source
file: the rejected rows with their cells as they were, the number of each in the source, and a
hidden sheet that says which batch rejected them. Names may stand in it, so it never lies in the
workspace. The history stays: the batch that rejected the rows is not touched, and the batch of the
corrected ones says what it corrects.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import fastexcel
import polars as pl

from otdacha.errors import FileProblem
from otdacha.language import LANGUAGES, text
from otdacha.records.cards import Batch, batches
from otdacha.records.cleaning import cleaned
from otdacha.records.profiles import Profile
from otdacha.records.sheet import Sheet
from otdacha.records.spreadsheets import read_workbook
from otdacha.records.store import rejected_rows
from otdacha.records.unpacking import names_sheet
from otdacha.records.workspace import Workspace

HIDDEN_SHEET = "otdacha-corrections"
"""The sheet that tells a file of rows to correct from any other workbook."""

NOT_TAKEN = frozenset({"not_to_correct", "corrected_before", "corrected_twice", "not_corrected"})
"""Why a row that comes back is not taken; what is wrong with its cells is said beside it."""

NO_RECORD = frozenset({"repeated_header", "total_row", "note_row"})
"""Reasons of rows that nobody needs to correct."""

ROW_HEADER = text("Row in the source file")
WHY_HEADER = text("What is wrong")
_LONGEST_WORD = 30_000
OF_OURS = frozenset(header.said(lang) for header in (ROW_HEADER, WHY_HEADER) for lang in LANGUAGES)
"""Headers of the columns that were added to the user's own."""


@dataclass(frozen=True)
class Origin:
    """Where the rows of a file of corrections come from; it is written into the file.

    batch: the batch that rejected them; where they were rejected again, still the first.
    constants: all that hold for the source, the profile's too. headers: the columns of the source
    that were read.
    """

    batch: str
    table: str
    profile: Profile | None
    constants: Mapping[str, str]
    headers: tuple[str, ...]

    def packed(self) -> list[str]:
        """In words of ASCII, short enough for a cell each, that no spreadsheet program changes."""
        profile = None if self.profile is None else self.profile.model_dump(mode="json")
        content = json.dumps({**self.__dict__, "profile": profile}, ensure_ascii=False)
        word = base64.b64encode(content.encode()).decode()
        return [word[i : i + _LONGEST_WORD] for i in range(0, len(word), _LONGEST_WORD)]

    @classmethod
    def unpacked(cls, words: Sequence[str]) -> Origin:
        given: dict[str, Any] = json.loads(base64.b64decode("".join(words), validate=True))
        profile = given.pop("profile")
        return cls(
            **{**given, "headers": tuple(given["headers"])},
            profile=None if profile is None else Profile.model_validate(profile),
        )


@dataclass(frozen=True)
class Correction:
    """A file of corrections that came back.

    sheet: its rows, as any other sheet, without the columns that are ours. source_row: for each
    row its number in the source, null where there is none. changed: whether a cell of it differs
    from what was rejected.
    """

    origin: Origin
    sheet: Sheet
    source_row: pl.Series
    changed: pl.Series


def fingerprints(cells: Sequence[pl.Series], height: int) -> pl.Series:
    """A hash for each row of cells as they are read, so that blanks at the edges do not matter."""
    visible = [cleaned(column).to_list() for column in cells]
    rows = zip(*visible, strict=True) if visible else [()] * height
    return pl.Series(
        [
            sha256(json.dumps(row, ensure_ascii=False).encode()).hexdigest()[:16] for row in rows
        ],
        dtype=pl.String,
    )  # fmt: skip


def correction_in(data: bytes, file: Path) -> Correction | None:
    """The corrections in the bytes of a file; None where it is any other file.

    Raises FileProblem where the hidden sheet was damaged.
    """
    if not data.startswith(b"PK\x03\x04") or not names_sheet(data, HIDDEN_SHEET):
        return None
    try:
        hidden = read_workbook(data, file, sheet=HIDDEN_SHEET, header_row=1)
        origin = Origin.unpacked(hidden.headers)
        was = dict(zip(hidden.cells["0"].cast(pl.Int64), hidden.cells["1"], strict=True))
    except (ValueError, TypeError, KeyError, IndexError, pl.exceptions.PolarsError) as fault:
        raise FileProblem(
            text(
                "{file}: this file of corrections is damaged: its hidden sheet was changed. Have "
                "it written anew: otdacha rejected DIR BATCH --source FILE --out FILE",
                file=file.name,
            )
        ) from fault
    rows = next(name for name in fastexcel.read_excel(data).sheet_names if name != HIDDEN_SHEET)
    sheet = read_workbook(data, file, sheet=rows, header_row=1)
    ours = {name: i for i, name in enumerate(sheet.headers) if name in OF_OURS}
    numbers = [i for name, i in ours.items() if name in _said(ROW_HEADER)]
    if not numbers:
        raise FileProblem(
            text(
                "{file}: the column “{column}” is gone, so nobody knows which rows were corrected. "
                "Put it back, or have the file written anew.",
                file=file.name,
                column=ROW_HEADER,
            )
        )
    source_row = sheet.cells[str(numbers[0])].str.strip_chars().cast(pl.Int64, strict=False)
    theirs = [i for i in range(len(sheet.headers)) if i not in ours.values()]
    places = [_place(sheet, header) for header in origin.headers]
    now = fingerprints([sheet.cells[str(i)] for i in places if i is not None], sheet.rows.len())
    before = source_row.replace_strict(was, default=None, return_dtype=pl.String)
    return Correction(
        origin=origin,
        sheet=_only(sheet, theirs),
        source_row=source_row,
        changed=now.ne_missing(before),
    )


def refuse_nameless(sheet: Sheet, file: Path) -> None:
    """FileProblem for a file of corrections that was saved without its hidden sheet."""
    if {*_said(ROW_HEADER), *_said(WHY_HEADER)} & set(sheet.headers):
        raise FileProblem(
            text(
                "{file}: this is a file of corrections that was saved as text or copied, so it no "
                "longer says which file it corrects. Save the workbook itself as .xlsx.",
                file=file.name,
            )
        )


def root_of(workspace: Workspace, origin: Origin, file: Path) -> Batch:
    """The batch in force that rejected the rows; FileProblem where this workspace has none."""
    for batch in batches(workspace):
        if batch.id == origin.batch:
            return batch
    raise FileProblem(
        text(
            "{file}: these are corrections of the batch {batch}, and {folder} has no such batch, "
            "or it was withdrawn. Add the whole source file instead.",
            file=file.name,
            batch=origin.batch,
            folder=workspace.path,
        )
    )


def taken_rows(workspace: Workspace, root: str) -> frozenset[int]:
    """Rejected rows of a batch, by their number in its file, that were corrected since."""
    correcting = [batch for batch in batches(workspace) if batch.corrects == root]
    return frozenset(row for batch in correcting for row in batch.corrected_rows)


def doubts(workspace: Workspace, correction: Correction) -> pl.Series:
    """Why a row is no correction, for each row a reason code or null.

    not_to_correct: the batch has rejected no row of that number. corrected_before: it was corrected
    and taken. corrected_twice: the number stands above in this file. not_corrected: no cell of it
    was changed.
    """
    root = correction.origin.batch
    to_correct = records_among(rejected_rows(workspace, root))
    row = pl.col("row")
    rows = pl.DataFrame({"row": correction.source_row, "changed": correction.changed})
    reason = (
        pl.when(row.is_null() | ~row.is_in(to_correct.implode()))
        .then(pl.lit("not_to_correct"))
        .when(row.is_in(sorted(taken_rows(workspace, root))))
        .then(pl.lit("corrected_before"))
        .when(~row.is_first_distinct())
        .then(pl.lit("corrected_twice"))
        .when(~pl.col("changed"))
        .then(pl.lit("not_corrected"))
    )
    return rows.select(reason.alias("reason"))["reason"]


def records_among(rejected: pl.DataFrame) -> pl.Series:
    """The numbers of rejected rows that can be put right. Others are no records: the header come
    again, totals, notes."""
    return rejected.filter(~pl.col("reason").is_in(list(NO_RECORD)))["row"].unique()


def _said(header: Any) -> tuple[str, ...]:
    return tuple(header.said(language) for language in LANGUAGES)


def _place(sheet: Sheet, header: str) -> int | None:
    return next((i for i, name in enumerate(sheet.headers) if name == header), None)


def _only(sheet: Sheet, places: Sequence[int]) -> Sheet:
    """The sheet with the columns at these places."""
    cells = sheet.cells.select(
        pl.col(str(place)).alias(str(i)) for i, place in enumerate(places)
    )  # fmt: skip
    return Sheet(
        headers=tuple(sheet.headers[place] for place in places),
        cells=cells,
        rows=sheet.rows,
        broken=sheet.broken,
        header_row=sheet.header_row,
        format=sheet.format,
        name=sheet.name,
    )
