"""The relaxation of a problem, solved again and again with small changes.

It is tight only with a row for each pair (nobody sits in a run without a group), and of these tens
of thousands of rows a few hundred matter. So a row is there from the first solution on that breaks
it; every solution that is told breaks none, and is that of the programme with all of them.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from otdacha.programme.deciding.highs import Outcome, Warm, within
from otdacha.programme.deciding.model import linear_program
from otdacha.programme.problem import Problem

Vector = NDArray[np.float64]
Whole = NDArray[np.int64]

_BROKEN = 1e-7
_DUAL = 1


class Relaxed(Warm):
    """The relaxation of `problem`; `program` is what it is made of, implied rows apart.

    bounds: of blocks of variables, as in `within`.
    """

    def __init__(
        self,
        problem: Problem,
        bounds: Mapping[str, tuple[Vector | float, Vector | float]] | None = None,
    ) -> None:
        self.program = within(linear_program(problem), bounds or {})
        super().__init__(self.program)
        implied = self.program.implied
        self._missing = np.ones(0 if implied is None else len(implied.most), dtype=np.bool_)

    def gains(self, gain: Vector, block: str | None = None) -> None:
        """As of any programme; measured here, the dual method goes on twice as fast, for with other
        gains other rows come to matter as well."""
        super().gains(gain, block)
        self._solver.setOptionValue("simplex_strategy", _DUAL)

    def solve(self, *, seconds: float = np.inf) -> Outcome:
        """The best solution as things stand. prices: of the rows of `program`, then of others."""
        while True:
            found = super().solve(seconds=seconds)
            broken = self._broken(found)
            implied = self.program.implied
            if implied is None or not len(broken):
                return found
            self._missing[broken] = False
            self.also(implied.variable[broken], implied.other[broken], implied.most[broken])

    def _broken(self, found: Outcome) -> Whole:
        """The implied rows that are not there and that a solution breaks."""
        implied = self.program.implied
        if implied is None or found.solution is None:
            return np.empty(0, dtype=np.int64)
        most = implied.most * found.solution[implied.other] + _BROKEN * implied.most
        return np.flatnonzero(self._missing & (found.solution[implied.variable] > most))
