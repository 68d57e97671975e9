"""DuckDB: inside this process, with what does not fit into its memory on disk."""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir
import polars as pl
from ibis import util


class DuckDB:
    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._kept: list[str] = []

    def lend(self, frame: pl.DataFrame) -> ir.Table:
        return ibis.memtable(frame)

    def keep(self, rows: ir.Table) -> ir.Table:
        name = util.gen_name("kept")
        self._kept.append(name)
        kept = self._connection.create_table(name, rows, temp=True)
        return kept.cast(rows.schema())  # a sum of whole numbers is wider than they are

    def fetch(self, rows: ir.Table) -> pl.DataFrame:
        found: pl.DataFrame = self._connection.to_polars(rows)
        return found

    def forget(self) -> None:
        for name in self._kept:
            self._connection.drop_table(name)
        self._kept.clear()
