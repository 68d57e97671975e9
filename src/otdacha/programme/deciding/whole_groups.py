"""How many groups of each run there are, where a relaxation says how many people would come."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from otdacha.programme.problem import Problem

Whole = NDArray[np.int64]
Vector = NDArray[np.float64]

_SOMEBODY = 0.05
_NEARLY = 1e-3


def whole_groups(problem: Problem, filled: Vector) -> Whole:
    """(O,) groups of each run, with room to either side of those who would come; where no number of
    groups takes just so many, the one that sends away or lacks fewest.

    filled: (O,) seats that are taken, in fractions; people who are held by a contract come as well.
    """
    come = filled + problem.held
    least, places = np.maximum(problem.least, 1), problem.places
    fewest = np.ceil(come / places - _NEARLY)
    most = np.minimum(np.floor(come / least + _NEARLY), problem.groups)
    possible = np.clip(np.rint(2 * come / (least + places)), fewest, np.maximum(fewest, most))
    more = np.minimum(most + 1, problem.groups)
    sent_away, lacking = come - places * most, least * more - come
    nearest = np.where(lacking <= sent_away, more, most)
    groups = np.where(fewest <= most, possible, nearest)
    return np.where(come > _SOMEBODY, groups, 0).astype(np.int64)
