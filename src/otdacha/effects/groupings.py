"""Groupings of rows, and all that a mixed model needs to know of the rows: their cross-products.

Rows (people, ratings) fall into levels of several groupings (provider, teacher, department), nested
or crossed. The likelihood sees the rows only through counts and sums by level, so the search for
the variances costs the same for 10⁴ rows and for 10⁷. Source: Bates, Mächler, Bolker and Walker
(2015), J. Stat. Softw. 67(1), section 3.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy import sparse

from otdacha.effects.cells import Floats, Ints
from otdacha.effects.elimination import sums_by, totals


@dataclass(frozen=True)
class Grouping:
    """One grouping of N rows: level (N,) numbers each row's level, `names` are the levels'."""

    name: str
    level: Ints
    names: tuple[str, ...]

    @classmethod
    def of(cls, column: pl.Series) -> Grouping:
        """The levels of a column, sorted by name."""
        written = column.cast(pl.String)
        names = written.unique().sort()
        level = written.replace_strict(names, range(len(names)), return_dtype=pl.Int64)
        return cls(column.name, level.to_numpy(), tuple(names))

    @property
    def levels(self) -> int:
        return len(self.names)

    @property
    def rows(self) -> Floats:
        """The number of rows of each level, (levels,)."""
        return totals(self.level, np.ones(len(self.level)), self.levels)

    def same_rows(self, other: Grouping) -> tuple[Ints, Ints]:
        """Pairs of levels, one of each grouping, that hold exactly the same rows."""
        pair, shared = np.unique(self.level * other.levels + other.level, return_counts=True)
        mine, theirs = np.divmod(pair, other.levels)
        same = (shared == self.rows[mine]) & (shared == other.rows[theirs])
        return mine[same], theirs[same]

    def nests_in(self, other: Grouping) -> bool:
        """Whether all rows of each level are of one level of the other grouping."""
        pairs = np.unique(self.level * other.levels + other.level)
        return len(pairs) == self.levels

    def is_the_same_as(self, other: Grouping) -> bool:
        """Whether both split the rows in the same way, whatever they call the parts."""
        return len(self.same_rows(other)[0]) == self.levels == other.levels


@dataclass(frozen=True)
class CrossProducts:
    """Counts and sums of rows by level; the grouping with most levels stands apart, as `first`.

    With q₁ levels of the first grouping, q₂ of all others together and W = [X y] of P + 1 columns:
    order: places of the groupings as they were given, the first one first. sizes: their levels.
    first (q₁,): rows of each of its levels. between (q₁, q₂), others (q₂, q₂): rows that two levels
    share. first_w (q₁, P + 1), others_w (q₂, P + 1), ww (P + 1, P + 1): Z'W and W'W.
    """

    rows: int
    order: tuple[int, ...]
    sizes: tuple[int, ...]
    first: Floats
    between: sparse.csr_array
    others: sparse.csr_array
    first_w: Floats
    others_w: Floats
    ww: Floats

    @classmethod
    def of(cls, groupings: Sequence[Grouping], w: Floats) -> CrossProducts:
        """Sums over rows: w (N, P + 1) holds the columns of X and, last, the outcome."""
        order = tuple(sorted(range(len(groupings)), key=lambda place: -groupings[place].levels))
        first, *others = (groupings[place] for place in order)
        one = np.ones(len(w))
        blocks = [[_shared(a, b) for b in others] for a in others]
        return cls(
            rows=len(w),
            order=order,
            sizes=tuple(groupings[place].levels for place in order),
            first=first.rows,
            between=_joined([[_shared(first, other) for other in others]], (first.levels, 0)),
            others=_joined(blocks, (0, 0)),
            first_w=sums_by(first.level, one, w, first.levels),
            others_w=np.vstack(
                [np.empty((0, w.shape[1])), *(sums_by(o.level, one, w, o.levels) for o in others)]
            ),
            ww=w.T @ w,
        )


def _shared(one: Grouping, other: Grouping) -> sparse.csr_array:
    """How many rows two levels share, (levels of one, levels of the other)."""
    counts = sparse.coo_array(
        (np.ones(len(one.level)), (one.level, other.level)), shape=(one.levels, other.levels)
    )
    return sparse.csr_array(counts)


def _joined(blocks: list[list[sparse.csr_array]], empty: tuple[int, int]) -> sparse.csr_array:
    if not blocks or not blocks[0]:
        return sparse.csr_array(empty)
    return sparse.csr_array(sparse.block_array(blocks))
