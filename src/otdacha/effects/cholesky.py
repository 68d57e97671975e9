"""Cholesky factors of a symmetric positive definite matrix, dense or sparse, and their inverses.

What a mixed model asks of a factor: its log determinant, solutions, and those elements of the
inverse that stand where the matrix itself is not zero. Dense: LAPACK. Sparse: LDL' with approximate
minimum degree ordering by QDLDL, and the selected inverse by Takahashi's recursion, which never
forms the inverse elsewhere. Sources: Takahashi, Fagan and Chen (1973); Erisman and Tinney (1975).
Which of the two is chosen, and by what measured figures: decision 0010.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
import qdldl
from scipy import linalg, sparse

from otdacha.effects.cells import Floats, Ints

_ALWAYS_DENSE, _LARGEST_DENSE, _FILLS_IN = 1_000, 12_000, 0.1
"""Rows up to which dense is never slow; up to which it fits in memory; share of the matrix that is
not zero from which it is taken to fill in."""

_DENSE_RATE, _SPARSE_RATE, _PER_COLUMN = 5e10, 1.5e9, 2e-5
"""Multiplications a second by LAPACK and by QDLDL; seconds a column of the selected inverse."""


class Factor(Protocol):
    """The factor of a matrix A (q, q) whose pattern was fixed beforehand."""

    log_determinant: float

    def solve(self, right: Floats) -> Floats:
        """A⁻¹ right, for a right side (q, k)."""
        ...

    def inverse_diagonal(self) -> Floats:
        """The diagonal of A⁻¹, (q,)."""
        ...

    def inverse_times(self, other: Floats) -> float:
        """The trace of A⁻¹B; `other` holds the values of B on the pattern of A."""
        ...


class Cholesky(Protocol):
    """Factors matrices of one pattern, again and again."""

    def factor(self, values: Floats) -> Factor:
        """The factor of the matrix with these values on the pattern."""
        ...


def cholesky_for(pattern: sparse.csr_array, values: Floats) -> Cholesky:
    """Dense or sparse, whichever is predicted to be faster for matrices of this pattern.

    pattern (q, q): symmetric, rows sorted, with its whole diagonal; values: any such matrix that is
    positive definite, factored once to see how far it fills in.
    """
    size = pattern.shape[0]
    if size <= _ALWAYS_DENSE:
        return DenseCholesky(pattern)
    if pattern.nnz > _FILLS_IN * size**2 and size <= _LARGEST_DENSE:
        return DenseCholesky(pattern)
    trial = SparseCholesky(pattern)
    by_sparse = trial.factor(values).multiplications / _SPARSE_RATE + size * _PER_COLUMN
    dense_is_faster = size <= _LARGEST_DENSE and size**3 / _DENSE_RATE < by_sparse
    return DenseCholesky(pattern) if dense_is_faster else trial


class DenseCholesky:
    """LAPACK, for a matrix that is small or fills in."""

    def __init__(self, pattern: sparse.csr_array) -> None:
        self.size = pattern.shape[0]
        self.row, self.column = _rows(pattern), pattern.indices.astype(np.int64)
        self.lower = np.flatnonzero(self.row >= self.column)
        self.twice = np.where(self.row > self.column, 2.0, 1.0)[self.lower]

    def factor(self, values: Floats) -> DenseFactor:
        whole = np.zeros((self.size, self.size), order="F")
        whole[self.row[self.lower], self.column[self.lower]] = values[self.lower]
        return DenseFactor(self, whole)


class DenseFactor:
    """matrix: the lower half of A in LAPACK's order; it is overwritten."""

    def __init__(self, of: DenseCholesky, matrix: Floats) -> None:
        self._of = of
        self._lower = (
            linalg.cholesky(matrix, lower=True, overwrite_a=True, check_finite=False)
            if len(matrix)
            else matrix
        )
        self._inverse: Floats | None = None
        self.log_determinant = float(2 * np.log(np.diag(self._lower)).sum())

    def solve(self, right: Floats) -> Floats:
        if not right.size:
            return right
        return np.asarray(linalg.cho_solve((self._lower, True), right, check_finite=False))

    def inverse_diagonal(self) -> Floats:
        return np.diag(self._lower_inverse())

    def inverse_times(self, other: Floats) -> float:
        of = self._of
        found = self._lower_inverse()[of.row[of.lower], of.column[of.lower]]
        return float(found @ (of.twice * other[of.lower]))

    def _lower_inverse(self) -> Floats:
        """The lower half of A⁻¹; what stands above the diagonal means nothing."""
        if self._inverse is None:
            self._inverse = (
                linalg.lapack.dpotri(self._lower, lower=1)[0] if len(self._lower) else self._lower
            )
        return self._inverse


class SparseCholesky:
    """QDLDL, for a matrix that stays sparse; the ordering is found once."""

    def __init__(self, pattern: sparse.csr_array) -> None:
        self.size = pattern.shape[0]
        row, column = _rows(pattern), pattern.indices.astype(np.int64)
        # a symmetric matrix by rows is the same by columns: QDLDL takes the upper half by columns
        self._upper = column <= row
        counts = np.bincount(row[self._upper], minlength=self.size)
        self._indices, self._indptr = column[self._upper], np.r_[0, np.cumsum(counts)]
        self.row, self.column = row, column
        self._solver: qdldl.Solver | None = None

    def factor(self, values: Floats) -> SparseFactor:
        upper = sparse.csc_matrix(
            (values[self._upper], self._indices, self._indptr), shape=(self.size, self.size)
        )
        if self._solver is None:
            self._solver = qdldl.Solver(upper, upper=True)
        else:
            self._solver.update(upper, upper=True)
        return SparseFactor(self, self._solver)


