"""Change the pseudonym key: what is stored becomes useless to whoever has an older one.

Nobody's identity is kept, so nothing can be hashed anew; instead every pseudonym is hashed once
more with a new key, and the key file keeps every generation, so that new files go through the whole
chain. Rows land beside the old ones under names that carry the generation; `records/key.json` lands
last and says which generation counts. See docs/decisions/0020-people.md.
"""

from __future__ import annotations

import secrets
from hashlib import sha256

import polars as pl

from otdacha.language import text
from otdacha.progress import Progress, silent
from otdacha.records.cards import Batch, account, as_json, batches, every_batch, now
from otdacha.records.landing import land
from otdacha.records.pseudonyms import KEY_BYTES, renewed_columns
from otdacha.records.store import (
    as_parquet,
    locked,
    refuse_damaged,
    rows_that_must_be_there,
    stored_rows,
    sweep,
)
from otdacha.records.tables import TABLES
from otdacha.records.workspace import Workspace, as_key_file


def rotate_key(workspace: Workspace, *, progress: Progress = silent) -> int:
    """Change the pseudonym key; its new generation.

    Rows of all batches are carried over, withdrawn ones too; what evaluations kept is removed. An
    interruption at any moment leaves the records whole under the old key or under the new one.
    Raises WorkspaceProblem where the key is lost, rows in force are gone or the disk is full.
    """
    with locked(workspace):
        refuse_damaged(workspace)
        keys = (*workspace.every_key(), secrets.token_bytes(KEY_BYTES))
        before, after = workspace.key_generation(), len(keys)
        there = _with_people(workspace, before)
        hashes = {}
        try:
            for done, batch in enumerate(there):
                progress(text("Changing the key"), done, len(there))
                rows = pl.read_parquet(stored_rows(workspace, batch.table, batch.id, before))
                renewed = renewed_columns(rows, TABLES[batch.table].pseudonyms, keys[before:])
                place = stored_rows(workspace, batch.table, batch.id, after)
                content = as_parquet(renewed)
                hashes[batch.id] = sha256(content).hexdigest()
                land(place, content)
            land(workspace.key_file, as_key_file(keys), mode=0o600)
            card = {"generation": after, "changed": now(), "by": account(), "rows": hashes}
            land(workspace.key_card, as_json(card))
        finally:
            # rows under the other key: the old ones, or the new ones where this came to nothing
            sweep(workspace)
        progress(text("Changing the key"), len(there), len(there))
        return after


def _with_people(workspace: Workspace, generation: int) -> list[Batch]:
    """Batches whose rows hold pseudonyms; only of a withdrawn one may the rows be gone."""
    of_people = [batch for batch in every_batch(workspace) if TABLES[batch.table].pseudonyms]
    in_force = {batch.id for batch in batches(workspace)}
    rows_that_must_be_there(
        workspace, (batch for batch in of_people if batch.id in in_force), generation
    )
    return [
        batch
        for batch in of_people
        if stored_rows(workspace, batch.table, batch.id, generation).is_file()
    ]
