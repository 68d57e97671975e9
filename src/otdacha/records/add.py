"""The door: one file goes into one table, as typed rows and rejected rows, and nothing is lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl

from otdacha.errors import FileProblem
from otdacha.language import text
from otdacha.progress import Progress, silent
from otdacha.records.batching import known_by_both, known_by_name, superseding
from otdacha.records.cards import (
    Batch,
    account,
    batch_name,
    generation,
    in_force,
    next_order,
    now,
)
from otdacha.records.cells import years_only
from otdacha.records.corrections import Correction, doubts, root_of, taken_rows
from otdacha.records.current import frame
from otdacha.records.judging import judge
from otdacha.records.matching import Matching
from otdacha.records.mentioned import Mentioned, mentioned
from otdacha.records.personal import unless_personal
from otdacha.records.profiles import Profile
from otdacha.records.pseudonyms import renewed_columns
from otdacha.records.reading import Reading, reading_of
from otdacha.records.register import TERRITORIES
from otdacha.records.request import Request, requested
from otdacha.records.sheet import Sheet
from otdacha.records.store import locked, store
from otdacha.records.workspace import Workspace


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

    A file of corrections (`otdacha.records.write_corrections`) is known by itself, brings profile
    and constants with it, and only its corrected rows are taken.

    Raises FileProblem where the file is no table for this table, and WorkspaceProblem where the
    workspace cannot be written; either leaves the workspace as it was.
    """
    request = requested(table, Path(file), profile, constants, sheet)
    there = _already_there(workspace, request)
    if there is not None:
        return there

    name = request.file.name
    shown = unless_personal(name)
    progress(text("Reading {file}", file=shown), 0, 3)
    taken = _taken(workspace, request)
    read = request.read()
    request = request.without_data()
    if request.correction is not None:
        read = replace(read, broken=doubts(workspace, request.correction))
    matching = request.matching(read)
    people = mentioned(request.table, read, matching.columns)

    shown = people.masked(name)
    progress(text("Checking {file}", file=shown), 1, 3)
    keys = workspace.pseudonym_keys()
    judged = judge(
        request,
        read,
        matching,
        people,
        keys,
        least_hours=workspace.methodology().minimum.training_hours,
        territories=_territories(workspace, request),
    )

    progress(text("Writing {file}", file=shown), 2, 3)
    with locked(workspace):
        there = _already_there(workspace, request)
        if there is not None:  # somebody else has added the same file meanwhile
            return there
        if taken != _taken(workspace, request):
            raise FileProblem(
                text(
                    "{file}: somebody else has just added corrections of the same file. Nothing "
                    "was taken; add it again.",
                    file=name,
                )
            )
        # the key may have been changed meanwhile
        since = workspace.pseudonym_keys()[len(keys) :]
        rows = renewed_columns(judged.rows, request.table.pseudonyms, since)
        batch = Batch(
            id=_name(workspace, request),
            table=table,
            source=shown,
            source_hash=request.source_hash,
            profile=people.masked(request.rules.name) or None,
            added=now(),
            by=account(),
            order=next_order(workspace),
            accepted=judged.accepted.len(),
            rejected=judged.rejected["row"].n_unique(),
            superseding=superseding(workspace, request.table, rows),
            reading=_masked_reading(read, matching, people, request.rules),
            reasons=judged.reasons,
            stored=rows.height,
            by_name=known_by_name(request.table, rows),
            both=known_by_both(request.table, rows),
            **_corrects(request.correction, judged.accepted),
        )
        rows = rows.with_columns(pl.lit(batch.id).alias("_batch"))
        batch = store(workspace, batch, rows, judged.rejected)
    progress(text("Writing {file}", file=shown), 3, 3)
    return batch


def _territories(workspace: Workspace, request: Request) -> pl.DataFrame | None:
    """What the register says of territories, where the file may tell of statistics by territory."""
    if request.table.name != "statistics":
        return None
    return frame(workspace, "municipalities").select(TERRITORIES.names()).drop_nulls("territory")


def _name(workspace: Workspace, request: Request) -> str:
    content = request.content_id
    return batch_name(content, generation(workspace, content))


def _already_there(workspace: Workspace, request: Request) -> Batch | None:
    return in_force(workspace, _name(workspace, request))


def _taken(workspace: Workspace, request: Request) -> frozenset[int]:
    """Of a file of corrections the rows that were taken before; FileProblem where this workspace
    has not what they correct."""
    if request.correction is None:
        return frozenset()
    return taken_rows(workspace, root_of(workspace, request.correction.origin, request.file).id)


def _masked_reading(sheet: Sheet, matching: Matching, people: Mentioned, rules: Profile) -> Reading:
    """How the file was understood, without the names of people in names of sheets and columns."""
    matched = {name: people.masked(header) for name, header in matching.matched.items()}
    ignored = tuple(map(people.masked, matching.ignored))
    reading = reading_of(sheet, matched, ignored, years_only=years_only(rules, matching))
    return replace(reading, sheet=people.masked(sheet.name) if sheet.name else sheet.name)


def _corrects(correction: Correction | None, accepted: pl.Series) -> dict[str, Any]:
    """What the card of a batch of corrections says beyond any other's. accepted: numbers of rows in
    the file of corrections."""
    if correction is None:
        return {}
    taken = correction.source_row.filter(correction.sheet.rows.is_in(accepted.implode()))
    return {"corrects": correction.origin.batch, "corrected_rows": tuple(sorted(taken))}
