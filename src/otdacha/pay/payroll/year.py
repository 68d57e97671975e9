"""The sums of a roster's years, gathered batch by batch while the frames of its months are at hand.

Everything is added up twice, by town and by post, for every variant; what was paid itself, ten
million rows for a country, is not kept.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from otdacha.pay.kopecks import SHARE
from otdacha.pay.payroll.components import components, named
from otdacha.pay.payroll.months import EMPLOYED, Paid, Whole
from otdacha.pay.payroll.steps import Step

BY_TOWN = pl.Schema(
    {
        "municipality": pl.String(),
        "year": pl.Int64(),
        "variant": pl.Int64(),  # with the first so many measures in force
        "component": pl.String(),
        "kopecks": pl.Int64(),
    }
)
BY_POST = pl.Schema(
    {
        "post": pl.Int64(),
        "year": pl.Int64(),
        "months": pl.Int64(),  # in which somebody worked in it at all
        "full_months": pl.Float64(),  # share of a full post · share of the month's working days
        "pay_before": pl.Int64(),  # kopecks of the year without measures, without contributions
        "pay_after": pl.Int64(),  # with all of them
        "receives": pl.Boolean(),  # whether the measures raise it
    }
)
RECEIVED = pl.Schema({"measure": pl.String(), "post": pl.Int64()})
BEHIND = pl.Schema(
    {
        "municipality": pl.String(),
        "year": pl.Int64(),
        "component": pl.String(),  # of the law, or the key of a measure of any stage
        "people": pl.Int64(),
    }
)

Variant = tuple[Step, ...]
"""The measures that are in force, in their order."""


class Sums:
    """What a roster is paid in years, by town and by post, in several variants.

    posts: the roster, in which posts of a town and in it of a person stand together, and towns in
    order. years:
    increasing. ways: the variants that will be asked for.
    """

    def __init__(
        self, posts: pl.DataFrame, years: Sequence[int], ways: Collection[Variant]
    ) -> None:
        self._years = years
        self._ways = set(ways)
        self._post = posts["post"].to_numpy()
        self._town = posts["municipality"].rle_id().to_numpy()
        self._employed = posts.select(pl.struct(EMPLOYED).rle_id()).to_series().to_numpy()
        self._towns = posts["municipality"].unique(maintain_order=True)
        self._months = np.zeros((len(years), posts.height), np.int64)
        self._full_months = np.zeros((len(years), posts.height))
        self._by_town: dict[Variant, dict[str, Whole]] = {}
        self._pay: dict[Variant, Whole] = {}
        self._receive: dict[Variant, NDArray[np.bool_]] = {}
        self._behind: dict[tuple[Variant, str], Whole] = {}

    def add(self, year: int, rows: slice, paid: Paid) -> None:
        """Add what the posts of `rows` are paid in a year in one variant."""
        at, variant = self._years.index(year), paid.steps
        if not variant:
            self._months[at, rows], self._full_months[at, rows] = _worked(paid.frame, rows)
        sums = self._by_town.setdefault(variant, {})
        town = self._town[rows]
        first = np.flatnonzero(np.diff(town, prepend=-1))
        for column in components(variant):
            of_town = sums.setdefault(column, self._no_towns())
            of_town[town[first], at] += np.add.reduceat(paid.yearly[column], first)
        self._count(at, rows, paid)
        receive = self._receive.setdefault(variant, np.zeros(len(self._post), np.bool_))
        receive[rows] |= paid.receives
        if not variant or variant in self._ways:
            pay = self._pay.setdefault(variant, np.zeros_like(self._months))
            pay[at, rows] = paid.yearly["total"]

    def _count(self, year: int, rows: slice, paid: Paid) -> None:
        """Count whom components pay something without the measures, and whom the last measure."""
        employed, town = self._employed[rows], self._town[rows]
        first = np.flatnonzero(np.diff(employed, prepend=-1))
        some = (
            {paid.steps[-1].key: paid.receives}
            if paid.steps
            else {named(column): paid.yearly[column] > 0 for column in components(())}
        )
        for component, receives in some.items():
            people = np.logical_or.reduceat(receives, first)
            there = self._behind.setdefault((paid.steps, component), self._no_towns())
            there[:, year] += np.bincount(town[first[people]], minlength=len(self._towns))

    def by_town(self, way: Variant) -> pl.DataFrame:
        """`BY_TOWN` of a way and of the variants that lead to it, in that order."""
        columns = components(way)
        begins = {step.key: number for number, step in enumerate(way, 1)}
        there = np.array(
            [[variant >= begins.get(column, 0) for column in columns] for variant in _to(way)]
        )
        kopecks = np.zeros((len(self._towns), len(self._years), *there.shape), np.int64)
        for variant, column in np.argwhere(there):
            sums = self._by_town.get(way[:variant], {}).get(columns[column], self._no_towns())
            kopecks[:, :, variant, column] = sums
        town, year, variant, column = (
            pl.Series(place) for place in np.nonzero(np.broadcast_to(there, kopecks.shape))
        )
        return pl.DataFrame(
            {
                "municipality": self._towns.gather(town),
                "year": pl.Series(self._years, dtype=pl.Int64).gather(year),
                "variant": variant,
                "component": pl.Series([named(column) for column in columns]).gather(column),
                "kopecks": kopecks[:, :, there].ravel(),
            },
            schema=BY_TOWN,
        )

    def by_post(self, way: Variant) -> pl.DataFrame:
        """`BY_POST` of a way, by post and year, without posts that nobody held."""
        order = np.argsort(self._post)
        before, after = (
            self._pay.get(variant, np.zeros_like(self._months)) for variant in ((), way)
        )

        def by_year(values: NDArray[Any]) -> NDArray[Any]:
            return values[:, order].T.ravel()

        return pl.DataFrame(
            {
                "post": np.repeat(self._post[order], len(self._years)),
                "year": np.tile(np.array(self._years, np.int64), len(self._post)),
                "months": by_year(self._months),
                "full_months": by_year(self._full_months),
                "pay_before": by_year(before),
                "pay_after": by_year(after),
                "receives": by_year(after > before),
            },
            schema=BY_POST,
        ).filter(pl.col("months") > 0)

    def received(self, way: Variant) -> pl.DataFrame:
        """`RECEIVED` of the measures of a way, in their order."""
        return pl.concat(
            [
                RECEIVED.to_frame(),
                *(
                    pl.DataFrame({"post": np.sort(self._post[self._receive[way[:number]]])}).select(
                        pl.lit(step.key).alias("measure"), "post"
                    )
                    for number, step in enumerate(way, 1)
                    if way[:number] in self._receive
                ),
            ]
        )

    def behind(self, way: Variant) -> pl.DataFrame:
        """`BEHIND` of a way: whom components pay something without its measures, and whom each of
        its measures pays something."""
        variants = {way[:number] for number in _to(way)}
        return pl.concat(
            [
                BEHIND.to_frame(),
                *(
                    self._people(component, people)
                    for (variant, component), people in self._behind.items()
                    if variant in variants
                ),
            ]
        )

    def _people(self, component: str, people: Whole) -> pl.DataFrame:
        town, year = np.nonzero(people)
        return pl.DataFrame(
            {
                "municipality": self._towns.gather(town),
                "year": pl.Series(self._years, dtype=pl.Int64).gather(year),
                "component": pl.repeat(component, len(town), eager=True),
                "people": people[town, year],
            },
            schema=BEHIND,
        )

    def _no_towns(self) -> Whole:
        return np.zeros((len(self._towns), len(self._years)), np.int64)


def _to(way: Variant) -> range:
    """The numbers of the variants that lead to a way: 0 is the law alone."""
    return range(len(way) + 1)


def _worked(frame: pl.DataFrame, rows: slice) -> tuple[Whole, NDArray[np.float64]]:
    """Of each post months in which somebody worked, and full months of full posts."""
    worked = frame.select(
        months=(pl.col("days") > 0).cast(pl.Int64),
        full_months=pl.col("share") * pl.col("days") / (pl.col("norm_days") * SHARE),
    )
    months, full = (
        worked[name].to_numpy().reshape(-1, rows.stop - rows.start).sum(axis=0)
        for name in worked.columns
    )
    return months, full
