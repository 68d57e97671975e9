"""The rows in force: withdrawn batches are out, and of two rows with one key the newer counts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from otdacha.errors import WorkspaceProblem
from otdacha.language import text
from otdacha.records.store import batches, stored_rows
from otdacha.records.tables import TABLES
from otdacha.records.workspace import Workspace

if TYPE_CHECKING:
    import ibis

_ORDER = "_order"


def current(workspace: Workspace, table: str, connection: Any) -> ibis.Table:
    """The rows of `table` in force, as an Ibis expression on `connection` (DuckDB or Spark).

    Columns as in `columns_of(table)`, in no particular order of rows. Where no batch holds a key of
    an earlier one this is a bare scan of the files: no window, no sort.
    Raises WorkspaceProblem where rows of a batch are gone.
    """
    import ibis  # slow to import, and not needed to add a file

    known = TABLES[table]
    there = [batch for batch in batches(workspace) if batch.table == table]
    if not there:
        return _empty(connection, known.columns)
    files = [stored_rows(workspace, table, batch.id) for batch in there]
    for file in files:
        if not file.is_file():
            raise WorkspaceProblem(
                text(
                    "{file}: the rows of this batch are gone. Bring the file back from a copy, "
                    "or withdraw the batch and add its source again.",
                    file=file,
                )
            )
    rows = _read(connection, [str(file) for file in files], known.columns)
    if not any(batch.superseding for batch in there):
        return rows
    newest = ibis.window(group_by=list(known.key), order_by=ibis.desc(_ORDER))
    arrival = rows["_batch"].cases(*((batch.id, batch.order) for batch in there), else_=0)
    placed = rows.mutate(**{_ORDER: arrival}).mutate(_place=ibis.row_number().over(newest))
    return placed.filter(placed["_place"] == 0).drop(_ORDER, "_place")


def _read(connection: Any, files: list[str], columns: pl.Schema) -> ibis.Table:
    """The rows of the files; a column that is younger than a file is empty in its rows."""
    held = [list(pl.read_parquet_schema(file)) for file in files]
    if connection.name == "pyspark":
        local = [f"file:{Path(file).absolute()}" for file in files]
        found = connection._session.read.option("mergeSchema", "true").parquet(*local)
        rows = _viewed(connection, found)
    elif all(names == list(columns) for names in held):
        return connection.read_parquet(files)
    else:
        rows = connection.read_parquet(files, union_by_name=True)
    import ibis

    kinds = ibis.memtable(columns.to_frame()).schema()
    empty = {name: ibis.null(kinds[name]) for name in columns if name not in rows.columns}
    return rows.mutate(**empty).select(*columns)


def _empty(connection: Any, columns: pl.Schema) -> ibis.Table:
    import ibis

    nothing = columns.to_frame()
    if connection.name != "pyspark":
        return ibis.memtable(nothing)
    plain = nothing.to_arrow(compat_level=pl.CompatLevel.oldest())
    return _viewed(connection, connection._session.createDataFrame(plain))


def _viewed(connection: Any, rows: Any) -> ibis.Table:
    """A data frame of Spark as a table that Ibis knows."""
    from ibis.util import gen_name

    name = gen_name("records")
    rows.createOrReplaceTempView(name)
    return connection.table(name)


def frame(workspace: Workspace, table: str) -> pl.DataFrame:
    """The rows of `table` in force as a frame, in order of arrival and of the file."""
    import ibis

    connection = ibis.duckdb.connect()
    rows: pl.DataFrame = connection.to_polars(current(workspace, table, connection))
    order = {batch.id: batch.order for batch in batches(workspace)}
    arrival = pl.col("_batch").replace_strict(order, return_dtype=pl.Int64)
    return rows.cast(dict(TABLES[table].columns)).sort(arrival, "_row")  # type: ignore[arg-type]


def columns_of(table: str) -> pl.Schema:
    """Names and types of the stored columns of a table, `_batch` and `_row` last."""
    return TABLES[table].columns
