"""Small choices of packages that a reader can work out by hand, and the hand that does."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

import numpy as np

from otdacha.pay.packages.checking import broken
from otdacha.pay.packages.limits import NO_LIMIT
from otdacha.pay.packages.money import SOURCES, Sums
from otdacha.pay.packages.options import (
    Combination,
    Lever,
    Options,
    Outcome,
    Package,
    evaluated,
)
from otdacha.pay.packages.wanted import Wanted, gain_of

RUBLE = 100
SALARY = Lever("salary", (5.0, 10.0))
RENT = Lever("rent", (3_000.0,))
TOWNS = ("28701000", "28702000")
YEARS = (2027,)


def small_options(
    levers: Sequence[Lever] = (SALARY, RENT), *, unknown: Sequence[str] = ()
) -> Options:
    """Two towns, one year. Of salaries a percent costs 100 rubles in the first town and 40 in the
    second, the federal budget pays all of it, and two percent avoid one exit. Rent costs 300
    rubles, half of them the town's own, and avoids one exit in the first town and four in the
    second. Both together cost 10 rubles more than one by one: taken together they act on one
    another. What towns share halves the estimate or makes it half as much again, and their own
    hazards move it by a tenth; 20 people are expected to leave each."""
    percent, rent_avoids = np.array([100, 40]), np.array([1.0, 4.0])
    keys = [lever.key for lever in levers]

    def evaluate(way: Combination) -> Outcome:
        level = dict(zip(keys, way, strict=True))
        raised, rent = level.get("salary") or 0.0, 1 if level.get("rent") else 0
        both = 10 * rent * (raised > 0)
        cost = np.zeros((2, 1, len(SOURCES)), dtype=np.int64)
        cost[:, 0, 0] = (percent * raised + 150 * rent + both) * RUBLE
        cost[:, 0, 2] = 150 * rent * RUBLE
        avoided = raised / 2 + rent_avoids * rent
        avoided[[town in unknown for town in TOWNS]] = np.nan
        known = np.nan_to_num(avoided)
        return Outcome(
            cost=cost,
            fund=(np.array([[20_000], [8_000]]) + percent[:, None] * raised).astype(np.int64)
            * RUBLE,
            avoided=avoided,
            shared=np.stack([avoided / 2, avoided * 1.5], axis=-1)[:, None],
            own=np.stack([avoided * 0.9, avoided * 1.1], axis=-1),
            most=np.where(np.isnan(avoided), np.nan, 20.0),
            vacancy_cost=(known * 200 * RUBLE).astype(np.int64),
            training_kept=(known * 10 * RUBLE).astype(np.int64),
        )

    return evaluated(levers, TOWNS, YEARS, lambda ways: map(evaluate, ways))


def inside(
    options: Options,
    amounts: Mapping[str, int] | None = None,
    *,
    local: Sequence[int] | None = None,
    ceilings: Sequence[int] | None = None,
) -> Wanted:
    """Wanted inside sums in rubles by source, of the first year, and by town."""
    towns, years = len(options.towns), len(options.years)
    amount = np.full((years, len(SOURCES)), NO_LIMIT, dtype=np.int64)
    for source, rubles in (amounts or {}).items():
        amount[0, SOURCES.index(source)] = rubles * RUBLE
    own, ceiling = (np.full((towns, years), NO_LIMIT, dtype=np.int64) for _ in range(2))
    if local is not None:
        own[:, 0] = np.array(local) * RUBLE
    if ceilings is not None:
        ceiling[:, 0] = np.array(ceilings) * RUBLE
    return Wanted(Sums(amount, own), ceiling)


def by_hand(options: Options, wanted: Wanted) -> Package | None:
    """The best package, found by looking at every one of them; None where none is sound."""
    gain = gain_of(options, wanted.aim)
    places = np.arange(len(options.towns))
    best, best_key = None, None
    for chosen in itertools.product(range(len(options.combinations)), repeat=len(places)):
        package = Package(options, np.array(chosen, dtype=np.int64))
        if broken(package, wanted):
            continue
        key = (-int(gain[package.chosen, places].sum()), package.total, package.measures)
        if best_key is None or key < best_key:
            best, best_key = package, key
    return best
