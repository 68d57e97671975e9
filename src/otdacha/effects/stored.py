"""Cells and exposure read from disk, stratum by stratum.

The rows of an indicator's stratum stand together in the file (`otdacha.panel` writes it so), so a
stratum is a run of rows, and reading it touches the row groups of that run and nothing else. One
pass over four narrow columns finds the runs; no pass ever holds the cells of an indicator. Exposure
is held in numbers, 24 bytes a row: all indicators of a unit share it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import TypeAlias

import numpy as np
import polars as pl

from otdacha.effects.admission import REASONS
from otdacha.effects.cells import IndicatorCells, StratumCells, indicator_cells
from otdacha.errors import NothingToEstimate
from otdacha.language import text
from otdacha.methodology import Indicator

Table: TypeAlias = pl.DataFrame | pl.LazyFrame
"""A frame in memory, or a scan of a Parquet file whose rows are in the panel's order."""


@dataclass(frozen=True)
class StoredCells:
    """Where the cells of a scan stand.

    scan: a scan of a Parquet file with the columns of `otdacha.panel.frames.CELLS`. runs:
    indicator, stratum, first (row), rows; in the order of the file. months: indicator, month,
    distinct. clusters: the distinct clusters.
    """

    scan: pl.LazyFrame
    runs: pl.DataFrame
    months: pl.DataFrame
    clusters: pl.Series

    @classmethod
    def of(cls, scan: pl.LazyFrame) -> StoredCells:
        """Find the runs; NothingToEstimate where the rows of a stratum are scattered."""
        found = (
            scan.select("indicator", "stratum", "cluster", "month")
            .with_row_index("row")
            .group_by("indicator", "stratum", "cluster")
            .agg(
                first=pl.col("row").min(),
                last=pl.col("row").max(),
                rows=pl.len(),
                month=pl.col("month").unique(),
            )
            .collect(engine="streaming")
        )
        runs = (
            found.group_by("indicator", "stratum")
            .agg(pl.col("first").min(), pl.col("last").max(), pl.col("rows").sum())
            .sort("first")
        )
        scattered = runs.filter(pl.col("last") - pl.col("first") + 1 != pl.col("rows"))
        if scattered.height:
            raise NothingToEstimate(
                text(
                    "The stored cells are not in order: the rows of indicator {indicator} in "
                    "stratum {stratum} stand in several places. Sort the file by indicator, "
                    "stratum, unit and month, as otdacha writes it.",
                    indicator=scattered["indicator"][0],
                    stratum=scattered["stratum"][0],
                )
            )
        return cls(
            scan,
            runs.select("indicator", "stratum", "first", "rows"),
            found.select("indicator", "month").explode("month").unique().drop_nulls("month"),
            found["cluster"].drop_nulls().unique().sort(),
        )

    @cached_property
    def sizes(self) -> dict[str, int]:
        """indicator → its cells."""
        table = self.runs.drop_nulls("indicator").group_by("indicator").agg(pl.col("rows").sum())
        return {str(name): int(rows) for name, rows in table.iter_rows()}

    @property
    def height(self) -> int:
        return int(self.runs["rows"].sum())


@dataclass(frozen=True)
class StoredExposure:
    """Exposure by unit. rows: month, provider (code or null), share, staff; a unit's rows stand
    together. units: unit, first (row), rows; sorted by unit."""

    rows: pl.DataFrame
    units: pl.DataFrame

    @classmethod
    def of(cls, exposure: pl.LazyFrame, providers: Sequence[str]) -> StoredExposure:
        """providers: the names whose places are the codes."""
        codes = pl.DataFrame(
            {"provider": list(providers), "code": np.arange(len(providers), dtype=np.uint32)},
            schema={"provider": pl.String, "code": pl.UInt32},
        )
        named = exposure.select(
            "unit", "month", pl.col("provider").cast(pl.String), "share", "staff"
        )
        held = named.join(codes.lazy(), on="provider", how="left", maintain_order="left").drop(
            "provider"
        )
        rows = held.rename({"code": "provider"}).collect(engine="streaming")
        if not rows["unit"].is_sorted():
            rows = rows.sort("unit", maintain_order=True)
        units = (
            rows.select(pl.col("unit").rle())
            .unnest("unit")
            .select(
                unit="value",
                first=pl.col("len").cum_sum().cast(pl.Int64) - pl.col("len").cast(pl.Int64),
                rows=pl.col("len").cast(pl.Int64),
            )
        )
        return cls(rows.drop("unit"), units)

    def of_units(self, units: pl.Series) -> pl.DataFrame:
        """unit, month, provider, share, staff of the given distinct units."""
        here = self.units.join(units.to_frame("unit"), on="unit", how="inner")
        first, rows = here["first"].to_numpy(), here["rows"].to_numpy()
        places = np.arange(rows.sum()) + np.repeat(first - np.r_[0, np.cumsum(rows)[:-1]], rows)
        of_unit = pl.Series(np.repeat(np.arange(len(rows)), rows), dtype=pl.UInt32)
        chosen = self.rows.select(pl.all().gather(places))
        return chosen.with_columns(unit=here["unit"].gather(of_unit))


@dataclass(frozen=True)
class StoredIndicator:
    """One indicator's cells on disk; see `otdacha.effects.strata.Strata`.

    clusters, sessions: as for `indicator_cells`.
    """

    cells: StoredCells
    exposure: StoredExposure
    indicator: Indicator
    providers: int
    clusters: pl.DataFrame
    covariates: tuple[str, ...]
    aggregation: str
    sessions: pl.DataFrame | None = None
    second: bool = False
    _left_out: dict[int, dict[str, int]] = field(default_factory=dict)

    @cached_property
    def periods(self) -> pl.Series:
        mine = self.cells.months.filter(pl.col("indicator") == self.indicator.id)
        return mine["month"].sort()

    @property
    def months(self) -> int:
        return len(self.periods)

    @property
    def size(self) -> int:
        return self.cells.sizes.get(self.indicator.id, 0)

    @property
    def excluded(self) -> Mapping[str, int]:
        """Summed over the pieces that were read; one that is read again counts once."""
        parts = self._left_out.values()
        total = {reason: sum(part.get(reason, 0) for part in parts) for reason in REASONS}
        return {reason: rows for reason, rows in total.items() if rows}

    def by_session(self) -> StoredIndicator:
        return replace(self, second=True)

    def pieces(self) -> list[Callable[[], StratumCells | None]]:
        """What reads each stratum, in the order of their names."""
        runs = self.cells.runs.filter(pl.col("indicator") == self.indicator.id)
        runs = runs.sort("stratum", nulls_last=True).select("first", "rows")
        return [
            partial(self._read, number, first, rows)
            for number, (first, rows) in enumerate(runs.iter_rows())
        ]

    def _read(self, number: int, first: int, rows: int) -> StratumCells | None:
        columns = ["unit", "stratum", "cluster", "month", "indicator", "n", "total", "status"]
        part = self.cells.scan.slice(first, rows).select(*columns, *self.covariates).collect()
        found = self._joined(part)
        self._left_out[number] = found.excluded
        pieces = (found.by_session() if self.second else found).pieces()
        return pieces[0]() if pieces else None

    def _joined(self, part: pl.DataFrame) -> IndicatorCells:
        return indicator_cells(
            part,
            self.exposure.of_units(part["unit"].drop_nulls().unique()),
            self.indicator,
            providers=range(self.providers),
            clusters=self.clusters,
            covariates=self.covariates,
            aggregation=self.aggregation,
            sessions=self.sessions,
            months=self.periods,
        )
