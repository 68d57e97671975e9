"""The best package inside given sums: which combination of levels each town has.

Where every measure is the same everywhere, there are as many packages as combinations, and each is
looked at. Otherwise it is a knapsack (`knapsack.py`). A twin that knows no solver counts the result
in whole kopecks (`checking.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from otdacha.errors import PayProblem
from otdacha.language import text
from otdacha.pay.packages.checking import broken
from otdacha.pay.packages.knapsack import Found, Knapsack, most
from otdacha.pay.packages.limits import NO_LIMIT
from otdacha.pay.packages.money import SOURCES
from otdacha.pay.packages.narrowing import undominated
from otdacha.pay.packages.options import Options, Package, Whole
from otdacha.pay.packages.wanted import (
    Wanted,
    allowed,
    gain_of,
    limited,
    within_norms,
)

GAP = 1e-4
"""What may be between a package and the bound, relatively; the exits themselves are known a
thousand times less well."""
SECONDS = 30.0
SETTLED = 20_000
"""Things among which equals are told apart at most: of more HiGHS searches far beyond its time."""


@dataclass(frozen=True)
class Choice:
    """The best package. gain: of it, in the unit of `wanted.gain_of`; bound: no package has more.
    settled: it is the best for certain, and so is the choice between it and its equals."""

    package: Package
    gain: int
    bound: int
    settled: bool

    @property
    def gap(self) -> float:
        """What a better package could have more, relatively; 0: there is none."""
        return (self.bound - self.gain) / abs(self.bound) if self.bound > self.gain else 0.0


def choose(
    options: Options, wanted: Wanted, *, gap: float = GAP, seconds: float = SECONDS
) -> Choice:
    """The package that does most of what is wanted, to a relative `gap` of a proven bound. Where it
    is the best for certain, and there are no more than `SETTLED` things to choose from: of equals
    the cheapest, and of these the one with fewest measures.

    seconds: for each search, of which there are three where equals are to be told apart. The same
    options give the same package, unless time runs out.

    A town whose exits could not be estimated adds nothing to avoided exits, and so has a measure
    only where all towns have it. Raises PayProblem where no package keeps within the sums, the
    towns' own money and the norms of pay, or none was found in `seconds`.
    """
    _must_leave_something(options, wanted)
    chosen = best(options, wanted, gap=gap, seconds=seconds)
    if chosen is None:
        raise _nothing_fits(options, wanted)
    return chosen


def best(
    options: Options, wanted: Wanted, *, gap: float = GAP, seconds: float = SECONDS
) -> Choice | None:
    """What `choose` chooses; None where there is nothing to choose."""
    free = allowed(options, wanted)
    if not free.any(axis=0).all():
        return None
    if all_everywhere(options):
        chosen = _everywhere(options, wanted)
    else:
        chosen = _by_town(options, wanted, free, gap, seconds)
    faults = broken(chosen.package, wanted) if chosen else []
    if faults:
        raise RuntimeError(f"the package breaks its rules: {faults}")
    return chosen


def all_everywhere(options: Options) -> bool:
    """Whether there is nothing to choose town by town."""
    return all(lever.everywhere for lever in options.levers)


def union_wide(options: Options, wanted: Wanted) -> Whole:
    """The combinations that all towns may have together inside the sums, by their places."""
    weight, most_of = limited(options, wanted)
    fits = (weight.sum(axis=2) <= most_of[:, None]).all(axis=0)
    return np.flatnonzero(allowed(options, wanted).all(axis=1) & fits)


def _everywhere(options: Options, wanted: Wanted) -> Choice | None:
    ways = union_wide(options, wanted)
    if not len(ways):
        return None
    gain = gain_of(options, wanted.aim).sum(axis=1)
    cost = options.total.sum(axis=1)
    way = ways[np.lexsort((ways, options.taken[ways], cost[ways], -gain[ways]))[0]]
    package = Package.everywhere(options, int(way))
    return Choice(package, int(gain[way]), int(gain[way]), settled=True)


def _by_town(
    options: Options, wanted: Wanted, free: NDArray[np.bool_], gap: float, seconds: float
) -> Choice | None:
    gain = gain_of(options, wanted.aim)
    weight, most_of = limited(options, wanted)
    ways, towns = np.nonzero(undominated(options, gain, weight, free))
    knapsack = Knapsack(
        place=towns,
        gain=gain[ways, towns],
        weight=weight[:, ways, towns],
        most=most_of,
        tied=_tied(options, ways),
    )
    found = most(knapsack, gap=gap, seconds=seconds)
    if found is None:
        return None
    things, settled = found.things, False
    if found.proven and len(ways) <= SETTLED:
        aims = (options.total[ways, towns], options.taken[ways])
        things, settled = _settled(knapsack, found, aims, seconds)
    return Choice(Package(options, ways[things]), found.gain, found.bound, settled)


def _settled(
    knapsack: Knapsack, found: Found, aims: Sequence[Whole], seconds: float
) -> tuple[Whole, bool]:
    """Of what gains as much as `found`, that with least of the first of `aims` ((things,) each), of
    these that with least of the second; and whether that is certain."""
    as_good = knapsack.also(-knapsack.gain, -found.gain)
    things = found.things
    for aim in aims:
        better = most(replace(as_good, gain=-aim), gap=0.0, seconds=seconds)
        if better is None:
            return things, False
        things = better.things
        if not better.proven:
            return things, False
        as_good = as_good.also(aim, int(aim[things].sum()))
    return things, True


def _tied(options: Options, ways: Whole) -> tuple[Whole, ...]:
    """For each measure that is the same everywhere the number of its level, of each of `ways`."""
    ties = []
    for at, lever in enumerate(options.levers):
        if lever.everywhere:
            place = {level: number for number, level in enumerate(lever.choices)}
            label = np.array([place[way[at]] for way in options.combinations], dtype=np.int64)
            ties.append(label[ways])
    return tuple(ties)


def _must_leave_something(options: Options, wanted: Wanted) -> None:
    for town in np.flatnonzero(~allowed(options, wanted).any(axis=0)):
        name = options.towns[town]
        if within_norms(options, wanted)[:, town].any():
            raise PayProblem(
                text(
                    "{municipality}: its own budget cannot pay its part of any package. Let a "
                    "measure be left out, or others pay more of it.",
                    municipality=name,
                )
            )
        raise PayProblem(
            text(
                "{municipality}: every package brings its pay above the norm that binds it (БК "
                "136). Let a measure be left out.",
                municipality=name,
            )
        )


def _nothing_fits(options: Options, wanted: Wanted) -> PayProblem:
    """Why there is no package: a sum that not even the cheapest of each town keeps, if there is
    one."""
    free = allowed(options, wanted)
    for at_year, at_source in np.argwhere(wanted.sums.amount != NO_LIMIT):
        spent = np.where(free, options.cost[:, :, at_year, at_source], NO_LIMIT).min(axis=0).sum()
        given = int(wanted.sums.amount[at_year, at_source])
        if spent > given:
            return PayProblem(
                text(
                    "{year}: the cheapest package takes {needed} ₽ from the source “{source}”, "
                    "and {given} ₽ are there. Let a measure be left out, or give more.",
                    year=options.years[at_year],
                    source=SOURCES[at_source],
                    needed=_said(int(spent)),
                    given=_said(given),
                )
            )
    return PayProblem(
        text(
            "No package was found that keeps within all the sums together. Let a measure be left "
            "out, or give more."
        )
    )


def _said(kopecks: int) -> str:
    return f"{kopecks / 100:,.2f}".replace(",", "\N{NO-BREAK SPACE}")
