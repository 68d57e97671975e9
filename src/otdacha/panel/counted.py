"""Cases and reported results → cells in the engine, the units they are of, and what made none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import polars as pl

from otdacha.methodology import Indicator, Methodology
from otdacha.panel import cells as of_cases
from otdacha.panel import results as of_results
from otdacha.panel.calendar import calendar
from otdacha.panel.engines import Engine
from otdacha.panel.mergers import departments_followed, towns_followed
from otdacha.panel.registers import Registers
from otdacha.panel.staff import executors, links
from otdacha.panel.tables import Tables
from otdacha.panel.units import named

_NAMES = ["municipality", "holder", "service"]
_UNIT_MONTH = ["unit", "holder", "month"]
_NONE_MERGED = pl.Schema({"municipality": pl.String, "department": pl.String, "rows": pl.Int64})


@dataclass(frozen=True)
class CaseCounts:
    """links: as `otdacha.panel.staff.links`, departments under the names they go by now. rows: as
    `otdacha.panel.cells.case_counts`."""

    links: ir.Table
    rows: ir.Table


@dataclass(frozen=True)
class Counted:
    """Cells in the engine, the units they are of, and the rows that made none.

    links, links_now: staff links in the towns of the records, and in those that stand for them.
    units: as `otdacha.panel.units.named`, with own_municipality, own_holder as recorded.
    unit_months: unit, holder (numbers), month of all cells; one that both sources know is there
    twice. cells: by indicator: unit, holder, month, n, total, total_squares. recorded: where
    anything has merged: municipality, department (null: of people) and how many cells they have
    under the names of the records. excluded: reason, indicator, rows.
    """

    links: ir.Table
    links_now: ir.Table
    units: ir.Table
    unit_months: ir.Table
    cells: Mapping[str, ir.Table]
    recorded: pl.DataFrame
    excluded: pl.DataFrame


def count_cases(
    tables: Tables, registers: Registers, methodology: Methodology, engine: Engine
) -> CaseCounts:
    """The case log as counts by holder, service and month: the one scan of all its columns."""
    staff = departments_followed(tables.staff, "unit", registers.into.departments, engine)
    known = engine.keep(links(staff))
    towns = registers.lent.select("municipality", "town", "placed", "last_day")
    spells = executors(known).inner_join(towns.select("municipality", "town"), "municipality")
    days = calendar(registers.first_day, registers.last_day, methodology.working_days)
    counts = of_cases.case_counts(
        tables.cases,
        towns,
        engine.keep(spells.select("town", "executor", "from_day", "to_day", "person", "fault")),
        engine.lend(days),
        _asked(methodology, "cases"),
    )
    return CaseCounts(known, engine.keep(counts))


def count_all(
    tables: Tables,
    counts: CaseCounts,
    registers: Registers,
    methodology: Methodology,
    engine: Engine,
) -> Counted:
    """Both sources together, under the names that units go by now."""
    in_log, in_reports = _asked(methodology, "cases"), _asked(methodology, "results")
    merged = registers.into.of_units
    links_now = counts.links
    if registers.into.towns:
        links_now = engine.keep(towns_followed(links_now, "unit", registers.lent))
    holders = engine.keep(of_cases.holders_of_cases(counts.rows, registers.lent, counts.links))
    asked = of_results.asked_of(
        tables.results, registers.lent, engine.lend(of_results.rules_of(in_reports))
    )
    recorded = holders.select(_NAMES)
    if in_reports:
        asked = engine.keep(asked)
        recorded = ibis.union(recorded, of_results.reported(asked).select(_NAMES), distinct=True)
    now = _as_they_are_called_now(recorded, counts.links, registers, engine)
    units = engine.keep(named(now, registers.lent, links_now, methodology.design))

    numbers = units.select(
        "own_municipality", "own_holder", "service", "unit", holder="holder_number"
    )
    numbered = holders.rename(own_municipality="municipality", own_holder="holder").inner_join(
        numbers, ["own_municipality", "own_holder", "service"]
    )
    keys = numbered.select("town", "person", "department", "service", "unit", "holder")
    cases = engine.keep(of_cases.of_units(counts.rows, keys, in_log, merged=merged))
    cells = {
        indicator.id: of_cases.cells_of(cases, number) for number, indicator in enumerate(in_log)
    }
    unit_months = _with_cells(cases).select(_UNIT_MONTH)
    if in_reports:
        reported = of_results.of_units(of_results.reported(asked), numbers, merged=merged)
        results = engine.keep(reported)
        cells |= {
            indicator.id: results.filter(results.indicator == number).drop("indicator")
            for number, indicator in enumerate(in_reports)
        }
        unit_months = ibis.union(unit_months, results.select(_UNIT_MONTH))
    return Counted(
        links=counts.links,
        links_now=links_now,
        units=units,
        unit_months=unit_months,
        cells=cells,
        recorded=_recorded(counts.rows, holders, of_results.reported(asked), units, in_log, engine)
        if merged
        else _NONE_MERGED.to_frame(),
        excluded=_excluded(counts.rows, asked, in_log, engine),
    )


def _asked(methodology: Methodology, source: str) -> list[Indicator]:
    return [indicator for indicator in methodology.indicators if indicator.source == source]


def _as_they_are_called_now(
    recorded: ir.Table, links: ir.Table, registers: Registers, engine: Engine
) -> ir.Table:
    """Holders under the names that they go by now: own_municipality, own_holder, is_person, service
    and, now, municipality, holder."""
    people = links.select("municipality", holder="person").distinct()
    known = recorded.left_join(
        people.mutate(is_person=ibis.literal(True)), ["municipality", "holder"]
    ).select(*_NAMES, "is_person")
    is_person = known.is_person.fill_null(False)
    told = known.select(
        "municipality",
        "service",
        own_municipality="municipality",
        own_holder="holder",
        is_person=is_person,
        person=is_person.ifelse(known.holder, ibis.null("string")),
        department=is_person.ifelse(ibis.null("string"), known.holder),
    )
    told = departments_followed(told, "department", registers.into.departments, engine)
    if registers.into.towns:
        told = towns_followed(told, "department", registers.lent)
    return told.mutate(holder=ibis.coalesce(told.person, told.department)).drop(
        "person", "department"
    )


def _with_cells(cases: ir.Table) -> ir.Table:
    """The units and months of which some indicator counts some case."""
    counts = [cases[name] > 0 for name in cases.columns if name.startswith("n_")]
    return cases.filter(ibis.or_(*counts))


def _recorded(
    counts: ir.Table,
    holders: ir.Table,
    reported: ir.Table,
    units: ir.Table,
    indicators: list[Indicator],
    engine: Engine,
) -> pl.DataFrame:
    """Cells under the names of the records: municipality, department (null: of people), rows."""
    keys = ["town", "person", "department", "service"]
    in_log = of_cases.cells_recorded(counts, indicators).inner_join(holders, keys)
    rows = ibis.union(
        in_log.select(*_NAMES, "rows"),
        reported.group_by(_NAMES).agg(rows=reported.count()),
    )
    known = rows.inner_join(
        units.select("is_person", "service", municipality="own_municipality", holder="own_holder"),
        _NAMES,
    )
    told = known.select(
        "municipality",
        "rows",
        department=known.is_person.ifelse(ibis.null("string"), known.holder),
    )
    return engine.fetch(told.group_by("municipality", "department").agg(rows=told["rows"].sum()))


def _excluded(
    counts: ir.Table, asked: ir.Table, indicators: list[Indicator], engine: Engine
) -> pl.DataFrame:
    of_log = of_cases.excluded(engine.fetch(of_cases.added_up(counts, indicators)), indicators)
    of_reports = engine.fetch(of_results.left_out_by_reason(asked))
    return pl.concat([of_log, of_reports], how="diagonal")
