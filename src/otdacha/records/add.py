"""The door: one file goes into one table, as typed rows and rejected rows, and nothing is lost."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import polars as pl

from otdacha.errors import FileProblem
from otdacha.language import text
from otdacha.progress import Progress, silent
from otdacha.records.checks import Faults, check_keys, check_rows
from otdacha.records.cleaning import cleaned
from otdacha.records.columns import typed_columns
from otdacha.records.corrections import (
    Correction,
    correction_in,
    doubts,
    refuse_nameless,
    root_of,
    taken_rows,
)
from otdacha.records.headers import folded
from otdacha.records.matching import Matching, match, wanted
from otdacha.records.mentioned import Mentioned, mentioned
from otdacha.records.people import BY_NAME
from otdacha.records.personal import HIDDEN, shape_of, unless_personal
from otdacha.records.profiles import Profile
from otdacha.records.pseudonyms import Keys, renewed_columns
from otdacha.records.reading import Reading, no_rows, read_bytes, read_sheet, reading_of
from otdacha.records.sheet import Sheet
from otdacha.records.store import (
    Batch,
    account,
    batch_name,
    batches,
    generation,
    in_force,
    locked,
    next_order,
    now,
    store,
    stored_rows,
)
from otdacha.records.tables import PERSONAL, TABLES, Table
from otdacha.records.values import translated
from otdacha.records.workspace import Workspace

REJECTED = pl.Schema(
    {"row": pl.Int64, "column": pl.String, "value": pl.String, "reason": pl.String}
)
_BY_NAME_ONLY = pl.col("person").str.starts_with(BY_NAME)
_BY_BOTH = ~_BY_NAME_ONLY & pl.col("person_by_name").is_not_null()


def add(
    workspace: Workspace,
    table: str,
    file: Path,
    *,
    profile: Profile | None = None,
    constants: Mapping[str, str] | None = None,
    progress: Progress = silent,
) -> Batch:
    """Add the rows of a file to a table of the workspace.

    Each row of the file is accepted, typed and pseudonymised, or rejected with its reasons; the
    counts are in the batch, the rejected rows in `rejected_rows`. The same content again (table,
    bytes, profile, constants) changes nothing and gives back the batch that is there, with
    `already_there`. constants: inputs of the table that are the same in each row of this file;
    they come before the profile's and before the file's own columns.

    A file of corrections (`otdacha.records.write_corrections`) is known by itself, brings profile
    and constants with it, and only its corrected rows are taken.

    Raises FileProblem where the file is no table for this table, and WorkspaceProblem where the
    workspace cannot be written; either leaves the workspace as it was.
    """
    chosen = _table(table, profile)
    file = Path(file)
    fixed = fixed_constants(chosen, profile, constants or {})
    data = read_bytes(file)
    source_hash = sha256(data).hexdigest()
    correction = correction_in(data, file)
    if correction is not None:
        _refuse_other_mapping(correction, table, file, profile, constants)
        profile, fixed = correction.origin.profile, correction.origin.constants
    content = content_id(table, source_hash, profile, fixed)
    there = in_force(workspace, batch_name(content, generation(workspace, content)))
    if there is not None:
        return there

    shown = unless_personal(file.name)
    progress(text("Reading {file}", file=shown), 0, 3)
    if correction is None:
        sheet = read_for(chosen, data, file, profile)
        refuse_nameless(sheet, file)
    else:
        root_of(workspace, correction.origin, file)
        taken = taken_rows(workspace, correction.origin.batch)
        sheet = replace(correction.sheet, broken=doubts(workspace, correction))
    matching = match(chosen, sheet, file, profile, fixed)
    people = mentioned(chosen, sheet, matching.columns)

    shown = people.masked(file.name)
    progress(text("Checking {file}", file=shown), 1, 3)
    keys = workspace.pseudonym_keys()
    accepted, rejected, counts = _judge(
        chosen, sheet, matching, people, profile, fixed, workspace, keys
    )

    progress(text("Writing {file}", file=shown), 2, 3)
    with locked(workspace):
        name = batch_name(content, generation(workspace, content))
        there = in_force(workspace, name)
        if there is not None:  # somebody else has added the same file meanwhile
            return there
        if correction is not None and taken != taken_rows(workspace, correction.origin.batch):
            raise FileProblem(
                text(
                    "{file}: somebody else has just added corrections of the same file. Nothing "
                    "was taken; add it again.",
                    file=file.name,
                )
            )
        # the key may have been changed meanwhile
        since = workspace.pseudonym_keys()[len(keys) :]
        accepted = renewed_columns(accepted, chosen.pseudonyms, since)
        batch = Batch(
            id=name,
            table=table,
            source=shown,
            source_hash=source_hash,
            profile=people.masked(profile.name) if profile else None,
            added=now(),
            by=account(),
            order=next_order(workspace),
            accepted=accepted.height,
            rejected=rejected["row"].n_unique(),
            superseding=_superseding(workspace, chosen, accepted),
            reading=_masked_reading(sheet, matching, people),
            reasons=counts,
            **({} if correction is None else _corrects(correction, accepted)),
            by_name=_known_by(chosen, accepted, _BY_NAME_ONLY),
            both=_known_by(chosen, accepted, _BY_BOTH),
        )
        store(workspace, batch, accepted.with_columns(pl.lit(name).alias("_batch")), rejected)
    progress(text("Writing {file}", file=shown), 3, 3)
    return batch


def _masked_reading(sheet: Sheet, matching: Matching, people: Mentioned) -> Reading:
    """How the file was understood, without the names of people in names of sheets and columns."""
    matched = {name: people.masked(header) for name, header in matching.matched.items()}
    reading = reading_of(sheet, matched, tuple(map(people.masked, matching.ignored)))
    return replace(reading, sheet=people.masked(sheet.name) if sheet.name else sheet.name)


def _judge(
    table: Table,
    sheet: Sheet,
    matching: Matching,
    people: Mentioned,
    profile: Profile | None,
    constants: Mapping[str, str],
    workspace: Workspace,
    keys: Keys,
) -> tuple[pl.DataFrame, pl.DataFrame, dict[str, int]]:
    """Accepted rows (stored columns, `_batch` not yet filled), rejected rows, counts by reason."""
    height = sheet.cells.height
    cells = _cells(table, sheet, matching, profile, constants)
    faults = Faults(height)
    faults.add_each(sheet.broken, None, None)
    typed = typed_columns(
        table,
        cells,
        height,
        faults,
        keys=keys,
        date_forms=profile.dates if profile else (),
    )
    check_rows(
        table,
        typed,
        cells,
        faults,
        people,
        least_hours=workspace.methodology().minimum.training_hours,
        today=dt.date.today(),
    )
    check_keys(table, typed, sheet.cells.hash_rows(seed=0), cells, faults)
    found = faults.frame()
    if sheet.broken.null_count() < height:
        # A row that is no whole row has its reason: what its cells seem to say means nothing.
        broken = found.filter(pl.col("reason").is_in(["too_many_cells", "broken_row"]))["at"]
        about_cells = pl.col("column").is_not_null() & pl.col("at").is_in(broken.implode())
        found = found.filter(~about_cells)
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
            cells[name] = cleaned(sheet.cells[matching.columns[name]], nothing)
            if name in meanings:
                cells[name] = translated(cells[name], meanings[name])
    return cells


def _masked(table: Table, faults: pl.DataFrame) -> pl.DataFrame:
    """Faults with their values as they may be stored."""

    def shown(fault: dict[str, str | None]) -> str | None:
        value, column, reason = fault["value"], fault["column"] or "", fault["reason"]
        kind = table.inputs.get(column, "")
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


def _corrects(correction: Correction, accepted: pl.DataFrame) -> dict[str, Any]:
    """What the card of a batch of corrections says beyond any other's."""
    taken = correction.source_row.filter(
        correction.sheet.rows.is_in(accepted["_row"].implode())
    )  # fmt: skip
    return {"corrects": correction.origin.batch, "corrected_rows": tuple(sorted(taken))}


