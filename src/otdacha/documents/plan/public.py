"""The tables of a plan as anybody may have them, their columns as they are described.

What is told is decided by `otdacha.programme.disclosure`, for the site as well.
"""

from __future__ import annotations

import polars as pl

from otdacha.documents.plan.columns import COLUMNS
from otdacha.programme.disclosure import Public
from otdacha.release.columns import Column


def described_tables(told: Public) -> dict[str, pl.DataFrame]:
    """Every public table that the plan holds, with the columns that `COLUMNS` describes."""
    return {
        name: _as_described(told.tables[name], columns)
        for name, columns in COLUMNS.items()
        if name in told.tables
    }


def _as_described(table: pl.DataFrame, columns: tuple[Column, ...]) -> pl.DataFrame:
    return table.select(pl.col(column.name).cast(column.type) for column in columns)
