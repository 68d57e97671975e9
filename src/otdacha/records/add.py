"""The door: one file goes into one table, as typed rows and rejected rows, and nothing is lost."""

from __future__ import annotations

import datetime as dt
import getpass
import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

import polars as pl

from otdacha.errors import FileProblem
from otdacha.language import text
from otdacha.progress import Progress, silent
from otdacha.records.checks import Faults, check_keys, check_rows, notes_told, without_errors
from otdacha.records.cleaning import cleaned
from otdacha.records.columns import typed_columns
from otdacha.records.headers import folded
from otdacha.records.matching import Matching, match, wanted
from otdacha.records.personal import HIDDEN, shape_of, unless_personal
from otdacha.records.profiles import Profile
from otdacha.records.reading import no_rows, read_bytes, read_sheet, reading_of
from otdacha.records.sheet import Sheet
from otdacha.records.store import (
    Batch,
    batch_name,
    batches,
    generation,
    in_force,
    locked,
    next_order,
    now,
    refuse_damaged,
    store,
    stored_rows,
)
from otdacha.records.tables import PERSONAL, TABLES, Table
from otdacha.records.values import from_1900, translated
from otdacha.records.workspace import Workspace

REJECTED = pl.Schema(
    {"row": pl.Int64, "column": pl.String, "value": pl.String, "reason": pl.String}
)


def add(
    workspace: Workspace,
    table: str,
    file: Path,
    *,
    profile: Profile | None = None,
    constants: Mapping[str, str] | None = None,
    sheet: str | None = None,
    progress: Progress = silent,
) -> Batch:
    """Add the rows of a file to a table of the workspace.

    Each row of the file is accepted, typed and pseudonymised, or rejected with its reasons; the
    counts are in the batch, the rejected rows in `rejected_rows`. The same content again (table,
    bytes, profile, constants) changes nothing and gives back the batch that is there, with
    `already_there`. constants: inputs of the table that are the same in each row of this file;
    they come before the profile's and before the file's own columns. sheet: which sheet of a
    workbook to read, where several would fit; it comes before the profile's.

    Raises FileProblem where the file is no table for this table, and WorkspaceProblem where the
    workspace cannot be written; either leaves the workspace as it was.
    """
    chosen = _table(table, profile)
    file = Path(file)
    fixed = _constants(chosen, profile, constants or {})
    if sheet is not None:
        base = profile or Profile(table=table, aliases=True)
        profile = base.model_copy(update={"sheet": sheet})
    data = read_bytes(file)
    source_hash = sha256(data).hexdigest()
    content_id = _content_id(table, source_hash, profile, fixed)
    there = in_force(workspace, batch_name(content_id, generation(workspace, content_id)))
    if there is not None:
        return there

    progress(text("Reading {file}", file=file.name), 0, 3)
    read = _read(chosen, data, file, profile)
    del data  # as large as the file
    matching = match(chosen, read, file, profile, fixed)

    progress(text("Checking {file}", file=file.name), 1, 3)
    accepted, rejected, counts = _judge(chosen, read, matching, profile, fixed, workspace)

    progress(text("Writing {file}", file=file.name), 2, 3)
    with locked(workspace):
        name = batch_name(content_id, generation(workspace, content_id))
        there = in_force(workspace, name)
        if there is not None:  # somebody else has added the same file meanwhile
            return there
        batch = Batch(
            id=name,
            table=table,
            source=unless_personal(file.name),
            source_hash=source_hash,
            profile=profile.name or None if profile else None,
            added=now(),
            by=_account(),
            order=next_order(workspace),
            accepted=accepted.height,
            rejected=rejected["row"].n_unique(),
            superseding=_superseding(workspace, chosen, accepted),
            reading=reading_of(read, matching.matched, matching.ignored),
            reasons=counts,
        )
        accepted = accepted.with_columns(pl.lit(name).alias("_batch"))
        batch = store(workspace, batch, accepted, rejected)
    progress(text("Writing {file}", file=file.name), 3, 3)
    return batch


def _judge(
    table: Table,
    sheet: Sheet,
    matching: Matching,
    profile: Profile | None,
    constants: Mapping[str, str],
    workspace: Workspace,
) -> tuple[pl.DataFrame, pl.DataFrame, dict[str, int]]:
    """Accepted rows (stored columns, `_batch` not yet filled), rejected rows, counts by reason."""
    height = sheet.cells.height
    faults = Faults(height)
    cells = _cells(table, sheet, matching, profile, constants, faults)
    faults.add_each(sheet.broken, None, None)
    typed = typed_columns(
        table,
        cells,
        height,
        faults,
        key=workspace.pseudonym_key(),
        date_forms=profile.dates if profile else (),
    )
    check_rows(
        table,
        typed,
        cells,
        faults,
        least_hours=workspace.methodology().minimum.training_hours,
        today=dt.date.today(),
    )
    check_keys(table, typed, sheet.cells.hash_rows(seed=0), cells, faults)
    found = faults.frame()
    if sheet.broken.null_count() < height:
        # A row that is no whole row has its reason: what its cells seem to say means nothing.
        broken = sheet.broken.is_not_null().arg_true().implode()
        about_cells = pl.col("column").is_not_null() & pl.col("at").is_in(broken)
        found = found.filter(~about_cells)
    found = notes_told(found, sheet.cells)
    accepted = (
        typed.with_columns(pl.lit(None, pl.String).alias("_batch"), sheet.rows.alias("_row"))
        .filter(~faults.faulty())
        .select(table.columns.names())
    )
    rejected = _masked(table, found).with_columns(sheet.rows.gather(found["at"]).alias("row"))
    rejected = rejected.select(REJECTED.names())
    _assert_nothing_lost(height, accepted, rejected)
    counts = rejected.group_by("reason").agg(pl.col("row").n_unique().alias("rows"))
    ordered = counts.sort(["rows", "reason"], descending=[True, False])
    return accepted, rejected, dict(ordered.iter_rows())