class SparseFactor:
    """Valid until the next matrix is factored: QDLDL keeps one factor at a time."""

    def __init__(self, of: SparseCholesky, solver: qdldl.Solver) -> None:
        self._of, self._solver = of, solver
        lower, self._pivots, self._order = solver.factors()
        self._indptr = lower.indptr.astype(np.int64)
        self._indices, self._values = lower.indices.astype(np.int64), lower.data
        self._selected: tuple[Floats, Floats] | None = None
        self.log_determinant = float(np.log(self._pivots).sum())

    @property
    def multiplications(self) -> float:
        """How many the factor took: the sum of squared column lengths."""
        return float((np.diff(self._indptr).astype(float) ** 2).sum())

    def solve(self, right: Floats) -> Floats:
        columns = [self._solver.solve(np.ascontiguousarray(column)) for column in right.T]
        return np.column_stack(columns) if columns else right

    def inverse_diagonal(self) -> Floats:
        diagonal = np.empty(self._of.size)
        diagonal[self._order] = self._selected_inverse()[0]
        return diagonal

    def inverse_times(self, other: Floats) -> float:
        diagonal, below = self._selected_inverse()
        place = np.empty(self._of.size, dtype=np.int64)
        place[self._order] = np.arange(self._of.size)
        row, column = place[self._of.row], place[self._of.column]
        on, under = row == column, row > column
        keys = np.repeat(np.arange(self._of.size), np.diff(self._indptr)) * self._of.size
        found = np.searchsorted(keys + self._indices, column[under] * self._of.size + row[under])
        return float(diagonal[row[on]] @ other[on] + 2 * below[found] @ other[under])

    def _selected_inverse(self) -> tuple[Floats, Floats]:
        if self._selected is None:
            self._selected = selected_inverse(
                self._indptr, self._indices, self._values, self._pivots
            )
        return self._selected


def selected_inverse(
    indptr: Ints, indices: Ints, values: Floats, pivots: Floats
) -> tuple[Floats, Floats]:
    """Elements of (LDL')⁻¹ on the diagonal and on the pattern of L, by Takahashi's recursion.

    L is unit lower triangular by columns, rows sorted, its diagonal left out; pivots (q,) are D's.
    With R the rows of column j: `Z[R, j] = −Z[R, R] L[R, j]`, `Z[j, j] = 1/d_j − L[R, j]'Z[R, j]`.
    R lies within the parent (R's first row) and the parent's rows, so Z[R, R] is cut from the
    square that the parent leaves behind. The last columns, where L is full, are inverted in one
    piece.
    """
    size = len(pivots)
    diagonal, below = np.empty(size), np.empty(len(values))
    length = np.diff(indptr)
    tail = _full_from(length)
    square = _tail_inverse(tail, indptr, values, pivots)
    diagonal[tail:] = np.diag(square)
    for j in range(tail, size):
        below[indptr[j] : indptr[j + 1]] = square[j - tail + 1 :, j - tail]

    has_rows = np.flatnonzero(length[:tail] > 0)
    waiting = np.bincount(indices[indptr[has_rows]], minlength=size)  # children by parent
    left: dict[int, Floats] = {}
    for j in range(tail - 1, -1, -1):
        own = slice(indptr[j], indptr[j + 1])
        rows, l = indices[own], values[own]  # noqa: E741
        if not len(rows):
            diagonal[j] = 1 / pivots[j]
            around = np.empty((0, 0))
        else:
            parent = int(rows[0])
            if parent >= tail:
                places, within = rows - tail, square
            else:
                of_parent = indices[indptr[parent] : indptr[parent + 1]]
                places = np.r_[0, 1 + np.searchsorted(of_parent, rows[1:])]
                within = left[parent]
            around = within[places[:, None], places]
            below[own] = -around @ l
            diagonal[j] = 1 / pivots[j] - l @ below[own]
            waiting[parent] -= 1
            if parent < tail and not waiting[parent]:
                del left[parent]
        if waiting[j]:
            mine = np.empty((len(rows) + 1, len(rows) + 1))
            mine[0, 0], mine[0, 1:], mine[1:, 0], mine[1:, 1:] = (
                diagonal[j], below[own], below[own], around,
            )  # fmt: skip
            left[j] = mine
    return diagonal, below


def _full_from(length: Ints) -> int:
    """The first column from which on every column of L is full."""
    lacking = np.flatnonzero(length != np.arange(len(length) - 1, -1, -1))
    return int(lacking[-1]) + 1 if len(lacking) else 0


def _tail_inverse(tail: int, indptr: Ints, values: Floats, pivots: Floats) -> Floats:
    """The inverse of the full last block of LDL', symmetric."""
    size = len(pivots) - tail
    lower = np.zeros((size, size), order="F")
    np.fill_diagonal(lower, 1.0)
    column, row = np.triu_indices(size, 1)  # column by column, rows below the diagonal
    lower[row, column] = values[indptr[tail] :]
    if not size:
        return lower
    lower *= np.sqrt(pivots[tail:])
    inverse = np.tril(linalg.lapack.dpotri(lower, lower=1)[0])
    return np.asarray(inverse + np.tril(inverse, -1).T)


def _rows(pattern: sparse.csr_array) -> Ints:
    """The row of each stored element."""
    return np.repeat(np.arange(pattern.shape[0]), np.diff(pattern.indptr)).astype(np.int64)
