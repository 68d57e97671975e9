"""Packages of measures for a union: how long the best one takes, and what it is better than.

*Union*: 26 towns, 5 measures of 3 levels each of which may be left out (1,024 combinations), a
choice by town, sums of three sources for three years, for several seeds: seconds (on the clock, and
of the processor), what is proven, and how far rivals with the same money are behind. *Whole*: the
same programme given to HiGHS as it is, for as long as ours took and for a minute: the gap of each.
*Hand*: every package of small unions, one after another, against ours: whether it is the same
package, and the ratio of seconds.

Run: python benchmarks/bench_packages.py [union] [whole] [hand]
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.invented_packages import by_hand

from otdacha.pay.packages.choose import choose
from otdacha.pay.packages.knapsack import Knapsack, written
from otdacha.pay.packages.limits import NO_LIMIT
from otdacha.pay.packages.money import SOURCES, Sums, apportioned
from otdacha.pay.packages.options import Lever, Options, combinations
from otdacha.pay.packages.rivals import compared, rivals
from otdacha.pay.packages.wanted import Wanted, gain_of, limited
from otdacha.programme.deciding.highs import solve_mixed

SEEDS = (1, 2, 3)
YEARS = (2027, 2028, 2029)
RAISES = (0.05, 0.02, 0.01, 0.03, 0.015)
"""What a level of each measure adds to pay, as a part of it."""
PARTS = (
    {"federal": 0.7, "municipal": 0.3},
    {"federal": 0.5, "regional": 0.3, "municipal": 0.2},
    {"regional": 0.5, "municipal": 0.5},
    {"federal": 1.0},
    {"municipal": 1.0},
)
GIVEN = {"federal": 0.4, "regional": 0.5, "municipal": 0.5}
"""Of what everything would cost, what there is."""


def invented(seed: int, towns: int, measures: int, levels: int) -> tuple[Options, Wanted]:
    """A union whose measures raise the base that others are a part of, and keep people by a
    different measure in each town."""
    random = np.random.default_rng(seed)
    levers = tuple(
        Lever(f"m{number}", tuple(float(level) for level in range(1, levels + 1)))
        for number in range(measures)
    )
    ways = combinations(levers)
    level = np.array([[each or 0.0 for each in way] for way in ways])
    people = random.integers(40, 400, towns)
    base = people[:, None] * 60_000_00.0 * 12 * 1.05 ** np.arange(len(YEARS))
    raised = level[:, None] * RAISES[:measures] * random.uniform(0.2, 1.0, (towns, measures))
    raised *= 1 + 0.3 * (raised.sum(axis=2, keepdims=True) - raised)
    pay = np.rint(raised[:, :, None] * base[:, :, None]).astype(np.int64)
    cost = np.zeros((*pay.shape[:3], len(SOURCES)), dtype=np.int64)
    for at in range(measures):
        cost += apportioned(pay[..., at], PARTS[at])
    hazard, response = random.uniform(0.05, 0.2, towns), random.uniform(1.5, 2.3, towns)
    more = np.log1p(raised.sum(axis=2)) * random.uniform(0.9, 1.1, (1, towns))
    avoided = people * hazard * len(YEARS) * (1 - np.exp(-response * more))
    options = Options(
        towns=tuple(f"{town:02d}" for town in range(towns)),
        years=YEARS,
        levers=levers,
        combinations=ways,
        cost=cost,
        fund=cost.sum(axis=3),
        avoided=avoided,
        shared=np.stack([avoided * 0.4, avoided * 1.6], axis=-1)[..., None, :],
        own=np.stack([avoided * 0.9, avoided * 1.1], axis=-1),
        most=np.broadcast_to(people * hazard * len(YEARS), avoided.shape),
        vacancy_cost=np.rint(avoided * 300_000_00).astype(np.int64),
        training_kept=np.rint(avoided * 20_000_00).astype(np.int64),
    )
    amount = np.full((len(YEARS), len(SOURCES)), NO_LIMIT, dtype=np.int64)
    for source, part in GIVEN.items():
        at = SOURCES.index(source)
        amount[:, at] = (cost[-1, :, :, at].sum(axis=0) * part).astype(np.int64)
    free = np.full((towns, len(YEARS)), NO_LIMIT, dtype=np.int64)
    return options, Wanted(Sums(amount, free), free)


def union() -> None:
    for seed in SEEDS:
        options, wanted = invented(seed, 26, 5, 3)
        begun, worked = time.monotonic(), time.process_time()
        choice = choose(options, wanted)
        seconds, work = time.monotonic() - begun, time.process_time() - worked
        print(
            f"union, seed {seed}: {len(options.combinations)} combinations x 26 towns in "
            f"{seconds:.1f} s ({work:.1f} s of processor), within {choice.gap:.4%} of the bound"
        )
        worked = time.process_time()
        people = np.ones(len(options.towns), dtype=np.int64)
        table = compared(choice.package, rivals(choice.package, wanted), people)
        for row in table.iter_rows(named=True):
            said = f"{row['avoided']:7.1f} exits for {row['cost'] / 10**6:6.1f} million"
            if row["ahead"] is not None:
                said += f", {row['ahead']:5.1f} behind "
                said += f"({row['ahead_lower']:.1f} to {row['ahead_upper']:.1f})"
            print(f"  {row['rule']:12} {said}")
        print(f"  rivals in {time.process_time() - worked:.1f} s of processor")


def whole() -> None:
    options, wanted = invented(1, 26, 5, 3)
    begun = time.monotonic()
    choice = choose(options, wanted)
    ours = time.monotonic() - begun
    gain, (weight, most) = gain_of(options, wanted.aim), limited(options, wanted)
    ways, towns = (axis.ravel() for axis in np.indices(gain.shape))
    program, _ = written(
        Knapsack(place=towns, gain=gain[ways, towns], weight=weight[:, ways, towns], most=most)
    )
    for seconds in (ours, 60.0):
        found = solve_mixed(program, gap=0.0, seconds=seconds)
        gap = (found.bound - found.gain) / found.bound
        said = "nothing found" if found.solution is None else f"within {gap:.4%}"
        print(f"HiGHS on everything, {seconds:.1f} s: {said}; ours within {choice.gap:.4%}")


def hand() -> None:
    for towns, measures, levels in ((3, 2, 2), (4, 2, 2), (3, 3, 2)):
        options, wanted = invented(5, towns, measures, levels)
        begun = time.monotonic()
        choice = choose(options, wanted, gap=0.0)
        ours = time.monotonic() - begun
        begun = time.monotonic()
        best = by_hand(options, wanted)
        theirs = time.monotonic() - begun
        same = best is not None and best.chosen.tolist() == choice.package.chosen.tolist()
        count = len(options.combinations) ** towns
        print(
            f"{count} packages: by hand {theirs:.1f} s, ours {ours:.2f} s, {theirs / ours:.0f} "
            f"times as fast; {'the same package' if same else 'ANOTHER PACKAGE'}"
        )


if __name__ == "__main__":
    asked = sys.argv[1:] or ["union", "whole", "hand"]
    for name in asked:
        {"union": union, "whole": whole, "hand": hand}[name]()
