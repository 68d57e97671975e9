"""The append-only store: every file lands whole under its name or not at all.

A batch is its typed rows, its rejected rows and, written last, its JSON: a batch exists when the
JSON does. Whatever a crash leaves behind (temporary files, rows without JSON, rows under another
key than the present one, rows of a batch that says it is erased) is not seen by any reader; all but
rows without JSON are swept by the next writer.
"""

from __future__ import annotations

import getpass
import io
import json
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any

import polars as pl

from otdacha.errors import WorkspaceProblem
from otdacha.language import Text, text
from otdacha.records.landing import LEFTOVERS, land
from otdacha.records.locking import locking
from otdacha.records.reading import Reading
from otdacha.records.tables import TABLES
from otdacha.records.workspace import Workspace

BATCH_NAME = r"[0-9a-f]{20,64}(?:-[1-9][0-9]*)?"
"""What a batch can be called: a hash, and how often it came again. Never a path."""


@dataclass(frozen=True)
class Batch:
    """One file that was added to one table.

    id: names the content (table, bytes, profile, constants). source: the file's name. source_hash:
    SHA-256 of its bytes. profile: name of the profile, if any. added: when, ISO 8601 in UTC. by:
    who, the name of the account. order: 1, 2, ... in order of arrival. accepted, rejected: rows;
    together all rows of the file. superseding: accepted rows whose key an earlier batch held.
    already_there: the same content had been added before, and nothing was done. reasons: rejected
    rows by reason code (a row may have several). by_name: accepted rows whose person is known by
    name and birth date only; None: the batch is older than this count. both: accepted rows that
    give СНИЛС as well as name and birth date. erased, erased_by: when and by whom its rows were
    removed for good. corrects: the batch whose rejected rows these are, corrected.
    corrected_rows: the numbers they had in its file. stored: rows that the accepted
    ones were gathered into, where that are fewer; None in batches of earlier versions: as many as
    were accepted. rows_hash: SHA-256 of the file with its rows; "" in batches of
    before that was kept.
    """

    id: str
    table: str
    source: str
    source_hash: str
    profile: str | None
    added: str
    by: str
    order: int
    accepted: int
    rejected: int
    superseding: int
    reading: Reading
    reasons: Mapping[str, int]
    already_there: bool = False
    by_name: int | None = None
    both: int = 0
    erased: str | None = None
    erased_by: str | None = None
    corrects: str | None = None
    corrected_rows: tuple[int, ...] = ()
    stored: int | None = None
    rows_hash: str = ""


def batches(workspace: Workspace) -> list[Batch]:
    """The batches in force, in order of arrival; withdrawn ones are out."""
    withdrawn = _withdrawn(workspace)
    known = [batch for batch in _all_batches(workspace) if batch.id not in withdrawn]
    return sorted(known, key=lambda batch: (batch.order, batch.id))


def every_batch(workspace: Workspace) -> list[Batch]:
    """All batches that ever arrived, withdrawn and erased ones too, in order of arrival."""
    return sorted(_all_batches(workspace), key=lambda batch: (batch.order, batch.id))


def withdraw(workspace: Workspace, batch_id: str, *, erase: bool = False) -> tuple[str, ...]:
    """Put a tombstone on a batch: its rows are out of force from now on. Corrections of its rows
    go with it. Returns what was withdrawn or erased, the batch itself last.

    Nothing is deleted, unless erase: then its rows and its rejected rows are removed for good, also
    those of a batch that was withdrawn before, and its card says when and by whom. What evaluations
    kept goes too. Raises WorkspaceProblem where there is no such batch, or it is withdrawn already
    and is not to be erased.
    """
    with locked(workspace):
        in_force = {batch.id for batch in batches(workspace)}
        if batch_id not in in_force and not (erase and batch_id in _withdrawn(workspace)):
            raise no_batch(workspace, batch_id)
        # an interruption between the two leaves the file itself to be withdrawn again
        corrections = [b.id for b in every_batch(workspace) if b.corrects == batch_id]
        concerned = [one for one in corrections if erase or one in in_force]
        for one in (*concerned, batch_id):
            if one in in_force:
                tombstone = {"batch": one, "withdrawn": now(), "by": account()}
                land(_tombstone(workspace, one), as_json(tombstone))
            batch = _batch(batch_card(workspace, one))
            if erase and batch.erased is None:
                _land_card(workspace, replace(batch, erased=now(), erased_by=account()))
        if erase:
            sweep(workspace)
    return (*concerned, batch_id)


def no_batch(workspace: Workspace, batch_id: str) -> WorkspaceProblem:
    return WorkspaceProblem(
        text("{folder}: there is no batch {batch}.", folder=workspace.path, batch=batch_id)
    )


