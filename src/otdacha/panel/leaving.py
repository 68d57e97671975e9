"""What leaves the engine, and in what order: cells by indicator, stratum, unit and month.

Units are numbered in the order in which they leave. Rows leave in parts, each of some units, with
numbers instead of names; here they get their names back. So neither the engine nor this process
ever holds more than a part in order, however many cells there are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import ibis.expr.types as ir
import polars as pl

from otdacha.panel.calendar import month_start
from otdacha.panel.engines import Engine
from otdacha.panel.frames import CELLS, EXPOSURE, STATUSES, Panel

ROWS_AT_ONCE = 1_000_000
"""How many cells a part may hold; of more than one only where units have so few months."""


NAMES = ["unit", "by_name", "municipality", "name", "stratum", "cluster"]


@dataclass(frozen=True)
class Leaving:
    """A panel whose cells and exposure are still in their engine.

    names: `NAMES` of units: unit and by_name are numbers from 0, in the order of stratum and name
    and of name alone. cells: by indicator: unit, month
    (number), n, total, total_squares, status (its place in `STATUSES`), staff. exposure:
    by_name, month, provider, people, staff. reach, excluded, mergers: as in `Panel`. months: how
    many there are from the first cell to the last.
    """

    names: pl.DataFrame
    cells: Mapping[str, ir.Table]
    exposure: ir.Table
    reach: pl.DataFrame
    excluded: pl.DataFrame
    mergers: pl.DataFrame
    months: int


def as_panel(leaving: Leaving, engine: Engine) -> Panel:
    """The panel in memory."""
    return Panel(
        cells=pl.concat([CELLS.to_frame(), *cells_in_parts(leaving, engine)]),
        exposure=pl.concat([EXPOSURE.to_frame(), *exposure_in_parts(leaving, engine)]),
        reach=leaving.reach,
        excluded=leaving.excluded,
        mergers=leaving.mergers,
    )


def cells_in_parts(leaving: Leaving, engine: Engine) -> Iterator[pl.DataFrame]:
    """The cells (schema `CELLS`), sorted by indicator, stratum, unit and month throughout."""
    names = _names(leaving, "unit")
    for indicator, cells in sorted(leaving.cells.items()):
        for rows in _parts(cells, "unit", names.height, leaving.months, engine):
            yield (
                _named(rows.sort("unit", "month"), "unit", names)
                .select(
                    *("unit", "municipality", "stratum", "cluster"),
                    month_start("month").alias("month"),
                    pl.lit(indicator).alias("indicator"),
                    *("n", "total", "total_squares"),
                    _status("status").alias("status"),
                    "staff",
                )
                .cast(CELLS)
            )


def exposure_in_parts(leaving: Leaving, engine: Engine) -> Iterator[pl.DataFrame]:
    """Exposure (schema `EXPOSURE`), sorted by unit, month and provider throughout."""
    names = _names(leaving, "by_name").select("name")
    for rows in _parts(leaving.exposure, "by_name", names.height, leaving.months, engine):
        in_order = rows.sort("by_name", "month", "provider")
        yield (
            _named(in_order, "by_name", names)
            .select(
                "unit",
                month_start("month").alias("month"),
                "provider",
                (pl.col("people") / pl.col("staff")).alias("share"),
                "staff",
            )
            .cast(EXPOSURE)
        )


def _names(leaving: Leaving, number: str) -> pl.DataFrame:
    """The names of units: the row of each is its number."""
    return leaving.names.sort(number).drop("unit", "by_name")


def _parts(
    rows: ir.Table, number: str, units: int, months: int, engine: Engine
) -> Iterator[pl.DataFrame]:
    at_once = max(1, ROWS_AT_ONCE // max(1, months))
    for first in range(0, units, at_once):
        some = rows[number].between(first, first + at_once - 1)
        yield engine.fetch(rows if units <= at_once else rows.filter(some))


def _named(rows: pl.DataFrame, number: str, names: pl.DataFrame) -> pl.DataFrame:
    """rows with the names of their units instead of the numbers."""
    of_rows = names.select(pl.all().gather(rows[number])).rename({"name": "unit"})
    return rows.drop(number).hstack(of_rows)


def _status(code: str) -> pl.Expr:
    named = dict(enumerate(STATUSES))
    return pl.col(code).replace_strict(named, return_dtype=pl.Enum(STATUSES))
