"""Cards of batches: the JSON that makes a batch exist, and the tombstone that puts it out of force.

A card lands whole under its name or not at all (`otdacha.records.landing`).
"""

from __future__ import annotations

import getpass
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from otdacha.errors import WorkspaceProblem
from otdacha.language import Text, text
from otdacha.records.landing import land
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
    before that was kept. made_of: the batches whose rows these were made of, where they are not of
    a file.
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
    made_of: tuple[str, ...] = ()


def batches(workspace: Workspace) -> list[Batch]:
    """The batches in force, in order of arrival; withdrawn ones are out."""
    gone = withdrawn(workspace)
    known = [batch for batch in _all_batches(workspace) if batch.id not in gone]
    return sorted(known, key=lambda batch: (batch.order, batch.id))


def every_batch(workspace: Workspace) -> list[Batch]:
    """All batches that ever arrived, withdrawn and erased ones too, in order of arrival."""
    return sorted(_all_batches(workspace), key=lambda batch: (batch.order, batch.id))


def no_batch(workspace: Workspace, batch_id: str) -> WorkspaceProblem:
    return WorkspaceProblem(
        text("{folder}: there is no batch {batch}.", folder=workspace.path, batch=batch_id)
    )


def batch_of(workspace: Workspace, batch_id: str) -> Batch:
    """The batch of this id, in force or not; WorkspaceProblem where there is none."""
    path = batch_card(workspace, batch_id)
    if not path.is_file():
        raise no_batch(workspace, batch_id)
    return read_card(path)


def batch_card(workspace: Workspace, batch_id: str) -> Path:
    """The JSON that makes a batch exist."""
    return workspace.records / "batches" / f"{batch_id}.json"


def _all_batches(workspace: Workspace) -> list[Batch]:
    return [read_card(path) for path in sorted((workspace.records / "batches").glob("[!.]*.json"))]


def read_card(path: Path) -> Batch:
    """The batch of a card; WorkspaceProblem where the card is damaged."""
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
        made_of = tuple(content.pop("made_of", ()))
        return Batch(**content, reading=whole, corrected_rows=corrected, made_of=made_of)
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
    if not path.is_file() or tombstone(workspace, batch_id).is_file():
        return None
    return replace(read_card(path), already_there=True)


def land_card(workspace: Workspace, batch: Batch) -> None:
    """Write the card of a batch: from then on the batch exists, or is as the card says."""
    content = {name: value for name, value in asdict(batch).items() if name != "already_there"}
    land(batch_card(workspace, batch.id), as_json(content))


def generation(workspace: Workspace, content_id: str) -> int:
    """How often this content has been added and withdrawn: it may come again as a new batch."""
    gone = withdrawn(workspace)
    count = 0
    while batch_name(content_id, count) in gone:
        count += 1
    return count


def batch_name(content_id: str, generation: int) -> str:
    return content_id if generation == 0 else f"{content_id}-{generation + 1}"


def next_order(workspace: Workspace) -> int:
    return max((batch.order for batch in _all_batches(workspace)), default=0) + 1


def said_erased(batch: Batch) -> Text:
    """That the rows of a batch exist no longer, since when and by whose will."""
    return text(
        "The rows of batch {batch} of the table {table} were erased for good on {day} by {who}.",
        batch=batch.id,
        table=batch.table,
        day=(batch.erased or "")[:10],
        who=batch.erased_by or "?",
    )


def now() -> str:
    """The moment, ISO 8601 in UTC."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def withdrawn(workspace: Workspace) -> frozenset[str]:
    """The ids of the batches that are out of force."""
    return frozenset(path.stem for path in (workspace.records / "withdrawn").glob("[!.]*.json"))


def tombstone(workspace: Workspace, batch_id: str) -> Path:
    """The JSON that puts a batch out of force."""
    return workspace.records / "withdrawn" / f"{batch_id}.json"


def as_json(content: Mapping[str, Any]) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode("utf-8")


def account() -> str:
    """Who works: the name of the account, as far as the system knows one."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""
