"""How many groups of each run there are, where a relaxation says how many people would come."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from otdacha.programme.problem import Problem

Whole = NDArray[np.int64]
Vector = NDArray[np.float64]

_SOMEBODY = 0.05
_NEARLY = 1e-3


def whole_groups(problem: Problem, people: Vector) -> Whole:
    """(O,) groups of each run, with room to either side of those who would come; where no number of
    groups takes just so many, the one that sends away or lacks fewest. Those who must be trained
    are not sent away where there would be no group at all.

    people: (K,) in each pair, in fractions; those who are held by a contract come as well.
    """
    must = problem.mandatory[problem.pair_class]
    come = _of_run(problem, people) + problem.held
    least, places = np.maximum(problem.least, 1), problem.places
    fewest = np.ceil(come / places - _NEARLY)
    most = np.minimum(np.floor(come / least + _NEARLY), problem.groups)
    possible = np.clip(np.rint(2 * come / (least + places)), fewest, np.maximum(fewest, most))
    more = np.minimum(most + 1, problem.groups)
    sent_away, lacking = come - places * most, least * more - come
    needed = (most == 0) & (_of_run(problem, people * must) > _SOMEBODY)
    nearest = np.where((lacking <= sent_away) | needed, more, most)
    groups = np.where(fewest <= most, possible, nearest)
    return np.where(come > _SOMEBODY, groups, 0).astype(np.int64)


def too_few(problem: Problem, people: Vector, groups: Whole) -> NDArray[np.bool_]:
    """(O,) whether more must come to a run than would."""
    come = _of_run(problem, people) + problem.held
    return np.asarray(come < problem.least * groups - _NEARLY)


def _of_run(problem: Problem, people: Vector) -> Vector:
    count = np.zeros(len(problem.run_names))
    np.add.at(count, problem.pair_run, people)
    return count
