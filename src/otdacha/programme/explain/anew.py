"""Other plans: the problem with something changed, decided anew by the same machinery.

Carrying a plan on after contracts were signed is another thing: `otdacha.programme.execution`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from otdacha.language import Text
from otdacha.programme.deciding.highs import within
from otdacha.programme.deciding.model import benefit_scale, linear_program
from otdacha.programme.deciding.settle import Decision, solution_of
from otdacha.programme.deciding.solve import NoPlan, decide
from otdacha.programme.problem import Problem
from otdacha.progress import Progress

Vector = NDArray[np.float64]

State = Literal["planned", "infeasible", "no_plan_in_time"]
AGAIN = 4
ENOUGH = 0.1
"""How much better, as a share, another plan may be where one is shown as that of an aim."""
_NOTHING = 1e-6
_STEPS = 1000


@dataclass(frozen=True)
class Search:
    """How long each of the other plans is looked for: to a relative gap, or until the seconds end.

    They are compared with each other and drawn in charts, so a coarser gap than a plan's will do;
    and there are two dozen of them, so that a large union has a few seconds for each. What is left
    open by then is told: the bound beside the figure, or the gap.
    """

    gap: float = 0.005
    seconds: float = 5.0


@dataclass(frozen=True)
class Anew:
    """A plan made anew. state: infeasible where no plan keeps all rules, for certain;
    no_plan_in_time where none was found and none is excluded."""

    state: State
    decision: Decision | None

    @property
    def bound(self) -> float | None:
        """No plan has a larger objective; None: nobody knows how large it can be."""
        if self.decision is None or not np.isfinite(self.decision.bound):
            return None
        return self.decision.bound

    @property
    def gap(self) -> float | None:
        """How much better by its own aim another plan may be, as a share; None: nobody knows."""
        return None if self.decision is None or self.bound is None else self.decision.gap


@dataclass(frozen=True)
class Told:
    """Progress of the plan `number` of `count`, told as a part of all of them."""

    progress: Progress
    said: Text
    number: int
    count: int

    def __call__(self, step: Text, done: int, total: int) -> None:
        part = _STEPS * done // max(total, 1)
        self._tell(part)

    def done(self) -> None:
        self._tell(_STEPS)

    def _tell(self, part: int) -> None:
        self.progress(self.said, self.number * _STEPS + part, self.count * _STEPS)


def anew(problem: Problem, search: Search, told: Told, *, start: Decision | None = None) -> Anew:
    """The best plan of a problem, or why there is none; `start` as in `decide`: it stays where it
    is within the gap of the best, for what is as good is not moved about.

    Where time runs out before anything is known of the best, the search is given several times as
    long once: a machine may be busy.
    """
    found = _once(problem, search, told, start)
    if found.state != "infeasible" and found.bound is None:
        found = _once(problem, replace(search, seconds=AGAIN * search.seconds), told, start)
    told.done()
    return found


def _once(problem: Problem, search: Search, told: Told, start: Decision | None) -> Anew:
    try:
        decision = decide(
            problem, gap=search.gap, seconds=search.seconds, progress=told, start=start
        )
    except NoPlan as none:
        return Anew("infeasible" if none.certain else "no_plan_in_time", None)
    return Anew("planned", decision)


def surely(found: Anew) -> Anew:
    """The same where it is the plan of its own aim, and not only one that it began with: within
    `ENOUGH` of what none exceeds."""
    plan = found.decision
    if plan is None or plan.bound - plan.objective <= ENOUGH * abs(plan.objective) + _NOTHING:
        return found
    return Anew("no_plan_in_time", None)


def part_of(problem: Problem, decision: Decision, search: Search) -> Decision | None:
    """The best part of a plan that keeps the rules of a problem: some of its seats, and no other.
    None where no part does, or none was found in time."""
    some = {
        "seats": (0.0, decision.seats.astype(np.float64)),
        "groups": (0.0, decision.groups.astype(np.float64)),
        "seats_of_class": (0.0, decision.pairs.astype(np.float64)),
    }
    program = within(linear_program(problem), some)
    try:
        return decide(problem, gap=search.gap, seconds=search.seconds, program=program)
    except NoPlan:
        return None


def objective_of(problem: Problem, decision: Decision) -> float | None:
    """What a plan is worth in a problem, by its objective; None where it breaks its rules."""
    program = linear_program(problem)
    solution = solution_of(program, decision)
    return None if solution is None else float(program.gain @ solution) * benefit_scale(problem)


def with_money(problem: Problem, share: float) -> Problem:
    """Every fund with `share` of its money, to whole kopecks; caps of co-financing are law and
    stay."""
    return replace(problem, amount=np.rint(problem.amount * share).astype(np.int64))


def with_prices(problem: Problem, share: float) -> Problem:
    """Fees and travel at `share` of their price, to whole kopecks."""
    return replace(
        problem,
        fee=np.rint(problem.fee * share).astype(np.int64),
        travel=np.rint(problem.travel * share).astype(np.int64),
    )


def with_effects(problem: Problem, effects: Vector) -> Problem:
    """The benefit of seats where providers bring `effects` (P,) by case; draws move along, so that
    caution minds the same turns of luck about another middle."""
    benefit = effects[problem.run_provider[problem.pair_run]] * problem.volume
    draws = problem.draws
    if len(draws):
        draws = draws + (effects - draws.mean(axis=0))
    return replace(problem, benefit=benefit, draws=draws)