def batch_of(workspace: Workspace, batch_id: str) -> Batch:
    """The batch of this id, in force or not; WorkspaceProblem where there is none."""
    path = batch_card(workspace, batch_id)
    if not path.is_file():
        raise no_batch(workspace, batch_id)
    return _batch(path)


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


def said_erased(batch: Batch) -> Text:
    """That the rows of a batch exist no longer, since when and by whose will."""
    return text(
        "The rows of batch {batch} of the table {table} were erased for good on {day} by {who}.",
        batch=batch.id,
        table=batch.table,
        day=(batch.erased or "")[:10],
        who=batch.erased_by or "?",
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


def batch_card(workspace: Workspace, batch_id: str) -> Path:
    """The JSON that makes a batch exist."""
    return workspace.records / "batches" / f"{batch_id}.json"


def store(
    workspace: Workspace, batch: Batch, accepted: pl.DataFrame, rejected: pl.DataFrame
) -> Batch:
    """Write a batch: rows, rejected rows, and the JSON that makes it exist, in this order; the
    batch with the hash of its rows."""
    rows = as_parquet(accepted)
    batch = replace(batch, rows_hash=sha256(rows).hexdigest())
    land(stored_rows(workspace, batch.table, batch.id), rows)
    land(_rejected_path(workspace, batch.id), as_parquet(rejected))
    _land_card(workspace, batch)
    return batch


def _land_card(workspace: Workspace, batch: Batch) -> None:
    content = {name: value for name, value in asdict(batch).items() if name != "already_there"}
    land(batch_card(workspace, batch.id), as_json(content))


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


def generation(workspace: Workspace, content_id: str) -> int:
    """How often this content has been added and withdrawn: it may come again as a new batch."""
    withdrawn = _withdrawn(workspace)
    count = 0
    while batch_name(content_id, count) in withdrawn:
        count += 1
    return count


def batch_name(content_id: str, generation: int) -> str:
    return content_id if generation == 0 else f"{content_id}-{generation + 1}"


def next_order(workspace: Workspace) -> int:
    return max((batch.order for batch in _all_batches(workspace)), default=0) + 1


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
    for batch_id in sorted(_withdrawn(workspace)):
        card = batch_card(workspace, batch_id)
        batch = _batch(card) if card.is_file() else None
        if batch is not None and batch.erased is not None:
            files = (
                stored_rows(workspace, batch.table, batch.id),
                _rejected_path(workspace, batch.id),
            )
            yield from (file for file in files if file.is_file())


def _all_batches(workspace: Workspace) -> list[Batch]:
    return [_batch(path) for path in sorted((workspace.records / "batches").glob("[!.]*.json"))]


def _batch(path: Path) -> Batch:
    try:
        content: dict[str, Any] = json.loads(path.read_text("utf-8"))
        reading = content.pop("reading")
        whole = Reading(
            **{
                **reading,
                **{name: tuple(reading.get(name, ())) for name in ("ignored", "years_only")},
            }
        )
        if content["id"] != path.stem or content["table"] not in TABLES:
            raise ValueError(content["id"])
        corrected = tuple(content.pop("corrected_rows", ()))
        return Batch(**content, reading=whole, corrected_rows=corrected)
    except (OSError, ValueError, TypeError, KeyError) as fault:
        raise WorkspaceProblem(
            text(
                "{file}: the record of this batch is damaged. Bring it back from a copy, or move "
                "the file away and add the source file again.",
                file=path,
            )
        ) from fault


def in_force(workspace: Workspace, batch_id: str) -> Batch | None:
    """The batch of this id where it is there and not withdrawn, marked as already there."""
    path = batch_card(workspace, batch_id)
    if not path.is_file() or _tombstone(workspace, batch_id).is_file():
        return None
    return replace(_batch(path), already_there=True)


def now() -> str:
    """The moment, ISO 8601 in UTC."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _withdrawn(workspace: Workspace) -> frozenset[str]:
    return frozenset(path.stem for path in (workspace.records / "withdrawn").glob("[!.]*.json"))


def _tombstone(workspace: Workspace, batch_id: str) -> Path:
    return workspace.records / "withdrawn" / f"{batch_id}.json"


def _rejected_path(workspace: Workspace, batch_id: str) -> Path:
    return workspace.records / "rejected" / f"{batch_id}.parquet"


def as_json(content: Mapping[str, Any]) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode("utf-8")


def account() -> str:
    """Who works: the name of the account, as far as the system knows one."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""


def as_parquet(frame: pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    frame.write_parquet(buffer)
    return buffer.getvalue()
