"""What the card of a batch says of its rows: whom they name, and whose place they take."""

from __future__ import annotations

import polars as pl

from otdacha.records.cards import batches
from otdacha.records.people import BY_NAME
from otdacha.records.store import refuse_damaged, stored_rows
from otdacha.records.tables import Table
from otdacha.records.workspace import Workspace

_BY_NAME_ONLY = pl.col("person").str.starts_with(BY_NAME)
_BY_BOTH = ~_BY_NAME_ONLY & pl.col("person_by_name").is_not_null()


def superseding(workspace: Workspace, table: Table, rows: pl.DataFrame) -> int:
    """Rows whose key is held by a batch in force."""
    earlier = [
        stored_rows(workspace, table.name, batch.id)
        for batch in batches(workspace)
        if batch.table == table.name
    ]
    if not earlier or rows.is_empty():
        return 0
    # a key is as old as its table, other columns may be younger than a batch
    held = pl.concat([pl.scan_parquet(batch).select(table.key) for batch in earlier])
    new = rows.lazy().select(table.key)
    joined = new.join(held, on=list(table.key), how="semi", nulls_equal=True)
    try:
        return int(joined.select(pl.len()).collect().item())
    except pl.exceptions.PolarsError:
        refuse_damaged(workspace)
        raise


def known_by_name(table: Table, rows: pl.DataFrame) -> int:
    """Rows whose person is known by name and birth date only."""
    return rows.filter(_BY_NAME_ONLY).height if table.identifies_people else 0


def known_by_both(table: Table, rows: pl.DataFrame) -> int:
    """Rows that give СНИЛС as well as name and birth date."""
    return rows.filter(_BY_BOTH).height if table.identifies_people else 0
