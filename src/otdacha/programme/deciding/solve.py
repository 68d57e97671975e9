"""Decide: a problem is searched as it stands, a country is made small by prices first.

Decision 0032 says why.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from otdacha.language import Text, text
from otdacha.programme.deciding.by_region import search_by_region
from otdacha.programme.deciding.checking import broken
from otdacha.programme.deciding.columns import best_of_class, priced
from otdacha.programme.deciding.highs import Vector, Whole, in_process
from otdacha.programme.deciding.linear_program import LinearProgram
from otdacha.programme.deciding.model import benefit_scale, linear_program
from otdacha.programme.deciding.narrowing import Narrow, narrowed
from otdacha.programme.deciding.search import Found, relative_gap, search
from otdacha.programme.deciding.settle import Decision, settled, solution_of
from otdacha.programme.deciding.whole_groups import too_few, whole_groups
from otdacha.programme.problem import Problem
from otdacha.progress import Progress, silent

GRACE = 10.0
"""Seconds that a search may run over its limit before its process is killed."""
LARGE = 100_000
"""Pairs of a problem that is made small before it is searched."""
_PRICED = 5
"""The prices of a large problem are found to this part of the gap."""
SMALL = 400
"""Columns of a programme that is not worth a process: it is solved before one is there."""
_STEPS = 1000
_NEARLY = 0.05
"""How much less than its price a pair may be worth to be searched, in median benefits of a seat."""
_USED, _BEST = 1e-3, 4
"""People in a pair that is searched anyway, and pairs of each class that are."""


class NoPlan(Exception):
    """No plan keeps all the rules; `otdacha.programme.clash.infeasible` says which ones clash.

    certain: whether that is proven, or time ran out before any plan was found.
    """

    def __init__(self, certain: bool) -> None:
        super().__init__("no plan keeps all the rules" if certain else "no plan found in time")
        self.certain = certain


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
    stays where nothing is found that is better by more than the gap, and one that breaks a rule of
    this problem is no start. The decision says its gap, which is above `gap` where time ran out,
    and at most about twice as much where a start stays. Deterministic in all but time.
    Raises NoPlan where no plan keeps all the rules or none was found in time.
    """
    begun = time.monotonic()
    if program is not None or len(problem.benefit) <= LARGE:
        program = program or linear_program(problem)
        return _decided(problem, program, gap, seconds, np.inf, progress, start)
    narrow, groups, bound = _narrowed(problem, gap, seconds, progress, start)
    left = seconds - (time.monotonic() - begun)
    small = narrow.problem
    inside = None if start is None else narrow.inside(start)
    found = _decided(small, linear_program(small), gap, left, bound, progress, inside, groups)
    return replace(narrow.widened(found, problem), seconds=time.monotonic() - begun)


def _decided(
    problem: Problem,
    program: LinearProgram,
    gap: float,
    seconds: float,
    known: float,
    progress: Progress,
    start: Decision | None,
    groups: Whole | None = None,
) -> Decision:
    """The decision of a problem that is searched as it stands; known: a bound, in its unit. groups:
    (O,) where seats are found region by region, of each run."""
    scale = benefit_scale(problem)
    given = None if start is None else solution_of(program, start)
    best, gain, bound, status = None, -np.inf, np.inf, "limit"
    begun = time.monotonic()
    if groups is None:
        words = words_of(program, gap, seconds, known / scale, given)
    else:
        most = max(seconds, 0.0) + GRACE
        told = (problem, program, groups, gap, seconds, known / scale)
        words = in_process(search_by_region, *told, seconds=most)
    for word in words:
        bound = min(bound, word.bound)
        status = word.status if word.status != "running" else status
        if word.solution is not None:
            found = float(program.gain @ word.solution)
            best, gain = (word.solution, found) if found >= gain else (best, gain)
        reached = relative_gap(gain, bound)
        progress(_said(reached), _steps(reached, gap), _STEPS)
    if best is None:
        raise NoPlan(certain=status == "infeasible" and not np.isfinite(known))
    if given is not None and relative_gap(float(program.gain @ given), gain) <= gap:
        best = given  # nobody is moved for what is as good
    decision = settled(
        problem, program, best, bound=bound * scale, seconds=time.monotonic() - begun
    )
    if clash := broken(problem, decision):
        raise AssertionError(f"a plan was decided that breaks {len(clash)} rules: {clash[:3]}")
    return decision


def _narrowed(
    problem: Problem, gap: float, seconds: float, progress: Progress, start: Decision | None
) -> tuple[Narrow, Whole, float]:
    """The pairs that a plan of a large problem needs, its groups, and the bound of every plan."""
    kept, groups, bound = None, None, np.inf
    for word in in_process(narrow, problem, gap, seconds=seconds):
        bound, kept, groups = word.bound, word.kept, word.groups
        progress(text("Finding what matters in a large plan"), 0, _STEPS)
    if kept is None or groups is None:
        raise NoPlan(certain=False)
    if start is not None:
        kept = kept | (start.pairs > 0)
    return narrowed(problem, kept), groups, bound


@dataclass(frozen=True)
class _Kept:
    """What the process tells of a large problem: the bound so far, in the unit of the benefit, and
    in the end which pairs are to be searched, and how many groups of each run."""

    bound: float
    kept: NDArray[np.bool_] | None = None
    groups: Whole | None = None


def narrow(send: Callable[[Any], None], problem: Problem, gap: float) -> None:
    """Sends the bound of a large problem as it falls, and in the end the pairs to be kept.

    Those are kept that are used or nearly worth their price, the best of each class where there are
    groups, and all of the runs to which more must come.
    """
    scale = benefit_scale(problem)
    found = priced(
        linear_program(problem),
        gap / _PRICED,
        lambda bound: send(_Kept(bound * scale)),
    )
    if not np.isfinite(found.bound):
        return
    groups = whole_groups(problem, found.people)
    kept = (found.worth > -_NEARLY) | (found.people > _USED) | (problem.meant > 0)
    kept |= too_few(problem, found.people, groups)[problem.pair_run]
    open_to = (groups[problem.pair_run] > 0) | problem.mandatory[problem.pair_class]
    rank = np.where(open_to, found.worth - found.worth.min() + 1.0, 0.0)
    kept[best_of_class(problem.pair_class, rank, _BEST)] = True
    send(_Kept(found.bound * scale, kept, groups))


def words_of(
    program: LinearProgram, gap: float, seconds: float, known: float, start: Vector | None
) -> Iterator[Found]:
    """What the search tells: from a process of its own, but for programmes that are solved sooner
    than a process is there."""
    if len(program.gain) > SMALL:
        most = max(seconds, 0.0) + GRACE
        return in_process(search, program, gap, seconds, known, start, seconds=most)
    words: list[Found] = []
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
