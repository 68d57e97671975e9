"""What leaves the engine, and in what order: cells by indicator, stratum, unit and month.

Units are numbered in the order in which they leave. Rows leave in parts, each of some units, with
numbers instead of names; here they get their names back. So neither the engine nor this process
ever holds more than a part in order, however many cells there are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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


def as_panel(leaving: Leaving, engine: Engine, coded: Sequence[str] | None = None) -> Panel:
    """The panel in memory.

    coded: ids of indicators; names of units, municipalities, strata, clusters and indicators (these
    and those there are) are then sorted enumerations: a third of the memory, and the same order.
    """
    names = leaving.names
    cells, exposure = CELLS, EXPOSURE
    if coded is not None:
        kinds = {name: _enumeration(names[name]) for name in ("municipality", "stratum", "cluster")}
        kinds["unit"] = _enumeration(names["name"])
        kinds["indicator"] = _enumeration(pl.Series([*coded, *leaving.cells], dtype=pl.String))
        cells = pl.Schema({**CELLS, **kinds})
        exposure = pl.Schema({**EXPOSURE, "unit": kinds["unit"]})
    return Panel(
        cells=pl.concat([cells.to_frame(), *cells_in_parts(leaving, engine, cells)]),
        exposure=pl.concat([exposure.to_frame(), *exposure_in_parts(leaving, engine, exposure)]),
        reach=leaving.reach,
        excluded=leaving.excluded,
        mergers=leaving.mergers,
    )


def cells_in_parts(
    leaving: Leaving, engine: Engine, schema: pl.Schema = CELLS
) -> Iterator[pl.DataFrame]:
    """The cells, sorted by indicator, stratum, unit and month throughout.

    schema: `CELLS`, or with enumerations for names.
    """
    of_units = _in_order(leaving.names, "unit", schema)
    for indicator, cells in sorted(leaving.cells.items()):
        for rows in _parts(cells, "unit", of_units.height, leaving.months, engine):
            yield (
                _named(rows.sort("unit", "month"), "unit", of_units)
                .select(
                    *("unit", "municipality", "stratum", "cluster"),
                    month_start("month").alias("month"),
                    pl.lit(indicator, schema["indicator"]).alias("indicator"),
                    *("n", "total", "total_squares"),
                    _status("status").alias("status"),
                    "staff",
                )
                .cast(schema)
            )


def exposure_in_parts(
    leaving: Leaving, engine: Engine, schema: pl.Schema = EXPOSURE
) -> Iterator[pl.DataFrame]:
    """Exposure, sorted by unit, month and provider throughout; arguments as `cells_in_parts`."""
    of_units = _in_order(leaving.names, "by_name", schema).select("unit")
    for rows in _parts(leaving.exposure, "by_name", of_units.height, leaving.months, engine):
        in_order = rows.sort("by_name", "month", "provider")
        yield (
            _named(in_order, "by_name", of_units)
            .select(
                "unit",
                month_start("month").alias("month"),
                "provider",
                (pl.col("people") / pl.col("staff")).alias("share"),
                "staff",
            )
            .cast(schema)
        )


def _in_order(names: pl.DataFrame, number: str, schema: pl.Schema) -> pl.DataFrame:
    """The names of units as `schema` has them: the row of each is its number."""
    named = names.sort(number).drop("unit", "by_name").rename({"name": "unit"})
    return named.cast({name: schema[name] for name in named.columns if name in schema})


def _enumeration(names: pl.Series) -> pl.Enum:
    return pl.Enum(names.drop_nulls().unique().sort())


def _parts(
    rows: ir.Table, number: str, units: int, months: int, engine: Engine
) -> Iterator[pl.DataFrame]:
    at_once = max(1, ROWS_AT_ONCE // max(1, months))
    for first in range(0, units, at_once):
        some = rows[number].between(first, first + at_once - 1)
        yield engine.fetch(rows if units <= at_once else rows.filter(some))


def _named(rows: pl.DataFrame, number: str, names: pl.DataFrame) -> pl.DataFrame:
    """rows with the names of their units instead of the numbers."""
    of_rows = names.select(pl.all().gather(rows[number]))
    return rows.drop(number).hstack(of_rows)


def _status(code: str) -> pl.Expr:
    named = dict(enumerate(STATUSES))
    return pl.col(code).replace_strict(named, return_dtype=pl.Enum(STATUSES))
