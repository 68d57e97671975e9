"""From a solver's numbers to a decision: whole people, whole kopecks, and what they bring."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from otdacha.programme.deciding.highs import solve_linear, within
from otdacha.programme.deciding.linear_program import LinearProgram
from otdacha.programme.deciding.model import (
    BEGUN,
    MANDATORY,
    MONEY,
    MOVED,
    PEOPLE,
    SEATS,
    benefit_scale,
    legs_of,
)
from otdacha.programme.money.paying import LINES, pay
from otdacha.programme.problem import Problem

Whole = NDArray[np.int64]
Vector = NDArray[np.float64]

PAYS_FIRST = ("federal", "regional", "municipal", "own")
"""Where a plan leaves it open who pays, in this order: a town's own money is spared."""
_FLOW = (PEOPLE, MANDATORY, SEATS, MOVED)
_WHOLE = 1e-4


@dataclass(frozen=True)
class Decision:
    """A plan as it was decided.

    seats: (L,) people of a town in a run. groups: (O,) groups of a run. pairs: (K,) people of a
    class in a run. lines: who pays what of which leg (schema `money.paying.LINES`).
    benefit: what the seats are expected to bring. objective: what was maximised, in the same unit
    (with caution and what is learned); bound: no plan has more. seconds: of the search.
    """

    seats: Whole
    groups: Whole
    pairs: Whole
    lines: pl.DataFrame
    benefit: float
    objective: float
    bound: float
    seconds: float

    def paid(self, problem: Problem) -> Whole:
        """(F,) kopecks from each fund."""
        spent = np.zeros(len(problem.fund_names), dtype=np.int64)
        np.add.at(
            spent,
            self.lines["fund"].to_numpy(),
            (self.lines["fee"] + self.lines["travel"]).to_numpy(),
        )
        return spent

    @property
    def gap(self) -> float:
        """How far the bound lies above the objective, as a share of it."""
        return max(0.0, self.bound - self.objective) / max(abs(self.objective), 1e-9)


def only_seats(problem: Problem, *, seats: Whole, groups: Whole, pairs: Whole) -> Decision:
    """A decision to begin from: who pays is not said (no lines), nor how good it is."""
    return Decision(
        seats=seats,
        groups=groups,
        pairs=pairs,
        lines=LINES.to_frame(),
        benefit=float(problem.benefit @ pairs),
        objective=-np.inf,
        bound=np.inf,
        seconds=0.0,
    )


def settled(
    problem: Problem, program: LinearProgram, solution: Vector, *, bound: float, seconds: float
) -> Decision:
    """The decision that a solution of `linear_program(problem)` stands for.

    bound: in the unit of the benefit. A solver's whole numbers are whole but for its tolerance, so
    who takes the seats and which fund pays are found anew for the rounded seats.
    """
    seats = np.rint(program.block("seats", solution))
    groups = np.rint(program.block("groups", solution))
    whole: dict[str, tuple[Vector | float, Vector | float]] = {
        "seats": (seats, seats),
        "groups": (groups, groups),
    }
    if BEGUN in program.columns:
        begun = np.rint(program.block(BEGUN, solution))
        whole[BEGUN] = (begun, begun)
    decided = within(program, whole)
    pairs = _people(problem, decided)
    decided = within(decided, {"seats_of_class": (pairs, pairs)})
    vertex = _vertex(decided)
    return Decision(
        seats.astype(np.int64),
        groups.astype(np.int64),
        pairs.astype(np.int64),
        _lines(problem, decided, seats.astype(np.int64)),
        benefit=float(problem.benefit @ pairs),
        objective=float(program.gain @ vertex) * benefit_scale(problem),
        bound=bound,
        seconds=seconds,
    )


def solution_of(program: LinearProgram, decision: Decision) -> Vector | None:
    """The solution of a programme that a decision stands for, (columns,); None where the decision
    breaks one of its rules.

    Who pays, and what may be counted as learnt, is found anew: the programme may have other funds,
    prices and aims than the one that the decision was made of.
    """
    seats, groups, pairs = (
        each.astype(np.float64) for each in (decision.seats, decision.groups, decision.pairs)
    )
    held: dict[str, tuple[Vector | float, Vector | float]] = {
        "seats": (seats, seats),
        "groups": (groups, groups),
        "seats_of_class": (pairs, pairs),
    }
    found = solve_linear(within(program, held), method="simplex").solution
    if found is None or BEGUN not in program.columns:
        return found
    # a provider that is begun in part was given fewer seats than teach anything: it is not begun
    begun = np.floor(program.block(BEGUN, found) + _WHOLE)
    return solve_linear(within(program, held | {BEGUN: (begun, begun)}), method="simplex").solution


def _people(problem: Problem, decided: LinearProgram) -> Vector:
    """Who takes the seats: a flow of people, which a vertex of the programme gives whole.

    With caution the best mixture of people need not be whole: then the draws of the worst turn are
    held as that mixture found them, and the gain is linear again.
    """
    pairs = decided.block("seats_of_class", _vertex(decided))
    if np.abs(pairs - np.rint(pairs)).max(initial=0.0) > _WHOLE:
        gain = np.zeros_like(decided.gain)
        gain[decided.columns["seats_of_class"]] = _cautious(problem, pairs)
        if MOVED in decided.columns:
            moved = decided.columns[MOVED]
            gain[moved] = decided.gain[moved] * benefit_scale(problem)
        kept = np.isin(decided.kinds, _FLOW)
        flow = replace(
            decided,
            gain=gain,
            matrix=decided.matrix[kept],
            row_lower=decided.row_lower[kept],
            row_upper=decided.row_upper[kept],
            rule=decided.rule[kept],
        )
        pairs = flow.block("seats_of_class", _vertex(flow))
    whole = np.rint(pairs)
    if np.abs(pairs - whole).max(initial=0.0) > _WHOLE:
        raise AssertionError("a vertex of a transportation problem is whole")
    return whole


def _cautious(problem: Problem, pairs: Vector) -> Vector:
    """What a seat brings where the turns of luck that are worst for `pairs` weigh as asked."""
    weight, tail = problem.caution.weight, problem.caution.tail
    provider = problem.run_provider[problem.pair_run]
    volume = np.bincount(provider, problem.volume * pairs, len(problem.providers))
    brought = problem.draws @ volume
    worst = np.argsort(brought, kind="stable")[: max(1, round(tail * len(brought)))]
    turned = problem.draws[worst].mean(axis=0)[provider] * problem.volume
    return np.asarray((1 - weight) * problem.benefit + weight * turned)


def _lines(problem: Problem, decided: LinearProgram, seats: Whole) -> pl.DataFrame:
    """Who pays for the seats, to the kopeck: where rules leave it open, `PAYS_FIRST`."""
    order = np.array([PAYS_FIRST.index(source) for source in problem.fund_source], dtype=float)
    gain = np.zeros_like(decided.gain)
    gain[decided.columns["paid"]] = -order[problem.wallet_fund]
    totals = decided.block("paid", _vertex(replace(decided, gain=gain))) * MONEY
    return pay(problem, legs_of(problem), seats, totals)


def _vertex(program: LinearProgram) -> Vector:
    """A vertex of what is left open where most is decided: such a programme has a solution."""
    found = solve_linear(program, method="simplex").solution
    if found is None:
        raise AssertionError("a decision that was feasible is no longer")
    return found
