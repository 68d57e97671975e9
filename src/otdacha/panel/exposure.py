"""Which courses bear on which units in which months.

A course that begins in month s and ends in month f bears on a person

- from s - anticipation to f: it is under way (or about to be);
- from f + 1 to f + horizon: the person is exposed to its provider;
- from then to f + look-back: it is remembered; nothing is learnt from these months.

A department is touched through the people linked to it in the month. Once somebody who was exposed
there has left, the course is still remembered: what was learnt may have been handed on.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from otdacha.methodology import Design, Methodology
from otdacha.panel.calendar import month_number
from otdacha.panel.staff import months_between
from otdacha.records.people import AMBIGUOUS

_MONTH = ["holder", "month"]


@dataclass(frozen=True)
class Bearing:
    """Where courses bear. Holders and months are numbers.

    under_way: holder, month, person. exposed: holder, month, person, provider, course (its number).
    remembered: holder, month. Rows are distinct.
    """

    under_way: pl.DataFrame
    exposed: pl.DataFrame
    remembered: pl.DataFrame


def courses(training: pl.DataFrame, design: Design) -> pl.DataFrame:
    """Courses in months: course, person, provider, begins (with anticipation), ends.

    training: the records' table with `course`, a number for each row.
    """
    return training.select(
        "course",
        "person",
        "provider",
        begins=month_number("started") - design.anticipation_months,
        ends=month_number("finished"),
    )


def bearing(
    months: pl.DataFrame, members: pl.DataFrame, courses: pl.DataFrame, design: Design
) -> Bearing:
    """Where courses bear on the months that are asked for.

    months: holder, month. members: as `otdacha.panel.staff.members`. courses: as
    `courses`.
    """
    spells = members.join(courses, on="person")
    arrives, leaves, ends = pl.col("from_month"), pl.col("to_month"), pl.col("ends")
    under_way = spells.with_columns(
        from_month=pl.max_horizontal(arrives, "begins"), to_month=pl.min_horizontal(leaves, ends)
    )
    exposed = spells.with_columns(
        from_month=pl.max_horizontal(arrives, ends + 1),
        to_month=pl.min_horizontal(leaves, ends + design.horizon_months),
    )
    was_exposed = pl.col("from_month") <= pl.col("to_month")
    stayed_exposed = exposed.filter(was_exposed).with_columns(
        to_month=ends + design.look_back_months
    )
    came_later = spells.with_columns(
        from_month=pl.max_horizontal(arrives, ends + design.horizon_months + 1),
        to_month=pl.min_horizontal(leaves, ends + design.look_back_months),
    )

    def in_months(parts: pl.DataFrame, *columns: str) -> pl.DataFrame:
        found = months_between(parts).join(months, on=_MONTH, how="semi")
        return found.select(*_MONTH, *columns).unique()

    return Bearing(
        under_way=in_months(under_way, "person"),
        exposed=in_months(exposed, "person", "provider", "course"),
        remembered=in_months(pl.concat([stayed_exposed, came_later])),
    )


def shares(exposed: pl.DataFrame, headcount: pl.DataFrame) -> pl.DataFrame:
    """The share of a holder's people exposed to each provider, by month.

    A person counts once for a provider, however many of its courses they took, and for each of
    several providers in full. Returns holder, month, provider, share (0-1), staff.
    """
    return (
        exposed.unique([*_MONTH, "provider", "person"])
        .group_by(*_MONTH, "provider")
        .agg(people=pl.len().cast(pl.Int64))
        .join(headcount, on=_MONTH)
        .select(*_MONTH, "provider", share=pl.col("people") / pl.col("staff"), staff="staff")
    )


def reach(training: pl.DataFrame, exposed: pl.DataFrame) -> pl.DataFrame:
    """Whom each provider's courses reached: provider, people, municipalities, trained.

    exposed: municipality, person, provider in months that effects are read from.
    """
    reached = exposed.group_by("provider").agg(
        people=pl.col("person").n_unique().cast(pl.Int64),
        municipalities=pl.col("municipality").n_unique().cast(pl.Int64),
    )
    return (
        training.group_by("provider")
        .agg(trained=pl.col("person").n_unique().cast(pl.Int64))
        .join(reached, on="provider", how="left")
        .select(
            "provider",
            pl.col("people").fill_null(0),
            pl.col("municipalities").fill_null(0),
            "trained",
        )
        .sort("provider")
    )


def without_cells(
    training: pl.DataFrame,
    staff: pl.DataFrame,
    exposed: pl.DataFrame,
    methodology: Methodology,
    first: int,
    last: int,
) -> pl.DataFrame:
    """Training records behind no exposed cell: reason, provider, rows.

    training: as in `courses`. exposed: as in `Bearing`. first, last: the months of the cells.
    """
    idle = training.join(exposed, on="course", how="anti")
    begins = month_number("finished") + 1
    ends = month_number("finished") + methodology.design.horizon_months
    return (
        idle.select(
            "provider",
            reason=pl.when(pl.col("hours") < methodology.minimum.training_hours)
            .then(pl.lit("course_too_short"))
            .when(pl.col("person").str.starts_with(AMBIGUOUS))
            .then(pl.lit("person_ambiguous"))
            .when(~pl.col("person").is_in(staff["person"].unique().implode()))
            .then(pl.lit("person_on_no_staff_list"))
            .when((ends < first) | (begins > last))
            .then(pl.lit("finished_outside_window"))
            .otherwise(pl.lit("no_results_after_course")),
        )
        .group_by("reason", "provider")
        .agg(rows=pl.len().cast(pl.Int64))
    )
