"""What a plan is worth by the truth, against usual ways to choose, at equal money and rules."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from threadpoolctl import threadpool_limits

from otdacha.demo import planning_instance
from otdacha.programme.deciding.solve import NoPlan
from tests.simulation.demo_union import demo_union
from tests.simulation.planning import by_its_own_lights, decided, measured, of_runs, problem_from
from tests.simulation.worlds.people import PeopleWorld
from tests.simulation.worlds.union import Union

Make = Callable[[int], Union]

WORLDS: Mapping[str, Make] = {
    "the demonstration's union": demo_union,
    "intake differs": PeopleWorld(few=(1, 9), zero_share=0.5, intake=0.5).union,
}
"""In the first, organisations without effect are drawn to towns where the work is easy. In the
second half of the providers change nothing, effects are four times as large against errors, some
providers are sent people who did better before, and some work in fewer towns than an effect is
published from."""

RIVALS = ("cheapest", "raw rate", "raw rate over the untaught")
SIZE = {"towns": 10, "people": 300, "classes": 80, "offers": 40, "regions": 2, "topics": 4}
GAP = 0.01
"""One seat of these small plans is worth half of that."""
THOUSAND = 1_000.0


def compared(make: Make, seed: int) -> dict[str, float | int]:
    """One union: what each rule's plan truly brings, in thousand cases × standard deviations, and
    what it costs; "best" is the plan of somebody who knows the truth.

    Every rule decides by the same solver about the same people, courses and money of one year, and
    keeps what law and fairness ask for. Only the plan keeps a tenth of its seats for learning; what
    is learnt is not counted here.
    """
    union = make(seed)
    known = measured(union)
    instance = planning_instance(seed, providers=len(union.truth), years=1, **SIZE)
    plan = problem_from(instance, known.evidence, known.law, years=1)
    over = known.raw - _untaught(union.cells)
    lights = {
        "without learning": plan.benefit,
        "cheapest": np.ones_like(plan.benefit),
        "raw rate": of_runs(plan, instance, known.raw - known.raw.min()) * plan.volume,
        "raw rate over the untaught": of_runs(plan, instance, over) * plan.volume,
        "best": of_runs(plan, instance, known.truth) * plan.volume,
    }
    problems = {"plan": plan} | {
        rule: by_its_own_lights(plan, benefit) for rule, benefit in lights.items()
    }
    found: dict[str, float | int] = {"seed": seed, "proven": int(known.evidence.proven.sum())}
    for rule, problem in problems.items():
        decision = decided(problem, gap=GAP)
        found[rule] = float(lights["best"] @ decision.pairs) / THOUSAND
        found[f"{rule}: people"] = int(decision.seats.sum())
        found[f"{rule}: rubles"] = float(plan.seat_cost @ decision.seats) / 100
    return found


def run(make: Make, seeds: Iterable[int]) -> pl.DataFrame:
    """One row of `compared` for each union; a union whose duties cannot be paid has none."""
    rows = []
    for seed in seeds:
        with threadpool_limits(1):
            try:
                rows.append(compared(make, seed))
            except NoPlan:
                continue
    return pl.DataFrame(rows)


@dataclass(frozen=True)
class Gain:
    """Of the plan over a rival: mean over unions and its 95 % interval, in thousand cases ×
    standard deviations; the same as a share of what is truly best; wins, losses (unions)."""

    mean: float
    half: float
    of_best: float
    half_of_best: float
    wins: int
    losses: int


def gain(found: pl.DataFrame, rival: str) -> Gain:
    apart = (found["plan"] - found[rival]).to_numpy()
    share = apart / found["best"].to_numpy()
    mean, half = interval(apart)
    of_best, half_of_best = interval(share)
    return Gain(mean, half, of_best, half_of_best, int((apart > 0).sum()), int((apart < 0).sum()))


def interval(values: np.ndarray) -> tuple[float, float]:
    """The mean and half of its 95 % interval (normal)."""
    return float(values.mean()), float(1.96 * values.std(ddof=1) / np.sqrt(len(values)))


def _untaught(cells: pl.DataFrame) -> float:
    clean = cells.filter(pl.col("status") == "clean")
    return float(clean["total"].sum() / clean["n"].sum())


if __name__ == "__main__":  # a long run by hand, kept as it goes: WORLD FIRST LAST FILE
    name, first, last, kept = sys.argv[1:]
    for each in range(int(first), int(last)):
        row = run(WORLDS[name], [each])
        with Path(kept).open("a") as file:
            file.write(row.write_csv(include_header=file.tell() == 0) if len(row) else "")
