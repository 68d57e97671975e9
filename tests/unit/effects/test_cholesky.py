"""Factors and selected inverses against the whole inverse."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from otdacha.effects import cholesky
from otdacha.effects.cholesky import DenseCholesky, SparseCholesky, cholesky_for


def matrix(size: int, density: float, seed: int = 1) -> sparse.csr_array:
    """Symmetric, with a diagonal that outweighs the rest."""
    half = sparse.random_array((size, size), density=density, rng=np.random.default_rng(seed))
    whole = sparse.csr_array(half + half.T)
    found = sparse.csr_array(whole + sparse.diags_array(1 + np.asarray(abs(whole).sum(axis=0))))
    found.sort_indices()
    return found


def ring(size: int) -> sparse.csr_array:
    """Each row meets its two neighbours only: no fill but along the ring."""
    near = sparse.diags_array([np.ones(size), np.ones(size - 1)], offsets=[0, 1])
    found = sparse.csr_array(near + near.T + 3 * sparse.eye_array(size))
    found.sort_indices()
    return found


@pytest.mark.parametrize("kind", [DenseCholesky, SparseCholesky])
@pytest.mark.parametrize("size", [1, 2, 7, 40, 250])
@pytest.mark.parametrize("density", [0.0, 0.01, 0.1, 1.0])
def test_a_factor_knows_determinant_solutions_and_selected_inverse(
    kind: type[DenseCholesky] | type[SparseCholesky], size: int, density: float
) -> None:
    A = matrix(size, density)
    whole, inverse = A.toarray(), np.linalg.inv(A.toarray())
    rng = np.random.default_rng(0)
    values = rng.normal(size=A.nnz)
    other = sparse.csr_array((values, A.indices, A.indptr), shape=A.shape)
    other = sparse.csr_array(other + other.T)
    other.sort_indices()
    right = rng.normal(size=(size, 3))
    factored = kind(A)
    factored.factor(A.data * 3 + 0.0)  # a first matrix of the pattern, to be replaced
    factor = factored.factor(A.data)
    assert factor.log_determinant == pytest.approx(np.linalg.slogdet(whole)[1], abs=1e-9)
    np.testing.assert_allclose(factor.solve(right), inverse @ right, atol=1e-11)
    np.testing.assert_allclose(factor.inverse_diagonal(), np.diag(inverse), atol=1e-11)
    trace = float((inverse * other.toarray()).sum())
    assert factor.inverse_times(other.data) == pytest.approx(trace, abs=1e-9)


def test_a_matrix_without_rows_has_determinant_one() -> None:
    factor = cholesky_for(sparse.csr_array((0, 0)), np.empty(0)).factor(np.empty(0))
    assert factor.log_determinant == 0
    assert factor.solve(np.empty((0, 2))).shape == (0, 2)


def test_dense_or_sparse_is_chosen_by_fill(monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(cholesky_for(ring(50), ring(50).data), DenseCholesky)
    assert isinstance(cholesky_for(ring(3_000), ring(3_000).data), SparseCholesky)
    monkeypatch.setattr(cholesky, "_ALWAYS_DENSE", 100)
    filled = matrix(300, 0.2)
    assert isinstance(cholesky_for(filled, filled.data), DenseCholesky)
    fills_in = matrix(300, 0.02)
    assert isinstance(cholesky_for(fills_in, fills_in.data), DenseCholesky)
