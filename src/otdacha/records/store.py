"""The append-only store: every file lands whole under its name or not at all.

A batch is its typed rows, its rejected rows and, written last, its JSON: a batch exists when the
JSON does. Whatever a crash leaves behind (temporary files, rows without JSON, rows under another
key than the present one, rows of a batch that says it is erased) is not seen by any reader; all but
rows without JSON are swept by the next writer.
"""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from hashlib import file_digest, sha256
from pathlib import Path

import polars as pl

from otdacha.errors import WorkspaceProblem
from otdacha.language import text
from otdacha.records.cards import (
    Batch,
    account,
    as_json,
    batch_card,
    batch_of,
    batches,
    every_batch,
    land_card,
    no_batch,
    now,
    read_card,
    said_erased,
    tombstone,
    withdrawn,
)
from otdacha.records.landing import LEFTOVERS, land
from otdacha.records.locking import locking
from otdacha.records.tables import TABLES
from otdacha.records.workspace import Workspace


def withdraw(workspace: Workspace, batch_id: str, *, erase: bool = False) -> tuple[str, ...]:
    """Put a tombstone on a batch: its rows are out of force from now on. Corrections of its rows
    go with it, and what was made of them. Returns what was withdrawn or erased, the batch itself
    last.

    Nothing is deleted, unless erase: then its rows and its rejected rows are removed for good, also
    those of a batch that was withdrawn before, and its card says when and by whom. What evaluations
    kept goes too. Raises WorkspaceProblem where there is no such batch, or it is withdrawn already
    and is not to be erased.
    """
    with locked(workspace):
        in_force = {batch.id for batch in batches(workspace)}
        if batch_id not in in_force and not (erase and batch_id in withdrawn(workspace)):
            raise no_batch(workspace, batch_id)
        # an interruption between the two leaves the file itself to be withdrawn again
        concerned = [one for one in _depending(workspace, batch_id) if erase or one in in_force]
        for one in (*concerned, batch_id):
            if one in in_force:
                put_out_of_force(workspace, one)
            batch = read_card(batch_card(workspace, one))
            if erase and batch.erased is None:
                land_card(workspace, replace(batch, erased=now(), erased_by=account()))
        if erase:
            sweep(workspace)
    return (*concerned, batch_id)


def _depending(workspace: Workspace, batch_id: str) -> list[str]:
    """Corrections of the batch, and what was made of its rows or of theirs."""
    every = every_batch(workspace)
    roots = {batch_id, *(one.id for one in every if one.corrects == batch_id)}
    return [one.id for one in every if one.corrects == batch_id or roots & {*one.made_of}]


def put_out_of_force(workspace: Workspace, batch_id: str) -> None:
    """Write the tombstone of a batch; the caller holds the lock."""
    said = {"batch": batch_id, "withdrawn": now(), "by": account()}
    land(tombstone(workspace, batch_id), as_json(said))


def rejected_rows(workspace: Workspace, batch_id: str) -> pl.DataFrame:
    """Why rows were rejected: row (1-based, of the file), column, value, reason; one line a reason.

    Values of personal columns are masked, and so is everything else that could hold a person's
    data. Raises WorkspaceProblem where there is no such batch, or its rows were erased.
    """
    path = _rejected_path(workspace, batch_id)
    batch = batch_of(workspace, batch_id)
    if batch.erased is not None:
        raise WorkspaceProblem(said_erased(batch))
    if not path.is_file():
        raise no_batch(workspace, batch_id)
    try:
        return pl.read_parquet(path)
    except (OSError, pl.exceptions.PolarsError) as fault:
        raise damaged_rows(path) from fault


def damaged_rows(path: Path) -> WorkspaceProblem:
    """The rows of a batch cannot be read: the disk has lost them, or somebody has changed them."""
    return WorkspaceProblem(
        text(
            "{file}: the rows of this batch are damaged. Bring the file back from a copy, or "
            "withdraw the batch and add its source again.",
            file=path,
        )
    )


def stored_rows(
    workspace: Workspace, table: str, batch_id: str, generation: int | None = None
) -> Path:
    """The Parquet file with the accepted rows of a batch.

    generation: of the pseudonym key that its people are hashed with, by default the present one.
    """
    return workspace.records / table / f"{batch_id}{_of_key(workspace, table, generation)}.parquet"


def _of_key(workspace: Workspace, table: str, generation: int | None = None) -> str:
    """What file names carry of the key: nothing where there are no people, or it is the first."""
    if not TABLES[table].pseudonyms:
        return ""
    generation = workspace.key_generation() if generation is None else generation
    return f".k{generation}" if generation > 1 else ""


