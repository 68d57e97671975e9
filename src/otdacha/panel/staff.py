"""Who worked where and when: from dated staff links to executors and to members of units."""

from __future__ import annotations

import datetime as dt

import polars as pl

from otdacha.panel.calendar import month_number

_DAY = dt.timedelta(days=1)
_STILL_THERE = dt.date(9999, 12, 30)


def executors(staff: pl.DataFrame) -> pl.DataFrame:
    """Whom a badge or a person pseudonym means, day by day.

    staff: the records' table. Returns municipality, executor, from_day, to_day (dates, both
    inclusive), person, fault (a code of `otdacha.panel.reasons`, else null: in these days the
    executor means several people, or somebody who is listed in two departments). The spells of one
    executor do not overlap, so joining cases to them repeats none.
    """
    links = staff.select(
        "municipality",
        "person",
        "unit",
        "badge",
        start="started",
        end=pl.col("ended").fill_null(_STILL_THERE),
    )
    named = pl.concat(
        [
            links.select("municipality", "person", "unit", "start", "end", executor=pl.col(name))
            for name in ("person", "badge")
        ]
    ).filter(pl.col("executor").is_not_null())
    key = ["municipality", "executor"]
    cuts = (
        pl.concat([named.select(*key, day="start"), named.select(*key, day=pl.col("end") + _DAY)])
        .unique()
        .sort(*key, "day")
    )
    spells = cuts.select(
        *key, from_day="day", to_day=pl.col("day").shift(-1).over(key) - _DAY
    ).drop_nulls("to_day")
    return (
        spells.join(named, on=key)
        .filter(pl.col("start") <= pl.col("from_day"), pl.col("to_day") <= pl.col("end"))
        .group_by(*key, "from_day", "to_day")
        .agg(
            person=pl.col("person").min(),
            fault=pl.when(pl.col("person").n_unique() > 1)
            .then(pl.lit("executor_ambiguous"))
            .when(pl.col("unit").n_unique() > 1)
            .then(pl.lit("two_departments")),
        )
        .sort(*key, "from_day")
    )


def home_departments(staff: pl.DataFrame) -> pl.DataFrame:
    """The department each person was first in (municipality, person, home).

    A person who moves stays in the cluster where they began: units must lie within clusters.
    """
    return (
        staff.sort("started", "unit")
        .group_by("municipality", "person", maintain_order=True)
        .agg(home=pl.col("unit").first())
    )


def members(holders: pl.DataFrame, staff: pl.DataFrame, first: int, last: int) -> pl.DataFrame:
    """The spells of months in which people belong to the holders of results.

    holders: holder (a number), municipality, name (a person pseudonym or a department). A person
    holds results for themselves in all months; a department has whoever is linked to it on any day
    of the month. Months are clipped to first..last.
    Returns holder, person, personal (Boolean), from_month, to_month (inclusive).
    """
    themselves = holders.join(
        staff.select("municipality", name="person").unique(), on=["municipality", "name"]
    ).select(
        "holder",
        person="name",
        personal=pl.lit(True),
        from_month=pl.lit(first, pl.Int64),
        to_month=pl.lit(last, pl.Int64),
    )
    of_departments = (
        holders.join(
            staff.rename({"unit": "department"}),
            left_on=["municipality", "name"],
            right_on=["municipality", "department"],
        )
        .select(
            "holder",
            "person",
            personal=pl.lit(False),
            from_month=month_number("started").clip(lower_bound=first),
            to_month=month_number("ended").fill_null(last).clip(upper_bound=last),
        )
        .filter(pl.col("from_month") <= pl.col("to_month"))
    )
    return pl.concat([themselves, of_departments])


def headcount(months: pl.DataFrame, members: pl.DataFrame) -> pl.DataFrame:
    """People who hold results together: holder, month, staff (Int64).

    months: holder, month, as asked for. A person counts once in a month; a month of a department
    that nobody is linked to is not in the result.
    """
    of_departments = (
        months_between(members.filter(~pl.col("personal")))
        .join(months, on=["holder", "month"], how="semi")
        .unique(["holder", "month", "person"])
        .group_by("holder", "month")
        .agg(staff=pl.len().cast(pl.Int64))
    )
    of_people = months.join(members.filter("personal"), on="holder", how="semi").select(
        "holder", "month", staff=pl.lit(1, pl.Int64)
    )
    return pl.concat([of_departments, of_people])


def months_between(spells: pl.DataFrame) -> pl.DataFrame:
    """One row for each month from `from_month` to `to_month`, as `month`; none where they cross."""
    return (
        spells.filter(pl.col("from_month") <= pl.col("to_month"))
        .with_columns(month=pl.int_ranges("from_month", pl.col("to_month") + 1))
        .drop("from_month", "to_month")
        .explode("month")
    )
