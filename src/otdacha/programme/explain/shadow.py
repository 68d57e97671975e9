"""What the next 100,000 rubles of each source would bring, by planning again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from otdacha.language import text
from otdacha.programme.deciding.highs import in_process, solve_mixed, within
from otdacha.programme.deciding.linear_program import LinearProgram
from otdacha.programme.deciding.model import BUDGET, MONEY, SHARE, benefit_scale, linear_program
from otdacha.programme.deciding.relaxation import Relaxed
from otdacha.programme.deciding.settle import Decision, solution_of
from otdacha.programme.deciding.solve import SMALL
from otdacha.programme.problem import Problem
from otdacha.progress import Progress, silent

Vector = NDArray[np.float64]

ADDED = 10_000_000
"""Kopecks: the next 100,000 rubles."""
TRIED = 3
"""Holders of money of one source and year that are tried, of dozens."""
NEARLY = 0.1
"""How much of what money may gain a plan may fall short of the best, for seats to be moved."""
GRACE = 10.0
SHADOW = pl.Schema(
    {
        "source": pl.String,
        "year": pl.Int64,
        "fund": pl.Int64,
        "added": pl.Int64,
        "relaxed": pl.Float64,
        "gained": pl.Float64,
        "why": pl.String,
        "lower": pl.Float64,
        "upper": pl.Float64,
    }
)
_BROKEN = 1e-6
_NEAR = 1e-4


@dataclass(frozen=True)
class _Richer:
    """One fund with more money. upper: of its row; relaxed, gained, bound: the solution of the
    relaxation with the money, what it gains and has. capped: whether co-financing lets its source
    and year pay no more as things stand."""

    fund: int
    row: int
    upper: float
    relaxed: Vector
    gained: float
    bound: float
    capped: bool


@dataclass(frozen=True)
class _Gained:
    """What a search found with more money in a fund. sure: it was not cut short."""

    fund: int
    gained: float
    sure: bool


def shadow(
    problem: Problem,
    decision: Decision,
    *,
    added: int = ADDED,
    seconds: float = 15.0,
    progress: Progress = silent,
) -> pl.DataFrame:
    """What `added` kopecks more in each source and year bring, in the unit of the benefit.

    One row for each source and year; where it has several holders, the money goes to the one
    (`fund`) with whom it brings most by the relaxation, of the `TRIED` whose next ruble does.
    relaxed: the gain without whole seats and groups, exact. gained: what the plan found with the
    money has above the plan without it, in a search of at most `seconds` that begins from that:
    seats are added to it, and are moved as well where the plan is so near the best (`NEARLY`) that
    a better one can only come of the money.

    lower, upper: a plan is known to lie within its gap of the best, no nearer. With `o` for the
    objective that was found and `b` for what none exceeds, the best plan without the money has
    something in [o, b] and the best with it something in [o', b']; so all that is known of their
    difference is that it lies in [o' - b, b' - o], and not below nought, because more money never
    harms.

    why: where nothing was gained. capped: rules of co-financing let the source pay no more;
    left_over: it has money left as it is, which finds nobody whom it may pay for; not_short: it is
    spent, and others could pay as well; not_whole: parts of seats and groups would gain, and no
    whole ones that are added to this plan do; no_plan_in_time: that was not found out.
    Schema `SHADOW`.
    """
    # bounds of wallets that the rows of their funds imply would hide a part of the price of money
    relaxed = Relaxed(within(linear_program(problem), {"paid": (0.0, np.inf)}))
    program = relaxed.program
    start = solution_of(program, decision)
    if start is None:
        raise AssertionError("a decision that was feasible is no longer")
    scale = benefit_scale(problem)
    richest = list(_richest(problem, relaxed, added, progress))
    worth_it = [each for each in richest if each.gained > _BROKEN]
    base = float(program.gain @ start)
    bound = decision.bound / scale
    found: dict[int, _Gained] = {}
    for number, gained in enumerate(_searched(program, worth_it, start, bound - base, seconds), 1):
        found[gained.fund] = gained
        progress(text("Planning with more money"), number, len(worth_it))
    left = problem.amount - decision.paid(problem)
    unknown = {each.fund: _Gained(each.fund, 0.0, each.gained <= _BROKEN) for each in richest}
    gains = unknown | found
    rows = [
        {
            "source": problem.fund_source[each.fund],
            "year": int(problem.fund_year[each.fund]),
            "fund": each.fund,
            "added": added,
            "relaxed": each.gained * scale,
            "gained": gains[each.fund].gained * scale,
            "why": _why(problem, each, gains[each.fund], left),
            "lower": max(0.0, base + gains[each.fund].gained - bound) * scale,
            "upper": max(0.0, each.bound - base) * scale,
        }
        for each in richest
    ]
    return pl.DataFrame(rows, schema=SHADOW)


def _why(problem: Problem, richer: _Richer, found: _Gained, left: NDArray[np.int64]) -> str | None:
    """Why more money in a source and year brings nothing; left: (F,) kopecks that are not spent."""
    if found.gained > _BROKEN:
        return None
    if richer.gained > _BROKEN:
        return "not_whole" if found.sure else "no_plan_in_time"
    if richer.capped:
        return "capped"
    same = np.array(problem.fund_source) == problem.fund_source[richer.fund]
    same &= problem.fund_year == problem.fund_year[richer.fund]
    return "left_over" if left[same].sum() > 0 else "not_short"


def _richest(
    problem: Problem, relaxed: Relaxed, added: int, progress: Progress
) -> Iterator[_Richer]:
    """For each source and year the fund that gains most by the relaxation.

    The `TRIED` funds whose money is dearest are tried. What a linear programme gains is concave in
    money, so `price × money` is never less than the gain: fewer, where none can gain more than the
    best so far.
    """
    program = relaxed.program
    before = relaxed.solve()
    if before.prices is None or before.solution is None:
        raise AssertionError("a problem with a plan has a relaxation")
    rows = _rows_of_funds(program)
    price = before.prices[rows]
    shared = _price_of_shares(problem, program, before.prices)
    sources = np.array(problem.fund_source)
    kinds = sorted(set(zip(problem.fund_year.tolist(), problem.fund_source, strict=True)))
    for number, (year, source) in enumerate(kinds, 1):
        progress(text("Looking for who needs money most"), number, len(kinds))
        funds = np.flatnonzero((problem.fund_year == year) & (sources == source))
        best = _Richer(int(funds[0]), 0, 0.0, before.solution, 0.0, before.gain, False)
        for fund in funds[np.argsort(-price[funds], kind="stable")][:TRIED]:
            if price[fund] * added / MONEY <= best.gained + _BROKEN:
                break
            row = int(rows[fund])
            relaxed.at_most(row, program.row_upper[row] + added / MONEY)
            more = relaxed.solve()
            relaxed.at_most(row, program.row_upper[row])
            if more.solution is not None and more.gain - before.gain > best.gained:
                gained = more.gain - before.gain
                best = replace(
                    best, fund=int(fund), relaxed=more.solution, gained=gained, bound=more.gain
                )
        row = int(rows[best.fund])
        yield replace(
            best,
            row=row,
            upper=float(program.row_upper[row] + added / MONEY),
            capped=bool((shared[funds] > _BROKEN).any()),
        )


def _price_of_shares(problem: Problem, program: LinearProgram, prices: Vector) -> Vector:
    """(F,) what rules of co-financing take from a thousand rubles of each fund, at most."""
    rows = np.flatnonzero(program.kinds == SHARE)
    part = program.matrix[rows][:, program.columns["paid"]].T
    most = np.zeros(len(problem.fund_names))
    np.maximum.at(most, problem.wallet_fund, np.asarray(part @ prices[rows]))
    return most


def _rows_of_funds(program: LinearProgram) -> NDArray[np.int64]:
    """(F,) the row of each fund's money."""
    return np.flatnonzero(program.kinds == BUDGET)


