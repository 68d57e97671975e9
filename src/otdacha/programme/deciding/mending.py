"""A plan to begin with, where the one that is under way breaks a rule today.

People leave, others must be trained who did not have to be, and the money is promised already. A
plan under way has to go on all the same: whoever must be trained and finds no place waits, as few
people as can be found, and the plan says so. (A plan that is made for the first time is not made
like that: there the rules that clash are explained, and can be changed.)
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from otdacha.programme.deciding.highs import Vector
from otdacha.programme.deciding.linear_program import LinearProgram
from otdacha.programme.deciding.model import MANDATORY, linear_program
from otdacha.programme.deciding.settle import Decision, settled, solution_of
from otdacha.programme.deciding.solve import LARGE, words_of
from otdacha.programme.problem import Problem

_WAITS = 10.0
"""Price of one person who must be trained and waits, in gains of the best seat."""


def mended(
    problem: Problem, start: Decision, *, gap: float, seconds: float
) -> tuple[Problem, Decision] | None:
    """A plan to begin with instead of `start`, and the problem whose rules it keeps: in it nobody
    of the classes that have to wait must be trained any more, though they may be.

    None where `start` breaks no rule, where nothing is found in time, and for a problem that is
    made small before it is searched.
    """
    program = linear_program(problem)
    must = np.flatnonzero(program.kinds == MANDATORY)
    if not len(must) or len(problem.benefit) > LARGE or solution_of(program, start) is not None:
        return None
    lenient = program.lenient(must, _WAITS * float(np.abs(program.gain).max()))
    begin = solution_of(lenient, start)
    found = begin
    for word in words_of(lenient, gap, seconds, np.inf, begin):
        if word.solution is not None and _better(lenient, word.solution, found):
            found = word.solution
    if found is None:
        return None
    solution, waiting = np.split(found, [len(program.gain)])
    of_class = np.array([program.rules[rule][2] for rule in program.rule[must]], dtype=np.int64)
    due = problem.mandatory.copy()
    due[of_class[np.rint(waiting) > 0]] = False
    loose = replace(problem, mandatory=due)
    decision = settled(loose, linear_program(loose), solution, bound=np.inf, seconds=0.0)
    return loose, decision


def _better(program: LinearProgram, one: Vector, other: Vector | None) -> bool:
    return other is None or float(program.gain @ one) > float(program.gain @ other)
