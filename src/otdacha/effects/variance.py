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

_FAR = 100
"""An estimated condition this many times above it is far from singular, whatever its error."""

_AT_ONCE = 1 << 21
"""Numbers of clusters that are worked on together."""


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

    def after(self, rows: Floats | sparse.csr_array) -> Floats:
        """rows A⁺, (K, J), of dense or sparse rows: a block of many providers is a product with
        what stands there."""
        out = rows.toarray() if isinstance(rows, sparse.csr_array) else rows.copy()
        out *= self.matrix.diagonal()
        for providers, block in self.blocks:
            out[:, providers] = rows[:, providers] @ block
        return np.asarray(out)


def separate(gram: sparse.csr_array) -> Inverse:
    """Invert A = D'WD as far as the providers can be told apart."""
    diagonal = gram.diagonal()
    identified = diagonal > 0
    count, label = connected_components(gram, directed=False)
    alone = np.bincount(label, minlength=count)[label] == 1
    blocks = []
    for providers in (np.flatnonzero(label == one) for one in np.unique(label[~alone])):
        block, null = inverse(gram[providers][:, providers].toarray())
        identified[providers] &= ~null
        blocks.append((providers, block))
    single = np.flatnonzero(alone & identified)
    row = [single, *(np.repeat(providers, len(providers)) for providers, _ in blocks)]
    column = [single, *(np.tile(providers, len(providers)) for providers, _ in blocks)]
    entries = [1.0 / diagonal[single], *(block.ravel() for _, block in blocks)]
    places = np.concatenate(row), np.concatenate(column)
    matrix = sparse.csr_array((np.concatenate(entries), places), shape=gram.shape)
    return Inverse(matrix, identified, (diagonal > 0) & ~identified, tuple(blocks))


