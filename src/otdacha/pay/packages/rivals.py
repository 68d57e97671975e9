"""What others would do with the same money: the same for all, cheap things first, by the alphabet.

Each rival keeps the same sums, norms and own money of towns, and costs no more than the package it
is held against. That the best package avoids more than they do is arithmetic; whether it does so
for certain is another matter, and the interval of the difference says it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import polars as pl
from numpy.typing import NDArray

from otdacha.language import Text, ntext, text
from otdacha.pay.packages.money import in_rubles
from otdacha.pay.packages.options import (
    Options,
    Package,
    Vector,
    Whole,
    interval_between,
)
from otdacha.pay.packages.wanted import Wanted, allowed, gain_of, limited
from otdacha.pay.tables import CHOSEN, RIVALS, WAYS
from otdacha.programme.clash.amounts import joined

RULES = WAYS[1:]
"""The same measure for all; cheapest things first; towns by the alphabet, each as much as it can;
step by step whatever does most for a ruble."""


def rivals(package: Package, wanted: Wanted) -> dict[str, Package]:
    """What each of `RULES` makes of the money that `package` takes; a rule that finds nothing that
    fits is left out. Measures that are the same everywhere are at the level that `package` has."""
    filling = _Filling(package, wanted.inside(package.total))
    found = {
        "flat": filling.flat(),
        "cheapest": filling.in_turn(filling.by_cost()),
        "alphabetical": filling.in_turn(filling.by_town()),
        "ratio": filling.by_ratio(),
    }
    return {rule: rival for rule, rival in found.items() if rival is not None}


def compared(package: Package, others: Mapping[str, Package], people: Whole) -> pl.DataFrame:
    """The package and its rivals, with how far it is ahead of each; schema `RIVALS`.

    people: (towns,) with a post there: how many a rule gives something, and something else.
    """
    rows = []
    for rule, other in {CHOSEN: package, **others}.items():
        own, reached = other.avoided(), package.options.taken[other.chosen] > 0
        row: dict[str, object] = {
            "rule": rule,
            "cost": in_rubles(other.total),
            "municipalities": int(reached.sum()),
            "people": int(people[reached].sum()),
            "differ": int(people[package.chosen != other.chosen].sum()),
        }
        if own is not None:
            row |= dict(zip(("avoided", "avoided_lower", "avoided_upper"), own, strict=True))
        if rule != CHOSEN:
            row["same"] = bool((package.chosen == other.chosen).all())
            row |= _ahead(package, other)
        rows.append(row)
    return pl.DataFrame(rows, schema=RIVALS)


def _ahead(package: Package, other: Package) -> dict[str, object]:
    """How many more exits the package avoids; nothing where they could not be estimated."""
    ours, theirs = package.avoided(), other.avoided()
    if ours is None or theirs is None:
        return {}
    lower, upper = interval_between(package, other)
    return {
        "ahead": ours[0] - theirs[0],
        "ahead_lower": lower,
        "ahead_upper": upper,
        "certain": lower > 0,
    }


def verdict(table: pl.DataFrame) -> Text:
    """What a table of schema `RIVALS` allows to be said of the chosen package."""
    others = table.filter(pl.col("rule") != CHOSEN)
    if others["ahead"].null_count() == len(others):
        return text("Nothing is known of exits, so no package can be called the best.")
    different = others.filter(~pl.col("same"))
    said = []
    if len(different):
        said.append(_sure(different))
    if len(different) < len(others):
        said.append(_same(len(others) - len(different), everything=different.is_empty()))
    if len(different) and different["certain"].all():
        said.append(
            text("The interval tells how well the estimate is known, not what else may change.")
        )
    return joined(said, " ")


def _sure(different: pl.DataFrame) -> Text:
    """Whether the chosen package avoids more than each of those that choose otherwise."""
    unsure = different.height - int(different["certain"].sum())
    if not unsure:
        return ntext(
            "The chosen package avoids more exits than {count} other way to spend as much, and "
            "that is sure: the interval of the difference is above zero.",
            "The chosen package avoids more exits than {count} other ways to spend as much, and "
            "that is sure: the interval of each difference is above zero.",
            count=different.height,
        )
    return ntext(
        "The chosen package is the best by the estimate; that it avoids more exits than {count} "
        "other way to spend as much is not certain: the interval of the difference reaches zero.",
        "The chosen package is the best by the estimate; that it avoids more exits than {count} "
        "other ways to spend as much is not certain: the interval of the difference reaches zero.",
        count=unsure,
    )


def _same(count: int, *, everything: bool) -> Text:
    """That rules come to the package that was chosen: there it takes no search to find it."""
    if everything:
        return text("Every other way to spend as much that was tried comes to the same package.")
    return ntext(
        "{count} other way comes to the same package.",
        "{count} other ways come to the same package.",
        count=count,
    )


class _Filling:
    """Spends money by a rule that does not look for the best."""

    def __init__(self, package: Package, wanted: Wanted) -> None:
        self._options = options = package.options
        self._gain = gain_of(options, wanted.aim)
        self._weight, self._most = limited(options, wanted)
        self._free = allowed(options, wanted) & _as_everywhere(package)[:, None]
        self._towns = np.arange(len(options.towns))
        cost = np.where(self._free, options.total, np.iinfo(np.int64).max)
        self._least: Whole = cost.argmin(axis=0)

    def flat(self) -> Package | None:
        """One measure at one level for whoever may have it: of those that fit, the one that spends
        most."""
        options = self._options
        alone = int(options.taken.min()) + 1
        found = [
            np.where(self._free[way], way, self._least)
            for way in np.flatnonzero(options.taken == alone)
        ]
        packages = [Package(options, chosen) for chosen in found if self._fits(chosen)]
        return max(packages, key=lambda each: each.total, default=None)

    def by_cost(self) -> Iterable[tuple[int, int]]:
        """Combinations and towns, the cheapest first."""
        ways, towns = np.nonzero(self._free)
        order = np.lexsort((ways, towns, self._options.total[ways, towns]))
        return zip(ways[order].tolist(), towns[order].tolist(), strict=True)

    def by_town(self) -> Iterable[tuple[int, int]]:
        """Combinations and towns, towns by the alphabet, of each the dearest first."""
        ways, towns = np.nonzero(self._free)
        place = np.argsort(np.argsort(np.array(self._options.towns)))
        order = np.lexsort((ways, -self._options.total[ways, towns], place[towns]))
        return zip(ways[order].tolist(), towns[order].tolist(), strict=True)

    def in_turn(self, turns: Iterable[tuple[int, int]]) -> Package | None:
        """Every town takes in its turn what costs more than it has, where there is money."""
        chosen, cost = self._least.copy(), self._options.total
        if not self._fits(chosen):
            return None
        left = self._left(chosen)
        for way, town in turns:
            if cost[way, town] <= cost[chosen[town], town]:
                continue
            more = self._weight[:, way, town] - self._weight[:, chosen[town], town]
            if (more <= left).all():
                left -= more
                chosen[town] = way
        return Package(self._options, chosen)

    def by_ratio(self) -> Package | None:
        """Again and again the step that does most for a ruble more, while there is money; a step
        that does not fit is not tried again before its town takes another one."""
        chosen = self._least.copy()
        if not self._fits(chosen):
            return None
        left = self._left(chosen)
        ratio = np.stack([self._ratio(town, chosen[town]) for town in self._towns], axis=1)
        while ratio.max() > 0:
            way, town = np.unravel_index(int(ratio.argmax()), ratio.shape)
            more = self._weight[:, way, town] - self._weight[:, chosen[town], town]
            if (more <= left).all():
                left -= more
                chosen[town] = way
                ratio[:, town] = self._ratio(town, way)
            else:
                ratio[way, town] = 0.0
        return Package(self._options, chosen)

    def _ratio(self, town: np.intp, way: np.intp) -> Vector:
        """(combinations,) what a town gains for a kopeck by a step from `way`; 0: it may not, or
        gains nothing, or pays nothing more."""
        dearer = self._options.total[:, town] - self._options.total[way, town]
        better = self._gain[:, town] - self._gain[way, town]
        steps = self._free[:, town] & (dearer > 0) & (better > 0)
        return np.where(steps, better / np.where(steps, dearer, 1), 0.0)

    def _left(self, chosen: Whole) -> Whole:
        left: Whole = self._most - self._weight[:, chosen, self._towns].sum(axis=1)
        return left

    def _fits(self, chosen: Whole) -> bool:
        return bool(self._free[chosen, self._towns].all() and (self._left(chosen) >= 0).all())


def _as_everywhere(package: Package) -> NDArray[np.bool_]:
    """(combinations,) those with the package's levels of measures that are the same everywhere."""
    options: Options = package.options
    shared = [at for at, lever in enumerate(options.levers) if lever.everywhere]
    own = options.combinations[int(package.chosen[0])]
    return np.array([all(way[at] == own[at] for at in shared) for way in options.combinations])
