"""From scores to a variance that holds with few clusters (design/method.md §4).

A cluster's own residual is too small, for it has pulled the estimate towards itself. Without
cluster c the estimate would be `θ̂ − (A − M_c)⁻¹ D_c'W e_c`, exactly, where `M_c = D_c'W D_c`; that
difference, not `A⁻¹ D_c'W e_c`, is what the cluster contributes (the CR3 or jackknife correction of
Bell and McCaffrey 2002 and MacKinnon, Nielsen, Webb 2023, here for stage 2). Squared and summed
these changes are too large on average, by C / (C − 1) with C equal clusters; dividing by that
`excess` leaves a variance that is unbiased under the working model of its degrees of freedom.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, sparse
from scipy.sparse.csgraph import connected_components

from otdacha.effects.cells import Floats, Ints

SINGULAR = 1e-9
"""Relative size of an eigenvalue below which a direction counts as not identified."""


@dataclass(frozen=True)
class Inverse:
    """A⁺, block by block of providers that share units; `matrix` is sparse (J x J), symmetric.

    identified (J,): the data determine this provider's effect. inseparable (J,): they have exposed
    cells and yet do not, since its people were always trained elsewhere too. blocks: the providers
    of each block of several and what stands there, dense.
    """

    matrix: sparse.csr_array
    identified: NDArray[np.bool_]
    inseparable: NDArray[np.bool_]
    blocks: tuple[tuple[Ints, Floats], ...]

    def after(self, rows: Floats) -> Floats:
        """rows A⁺ for dense rows (K, J): a block of many providers is a dense product."""
        out = rows * self.matrix.diagonal()
        for providers, block in self.blocks:
            out[:, providers] = rows[:, providers] @ block
        return np.asarray(out)


def separate(gram: sparse.csr_array) -> Inverse:
    """Invert A = D'WD as far as the providers can be told apart."""
    diagonal = gram.diagonal()
    identified = diagonal > 0
    count, label = connected_components(gram, directed=False)
    alone = np.bincount(label, minlength=count)[label] == 1
    values = np.divide(1.0, diagonal, out=np.zeros_like(diagonal), where=alone & identified)
    matrix = sparse.csr_array(sparse.diags_array(values))
    blocks = []
    for providers in (np.flatnonzero(label == one) for one in np.unique(label[~alone])):
        root, null = inverse_root(gram[providers][:, providers].toarray())
        identified[providers] &= ~null
        block = root @ root.T
        blocks.append((providers, block))
        row = np.repeat(providers, len(providers))
        column = np.tile(providers, len(providers))
        here = sparse.csr_array((block.ravel(), (row, column)), shape=matrix.shape)
        matrix = sparse.csr_array(matrix + here)
    return Inverse(matrix, identified, (diagonal > 0) & ~identified, tuple(blocks))


