"""How much one person's work weighs: cases a year by department, and by person there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from otdacha.programme.people.roster import Roster
from otdacha.programme.people.work import MONTHS, SOURCES, Work

BASES = ("own", "municipality", "all", "none")
"""Whose cases a department's people are weighed by: its own; where it has none, or nobody on the
staff list, the median of its municipality; where that has none, of all municipalities; where no
record tells any, everybody weighs one case."""

_VOLUMES: dict[str, pl.DataType | type[pl.DataType]] = {
    "municipality": pl.String,
    "unit": pl.String,
    "staff": pl.Int64,  # on the roster's day
    "cases": pl.Float64,  # a year; null: none on record
    "months": pl.Int64,  # complete months they are counted in; fewer are scaled to a year
    "source": SOURCES,
    "per_person": pl.Float64,  # cases a year that one person answers for
    "basis": pl.Enum(BASES),
}
VOLUMES = pl.Schema(_VOLUMES)


@dataclass(frozen=True)
class Volumes:
    """frame: schema `VOLUMES`, one row per department that has people or cases. by_town: the median
    of each municipality; of_all: that of all, or 1.0."""

    frame: pl.DataFrame
    by_town: dict[str, float]
    of_all: float

    def counts(self) -> dict[str, int]:
        """Departments by basis."""
        return dict(self.frame.group_by("basis").len().sort("basis").iter_rows())

    def of_classes(self, classes: pl.DataFrame) -> NDArray[np.float64]:
        """(C,) cases a year that one person of each class answers for.

        classes: municipality, unit. Of a department that is in no record, or of no department at
        all, the median counts as in `BASES`.
        """
        known = classes.join(
            self.frame.select("municipality", "unit", "per_person"),
            on=["municipality", "unit"],
            how="left",
            maintain_order="left",
        )
        town = pl.col("municipality").replace_strict(
            self.by_town, default=self.of_all, return_dtype=pl.Float64
        )
        return known.select(pl.coalesce("per_person", town))["per_person"].to_numpy()


def volumes_of(roster: Roster, work: Work) -> Volumes:
    """The departments' staff and yearly cases.

    A department without cases is not one without work: its work is not in the case log. Nought
    would say that training there is worthless, and the plan would never send anybody who is not
    compelled; the mean would follow the few that hand out certificates by the thousand. So its
    people weigh as those of the middle department of their municipality (by cases per person, each
    department once), and the basis says so. `basis` is counted by `Volumes.counts`.
    """
    key = ["municipality", "unit"]
    staff = roster.people.group_by(key).agg(staff=pl.col("person").n_unique())
    yearly = work.handled.filter(pl.col("months") > 0, pl.col("handled") > 0).with_columns(
        cases=pl.col("handled") * MONTHS / pl.col("months")
    )
    both = staff.join(yearly, on=key, how="full", coalesce=True).with_columns(
        pl.col("staff").fill_null(0)
    )
    own = both.with_columns(
        own=pl.when(pl.col("staff") > 0).then(pl.col("cases") / pl.col("staff"))
    )
    measured = own.drop_nulls("own")
    by_town = dict(measured.group_by("municipality").agg(pl.col("own").median()).iter_rows())
    middle = measured["own"].median()
    of_all = float(middle) if isinstance(middle, float) else 1.0
    town = pl.col("municipality").replace_strict(by_town, default=None, return_dtype=pl.Float64)
    frame = (
        own.with_columns(town=town)
        .with_columns(
            per_person=pl.coalesce("own", "town", pl.lit(of_all)),
            basis=pl.when(pl.col("own").is_not_null())
            .then(pl.lit("own"))
            .when(pl.col("town").is_not_null())
            .then(pl.lit("municipality"))
            .otherwise(pl.lit("all" if measured.height else "none")),
        )
        .select(VOLUMES.names())
        .cast(dict(VOLUMES))  # type: ignore[arg-type]
        .sort(key, nulls_last=True)
    )
    return Volumes(frame, by_town, of_all)
