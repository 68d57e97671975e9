"""The append-only store: every file lands whole under its name or not at all.

A batch is its typed rows, its rejected rows and, written last, its JSON: a batch exists when the
JSON does. Whatever a crash leaves behind (temporary files, rows without JSON) is not seen by any
reader; temporary files are swept by the next writer.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any

import polars as pl

from otdacha.errors import WorkspaceProblem
from otdacha.language import text
from otdacha.records.landing import LEFTOVERS, land, taken
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
    rows by reason code (a row may have several). stored: SHA-256 of the file with its accepted
    rows; "" in batches of before that was kept.
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
    stored: str = ""


def batches(workspace: Workspace) -> list[Batch]:
    """The batches in force, in order of arrival; withdrawn ones are out."""
    withdrawn = _withdrawn(workspace)
    known = [batch for batch in _all_batches(workspace) if batch.id not in withdrawn]
    return sorted(known, key=lambda batch: (batch.order, batch.id))


def withdraw(workspace: Workspace, batch_id: str) -> None:
    """Put a tombstone on a batch: its rows are out of force from now on, and nothing is deleted.

    Raises WorkspaceProblem where no batch in force has this id.
    """
    with locked(workspace):
        if batch_id not in {batch.id for batch in batches(workspace)}:
            raise WorkspaceProblem(
                text("{folder}: there is no batch {batch}.", folder=workspace.path, batch=batch_id)
            )
        land(_tombstone(workspace, batch_id), _as_json({"batch": batch_id, "withdrawn": now()}))


def rejected_rows(workspace: Workspace, batch_id: str) -> pl.DataFrame:
    """Why rows were rejected: row (1-based, of the file), column, value, reason; one line a reason.

    Values of personal columns are masked, and so is everything else that could hold a person's
    data. Raises WorkspaceProblem where there is no such batch.
    """
    path = _rejected_path(workspace, batch_id)
    if not (
        re.fullmatch(BATCH_NAME, batch_id)
        and batch_card(workspace, batch_id).is_file()
        and path.is_file()
    ):
        raise WorkspaceProblem(
            text("{folder}: there is no batch {batch}.", folder=workspace.path, batch=batch_id)
        )
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


def stored_rows(workspace: Workspace, table: str, batch_id: str) -> Path:
    """The Parquet file with the accepted rows of a batch."""
    return workspace.records / table / f"{batch_id}.parquet"


def batch_card(workspace: Workspace, batch_id: str) -> Path:
    """The JSON that makes a batch exist."""
    return workspace.records / "batches" / f"{batch_id}.json"


def store(
    workspace: Workspace, batch: Batch, accepted: pl.DataFrame, rejected: pl.DataFrame
) -> Batch:
    """Write a batch: rows, rejected rows, and the JSON that makes it exist, in this order; the
    batch with the hash of its rows."""
    rows = _as_parquet(accepted)
    batch = replace(batch, stored=sha256(rows).hexdigest())
    land(stored_rows(workspace, batch.table, batch.id), rows)
    land(_rejected_path(workspace, batch.id), _as_parquet(rejected))
    content = {name: value for name, value in asdict(batch).items() if name != "already_there"}
    land(batch_card(workspace, batch.id), _as_json(content))
    return batch


def refuse_damaged(workspace: Workspace) -> None:
    """Raise WorkspaceProblem where the rows of a batch in force are not those that were stored."""
    for batch in batches(workspace):
        path = stored_rows(workspace, batch.table, batch.id)
        if not batch.stored or not path.is_file():  # rows that are gone are told by who reads them
            continue
        with path.open("rb") as file:
            if file_digest(file, "sha256").hexdigest() != batch.stored:
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
    try:
        workspace.records.mkdir(parents=True, exist_ok=True)
        file = (workspace.records / ".lock").open("wb")
    except OSError as fault:
        raise WorkspaceProblem(
            text(
                "{folder}: the workspace cannot be written: {fault}.",
                folder=workspace.path,
                fault=fault.strerror,
            )
        ) from fault
    with file:
        taken(file.fileno(), wait=True)
        _sweep(workspace)
        yield


def _sweep(workspace: Workspace) -> None:
    """Remove what an interrupted writer left; under the lock no living one owns it."""
    for leftover in workspace.records.glob(f"*/{LEFTOVERS}"):
        leftover.unlink(missing_ok=True)


def _all_batches(workspace: Workspace) -> list[Batch]:
    return [_batch(path) for path in sorted((workspace.records / "batches").glob("[!.]*.json"))]


def _batch(path: Path) -> Batch:
    try:
        content: dict[str, Any] = json.loads(path.read_text("utf-8"))
        reading = content.pop("reading")
        whole = Reading(**{**reading, "ignored": tuple(reading["ignored"])})
        if content["id"] != path.stem or content["table"] not in TABLES:
            raise ValueError(content["id"])
        return Batch(**content, reading=whole)
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


def _as_json(content: Mapping[str, Any]) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode("utf-8")


def _as_parquet(frame: pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    frame.write_parquet(buffer)
    return buffer.getvalue()
