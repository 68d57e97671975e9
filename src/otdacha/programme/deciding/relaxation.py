"""The relaxation of a programme with those of its implied rows that fractions break."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from otdacha.programme.deciding.highs import Outcome, Warm
from otdacha.programme.deciding.linear_program import LinearProgram

Whole = NDArray[np.int64]

_BROKEN = 1e-4
"""By how much a fraction may break an implied row: it gains next to nothing by that."""


def relaxed(program: LinearProgram, *, seconds: float = np.inf) -> tuple[LinearProgram, Outcome]:
    """The programme with the implied rows that matter, and its best solution in fractions.

    Rows that a solution breaks are added and it is solved again from where it was (a cutting plane
    method: Dantzig, Fulkerson and Johnson 1954), until none is broken: a union breaks a few dozen
    of its ten thousand. Where time runs out the outcome says so; a bound it has not.
    """
    deadline = time.monotonic() + seconds
    warm = Warm(program, method="ipm")
    found = warm.solve(seconds=seconds)
    implied = program.implied
    if implied is None:
        return program, found
    added: list[Whole] = []
    while found.solution is not None:
        over = found.solution[implied.variable] - implied.most * found.solution[implied.other]
        new = np.flatnonzero(over > _BROKEN)
        new = np.setdiff1d(new, np.concatenate([np.zeros(0, dtype=np.int64), *added]))
        if not len(new):
            break
        added.append(new)
        warm.also(implied.variable[new], implied.other[new], implied.most[new])
        found = warm.solve(seconds=deadline - time.monotonic())
    return _with_implied(program, added), found


def _with_implied(program: LinearProgram, added: list[Whole]) -> LinearProgram:
    """The programme with so many of its implied rows, in the order in which they were added."""
    implied = program.implied
    if implied is None or not added:
        return program
    rows = np.concatenate(added)
    each = np.arange(len(rows))
    tighter = program.with_rows(
        [implied.rule[row] for row in rows.tolist()],
        (each, implied.variable[rows], 1.0),
        (each, implied.other[rows], -implied.most[rows]),
        upper=np.zeros(len(rows)),
    )
    return replace(tighter, implied=None)
