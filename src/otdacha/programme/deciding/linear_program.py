"""A linear programme that is written down row by row, each row under the rule it stands for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

Vector = NDArray[np.float64]
Whole = NDArray[np.int64]

Rule = tuple[str | int, ...]
"""What a row stands for: the kind of rule, and what it is about."""

NO_LIMIT = np.inf


@dataclass(frozen=True)
class Implied:
    """Rows `variable <= most × other` that follow for whole numbers, and do not for fractions.

    variable, other: (rows,) columns; most: (rows,). rule: (rows,) the rule that each is a part of.
    They are many and few matter: `relaxation.relaxed` adds those that fractions break.
    """

    variable: Whole
    other: Whole
    most: Vector
    rule: tuple[Rule, ...]


@dataclass(frozen=True)
class LinearProgram:
    """Maximise gain'x where lower <= x <= upper, row_lower <= Ax <= row_upper, some x whole.

    matrix: (rows, columns), by rows. rule: (rows,) place in `rules` of the rule that a row is a
    part of. columns: where each block of variables stands. implied: rows that may be added.
    """

    gain: Vector
    lower: Vector
    upper: Vector
    whole: NDArray[np.bool_]
    matrix: sparse.csr_array
    row_lower: Vector
    row_upper: Vector
    rule: Whole
    rules: tuple[Rule, ...]
    columns: dict[str, slice]
    implied: Implied | None = None

    @cached_property
    def kinds(self) -> NDArray[np.str_]:
        """(rows,) the kind of rule that each row is a part of."""
        return np.array([rule[0] for rule in self.rules], dtype=np.str_)[self.rule]

    def block(self, name: str, solution: Vector) -> Vector:
        """The part of a solution that belongs to a block of variables."""
        return np.asarray(solution[self.columns[name]])

    def lenient(self, rows: Whole, price: float) -> LinearProgram:
        """The programme where what `rows` ask for at least may be lacking, at a price for a unit;
        what is lacking stands after the other columns, one for each of `rows`."""
        count = len(rows)
        lacking = sparse.csr_array(
            (np.ones(count), (rows, np.arange(count))), shape=(len(self.rule), count)
        )
        return replace(
            self,
            gain=np.append(self.gain, np.full(count, -price)),
            lower=np.append(self.lower, np.zeros(count)),
            upper=np.append(self.upper, np.full(count, NO_LIMIT)),
            whole=np.append(self.whole, np.zeros(count, dtype=np.bool_)),
            matrix=sparse.csr_array(sparse.hstack([self.matrix, lacking], format="csr")),
        )

    def with_rows(
        self, rules: Sequence[Rule], *entries: tuple[Whole, Whole, ArrayLike], upper: Vector
    ) -> LinearProgram:
        """The programme with rows more, one for each of `rules` and `upper`.

        entries: as in `Writer.rows`.
        """
        known = {rule: at for at, rule in enumerate(self.rules)}
        numbers = [known.setdefault(rule, len(known)) for rule in rules]
        row = np.concatenate([row for row, _, _ in entries])
        column = np.concatenate([column for _, column, _ in entries])
        value = np.concatenate([np.broadcast_to(value, len(row)) for row, _, value in entries])
        added = sparse.csr_array((value, (row, column)), shape=(len(upper), len(self.gain)))
        return replace(
            self,
            matrix=sparse.csr_array(sparse.vstack([self.matrix, added], format="csr")),
            row_lower=np.append(self.row_lower, np.full(len(upper), -NO_LIMIT)),
            row_upper=np.append(self.row_upper, upper),
            rule=np.append(self.rule, np.array(numbers, dtype=np.int64)),
            rules=tuple(known),
        )


@dataclass
class Writer:
    """Takes blocks of variables, then rows, and makes the programme of them."""

    _gain: list[Vector] = field(default_factory=list)
    _lower: list[Vector] = field(default_factory=list)
    _upper: list[Vector] = field(default_factory=list)
    _whole: list[NDArray[np.bool_]] = field(default_factory=list)
    _columns: dict[str, slice] = field(default_factory=dict)
    _width: int = 0
    _entries: list[tuple[Whole, Whole, Vector]] = field(default_factory=list)
    _row_lower: list[Vector] = field(default_factory=list)
    _row_upper: list[Vector] = field(default_factory=list)
    _rule: list[Whole] = field(default_factory=list)
    _rules: dict[Rule, int] = field(default_factory=dict)
    _height: int = 0

    def variables(
        self,
        name: str,
        count: int,
        *,
        gain: ArrayLike = 0.0,
        lower: ArrayLike = 0.0,
        upper: ArrayLike = NO_LIMIT,
        whole: bool = False,
    ) -> Whole:
        """Add `count` variables as one block; returns their columns, (count,)."""
        for kept, given in ((self._gain, gain), (self._lower, lower), (self._upper, upper)):
            kept.append(np.broadcast_to(np.asarray(given, dtype=np.float64), count))
        self._whole.append(np.full(count, whole))
        self._columns[name] = slice(self._width, self._width + count)
        self._width += count
        return np.arange(self._width - count, self._width)

    def rows(
        self,
        rules: list[Rule],
        *entries: tuple[Whole, Whole, ArrayLike],
        lower: ArrayLike = -NO_LIMIT,
        upper: ArrayLike = NO_LIMIT,
    ) -> None:
        """Add one row for each of `rules`.

        entries: (row within these, column, coefficient); what stands at one place is added up.
        """
        count = len(rules)
        for row, column, value in entries:
            coefficient = np.broadcast_to(np.asarray(value, dtype=np.float64), len(row))
            self._entries.append((np.asarray(row) + self._height, np.asarray(column), coefficient))
        for kept, given in ((self._row_lower, lower), (self._row_upper, upper)):
            kept.append(np.broadcast_to(np.asarray(given, dtype=np.float64), count))
        known = [self._rules.setdefault(rule, len(self._rules)) for rule in rules]
        self._rule.append(np.array(known, dtype=np.int64))
        self._height += count

    def written(self) -> LinearProgram:
        """The programme as it stands."""
        row, column, value = (np.concatenate(part) for part in zip(*self._entries, strict=True))
        matrix = sparse.csr_array((value, (row, column)), shape=(self._height, self._width))
        matrix.sum_duplicates()
        return LinearProgram(
            np.concatenate(self._gain),
            np.concatenate(self._lower),
            np.concatenate(self._upper),
            np.concatenate(self._whole),
            matrix,
            np.concatenate(self._row_lower),
            np.concatenate(self._row_upper),
            np.concatenate(self._rule),
            tuple(self._rules),
            self._columns,
        )