def _searched(
    program: LinearProgram, richer: list[_Richer], start: Vector, short: float, seconds: float
) -> Iterator[_Gained]:
    """The words of `_search_all`: from a process of its own, but for small programmes."""
    if len(program.gain) > SMALL:
        most = seconds * len(richer) + GRACE
        return in_process(_search_all, program, richer, start, short, seconds, seconds=most)
    words: list[_Gained] = []
    _search_all(words.append, program, richer, start, short, seconds)
    return iter(words)


def _search_all(
    send: Callable[[Any], None],
    program: LinearProgram,
    richer: list[_Richer],
    start: Vector,
    short: float,
    seconds: float,
) -> None:
    """Sends what the best plan near `start` gains with more money, for each of `richer`.

    short: by how much the plan may fall short of the best. First seats are added in the groups of
    the plan. Where that is little against what the money may gain, seats and groups are then tried
    that the plan or the relaxation with the money uses.
    """
    base = float(program.gain @ start)
    held = program.block("groups", start), program.block("seats", start)
    groups, seats = (np.rint(each) for each in held)
    room = program.upper[program.columns["seats"]]
    adding = within(program, {"groups": (groups, groups), "seats": (seats, room)})
    for each in richer:
        row_upper = program.row_upper.copy()
        row_upper[each.row] = each.upper
        found = solve_mixed(
            replace(adding, row_upper=row_upper), gap=_NEAR, seconds=seconds / 2, start=start
        )
        if short <= NEARLY * each.gained and found.solution is not None:
            moving = replace(_between(program, (start, each.relaxed)), row_upper=row_upper)
            moved = solve_mixed(moving, gap=_NEAR, seconds=seconds / 2, start=found.solution)
            found = moved if moved.gain > found.gain else found
        gained = max(0.0, found.gain - base)
        send(_Gained(each.fund, gained, found.status == "optimal"))


def _between(program: LinearProgram, near: Sequence[Vector]) -> LinearProgram:
    """The programme with seats and groups no fewer and no more than in the solutions `near`."""
    bounds = {}
    for name in ("seats", "groups"):
        used = np.stack([program.block(name, each) for each in near])
        where = program.columns[name]
        bounds[name] = (
            np.maximum(np.floor(used + _BROKEN).min(axis=0), program.lower[where]),
            np.minimum(np.ceil(used - _BROKEN).max(axis=0), program.upper[where]),
        )
    return within(program, bounds)
