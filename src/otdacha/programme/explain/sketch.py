"""Plans of many problems that are near to each other, each sketched in a few seconds.

What a search needs first is the relaxation, and of a union it takes as long as all that a sketch
does after it. Problems that differ in money, prices or benefits have the same variables and rows:
the relaxation of one ends near that of the next, which is solved in a tenth of the time from there.
Then groups and seats are looked for by the steps of any search; what these leave open is told as
the gap.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from otdacha.programme.deciding.highs import in_process, solve_mixed, within
from otdacha.programme.deciding.linear_program import LinearProgram
from otdacha.programme.deciding.model import benefit_scale, linear_program
from otdacha.programme.deciding.relaxation import Relaxed, roughly_relaxed
from otdacha.programme.deciding.search import Searching, relative_gap
from otdacha.programme.deciding.settle import Decision, settled, solution_of
from otdacha.programme.problem import Problem

Vector = NDArray[np.float64]
State = Literal["planned", "infeasible", "no_plan_in_time"]

PATIENCE = 20.0
"""How many times as long a sketch is waited for as it is meant to take: a machine may be busy."""
GRACE = 10.0
"""Seconds that sketches may run over all that before their process is killed."""
ENOUGH = 0.1
"""How much better, as a share, another plan may be where one is shown as that of an aim."""
_NOTHING = 1e-6
FEW = 400
"""Pairs of all the problems together that are planned before a process would be there."""


@dataclass(frozen=True)
class Search:
    """How exactly other plans are looked for: to a relative gap, or until the seconds are over.

    They are compared with each other and drawn in charts, so a coarser gap than a plan's will do;
    and there are two dozen of them. The first groups and seats are always looked for; after the
    seconds nothing more is. What is left open is told: the bound beside the figure, or the gap.
    """

    gap: float = 0.005
    seconds: float = 3.0


@dataclass(frozen=True)
class Asked:
    """A problem to be planned. begin: a plan of the same people, runs and towns to begin with, or
    with the best part of it where it breaks a rule; None: with the plan of the problem before."""

    problem: Problem
    begin: Decision | None = None


@dataclass(frozen=True)
class Sketch:
    """A plan made roughly. state: infeasible where no plan keeps all rules, for certain;
    no_plan_in_time where none was found and none is excluded. begun: what it began with, as far as
    that keeps the rules; None where nothing of it does."""

    state: State
    decision: Decision | None
    begun: Decision | None = None

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

    @property
    def surely(self) -> Sketch:
        """The same where it is the plan of its own aim, and not only one that it began with: within
        `ENOUGH` of what none exceeds."""
        plan = self.decision
        if plan is None or plan.bound - plan.objective <= ENOUGH * abs(plan.objective) + _NOTHING:
            return self
        return replace(self, state="no_plan_in_time", decision=None)


def sketches(asked: Sequence[Asked], search: Search) -> Iterator[Sketch]:
    """A plan of each problem, one after the other; the last are missing where time ran out."""
    if sum(len(one.problem.benefit) for one in asked) > FEW:
        most = 2 * PATIENCE * search.seconds * len(asked) + GRACE
        yield from in_process(sketch_all, tuple(asked), search, seconds=most)
        return
    words: list[Sketch] = []
    sketch_all(words.append, asked, search)
    yield from words


def sketch_all(send: Callable[[Any], None], asked: Sequence[Asked], search: Search) -> None:
    """Sends a `Sketch` of each problem."""
    near: dict[tuple[int, ...], Relaxed] = {}
    before: Decision | None = None
    for one in asked:
        program = linear_program(one.problem)
        relaxation = roughly_relaxed(program, near.get(program.matrix.shape))
        sketch = _Sketching(one.problem, program, relaxation, search).made(one.begin or before)
        if sketch.state != "infeasible":
            near[program.matrix.shape] = relaxation
        before = sketch.decision or before
        send(sketch)


@dataclass(frozen=True)
class _Sketching:
    problem: Problem
    program: LinearProgram
    relaxation: Relaxed
    search: Search

    def made(self, begin: Decision | None) -> Sketch:
        around = self.relaxation.solve(seconds=PATIENCE * self.search.seconds)
        if around.status == "infeasible":
            return Sketch("infeasible", None)
        start, begun = (None, None) if begin is None else self._begun(begin)
        if around.solution is None:
            return Sketch("no_plan_in_time" if begun is None else "planned", begun, begun)
        soon = time.monotonic() + self.search.seconds
        at_work = Searching(
            lambda found: None,
            self.relaxation.tightened(),
            around,
            self.search.gap,
            time.monotonic() + PATIENCE * self.search.seconds,
            around.bound,
        )
        at_work.begin_with(start)
        at_work.sketch(soon)
        solution = at_work.solution
        if solution is None:
            return Sketch(
                "infeasible" if at_work.status == "infeasible" else "no_plan_in_time", None
            )
        if start is not None and self._as_good(start, solution):
            solution = start  # nobody is moved for what is as good
        return Sketch("planned", self._settled(solution, at_work.bound), begun)

    def _begun(self, begin: Decision) -> tuple[Vector | None, Decision | None]:
        """A plan as it is here, or else its best part: some of its seats, and no other. None where
        no part keeps the rules."""
        start = solution_of(self.program, begin)
        if start is not None:
            objective = float(self.program.gain @ start) * benefit_scale(self.problem)
            benefit = float(self.problem.benefit @ begin.pairs)
            return start, replace(begin, benefit=benefit, objective=objective, bound=np.inf)
        some = {
            "seats": (0.0, begin.seats.astype(np.float64)),
            "groups": (0.0, begin.groups.astype(np.float64)),
            "seats_of_class": (0.0, begin.pairs.astype(np.float64)),
        }
        held = within(self.program, some)
        patient = PATIENCE * self.search.seconds
        part = solve_mixed(held, gap=self.search.gap, seconds=patient).solution
        return part, None if part is None else self._settled(part, np.inf)

    def _as_good(self, start: Vector, solution: Vector) -> bool:
        gain, best = (float(self.program.gain @ each) for each in (start, solution))
        return relative_gap(gain, best) <= self.search.gap

    def _settled(self, solution: Vector, bound: float) -> Decision:
        scale = benefit_scale(self.problem)
        return settled(self.problem, self.program, solution, bound=bound * scale, seconds=0.0)
