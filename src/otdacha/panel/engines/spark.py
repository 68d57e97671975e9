"""Spark: in this process (`local[*]`) or on a cluster; the same SQL either way."""

from __future__ import annotations

from typing import Any

import ibis.expr.types as ir
import polars as pl
from ibis import util

SENT_WHOLE = 1_000_000
"""Of how many rows a copy is sent to every executor that joins them. Staff lists, units and courses
are smaller; to join them otherwise, Spark would send about and sort the whole case log."""


class Spark:
    """Ibis writes the SQL; frames go in and out as Arrow, past pandas, which would turn whole
    numbers with gaps into floating point.

    What is kept is a checkpoint, not a cache: a cache would drag the plan of everything before it
    along, and plans of plans outgrow the driver. It lies with the executors, or, safe from their
    loss, where `spark.checkpoint.dir` says.
    """

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._session = connection._session
        self._views: list[str] = []

    def lend(self, frame: pl.DataFrame) -> ir.Table:
        lent = self._session.createDataFrame(frame.to_arrow(compat_level=_PLAIN))
        # Spark does not know how small it is, and would send the whole case log about to join it
        return self._viewed(lent.hint("broadcast"), "lent")

    def keep(self, rows: ir.Table) -> ir.Table:
        from pyspark.sql import Observation
        from pyspark.sql.functions import count, lit

        observed = Observation()
        found = self._session.sql(self._connection.compile(rows))
        found = found.observe(observed, count(lit(1)).alias("rows"))
        is_safe = self._session.sparkContext.getCheckpointDir() is not None
        kept = found.checkpoint() if is_safe else found.localCheckpoint()
        if observed.get["rows"] <= SENT_WHOLE:
            kept = kept.hint("broadcast")  # nor does Spark know how small a checkpoint is
        return self._viewed(kept, "kept").cast(rows.schema())

    def fetch(self, rows: ir.Table) -> pl.DataFrame:
        found = self._session.sql(self._connection.compile(rows)).toArrow()
        frame = pl.from_arrow(found)
        assert isinstance(frame, pl.DataFrame)
        return frame

    def forget(self) -> None:
        for name in self._views:
            self._session.catalog.dropTempView(name)
        self._views.clear()

    def _viewed(self, frame: Any, name: str) -> ir.Table:
        view = util.gen_name(name)
        frame.createOrReplaceTempView(view)
        self._views.append(view)
        return self._connection.table(view)


_PLAIN = pl.CompatLevel.oldest()
"""Arrow's old kinds of text: Spark does not know the views that Polars has."""
