"""What each month of a unit may be used for (`otdacha.panel.frames.STATUSES`)."""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir
import polars as pl

from otdacha.methodology import Design
from otdacha.panel.calendar import month_number
from otdacha.panel.frames import STATUSES

_MONTH = ["holder", "month"]


def earliest_courses(asked: ir.Table, courses: ir.Table, links: ir.Table) -> ir.Table:
    """The earliest end of a course on record: of a course the municipality sent, or of anybody on
    its staff lists. asked: municipality, distinct. Returns municipality, day (null: none)."""
    sent = courses.filter(courses.municipality.notnull()).select("municipality", day="finished")
    people = links.select("municipality", "number").distinct()
    of_staff = people.inner_join(courses.select("number", day="finished"), "number")
    on_record = ibis.union(sent, of_staff.select("municipality", "day"))
    earliest = on_record.group_by("municipality").agg(day=on_record.day.min())
    return asked.left_join(earliest, "municipality").select("municipality", "day")


def history_known_from(municipalities: pl.DataFrame, on_record: pl.DataFrame) -> pl.DataFrame:
    """The first month that the training records of a municipality cover whole.

    municipalities: the records' table. on_record: as `earliest_courses`. It is what the register of
    municipalities says (the latest, where it says several), else the earliest course on record. A
    municipality with neither is not in the result: none of its months is ever clean.
    Returns municipality, known_from (month number); a day inside a month means the next month.
    """
    said = (
        municipalities.select("municipality", day="training_known_from")
        .drop_nulls("day")
        .group_by("municipality")
        .agg(pl.col("day").max())
    )
    first = pl.concat([said, on_record.join(said, on="municipality", how="anti")])
    return first.select(
        "municipality",
        known_from=month_number("day") + (pl.col("day").dt.day() > 1).cast(pl.Int64),
    )


def statuses(
    months: ir.Table, borne: ir.Table, headcount: ir.Table, known_from: ir.Table, design: Design
) -> ir.Table:
    """The status of each month of a holder.

    months: holder, month, distinct; the result has one row for each, with `status`, the place of
    its name in `STATUSES`, and `staff` (null: nobody is known). borne: as
    `otdacha.panel.exposure.bearing`. known_from: holder, known_from (month).

    Where some of the staff are exposed by an earlier course and some (or the same) are in a course
    now, the larger group decides, and a tie is around_training: a person who studies again is left
    out, a department where one of many studies is not. A month is clean only if everything the
    look-back asks about is on record, and a department's month only if its staff is known.
    """
    touched = borne.group_by(_MONTH).agg(
        exposed=borne.person.nunique(where=borne.exposed),
        under_way=borne.person.nunique(where=borne.under_way),
        remembered=borne.remembered.ifelse(1, 0).max(),
    )
    known = (
        months.left_join(touched, _MONTH)
        .select(*_MONTH, "exposed", "under_way", "remembered")
        .left_join(headcount, _MONTH)
        .select(*_MONTH, "exposed", "under_way", "remembered", "staff")
        .left_join(known_from, "holder")
    )
    exposed, under_way = known.exposed.fill_null(0), known.under_way.fill_null(0)
    reaches_back = (known.known_from <= known.month - design.look_back_months).fill_null(False)
    return known.select(
        *_MONTH,
        status=ibis.cases(
            ((under_way > 0) & (under_way >= exposed), _CODES["around_training"]),
            (exposed > 0, _CODES["exposed"]),
            (known.remembered.fill_null(0) > 0, _CODES["after_horizon"]),
            (~reaches_back | known.staff.isnull(), _CODES["history_unknown"]),
            else_=_CODES["clean"],
        ).cast("int64"),
        staff="staff",
    )


_CODES: Mapping[str, int] = {status: code for code, status in enumerate(STATUSES)}
