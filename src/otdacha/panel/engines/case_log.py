"""A case log that lies elsewhere: the columns of our table `cases`, and nothing that breaks them.

What comes through the door was checked row by row. This did not, so it is checked as a whole: a row
that no cell could take would else be lost without a word.
"""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir

from otdacha.errors import WorkspaceProblem
from otdacha.language import Text, text
from otdacha.records.tables import TABLES

_NOT_READ = {"case", "_batch", "_row"}
_REQUIRED = ("municipality", "unit", "service", "opened")


def as_case_log(rows: ir.Table, where: str) -> ir.Table:
    """rows with the columns and types of `cases`; a column that may be empty may be absent.

    Raises WorkspaceProblem where a needed column is absent, cannot be what it must be, or is empty
    in some rows, and where days or ratings cannot be.
    """
    kinds = ibis.memtable(TABLES["cases"].columns.to_frame()).schema()
    wanted = {name: kind for name, kind in kinds.items() if name not in _NOT_READ}
    missing = [name for name in _REQUIRED if name not in rows.columns]
    if missing:
        raise _problem(where, text("it has no column {columns}", columns=", ".join(missing)))
    other = [
        f"{name} ({rows[name].type()})"
        for name, kind in wanted.items()
        if name in rows.columns and not _readable(rows[name].type(), kind)
    ]
    if other:
        raise _problem(
            where,
            text(
                "these columns have another type than `cases`: {columns}", columns=", ".join(other)
            ),
        )
    log = rows.select(
        **{
            name: rows[name].cast(kind) if name in rows.columns else ibis.null(kind)
            for name, kind in wanted.items()
        }
    )
    broken = log.get_backend().to_pyarrow(_broken(log)).to_pylist()[0]
    for rule, count in broken.items():
        if count:
            raise _problem(
                where, text("rows with {rule}: {count}", count=count, rule=_RULES.get(rule, rule))
            )
    return log


def collated(rows: ir.Table, connection: Any) -> ir.Table:
    """rows of PostgreSQL as a temporary view whose texts are compared byte by byte."""
    columns = ", ".join(
        f'"{name}"::text COLLATE "C" AS "{name}"' if kind.is_string() else f'"{name}"'
        for name, kind in rows.schema().items()
    )
    said = connection.compile(rows)
    with connection.con.cursor() as cursor:
        cursor.execute(
            f"CREATE OR REPLACE TEMPORARY VIEW otdacha_case_log AS SELECT {columns} FROM ({said}) t"
        )
    return connection.table("otdacha_case_log")


def _readable(given: Any, wanted: Any) -> bool:
    if wanted.is_date():
        return bool(given.is_date() or given.is_timestamp())
    if wanted.is_integer():
        return bool(given.is_integer())
    return bool(given.is_string() if wanted.is_string() else given.is_boolean())


def _broken(log: ir.Table) -> ir.Table:
    """One row: how many rows break each rule."""
    conditions = {name: log[name].isnull() for name in _REQUIRED} | {
        "closed_before_opened": log.closed < log.opened,
        "cancelled_before_opened": log.cancelled < log.opened,
        "rating_out_of_range": (log.rating < 1) | (log.rating > 5),
        "negative_duration": log.limit_days < 0,
        "unknown_day_kind": log.day_kind.notin(["working", "calendar"]),
    }
    return log.agg(
        **{
            rule: condition.fill_null(False).ifelse(1, 0).sum().fill_null(0)
            for rule, condition in conditions.items()
        }
    )


_RULES: dict[str, Text] = {
    "municipality": text("no municipality"),
    "unit": text("no unit"),
    "service": text("no service"),
    "opened": text("no day of opening"),
    "closed_before_opened": text("a day of closing before that of opening"),
    "cancelled_before_opened": text("a day of cancelling before that of opening"),
    "rating_out_of_range": text("a rating that is not 1 to 5"),
    "negative_duration": text("a negative time limit"),
    "unknown_day_kind": text("a kind of days that is neither working nor calendar"),
}


def _problem(where: str, fault: Text) -> WorkspaceProblem:
    return WorkspaceProblem(
        text(
            "The case log {where} cannot be used: {fault}. Mend the view that shows it; which rows "
            "and columns it must have stands in docs/scale.md.",
            where=where,
            fault=fault,
        )
    )
