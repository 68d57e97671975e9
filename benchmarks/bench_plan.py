"""Plans: a union, the whole country, and the rival that writes down every person.

*Union*: 26 towns, 4,000 people, 150 offers, 3 sources, 3 years, for several seeds: seconds and the
gap that was reached. *Rival*: person by person in `scipy.optimize.milp` (which is HiGHS as well),
each in a process of its own, on unions of growing size as long as it finishes: ratios of seconds,
and whether the gain is the same. *Country*: 300,000 people in 12,000 classes, 3,000 offers, 80
regions, to 1 %, with the bound, and the peak memory of all processes.

Run: python benchmarks/bench_plan.py [union] [rival] [country]
"""

from __future__ import annotations

import multiprocessing
import resource
import sys
import time
from multiprocessing.connection import Connection
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from planning_problem import planning_problem
from tests.unit.programme.person_by_person import best_gain

from otdacha.demo.instance import country_instance, planning_instance
from otdacha.language import Text
from otdacha.programme.deciding.checking import broken
from otdacha.programme.deciding.solve import NoPlan, decide
from otdacha.programme.problem import Problem

UNION_GAP, COUNTRY_GAP = 0.001, 0.01
SEEDS = (1, 2, 3)
RIVAL_SECONDS = 120.0
RIVALS = ((3, 24, 8), (3, 40, 10), (4, 80, 12), (6, 160, 20))
"""Towns, people and offers of the unions that the rival is given, until it does not finish."""


def unions() -> None:
    for seed in SEEDS:
        problem = planning_problem(planning_instance(seed))
        told(f"union, seed {seed}", problem, UNION_GAP, 60.0)


def country() -> None:
    problem = planning_problem(country_instance(1))
    told("country", problem, COUNTRY_GAP, 300.0)
    own, children = (
        resource.getrusage(who).ru_maxrss / 2**20
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    print(f"  peak memory: {own:.1f} GB here, {children:.1f} GB in the largest process")


def told(name: str, problem: Problem, gap: float, seconds: float) -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.monotonic()
    try:
        decision = decide(problem, gap=gap, seconds=seconds, progress=_telling)
    except NoPlan as none:
        print(f"{name}: {none} ({time.monotonic() - begun:.0f} s)")
        return
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime - before.ru_utime
    print(
        f"{name}: {len(problem.pair_run):,} pairs, {decision.seats.sum():,} people, "
        f"gap {100 * decision.gap:.3f} % in {time.monotonic() - begun:.1f} s "
        f"(search: {processor:.1f} s of processor), rules broken: {len(broken(problem, decision))}"
    )


def _telling(step: Text, done: int, total: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{step.english} {done}/{total}", end="", file=sys.stderr)


def rivals() -> None:
    for towns, people, offers in RIVALS:
        problem = planning_problem(
            planning_instance(
                4,
                towns=towns,
                people=people,
                classes=people // 4,
                offers=offers,
                regions=2,
                providers=6,
                topics=2,
                money=0.5,
            )
        )
        name = f"{towns} towns, {people} people, {offers} offers"
        clock = time.process_time()
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        try:
            decision = decide(problem, gap=1e-6, seconds=RIVAL_SECONDS)
        except NoPlan as none:
            print(f"{name}: {none}")
            continue
        ours = time.process_time() - clock
        ours += resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
        found = _in_time(problem)
        if found is None:
            print(f"{name}: ours {ours:.2f} s; the rival did not finish in {RIVAL_SECONDS:.0f} s")
            return
        gain, theirs = found
        print(
            f"{name}: ours {ours:.2f} s, rival {theirs:.2f} s: {theirs / ours:.1f} times; "
            f"gain {decision.objective:.4f} against {gain:.4f}"
        )


def _in_time(problem: Problem) -> tuple[float, float] | None:
    """The rival's gain and its seconds of processor, None where it was killed."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    worker = context.Process(target=_rival, args=(problem, there), daemon=True)
    worker.start()
    there.close()
    try:
        return here.recv() if here.poll(RIVAL_SECONDS) else None
    finally:
        worker.kill()
        worker.join()


def _rival(problem: Problem, there: Connection) -> None:
    clock = time.process_time()
    gain = best_gain(problem, gap=1e-6, seconds=RIVAL_SECONDS)
    there.send(None if gain is None else (gain, time.process_time() - clock))


if __name__ == "__main__":
    parts = {"union": unions, "rival": rivals, "country": country}
    for part in sys.argv[1:] or parts:
        parts[part]()
