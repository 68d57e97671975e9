"""Decide: relax, round, repair, and only then search.

The relaxation of these programmes is tight (in a plan of thousands of seats few variables are
broken), and a search that begins from nothing does not use that. So: solve the linear relaxation,
which bounds every plan; search only among what it uses; widen that to what is nearly worth its
price; and let the solver search everything in the time that is left. It ends where the best plan is
within the gap of the bound. A country is made small first: decision 0032.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from otdacha.language import Text, text
from otdacha.programme.deciding.checking import broken
from otdacha.programme.deciding.columns import priced
from otdacha.programme.deciding.highs import (
    Outcome,
    Vector,
    in_process,
    solve_linear,
    solve_mixed,
    within,
)
from otdacha.programme.deciding.linear_program import LinearProgram
from otdacha.programme.deciding.model import benefit_scale, linear_program
from otdacha.programme.deciding.narrowing import Narrow, narrowed
from otdacha.programme.deciding.settle import Decision, settled, solution_of
from otdacha.programme.problem import Problem
from otdacha.progress import Progress, silent

GRACE = 10.0
"""Seconds that a search may run over its limit before its process is killed."""
LARGE = 100_000
"""Pairs of a problem that is made small before it is searched."""
_PRICED = 5
"""The prices of a large problem are found to this part of the gap."""
SMALL = 200
"""Columns of a programme that is not worth a process: it is solved in milliseconds."""
_STEPS = 1000
_BROKEN = 1e-6
_NEARLY = 0.1
"""How much less than its price a pair may be worth to be searched, in median benefits of a seat."""


class NoPlan(Exception):
    """No plan keeps all the rules; `otdacha.programme.clash.infeasible` says which ones clash.

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
    start: Decision | None = None,
) -> Decision:
    """The best plan found within `seconds`, to a relative `gap` of the bound.

    program: `linear_program(problem)` within narrower bounds, where not every plan is wanted.
    start: a plan to begin from, of this problem or of one with the same people, runs and towns; it
    stays where it is within the gap, and one that breaks a rule of this problem is no start. The
    decision says its gap, which is above `gap` where time ran out. Deterministic in all but that.
    Raises NoPlan where no plan keeps all the rules or none was found in time.
    """
    begun = time.monotonic()
    if program is not None or len(problem.benefit) <= LARGE:
        program = program or linear_program(problem)
        return _decided(problem, program, gap, seconds, np.inf, progress, start)
    narrow, bound = _narrowed(problem, gap, seconds, progress, start)
    left = seconds - (time.monotonic() - begun)
    small = narrow.problem
    inside = None if start is None else narrow.inside(start)
    found = _decided(small, linear_program(small), gap, left, bound, progress, inside)
    return replace(narrow.widened(found, problem), seconds=time.monotonic() - begun)


def _decided(
    problem: Problem,
    program: LinearProgram,
    gap: float,
    seconds: float,
    known: float,
    progress: Progress,
    start: Decision | None,
) -> Decision:
    """The decision of a problem that is searched as it stands; known: a bound, in its unit."""
    scale = benefit_scale(problem)
    given = None if start is None else solution_of(program, start)
    best, gain, bound, status = None, -np.inf, np.inf, "limit"
    begun = time.monotonic()
    for word in _words(program, gap, seconds, known / scale, given):
        bound = min(bound, word.bound)
        status = word.status if word.status != "running" else status
        if word.solution is not None:
            found = float(program.gain @ word.solution)
            best, gain = (word.solution, found) if found >= gain else (best, gain)
        reached = relative_gap(gain, bound)
        progress(_said(reached), _steps(reached, gap), _STEPS)
    if best is None:
        raise NoPlan(certain=status == "infeasible" and not np.isfinite(known))
    decision = settled(
        problem, program, best, bound=bound * scale, seconds=time.monotonic() - begun
    )
    if clash := broken(problem, decision):
        raise AssertionError(f"a plan was decided that breaks {len(clash)} rules: {clash[:3]}")
    return decision


def _narrowed(
    problem: Problem, gap: float, seconds: float, progress: Progress, start: Decision | None
) -> tuple[Narrow, float]:
    """The pairs that a plan of a large problem needs, and the bound of every plan."""
    kept, bound = None, np.inf
    for word in in_process(narrow, problem, gap, seconds=seconds):
        bound, kept = word.bound, word.kept
        progress(text("Finding what matters in a large plan"), 0, _STEPS)
    if kept is None:
        raise NoPlan(certain=False)
    if start is not None:
        kept = kept | (start.pairs > 0)
    return narrowed(problem, kept), bound


