"""The rows in force: withdrawn batches are out, one person has one pseudonym, and of two rows with
one key the newer counts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from otdacha.records.cards import Batch, batches
from otdacha.records.people import (
    as_one_person,
    may_be_known_otherwise,
    named_people,
    without_mended,
)
from otdacha.records.store import damaged_rows, rows_that_must_be_there, steady
from otdacha.records.tables import TABLES, Table
from otdacha.records.workspace import Workspace

if TYPE_CHECKING:
    import ibis

_ORDER = "_order"


def current(workspace: Workspace, table: str, connection: Any) -> ibis.Table:
    """The rows of `table` in force, as an Ibis expression on `connection` (DuckDB or Spark).

    Columns as in `columns_of(table)`, in no particular order of rows; `person` is the same for one
    person wherever that is known (`otdacha.records.people`). Where no batch holds a key of an
    earlier one, and nobody is known by name only, this is a bare scan of the files: no window, no
    join, no sort. Raises WorkspaceProblem where rows of a batch are gone.
    """
    rows = recorded(workspace, table, connection)
    return rows.drop("recorded_as") if "recorded_as" in rows.columns else rows


def recorded(workspace: Workspace, table: str, connection: Any) -> ibis.Table:
    """As `current`; of people also `recorded_as`, the pseudonym that the row's own file gives."""
    import ibis  # slow to import, and not needed to add a file

    known = TABLES[table]
    generation = workspace.key_generation()
    in_force = batches(workspace)
    there = [batch for batch in in_force if batch.table == table]
    rows = _rows(workspace, known, there, generation, connection)
    with_both = [batch for batch in in_force if batch.both]
    known_otherwise = known.identifies_people and may_be_known_otherwise(there, with_both)
    if known_otherwise:
        named = named_in(workspace, with_both, generation, connection)
        rows = as_one_person(rows, named, off_staff=table != "staff")
    elif known.identifies_people:
        rows = rows.mutate(recorded_as=rows.person)
    if not (known_otherwise or any(batch.superseding for batch in there)):
        return rows
    arrival = rows["_batch"].cases(*((batch.id, batch.order) for batch in there), else_=0)
    rows = rows.mutate(**{_ORDER: arrival.cast("int64")})
    if known_otherwise:
        rows = without_mended(rows, known.key, _ORDER)
    newest = ibis.window(group_by=list(known.key), order_by=[ibis.desc(_ORDER), ibis.asc("_row")])
    placed = rows.mutate(_place=ibis.row_number().over(newest))
    return placed.filter(placed["_place"] == 0).drop(_ORDER, "_place")


def keys_as_recorded(workspace: Workspace, table: str, connection: Any) -> ibis.Table:
    """Distinct keys of the rows in force, their people as each row's own file gives them."""
    there = [batch for batch in batches(workspace) if batch.table == table]
    rows = _rows(workspace, TABLES[table], there, workspace.key_generation(), connection)
    return rows.select(*TABLES[table].key).distinct()


def named_in(
    workspace: Workspace, with_both: list[Batch], generation: int, connection: Any
) -> ibis.Table:
    """Who has come with СНИЛС and name in these batches, as `named_people`."""
    return named_people(
        _rows(
            workspace,
            table,
            [batch for batch in with_both if batch.table == table.name],
            generation,
            connection,
        )
        for table in TABLES.values()
        if any(batch.table == table.name for batch in with_both)
    )


def _rows(
    workspace: Workspace, table: Table, there: list[Batch], generation: int, connection: Any
) -> ibis.Table:
    """All rows of these batches of one table, superseded ones too."""
    if not there:
        return _empty(connection, table.columns)
    files = rows_that_must_be_there(workspace, there, generation)
    return _read(connection, [str(file) for file in files], table.columns)


def _read(connection: Any, files: list[str], columns: pl.Schema) -> ibis.Table:
    """The rows of the files; a column that is younger than a file is empty in its rows."""
    held = [_columns(file) for file in files]
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


def _columns(file: str) -> list[str]:
    try:
        return list(pl.read_parquet_schema(file))
    except (OSError, pl.exceptions.PolarsError) as fault:
        raise damaged_rows(Path(file)) from fault


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
    with steady(workspace):
        rows: pl.DataFrame = connection.to_polars(current(workspace, table, connection))
    order = {batch.id: batch.order for batch in batches(workspace)}
    arrival = pl.col("_batch").replace_strict(order, return_dtype=pl.Int64)
    return rows.cast(dict(TABLES[table].columns)).sort(arrival, "_row")  # type: ignore[arg-type]


def columns_of(table: str) -> pl.Schema:
    """Names and types of the stored columns of a table, `_batch` and `_row` last."""
    return TABLES[table].columns
