"""DuckDB: inside this process, with what does not fit into its memory on disk."""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir
import polars as pl
from ibis import util
from ibis.backends.sql.datatypes import DuckDBType


class DuckDB:
    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._kept: list[str] = []

    def lend(self, frame: pl.DataFrame) -> ir.Table:
        return ibis.memtable(frame)

    def keep(self, rows: ir.Table) -> ir.Table:
        name = util.gen_name("kept")
        self._kept.append(name)
        # with its kinds: a sum of whole numbers is wider than they are
        columns = ", ".join(
            f'"{column}" {DuckDBType.to_string(kind)}' for column, kind in rows.schema().items()
        )
        self._connection._run_pre_execute_hooks(rows)  # which lends it the frames in memory
        said = self._connection.compile(rows)
        self._connection.raw_sql(f'CREATE TEMPORARY TABLE "{name}" ({columns})')
        self._connection.raw_sql(f'INSERT INTO "{name}" {said}')
        kept: ir.Table = self._connection.table(name)
        return kept

    def fetch(self, rows: ir.Table) -> pl.DataFrame:
        found: pl.DataFrame = self._connection.to_polars(rows)
        return found

    def forget(self) -> None:
        for name in self._kept:
            self._connection.raw_sql(f'DROP TABLE IF EXISTS "{name}"')
        self._kept.clear()
