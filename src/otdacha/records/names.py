"""The names that one ИНН has come with, in any file in force and in rows rejected for it.

An ИНН is one legal entity. Branches share it, names change, and two files spell one name in two
ways; the newest name is shown, and none of the others is lost.
"""

from __future__ import annotations

import polars as pl

from otdacha.records.cards import batches
from otdacha.records.headers import folded
from otdacha.records.store import rejected_rows, stored_rows
from otdacha.records.workspace import Workspace

NAMES = pl.Schema(
    {
        "provider": pl.String,
        "name": pl.String,
        "batch": pl.String,
        "order": pl.Int64,  # of the batch's arrival
        "row": pl.Int64,  # in the batch's file
        "rejected": pl.Boolean,
    }
)


def several_names(workspace: Workspace) -> pl.DataFrame:
    """Rows of providers whose ИНН has come with names that say different things, schema `NAMES`.

    Sorted by ИНН and arrival: the last accepted row of an ИНН has the name that is shown. Names
    that differ in case, quotation marks or blanks only are one name.
    """
    parts = [NAMES.to_frame()]
    for batch in batches(workspace):
        if batch.table != "providers":
            continue
        came_with = {"batch": pl.lit(batch.id), "order": pl.lit(batch.order, pl.Int64)}
        accepted = pl.read_parquet(stored_rows(workspace, batch.table, batch.id))
        parts.append(
            accepted.select("provider", "name", **came_with, row="_row", rejected=pl.lit(False))
        )
        if "another_name" in batch.reasons:
            why = rejected_rows(workspace, batch.id)
            inn = why.filter(column="provider").select("row", provider="value")
            name = why.filter(reason="another_name").select("row", name="value")
            parts.append(
                name.join(inn, on="row").select(
                    "provider", "name", **came_with, row="row", rejected=pl.lit(True)
                )
            )
    rows = pl.concat([part.select(NAMES.names()).cast(NAMES) for part in parts])
    said = pl.col("name").map_elements(folded, return_dtype=pl.String)
    return rows.filter(said.n_unique().over("provider") > 1).sort("provider", "order", "row")
