"""How far the costs of measures are told apart, by measure and by town.

Three things are asked for and told whatever follows: what the measures cost each source in each
year. By measure and by town costs are told as far as the cost of a few people does not follow
(`otdacha.pay.identified`): a measure that reaches few people stands with others, a town tells its
costs by source, else what its own budget and budgets above it pay, else by year, else not at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from otdacha.pay.identified import Costs, Floats, Mask, Whole

SOURCES = ("federal", "regional", "municipal", "own")
ABOVE, LOCAL, ALL = "above", "local", "all"
SUMS: tuple[Mapping[str, Sequence[str]], ...] = (
    {source: (source,) for source in SOURCES},
    {ABOVE: ("federal", "regional"), LOCAL: ("municipal", "own")},
    {ALL: SOURCES},
)
"""How the costs of a town are told, as finely as may be first: sources that stand together."""


@dataclass(frozen=True)
class CostsTold:
    """together: measures whose costs are told as one. towns: those whose costs are told as one.
    sums: how each town tells its costs, one of `SUMS`; None: the towns that are told as one."""

    together: frozenset[str]
    towns: frozenset[str]
    sums: Mapping[str | None, Mapping[str, Sequence[str]]]


def costs_told(
    costs: pl.DataFrame, measures: pl.DataFrame, towns: Sequence[str], hidden: frozenset[str],
    minimum: int,
) -> CostsTold:  # fmt: skip
    """How the costs of a scenario are told: nothing of fewer people than `minimum` follows.

    costs, measures: the tables of a scenario. towns: all of them. hidden: those that are not told
    by themselves whatever they cost.
    """
    years = _years(costs, measures, towns, minimum)
    keys = measures["measure"].to_list()
    together = _together(years, len(keys))
    chosen = _Chosen(
        years,
        together,
        told=[at for at, town in enumerate(towns) if town not in hidden],
        hidden=[at for at, town in enumerate(towns) if town in hidden],
    )
    chosen.settle()
    return CostsTold(
        frozenset(np.array(keys, dtype=object)[together].tolist()),
        frozenset(towns[at] for at in chosen.hidden),
        {
            **{towns[at]: SUMS[chosen.fineness.get(at, 0)] for at in chosen.told},
            None: SUMS[chosen.fineness.get(None, 0)],
        },
    )


@dataclass(frozen=True)
class _Year:
    """people: (towns, measures) who receive something. parts: (sources, measures) of the cost.
    rare: (measures) that reach too few in the union, in the year or in all. few: each of them, and
    all where they are too few together; not those that what is asked for tells, whatever is done.
    """

    people: Whole
    parts: Floats
    rare: Mask
    few: Sequence[Mask]
    minimum: int

    @classmethod
    def of(cls, people: Whole, parts: Floats, in_all: Whole, minimum: int) -> _Year:
        """in_all: (measures) who receive something in any year."""
        of_year = people.sum(axis=0)
        rare = (of_year > 0) & (np.minimum(of_year, in_all) < minimum)
        few = [np.arange(rare.size) == at for at in np.flatnonzero(rare)]
        if len(few) > 1 and of_year[rare].sum() < minimum:
            few.append(rare)
        asked = Costs(people.sum(axis=0, keepdims=True), [parts], _no_sums(parts))
        unasked = [one for one in few if not asked.followed_of([one[None]])]
        return cls(people, parts, rare, unasked, minimum)

    def small(self, people: Whole) -> Mask:
        """Costs of few people in a town."""
        small: Mask = (people > 0) & (people < self.minimum)
        return small

    def together(self, people: Whole) -> list[Mask]:
        """Of each measure its smallest costs, as many as are together of few people."""
        small = self.small(people)
        found = []
        for at in np.flatnonzero(small.sum(axis=0) > 1):
            order = np.argsort(np.where(small[:, at], people[:, at], self.minimum), kind="stable")
            few = order[np.cumsum(people[order, at]) < self.minimum]
            few = few[small[few, at]]
            one = np.zeros_like(small)
            one[few, at] = True
            found.append(one)
        return found

    def shown(self, together: Mask) -> bool:
        """Whether the cost of few follows from what is told of all towns."""
        people = self.people.sum(axis=0, keepdims=True)
        all_towns = Costs(people, [self.common(together)], _no_sums(self.parts))
        return bool(all_towns.followed_of([few[None] for few in self.few]))

    def common(self, together: Mask) -> Floats:
        """What is told of all towns: each measure for itself, those together by source."""
        return np.vstack([np.eye(together.size)[~together], self.parts * together])


def _years(
    costs: pl.DataFrame, measures: pl.DataFrame, towns: Sequence[str], minimum: int
) -> list[_Year]:
    keys = measures["measure"].to_list()
    parts = measures.select(SOURCES).to_numpy().T.astype(np.float64)
    behind = costs.group_by("municipality", "year", "measure").agg(pl.col("people").max())
    found = []
    for year in costs["year"].unique().sort():
        people = np.zeros((len(towns), len(keys)), dtype=np.int64)
        rows = behind.filter(year=year)
        at = rows["municipality"].replace_strict(list(towns), range(len(towns)))
        people[at, rows["measure"].replace_strict(keys, range(len(keys)))] = rows["people"]
        found.append(_Year.of(people, parts, measures["people"].to_numpy(), minimum))
    return found


def _together(years: Sequence[_Year], measures: int) -> Mask:
    """The measures that are told as one: those that reach few, and of others those it takes until
    nothing of them follows by year and source."""
    rare = np.zeros(measures, dtype=np.bool_)
    for year in years:
        rare |= year.rare
    together = rare.copy()
    while not together.all() and any(year.shown(together) for year in years):
        together[np.flatnonzero(~together)[0]] = True
    for at in np.flatnonzero(together & ~rare):
        fewer = together & (np.arange(measures) != at)
        if not any(year.shown(fewer) for year in years):
            together = fewer
    return together


@dataclass
class _Chosen:
    """Towns by number: those that are told by themselves and how finely, and those that are not."""

    years: Sequence[_Year]
    together: Mask
    told: list[int]
    hidden: list[int]
    fineness: dict[int | None, int] = field(default_factory=dict)

    def settle(self) -> None:
        """Tell less, until nothing follows in any year, or no town is told by itself."""
        while self.told and (todo := next(filter(None, map(self._found, self.years)), None)):
            for town, beside in todo.items():
                self._tell_less(town, beside)

    def _found(self, year: _Year) -> Mapping[int | None, Sequence[int | None]]:
        """Towns by which the cost of few people follows, and all that pay the same measures; None:
        the towns that are told as one."""
        rows: list[int | None] = [*self.told, *([None] if self.hidden else [])]
        people = np.array(
            [year.people[self.hidden].sum(axis=0) if at is None else year.people[at] for at in rows]
        )
        told = [_sums(SUMS[self.fineness.get(at, 0)]) @ year.parts for at in rows]
        costs = Costs(people, told, year.common(self.together))
        asked = Costs(people, [_no_sums(year.parts)] * len(rows), year.parts)
        small = year.small(people)
        everywhere = [np.tile(one, (len(rows), 1)) for one in year.few]
        several = [one for one in year.together(people) if not asked.followed_of([one])]
        found = {*_beyond(costs, asked, small), *costs.followed_of([*everywhere, *several])}
        few = small | (year.rare & (people > 0))
        return {
            rows[at]: [rows[one] for one in np.flatnonzero((people[:, few[at]] > 0).any(axis=1))]
            for at in sorted(found)
        }

    def _tell_less(self, town: int | None, beside: Sequence[int | None]) -> None:
        """Tell the town less finely, or else one that pays the same measures; where all of them
        tell one sum, not by itself. Hidden towns that together are few hide another."""
        for one in (town, *beside):
            if self.fineness.get(one, 0) + 1 < len(SUMS):
                self.fineness[one] = self.fineness.get(one, 0) + 1
                return
        gone = next((one for one in (town, *beside, *self.told) if one in self.told), None)
        if gone is not None:
            self.told.remove(gone)
            self.hidden = sorted([*self.hidden, gone])


def _beyond(costs: Costs, asked: Costs, small: Mask) -> set[int]:
    """Towns of which the cost of few people follows, and not from what is asked for alone: the
    small costs of a town together, and each where together they do follow from it."""
    given = set(asked.followed_in(small))
    found = set(costs.followed_in(small)) - given
    rows = np.isin(np.arange(small.shape[0]), list(given))[:, None]
    for at in range(small.shape[1]):
        one = small & rows & (np.arange(small.shape[1]) == at)
        found |= set(costs.followed_in(one)) - set(asked.followed_in(one))
    return found


def _no_sums(parts: Floats) -> Floats:
    return np.zeros((0, parts.shape[1]))


def _sums(sums: Mapping[str, Sequence[str]]) -> NDArray[np.float64]:
    """(sums, sources), 1 where the source is in the sum."""
    return np.array([[float(one in inside) for one in SOURCES] for inside in sums.values()])
