"""What the next 100,000 rubles of each source would bring, by planning again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from otdacha.language import text
from otdacha.programme.deciding.highs import Warm, in_process, solve_mixed, within
from otdacha.programme.deciding.linear_program import LinearProgram
from otdacha.programme.deciding.model import BUDGET, MONEY, benefit_scale, linear_program
from otdacha.programme.deciding.settle import Decision
from otdacha.programme.explain.replan import solution_of
from otdacha.programme.problem import Problem
from otdacha.progress import Progress, silent

Vector = NDArray[np.float64]

ADDED = 10_000_000
"""Kopecks: the next 100,000 rubles."""
GRACE = 10.0
SHADOW = pl.Schema(
    {
        "source": pl.String,
        "year": pl.Int64,
        "fund": pl.Int64,
        "added": pl.Int64,
        "relaxed": pl.Float64,
        "gained": pl.Float64,
        "lower": pl.Float64,
        "upper": pl.Float64,
    }
)
_BROKEN = 1e-6
_NEAR = 1e-4


@dataclass(frozen=True)
class _Richer:
    """One fund with more money. upper: of its row; gained, bound: of the relaxation."""

    fund: int
    row: int
    upper: float
    gained: float
    bound: float


def shadow(
    problem: Problem,
    decision: Decision,
    *,
    added: int = ADDED,
    seconds: float = 1.5,
    progress: Progress = silent,
) -> pl.DataFrame:
    """What `added` kopecks more in each source and year bring, in the unit of the benefit.

    One row for each source and year; where it has several holders, the money goes to the one
    (`fund`) with whom it brings most by the relaxation. relaxed: the gain without whole seats and
    groups, exact. gained: what the plan found with the money, in a search that begins from the plan
    without it and stays near it for `seconds`, has above that plan. lower, upper: a plan is known
    to lie within its gap of the best, no nearer. With `o` for the objective that was found and `b`
    for what none exceeds, the best plan without the money has something in [o, b] and the best with
    it something in [o', b']; so all that is known of their difference is that it lies in
    [o' - b, b' - o], and not below nought, because more money never harms. Schema `SHADOW`.
    """
    # bounds of wallets that the rows of their funds imply would hide a part of the price of money
    program = within(linear_program(problem), {"paid": (0.0, np.inf)})
    start = solution_of(program, decision)
    if start is None:
        raise AssertionError("a decision that was feasible is no longer")
    scale = benefit_scale(problem)
    richest = list(_richest(problem, program, added, progress))
    worth_it = [each for each in richest if each.gained > _BROKEN]
    base = float(program.gain @ start)
    gains = {each.fund: base for each in richest}
    searched = in_process(
        _search_all, program, worth_it, start, seconds, seconds=seconds * len(richest) + GRACE
    )
    for number, (fund, gain) in enumerate(searched, 1):
        gains[fund] = max(base, gain)
        progress(text("Planning with more money"), number, len(worth_it))
    bound = decision.bound / scale
    rows = [
        {
            "source": problem.fund_source[each.fund],
            "year": int(problem.fund_year[each.fund]),
            "fund": each.fund,
            "added": added,
            "relaxed": each.gained * scale,
            "gained": (gains[each.fund] - base) * scale,
            "lower": max(0.0, gains[each.fund] - bound) * scale,
            "upper": max(0.0, each.bound - base) * scale,
        }
        for each in richest
    ]
    return pl.DataFrame(rows, schema=SHADOW)


def _richest(
    problem: Problem, program: LinearProgram, added: int, progress: Progress
) -> Iterator[_Richer]:
    """For each source and year the fund that gains most by the relaxation.

    What a linear programme gains is concave in money, so `price × money` is never less than the
    gain: funds are tried by falling price until none can gain more than the best so far.
    """
    warm = Warm(program)
    before = warm.solve()
    if before.prices is None:
        raise AssertionError("a problem with a plan has a relaxation")
    rows = _rows_of_funds(program)
    price = before.prices[rows]
    sources = np.array(problem.fund_source)
    kinds = sorted(set(zip(problem.fund_year.tolist(), problem.fund_source, strict=True)))
    for number, (year, source) in enumerate(kinds, 1):
        progress(text("Looking for who needs money most"), number, len(kinds))
        funds = np.flatnonzero((problem.fund_year == year) & (sources == source))
        best, gained = int(funds[0]), 0.0
        for fund in funds[np.argsort(-price[funds], kind="stable")]:
            if price[fund] * added / MONEY <= gained + _BROKEN:
                break
            row = int(rows[fund])
            warm.at_most(row, program.row_upper[row] + added / MONEY)
            more = warm.solve().gain - before.gain
            warm.at_most(row, program.row_upper[row])
            if more > gained:
                best, gained = int(fund), more
        row = int(rows[best])
        upper = float(program.row_upper[row] + added / MONEY)
        yield _Richer(best, row, upper, gained, before.gain + gained)


def _rows_of_funds(program: LinearProgram) -> NDArray[np.int64]:
    """(F,) the row of each fund's money."""
    return np.flatnonzero(program.kinds == BUDGET)


def _search_all(
    send: Callable[[Any], None],
    program: LinearProgram,
    richer: list[_Richer],
    start: Vector,
    seconds: float,
) -> None:
    """Sends the fund and the gain of the best plan with its money, for each of `richer`.

    Near the old plan: its groups, and seats between its own and those of the relaxation that has
    these groups and the money.
    """
    groups = np.rint(program.block("groups", start))
    program = within(program, {"groups": (groups, groups)})
    warm = Warm(program)
    for each in richer:
        warm.at_most(each.row, each.upper)
        relaxed = warm.solve().solution
        warm.at_most(each.row, program.row_upper[each.row])
        if relaxed is None:
            raise AssertionError("more money leaves every plan possible")
        seats = np.stack([program.block("seats", near) for near in (start, relaxed)])
        used = (seats > _BROKEN).any(axis=0)
        fewest = np.where(used, np.floor(seats + _BROKEN).min(axis=0), 0.0)
        most = np.where(used, np.ceil(seats - _BROKEN).max(axis=0), 0.0)
        row_upper = program.row_upper.copy()
        row_upper[each.row] = each.upper
        near = replace(within(program, {"seats": (fewest, most)}), row_upper=row_upper)
        send((each.fund, solve_mixed(near, gap=_NEAR, seconds=seconds, start=start).gain))
