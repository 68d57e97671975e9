"""Days as numbers, so that time limits and durations are sums and comparisons in any engine.

A day is its number since 1970-01-01 and a month is `year * 12 + month - 1`. The calendar counts
working days up to each day; with that count

- working days of a case = count(closed) - count(opened): the days *after* the day of opening, up
  to and including the day of closing (civil code, article 191: a term begins on the next day);
- a limit of k working days ends on the working day whose count is count(opened) + k;
- a limit that ends on a day off ends on the next working day (article 193). So a case is closed
  within a limit when the last working day *before* its closing lies before the day of the limit.
"""

from __future__ import annotations

import datetime as dt

import holidays
import ibis.expr.types as ir
import polars as pl

from otdacha.methodology import WorkingDays

EPOCH = dt.date(1970, 1, 1)
"""Day number 0."""

_SATURDAY = 6


def day_of(day: ir.DateValue) -> ir.IntegerValue:
    """The number of a date, in any engine."""
    return day.delta(EPOCH, unit="day")


def month_of(day: ir.DateValue) -> ir.IntegerValue:
    """The month of a date, as `year * 12 + month - 1`, in any engine."""
    return day.year().cast("int64") * 12 + day.month().cast("int64") - 1


def month_number(day: str) -> pl.Expr:
    """The month of a column of dates, as `year * 12 + month - 1`, in a frame."""
    date = pl.col(day).dt
    return date.year().cast(pl.Int64) * 12 + date.month().cast(pl.Int64) - 1


def month_start(month: str) -> pl.Expr:
    """The first day of a column of month numbers."""
    number = pl.col(month)
    return pl.date(number // 12, number % 12 + 1, 1)


def calendar(first: dt.date, last: dt.date, rules: WorkingDays) -> pl.DataFrame:
    """One row for each day from `first` to `last`.

    Columns: date and, as Int64, day; month; worked = working days up to and including the day,
    counted from `first`; before = the same without the day itself; office_before = the last
    working day before the day, or the day before `first`. A day that the methodology names both
    as off and as worked is worked.
    """
    known = holidays.country_holidays(rules.country, years=range(first.year, last.year + 1))
    off = {*known, *rules.extra_days_off}
    at_work = {*known.weekend_workdays, *rules.extra_days_at_work}
    days = pl.DataFrame({"date": pl.date_range(first, last, eager=True)})
    in_office = (
        (pl.col("date").dt.weekday() < _SATURDAY) & ~pl.col("date").is_in(sorted(off))
    ) | pl.col("date").is_in(sorted(at_work))
    worked = in_office.cast(pl.Int64).cum_sum()
    number = (pl.col("date") - pl.lit(EPOCH)).dt.total_days()
    return days.select(
        "date",
        day=number,
        month=month_number("date"),
        worked=worked,
        before=worked - in_office.cast(pl.Int64),
        office_before=pl.when(in_office)
        .then(number)
        .forward_fill()
        .shift()
        .fill_null(number.first() - 1),
    )
