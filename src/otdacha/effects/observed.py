"""Cells and exposure of a panel, checked, sorted and joined once for all that is asked of them.

A question (a gate, an event study, ...) says which unit-months take part, which are clean, which
are exposed, and to whom. Every cell knows the place of its unit-month, so an answer gathers what it
needs; nothing is sorted or joined again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from otdacha.effects.admission import admit
from otdacha.effects.cells import Floats, IndicatorCells, numbered, with_links
from otdacha.effects.codes import held
from otdacha.effects.event_time import before_training, placed, unit_months
from otdacha.effects.stored import Table
from otdacha.methodology import Indicator, Methodology

Bools = NDArray[np.bool_]

NOBODY = pl.DataFrame(
    schema={"place": pl.UInt32, "provider": pl.Int64, "share": pl.Float64, "staff": pl.Int64}
)
"""Exposure where nobody's is asked about."""


@dataclass(frozen=True)
class Question:
    """Which unit-months take part and how, by their place in `Observed.months`, (M,) each.

    clean, exposed: a unit-month that is neither takes no part. exposure: place, provider (number),
    share, staff; of exposed unit-months. covariates: name → figures of the unit-months.
    """

    clean: Bools
    exposed: Bools
    exposure: pl.DataFrame = field(default_factory=lambda: NOBODY)
    covariates: Mapping[str, Floats] = field(default_factory=dict)


@dataclass(frozen=True)
class PlacedCells:
    """Cells of one indicator that may be used, sorted; frame: `cells.COLUMNS` less `clean`, and
    place. months: how many periods there are."""

    frame: pl.DataFrame
    months: int

    @classmethod
    def of(cls, cells: pl.DataFrame, indicator: Indicator, clusters: pl.DataFrame) -> PlacedCells:
        """cells: the indicator's, of the columns of `otdacha.panel.frames.CELLS` and place."""
        periods = cells["month"].drop_nulls().unique().sort()
        used = numbered(admit(cells, indicator, clusters, ("place",)).cells, periods)
        frame = used.select(
            "stratum",
            "cluster",
            pl.lit(None).alias("session"),
            pl.col("unit_code").cast(pl.UInt32).alias("unit"),
            pl.col("month").cast(pl.UInt16),
            "n",
            "y",
            "place",
        )
        return cls(frame, len(periods))

    def asked(self, question: Question, aggregation: str) -> IndicatorCells:
        """The cells that take part, with the exposure and the covariates of their unit-months."""
        place = self.frame["place"].to_numpy()
        clean = question.clean[place]
        used = self.frame.with_columns(clean=pl.Series(clean, dtype=pl.Boolean))
        takes_part = clean | question.exposed[place]
        if not takes_part.all():
            used, place, clean = used.filter(takes_part), place[takes_part], clean[takes_part]
        return with_links(
            used.with_columns(
                pl.Series(name, figures[place]) for name, figures in question.covariates.items()
            ),
            _links(np.flatnonzero(~clean), place, question),
            months=self.months,
            covariates=tuple(question.covariates),
            aggregation=aggregation,
            excluded={},
        )


def _links(
    exposed: NDArray[np.int64], place: NDArray[np.uint32], question: Question
) -> pl.DataFrame:
    """row, provider, share, staff of the exposed rows, sorted by row and provider."""
    told = question.exposure.sort("place", "provider")
    count = np.bincount(told["place"].to_numpy(), minlength=len(question.clean))
    first = np.cumsum(count) - count
    mine = count[place[exposed]]
    row = np.repeat(exposed, mine)
    start = np.repeat(first[place[exposed]] - (np.cumsum(mine) - mine), mine)
    here = told.select(pl.col("provider", "share", "staff").gather(start + np.arange(len(row))))
    return here.select(pl.Series("row", row, dtype=pl.Int64), "provider", "share", "staff")


@dataclass(frozen=True)
class Observed:
    """A panel's cells and exposure.

    months: as `event_time.unit_months`. exposure: as `event_time.placed`. clusters: cluster,
    cluster_code.
    """

    cells: pl.DataFrame
    exposure: pl.DataFrame
    months: pl.DataFrame
    clusters: pl.DataFrame
    _sorted: dict[str, PlacedCells] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, cells: Table, exposure: Table, methodology: Methodology) -> Observed:
        """Scans of Parquet files are read whole, with names in codes."""
        cells, exposure = held(cells, exposure, methodology)
        months = unit_months(cells)
        clusters = cells.select("cluster").drop_nulls().unique().sort("cluster")
        return cls(cells, placed(exposure, months), months, clusters.with_row_index("cluster_code"))

    @cached_property
    def before(self) -> pl.DataFrame:
        """As `event_time.before_training`."""
        return before_training(self.months, self.exposure)

    @cached_property
    def clean(self) -> Bools:
        """Which unit-months are clean, (M,)."""
        return (self.months["status"] == "clean").to_numpy()

    @cached_property
    def exposed(self) -> Bools:
        """Which unit-months are exposed, (M,)."""
        return (self.months["status"] == "exposed").to_numpy()

    def of_indicator(self, indicator: Indicator) -> PlacedCells:
        """Its cells, sorted when they are first asked for."""
        if indicator.id not in self._sorted:
            mine = self.cells.filter(pl.col("indicator") == indicator.id)
            at = self.months.select("unit", "month", "place")
            mine = mine.join(at, on=["unit", "month"], how="left", maintain_order="left")
            self._sorted[indicator.id] = PlacedCells.of(mine, indicator, self.clusters)
        return self._sorted[indicator.id]

    def spread(self, column: pl.Series, place: pl.Series, otherwise: float) -> Floats:
        """Figures of some unit-months as figures of all, (M,)."""
        out = np.full(len(self.months), otherwise)
        out[place.to_numpy()] = column.to_numpy()
        return out

    def only(self, place: pl.Series) -> Bools:
        """Which unit-months are the given ones, (M,)."""
        out = np.zeros(len(self.months), dtype=np.bool_)
        out[place.to_numpy()] = True
        return out
