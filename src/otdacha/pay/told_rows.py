"""Rows of which figures are hidden, and rows added up."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from otdacha.pay.kopecks import RUBLES
from otdacha.release.states import STATE, State


def without(table: pl.DataFrame, hidden: pl.Expr, figures: Iterable[str]) -> pl.DataFrame:
    """The table without `figures` where `hidden`, which a column of type `STATE` says."""
    state = pl.when(hidden).then(pl.lit(State.SUPPRESSED)).otherwise(pl.lit(State.PUBLISHED))
    return table.with_columns(
        state.cast(STATE).alias("hidden"),
        *(pl.when(~hidden).then(figure).alias(figure) for figure in figures),
    )


def summed(table: pl.DataFrame, by: list[str], sums: list[str]) -> pl.DataFrame:
    """Rubles added up, in the order in which groups come first."""
    return table.group_by(by, maintain_order=True).agg(pl.col(sums).sum().cast(RUBLES))
