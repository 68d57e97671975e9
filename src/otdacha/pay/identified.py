"""Whether the cost of a few people follows from sums of costs that are told.

Costs of a year are numbers by town and measure. What is told of them are sums, and whoever has sums
has every combination of them: a town's cost by source less so much of another source, the cost of a
measure less what it costs in all towns but one. A few people's cost follows exactly where one of
these combinations has weights on their costs and on nothing else (the identification of linear
functionals: Rao 1973, *Linear Statistical Inference and Its Applications*, 4a.2).

Towns hang together only by sums over all of them, and these weigh a measure alike everywhere. So
it is enough to look for the weights of measures that every other town can undo with what is told of
it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Mask = NDArray[np.bool_]

_NOUGHT = 1e-9
"""Parts of sources are told to a hundredth of a percent: smaller weights are none."""


@dataclass(frozen=True)
class Costs:
    """Costs of a year, and what is told of them.

    people: (towns, measures) who receive something; a cost of nobody is known to be none. told: of
    each town (sums, measures), which of its costs are added up, with which weights. common: (sums,
    measures), the same of the costs of all towns together.
    """

    people: Whole
    told: Sequence[Floats]
    common: Floats

    def followed_in(self, few: Mask) -> list[int]:
        """The towns of which costs that are `few` (towns, measures) follow, one or some together:
        the few of one town may be the same people."""
        kinds = self._kinds(few)
        walls = [self._wall_beside(kind, np.zeros_like(few)) for kind in kinds]
        all_walls = self._strange + sum(
            len(towns) * wall for towns, wall in zip(kinds.values(), walls, strict=True)
        )
        found = [
            towns
            for (kind, towns), wall in zip(kinds.items(), walls, strict=True)
            if self._isolated(kind, few, all_walls - wall + self._wall_beside(kind, few))
        ]
        return sorted(town for towns in found for town in towns)

    def followed_of(self, bundles: Sequence[Mask]) -> list[int]:
        """The towns by which something follows of costs of several towns together.

        bundles: (towns, measures), one after another those of which nothing may follow, of any of
        them nor of some together.
        """
        found: set[int] = set()
        for few in bundles:
            kinds = self._kinds(few)
            walls = self._strange + sum(
                len(towns) * self._wall_beside(kind, few) for kind, towns in kinds.items()
            )
            for kind, towns in kinds.items():
                if self._isolated(kind, few, walls):
                    found.update(towns)
        return sorted(found)

    def _kinds(self, few: Mask) -> dict[int, list[int]]:
        """Towns that are alike, by the first of them: they pay the same measures, of which the same
        are `few`, and tell the same sums. What follows of one follows of each."""
        kinds: dict[tuple[bytes, ...], list[int]] = {}
        for town, forms in enumerate(self.told):
            paid = self.people[town] > 0
            alike = (forms.tobytes(), paid.tobytes(), (few[town] & paid).tobytes())
            kinds.setdefault(alike, []).append(town)
        return {towns[0]: towns for towns in kinds.values()}

    @property
    def _strange(self) -> Floats:
        """What no combination of the common sums weighs."""
        held = _row_space(self.common)
        return np.eye(self.people.shape[1]) - held.T @ held

    def _wall_beside(self, town: int, few: Mask) -> Floats:
        return _wall(self.told[town], (self.people[town] > 0) & ~few[town])

    def _isolated(self, town: int, few: Mask, walls: Floats) -> bool:
        """Whether a combination of what is told has weights on `few` of the town, and beside it on
        nothing but what is behind `walls`."""
        paid = self.people[town] > 0
        inside = few[town, paid]
        forms = np.vstack([self.told[town], _null_space(walls)])[:, paid]
        return bool(inside.any()) and _rank(forms[:, ~inside]) < _rank(forms)


def _wall(forms: Floats, paid: Mask) -> Floats:
    """What of weights on a town's measures (measures, measures) its own sums cannot undo, of those
    that are paid there: its null space are the weights that they can."""
    beyond = np.zeros((0, paid.size))
    if paid.any():
        free = _null_space(forms[:, paid])
        beyond = np.zeros((free.shape[0], paid.size))
        beyond[:, paid] = free
    wall: Floats = beyond.T @ beyond
    return wall


def _row_space(forms: Floats) -> Floats:
    """An orthonormal basis of the combinations of forms, in rows."""
    _, sizes, rows = np.linalg.svd(forms)
    basis: Floats = rows[: int((sizes > _NOUGHT).sum())]
    return basis


def _null_space(forms: Floats) -> Floats:
    """An orthonormal basis of what all forms weigh with nought, in rows."""
    _, sizes, rows = np.linalg.svd(forms)
    basis: Floats = rows[int((sizes > _NOUGHT).sum()) :]
    return basis


def _rank(forms: Floats) -> int:
    return 0 if 0 in forms.shape else int(np.linalg.matrix_rank(forms, tol=_NOUGHT))
