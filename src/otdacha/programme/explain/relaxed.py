"""The relaxation of a problem, solved again and again with small changes.

It is tight only with a row for each pair (nobody sits in a run without a group), and of these tens
of thousands of rows a few hundred matter. So a row is there from the first solution on that breaks
it; every solution that is told breaks none, and is that of the programme with all of them.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from otdacha.programme.deciding.highs import Changing, Outcome, within
from otdacha.programme.deciding.model import linear_program
from otdacha.programme.problem import Problem

Vector = NDArray[np.float64]

_BROKEN = 1e-7


class Relaxed(Changing):
    """The relaxation of `problem`; `program` is what it is made of, rows of pairs apart.

    bounds: of blocks of variables, as in `within`.
    """

    def __init__(
        self,
        problem: Problem,
        bounds: Mapping[str, tuple[Vector | float, Vector | float]] | None = None,
    ) -> None:
        self.program = within(linear_program(problem, tight=False), bounds or {})
        super().__init__(self.program)
        self._run = problem.pair_run
        people = problem.people[problem.pair_class]
        self._most = np.minimum(people, problem.places[self._run]).astype(np.float64)
        self._missing = problem.least[self._run] > 1

    def solve(self) -> Outcome:
        """The best solution as things stand. prices: of the rows of `program`, then of others."""
        while True:
            found = super().solve()
            broken = self._broken(found)
            if not len(broken):
                return found
            self._add(broken)

    def _broken(self, found: Outcome) -> NDArray[np.int64]:
        """The pairs whose rows a solution breaks."""
        if found.solution is None:
            return np.empty(0, dtype=np.int64)
        sit = self.program.block("seats_of_class", found.solution)
        groups = self.program.block("groups", found.solution)
        return np.flatnonzero(
            self._missing & (sit > self._most * groups[self._run] + _BROKEN * self._most)
        )

    def _add(self, pairs: NDArray[np.int64]) -> None:
        """A row for each of the pairs: people of the pair less its places in the groups <= 0."""
        self._missing[pairs] = False
        sit = self.program.columns["seats_of_class"].start + pairs
        groups = self.program.columns["groups"].start + self._run[pairs]
        self._solver.addRows(
            len(pairs),
            np.full(len(pairs), -np.inf),
            np.zeros(len(pairs)),
            2 * len(pairs),
            np.arange(0, 2 * len(pairs), 2, dtype=np.int32),
            np.column_stack([sit, groups]).ravel().astype(np.int32),
            np.column_stack([np.ones(len(pairs)), -self._most[pairs]]).ravel(),
        )