def inverse_root(symmetric: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    """R with RR' = A⁺, and which coordinates A does not determine."""
    scale = np.sqrt(symmetric.diagonal())
    value, vector = linalg.eigh(symmetric / np.outer(scale, scale))
    keep = value > SINGULAR * value[-1]
    null = (np.abs(vector[:, ~keep]) > 1e-6).any(axis=1)
    # minimum norm in the scaled coordinates: identified effects do not depend on that choice
    return np.asarray(vector[:, keep] / np.sqrt(value[keep]) / scale[:, None]), null


@dataclass(frozen=True)
class LeftOut:
    """Stage-2 scores after the correction (C x J) and the providers that rest on one cluster.

    weight (C, J): (A⁻¹M_cA⁻¹)_jj / (A⁻¹)_jj, the cluster's share in what is left of the provider's
    exposure when the other providers are controlled for; columns sum to one.
    """

    score: Floats
    one_cluster: NDArray[np.bool_]
    weight: Floats


@dataclass(frozen=True)
class ClusterGrams:
    """M_c = D_c'WD_c of every cluster, as one sparse matrix: all that stage 2 needs of the cells.

    loads (L,): cluster x J + provider, sorted: the pairs with an exposed cell. matrix (L, L): block
    diagonal, a block for each cluster.
    """

    clusters: int
    providers: int
    loads: Ints
    matrix: sparse.csr_array

    @classmethod
    def of(
        cls, entries: Sequence[tuple[Ints, Ints, Floats]], clusters: int, providers: int
    ) -> ClusterGrams:
        """entries: rows and columns as loads, and what is added there; summed in their order."""
        none = np.empty(0, dtype=np.int64)
        row = np.concatenate([none, *(part[0] for part in entries)])
        column = np.concatenate([none, *(part[1] for part in entries)])
        amount = np.concatenate([np.empty(0), *(part[2] for part in entries)])
        loads = np.unique(row)
        places = np.searchsorted(loads, row), np.searchsorted(loads, column)
        shape = (len(loads), len(loads))
        return cls(clusters, providers, loads, sparse.csr_array((amount, places), shape=shape))

    def total(self) -> sparse.csr_array:
        """A = Σ_c M_c, (J, J)."""
        entries = self.matrix.tocoo()
        provider = self.loads % self.providers
        places = provider[entries.row], provider[entries.col]
        shape = (self.providers, self.providers)
        return sparse.csr_array((entries.data, places), shape=shape)

    def times(self, theta: Floats) -> Floats:
        """M_cθ for every cluster, (C, J)."""
        return self._spread(self.matrix @ theta[self.loads % self.providers])

    def diagonals(self) -> Floats:
        """The diagonals of M_c, (C, J)."""
        return self._spread(self.matrix.diagonal())

    def blocks(self, chosen: Ints) -> Iterator[tuple[int, Ints, Floats]]:
        """Each cluster with any of the chosen providers: its code, which of them, and M_c between
        them, dense."""
        kept = np.flatnonzero(np.isin(self.loads % self.providers, chosen))
        cluster, provider = np.divmod(self.loads[kept], self.providers)
        codes, first = np.unique(cluster, return_index=True)
        inside = self.matrix[kept][:, kept]
        bounds = np.append(first, len(kept))
        for place, block in enumerate(diagonal_blocks(inside, bounds)):
            yield int(codes[place]), provider[bounds[place] : bounds[place + 1]], block

    def _spread(self, by_load: Floats) -> Floats:
        out = np.zeros(self.clusters * self.providers)
        out[self.loads] = by_load
        return out.reshape(self.clusters, self.providers)


def leave_one_cluster_out(
    score: Floats, mass: Floats, inverse: Inverse, grams: ClusterGrams
) -> LeftOut:
    """(I − M_c A⁻¹)⁻¹ D_c'W e_c for every cluster c.

    score (C, J): D_c'W e_c. mass (C, J): the diagonals of M_c.
    Exact; a division where providers share no unit, a solve in a cluster's own providers elsewhere.
    """
    matrix = inverse.matrix
    on_its_own = np.diff(matrix.indptr) <= 1
    weight = mass * matrix.diagonal()
    rest = 1.0 - weight
    gone = on_its_own & (mass > 0) & (rest < SINGULAR)
    corrected = np.divide(score, rest, out=np.zeros_like(score), where=on_its_own & ~gone)
    one_cluster = gone.any(axis=0)

    shared = np.flatnonzero(~on_its_own)
    if len(shared):
        diagonal = np.maximum(matrix.diagonal()[shared], np.finfo(np.float64).tiny)
        among = matrix[shared][:, shared].toarray()
        place = np.full(len(on_its_own), -1)
        place[shared] = np.arange(len(shared))
        for c, providers, M in grams.blocks(shared):
            here = place[providers]
            columns = among[:, here]
            corrected[c, providers], lost = _corrected(score[c, providers], M, columns, here)
            one_cluster[shared[lost]] = True
            weight[c, shared] = ((columns @ M) * columns).sum(1) / diagonal
    return LeftOut(corrected, one_cluster, weight)


def diagonal_blocks(matrix: sparse.csr_array, bounds: Ints) -> list[Floats]:
    """The dense blocks of a block-diagonal matrix; bounds: where each begins, and the end."""
    size = np.diff(bounds)
    begins = np.concatenate(([0], np.cumsum(size**2)))
    entries = matrix.tocoo()
    block = np.searchsorted(bounds, entries.row, side="right") - 1
    row, column = entries.row - bounds[block], entries.col - bounds[block]
    flat = np.zeros(begins[-1])
    flat[begins[block] + row * size[block] + column] = entries.data
    return [flat[begins[c] : begins[c + 1]].reshape(k, k) for c, k in enumerate(size.tolist())]


def _corrected(score: Floats, M: Floats, columns: Floats, here: Ints) -> tuple[Floats, Ints]:
    """One cluster's corrected score in its own providers, and the providers it alone determines.

    columns (J, here): of A⁻¹; here: the rows of its own providers. With A⁻¹ restricted to these
    = RR': (I − MA⁻¹)⁻¹u = u + M R (I − R'MR)⁻¹ R'u.
    """
    value, vector = linalg.eigh(columns[here])
    root = vector * np.sqrt(np.maximum(value, 0.0))
    left, direction = linalg.eigh(np.eye(len(here)) - root.T @ M @ root)
    lost = left < SINGULAR
    inverse_left = np.where(lost, 0.0, 1.0 / np.where(lost, 1.0, left))
    middle = direction @ (inverse_left * (direction.T @ (root.T @ score)))
    undetermined = np.abs(columns @ (M @ (root @ direction[:, lost]))) > 1e-6
    return score + M @ (root @ middle), np.flatnonzero(undetermined.any(axis=1))


def cluster_shares(mass: Floats) -> Floats:
    """Each cluster's share in what determines an estimate, (C, J): columns that sum to one."""
    total = mass.sum(0)
    return np.asarray(np.divide(mass, total, out=np.zeros_like(mass), where=total > 0))


def degrees_of_freedom(weight: Floats) -> Floats:
    """Satterthwaite degrees of freedom of each provider's variance, from cluster weights (C, J).

    With weights p_c of the clusters in θ̂_j (they sum to one), the corrected variance is the
    quadratic form Σ a_c (y_c − Σ p y)², a_c = p_c²/(1−p_c)², in cluster means y. Taking these as
    independent with equal variances (town shocks dominate noise within towns), the χ² that has the
    same mean and variance has tr(Q)²/tr(Q²) degrees of freedom; C equal clusters give C − 1.
    """
    trace, square = _traces(weight)
    return np.asarray(
        np.divide(trace**2, square, out=np.full_like(trace, np.nan), where=square > 0)
    )


def excess(weight: Floats) -> Floats:
    """By how much the corrected variance is too large under the same model, (J,).

    Its mean is tr(Q) where the truth is Σ p_c²: C / (C − 1) with C equal clusters. One where a
    single cluster decides and nothing is known.
    """
    trace, _ = _traces(weight)
    truth = (weight * weight).sum(0)
    return np.asarray(np.divide(trace, truth, out=np.ones_like(trace), where=trace > 0))


def _traces(weight: Floats) -> tuple[Floats, Floats]:
    """tr(Q) and tr(Q²) of the quadratic form that is the corrected variance."""
    p = weight
    a = np.divide(p, 1 - p, out=np.zeros_like(p), where=p < 1 - SINGULAR) ** 2
    # Q = (I − 1p')' diag(a) (I − 1p') = diag(a) − pa' − ap' + (1'a) pp'
    sum_a, pp, ap, aa = a.sum(0), (p * p).sum(0), (a * p).sum(0), (a * a).sum(0)
    trace = sum_a - 2 * ap + sum_a * pp
    square = (
        aa + 2 * (pp * aa + ap**2) + sum_a**2 * pp**2
        - 4 * (a * a * p).sum(0) + 2 * sum_a * (a * p * p).sum(0) - 4 * sum_a * pp * ap
    )  # fmt: skip
    return np.asarray(trace), np.asarray(square)
