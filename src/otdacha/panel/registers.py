"""The small registers, read here: which towns there are, where they lie, who has merged into whom.

They hold no person. What the engine needs of them it is lent.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import ibis.expr.types as ir
import polars as pl

from otdacha.methodology import Design
from otdacha.panel.calendar import EPOCH
from otdacha.panel.engines import Engine
from otdacha.panel.mergers import Mergers, as_successors_are_placed, mergers
from otdacha.panel.tables import Tables
from otdacha.panel.units import towns


@dataclass(frozen=True)
class Registers:
    """municipalities: the records' table. into: who has merged into whom. places: the towns of the
    data and who stands for them: municipality, town (a number), region, macroregion, placed
    (Boolean: has a stratum), last_day (of its case log, null without one), stands_for (null:
    itself). lent: the same in the engine. first_day, last_day: of all case logs.
    """

    municipalities: pl.DataFrame
    into: Mergers
    places: pl.DataFrame
    lent: ir.Table
    first_day: dt.date
    last_day: dt.date


def read_registers(tables: Tables, design: Design, engine: Engine) -> Registers:
    """What the registers say of the towns of these tables; one scan of the case log's dates."""
    municipalities = engine.fetch(tables.municipalities)
    into = mergers(municipalities, engine.fetch(tables.units), engine.fetch(tables.providers))
    extent = engine.fetch(_extent(tables.cases)).select(
        "municipality",
        first_day=pl.min_horizontal("first_opened", "first_closed"),
        last_day=pl.max_horizontal("last_opened", "last_closed", "last_cancelled"),
    )
    of_results = engine.fetch(tables.results.select("municipality").distinct())
    there = pl.concat([extent.get_column("municipality"), of_results.get_column("municipality")])
    asked = pl.concat([there, there.replace(dict(into.towns))]).unique().sort()
    placed = as_successors_are_placed(municipalities, into.towns)
    places = (
        towns(placed, asked, design)
        .join(extent.select("municipality", "last_day"), on="municipality", how="left")
        .sort("municipality")
        .with_row_index("town")
        .with_columns(
            pl.col("town").cast(pl.Int64),
            stands_for=pl.col("municipality").replace_strict(
                dict(into.towns), default=None, return_dtype=pl.String
            ),
        )
    )
    first, last = extent.select(pl.col("first_day").min(), pl.col("last_day").max()).row(0)
    return Registers(
        municipalities, into, places, engine.lend(places), first or EPOCH, last or EPOCH
    )


def _extent(cases: ir.Table) -> ir.Table:
    """How far the log of each municipality reaches."""
    return cases.group_by("municipality").agg(
        first_opened=cases.opened.min(),
        first_closed=cases.closed.min(),
        last_opened=cases.opened.max(),
        last_closed=cases.closed.max(),
        last_cancelled=cases.cancelled.max(),
    )
