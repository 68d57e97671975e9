"""Less money and more: the best package of each sum, and the tables that hold them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from otdacha.pay.packages.choose import GAP, Choice, all_everywhere, best, union_wide
from otdacha.pay.packages.money import SOURCES, in_rubles
from otdacha.pay.packages.options import Options, Package
from otdacha.pay.packages.wanted import Wanted, allowed, gain_of
from otdacha.pay.tables import LEVELS, PACKAGES

_BARE = ("package", "municipality", "measure", "level")

POINTS = 8
"""Sums between nothing and the whole for which a package is chosen."""
SECONDS = 10.0
"""For each search of a point, a third of what the chosen package has: it is a picture."""


def frontier(
    options: Options,
    wanted: Wanted,
    chosen: Choice,
    *,
    points: int = POINTS,
    gap: float = GAP,
    seconds: float = SECONDS,
) -> list[Package]:
    """Packages of which none does as much as another for less, by rising cost.

    chosen: the best inside the sums, where the frontier ends. Where all measures are the same
    everywhere these are all such packages; otherwise the best for `points` sums, in even steps from
    the least that can be spent to what the chosen one costs (the ε-constraint: Haimes, Lasdon and
    Wismer 1971), each to the relative `gap`.
    """
    if all_everywhere(options):
        return [Package.everywhere(options, way) for way in _undominated_ways(options, wanted)]
    free = allowed(options, wanted)
    least = int(np.where(free, options.total, np.iinfo(np.int64).max).min(axis=0).sum())
    room = chosen.package.total - least
    found = [
        best(options, wanted.inside(least + room * step // points), gap=gap, seconds=seconds)
        for step in range(points)
    ]
    return [*(each.package for each in found if each is not None), chosen.package]


def in_order(packages: Sequence[Package], chosen: Package) -> list[Package]:
    """Packages with the chosen one, each once, the cheapest first: number 1 in the tables."""
    once = {tuple(each.chosen.tolist()): each for each in [*packages, chosen]}
    return sorted(once.values(), key=lambda each: (each.total, tuple(each.chosen)))


def tables(packages: Sequence[Package], chosen: Package) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Packages as `in_order` has them, and the levels that are in them; schemas `PACKAGES` and
    `LEVELS` without the unit and the words, which the measures know."""
    ordered = in_order(packages, chosen)
    rows = [
        _row(number, package) | {"chosen": np.array_equal(package.chosen, chosen.chosen)}
        for number, package in enumerate(ordered, start=1)
    ]
    levels = [
        (number, *each)
        for number, package in enumerate(ordered, start=1)
        for each in package.levels()
    ]
    on_frontier = _on_frontier([(each.total, each.avoided()) for each in ordered])
    return (
        pl.DataFrame(
            [row | {"frontier": on} for row, on in zip(rows, on_frontier, strict=True)],
            schema=PACKAGES,
        ),
        pl.DataFrame(levels, schema={name: LEVELS[name] for name in _BARE}, orient="row"),
    )


def _row(number: int, package: Package) -> dict[str, object]:
    avoided = package.avoided() or (None, None, None)
    known = avoided[0] is not None
    return {
        "package": number,
        "cost": in_rubles(package.total),
        **{
            source: in_rubles(int(kopecks))
            for source, kopecks in zip(SOURCES, package.by_source, strict=True)
        },
        **dict(zip(("avoided", "avoided_lower", "avoided_upper"), avoided, strict=True)),
        "vacancy_cost": in_rubles(package.vacancy_cost) if known else None,
        "training_kept": in_rubles(package.training_kept) if known else None,
    }


def _on_frontier(
    packages: Sequence[tuple[int, tuple[float, float, float] | None]],
) -> list[bool]:
    """Whether no package avoids as much for less, or more for as much; cost and exits of each."""
    known = [(cost, avoided[0]) for cost, avoided in packages if avoided is not None]
    return [
        avoided is not None
        and not any(
            other_cost <= cost and other >= avoided[0] and (other_cost < cost or other > avoided[0])
            for other_cost, other in known
        )
        for cost, avoided in packages
    ]


def _undominated_ways(options: Options, wanted: Wanted) -> list[int]:
    """Combinations that fit everywhere, by rising cost, each doing more than all before it."""
    ways = union_wide(options, wanted)
    gain, cost = gain_of(options, wanted.aim).sum(axis=1), options.total.sum(axis=1)
    order = ways[np.lexsort((ways, options.taken[ways], -gain[ways], cost[ways]))]
    highest = np.maximum.accumulate(gain[order])
    more = np.append(True, gain[order][1:] > highest[:-1])
    return [int(way) for way in order[more]]
