"""The search: groups first, then seats, then everything at once.

Groups tie towns together and are few; seats are many and tied by the money of single towns. A
search that takes both at once finds good plans late. So: the relaxation, which bounds every plan;
the best groups where seats may be fractions; the best seats in those groups; and then the solver
searches everything from there, in the time that is left, which also lowers the bound. It ends where
the best plan is within the gap of the bound (decision 0032).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from otdacha.programme.deciding.highs import (
    Done,
    Outcome,
    Tell,
    Vector,
    solve_linear,
    solve_mixed,
    within,
)
from otdacha.programme.deciding.linear_program import LinearProgram
from otdacha.programme.deciding.relaxation import relaxed

_NEARLY, _LESS_NEARLY, _MOST_NEARLY = 0.3, 3.0, 0.1
"""How much less than its price a pair may be worth to be looked at: in median seats' benefits."""
_RELAXING = 0.4
"""The part of the time in which implied rows are added to the relaxation."""
_USED = 1e-6
_ROUGHLY = 0.0005
"""The gap to which groups and seats are found, where no wider one is asked for."""


@dataclass(frozen=True)
class Found:
    """What a search tells: a solution or nothing new, and the bound so far."""

    solution: Vector | None
    bound: float
    status: str = "running"


def search(
    send: Callable[[Any], None],
    program: LinearProgram,
    gap: float,
    seconds: float,
    known: float = np.inf,
    start: Vector | None = None,
) -> None:
    """Sends every better solution of `program` and every better bound, as `Found`.

    known: a bound that is known already. start: a solution that is.
    """
    deadline = time.monotonic() + seconds
    send(Found(start, known))
    program, around = relaxed(program, seconds=seconds * _RELAXING)
    if around.solution is None:
        send(Found(None, known, around.status))
        return
    at_work = Searching(send, program, around, gap, deadline, min(known, around.bound))
    at_work.begin_with(start)
    send(Found(None, at_work.bound))
    steps = (
        at_work.begin,
        at_work.find_better_groups,
        at_work.search_everything,
    )
    for step in steps:
        if at_work.ended:
            break
        step()
    send(Found(at_work.solution, at_work.bound, at_work.status))


