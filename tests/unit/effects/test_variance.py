"""Inverting what determines effects: by Cholesky where that is safe, by eigenvalues where not."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from otdacha.effects.variance import SINGULAR, inverse, inverse_root, separate


def matrix(values: np.ndarray, seed: int = 1) -> np.ndarray:
    """Symmetric, with these eigenvalues before it is scaled to other units."""
    rng = np.random.default_rng(seed)
    vector = np.linalg.qr(rng.standard_normal((len(values), len(values))))[0]
    scale = 10 ** rng.uniform(-3, 3, len(values))
    return (vector * values) @ vector.T * np.outer(scale, scale)


@pytest.mark.parametrize("smallest", [1.0, 1e-3, 1e-6, 1e-8, 1e-11, 0.0])
def test_both_roads_give_the_same_inverse_and_the_same_doubts(smallest: float) -> None:
    A = matrix(np.array([1.0, 1.0, 0.5, 0.2, smallest]))
    found, null = inverse(A)
    root, doubted = inverse_root(A)
    np.testing.assert_array_equal(null, doubted)
    size = np.sqrt(np.outer(A.diagonal(), A.diagonal()))
    slow = root @ root.T
    tolerance = 1e-12 / max(smallest, SINGULAR)
    np.testing.assert_allclose(found * size, slow * size, rtol=1e-6, atol=tolerance)


def test_what_is_known_by_chance_of_rounding_only_is_not_known() -> None:
    twins = np.array([[1.0, 1.0 - 1e-13], [1.0 - 1e-13, 1.0]])
    assert inverse(twins)[1].all()


def test_providers_that_share_no_unit_are_inverted_by_themselves() -> None:
    gram = sparse.csr_array(np.array([[4.0, 0, 0, 0], [0, 2, 1, 0], [0, 1, 2, 0], [0, 0, 0, 0]]))
    found = separate(gram)
    expected = np.array([[0.25, 0, 0, 0], [0, 2 / 3, -1 / 3, 0], [0, -1 / 3, 2 / 3, 0], [0] * 4])
    np.testing.assert_allclose(found.matrix.toarray(), expected, atol=1e-15)
    assert found.identified.tolist() == [True, True, True, False]
    rows = np.array([[1.0, 2, 3, 4], [0, 1, 0, 0]])
    np.testing.assert_allclose(found.after(rows), rows @ expected, atol=1e-15)
    np.testing.assert_allclose(found.after(sparse.csr_array(rows)), rows @ expected, atol=1e-15)
