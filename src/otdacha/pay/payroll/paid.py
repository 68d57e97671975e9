"""The payroll of a roster over years, and what each measure adds to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from otdacha.errors import PayProblem
from otdacha.language import text
from otdacha.methodology import WorkingDays
from otdacha.pay.parameters import Law
from otdacha.pay.payroll.components import components, named
from otdacha.pay.payroll.lawful import LAW_COLUMNS
from otdacha.pay.payroll.months import EMPLOYED, OF_MONTH, Worked, months
from otdacha.pay.payroll.steps import Step, in_order
from otdacha.pay.payroll.year import BEHIND, BY_POST, BY_TOWN, OF_SUMS, RECEIVED, YearPaid

BATCH = 150_000
"""Posts that are counted together: what a month of them takes stays below 500 MB."""


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

    posts: the roster (`otdacha.pay.people`), with columns of their own that steps read. facts: by
    post and month (`month`, its first day) further such columns, null where nothing is said.
    working_days: the calendar's rules. Raises PayProblem where the law does not answer for a post
    or a day, where the roster breaks a bound of it, or where a measure's key is taken or gives no
    sum.
    """
    ordered = tuple(in_order(steps))
    _free_keys(ordered, posts)
    worked = Worked.of(years, working_days or WorkingDays())
    paid = [
        of_year
        for batch in _batches(posts)
        for of_year in _of_batch(batch, law, years, ordered, worked, facts)
    ]
    return Payroll(
        ordered,
        _added_up([of_year.by_town() for of_year in paid], ordered),
        pl.concat([pl.DataFrame(schema=BY_POST), *(of_year.by_post() for of_year in paid)]).sort(
            "post", "year"
        ),
        _received(paid, ordered),
        _behind(paid),
    )


def _added_up(by_town: Sequence[pl.DataFrame], steps: Sequence[Step]) -> pl.DataFrame:
    """The sums of all batches, components in their order."""
    order = {name: place for place, name in enumerate(map(named, components(steps)))}
    return (
        pl.concat([pl.DataFrame(schema=BY_TOWN), *by_town])
        .group_by("municipality", "year", "variant", "component")
        .agg(pl.col("kopecks").sum())
        .sort(
            "municipality",
            "year",
            "variant",
            pl.col("component").replace_strict(order, return_dtype=pl.Int64),
        )
    )


def _received(paid: Sequence[YearPaid], steps: Sequence[Step]) -> pl.DataFrame:
    """`RECEIVED` of all years and batches, measures in their order."""
    none = pl.Series("post", [], pl.Int64)
    return pl.concat(
        [
            pl.DataFrame(schema=RECEIVED),
            *(
                pl.concat([none, *(of_year.received(number) for of_year in paid)])
                .unique()
                .sort()
                .to_frame()
                .select(pl.lit(step.key).alias("measure"), "post")
                for number, step in enumerate(steps, 1)
            ),
        ]
    )


def _behind(paid: Sequence[YearPaid]) -> pl.DataFrame:
    """`BEHIND` of all years and batches; nobody stands in two batches at one employer."""
    return (
        pl.concat([BEHIND.to_frame(), *(of_year.behind() for of_year in paid)])
        .group_by("municipality", "year", "component", maintain_order=True)
        .agg(pl.col("people").sum())
    )


def _free_keys(steps: Sequence[Step], posts: pl.DataFrame) -> None:
    taken = {*posts.columns, *components(()), *LAW_COLUMNS, *OF_MONTH, *OF_SUMS}
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


def _batches(posts: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """The posts town by town: first those of people with one post at their employer, in batches,
    then the rest, whose contributions are counted together."""
    ordered = posts.sort(*EMPLOYED, ~pl.col("main"), "started", "post")
    several = ordered.select(pl.struct(EMPLOYED).is_duplicated()).to_series()
    yield from ordered.filter(~several).iter_slices(BATCH)
    if several.any():
        yield ordered.filter(several)


def _of_batch(
    posts: pl.DataFrame,
    law: Law,
    years: Sequence[int],
    steps: Sequence[Step],
    worked: Worked,
    facts: pl.DataFrame | None,
) -> list[YearPaid]:
    done: list[YearPaid] = []
    for month, paid in months(posts, law, years, steps, worked, facts):
        if month.first.month == 1:
            done.append(YearPaid(month.year, steps, paid[0].frame))
        done[-1].add(month, paid)
    return done
