"""Whole seats of a large plan, region by region.

Whole seats of a whole country are not found at once. But once groups are given, towns are tied
together only by runs that are full or barely filled, and by money that they share. So each region
looks for its whole seats beside what the others use, in fractions until it was their turn; what
is lacking or overdrawn after that is mended by the towns that take part in it; and last each region
looks whether what the others left is good for more (a large neighbourhood search: Shaw 1998). What
comes out depends neither on how many cores there are nor on how fast they are, but for the end of
the time (decision 0032).
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from otdacha.programme.deciding.highs import Vector, Warm, Whole, solve_mixed, within
from otdacha.programme.deciding.linear_program import LinearProgram
from otdacha.programme.deciding.model import GROUPS, LEAST, MANDATORY, SHARED, towns_of
from otdacha.programme.deciding.search import Found, relative_gap, search
from otdacha.programme.problem import Problem

Flags = NDArray[np.bool_]

_AMISS = 30.0
"""Price of one unit that is lacking or overdrawn, in median benefits of a seat."""
_ROUGHLY = 0.002
"""The gap to which a region's seats are found."""
_LONGEST = 20.0
"""Seconds for a region at most: none needs so many."""
_AT_ONCE = 4
"""Regions that look at the same time, each beside what the others use before it."""
_CHANGES = 10
"""Times that groups are changed for those who are too few, or find no place."""
_TURNS = 6
_ROWS, _TOWNS = 10, 10
"""Rows that are mended together, and towns that take part for each of them, more by every turn."""
_SLIGHTLY = 1e-7
_NOTABLY = 1e-5


def search_by_region(
    send: Callable[[Any], None],
    problem: Problem,
    program: LinearProgram,
    groups: Whole,
    gap: float,
    seconds: float,
    known: float,
) -> None:
    """Sends every better solution of `program`, as `Found`; where regions come to an end before the
    gap does, the general search goes on from there.

    program: of `problem`. groups: (O,) of each run, to begin with. known: a bound.
    """
    deadline = time.monotonic() + seconds
    send(Found(None, known))
    best = None
    found = with_groups(problem, program, groups, deadline)
    if found is not None:
        held, fractions = found
        country = Country(held, towns_of(problem, program), problem.region, fractions, deadline)
        country.find_whole_seats()
        country.mend()
        while not len(country.amiss):
            best, gain = country.current.copy(), country.gain
            send(Found(best, known))
            if relative_gap(gain, known) <= gap:
                send(Found(None, known, "optimal"))
                return
            country.find_better_seats()
            if country.gain <= gain + _NOTABLY:
                break
    search(send, program, gap, deadline - time.monotonic(), known, best)


def with_groups(
    problem: Problem, program: LinearProgram, groups: Whole, deadline: float
) -> tuple[LinearProgram, Vector] | None:
    """The programme with whole groups, and its best solution with seats in fractions; None where
    that does not come to an end.

    A run for which too few people can be found has one group less, and where those who must be
    trained find no place there is one group more.
    """
    groups, most = groups.copy(), problem.groups.copy()
    rules = [program.rules[each] for each in program.rule]
    few = _rows(at for at, rule in enumerate(rules) if rule[0] == GROUPS and rule[2] == LEAST)
    must = _rows(at for at, rule in enumerate(rules) if rule[0] == MANDATORY)
    run = _rows(int(rules[row][1]) for row in few)
    of_class = _rows(int(rules[row][2]) for row in must)
    relaxation = Warm(
        _held(program, groups).lenient(np.concatenate([few, must]), _AMISS), method="ipm"
    )
    for _ in range(_CHANGES):
        found = relaxation.solve(seconds=deadline - time.monotonic()).solution
        if found is None:
            return None
        ends = len(program.gain), len(program.gain) + len(few)
        solution, too_few, untrained = np.split(found, ends)
        if max(too_few.max(initial=0.0), untrained.max(initial=0.0)) <= _NOTABLY:
            return _held(program, groups), solution
        waiting = np.zeros(len(problem.people))
        waiting[of_class] = untrained
        less = run[too_few > _NOTABLY]
        groups[less] = np.maximum(groups[less] - 1, 0)
        most[less] = groups[less]
        come = problem.held.astype(np.float64)
        np.add.at(come, problem.leg_run, program.block("seats", solution))
        full = come >= problem.places * groups - _NOTABLY
        more = _where_they_could(problem, full & (groups < most), waiting)
        groups[more] += 1
        changed = np.union1d(less, more)
        place = program.columns["groups"].start + changed
        relaxation.hold(place, groups[changed].astype(np.float64))
    return None