def _cells(
    table: Table,
    sheet: Sheet,
    matching: Matching,
    profile: Profile | None,
    constants: Mapping[str, str],
    faults: Faults,
) -> dict[str, pl.Series]:
    """The cleaned strings of each input that the file or a constant fills."""
    nothing = frozenset(cell.casefold() for cell in profile.missing) if profile else frozenset()
    meanings = profile.values if profile else {}
    cells = {}
    for name in table.inputs:
        if name in constants:
            constant = pl.repeat(constants[name], sheet.cells.height, dtype=pl.String, eager=True)
            cells[name] = cleaned(constant)
        elif name in matching.columns:
            read = cleaned(sheet.cells[matching.columns[name]], nothing)
            cells[name] = without_errors(read, name, faults)
            if sheet.from_1904 and table.inputs[name] in ("date", "month", "birth_date"):
                cells[name] = from_1900(cells[name])
            if name in meanings:
                cells[name] = translated(cells[name], meanings[name])
    return cells


def _masked(table: Table, faults: pl.DataFrame) -> pl.DataFrame:
    """Faults with their values as they may be stored."""

    def shown(fault: dict[str, str | None]) -> str | None:
        value, column, reason = fault["value"], fault["column"] or "", fault["reason"]
        kind = table.inputs.get(column, "")
        if reason == "error_cell":
            return value
        if value is None or reason == "personal_data" or kind in PERSONAL:
            return None if value is None else HIDDEN
        if reason == "another_name":
            return unless_personal(value)
        # The first row of this key is accepted: its key is stored as it is.
        if kind == "text" and reason in ("repeated_key", "repeated_row"):
            return value
        organisation = kind == "inn" and value.isdigit() and len(value) == 10 and value[0] != "9"
        return value if organisation else shape_of(value)

    distinct = faults.select("value", "column", "reason").unique()
    masks = distinct.with_columns(
        pl.Series("shown", [shown(fault) for fault in distinct.iter_rows(named=True)], pl.String)
    )
    return (
        faults.join(
            masks,
            on=["value", "column", "reason"],
            how="left",
            nulls_equal=True,
            maintain_order="left",
        )
        .drop("value")
        .rename({"shown": "value"})
    )


def _assert_nothing_lost(height: int, accepted: pl.DataFrame, rejected: pl.DataFrame) -> None:
    counted = accepted.height + rejected["row"].n_unique()
    if counted != height:
        raise AssertionError(
            f"{height} rows were read but {counted} are accepted or rejected: this is our fault"
        )


def _read(table: Table, data: bytes, file: Path, profile: Profile | None) -> Sheet:
    names = {folded(name) for headers in wanted(table, profile).values() for name in headers}
    sheet = read_sheet(
        data,
        file,
        known=names,
        encoding=profile.encoding if profile else None,
        separator=profile.separator if profile else None,
        sheet=profile.sheet if profile else None,
        header_row=profile.header_row if profile else None,
    )
    if sheet.cells.is_empty():
        raise no_rows(file, sheet)
    return sheet


def _superseding(workspace: Workspace, table: Table, accepted: pl.DataFrame) -> int:
    """Accepted rows whose key is held by a batch in force."""
    earlier = [
        stored_rows(workspace, table.name, batch.id)
        for batch in batches(workspace)
        if batch.table == table.name
    ]
    if not earlier or accepted.is_empty():
        return 0
    # a key is as old as its table, other columns may be younger than a batch
    held = pl.concat([pl.scan_parquet(batch).select(table.key) for batch in earlier])
    new = accepted.lazy().select(table.key)
    joined = new.join(held, on=list(table.key), how="semi", nulls_equal=True)
    try:
        return int(joined.select(pl.len()).collect().item())
    except pl.exceptions.PolarsError:
        refuse_damaged(workspace)
        raise


def _table(name: str, profile: Profile | None) -> Table:
    if name not in TABLES:
        raise FileProblem(
            text(
                "There is no table {table}. Tables: {tables}.",
                table=name,
                tables=", ".join(TABLES),
            )
        )
    if profile is not None and profile.table != name:
        raise FileProblem(
            text(
                "The profile {profile} is for the table {other}, not for {table}.",
                profile=profile.name,
                other=profile.table,
                table=name,
            )
        )
    return TABLES[name]


def _constants(table: Table, profile: Profile | None, given: Mapping[str, str]) -> dict[str, str]:
    for name in given:
        if name not in table.inputs:
            raise FileProblem(
                text(
                    "{table} has no column {column}. Columns: {columns}.",
                    table=table.name,
                    column=name,
                    columns=", ".join(table.inputs),
                )
            )
    return {**(profile.constants if profile else {}), **given}


def _content_id(
    table: str, source_hash: str, profile: Profile | None, constants: Mapping[str, str]
) -> str:
    parts = [table, source_hash, profile.hash if profile else None, sorted(constants.items())]
    return sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()[:20]


def _account() -> str:
    """Who adds: the name of the account, as far as the system knows one."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""
