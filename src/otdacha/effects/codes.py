"""Names as numbers: the same frames, whose columns of names are sorted enumerations.

Sorting, joining and comparing then work on whole numbers of four bytes instead of strings, and a
frame of cells takes a third of the memory. The categories of a column are sorted, so everything
that goes by the order of names stays as it is.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from otdacha.effects.stored import Table
from otdacha.methodology import Methodology

NAMES = ("unit", "municipality", "stratum", "cluster", "indicator")


def coded(
    cells: Table, exposure: Table, indicators: Sequence[str]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Cells and exposure with names as enumerations; `unit` has the same one in both.

    Of scans the strings are never held whole. indicators: names that may be asked for, whether
    there are cells of them or not. Exposure of units that have no cell keeps its unit, too.
    """
    here = [name for name in NAMES if name in cells.collect_schema()]
    kinds: dict[str, pl.DataType] = {name: pl.Enum(_names(cells, name)) for name in here}
    kinds["unit"] = pl.Enum(_union(_names(cells, "unit"), _names(exposure, "unit")))
    kinds["indicator"] = pl.Enum(_union(_names(cells, "indicator"), pl.Series(indicators)))
    return (
        cells.lazy()
        .with_columns(pl.col(name).cast(kind) for name, kind in kinds.items())
        .collect(engine="streaming"),
        exposure.lazy()
        .with_columns(pl.col("unit").cast(kinds["unit"]))
        .collect(engine="streaming"),
    )


def held(cells: Table, exposure: Table, rules: Methodology) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Cells and exposure in memory: frames as they are, scans in codes."""
    if isinstance(cells, pl.DataFrame):
        return cells, exposure.lazy().collect()
    return coded(cells, exposure, [indicator.id for indicator in rules.indicators])


def _names(table: Table, column: str) -> pl.Series:
    found = table.lazy().select(pl.col(column).cast(pl.String).unique())
    return found.collect(engine="streaming")[column].drop_nulls().sort()


def _union(one: pl.Series, other: pl.Series) -> pl.Series:
    return pl.concat([one, other.cast(pl.String)]).unique().sort()
