"""Other plans: the problem with something changed, decided again by the same machinery."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from otdacha.programme.deciding.highs import solve_linear, within
from otdacha.programme.deciding.linear_program import LinearProgram
from otdacha.programme.deciding.model import benefit_scale, linear_program
from otdacha.programme.deciding.search import relative_gap
from otdacha.programme.deciding.settle import Decision
from otdacha.programme.deciding.solve import NoPlan, decide
from otdacha.programme.problem import Problem

Vector = NDArray[np.float64]

State = Literal["planned", "infeasible", "no_plan_in_time"]


@dataclass(frozen=True)
class Search:
    """How long each of the other plans is looked for: to a relative gap, or until the seconds end.
    They are compared with each other and drawn in charts, so a coarser gap than a plan's will do.
    """

    gap: float = 0.005
    seconds: float = 60.0


@dataclass(frozen=True)
class Replanned:
    """state: infeasible where no plan keeps all rules, for certain."""

    state: State
    decision: Decision | None


def replan(problem: Problem, search: Search, *, program: LinearProgram | None = None) -> Replanned:
    """The best plan of a problem, or why there is none. program: the problem within narrower
    bounds."""
    try:
        decision = decide(problem, gap=search.gap, seconds=search.seconds, program=program)
    except NoPlan as none:
        return Replanned("infeasible" if none.certain else "no_plan_in_time", None)
    return Replanned("planned", decision)


def improved(problem: Problem, decision: Decision, search: Search) -> Replanned:
    """The better of `decision` and a new plan in a problem that changed; where the old one is still
    within the gap of the best, it stays: what is as good is not moved about."""
    program = linear_program(problem)
    objective = objective_of(problem, program, decision)
    relaxed = solve_linear(program)
    if objective is None or relaxed.solution is None:
        return replan(problem, search)
    kept = replace(
        decision,
        benefit=float(problem.benefit @ decision.pairs),
        objective=objective,
        bound=relaxed.bound * benefit_scale(problem),
    )
    if relative_gap(kept.objective, kept.bound) <= search.gap:
        return Replanned("planned", kept)
    new = replan(problem, search).decision
    if new is None:
        return Replanned("planned", kept)
    if new.objective < kept.objective:
        return Replanned("planned", replace(kept, bound=min(kept.bound, new.bound)))
    return Replanned("planned", new)


def solution_of(program: LinearProgram, decision: Decision) -> Vector | None:
    """A plan as a solution of a programme; None where it breaks its rules."""
    seats, groups, pairs = (
        each.astype(np.float64) for each in (decision.seats, decision.groups, decision.pairs)
    )
    held = {"seats": (seats, seats), "groups": (groups, groups), "seats_of_class": (pairs, pairs)}
    return solve_linear(within(program, held), method="simplex").solution


def objective_of(problem: Problem, program: LinearProgram, decision: Decision) -> float | None:
    """What a plan is worth in a problem, by its objective; None where it breaks its rules."""
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
