"""The records a panel is made of."""

from __future__ import annotations

from dataclasses import dataclass, field

import ibis
import ibis.expr.types as ir

from otdacha.records.tables import TABLES


def _nothing(name: str) -> ir.Table:
    return ibis.memtable(TABLES[name].columns.to_frame())


@dataclass(frozen=True)
class Tables:
    """The records a panel is made of, with the columns that `otdacha.records` gives them.

    All lie in one engine; tables in memory (`ibis.memtable`) are read by DuckDB.
    """

    cases: ir.Table
    results: ir.Table
    municipalities: ir.Table
    staff: ir.Table
    training: ir.Table
    providers: ir.Table = field(default_factory=lambda: _nothing("providers"))
    units: ir.Table = field(default_factory=lambda: _nothing("units"))
