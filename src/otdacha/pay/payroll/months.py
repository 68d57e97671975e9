"""The months of a roster, one after another: every component under the law and with each measure.

Variants: variant 0 is the law alone; variant k has the first k measures in force. A variant starts
from the columns of the one before it, and only what its measure changes is computed anew.
"""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from otdacha.errors import PayProblem
from otdacha.language import text
from otdacha.methodology import WorkingDays
from otdacha.panel.calendar import calendar
from otdacha.pay.parameters import Law
from otdacha.pay.parameters.entries import Contributions
from otdacha.pay.payroll.components import (
    BELOW,
    COST,
    Formulas,
    added_up,
    ceiling,
    components,
    contributions,
    of_law,
)
from otdacha.pay.payroll.ladders import month_counted
from otdacha.pay.payroll.lawful import LAW_COLUMNS, lawful
from otdacha.pay.payroll.steps import Month, Stage, Step

EMPLOYED = ("municipality", "person")
"""Who one employer's contributions count for: the ceiling is of each employer's own."""

OF_MONTH = (
    "days",
    "norm_days",
    "by_law",
    "base",
    "room",
    "below",
    "came",
    "left",
    "service_since",
    "north_since",
    "service_ladder",
    "north_ladder",
)
"""What the frame of a month holds beside the roster, the columns of the law and components."""

LARGEST = {"salary": 10**10, "rank_amount": 10**10}
LARGEST_RATE = 10**7
"""What measures may raise columns of the law to, kopecks and ten-thousandths: what is made of them
stays whole numbers of 64 bits."""


@dataclass(frozen=True)
class Paid:
    """A variant in a month. frame: a row for each post, with all components. changed: columns of
    components that may differ from the variant before; of variant 0 all."""

    frame: pl.DataFrame
    changed: tuple[str, ...]


@dataclass(frozen=True)
class Together:
    """Posts of one employer to one person, which stand together: of each row the first and the last
    of them; None where nobody has several."""

    first: pl.Series | None
    last: pl.Series | None

    @classmethod
    def of(cls, posts: pl.DataFrame) -> Together:
        rows = posts.select(employed=pl.struct(EMPLOYED).rle_id()).with_row_index("row")
        if rows["employed"].n_unique() == rows.height:
            return cls(None, None)
        ends = rows.select(
            first=pl.col("row").min().over("employed"), last=pl.col("row").max().over("employed")
        )
        return cls(ends["first"], ends["last"])

    def left_of(self, room: pl.Series, sums: pl.Series) -> pl.Series:
        """What is left of `room` after the sums of the posts before a row's own; never below 0."""
        if self.first is None:
            return room
        before = sums.cum_sum() - sums
        return (room - before + before.gather(self.first)).clip(lower_bound=0)

    def in_all(self, sums: pl.Series) -> pl.Series:
        """What all of them come to."""
        if self.first is None or self.last is None:
            return sums
        through = sums.cum_sum()
        return through.gather(self.last) - (through - sums).gather(self.first)


@dataclass(frozen=True)
class Worked:
    """Working days from the first day of a year to the last of another.

    before: of each first of a month, working days before it; one more for the end.
    """

    first: dt.date
    days: pl.DataFrame
    before: Mapping[dt.date, int]

    @classmethod
    def of(cls, years: Sequence[int], rules: WorkingDays) -> Worked:
        first, last = dt.date(min(years), 1, 1), dt.date(max(years), 12, 31)
        days = calendar(first, last, rules).select("date", "worked", "before")
        before = dict(
            days.filter(pl.col("date").dt.day() == 1).select("date", "before").iter_rows()
        )
        before[last + dt.timedelta(days=1)] = days["worked"][-1]
        return cls(first, days, before)

    def counted(self, posts: pl.DataFrame) -> pl.DataFrame:
        """Posts with working days before they began (`came`) and up to their end (`left`)."""
        whole = self.days["worked"][-1]
        came = self.days.select(started="date", came="before")
        left = self.days.select(ended="date", left="worked")
        after, long_ago = pl.col("started") > self.days["date"][-1], pl.col("ended") < self.first
        return (
            posts.join(came, on="started", how="left", maintain_order="left")
            .join(left, on="ended", how="left", maintain_order="left")
            .with_columns(
                came=pl.when(after).then(whole).otherwise(pl.col("came").fill_null(0)),
                left=pl.when(long_ago).then(0).otherwise(pl.col("left").fill_null(whole)),
            )
        )

    def in_month(self, month: Month) -> tuple[dict[str, pl.Expr], int]:
        """Working days of each post in the month, and of the month itself."""
        before, through = self.before[month.first], self.before[month.last + dt.timedelta(days=1)]
        days = pl.col("left").clip(upper_bound=through) - pl.col("came").clip(lower_bound=before)
        norm = through - before
        return {"days": days.clip(lower_bound=0), "norm_days": pl.lit(norm, pl.Int64)}, norm


@dataclass(frozen=True)
class Ground:
    """A month before anything is counted. frame: the posts with the law's columns and the days
    worked. norm: working days of the month."""

    month: Month
    frame: pl.DataFrame
    norm: int


