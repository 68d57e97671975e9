"""A roster by months of a year: every component under the law, and with one measure more.

A variant is the law with some measures in force, one after another. The law alone comes first; any
other variant starts from the columns of the one with a measure less, and only what its last measure
changes is computed anew.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

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
from otdacha.pay.payroll.lawful import LAW_COLUMNS, Lawful, lawful
from otdacha.pay.payroll.steps import Month, Stage, Step

Whole = NDArray[np.int64]

EMPLOYED = ("municipality", "person")
"""Who one employer's contributions count for: the ceiling is of each employer's own."""

OF_MONTH = (
    "month",
    "year",
    "of_year",
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
"""What a frame of months holds beside the roster, the columns of the law and components: the first
day of the month, its year, its number from 1, days worked and working days of it, and what pay and
contributions are reckoned by."""

LARGEST = {"salary": 10**10, "rank_amount": 10**10}
LARGEST_RATE = 10**7
"""What measures may raise columns of the law to, kopecks and ten-thousandths: what is made of them
stays whole numbers of 64 bits."""


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

    def in_month(self, month: Month) -> dict[str, pl.Expr]:
        """Working days of each post in the month, and of the month itself."""
        before, through = self.before[month.first], self.before[month.last + dt.timedelta(days=1)]
        days = pl.col("left").clip(upper_bound=through) - pl.col("came").clip(lower_bound=before)
        return {
            "days": days.clip(lower_bound=0),
            "norm_days": pl.lit(through - before, pl.Int64),
        }


@dataclass(frozen=True)
class Ruled:
    """Posts with what the law says of them, as long as it does not change. last: that day."""

    known: Lawful
    last: dt.date


class Rules:
    """A roster in order, with the law of each month of some years."""

    def __init__(
        self,
        posts: pl.DataFrame,
        law: Law,
        years: Sequence[int],
        worked: Worked,
        facts: pl.DataFrame | None = None,
    ) -> None:
        """facts: by post and month (its first day), columns that steps read."""
        self._posts = worked.counted(posts).with_columns(
            service_since=month_counted(pl.coalesce("service_from", "started")),
            north_since=month_counted(pl.coalesce("north_from", "started")),
        )
        self._law = law
        self._last_year = max(years)
        self._worked = worked
        self._facts = facts
        self._ruled: list[Ruled] = []

    def frame(self, months: Sequence[Month], rows: slice) -> pl.DataFrame:
        """Some of the posts month by month, with the law's columns and the days worked: all posts
        in the first month, in their order, then all in the second.

        Raises PayProblem where the law does not answer for a post that somebody holds.
        """
        frame = pl.concat(
            [
                of_month.slice(rows.start, rows.stop - rows.start)
                .with_columns(
                    month=pl.lit(month.first),
                    year=pl.lit(month.year, pl.Int64),
                    of_year=pl.lit(month.first.month, pl.Int64),
                    **self._worked.in_month(month),
                )
                .with_columns(**climbing)
                for month in months
                for of_month, climbing in [self._on(month)]
            ]
        )
        if self._facts is None:
            return frame
        return frame.join(self._facts, on=["post", "month"], how="left", maintain_order="left")

    def _on(self, month: Month) -> tuple[pl.DataFrame, Mapping[str, pl.Expr]]:
        """All posts with the law of a month; it is asked once as long as it does not change."""
        if not self._ruled or month.first > self._ruled[-1].last:
            last = _until_changed(self._law, month, self._last_year)
            known = lawful(self._posts, self._law, month.first, last)
            self._ruled.append(Ruled(known, last))
        known = next(one.known for one in self._ruled if month.first <= one.last)
        return known.posts, known.climbing


@dataclass(frozen=True)
class Together:
    """Posts of one employer to one person, which stand together: of each post the places of the
    first and of the last of them."""

    first: Whole
    last: Whole

    @classmethod
    def of(cls, posts: pl.DataFrame) -> Together:
        rows = posts.select(employed=pl.struct(EMPLOYED).rle_id()).with_row_index("row")
        ends = rows.select(
            first=pl.col("row").min().over("employed"), last=pl.col("row").max().over("employed")
        ).cast(pl.Int64)
        return cls(ends["first"].to_numpy(), ends["last"].to_numpy())

    def left_of(self, most: int, sums: Whole) -> Whole:
        """(months, posts) what is left of `most` for a year after all sums of the months before and
        those of the month that come before a post's own; never below 0. sums: (months, posts)."""
        through = sums.cumsum(axis=1)
        before = through - sums
        at_first = before[:, self.first]
        in_month = through[:, self.last] - at_first
        in_earlier_months = in_month.cumsum(axis=0) - in_month
        left: Whole = np.maximum(most - in_earlier_months - (before - at_first), 0)
        return left


