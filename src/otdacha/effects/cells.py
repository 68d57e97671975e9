"""Cells and exposure as sorted arrays, stratum by stratum: the form in which they are estimated."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise

import numpy as np
import polars as pl
from numpy.typing import NDArray

from otdacha.effects.admission import admit, admit_exposure
from otdacha.errors import NothingToEstimate
from otdacha.language import text
from otdacha.methodology import Indicator

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

COLUMNS = ("stratum", "cluster", "session", "unit", "month", "n", "y", "clean")
"""Of the sorted cells of an indicator."""


@dataclass(frozen=True)
class StratumCells:
    """The cells of one stratum that may be used, as arrays.

    unit (N,) counts from 0 within the stratum, period (N,) over all months of the indicator,
    cluster (N,) over all clusters; weight (N,) cases; y (N,) own unit, signed so that plus is
    better, less the centre; covariates (N, P); clean (N,) bool, the others are exposed.
    exposure: for the exposed cells in triplets, `row` into the N cells, `provider` (global),
    `share` 0-1. stage2_weight (N,): the weight of an exposed cell in the provider's mean.
    """

    units: int
    unit: Ints
    period: Ints
    cluster: Ints
    weight: Floats
    stage2_weight: Floats
    y: Floats
    covariates: Floats
    clean: NDArray[np.bool_]
    row: Ints
    provider: Ints
    share: Floats


@dataclass(frozen=True)
class IndicatorCells:
    """All cells of one indicator, sorted by stratum, unit and month, with their exposure.

    `frame` has the columns stratum, cluster, session, unit, month, n, y, clean and the covariates;
    `links` has row (into `frame`), provider (code), share, staff. session: the second clustering,
    null where there is none.
    """

    frame: pl.DataFrame
    links: pl.DataFrame
    months: int
    covariates: tuple[str, ...]
    aggregation: str
    excluded: dict[str, int]

    def by_session(self) -> IndicatorCells:
        """The same cells, clustered by the run of a course instead of the town."""
        return replace(self, frame=self.frame.with_columns(cluster="session"))

    @property
    def size(self) -> int:
        return self.frame.height

    def pieces(self) -> list[Callable[[], StratumCells]]:
        """What gives each stratum; nothing is copied but the stratum at hand."""
        cells = self.frame["stratum"].rle().struct.field("len")
        bounds = [0, *cells.cum_sum().to_list()]
        return [partial(self._stratum, start, stop) for start, stop in pairwise(bounds)]

    def _stratum(self, start: int, stop: int) -> StratumCells:
        low, high = np.searchsorted(self.links["row"].to_numpy(), [start, stop])
        part, links = self.frame[start:stop], self.links[int(low) : int(high)]
        unit = part["unit"].to_numpy()
        local_unit = (unit - unit[0]).astype(np.int64)
        weight = part["n"].to_numpy().astype(np.float64)
        local_row = (links["row"].to_numpy() - start).astype(np.int64)
        clean = part["clean"].to_numpy()
        units = int(local_unit[-1]) + 1
        return StratumCells(
            units=units,
            unit=local_unit,
            period=part["month"].to_numpy().astype(np.int64),
            cluster=part["cluster"].to_numpy().astype(np.int64),
            weight=weight,
            stage2_weight=(
                weight
                if self.aggregation == "cases"
                else _equal_person_weight(
                    weight, clean, local_unit, units, local_row, links["staff"].to_numpy()
                )
            ),
            y=part["y"].to_numpy().astype(np.float64),
            covariates=(
                part.select(self.covariates).to_numpy().astype(np.float64)
                if self.covariates
                else np.empty((stop - start, 0))
            ),
            clean=clean,
            row=local_row,
            provider=links["provider"].to_numpy().astype(np.int64),
            share=links["share"].to_numpy().astype(np.float64),
        )


def _equal_person_weight(
    weight: Floats,
    clean: NDArray[np.bool_],
    unit: Ints,
    units: int,
    row: Ints,
    staff: NDArray[np.int64],
) -> Floats:
    """Weights that give each unit's exposed cells, together, the unit's mean number of staff."""
    exposed = np.where(clean, 0.0, weight)
    cases = np.bincount(unit, exposed, units)
    people = np.zeros(len(weight))
    people[row] = staff
    months = np.bincount(unit, ~clean, units)
    mean_staff = np.bincount(unit, people, units) / np.maximum(months, 1)
    return np.asarray(exposed * (mean_staff / np.maximum(cases, 1e-300))[unit])


def indicator_cells(
    cells: pl.DataFrame,
    exposure: pl.DataFrame,
    indicator: Indicator,
    *,
    providers: Sequence[str] | Sequence[int],
    clusters: pl.DataFrame,
    covariates: Sequence[str],
    aggregation: str,
    sessions: pl.DataFrame | None = None,
    months: pl.Series | None = None,
) -> IndicatorCells:
    """The cells of one indicator, cleaned of what cannot be used, sorted, joined to exposure.

    clusters: cluster, cluster_code. sessions: unit, session_code of the units that have one; the
    others get codes after these, one for each cluster. months: the periods, sorted; by default all
    months of the indicator's cells.
    Every cell that is left out is counted by reason in `excluded`.
    """
    mine = cells.filter(pl.col("indicator") == indicator.id)
    admission = admit(mine, indicator, clusters, covariates)
    used = _with_session(admission.cells, sessions)
    if months is None:
        months = mine["month"].drop_nulls().unique().sort()
    used = numbered(used, months).with_columns(row=pl.int_range(pl.len()))
    codes = pl.DataFrame(
        {"provider": list(providers), "code": range(len(providers))},
        schema={"provider": exposure.schema["provider"], "code": pl.Int64},
    )
    exposed = used.filter(~pl.col("clean")).select("unit", "row", pl.col("month").cast(pl.Int64))
    month_codes = pl.DataFrame({"month": months}).with_row_index("month_code")
    links = (
        exposure.join(month_codes, on="month")
        .select("unit", "provider", "share", "staff", month=pl.col("month_code").cast(pl.Int64))
        .join(exposed, on=["unit", "month"])
        .join(codes, on="provider", how="left")
        .select("row", pl.col("code").alias("provider"), "share", "staff")
        .sort("row", "provider")
    )
    return with_links(
        used.drop("unit", "row").rename({"unit_code": "unit"}),
        links,
        months=len(months),
        covariates=covariates,
        aggregation=aggregation,
        excluded=admission.excluded,
    )


def numbered(used: pl.DataFrame, months: pl.Series) -> pl.DataFrame:
    """Admitted cells with the number of their month among `months`, and of their unit in
    `unit_code`. Raises NothingToEstimate where a unit lies in several clusters."""
    found = used.with_columns(
        month=pl.col("month").replace_strict(months, pl.arange(0, len(months), eager=True))
        if len(months)
        else pl.lit(0),
        unit_code=(
            (pl.col("unit") != pl.col("unit").shift())
            | (pl.col("stratum") != pl.col("stratum").shift())
        )
        .fill_null(False)
        .cum_sum()
        .cast(pl.Int64),
    )
    _refuse_units_of_two_clusters(found)
    return found


def with_links(
    used: pl.DataFrame,
    links: pl.DataFrame,
    *,
    months: int,
    covariates: Sequence[str],
    aggregation: str,
    excluded: Mapping[str, int],
) -> IndicatorCells:
    """Sorted, numbered cells with the exposure of their rows, less those whose exposure cannot be
    used. links: row (into `used`), provider, share, staff; sorted by row and provider."""
    stays, untold = admit_exposure(links, ~used["clean"].to_numpy())
    if untold:
        moved = pl.Series("row", np.cumsum(stays) - 1)
        links = links.filter(pl.Series(stays).gather(links["row"]))
        links = links.with_columns(moved.gather(links["row"]))
        used = used.filter(pl.Series(stays))
    return IndicatorCells(
        frame=used.select(*COLUMNS, *covariates),
        links=links,
        months=months,
        covariates=tuple(covariates),
        aggregation=aggregation,
        excluded={**excluded, **untold},
    )


def _with_session(used: pl.DataFrame, sessions: pl.DataFrame | None) -> pl.DataFrame:
    """The session of each cell's unit; who was never trained has that of its cluster, after all
    sessions; null where there are none."""
    if sessions is None:
        return used.with_columns(session=pl.lit(None, pl.Int64))
    after = sessions["session_code"].n_unique()
    return (
        used.join(sessions, on="unit", how="left", maintain_order="left")
        .with_columns(session=pl.coalesce("session_code", after + pl.col("cluster").cast(pl.Int64)))
        .drop("session_code")
    )


def _refuse_units_of_two_clusters(used: pl.DataFrame) -> None:
    """The variance relies on it that a unit's error stays in its own cluster."""
    torn = (pl.col("unit_code") == pl.col("unit_code").shift()) & (
        pl.col("cluster") != pl.col("cluster").shift()
    )
    found = used.lazy().filter(torn).select("unit").head(1).collect()
    if len(found):
        raise NothingToEstimate(
            text(
                "Unit {unit} lies in more than one cluster. Give it a unit of its own in each.",
                unit=found.item(),
            )
        )
