"""What measures need to know beside their file: the roster, scarce positions, prices, wages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from itertools import accumulate

import numpy as np
import polars as pl

from otdacha.errors import PayProblem
from otdacha.language import text
from otdacha.pay.measures.entries import AnyMeasure, Index, WageFloor
from otdacha.pay.measures.training import Trained
from otdacha.pay.measures.who import SCARCE
from otdacha.pay.parameters import Law
from otdacha.programme.clash.amounts import rubles

WAGES = pl.Schema({"municipality": pl.String(), "year": pl.Int64(), "wage": pl.Int64()})
"""A mean month of all activities in a town, in kopecks of that year."""

LARGEST_WAGE = 10**9
"""Kopecks a month: no town's mean wage comes near it, and sums made of it stay whole numbers."""


@dataclass(frozen=True)
class Facts:
    """posts: schema `otdacha.pay.people.ROSTER`. scarce: schema `SCARCE`. prices: region → year →
    how many times as dear things are as in the year before. wages: schema `WAGES`; a town that is
    not in it has no wage. trained: by the key of the measure."""

    posts: pl.DataFrame
    scarce: pl.DataFrame = field(default_factory=SCARCE.to_frame)
    prices: Mapping[str, Mapping[int, Fraction]] = field(default_factory=dict)
    wages: pl.DataFrame = field(default_factory=WAGES.to_frame)
    trained: Mapping[str, Trained] = field(default_factory=dict)

    @cached_property
    def _rows(self) -> pl.Series:
        """Where each post stands in `posts`, by its number; null: nowhere."""
        number = self.posts["post"]
        largest = number.max()
        size = largest + 1 if isinstance(largest, int) else 0
        rows: list[int | None] = [None] * size
        for row, post in enumerate(number):
            rows[post] = row
        return pl.Series(rows, dtype=pl.Int64)

    def by_post(self, values: Sequence[pl.Series], which: pl.Expr | None = None) -> pl.Expr:
        """One of several columns in the order of `posts`, as an expression over any frame with
        these posts. which: its number, Int64, from 0; null: nothing is known of the row."""
        placed = pl.concat([one.gather(self._rows) for one in values])
        place = pl.col("post") if which is None else which * self._rows.len() + pl.col("post")
        return pl.lit(placed).gather(place)

    def are_posts(self, posts: pl.Series) -> pl.Series:
        """Whether each of `self.posts` is among some of them."""
        there = np.zeros(self.posts.height, bool)
        there[self._rows.gather(posts).to_numpy()] = True
        return pl.Series(there)

    def scarce_since(self, day: dt.date) -> dt.date:
        """The last day up to `day` on which what is scarce changed; the same answer, the same
        scarce positions."""
        begins = self.scarce["valid_from"]
        ends = self.scarce["valid_to"].dt.offset_by("1d")
        changes = pl.concat([begins, ends])
        last = changes.filter(changes <= day).max()
        return last if isinstance(last, dt.date) else dt.date.min

    def wages_of(self, year: int) -> Mapping[str, int]:
        """Town → its wage in `year`, kopecks."""
        known = self.wages.filter(pl.col("year") == year, pl.col("wage") > 0)
        return dict(zip(known["municipality"], known["wage"], strict=True))

    def wages_by_post(self, years: Sequence[int]) -> pl.Expr:
        """The wage of a post's town in the year of a row, one of `years`, which follow each other;
        kopecks, null where none is known."""
        return self._by_year([self._wages_in(year) for year in years], years)

    def highest_wages_by_post(self, years: Sequence[int]) -> pl.Expr:
        """The highest wage of a post's town in any of `years` up to that of a row, kopecks; null
        where none is known."""
        highest = accumulate(
            (self._wages_in(year) for year in years),
            lambda so_far, wage: pl.select(pl.max_horizontal(so_far, wage)).to_series(),
        )
        return self._by_year(list(highest), years)

    def wages_before(self, year: int) -> pl.Expr:
        """The wage of a post's town in the year before `year`, kopecks; null where none is
        known."""
        return self.by_post([self._wages_in(year - 1)])

    def _by_year(self, values: Sequence[pl.Series], years: Sequence[int]) -> pl.Expr:
        number = pl.col("year") - years[0]
        known = pl.when(number.is_between(0, len(years) - 1)).then(number)
        return self.by_post(values, known)

    def _wages_in(self, year: int) -> pl.Series:
        """The wage of each post's town in a year."""
        known = self.wages.filter(pl.col("year") == year, pl.col("wage") > 0)
        return self.posts.select("municipality").join(
            known, on="municipality", how="left", maintain_order="left"
        )["wage"]

    def towns_with_wages(self, one: AnyMeasure, year: int) -> frozenset[str] | None:
        """Towns whose wages a measure needs and finds in `year`; None: it needs none."""
        if isinstance(one, WageFloor):
            return frozenset(self.wages_of(year))
        if isinstance(one, Index) and one.to == "wages":
            return frozenset(self.wages_of(year)) & frozenset(self.wages_of(one.begins.year - 1))
        return None


def facts_of(
    posts: pl.DataFrame,
    law: Law,
    *,
    wages: pl.DataFrame | None = None,
    trained: Mapping[str, Trained] | None = None,
) -> Facts:
    """What measures need of a roster and of the law of its regions.

    posts: schema `otdacha.pay.people.ROSTER`. wages: schema `WAGES`; without it no town has one.
    Raises PayProblem where no file of the law names a region, or a wage is beyond `LARGEST_WAGE`.
    """
    _countable(wages)
    said = {region: law.of(region).said for region in sorted(posts["region"].unique())}
    scarce = [
        (region, position, entry.valid_from, entry.valid_to)
        for region, parameters in said.items()
        for entry in parameters.scarce
        for position in entry.positions
    ]
    prices = {
        region: {one.year: 1 + Fraction(str(one.prices)) for one in parameters.forecast}
        for region, parameters in said.items()
    }
    return Facts(
        posts=posts,
        scarce=pl.DataFrame(scarce, schema=SCARCE, orient="row"),
        prices=prices,
        wages=WAGES.to_frame() if wages is None else wages.match_to_schema(WAGES),
        trained=trained or {},
    )


def _countable(wages: pl.DataFrame | None) -> None:
    beyond = None if wages is None else wages.filter(pl.col("wage") > LARGEST_WAGE)
    if beyond is None or beyond.is_empty():
        return
    first = beyond.row(0, named=True)
    raise PayProblem(
        text(
            "{municipality}: the mean wage of {year} is {wage} a month, which cannot be right. "
            "Look at the statistics of wages and the forecast of the law.",
            municipality=first["municipality"],
            year=first["year"],
            wage=rubles(first["wage"]),
        )
    )