@dataclass(frozen=True)
class Paid:
    """A variant in a year. steps: the measures in force. frame: as `Rules.frame`, with all
    components. yearly: of each component (posts,) kopecks of the year. receives: (posts,) whether
    the last measure pays somebody something."""

    steps: tuple[Step, ...]
    frame: pl.DataFrame
    yearly: Mapping[str, Whole]
    receives: NDArray[np.bool_]


@dataclass(frozen=True)
class Months:
    """Posts in months of one year, to be paid. frame: as `Rules.frame`, in which posts of one
    employer to one person stand together."""

    frame: pl.DataFrame
    insured: Contributions
    together: Together

    def by_law(self) -> Paid:
        """What is paid without any measure."""
        frame, yearly = self._paid((), self.frame, {*LAW_COLUMNS, "days"})
        return Paid((), frame, yearly, np.zeros(len(self.together.first), np.bool_))

    def with_step(self, before: Paid, step: Step) -> Paid:
        """What is paid with one measure more."""
        steps = (*before.steps, step)
        with_columns = before.frame.with_columns(**step.columns)
        if step.stage is Stage.LAW:
            _all_countable(with_columns, step)
        changed = {name for name in step.columns if not _same(with_columns, before.frame, name)}
        frame, anew = self._paid(steps, with_columns, changed)
        yearly = {**before.yearly, **anew}
        return Paid(steps, frame, yearly, yearly["total"] > before.yearly["total"])

    def _paid(
        self, steps: tuple[Step, ...], frame: pl.DataFrame, changed: set[str]
    ) -> tuple[pl.DataFrame, dict[str, Whole]]:
        """The frame with all components, and those of a year that have changed."""
        frame = _recomputed(frame, [*of_law(), *added_up(steps)], changed)
        if "total" in changed:
            _all_known(frame, steps)
            frame = frame.with_columns(room=self._room(frame))
            changed.add("room")
        frame = _recomputed(frame, [BELOW, contributions(self.insured), COST], changed)
        changed.update(step.key for step in steps[-1:])
        anew = [name for name in components(steps) if name in changed]
        return frame, {name: self._by_month(frame, name).sum(axis=0) for name in anew}

    def _room(self, frame: pl.DataFrame) -> pl.Series:
        """How much of each month's pay contributions below the ceiling are still due on."""
        left = self.together.left_of(ceiling(self.insured), self._by_month(frame, "total"))
        return pl.Series(left.ravel())

    def _by_month(self, frame: pl.DataFrame, column: str) -> Whole:
        """(months, posts) of a column."""
        by_month: Whole = frame[column].to_numpy().reshape(-1, len(self.together.first))
        return by_month


def variants(months: Months, ways: Sequence[Sequence[Step]]) -> Iterator[Paid]:
    """Everything that is paid along some `ways` to put measures into force, one after another; what
    ways begin with alike is paid once. A variant comes after the one with a measure less."""
    yield from _further(months, months.by_law(), ways)


def _further(months: Months, paid: Paid, ways: Sequence[Sequence[Step]]) -> Iterator[Paid]:
    yield paid
    next_steps: dict[Step, list[Sequence[Step]]] = {}
    for way in ways:
        for step in way[len(paid.steps) :][:1]:
            next_steps.setdefault(step, []).append(way)
    for step, same in next_steps.items():
        yield from _further(months, months.with_step(paid, step), same)


def _same(frame: pl.DataFrame, before: pl.DataFrame, name: str) -> bool:
    """Whether a column is what it was, and one that is new nothing but zeros."""
    if name in before.columns:
        return frame[name].equals(before[name])
    return bool((frame[name] == 0).all(ignore_nulls=False))


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


def _all_known(frame: pl.DataFrame, steps: Sequence[Step]) -> None:
    """Raise PayProblem where the last measure gives somebody no sum."""
    lost = frame.filter(pl.col("total").is_null())
    if lost.is_empty():
        return
    first = lost["month"].min()
    raise PayProblem(
        text(
            "{key} gives no sum in the month of {day}; posts without one: {posts}.",
            key=steps[-1].key if steps else "total",
            day=first,
            posts=lost.filter(month=first).height,
        )
    )


def _all_countable(frame: pl.DataFrame, step: Step) -> None:
    """Raise PayProblem where a column of the law that the measure has changed is too large to be
    counted with in whole kopecks."""
    for column in step.columns:
        beyond = frame.filter(pl.col(column) > LARGEST.get(column, LARGEST_RATE))
        if not beyond.is_empty():
            raise PayProblem(
                text(
                    "{key} raises pay in the month of {day} beyond anything that is paid. Lower "
                    "its level, or that of the measures before it.",
                    key=step.key,
                    day=beyond["month"].min(),
                )
            )


def _until_changed(law: Law, month: Month, last_year: int) -> dt.date:
    """The last day before the law changes next."""
    first = month.first
    while first.year <= last_year:
        first = (first + dt.timedelta(days=31)).replace(day=1)
        if law.changes_on(first):
            break
    return first - dt.timedelta(days=1)
