"""What each month of a unit may be used for (`otdacha.panel.frames.STATUSES`)."""

from __future__ import annotations

import polars as pl

from otdacha.methodology import Design
from otdacha.panel.calendar import month_number
from otdacha.panel.exposure import Bearing
from otdacha.panel.frames import STATUSES

_MONTH = ["holder", "month"]


def history_known_from(
    municipalities: pl.DataFrame, training: pl.DataFrame, staff: pl.DataFrame
) -> pl.DataFrame:
    """The first month that the training records of a municipality cover whole.

    It is what the register of municipalities says (the latest, where it says several), else the
    earliest end of a course on record: of a course the municipality sent, or of anybody on its
    staff lists. A municipality with neither is not in the result: none of its months is ever clean.
    Returns municipality, known_from (month number); a day inside a month means the next month.
    """
    said = municipalities.select("municipality", day="training_known_from").drop_nulls("day")
    of_staff = staff.select("municipality", "person").join(
        training.select("person", "finished"), on="person"
    )
    on_record = pl.concat(
        [
            training.select("municipality", day="finished").drop_nulls("municipality"),
            of_staff.select("municipality", day="finished"),
        ]
    )
    first = pl.concat(
        [
            said.group_by("municipality").agg(pl.col("day").max()),
            on_record.join(said, on="municipality", how="anti")
            .group_by("municipality")
            .agg(pl.col("day").min()),
        ]
    )
    return first.select(
        "municipality",
        known_from=month_number("day") + (pl.col("day").dt.day() > 1).cast(pl.Int64),
    )


def statuses(
    months: pl.DataFrame,
    bearing: Bearing,
    headcount: pl.DataFrame,
    known_from: pl.DataFrame,
    design: Design,
) -> pl.DataFrame:
    """The status of each month of a holder.

    months: holder, month, distinct; the result has one row for each, with `status`. known_from:
    holder, known_from (month).

    Where some of the staff are exposed by an earlier course and some (or the same) are in a course
    now, the larger group decides, and a tie is around_training: a person who studies again is left
    out, a department where one of many studies is not. A month is clean only if everything the
    look-back asks about is on record, and a department's month only if its staff is known.
    """

    def people(rows: pl.DataFrame, name: str) -> pl.DataFrame:
        return rows.group_by(_MONTH).agg(pl.col("person").n_unique().alias(name))

    known = (
        months.join(people(bearing.exposed, "exposed"), on=_MONTH, how="left")
        .join(people(bearing.under_way, "under_way"), on=_MONTH, how="left")
        .join(bearing.remembered.with_columns(remembered=pl.lit(True)), on=_MONTH, how="left")
        .join(headcount, on=_MONTH, how="left")
        .join(known_from, on="holder", how="left")
    )
    exposed, under_way = pl.col("exposed").fill_null(0), pl.col("under_way").fill_null(0)
    reaches_back = (pl.col("known_from") <= pl.col("month") - design.look_back_months).fill_null(
        False
    )
    return known.select(
        *_MONTH,
        status=pl.when((under_way > 0) & (under_way >= exposed))
        .then(pl.lit("around_training"))
        .when(exposed > 0)
        .then(pl.lit("exposed"))
        .when(pl.col("remembered").fill_null(False))
        .then(pl.lit("after_horizon"))
        .when(~reaches_back | pl.col("staff").is_null())
        .then(pl.lit("history_unknown"))
        .otherwise(pl.lit("clean"))
        .cast(pl.Enum(STATUSES)),
    )
