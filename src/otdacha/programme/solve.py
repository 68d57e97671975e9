"""Decide: relax, round, repair, and only then search.

The relaxation of these programmes is tight (in a plan of thousands of seats few variables are
broken), and a search that begins from nothing does not use that. So: solve the linear relaxation,
which bounds every plan; open whole groups as it suggests; search only among the seats that the
relaxation fills, each rounded down or up; widen that neighbourhood; and let the solver search
everything in the time that is left. It ends where the best plan is within the gap of the bound.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from otdacha.language import Text, text
from otdacha.programme.highs import (
    Outcome,
    Vector,
    in_process,
    solve_linear,
    solve_mixed,
    within,
)
from otdacha.programme.linear_program import LinearProgram
from otdacha.programme.model import benefit_scale, linear_program
from otdacha.programme.problem import Problem
from otdacha.programme.settle import Decision, settled
from otdacha.progress import Progress, silent

GRACE = 10.0
"""Seconds that a search may run over its limit before its process is killed."""
SMALL = 200
"""Columns of a programme that is not worth a process: it is solved in milliseconds."""
_STEPS = 1000
_BROKEN = 1e-6
_HALF = 0.5


class NoPlan(Exception):
    """No plan keeps all the rules; `otdacha.programme.infeasible` says which ones clash.

    certain: whether that is proven, or time ran out before any plan was found.
    """

    def __init__(self, certain: bool) -> None:
        super().__init__("no plan keeps all the rules" if certain else "no plan found in time")
        self.certain = certain


@dataclass(frozen=True)
class _Found:
    """What the process tells: a solution or nothing new, and the bound so far."""

    solution: Vector | None
    bound: float
    status: str = "running"


def decide(
    problem: Problem,
    *,
    gap: float = 0.001,
    seconds: float = 60.0,
    progress: Progress = silent,
    program: LinearProgram | None = None,
) -> Decision:
    """The best plan found within `seconds`, to a relative `gap` of the bound.

    program: `linear_program(problem)` within narrower bounds, where not every plan is wanted. The
    decision says its gap, which is above `gap` where time ran out. Deterministic in all but that.
    Raises NoPlan where no plan keeps all the rules or none was found in time.
    """
    program = program or linear_program(problem)
    best, gain, bound, status = None, -np.inf, np.inf, "limit"
    begun = time.monotonic()
    for word in _words(program, gap, seconds):
        bound = min(bound, word.bound)
        status = word.status if word.status != "running" else status
        if word.solution is not None:
            found = float(program.gain @ word.solution)
            best, gain = (word.solution, found) if found >= gain else (best, gain)
        reached = relative_gap(gain, bound)
        progress(_said(reached), _steps(reached, gap), _STEPS)
    if best is None:
        raise NoPlan(certain=status == "infeasible")
    return settled(
        problem,
        program,
        best,
        bound=bound * benefit_scale(problem),
        seconds=time.monotonic() - begun,
    )


def _words(program: LinearProgram, gap: float, seconds: float) -> Iterator[_Found]:
    """What the search tells: from a process of its own, but for programmes that are solved sooner
    than a process is there."""
    if len(program.gain) > SMALL:
        return in_process(search, program, gap, seconds, seconds=seconds + GRACE)
    words: list[_Found] = []
    search(words.append, program, gap, seconds)
    return iter(words)


def _said(reached: float) -> Text:
    if not np.isfinite(reached):
        return text("Looking for a first plan")
    percent = f"{100 * reached:.2f}"
    return text("Looking for a better plan: at most {percent} % can be gained", percent=percent)


def _steps(reached: float, gap: float) -> int:
    """How far the search is, by the number of times that the gap was halved."""
    if not np.isfinite(reached):
        return 0
    aim = np.log(max(gap, 1e-9))
    return round(_STEPS * float(np.clip(np.log(max(reached, 1e-9)) / aim, 0.0, 1.0)))


def relative_gap(gain: float, bound: float) -> float:
    """How far the bound lies above the gain, as a share of it; inf where there is no plan yet."""
    if not np.isfinite(gain) or not np.isfinite(bound):
        return float("inf")
    return max(0.0, bound - gain) / max(abs(gain), _BROKEN)


def search(send: Callable[[Any], None], program: LinearProgram, gap: float, seconds: float) -> None:
    """Sends every better solution of `program` and every better bound, as `_Found`."""
    deadline = time.monotonic() + seconds
    send(_Found(None, np.inf))
    relaxed = solve_linear(program)
    if relaxed.solution is None:
        send(_Found(None, np.inf, relaxed.status))
        return
    bound = relaxed.bound
    send(_Found(None, bound))
    best: Outcome | None = None
    for near in _neighbourhoods(program, relaxed.solution):
        # a part of the time for each: the whole search must have some as well
        share = (deadline - time.monotonic()) / 3
        found = solve_mixed(
            near,
            gap=gap / 4,
            seconds=share,
            tell=lambda solution, _: send(_Found(solution, bound)),
        )
        if found.solution is not None and (best is None or found.gain > best.gain):
            best = found
            send(_Found(best.solution, bound))
        if best is not None and relative_gap(best.gain, bound) <= gap:
            send(_Found(best.solution, bound, "optimal"))
            return
    whole = solve_mixed(
        program,
        gap=gap,
        seconds=deadline - time.monotonic(),
        start=None if best is None else best.solution,
        tell=lambda solution, lower: send(_Found(solution, min(bound, lower))),
    )
    send(_Found(whole.solution, min(bound, whole.bound), whole.status))


def _neighbourhoods(program: LinearProgram, relaxed: Vector) -> Iterator[LinearProgram]:
    """Ever wider parts of the programme around its relaxation, each small enough to be searched."""
    groups = program.block("groups", relaxed)
    down, up = np.floor(groups + _BROKEN), np.ceil(groups - _BROKEN)
    suggested = np.where(groups - down >= _HALF, up, down)
    # a run that is used has at least one group, unless it is used for less than half of one
    for whole in (np.where((suggested == 0) & (groups > _HALF), 1.0, suggested), up):
        fixed = within(program, {"groups": (whole, whole)})
        filled = solve_linear(fixed)
        if filled.solution is None:
            continue
        yield _rounded(fixed, [filled.solution])
        loose = within(program, {"groups": (np.minimum(down, whole), np.maximum(up, whole))})
        yield _rounded(loose, [filled.solution, relaxed], room=1.0)


def _rounded(program: LinearProgram, near: list[Vector], room: float = 0.0) -> LinearProgram:
    """Only the seats that one of the solutions fills, each between its floors and ceilings."""
    seats = np.stack([program.block("seats", solution) for solution in near])
    used = (seats > _BROKEN).any(axis=0)
    low = np.maximum(np.floor(seats + _BROKEN).min(axis=0) - room, 0.0)
    high = np.ceil(seats - _BROKEN).max(axis=0) + room
    return within(program, {"seats": (np.where(used, low, 0.0), np.where(used, high, 0.0))})
