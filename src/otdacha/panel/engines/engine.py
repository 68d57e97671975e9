"""An engine for the time of one panel: what it is lent, what it keeps, what is fetched from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

import ibis
import ibis.expr.types as ir
import polars as pl

from otdacha.panel.engines.duckdb import DuckDB
from otdacha.panel.engines.postgres import Postgres
from otdacha.panel.engines.spark import Spark


class Engine(Protocol):
    """Works expressions out where the records lie."""

    def lend(self, frame: pl.DataFrame) -> ir.Table:
        """A small local frame (a calendar, a register) as a table of the engine."""

    def keep(self, rows: ir.Table) -> ir.Table:
        """These rows, worked out once and kept in the engine until the panel is made."""

    def fetch(self, rows: ir.Table) -> pl.DataFrame:
        """These rows as a frame here. Nothing else leaves the engine."""

    def forget(self) -> None:
        """Drop everything that was lent or kept."""


_ENGINES: dict[str, Any] = {"duckdb": DuckDB, "pyspark": Spark, "postgres": Postgres}


@contextmanager
def working_on(connection: Any) -> Iterator[Engine]:
    """The engine behind an Ibis connection; what it keeps is dropped in the end."""
    engine: Engine = _ENGINES[connection.name](connection)
    try:
        yield engine
    finally:
        engine.forget()


def connection_of(tables: Iterable[ir.Table]) -> Any:
    """The one connection that the tables belong to; tables held in memory belong to any.

    Only DuckDB may be joined by tables in memory: it is Ibis's own default.
    """
    default = ibis.get_backend()
    found = [connection for table in tables if (connection := table.get_backend()) is not default]
    return found[0] if found else default