def inverse(symmetric: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    """A⁺ and which coordinates A does not determine: by Cholesky where A is regular by far."""
    scale = np.sqrt(symmetric.diagonal())
    scaled = symmetric / np.outer(scale, scale)
    root, fault = linalg.lapack.dpotrf(scaled, lower=True)
    if not fault:
        size = np.abs(scaled).sum(0).max()
        # no larger than the smallest eigenvalue by the largest, but for a small factor
        condition, _ = linalg.lapack.dpocon(root, size, uplo="L")
        if condition > _FAR * SINGULAR:
            lower, _ = linalg.lapack.dpotri(root, lower=True)
            found = np.tril(lower) + np.tril(lower, -1).T
            return found / np.outer(scale, scale), np.zeros(len(scale), dtype=np.bool_)
    half, null = inverse_root(symmetric)
    return half @ half.T, null


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
    """Stage-2 scores after the correction (C x J, sparse: a cluster has few providers) and the
    providers that rest on one cluster.

    weight (C, J): (A⁻¹M_cA⁻¹)_jj / (A⁻¹)_jj, the cluster's share in what is left of the provider's
    exposure when the other providers are controlled for; columns sum to one.
    """

    score: sparse.csr_array
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
        entries, provider = self.matrix.tocoo(), self.provider
        places = provider[entries.row], provider[entries.col]
        shape = (self.providers, self.providers)
        return sparse.csr_array((entries.data, places), shape=shape)

    def times(self, theta: Floats) -> Floats:
        """M_cθ for every cluster, by load (L,)."""
        return np.asarray(self.matrix @ theta[self.provider])

    def diagonal(self) -> Floats:
        """The diagonals of M_c, by load (L,)."""
        return np.asarray(self.matrix.diagonal())

    @property
    def cluster(self) -> Ints:
        """The cluster of each load, (L,)."""
        return self.loads // self.providers

    @property
    def provider(self) -> Ints:
        """The provider of each load, (L,)."""
        return self.loads % self.providers

    def sparse(self, by_load: Floats) -> sparse.csr_array:
        """Figures of the loads as clusters x providers."""
        shape = (self.clusters, self.providers)
        return sparse.csr_array((by_load, (self.cluster, self.provider)), shape=shape)

    def dense(self, by_load: Floats) -> Floats:
        """Figures of the loads as clusters x providers, zero elsewhere."""
        out = np.zeros(self.clusters * self.providers)
        out[self.loads] = by_load
        return out.reshape(self.clusters, self.providers)

    def blocks(self, chosen: NDArray[np.bool_]) -> Iterator[tuple[Ints, Floats]]:
        """The chosen loads (L,), and M_c between them, cluster by cluster; clusters that have the
        same number k of them together: places of the loads (n, k), M (n, k, k)."""
        kept = np.flatnonzero(chosen)
        if not len(kept):
            return
        begins = np.flatnonzero(np.diff(self.cluster[kept], prepend=-1))
        bounds = np.append(begins, len(kept))
        found = diagonal_blocks(self.matrix[kept][:, kept], bounds)
        size = np.diff(bounds)
        for k in np.unique(size).tolist():
            alike = np.flatnonzero(size == k)
            places = kept[begins[alike][:, None] + np.arange(k)]
            yield places, np.stack([found[block] for block in alike.tolist()])


def leave_one_cluster_out(
    score: Floats, mass: Floats, inverse: Inverse, grams: ClusterGrams
) -> LeftOut:
    """(I − M_c A⁻¹)⁻¹ D_c'W e_c for every cluster c.

    score (L,): D_c'W e_c, by load. mass (L,): the diagonals of M_c.
    Exact; a division where providers share no unit, a solve in a cluster's own providers elsewhere.
    """
    matrix, provider = inverse.matrix, grams.provider
    diagonal = matrix.diagonal()
    shared = np.diff(matrix.indptr) > 1
    on_its_own = ~shared[provider]
    weight = mass * diagonal[provider]
    rest = 1.0 - weight
    gone = on_its_own & (mass > 0) & (rest < SINGULAR)
    corrected = np.divide(score, rest, out=np.zeros_like(score), where=on_its_own & ~gone)
    one_cluster = np.zeros(len(diagonal), dtype=bool)
    one_cluster[provider[gone]] = True
    shares = grams.dense(weight)

    columns = np.flatnonzero(shared)
    among = matrix[columns][:, columns].toarray()
    own = np.maximum(diagonal[columns], np.finfo(np.float64).tiny)
    place = np.full(len(shared), -1)
    place[columns] = np.arange(len(columns))
    for loads, M in grams.blocks(shared[provider]):
        step = max(1, _AT_ONCE // (loads.shape[1] * len(columns)))
        for start in range(0, len(loads), step):
            some, of_them = loads[start : start + step], M[start : start + step]
            here = place[provider[some]]
            corrected[some], lost = _corrected(score[some], of_them, among, here)
            one_cluster[columns[lost]] = True
            leaning = among[here]  # (n, k, shared)
            cluster = grams.cluster[some[:, 0]]
            shares[np.ix_(cluster, columns)] = ((of_them @ leaning) * leaning).sum(1) / own
    return LeftOut(grams.sparse(corrected), one_cluster, shares)


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


def _corrected(score: Floats, M: Floats, among: Floats, here: Ints) -> tuple[Floats, Ints]:
    """Corrected scores (n, k) of n clusters with k providers each, and the providers that one of
    them determines alone.

    among (J, J): A⁻¹; here (n, k): where each cluster's own providers stand in it; M (n, k, k).
    With A⁻¹ restricted to these = RR': (I − MA⁻¹)⁻¹u = u + M R (I − R'MR)⁻¹ R'u.
    """
    value, vector = np.linalg.eigh(among[here[:, :, None], here[:, None, :]])
    root = vector * np.sqrt(np.maximum(value, 0.0))[:, None, :]
    turned = np.swapaxes(root, 1, 2)
    left, direction = np.linalg.eigh(np.eye(here.shape[1]) - turned @ M @ root)
    lost = left < SINGULAR
    inverse_left = np.where(lost, 0.0, 1.0 / np.where(lost, 1.0, left))
    inside = np.swapaxes(direction, 1, 2) @ (turned @ score[:, :, None])
    middle = direction @ (inverse_left[:, :, None] * inside)
    alone = np.zeros(len(among), dtype=bool)
    for n in np.flatnonzero(lost.any(1)).tolist():
        moved = among[:, here[n]] @ (M[n] @ (root[n] @ direction[n][:, lost[n]]))
        alone |= (np.abs(moved) > 1e-6).any(axis=1)
    return score + (M @ (root @ middle))[:, :, 0], np.flatnonzero(alone)


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
    return freedom_and_excess(weight)[0]


def excess(weight: Floats) -> Floats:
    """By how much the corrected variance is too large under the same model, (J,).

    Its mean is tr(Q) where the truth is Σ p_c²: C / (C − 1) with C equal clusters. One where a
    single cluster decides and nothing is known.
    """
    return freedom_and_excess(weight)[1]


def freedom_and_excess(weight: Floats) -> tuple[Floats, Floats]:
    """`degrees_of_freedom` and `excess` of the same weights: they have one sum in common."""
    p = weight
    a = np.divide(p, 1 - p, out=np.zeros_like(p), where=p < 1 - SINGULAR)
    a *= a
    # Q = (I − 1p')' diag(a) (I − 1p') = diag(a) − pa' − ap' + (1'a) pp'
    sum_a, pp, ap, aa = a.sum(0), _times(p, p), _times(a, p), _times(a, a)
    trace = sum_a - 2 * ap + sum_a * pp
    square = (
        aa + 2 * (pp * aa + ap**2) + sum_a**2 * pp**2
        - 4 * _times(a * a, p) + 2 * sum_a * _times(a, p * p) - 4 * sum_a * pp * ap
    )  # fmt: skip
    freedom = np.divide(trace**2, square, out=np.full_like(trace, np.nan), where=square > 0)
    return freedom, np.divide(trace, pp, out=np.ones_like(trace), where=trace > 0)


def _times(one: Floats, other: Floats) -> Floats:
    """Sums of products over the first axis, (J,)."""
    return np.asarray(np.einsum("cj,cj->j", one, other))
