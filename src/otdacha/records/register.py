"""A register of municipalities that tells mergers by events, and the territories it names.

Rows of the register carry `territory`, what keeps its number when a municipality only gets another
code or name, and the events by which a row was formed and ended: several rows that ended by one
event went into those that were formed by it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from otdacha.records.checks import Faults


@dataclass(frozen=True)
class Event:
    """A change of the register. ended, formed: codes of the municipalities, sorted."""

    name: str
    ended: tuple[str, ...]
    formed: tuple[str, ...]

    @property
    def successors(self) -> dict[str, str]:
        """Who stands for whom after the event.

        A code that ended and was formed again goes on as itself. All others went into the one that
        was formed; a single one that is left over on both sides changed its code. Anything else is
        a split: nobody knows who stands for whom, and it is not followed.
        """
        if len(self.formed) == 1:
            return {code: self.formed[0] for code in self.ended if code != self.formed[0]}
        old = [code for code in self.ended if code not in self.formed]
        new = [code for code in self.formed if code not in self.ended]
        return {old[0]: new[0]} if len(old) == len(new) == 1 else {}

    @property
    def is_split(self) -> bool:
        """Whether more municipalities came out of it than went into it."""
        return 0 < len(self.ended) < len(self.formed)


def events(register: pl.DataFrame) -> list[Event]:
    """The events of a register, by name. register: municipality, formed_by, ended_by."""
    ended: dict[str, set[str]] = defaultdict(set)
    formed: dict[str, set[str]] = defaultdict(set)
    for code, by in register.select("municipality", "ended_by").drop_nulls().iter_rows():
        ended[by].add(code)
    for code, by in register.select("municipality", "formed_by").drop_nulls().iter_rows():
        formed[by].add(code)
    names = sorted(ended.keys() | formed.keys())
    return [Event(name, _sorted(ended[name]), _sorted(formed[name])) for name in names]


def successors(register: pl.DataFrame) -> pl.Series:
    """For each row of a register the code that stands for it afterwards; null where nobody does.

    register: municipality, valid_from, valid_to, territory, formed_by, ended_by. A row that ended
    by an event has the successor that `Event.successors` says; another row that ended has the next
    row of its territory, where that has another code.
    """
    after_event = {
        (event.name, old): new
        for event in events(register)
        for old, new in event.successors.items()
    }
    by_event = [
        after_event.get((by, code))
        for by, code in register.select("ended_by", "municipality").iter_rows()
    ]
    rows = register.with_row_index("_at")
    follows = rows.select(
        "territory", valid_to=pl.col("valid_from").dt.offset_by("-1d"), then="municipality"
    ).drop_nulls()
    # two rows of one territory that begin on one day: nobody knows which of them follows
    follows = follows.filter(pl.struct("territory", "valid_to").is_unique())
    next_row = rows.join(
        follows, on=["territory", "valid_to"], how="left", maintain_order="left"
    ).select(
        pl.when(pl.col("ended_by").is_null() & (pl.col("then") != pl.col("municipality"))).then(
            pl.col("then")
        )
    )
    return pl.Series("successor", by_event, pl.String).zip_with(
        register["ended_by"].is_not_null(), next_row["then"]
    )


TERRITORIES = pl.Schema(
    {"territory": pl.String, "municipality": pl.String, "valid_from": pl.Date, "valid_to": pl.Date}
)
"""What a register says of territories: which municipality each is, and when."""


def of_territories(
    cells: Mapping[str, pl.Series],
    days: pl.Series,
    register: pl.DataFrame,
    faults: Faults,
) -> dict[str, pl.Series]:
    """`municipality` of statistics that tell a territory: the one that it was on that day.

    days: the last day of each row's period. register: schema `TERRITORIES`. A territory that no
    register knows is a fault, and so is one that was not in force on the day: what is told of a
    town after its merger is told of its successor too, and would count twice.
    """
    if "territory" not in cells or "municipality" in cells:
        return {}
    numbers = cells["territory"].str.strip_suffix(".0")
    asked = pl.DataFrame({"territory": numbers, "day": days})
    began = pl.col("valid_from").is_null() | (pl.col("valid_from") <= pl.col("day"))
    lasted = pl.col("valid_to").is_null() | (pl.col("valid_to") >= pl.col("day"))
    in_force = (
        asked.unique()
        .join(register, on="territory")
        .filter(began & lasted)
        .unique(["territory", "day"], keep="last")
        .select("territory", "day", "municipality")
    )
    codes = asked.join(in_force, on=["territory", "day"], how="left", maintain_order="left")
    unknown = ~numbers.is_in(register["territory"].implode())
    past = ~unknown & codes["municipality"].is_null() & days.is_not_null()
    faults.add(unknown.fill_null(False), "territory", "unknown_territory", cells["territory"])
    faults.add(past.fill_null(False), "territory", "territory_not_in_force", cells["territory"])
    faults.add(numbers.is_null(), "territory", "missing", cells["territory"])
    return {"municipality": codes["municipality"]}


def contradict_each_other(
    told: pl.DataFrame, numbers: pl.Series, register: pl.DataFrame, faults: Faults
) -> None:
    """Report territories of which the file says one thing by an old number and another by the new.

    told: begins, ends, breakdown, value of each row; numbers: its territory. register: schema
    `TERRITORIES`. Where a municipality goes on under its code with a new number, some files tell it
    by both. What they tell must be the same: otherwise somebody has counted the numbers another
    way, and the new one may be of a town at the other end of the country. Nothing that such a
    number says is believed, of any period.
    """
    rows = told.select("begins", "ends", "breakdown", "value").with_columns(
        numbers.str.strip_suffix(".0").alias("territory")
    )
    days = rows.select("territory", "ends").unique().drop_nulls()
    past = (
        days.join(register, on="territory")
        .sort("valid_to", nulls_last=True)
        .group_by("territory", "ends", maintain_order=True)
        .last()
        .filter(pl.col("valid_to") < pl.col("ends"))
    )
    lasts = pl.col("valid_to_now").is_null() | (pl.col("valid_to_now") >= pl.col("ends"))
    began = pl.col("valid_from_now").is_null() | (pl.col("valid_from_now") <= pl.col("ends"))
    same_town = (
        past.join(register, on="municipality", suffix="_now")
        .filter(began, lasts, pl.col("territory") != pl.col("territory_now"))
        .select("territory", "ends", "territory_now")
    )
    both = (
        rows.join(same_town, on=["territory", "ends"])
        .join(
            rows,
            left_on=["territory_now", "begins", "ends", "breakdown"],
            right_on=["territory", "begins", "ends", "breakdown"],
            suffix="_now",
            nulls_equal=True,
        )
        .filter(pl.col("value") != pl.col("value_now"))
    )
    doubtful = rows["territory"].is_in(both["territory_now"].unique().implode())
    faults.add(doubtful.fill_null(False), "territory", "contradicted_territory", numbers)


def _sorted(codes: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(codes))
