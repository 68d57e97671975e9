"""Tables → panel: cells, exposure, reach, and what was left out."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import ibis
import ibis.expr.types as ir
import polars as pl

from otdacha.language import text
from otdacha.methodology import Methodology
from otdacha.methodology.counting import EXCLUDED
from otdacha.panel.calendar import calendar, month_start
from otdacha.panel.cells import (
    Counted,
    case_counts,
    counted,
    left_out_code,
    nothing_counted,
    reported,
    together,
)
from otdacha.panel.exposure import bearing, courses, reach, shares, without_cells
from otdacha.panel.frames import CELLS, EXPOSURE, REACH, Panel
from otdacha.panel.mergers import (
    as_successors_are_placed,
    counted_mergers,
    known_of_the_group,
    merge_staff,
    merge_units,
)
from otdacha.panel.staff import executors, headcount, members
from otdacha.panel.statuses import history_known_from, statuses
from otdacha.panel.units import named, towns
from otdacha.progress import Progress, silent
from otdacha.records.successions import successions
from otdacha.records.tables import TABLES

_MONTH = ["holder", "month"]
_STEPS = 4


@dataclass(frozen=True)
class Tables:
    """The records a panel is made of, with the columns that `otdacha.records` gives them.

    The case log stays in its engine; everything else is small.
    """

    cases: ir.Table
    results: pl.DataFrame
    municipalities: pl.DataFrame
    staff: pl.DataFrame
    training: pl.DataFrame
    providers: pl.DataFrame = field(default_factory=TABLES["providers"].columns.to_frame)


def panel_of(tables: Tables, methodology: Methodology, *, progress: Progress = silent) -> Panel:
    """The panel of these tables: `otdacha.panel.build_cells` without the workspace."""
    design = methodology.design
    merged_towns = successions(tables.municipalities, "municipality")
    merged_providers = successions(tables.providers, "provider")
    placed = as_successors_are_placed(tables.municipalities, merged_towns)
    tables = replace(tables, municipalities=placed)
    progress(text("Counting cases"), 0, _STEPS)
    of_cases = count_cases(tables, methodology)
    progress(text("Reading reported results"), 1, _STEPS)
    as_recorded = together(of_cases, _read_results(tables, methodology))
    mergers = counted_mergers(as_recorded, tables.training, merged_towns, merged_providers)
    found = merge_units(as_recorded, tables.staff, merged_towns)
    known = known_of_the_group(
        history_known_from(tables.municipalities, tables.training, tables.staff),
        as_recorded.units,
        merged_towns,
    )
    tables = replace(
        tables,
        staff=merge_staff(tables.staff, merged_towns),
        training=tables.training.with_columns(merged_providers.followed("provider")),
    )

    progress(text("Following the staff who were trained"), 2, _STEPS)
    held = found.units.select(
        "unit",
        "municipality",
        name="holder",
        holder=pl.struct("municipality", "holder").rank("dense").cast(pl.Int64),
    )
    holders = held.select("holder", "municipality", "name").unique()
    unit_months = found.cells.select("unit", "month").unique().join(held, on="unit")
    unit_months = unit_months.select("unit", "holder", "month")
    months = unit_months.select(_MONTH).unique()
    first, last = _ends(months)
    belonging = members(holders, tables.staff, first - design.look_back_months, last)
    people = headcount(months, belonging)
    training = tables.training.with_row_index("course")
    long_enough = training.filter(pl.col("hours") >= methodology.minimum.training_hours)
    borne = bearing(months, belonging, courses(long_enough, design), design)
    use = statuses(months, borne, people, holders.join(known, on="municipality"), design)
    read = borne.exposed.join(use.filter(pl.col("status") == "exposed"), on=_MONTH, how="semi")
    idle = without_cells(training, tables.staff, borne.exposed, methodology, first, last)

    progress(text("Naming the cells"), 3, _STEPS)
    places = towns(tables.municipalities, holders, design)
    names = named(found.units, places, tables.staff, design)
    panel = Panel(
        cells=_cells(
            found.cells.join(
                unit_months.join(use, on=_MONTH).join(people, on=_MONTH, how="left"),
                on=["unit", "month"],
            ),
            names,
        ),
        exposure=_exposure(unit_months.join(shares(borne.exposed, people), on=_MONTH), names),
        reach=reach(tables.training, read.join(holders, on="holder")).select(REACH.names()),
        excluded=_excluded(found.excluded, idle),
        mergers=mergers,
    )
    progress(text("Naming the cells"), _STEPS, _STEPS)
    return panel


def count_cases(tables: Tables, methodology: Methodology) -> Counted:
    """Cells of the case log, in two scans: how far it reaches, then what it counts."""
    cases = tables.cases
    extent = (
        cases.group_by("municipality")
        .agg(
            first_opened=cases.opened.min(),
            first_closed=cases.closed.min(),
            last_opened=cases.opened.max(),
            last_closed=cases.closed.max(),
            last_cancelled=cases.cancelled.max(),
        )
        .to_polars()
        .select(
            "municipality",
            first_day=pl.min_horizontal("first_opened", "first_closed"),
            last_day=pl.max_horizontal("last_opened", "last_closed", "last_cancelled"),
        )
    )
    if extent.is_empty():
        return nothing_counted()
    first, last = extent.select(pl.col("first_day").min(), pl.col("last_day").max()).row(0)
    days = calendar(first, last, methodology.working_days)
    places = (
        towns(tables.municipalities, extent, methodology.design)
        .join(extent, on="municipality")
        .with_row_index("town")
    )
    spells = executors(tables.staff).rename({"person": "holder"})
    people = spells.select("holder").unique().with_row_index("person")
    signatures = (
        spells.join(places, on="municipality")
        .join(people, on="holder")
        .select("town", "executor", "from_day", "to_day", "person", fault=left_out_code("fault"))
    )
    indicators = [i for i in methodology.indicators if i.source == "cases"]
    counts = case_counts(
        cases,
        ibis.memtable(places.select("municipality", "town", "placed", "last_day")),
        ibis.memtable(signatures),
        ibis.memtable(days),
        indicators,
    )
    return counted(counts.to_polars(), places.select("town", "municipality"), people, indicators)


def _read_results(tables: Tables, methodology: Methodology) -> Counted:
    asked = [indicator for indicator in methodology.indicators if indicator.source == "results"]
    places = towns(tables.municipalities, tables.results, methodology.design)
    return reported(tables.results, places.filter("placed"), asked)


def _cells(cells: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    """cells: unit (number), month (number) and the rest. names: as `named` makes them, in order."""
    order = names.select(pl.col("number").alias("unit")).with_row_index("order")
    return (
        cells.join(order, on="unit")
        .sort("order", "indicator", "month")
        .rename({"unit": "number"})
        .join(names, on="number", how="left", maintain_order="left")
        .with_columns(month=month_start("month"))
        .select(CELLS.names())
    )


def _exposure(exposed: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    return (
        exposed.join(names.select("unit", "number"), left_on="unit", right_on="number")
        .with_columns(unit="unit_right", month=month_start("month"))
        .select(EXPOSURE.names())
        .sort("unit", "month", "provider")
    )


def _ends(months: pl.DataFrame) -> tuple[int, int]:
    """The first and the last month; (0, 0) where there is none."""
    first, last = months.select(first=pl.col("month").min(), last=pl.col("month").max()).row(0)
    return (0, 0) if first is None else (int(first), int(last))


def _excluded(cases_and_results: pl.DataFrame, training: pl.DataFrame) -> pl.DataFrame:
    return (
        pl.concat([cases_and_results, training], how="diagonal")
        .with_columns(stage=pl.lit("panel"))
        .select(EXCLUDED.names())
        .sort("reason", "indicator", "provider", nulls_last=False)
    )
