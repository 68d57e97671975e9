"""Needs → classes of people: whom the plan cannot tell apart and therefore decides on together.

A class is municipality × department × topic × mandatory × quarter by the end of which it is due; it
must be trained by the earliest day that one of its needs names, so nobody is late. The plan says
how many of a class go where; who they are is decided afterwards (`otdacha.programme.needs.naming`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from otdacha.programme.people.roster import Roster

CLASSES = pl.Schema(
    {
        "class": pl.Int64,  # place, from 0
        "municipality": pl.String,
        "unit": pl.String,  # null: of the whole municipality
        "topic": pl.String,  # null: any
        "mandatory": pl.Boolean,
        "by_year": pl.Int64,  # null: any year of the plan
        "by": pl.Date,  # the earliest last day of its needs; null: any day of the plan
        "people": pl.Int64,
    }
)
MEMBERS = pl.Schema(
    {
        "class": pl.Int64,
        "member": pl.Int64,  # place among all members, from 0
        "need": pl.String,
        "person": pl.String,  # null: a person to be named
        "by": pl.Date,
        "priority": pl.Int64,
        "last_trained": pl.Date,
    }
)
LEFT_OUT = pl.Schema(
    {"municipality": pl.String, "reason": pl.String, "needs": pl.Int64, "people": pl.Int64}
)
_KEY = ["municipality", "unit", "topic", "mandatory", "by_year", "quarter"]


@dataclass(frozen=True)
class Classes:
    """C classes. frame: schema `CLASSES`, in the order of its columns after the first. members:
    schema `MEMBERS`, one row per person or nameless seat, by class. left_out: schema `LEFT_OUT`:
    needs that make no class, by `otdacha.programme.needs.NOT_PLANNED`. overdue: people whose legal
    duty fell due before the plan begins; they are due in its first year.
    """

    frame: pl.DataFrame
    members: pl.DataFrame
    left_out: pl.DataFrame
    overdue: int

    @property
    def people(self) -> NDArray[np.int64]:
        """(C,) how many."""
        return self.frame["people"].to_numpy()

    @property
    def mandatory(self) -> NDArray[np.bool_]:
        """(C,) whether all of them must be trained."""
        return self.frame["mandatory"].to_numpy()

    @property
    def municipality(self) -> tuple[str, ...]:
        """(C,) codes."""
        return tuple(self.frame["municipality"])

    @property
    def names(self) -> tuple[str, ...]:
        """(C,) what each is called in tables: municipality/department/topic/day, and "!" where it
        must be trained. They are distinct but for names that hold "/" themselves."""
        said = pl.concat_str(
            "municipality",
            pl.col("unit").fill_null("*"),
            pl.col("topic").fill_null("*"),
            pl.col("by").cast(pl.String).fill_null("*"),
            separator="/",
        )
        must = pl.when("mandatory").then(pl.lit("!")).otherwise(pl.lit(""))
        return tuple(self.frame.select(pl.concat_str(said, must))["municipality"])


def classes_of(needs: pl.DataFrame, roster: Roster, years: Sequence[int]) -> Classes:
    """The classes that these needs make in a plan of `years` (ascending, consecutive).

    needs: schema `otdacha.programme.needs.NEEDS`, each person and topic once (`gather`). A person
    belongs to the department where the roster has them; needs that name nobody to the one they
    name. Mandatory is what the law asks for. A duty that falls due after the plan is left out: it
    would be fulfilled too early; any other need that is due then may be met in any year. Where a
    town has sent no staff list, its people are taken to be there.
    """
    first, last = years[0], years[-1]
    placed = _placed(needs, roster)
    mandatory = pl.col("reason") == "legal_duty"
    due = pl.col("by").dt.year().cast(pl.Int64)
    overdue = pl.date(first, 12, 31)
    judged = placed.with_columns(
        mandatory=mandatory,
        by_year=pl.when(due <= last).then(pl.max_horizontal(due, pl.lit(first))),
        day=pl.when(due < first).then(overdue).when(due <= last).then("by"),
        left_out=pl.when("is_left_out")
        .then(pl.col("left_out"))
        .when(mandatory & (due > last))
        .then(pl.lit("due_after_plan")),
    )
    planned = (
        judged.filter(pl.col("left_out").is_null())
        .with_columns(
            # a duty without a day is due in the plan, whenever that is
            pl.when(mandatory).then(pl.col("by_year").fill_null(last)).otherwise("by_year"),
            pl.when(mandatory)
            .then(pl.col("day").fill_null(pl.date(last, 12, 31)))
            .otherwise("day"),
        )
        .with_columns(quarter=pl.col("day").dt.truncate("1q"))
    )
    frame = (
        planned.group_by(_KEY)
        .agg(pl.col("people").sum(), by=pl.col("day").min())
        .sort(_KEY, nulls_last=True)
        .with_row_index("class")
        .select(CLASSES.names())
        .cast(dict(CLASSES))  # type: ignore[arg-type]
    )
    left_out = (
        judged.filter(pl.col("left_out").is_not_null())
        .group_by("municipality", reason="left_out")
        .agg(needs=pl.len(), people=pl.col("people").sum())
        .select(LEFT_OUT.names())
        .cast(dict(LEFT_OUT))  # type: ignore[arg-type]
        .sort("municipality", "reason")
    )
    late = planned.filter(mandatory & (due < first))
    return Classes(frame, _members(planned, frame, roster), left_out, int(late["people"].sum()))


def _placed(needs: pl.DataFrame, roster: Roster) -> pl.DataFrame:
    """needs with the department of whom they name, and is_left_out, left_out: why they are not
    there."""
    key = ["municipality", "person"]
    now = roster.people.select(*key, unit_now="unit")
    gone = roster.former.select(*key, gone=pl.lit(True))
    known = needs.join(now, on=key, how="left").join(gone, on=key, how="left")
    named = pl.col("person").is_not_null()
    absent = named & pl.col("unit_now").is_null()
    listed = pl.col("municipality").is_in(list(roster.listed))
    reason = (
        pl.when(~named & pl.col("badge").is_not_null() & listed)
        .then(pl.lit("badge_unknown"))
        .when(absent & pl.col("gone").fill_null(False))
        .then(pl.lit("left"))
        .when(absent & listed)
        .then(pl.lit("on_no_staff_list"))
    )
    return known.with_columns(
        unit=pl.coalesce("unit_now", "unit"),
        left_out=reason,
        is_left_out=reason.is_not_null(),
    ).drop("unit_now", "gone")


def _members(planned: pl.DataFrame, frame: pl.DataFrame, roster: Roster) -> pl.DataFrame:
    """One row for each person, and as many for a need that names nobody as it has people."""
    trained = roster.trained.group_by("person").agg(last_trained=pl.col("finished").max())
    quarter = pl.col("by").dt.truncate("1q")
    of_class = frame.with_columns(quarter=quarter).select("class", *_KEY)
    placed = planned.join(of_class, on=_KEY, how="left", nulls_equal=True).join(
        trained, on="person", how="left"
    )
    seats = placed.select(pl.exclude("people").repeat_by("people").list.explode())
    return (
        seats.sort("class", "need")
        .with_row_index("member")
        .select(MEMBERS.names())
        .cast(dict(MEMBERS))  # type: ignore[arg-type]
    )
