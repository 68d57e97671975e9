"""What each department did in the last twelve complete months of its town's records.

Training is planned by department, while a case log may tell who signed. So a case is the
department's in which its executor was on the staff list on the day it was opened; where the log
names nobody, or somebody whom the staff list does not place, it is the department's that the log
itself names. Cells are then made by the panel's own expressions, of departments only.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

import ibis
import ibis.expr.types as ir
import polars as pl

from otdacha.methodology import Methodology
from otdacha.panel import Tables, panel_of
from otdacha.panel.assemble import engine_of
from otdacha.panel.calendar import day_of, month_number, month_of
from otdacha.panel.engines import Engine
from otdacha.panel.engines.opened import opened
from otdacha.panel.mergers import departments_followed, mergers
from otdacha.panel.staff import executors, links
from otdacha.programme.people.roster import as_called_now
from otdacha.records import Workspace, steady

MONTHS = 12

SOURCES = pl.Enum(["cases", "results"])
_HANDLED: dict[str, pl.DataType | type[pl.DataType]] = {
    "municipality": pl.String,
    "unit": pl.String,
    "handled": pl.Int64,  # cases, or what reported results count, in the months
    "months": pl.Int64,  # complete months of the town's records, 12 at most
    "source": SOURCES,
}
HANDLED = pl.Schema(_HANDLED)
_CELLS: dict[str, pl.DataType | type[pl.DataType]] = {
    "municipality": pl.String,
    "unit": pl.String,
    "service": pl.String,
    "stratum": pl.String,
    "month": pl.Date,
    "indicator": pl.String,
    "n": pl.Int64,
    "total": pl.Int64,
}
CELLS = pl.Schema(_CELLS)


@dataclass(frozen=True)
class Work:
    """handled: schema `HANDLED`, one row per department that did anything. cells: schema `CELLS`,
    sums as in `otdacha.panel.CELLS`. last_day: of cases and results; None where there are none."""

    handled: pl.DataFrame
    cells: pl.DataFrame
    last_day: dt.date | None


def read_work(workspace: Workspace, methodology: Methodology | None = None) -> Work:
    """The work of a workspace's departments; its own methodology unless one is given."""
    with steady(workspace), opened(workspace) as tables:
        return work_of(tables, methodology or workspace.methodology())


def work_of(tables: Tables, methodology: Methodology) -> Work:
    """The work in these tables; each town's months end with its own last complete one."""
    with engine_of(tables) as engine:
        of_cases, of_results = _case_months(tables, engine), _result_months(tables, engine)
        lately = _of_departments(tables, of_cases, of_results, engine)
        handled = _handled(lately, of_cases, of_results, engine)
        cells = panel_of(lately, methodology).cells
    ends = pl.concat([of_cases["last_day"], of_results["last_day"]])
    last = ends.max()
    return Work(handled, _by_parts(cells), last if isinstance(last, dt.date) else None)


def _case_months(tables: Tables, engine: Engine) -> pl.DataFrame:
    """Of each town's log: municipality, last_day, from_month, to_month, months.

    The log ends on the last day that anything happened in it; a month is complete where the log
    reaches its last day. A log shorter than a year begins with the month of its first case.
    """
    cases = tables.cases
    extent = engine.fetch(
        cases.group_by("municipality").agg(
            first_day=cases.opened.min(),
            opened=cases.opened.max(),
            closed=cases.closed.max(),
            cancelled=cases.cancelled.max(),
        )
    )
    reached = extent.select(
        "municipality", "first_day", last_day=pl.max_horizontal("opened", "closed", "cancelled")
    )
    ended = pl.col("last_day") == pl.col("last_day").dt.month_end()
    return _windows(reached, month_number("last_day") - (~ended).cast(pl.Int64))


def _result_months(tables: Tables, engine: Engine) -> pl.DataFrame:
    """The same of reported results, which come for whole months."""
    results = tables.results.filter(tables.results.n > 0)
    extent = engine.fetch(
        results.group_by("municipality").agg(
            first_day=results.month.min(), last_day=results.month.max()
        )
    )
    whole = extent.with_columns(last_day=pl.col("last_day").dt.month_end())
    return _windows(whole, month_number("last_day"))


def _windows(reached: pl.DataFrame, to_month: pl.Expr) -> pl.DataFrame:
    known = reached.with_columns(to_month=to_month, first=month_number("first_day"))
    begins = pl.max_horizontal("first", pl.col("to_month") - (MONTHS - 1))
    return (
        known.with_columns(from_month=begins)
        .with_columns(months=pl.col("to_month") - pl.col("from_month") + 1)
        .select("municipality", "last_day", "from_month", "to_month", "months")
        .sort("municipality")
    )


