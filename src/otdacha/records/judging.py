"""Which rows of a file are accepted and which are rejected: each one, with its reasons."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from otdacha.records.cells import cells_of, put_within_years, refuse
from otdacha.records.checks import (
    Faults,
    check_keys,
    check_limits,
    check_once,
    check_rows,
    notes_told,
)
from otdacha.records.columns import typed_columns
from otdacha.records.corrections import NOT_TAKEN
from otdacha.records.matching import Matching
from otdacha.records.mentioned import Mentioned
from otdacha.records.observations import check_observations, gathered
from otdacha.records.personal import HIDDEN, shape_of, unless_personal
from otdacha.records.pseudonyms import Keys
from otdacha.records.request import Request
from otdacha.records.sheet import Sheet
from otdacha.records.tables import PERSONAL, Table

REJECTED = pl.Schema(
    {"row": pl.Int64, "column": pl.String, "value": pl.String, "reason": pl.String}
)


@dataclass(frozen=True)
class Judged:
    """What was made of the rows of a file.

    rows: what is stored (`_batch` not yet filled). accepted: the numbers of the file's rows that
    these are made of. rejected: schema `REJECTED`. reasons: rejected rows by reason.
    """

    rows: pl.DataFrame
    accepted: pl.Series
    rejected: pl.DataFrame
    reasons: Mapping[str, int]


def judge(
    request: Request,
    sheet: Sheet,
    matching: Matching,
    people: Mentioned,
    keys: Keys,
    *,
    least_hours: int,
    territories: pl.DataFrame | None,
) -> Judged:
    """Judge every row of the sheet.

    people: whom the file speaks of. keys: of the pseudonyms. least_hours: a shorter course is no
    professional development by law. territories: what the register says of them (schema
    `TERRITORIES`), for statistics by territory.
    """
    table, rules = request.table, request.rules
    height = sheet.cells.height
    faults = Faults(height)
    faults.add_each(sheet.broken, None, None)
    refuse(sheet, rules, faults)
    cells = cells_of(table, sheet, matching, rules, request.constants, faults)
    typed = typed_columns(
        table,
        cells,
        height,
        faults,
        keys=keys,
        date_forms=rules.dates,
        territories=territories if "territory" in cells else None,
    )
    typed = put_within_years(typed, sheet, rules, faults)
    check_rows(
        table,
        typed,
        cells,
        faults,
        people,
        least_hours=least_hours,
        today=dt.date.today(),
    )
    check_limits(typed, rules.limits, cells, faults)
    if request.is_gathered(matching):
        check_observations(cells, faults)  # several rows of one key are what is expected
    else:
        check_keys(table, typed, sheet.cells.hash_rows(seed=0), cells, faults)
    check_once(typed, rules.once, cells, faults)
    found = faults.frame()
    if sheet.broken.null_count() < height:
        # A row that is no whole row has its reason: what its cells seem to say means nothing.
        broken = sheet.broken.is_in(list(NOT_TAKEN)).not_().arg_true().implode()
        about_cells = pl.col("column").is_not_null() & pl.col("at").is_in(broken)
        found = found.filter(~about_cells)
    found = notes_told(found, sheet.cells)
    rows = (
        typed.with_columns(pl.lit(None, pl.String).alias("_batch"), sheet.rows.alias("_row"))
        .filter(~faults.faulty())
        .select(table.columns.names())
    )
    rejected = _masked(table, found).with_columns(sheet.rows.gather(found["at"]).alias("row"))
    rejected = rejected.select(REJECTED.names())
    _assert_nothing_lost(height, rows, rejected)
    counts = rejected.group_by("reason").agg(pl.col("row").n_unique().alias("rows"))
    ordered = counts.sort(["rows", "reason"], descending=[True, False])
    accepted = rows["_row"]
    if request.is_gathered(matching):
        rows = gathered(rows, table.key)
    return Judged(rows, accepted, rejected, dict(ordered.iter_rows()))


def _masked(table: Table, faults: pl.DataFrame) -> pl.DataFrame:
    """Faults with their values as they may be stored."""

    def shown(fault: dict[str, str | None]) -> str | None:
        value, column, reason = fault["value"], fault["column"] or "", fault["reason"]
        kind = table.inputs.get(column, "")
        if reason == "error_cell":
            return value
        if value is None or reason == "personal_data" or kind in PERSONAL:
            return None if value is None else HIDDEN
        if reason == "another_name":
            return unless_personal(value)
        # The first row of this key is accepted: its key is stored as it is.
        if kind == "text" and reason in ("repeated_key", "repeated_row"):
            return value
        organisation = kind == "inn" and value.isdigit() and len(value) == 10 and value[0] != "9"
        return value if organisation else shape_of(value)

    distinct = faults.select("value", "column", "reason").unique()
    masks = distinct.with_columns(
        pl.Series("shown", [shown(fault) for fault in distinct.iter_rows(named=True)], pl.String)
    )
    return (
        faults.join(
            masks,
            on=["value", "column", "reason"],
            how="left",
            nulls_equal=True,
            maintain_order="left",
        )
        .drop("value")
        .rename({"shown": "value"})
    )


def _assert_nothing_lost(height: int, accepted: pl.DataFrame, rejected: pl.DataFrame) -> None:
    counted = accepted.height + rejected["row"].n_unique()
    if counted != height:
        raise AssertionError(
            f"{height} rows were read but {counted} are accepted or rejected: this is our fault"
        )