@dataclass(frozen=True)
class _Kept:
    """What the process tells of a large problem: the bound so far, in the unit of the benefit, and
    in the end which pairs are nearly worth their price."""

    bound: float
    kept: NDArray[np.bool_] | None = None


def narrow(send: Callable[[Any], None], problem: Problem, gap: float) -> None:
    """Sends the bound of a large problem as it falls, and in the end the pairs to be kept."""
    scale = benefit_scale(problem)
    found = priced(
        linear_program(problem, tight=False),
        gap / _PRICED,
        lambda bound: send(_Kept(bound * scale)),
    )
    if np.isfinite(found.bound):
        send(_Kept(found.bound * scale, found.worth > -_NEARLY))


def _words(
    program: LinearProgram, gap: float, seconds: float, known: float, start: Vector | None
) -> Iterator[_Found]:
    """What the search tells: from a process of its own, but for programmes that are solved sooner
    than a process is there."""
    if len(program.gain) > SMALL:
        most = max(seconds, 0.0) + GRACE
        return in_process(search, program, gap, seconds, known, start, seconds=most)
    words: list[_Found] = []
    search(words.append, program, gap, seconds, known, start)
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


def search(
    send: Callable[[Any], None],
    program: LinearProgram,
    gap: float,
    seconds: float,
    known: float = np.inf,
    start: Vector | None = None,
) -> None:
    """Sends every better solution of `program` and every better bound, as `_Found`.

    known: a bound that is known already. start: a solution that is.
    """
    deadline = time.monotonic() + seconds
    send(_Found(start, known))
    # a simplex that begins from nothing takes many times as long on the rows of pairs
    around = solve_linear(program, method="ipm")
    if around.solution is None:
        send(_Found(None, np.inf, around.status))
        return
    bound = min(known, around.bound)
    send(_Found(None, bound))
    best: Outcome | None = None
    if start is not None:
        best = Outcome("limit", start, float(program.gain @ start), bound)
        if relative_gap(best.gain, bound) <= gap:
            send(_Found(start, bound, "optimal"))
            return
    for near, part in _neighbourhoods(program, around, start):
        # a part of the time for each: the whole search must have some as well
        share = (deadline - time.monotonic()) / 3
        found = solve_mixed(
            near,
            gap=gap * part,
            seconds=share,
            start=None if best is None else best.solution,
            enough=_enough(bound, gap),
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
        enough=_enough(known, gap),
        tell=lambda solution, lower: send(_Found(solution, min(bound, lower))),
    )
    send(_Found(whole.solution, min(bound, whole.bound), whole.status))


def _enough(bound: float, gap: float) -> float:
    """The gain that lies within the gap of the bound."""
    return bound / (1 + gap) if bound > 0 else bound * (1 + gap)


def _neighbourhoods(
    program: LinearProgram, relaxed: Outcome, start: Vector | None
) -> Iterator[tuple[LinearProgram, float]]:
    """Ever wider parts of the programme around its relaxation, each small enough to be searched:
    the pairs and groups that it and the start use, and then all pairs that are nearly worth their
    price (the kernels of Angelelli, Mansini and Speranza 2010). With each, the part of the gap to
    which it is searched: the first is only a beginning."""
    assert relaxed.solution is not None
    assert relaxed.prices is not None
    people = program.columns["seats_of_class"]
    used = np.stack([each for each in (relaxed.solution, start) if each is not None])
    taken = (used[:, people] > _BROKEN).any(axis=0)
    worth = program.gain[people] - program.matrix[:, people].T @ relaxed.prices
    groups = np.ceil(used[:, program.columns["groups"]] - _BROKEN).max(axis=0)
    most, all_groups = program.upper[people], program.upper[program.columns["groups"]]
    for nearly, open_groups, part in ((0.0, groups, 1.0), (_NEARLY, all_groups, 0.5)):
        kept = taken | (worth > -nearly)
        people_there = np.where(kept, most, 0.0)
        yield (
            within(program, {"seats_of_class": (0.0, people_there), "groups": (0.0, open_groups)}),
            part,
        )