def _of_departments(
    tables: Tables, of_cases: pl.DataFrame, of_results: pl.DataFrame, engine: Engine
) -> Tables:
    """The tables with the last months only, each case its department's; staff and training, which
    cells of departments do not need, are left out."""
    cases = _within(tables.cases, month_of(tables.cases.opened), of_cases, engine)
    results = _within(tables.results, month_of(tables.results.month), of_results, engine)
    spells = _departments_of_executors(tables, engine)
    opened_day = day_of(cases.opened)
    placed = cases.left_join(
        spells,
        [
            cases.municipality == spells.of_town,
            cases.executor == spells.signature,
            opened_day >= spells.from_day,
            opened_day <= spells.to_day,
        ],
    )
    by_department = placed.mutate(
        unit=ibis.coalesce(placed.department, placed.unit), executor=ibis.null("string")
    ).select(*tables.cases.columns)
    return replace(
        tables,
        cases=engine.keep(by_department),
        results=engine.keep(results),
        staff=tables.staff.limit(0),
        training=tables.training.limit(0),
    )


def _within(
    rows: ir.Table, month: ir.IntegerValue, windows: pl.DataFrame, engine: Engine
) -> ir.Table:
    lent = engine.lend(windows.select("from_month", "to_month", of_town="municipality"))
    dated = rows.mutate(_month=month)
    found = dated.inner_join(lent, [dated.municipality == lent.of_town])
    inside = found.filter(found["_month"] >= found.from_month, found["_month"] <= found.to_month)
    return inside.select(*rows.columns)


def _departments_of_executors(tables: Tables, engine: Engine) -> ir.Table:
    """of_town, signature, from_day, to_day, department: where one person, in one department."""
    units = engine.fetch(tables.units)
    into = mergers(engine.fetch(tables.municipalities), units, engine.fetch(tables.providers))
    staff = departments_followed(tables.staff, "unit", into.departments, engine)
    known = engine.keep(links(staff))
    spells = executors(known)
    told = spells.filter(spells.fault.isnull())
    posts = known.select("number", "started", "ended", town="municipality", department="unit")
    held = told.inner_join(
        posts,
        [
            told.municipality == posts.town,
            told.person == posts.number,
            told.from_day >= posts.started,
            told.to_day <= posts.ended,
        ],
    )
    found = held.select(
        "from_day", "to_day", "department", of_town="municipality", signature="executor"
    )
    return engine.keep(found.distinct())


def _handled(
    lately: Tables, of_cases: pl.DataFrame, of_results: pl.DataFrame, engine: Engine
) -> pl.DataFrame:
    """Cases that were not cancelled; of departments without any, what their results count."""
    into = mergers(*(engine.fetch(getattr(lately, name)) for name in _REGISTERS))
    cancelled = lately.cases.cancelled.notnull() | lately.cases.is_cancelled.fill_null(False)
    counts = lately.cases.filter(~cancelled).group_by("municipality", "unit")
    cases = engine.fetch(counts.agg(handled=ibis._.count()))
    # the indicators of one month are answers about the same cases: the largest of them counts
    monthly = lately.results.group_by("municipality", "unit", "service", "month")
    largest = monthly.agg(n=ibis._.n.max())
    results = engine.fetch(
        largest.group_by("municipality", "unit").agg(handled=largest.n.sum().cast("int64"))
    )
    first = _yearly(cases, of_cases, "cases")
    second = _yearly(results, of_results, "results")
    both = pl.concat([first, second.join(first, on=["municipality", "unit"], how="anti")])
    now = (
        as_called_now(both, into)
        .group_by("municipality", "unit")
        .agg(pl.col("handled").sum(), pl.col("months").max(), pl.col("source").min())
    )
    return now.select(HANDLED.names()).cast(dict(HANDLED)).sort("municipality", "unit")  # type: ignore[arg-type]


_REGISTERS = ("municipalities", "units", "providers")


def _yearly(counts: pl.DataFrame, windows: pl.DataFrame, source: str) -> pl.DataFrame:
    return counts.join(windows.select("municipality", "months"), on="municipality").select(
        "municipality",
        "unit",
        pl.col("handled").cast(pl.Int64),
        "months",
        source=pl.lit(source),
    )


def _by_parts(cells: pl.DataFrame) -> pl.DataFrame:
    """Cells with the department and the service in the panel's name of their unit."""
    parts = pl.col("unit").str.split("/")
    said = {
        name: parts.list.get(at).str.replace_all("∕", "/", literal=True)
        for name, at in (("unit", 1), ("service", 2))
    }
    return cells.with_columns(**said).select(CELLS.names()).cast(dict(CELLS))  # type: ignore[arg-type]