def _refuse_other_mapping(
    correction: Correction,
    table: str,
    file: Path,
    profile: Profile | None,
    constants: Mapping[str, str] | None,
) -> None:
    """A file of corrections goes where its rows came from, and is read as they were."""
    origin = correction.origin
    if origin.table != table:
        raise FileProblem(
            text(
                "{file}: these are corrections of rows of the table {other}, not of {table}.",
                file=file.name,
                other=origin.table,
                table=table,
            )
        )
    other_profile = profile is not None and profile != origin.profile
    if other_profile or any(origin.constants.get(k) != v for k, v in (constants or {}).items()):
        raise FileProblem(
            text(
                "{file}: a file of corrections is read as the file that it corrects. Leave the "
                "profile and the constants out.",
                file=file.name,
            )
        )


def read_for(table: Table, data: bytes, file: Path, profile: Profile | None) -> Sheet:
    """The sheet in the bytes of a file that is to go into `table`; FileProblem without rows."""
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
    return int(joined.select(pl.len()).collect().item())


def _known_by(table: Table, accepted: pl.DataFrame, how: pl.Expr) -> int:
    """Accepted rows whose person is known in this way."""
    return accepted.filter(how).height if table.identifies_people else 0


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


def fixed_constants(
    table: Table, profile: Profile | None, given: Mapping[str, str]
) -> Mapping[str, str]:
    """The inputs that are the same in each row; FileProblem where the table has no such input."""
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


def content_id(
    table: str, source_hash: str, profile: Profile | None, constants: Mapping[str, str]
) -> str:
    """Names what is added: the table, the bytes, and how they are read."""
    parts = [table, source_hash, profile.hash if profile else None, sorted(constants.items())]
    return sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()[:20]
