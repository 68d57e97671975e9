"""The least money that a plan lacks, and how it may be split to sources and years."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from otdacha.programme.clash.elastic import Elastic
from otdacha.programme.deciding.highs import Outcome, Vector, solve_linear, within
from otdacha.programme.deciding.linear_program import LinearProgram
from otdacha.programme.deciding.model import BUDGET, MONEY, linear_program
from otdacha.programme.deciding.search import search
from otdacha.programme.problem import Problem, Whole

ASKED_FIRST = ("municipal", "regional", "federal", "own")
"""Where it is open which budget grows: the nearest to the town."""
UNLIMITED = 10**15
_EXACT = 1e-9
_KOPECK = 1e-3


@dataclass(frozen=True)
class Addition:
    """Kopecks that a fund of the problem needs on top of what it has."""

    source: str
    year: int
    holder: str | None
    fund: int
    kopecks: int


@dataclass(frozen=True)
class Missing:
    """Money that makes a plan possible, co-financing kept.

    least: no sum below it does, in kopecks. enough: a sum that does, split into `additions`, each
    rounded up to a kopeck; None where time ran out before a plan was found. rounded_to: the kopecks
    to which `enough` and additions are rounded up, and `least` down, where they may not be exact.
    """

    least: int
    enough: int | None
    additions: tuple[Addition, ...]
    rounded_to: int | None = None

    @property
    def exact(self) -> bool:
        """Whether no smaller sum does, but for the kopecks of rounding."""
        return self.enough is not None and self.enough - self.least <= len(self.additions)


def with_every_purse(problem: Problem) -> Problem:
    """The same problem with an empty municipal fund for each town that could train people in a year
    and has none of its own: what is not there cannot clash, and nothing can be added to it."""
    source = np.array(problem.fund_source, dtype=object)
    own = source[problem.wallet_fund] == "municipal"
    year = problem.fund_year[problem.wallet_fund]
    has = set(zip(problem.wallet_municipality[own].tolist(), year[own].tolist(), strict=True))
    could = zip(problem.leg_municipality.tolist(), problem.leg_year.tolist(), strict=True)
    lacking = sorted(set(could) - has)
    if not lacking:
        return problem
    count, first = len(lacking), len(problem.fund_names)

    def more(known: NDArray[Any], added: ArrayLike) -> NDArray[Any]:
        return np.concatenate([known, np.broadcast_to(added, count)]).astype(known.dtype)

    limits = {
        int(year): int(limit)
        for name, year, limit in zip(
            problem.fund_source, problem.fund_year, problem.fee_limit, strict=True
        )
        if name == "municipal"
    }
    return replace(
        problem,
        fund_names=problem.fund_names
        + tuple(f"municipal · {year} · {problem.municipalities[town]}" for town, year in lacking),
        fund_source=problem.fund_source + ("municipal",) * count,
        fund_year=more(problem.fund_year, [year for _, year in lacking]),
        amount=more(problem.amount, 0),
        fee_limit=more(problem.fee_limit, [limits.get(year, UNLIMITED) for _, year in lacking]),
        pays_fee=more(problem.pays_fee, True),
        pays_travel=more(problem.pays_travel, True),
        wallet_municipality=more(problem.wallet_municipality, [town for town, _ in lacking]),
        wallet_fund=more(problem.wallet_fund, np.arange(first, first + count)),
    )


def holder_of(problem: Problem, fund: int) -> tuple[str, int] | None:
    """Whose a fund is: ("town", place), ("region", place), or None: everybody's."""
    towns = problem.wallet_municipality[problem.wallet_fund == fund]
    regions = np.unique(problem.region[towns])
    source = problem.fund_source[fund]
    if len(towns) == 1 and source in ("municipal", "own"):
        return "town", int(towns[0])
    if len(regions) == 1 and source == "regional":
        return "region", int(regions[0])
    if len(towns) == len(problem.municipalities) or len(regions) != 1:
        return None
    return ("town", int(towns[0])) if len(towns) == 1 else ("region", int(regions[0]))


def missing_money(problem: Problem, model: Elastic, seconds: float) -> Missing | None:
    """The least sum that makes a plan of `problem` possible; None where no sum does.

    model: `elastic(problem)`. Found by a search in whole numbers; then the sum is split so that the
    budgets `ASKED_FIRST` grow, and the plan it was found with is checked against the programme of
    the problem with the sum added.
    """
    money = model.of_kind(BUDGET)
    others = model.of_kind(*{str(rule[0]) for rule in model.rules}) - money
    least = model.breaking(kept=others, priced=money)
    best, bound, status = _searched(least, seconds)
    lower = max(0, math.ceil(-bound * MONEY - _KOPECK)) if math.isfinite(bound) else 0
    if best is None:
        return None if status == "infeasible" else Missing(lower, None, ())
    seats, groups = (np.rint(least.block(name, best)) for name in ("seats", "groups"))
    added = _split(problem, model, _held(least, seats, groups))
    checked = linear_program(replace(problem, amount=problem.amount + added))
    if solve_linear(_held(checked, seats, groups)).solution is None:
        raise AssertionError("with the missing money added the plan it was found with is possible")
    return Missing(
        lower,
        int(added.sum()),
        tuple(
            Addition(
                problem.fund_source[fund], int(problem.fund_year[fund]), None, int(fund), int(sums)
            )
            for fund, sums in enumerate(added)
            if sums
        ),
    )


def _searched(program: LinearProgram, seconds: float) -> tuple[Vector | None, float, str]:
    words: list[Any] = []
    search(words.append, program, _EXACT, seconds)
    best = max(
        (word.solution for word in words if word.solution is not None),
        key=lambda solution: float(program.gain @ solution),
        default=None,
    )
    return best, min(word.bound for word in words), words[-1].status


def _held(program: LinearProgram, seats: Vector, groups: Vector) -> LinearProgram:
    return within(program, {"seats": (seats, seats), "groups": (groups, groups)})


def _split(problem: Problem, model: Elastic, decided: LinearProgram) -> Whole:
    """(funds,) kopecks to add, in sum the least for these seats."""
    funds = [int(model.rules[at][3]) if model.rules[at][0] == BUDGET else -1 for at in model.rule]
    fund = np.array(funds, dtype=np.int64)
    money = fund >= 0
    cheapest = _found(solve_linear(decided, method="simplex"))
    most = decided.block("broken", cheapest)[money].sum()
    block = np.arange(len(decided.gain))[decided.columns["broken"]]
    order = np.array([ASKED_FIRST.index(source) for source in problem.fund_source])
    late = problem.fund_year - problem.fund_year.min(initial=0)
    nearest = order * (1.0 + late.max(initial=0)) + late
    gain = np.zeros_like(decided.gain)
    gain[block[money]] = -(1.0 + nearest[fund[money]])
    first = np.zeros(len(block[money]), dtype=np.int64)
    asked = replace(decided, gain=gain).with_rows(
        [(BUDGET,)], (first, block[money], 1.0), upper=np.array([most])
    )
    added = decided.block("broken", _found(solve_linear(asked, method="simplex")))[money]
    kopecks = np.maximum(np.ceil(added * MONEY - _KOPECK), 0.0)
    return np.bincount(fund[money], kopecks, len(problem.fund_names)).astype(np.int64)


def _found(outcome: Outcome) -> Vector:
    if outcome.solution is None:
        raise AssertionError("a plan that was found is possible")
    return outcome.solution
