"""What each town can pay in a year: its dependence on grants, its norm of pay, its spare money."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from otdacha.records import Workspace, frame, steady
from otdacha.records.successions import successions

FINANCES = pl.Schema(
    {
        "municipality": pl.String(),
        "year": pl.Int64(),
        "grants_share": pl.Float64(),  # of own revenue, 0 to 1; null: not known
        "norm": pl.Int64(),  # kopecks a year; null: not known
        "available": pl.Int64(),  # kopecks a year; null: not known
    }
)
_READ = ("finances", "municipalities")


def finances(workspace: Workspace) -> pl.DataFrame:
    """What the records of a workspace say of the money of towns, schema `FINANCES`."""
    with steady(workspace):
        return finances_of({name: frame(workspace, name) for name in _READ})


def finances_of(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """The same from the records' tables of these names: finances, municipalities.

    Towns stand under the names they go by now. Sums of towns that have merged are added up, where
    each of them is known; of their shares of grants the largest counts, because own revenue, by
    which they would have to be weighted, is not on record: a limit is rather seen once too often.
    """
    into = successions(tables["municipalities"], "municipality")
    known = tables["finances"].with_columns(into.followed("municipality"))
    sums = [
        pl.when(pl.col(name).is_not_null().all()).then((pl.col(name) * 100).round().sum())
        for name in ("norm", "available")
    ]
    return (
        known.group_by("municipality", "year")
        .agg(pl.col("grants_share").max(), *sums)
        .with_columns(pl.col("norm", "available").cast(pl.Int64))
        .select(FINANCES.names())
        .match_to_schema(FINANCES)
        .sort("municipality", "year")
    )
