"""The relaxation of a programme with those of its implied rows that fractions break.

It is tight only with a row for each pair (nobody sits in a run without a group), and of these tens
of thousands of rows a few hundred matter. So a row is there from the first solution on that breaks
it (a cutting plane method: Dantzig, Fulkerson and Johnson 1954).
"""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from otdacha.programme.deciding.highs import Outcome, Vector, Warm
from otdacha.programme.deciding.linear_program import LinearProgram

Whole = NDArray[np.int64]

_BROKEN = 1e-7
_ROUGHLY = 1e-4
"""By how much a fraction may break an implied row: it gains next to nothing by that."""
_DUAL = 1


class Relaxed(Warm):
    """The relaxation of `program`, solved again and again with small changes.

    broken: by how much a solution may break an implied row; every solution that is told is that of
    the programme with all of them, but for that. added: places of the implied rows that are there,
    in the order in which they were added. method: as in `Warm`. near: the relaxation of a programme
    with the same variables and rows, which differs in what they gain, cost or may reach: with its
    implied rows, and from where it ended, this one is soon solved.
    """

    def __init__(
        self,
        program: LinearProgram,
        *,
        method: str = "simplex",
        broken: float = _BROKEN,
        near: Relaxed | None = None,
    ) -> None:
        super().__init__(program, method=method if near is None else "simplex")
        self.program = program
        self.added: Whole = np.empty(0, dtype=np.int64)
        self._broken = broken
        if near is not None:
            self._add(near.added)
            self.begin_at(near)

    def gains(self, gain: Vector, block: str | None = None) -> None:
        """As of any programme, but by the dual method: with other gains other rows come to matter,
        and once they are added it goes on by that one anyway."""
        super().gains(gain, block)
        self._solver.setOptionValue("simplex_strategy", _DUAL)

    def solve(self, *, seconds: float = np.inf) -> Outcome:
        """The best solution as things stand. prices: of the rows of `program`, then of others.

        Where time runs out it is that without the implied rows which were added last, and bounds
        every plan as well; without any solution the outcome says so, and has no bound.
        """
        deadline = time.monotonic() + seconds
        found = super().solve(seconds=seconds)
        while len(new := self._newly_broken(found)):
            self._add(new)
            tighter = super().solve(seconds=deadline - time.monotonic())
            if tighter.status == "limit" and found.prices is not None:
                return replace(found, prices=np.append(found.prices, np.zeros(len(new))))
            found = tighter
        return found

    def _add(self, rows: Whole) -> None:
        """Add implied rows, by their places."""
        implied = self.program.implied
        if implied is not None and len(rows):
            self.added = np.concatenate([self.added, rows])
            self.also(implied.variable[rows], implied.other[rows], implied.most[rows])

    def _newly_broken(self, found: Outcome) -> Whole:
        """The implied rows that are not there and that a solution breaks."""
        implied = self.program.implied
        if implied is None or found.solution is None:
            return np.empty(0, dtype=np.int64)
        over = found.solution[implied.variable] - implied.most * found.solution[implied.other]
        return np.setdiff1d(np.flatnonzero(over > self._broken), self.added)

    def tightened(self) -> LinearProgram:
        """The programme with so many of its implied rows, in the order in which they were added."""
        implied, rows = self.program.implied, self.added
        if implied is None or not len(rows):
            return self.program
        each = np.arange(len(rows))
        tighter = self.program.with_rows(
            [implied.rule[row] for row in rows.tolist()],
            (each, implied.variable[rows], 1.0),
            (each, implied.other[rows], -implied.most[rows]),
            upper=np.zeros(len(rows)),
        )
        return replace(tighter, implied=None)


def relaxed(program: LinearProgram, *, seconds: float = np.inf) -> tuple[LinearProgram, Outcome]:
    """The programme with the implied rows that matter, and its best solution in fractions.

    A union breaks a few dozen of its ten thousand. Where time runs out, as `Relaxed.solve`.
    """
    relaxation = roughly_relaxed(program)
    found = relaxation.solve(seconds=seconds)
    return relaxation.tightened(), found


def roughly_relaxed(program: LinearProgram, near: Relaxed | None = None) -> Relaxed:
    """The relaxation that a search begins with: implied rows may be broken by next to nothing.

    near: as in `Relaxed`, where there is one.
    """
    return Relaxed(program, method="ipm", broken=_ROUGHLY, near=near)
