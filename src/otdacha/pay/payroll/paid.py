"""The payroll of a roster over years, and what each measure adds to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from otdacha.errors import PayProblem
from otdacha.language import text
from otdacha.methodology import WorkingDays
from otdacha.pay.parameters import Law
from otdacha.pay.payroll.components import components
from otdacha.pay.payroll.lawful import LAW_COLUMNS
from otdacha.pay.payroll.months import (
    EMPLOYED,
    OF_MONTH,
    Months,
    Rules,
    Together,
    Worked,
    variants,
)
from otdacha.pay.payroll.steps import Step, in_order, of_year
from otdacha.pay.payroll.year import Sums

BATCH = 12_500
"""Posts that are counted together: what a year of them takes stays below 500 MB."""


@dataclass(frozen=True)
class Payroll:
    """What a roster is paid. steps: the measures in the order in which they take effect; variant k
    has the first k in force. by_town, by_post: `BY_TOWN` and `BY_POST`, of a post the years in
    which somebody held it. received: which posts a measure pays something in any year (`RECEIVED`).
    behind: whom a component or a measure pays something in a town and year (`BEHIND`).
    """

    steps: tuple[Step, ...]
    by_town: pl.DataFrame
    by_post: pl.DataFrame
    received: pl.DataFrame
    behind: pl.DataFrame

    def cost(self, variant: int) -> pl.DataFrame:
        """What measure number `variant`, from 1, adds to those before it: municipality, year,
        kopecks, with contributions."""
        of_cost = self.by_town.filter(component="cost")
        before = of_cost.filter(variant=variant - 1)
        after = of_cost.filter(variant=variant)
        return after.join(
            before, on=["municipality", "year"], suffix="_before", maintain_order="left"
        ).select("municipality", "year", kopecks=pl.col("kopecks") - pl.col("kopecks_before"))

    def people(self, posts: pl.DataFrame) -> pl.DataFrame:
        """How many people each measure pays something: measure, people."""
        receiving = self.received.join(posts.select("post", "person"), on="post")
        return receiving.group_by("measure").agg(people=pl.col("person").n_unique()).sort("measure")


def payroll(
    posts: pl.DataFrame,
    law: Law,
    years: Sequence[int],
    steps: Sequence[Step] = (),
    facts: pl.DataFrame | None = None,
    working_days: WorkingDays | None = None,
) -> Payroll:
    """The payroll of whole `years`, one after another, without measures and with each of `steps`.

    posts: the roster (`otdacha.pay.people`), with columns of their own that steps read; they find
    `month`, its first day, and `year` beside them. facts: by post and month further such columns,
    null where nothing is said. working_days: the calendar's rules. Raises PayProblem where the law
    does not answer for a post or a day, where the roster breaks a bound of it, or where a measure's
    key is taken or gives no sum.
    """
    return next(payrolls(posts, law, years, [steps], facts, working_days))


def payrolls(
    posts: pl.DataFrame,
    law: Law,
    years: Sequence[int],
    ways: Sequence[Sequence[Step]],
    facts: pl.DataFrame | None = None,
    working_days: WorkingDays | None = None,
) -> Iterator[Payroll]:
    """The payroll of each of several ways to put measures into force, one after another, as
    `payroll` has it; what ways begin with alike is paid once."""
    ordered = [tuple(in_order(steps)) for steps in ways]
    for steps in ordered:
        _free_keys(steps, posts)
    sums = _sums(posts, law, sorted(set(years)), ordered, facts, working_days or WorkingDays())
    for steps in ordered:
        yield Payroll(
            steps,
            sums.by_town(steps),
            sums.by_post(steps),
            sums.received(steps),
            sums.behind(steps),
        )


def _sums(
    posts: pl.DataFrame,
    law: Law,
    years: Sequence[int],
    ways: Sequence[tuple[Step, ...]],
    facts: pl.DataFrame | None,
    working_days: WorkingDays,
) -> Sums:
    posts = posts.sort(*EMPLOYED, ~pl.col("main"), "started", "post")
    rules = Rules(posts, law, years, Worked.of(years, working_days), facts)
    sums = Sums(posts, years, ways)
    for rows in _batches(posts):
        together = Together.of(posts[rows])
        for year in years:
            frame = rules.frame(of_year(year), rows)
            for paid in variants(Months(frame, law.contributions_of(year), together), ways):
                sums.add(year, rows, paid)
    return sums


def _batches(posts: pl.DataFrame) -> Iterator[slice]:
    """Rows in batches; those of one employer and person are in the same."""
    employed = posts.select(pl.struct(EMPLOYED).rle_id()).to_series()
    ends = [*range(BATCH, posts.height, BATCH), posts.height]
    start = 0
    for end in ends:
        stop = employed.search_sorted(employed[end - 1], side="right") if end else 0
        if stop > start:
            yield slice(start, stop)
        start = max(start, stop)


def _free_keys(steps: Sequence[Step], posts: pl.DataFrame) -> None:
    taken = {*posts.columns, *components(()), *LAW_COLUMNS, *OF_MONTH, "salary"}
    for step in steps:
        if step.key in taken:
            raise PayProblem(
                text(
                    "A measure is called {key}, which is a column of the payroll or another "
                    "measure. Give it another key.",
                    key=step.key,
                )
            )
        taken.add(step.key)