def _rows(numbers: Iterable[int]) -> Whole:
    return np.fromiter(numbers, dtype=np.int64)


def _held(program: LinearProgram, groups: Whole) -> LinearProgram:
    count = groups.astype(np.float64)
    return within(program, {"groups": (count, count)})


def _where_they_could(problem: Problem, possible: Flags, waiting: Vector) -> Whole:
    """For each class in which somebody is waiting, (C,), the run of those where one group more is
    `possible`, (O,), that could take most of all who are."""
    somebody = waiting[problem.pair_class] > _NOTABLY
    pairs = np.flatnonzero(possible[problem.pair_run] & somebody)
    run, of_class = problem.pair_run[pairs], problem.pair_class[pairs]
    could = np.zeros(len(possible))
    np.add.at(could, run, waiting[of_class])
    rank = np.lexsort((-problem.benefit[pairs], -could[run], of_class))
    first = np.unique(of_class[rank], return_index=True)[1]
    return np.unique(run[rank[first]])


@dataclass
class Country:
    """A plan on its way from fractions to whole seats.

    current: (columns,) as it stands. A part of the plan that is decided anew is some of the
    variables; all others stay as they are, and so does what they use of each row.
    """

    program: LinearProgram
    town: Whole
    region: Whole
    current: Vector
    deadline: float

    def __post_init__(self) -> None:
        self._by_column = self.program.matrix.tocsc()
        self._width = np.diff(self.program.matrix.indptr)
        self.look()
        self._open = self.program.lower < self.program.upper
        sizes = np.bincount(self.region[self.town[self.town >= 0]], minlength=1)
        self._regions = np.argsort(-sizes, kind="stable")

    @property
    def gain(self) -> float:
        return float(self.program.gain @ self.current)

    @property
    def amiss(self) -> Whole:
        """Rows that are broken."""
        return np.flatnonzero(_broken(self.program, self._used) > _NOTABLY)

    def look(self) -> None:
        """Count anew what is used of each row."""
        self._used = self.program.matrix @ self.current

    def find_whole_seats(self) -> None:
        """Region by region, beside what the others use."""
        for parts, found in self._regions_anew(begin=False):
            for part, solution in zip(parts, found, strict=True):
                self._take(part, solution)

    def mend(self) -> None:
        """What is lacking or overdrawn, a few rows at a time, by more and more towns."""
        for turn in range(1, _TURNS + 1):
            amiss = self.amiss
            for first in range(0, len(amiss), _ROWS):
                if time.monotonic() > self.deadline:
                    return
                rows = np.intersect1d(amiss[first : first + _ROWS], self.amiss)
                if len(rows):
                    part = self._columns_of(self._towns_of(rows, turn))
                    self._take(part, self._decided_anew(part, begin=False))
            self.look()

    def find_better_seats(self) -> None:
        """Region by region again, where others left something; nothing is taken that breaks a rule
        or gains less."""
        for parts, found in self._regions_anew(begin=True):
            for part, solution in zip(parts, found, strict=True):
                before, used, gain = self.current.copy(), self._used.copy(), self.gain
                self._take(part, solution)
                if self.gain < gain or len(self.amiss):
                    self.current, self._used = before, used

    def _regions_anew(self, *, begin: bool) -> Iterator[tuple[list[Whole], list[Vector | None]]]:
        """Regions of about the same size and what they found, some at a time: what one takes the
        next ones know of. Where something belongs to no town it is decided with every region, and
        regions wait for each other."""
        at_once = 1 if (self._open & (self.town == SHARED)).any() else _AT_ONCE
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            for first in range(0, len(self._regions), at_once):
                if time.monotonic() > self.deadline:
                    return
                some = self._regions[first : first + at_once]
                parts = [self._columns_of(np.flatnonzero(self.region == each)) for each in some]
                yield (
                    parts,
                    list(pool.map(lambda part: self._decided_anew(part, begin=begin), parts)),
                )

    def _columns_of(self, towns: Whole) -> Whole:
        """The variables of some towns that are open, and those that belong to none."""
        return np.flatnonzero(self._open & (np.isin(self.town, towns) | (self.town == SHARED)))

    def _towns_of(self, rows: Whole, turn: int) -> Whole:
        """The towns that use most of each row; by and by others that could."""
        towns: list[Whole] = []
        for row in rows:
            here = slice(*self.program.matrix.indptr[row : row + 2])
            column = self.program.matrix.indices[here]
            use = np.abs(self.program.matrix.data[here]) * self.current[column]
            rank = np.lexsort((-self.program.gain[column], -use))
            rank = rank[(self.town[column[rank]] >= 0) & ((use[rank] > _NOTABLY) | (turn > 1))]
            known, first = np.unique(self.town[column[rank]], return_index=True)
            towns.append(known[np.argsort(first)][: turn * _TOWNS])
        return np.unique(np.concatenate(towns))

    def _take(self, part: Whole, solution: Vector | None) -> None:
        if solution is not None:
            self._used += self._by_column[:, part] @ (solution - self.current[part])
            self.current[part] = solution

    def _decided_anew(self, part: Whole, *, begin: bool) -> Vector | None:
        """The best of a part beside everything else; begin: from how it stands.

        Rows that it shares may be broken at a price, but only those where it cannot stay as it is:
        a row is dear to the solver. Where that is not enough, all of them.
        """
        for everywhere in (False, True):
            small = self._part(part, everywhere)
            start = None
            if begin:
                start = np.zeros(len(small.gain))
                start[: len(part)] = self.current[part]
            found = solve_mixed(
                small,
                gap=_ROUGHLY,
                seconds=min(_LONGEST, self.deadline - time.monotonic()),
                start=start,
                branch=False,
            ).solution
            if found is not None:
                return found[: len(part)]
        return None

    def _part(self, part: Whole, everywhere: bool) -> LinearProgram:
        """A part as a programme of its own; after its variables what is lacking and overdrawn."""
        program = self.program
        columns = self._by_column[:, part].tocsr()
        rows = np.flatnonzero(np.diff(columns.indptr))
        matrix = columns[rows]
        others = self._used[rows] - matrix @ self.current[part]
        lower, upper = program.row_lower[rows] - others, program.row_upper[rows] - others
        shared = np.diff(matrix.indptr) < self._width[rows]
        if not everywhere:
            current = self.current[part]
            fraction = program.whole[part] & (np.abs(current - np.rint(current)) > _NOTABLY)
            broken = _broken(program, self._used)[rows] > _NOTABLY
            shared &= broken | (abs(matrix) @ fraction.astype(np.float64) > 0)
        loose = np.flatnonzero(shared)
        count = len(loose)
        slack = sparse.csr_array(
            (
                np.r_[np.ones(count), -np.ones(count)],
                (np.r_[loose, loose], np.arange(2 * count)),
            ),
            shape=(len(rows), 2 * count),
        )
        return replace(
            program,
            gain=np.r_[program.gain[part], np.full(2 * count, -_AMISS)],
            lower=np.r_[program.lower[part], np.zeros(2 * count)],
            upper=np.r_[program.upper[part], np.full(2 * count, np.inf)],
            whole=np.r_[program.whole[part], np.zeros(2 * count, dtype=np.bool_)],
            matrix=sparse.csr_array(sparse.hstack([matrix, slack], format="csr")),
            row_lower=lower - _SLIGHTLY,
            row_upper=upper + _SLIGHTLY,
            rule=program.rule[rows],
            columns={},
            implied=None,
        )


def _broken(program: LinearProgram, used: Vector) -> Vector:
    """(rows,) by how much each row is broken."""
    over = np.maximum(program.row_lower - used, used - program.row_upper)
    return np.asarray(np.maximum(over, 0.0))
