"""Rank ranges against the definition, spelled out pair by pair."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from otdacha.ranking.rank_ranges import rank_ranges
from tests.unit.ranking.providers import several

LEVEL = 0.95


def found(
    estimates: np.ndarray, scores: np.ndarray, df: np.ndarray | None = None, draws: int = 500
) -> tuple[list[int], list[int]]:
    freedom = np.full(len(estimates), np.inf) if df is None else df
    low, high = rank_ranges(estimates, scores, freedom, level=LEVEL, draws=draws, seed=1)
    return low.tolist(), high.tolist()


def by_definition(
    estimates: np.ndarray, scores: np.ndarray, draws: int
) -> tuple[list[int], list[int]]:
    """The naive twin: one claim a pair and direction, all differences written out."""
    noise = np.random.default_rng(1).standard_normal((draws, len(scores))) @ scores
    V = scores.T @ scores
    low, high = [], []
    for j in range(len(estimates)):
        claims = [(a, b) for k in range(len(estimates)) if k != j for a, b in ((j, k), (k, j))]
        rejected: set[tuple[int, int]] = set()
        while True:
            left = [claim for claim in claims if claim not in rejected]
            if not left:
                break
            se = {(a, b): (V[a, a] + V[b, b] - 2 * V[a, b]) ** 0.5 for a, b in left}
            largest = np.max([(noise[:, a] - noise[:, b]) / se[a, b] for a, b in left], axis=0)
            cut = np.quantile(largest, LEVEL, method="higher")
            new = {c for c in left if (estimates[c[0]] - estimates[c[1]]) / se[c] > cut}
            if not new:
                break
            rejected |= new
        low.append(1 + sum(1 for _, b in rejected if b == j))
        high.append(len(estimates) - sum(1 for a, _ in rejected if a == j))
    return low, high


@pytest.mark.parametrize("seed", range(6))
def test_they_are_those_of_the_definition(seed: int) -> None:
    generator = np.random.default_rng(seed)
    scores = generator.normal(size=(9, 7)) * 0.4
    estimates = generator.normal(size=7) * 2
    assert found(estimates, scores) == by_definition(estimates, scores, 500)


def test_providers_far_apart_have_exact_ranks() -> None:
    low, high = found(np.array([0.0, 100.0, 50.0]), np.eye(3))
    assert low == high == [3, 1, 2]


def test_nothing_is_told_of_providers_alike() -> None:
    low, high = found(np.zeros(6), np.eye(6))
    assert low == [1] * 6
    assert high == [6] * 6


def test_an_error_that_both_share_does_not_hide_their_order() -> None:
    apart = np.array([0.0, 1.0])
    shared = np.vstack([np.eye(2) * 0.1, np.full((1, 2), 50.0)])
    assert found(apart, shared) == ([2, 1], [2, 1])


def test_one_and_the_same_error_tells_no_pair_apart() -> None:
    assert found(np.array([0.0, 1.0]), np.full((1, 2), 3.0)) == ([1, 1], [2, 2])


def test_few_degrees_of_freedom_widen_the_ranges() -> None:
    _, estimates, se = several(3, 40)
    estimates = estimates * 4
    many = found(estimates, np.diag(se))
    few = found(estimates, np.diag(se), np.full(40, 3.0))
    width = np.subtract(many[1], many[0])
    wider = np.subtract(few[1], few[0])
    assert (wider >= width).all()
    assert wider.sum() > width.sum()


def test_sparse_scores_give_the_same_ranges() -> None:
    _, estimates, se = several(4, 90)
    dense = found(estimates * 3, np.diag(se))
    diagonal = sparse.csr_array(sparse.diags_array(se))
    low, high = rank_ranges(
        estimates * 3, diagonal, np.full(90, np.inf), level=LEVEL, draws=500, seed=1
    )
    assert (low.tolist(), high.tolist()) == dense


def test_progress_is_told_to_the_end() -> None:
    heard: list[tuple[int, int]] = []
    _, estimates, se = several(5, 130)
    rank_ranges(
        estimates,
        np.diag(se),
        np.full(130, np.inf),
        level=LEVEL,
        draws=100,
        seed=1,
        progress=lambda step, done, total: heard.append((done, total)),
    )
    assert heard == [(64, 130), (128, 130), (130, 130)]