def rows_that_must_be_there(
    workspace: Workspace, found: Iterable[Batch], generation: int
) -> list[Path]:
    """The files with the rows of these batches; WorkspaceProblem where one is gone."""
    files = [stored_rows(workspace, batch.table, batch.id, generation) for batch in found]
    for file in files:
        if not file.is_file():
            raise WorkspaceProblem(
                text(
                    "{file}: the rows of this batch are gone. Bring the file back from a copy, "
                    "or withdraw the batch and add its source again.",
                    file=file,
                )
            )
    return files


def store(
    workspace: Workspace, batch: Batch, accepted: pl.DataFrame, rejected: pl.DataFrame
) -> Batch:
    """Write a batch: rows, rejected rows, and the JSON that makes it exist, in this order; the
    batch with the hash of its rows."""
    rows = as_parquet(accepted)
    batch = replace(batch, rows_hash=sha256(rows).hexdigest())
    land(stored_rows(workspace, batch.table, batch.id), rows)
    land(_rejected_path(workspace, batch.id), as_parquet(rejected))
    land_card(workspace, batch)
    return batch


def refuse_damaged(workspace: Workspace) -> None:
    """Raise WorkspaceProblem where the rows of a batch in force are not those that were stored."""
    renewed = workspace.renewed_rows()
    for batch in batches(workspace):
        path = stored_rows(workspace, batch.table, batch.id)
        known = renewed.get(batch.id, batch.rows_hash)
        if not known or not path.is_file():  # rows that are gone are told by who reads them
            continue
        with path.open("rb") as file:
            if file_digest(file, "sha256").hexdigest() != known:
                raise damaged_rows(path)


@contextmanager
def locked(workspace: Workspace) -> Iterator[None]:
    """One writer at a time; the lock falls with the process that holds it, however that ends."""
    with locking(workspace, workspace.records / ".lock", wait=True):
        sweep(workspace)
        yield


@contextmanager
def steady(workspace: Workspace) -> Iterator[None]:
    """What is read inside is of one key; WorkspaceProblem where the key or the records changed
    under the reader's hands."""
    generation, known = workspace.key_generation(), batches(workspace)
    try:
        yield
    except Exception as fault:
        if (workspace.key_generation(), batches(workspace)) == (generation, known):
            raise
        raise _unsteady(workspace) from fault
    if workspace.key_generation() != generation:
        raise _unsteady(workspace)


def _unsteady(workspace: Workspace) -> WorkspaceProblem:
    return WorkspaceProblem(
        text(
            "{folder}: the records changed while they were read: a batch came or went, or the "
            "pseudonym key was changed. Nothing is lost; give the same command again.",
            folder=workspace.path,
        )
    )


def sweep(workspace: Workspace) -> None:
    """Remove what an interrupted writer left; under the lock no living one owns it.

    That is also: rows under another key than the present one, and rows of erased batches.
    """
    for leftover in workspace.records.glob(f"*/{LEFTOVERS}"):
        leftover.unlink(missing_ok=True)
    stale = [*_of_other_keys(workspace), *_of_erased_batches(workspace)]
    if stale:
        # what evaluations kept goes first: while rows are there, the next sweep comes back to it
        _remove(workspace.path / f".{workspace.runs.name}.swept", workspace.runs)
    for file in stale:
        file.unlink(missing_ok=True)


def _remove(aside: Path, folder: Path) -> None:
    """Remove a folder that somebody may be writing into: out of their way first, then for good."""
    if aside.is_dir():
        shutil.rmtree(aside)
    if folder.is_dir():
        folder.rename(aside)
        shutil.rmtree(aside)


def _of_other_keys(workspace: Workspace) -> Iterator[Path]:
    for name, table in TABLES.items():
        if table.pseudonyms:
            present = _of_key(workspace, name)
            for file in (workspace.records / name).glob("[!.]*.parquet"):
                if Path(file.stem).suffix != present:
                    yield file


def _of_erased_batches(workspace: Workspace) -> Iterator[Path]:
    for batch_id in sorted(withdrawn(workspace)):
        card = batch_card(workspace, batch_id)
        batch = read_card(card) if card.is_file() else None
        if batch is not None and batch.erased is not None:
            files = (
                stored_rows(workspace, batch.table, batch.id),
                _rejected_path(workspace, batch.id),
            )
            yield from (file for file in files if file.is_file())


def _rejected_path(workspace: Workspace, batch_id: str) -> Path:
    return workspace.records / "rejected" / f"{batch_id}.parquet"


def as_parquet(frame: pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    frame.write_parquet(buffer)
    return buffer.getvalue()