@dataclass
class Searching:
    """A search at work: what it found so far, and the steps that go on from there.

    around: the relaxation of `program`. bound: no plan gains more. held: the programme with the
    groups that were found last, and its relaxation.
    """

    send: Callable[[Any], None]
    program: LinearProgram
    around: Outcome
    gap: float
    deadline: float
    bound: float
    best: Outcome | None = None
    held: tuple[LinearProgram, Outcome] | None = None
    status: str = "limit"

    @property
    def solution(self) -> Vector | None:
        return None if self.best is None else self.best.solution

    @property
    def ended(self) -> bool:
        """Whether the best plan is within the gap, or there is none for certain."""
        if self.best is not None and relative_gap(self.best.gain, self.bound) <= self.gap:
            self.status = "optimal"
        return self.status != "limit"

    def begin_with(self, start: Vector | None) -> None:
        """Take a solution that is known, if any, for the best so far."""
        if start is not None:
            self.best = Outcome("limit", start, float(self.program.gain @ start), np.inf)

    def sketch(self, soon: float) -> None:
        """Find a plan, and go on until `soon` (of the monotonic clock); where there is none by
        then, look in many more groups, and in everything once more for as long."""
        seconds = soon - time.monotonic()
        self.find_a_plan()
        for step in (self.find_better_seats, self.find_better_groups):
            if self.ended or (self.best is not None and time.monotonic() > soon):
                return
            step()
        again = time.monotonic() + seconds if self.best is None else soon
        self.deadline = min(self.deadline, again)
        if not self.ended and time.monotonic() < self.deadline:
            self.search_everything()

    def find_a_plan(self) -> None:
        """Groups by the pairs that matter most, and seats by what the solver sees at once."""
        self._find_groups(_NEARLY)
        self._find_seats(_MOST_NEARLY, branch=False)

    def begin(self) -> None:
        """A plan, then better seats; and beside that the bound, by the solver's cuts.

        The cuts are made in a thread, and without a plan to begin with: the solver makes fewer
        where it is given one. They end where they prove the first plan good enough; the seats where
        they are good enough for the bound that came out. What counts is the first bound and the
        first seats that are, whichever thread is ahead: a plan must not depend on how busy a
        machine is.
        """
        bounds: list[float] = []
        seats: list[Vector] = []
        proven, enough = [-np.inf], [np.inf]

        def low(gain: float, bound: float) -> bool:
            bounds.append(bound)
            return bound <= proven[0]

        def keep(solution: Vector | None, bound: float) -> None:
            if solution is not None:
                seats.append(solution)

        def lowest(cutting: Future[Outcome]) -> float:
            bounds.append(cutting.result().bound)
            return next((each for each in bounds if each <= proven[0]), min(bounds))

        def judge(cutting: Future[Outcome]) -> None:
            self.bound = min(self.bound, lowest(cutting))
            enough[0] = -np.inf if self.ended else _enough(self.bound, self.gap)

        with ThreadPoolExecutor(1) as beside:
            cutting = beside.submit(
                self._searched, self.program, branch=False, look=False, done=low, tell=_nothing
            )
            self.find_a_plan()
            if self.best is not None:
                proven[0] = np.inf if self.ended else _proven(self.best.gain, self.gap)
            cutting.add_done_callback(judge)
            found = self._seats(
                _NEARLY,
                self.solution,
                done=lambda gain, bound: gain >= enough[0],
                tell=lambda solution, bound: (
                    seats.append(solution) if solution is not None else None
                ),
            )
        if not self.ended and found is not None:
            gains = [float(self.program.gain @ each) for each in seats]
            good = [at for at, gain in enumerate(gains) if gain >= enough[0]]
            first = replace(found, solution=seats[good[0]], gain=gains[good[0]]) if good else found
            self._keep(first)
        self.send(Found(self.solution, self.bound))

    def find_better_seats(self) -> None:
        """In the same groups, from the seats that there are."""
        self._find_seats(_NEARLY, start=self.solution)

    def find_better_groups(self) -> None:
        """By many more pairs: where few people share much money, prices say less."""
        self._find_groups(_LESS_NEARLY)
        self._find_seats(_NEARLY)

    def search_everything(self) -> None:
        """From the best plan so far, for all the time that is left."""
        found = self._searched(
            self.program, seconds=self.deadline - time.monotonic(), start=self.solution
        )
        self._keep(found)
        self.status = found.status

    def _find_groups(self, nearly: float) -> None:
        """The best groups of each run where seats may be fractions."""
        whole: NDArray[np.bool_] = self.program.whole.copy()
        whole[self.program.columns["seats"]] = False
        kernel = replace(_kernel(self.program, self.around, nearly), whole=whole)
        found = solve_mixed(kernel, gap=self._roughly, seconds=self._a_part_of_the_time).solution
        self.held = None
        if found is not None:
            groups = np.rint(self.program.block("groups", found))
            held = within(self.program, {"groups": (groups, groups)})
            self.held = held, solve_linear(held)

    def _find_seats(
        self, nearly: float, *, start: Vector | None = None, branch: bool = True
    ) -> None:
        """The best seats in the groups as they stand."""
        found = self._seats(nearly, start, branch=branch)
        if found is not None:
            self._keep(found)

    def _seats(self, nearly: float, start: Vector | None, **how: Any) -> Outcome | None:
        if self.held is None or self.held[1].solution is None:
            return None
        kernel = _kernel(*self.held, nearly)
        return replace(self._searched(kernel, gap=self._roughly, start=start, **how), bound=np.inf)

    def _searched(
        self,
        program: LinearProgram,
        *,
        gap: float | None = None,
        seconds: float | None = None,
        start: Vector | None = None,
        branch: bool = True,
        look: bool = True,
        done: Done | None = None,
        tell: Tell | None = None,
    ) -> Outcome:
        everything = program is self.program
        enough = _enough(self.bound, self.gap)

        def say(solution: Vector | None, bound: float) -> None:
            lower = min(self.bound, bound) if everything else self.bound
            if solution is not None or lower < self.bound:
                self.send(Found(solution, lower))

        return solve_mixed(
            program,
            gap=self.gap if gap is None else gap,
            seconds=self._a_part_of_the_time if seconds is None else seconds,
            start=start,
            branch=branch,
            look=look,
            done=done or (lambda gain, bound: gain >= enough),
            tell=tell or say,
        )

    def _keep(self, found: Outcome) -> None:
        self.bound = min(self.bound, found.bound)
        if found.solution is not None and (self.best is None or found.gain > self.best.gain):
            self.best = found

    @property
    def _a_part_of_the_time(self) -> float:
        """Seconds for a step: there must be time for those after it."""
        return (self.deadline - time.monotonic()) / 4

    @property
    def _roughly(self) -> float:
        return max(self.gap / 2, _ROUGHLY)


def relative_gap(gain: float, bound: float) -> float:
    """How far the bound lies above the gain, as a share of it; inf where there is no plan yet."""
    if not np.isfinite(gain) or not np.isfinite(bound):
        return float("inf")
    return max(0.0, bound - gain) / max(abs(gain), _USED)


def _enough(bound: float, gap: float) -> float:
    """The gain that lies within the gap of the bound."""
    return bound / (1 + gap) if bound > 0 else bound * (1 + gap)


def _proven(gain: float, gap: float) -> float:
    """The bound from which on a gain lies within the gap."""
    return gain * (1 + gap) if gain > 0 else gain * (1 - gap)


def _nothing(solution: Vector | None, bound: float) -> None:
    """Told to nobody."""


def _kernel(program: LinearProgram, around: Outcome, nearly: float) -> LinearProgram:
    """The programme with the pairs that a relaxation uses, and those that are nearly worth their
    price there (kernel search: Angelelli, Mansini and Speranza 2010)."""
    assert around.solution is not None
    assert around.prices is not None
    people = program.columns["seats_of_class"]
    worth = program.gain[people] - program.matrix[:, people].T @ around.prices
    kept = (program.block("seats_of_class", around.solution) > _USED) | (worth > -nearly)
    return within(program, {"seats_of_class": (0.0, np.where(kept, program.upper[people], 0.0))})
