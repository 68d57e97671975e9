"""PostgreSQL: a case log that lives there is counted there.

Everything of a session is temporary, and every text in it is collated byte by byte (`COLLATE "C"`),
as DuckDB and Spark do: the order of units must not depend on where the server stands.
"""

from __future__ import annotations

import io
from typing import Any

import ibis.expr.types as ir
import polars as pl
from ibis import util

_NULL = r"\N"
_KINDS: dict[Any, str] = {
    pl.String: 'text COLLATE "C"',
    pl.Int64: "bigint",
    pl.Float64: "double precision",
    pl.Boolean: "boolean",
    pl.Date: "date",
}


class Postgres:
    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._server = connection.con
        self._tables: list[str] = []

    def lend(self, frame: pl.DataFrame) -> ir.Table:
        name = self._named("lent")
        columns = ", ".join(f'"{column}" {_KINDS[kind]}' for column, kind in frame.schema.items())
        rows = io.BytesIO()
        frame.write_csv(rows, include_header=False, null_value=_NULL, quote_style="non_numeric")
        with self._server.cursor() as cursor, self._server.transaction():
            cursor.execute(f'CREATE TEMPORARY TABLE "{name}" ({columns})')
            with cursor.copy(f"COPY \"{name}\" FROM STDIN (FORMAT csv, NULL '{_NULL}')") as copy:
                copy.write(rows.getvalue())
            cursor.execute(f'ANALYZE "{name}"')
        return self._connection.table(name)

    def keep(self, rows: ir.Table) -> ir.Table:
        name = self._named("kept")
        with self._server.cursor() as cursor, self._server.transaction():
            said = self._connection.compile(rows)
            cursor.execute(f'CREATE TEMPORARY TABLE "{name}" AS {said}')
            cursor.execute(f'ANALYZE "{name}"')
        return self._connection.table(name).cast(rows.schema())

    def fetch(self, rows: ir.Table) -> pl.DataFrame:
        said = f"COPY ({self._connection.compile(rows)}) TO STDOUT (FORMAT csv, NULL '{_NULL}')"
        found = io.BytesIO()
        with self._server.transaction(), self._server.cursor().copy(said) as copy:
            for block in copy:
                found.write(block)
        found.seek(0)
        schema = rows.schema().to_polars()
        if not found.getbuffer().nbytes:
            return pl.DataFrame(schema=schema)
        return pl.read_csv(found, has_header=False, schema=schema, null_values=_NULL)

    def forget(self) -> None:
        with self._server.cursor() as cursor, self._server.transaction():
            for name in self._tables:
                cursor.execute(f'DROP TABLE IF EXISTS "{name}"')
        self._tables.clear()

    def _named(self, name: str) -> str:
        self._tables.append(util.gen_name(name))
        return self._tables[-1]