def grounds(
    posts: pl.DataFrame,
    law: Law,
    years: Sequence[int],
    worked: Worked,
    facts: pl.DataFrame | None = None,
) -> Iterator[Ground]:
    """Each month of `years`. facts: by post and month (its first day), columns that steps read.

    Raises PayProblem where the law does not answer for a post that somebody holds.
    """
    posts = worked.counted(posts).with_columns(
        service_since=month_counted(pl.coalesce("service_from", "started")),
        north_since=month_counted(pl.coalesce("north_from", "started")),
    )
    known, until = None, dt.date.min
    for month in (month for year in sorted(set(years)) for month in of_year(year)):
        if known is None or month.first > until:
            until = _until_changed(law, month, max(years))
            known = lawful(posts, law, month.first, until)
        days, norm = worked.in_month(month)
        frame = known.posts.with_columns(**days, **known.in_month(_number(month)))
        if facts is not None:
            of_month = facts.filter(pl.col("month") == month.first).drop("month")
            frame = frame.join(of_month, on="post", how="left", maintain_order="left")
        yield Ground(month, frame, norm)


def months(
    posts: pl.DataFrame,
    law: Law,
    years: Sequence[int],
    steps: Sequence[Step],
    worked: Worked,
    facts: pl.DataFrame | None = None,
) -> Iterator[tuple[Month, list[Paid]]]:
    """Each month of `years` with its variants, 0 to the number of `steps`, which are `in_order`.

    posts: the roster, in which posts of one employer to one person stand together. facts: as
    `grounds` has it. Raises PayProblem where the law does not answer.
    """
    together = Together.of(posts)
    rooms: list[pl.Series] = []
    for ground in grounds(posts, law, years, worked, facts):
        insured = law.contributions_of(ground.month.year)
        if ground.month.first.month == 1:
            rooms = [_whole(ceiling(insured), posts.height)] * (len(steps) + 1)
        paid = _variants(ground, insured, steps, rooms, together)
        rooms = _left(rooms, paid, together)
        yield ground.month, paid


def of_year(year: int) -> list[Month]:
    """The twelve months of a year."""
    return [
        Month(dt.date(year, month, 1), dt.date(year, month, monthrange(year, month)[1]), year)
        for month in range(1, 13)
    ]


def _variants(
    ground: Ground,
    insured: Contributions,
    steps: Sequence[Step],
    rooms: Sequence[pl.Series],
    together: Together,
) -> list[Paid]:
    month = ground.month
    salary, reckoned = of_law(ground.norm, month.first.month)
    paid: list[Paid] = []
    for variant in range(len(steps) + 1):
        so_far = steps[:variant]
        frame, changed = ground.frame, {*LAW_COLUMNS, "days"}
        if variant:
            frame, changed = _with_step(paid[-1].frame, steps[variant - 1], month)
        frame = _recomputed(frame, [salary, reckoned, *added_up(so_far)], changed)
        if "total" in changed or rooms[variant] is not rooms[variant - 1]:
            frame = frame.with_columns(room=together.left_of(rooms[variant], frame["total"]))
            changed.add("room")
        frame = _recomputed(frame, [BELOW, contributions(insured), COST], changed)
        changed.update(step.key for step in so_far[-1:])
        paid.append(Paid(frame, tuple(name for name in components(so_far) if name in changed)))
    return paid


def _with_step(frame: pl.DataFrame, step: Step, month: Month) -> tuple[pl.DataFrame, set[str]]:
    """The frame with the columns of the step, and which of them it changes; a step that pays and is
    not in force pays zero and changes nothing."""
    columns = step.columns(month)
    if step.stage is Stage.LAW:
        return _countable(frame.with_columns(**columns), columns, step, month), set(columns)
    if columns:
        return frame.with_columns(**columns), set(columns)
    return frame.with_columns(pl.lit(0, pl.Int64).alias(step.key)), set()


def _countable(
    frame: pl.DataFrame, changed: Iterable[str], step: Step, month: Month
) -> pl.DataFrame:
    """The frame, where no column of the law that the step has changed is too large to be counted
    with in whole kopecks."""
    for column in changed:
        largest = frame[column].max()
        if isinstance(largest, int) and largest > LARGEST.get(column, LARGEST_RATE):
            raise PayProblem(
                text(
                    "{key} raises pay in the month of {day} beyond anything that is paid. Lower "
                    "its level, or that of the measures before it.",
                    key=step.key,
                    day=month.first,
                )
            )
    return frame


def _recomputed(frame: pl.DataFrame, levels: Sequence[Formulas], changed: set[str]) -> pl.DataFrame:
    """The frame with every formula computed anew that reads a changed column, level by level; what
    was computed joins `changed`."""
    for level in levels:
        anew = {
            name: formula
            for name, formula in level.items()
            if not changed.isdisjoint(formula.meta.root_names())
        }
        if anew:
            frame = frame.with_columns(**anew)
            changed.update(anew)
    return frame


def _left(rooms: Sequence[pl.Series], paid: Sequence[Paid], together: Together) -> list[pl.Series]:
    """What is left below the ceiling after the month; of a variant in which nothing has changed the
    very column of the variant before."""
    left: list[pl.Series] = []
    for variant, (room, of_variant) in enumerate(zip(rooms, paid, strict=True)):
        same = variant and room is rooms[variant - 1] and "total" not in of_variant.changed
        left.append(left[-1] if same else room - together.in_all(of_variant.frame["below"]))
    return left


def _whole(number: int, rows: int) -> pl.Series:
    return pl.repeat(number, rows, dtype=pl.Int64, eager=True)


def _number(month: Month) -> int:
    return month.year * 12 + month.first.month - 1


def _until_changed(law: Law, month: Month, last_year: int) -> dt.date:
    """The last day before the law changes next."""
    first = month.first
    while first.year <= last_year:
        first = (first + dt.timedelta(days=31)).replace(day=1)
        if law.changes_on(first):
            break
    return first - dt.timedelta(days=1)
