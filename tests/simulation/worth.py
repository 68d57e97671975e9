"""What a plan is worth by the truth, against usual ways to choose, at equal money and rules.

**Asked before it was run** (seeds 3000-3099, none of which had been used before): how often, in 100
unions, does the plan bring more than the cheapest and than the choice by raw rates, and how much
more (mean and 95 % interval)? In 22 unions of "intake differs" (seeds 1000-1021) it won less than
90 %, and what is believed of the proven was not the reason: it is as good as the truth there. Raw
rates are known of everybody, effects only from the methodology's minimum of people and towns on.
So more is asked with it: does it win 90 % where raw rates are known from the same minimum on
("raw rate where published"), and where the plan knows everybody ("the unproven known")? Last, what
would it win if estimates of too few people or towns were believed as far as the law of errors,
fitted to those that are published, lets them be ("by the law of errors")?
"""

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
from tests.simulation.planning import (
    by_its_own_lights,
    decided,
    keeping,
    measured,
    of_runs,
    problem_from,
    serving,
)
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
FAIR = "raw rate where published"
"""Of whom no effect is published no raw rate is known either: they are taken for the mean."""
SIZE = {"towns": 10, "people": 300, "classes": 80, "offers": 40, "regions": 2, "topics": 4}
NEAR = ("without learning", "for three choices", "a tenth kept", "the proven known", "best")
"""Plans by the same evidence, by more of it or by the truth."""
TENTH = 0.10
LASTING = 3.0
"""Years of choices that what is learnt may serve: those of a plan."""
GAP = 0.01
"""One seat of these small plans is worth half of that."""
THOUSAND = 1_000.0


def compared(make: Make, seed: int) -> dict[str, float | int]:
    """One union: what each rule's plan truly brings, in thousand cases × standard deviations, and
    what it costs; "best" is the plan of somebody who knows the truth.

    Every rule decides by the same solver about the same people, courses and money of one year, and
    keeps what law and fairness ask for. "plan" pays for learning as far as next year's choice gains
    by it; "for three choices": three times as far; "a tenth kept": and a tenth of the seats
    whatever they teach. What is learnt is not counted here. "the unproven known": the plan without
    learning of somebody who is told the truth of those whom no effect is published of; "the proven
    known": of the others. "by the law of errors": the plan without learning of somebody who
    believes the unproven by `Measured.by_law`.
    """
    union = make(seed)
    known = measured(union)
    proven, believed = known.evidence.proven, known.evidence.mean
    instance = planning_instance(seed, providers=len(union.truth), years=1, **SIZE)
    plan = problem_from(instance, known.evidence, known.law, years=1)
    raw = known.raw - known.raw.min()
    effects = {
        "without learning": believed,
        "raw rate": raw,
        "raw rate over the untaught": known.raw - _untaught(union.cells),
        FAIR: np.where(proven, raw, raw[proven].mean()),
        "the unproven known": np.where(proven, believed, known.truth),
        "the proven known": np.where(proven, known.truth, believed),
        "by the law of errors": known.by_law,
        "best": known.truth,
    }
    lights = {rule: of_runs(plan, instance, of) * plan.volume for rule, of in effects.items()}
    lights |= {"cheapest": np.ones_like(plan.benefit)}
    problems = {
        "plan": plan,
        "for three choices": serving(plan, LASTING),
        "a tenth kept": keeping(plan, TENTH),
    } | {rule: by_its_own_lights(plan, benefit) for rule, benefit in lights.items()}
    found: dict[str, float | int] = {"seed": seed, "proven": int(proven.sum())}
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
    """Of a rule over a rival: mean over unions and its 95 % interval, in thousand cases ×
    standard deviations; the same as a share of what is truly best; wins, losses (unions)."""

    mean: float
    half: float
    of_best: float
    half_of_best: float
    wins: int
    losses: int


def gain(found: pl.DataFrame, rival: str, rule: str = "plan") -> Gain:
    apart = (found[rule] - found[rival]).to_numpy()
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


def told(found: pl.DataFrame) -> str:
    """The table of docs/evidence.md: what the plan, and the plan of somebody who knew the unproven,
    bring more than each rule."""
    lines = [f"{len(found)} unions, proven {found['proven'].mean():.1f}"]
    for rule in ("plan", "the unproven known", "by the law of errors"):
        for rival in (*RIVALS, FAIR, *NEAR):
            of = gain(found, rival, rule)
            lines.append(
                f"| {rule} over {rival} ({found[rival].mean():.3f}) | {of.mean:+.3f} ± "
                f"{of.half:.3f} | {of.of_best:+.2f} ± {of.half_of_best:.2f} | {of.wins} | "
                f"{of.losses} |"
            )
    return "\n".join(lines)


if __name__ == "__main__":  # WORLD FIRST LAST FILE: a long run, kept as it goes; tell FILES
    match sys.argv[1:]:
        case ["tell", *files]:
            print(told(pl.concat([pl.read_csv(each) for each in files])))
        case [name, first, last, kept]:
            for each in range(int(first), int(last)):
                row = run(WORLDS[name], [each])
                with Path(kept).open("a") as file:
                    file.write(row.write_csv(include_header=file.tell() == 0) if len(row) else "")
