"""Rank ranges against the definition, spelled out claim by claim."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse, special

from otdacha.ranking import pairs as pairs_module
from otdacha.ranking.effective_error import normal_deviate
from otdacha.ranking.pairs import errors, largest, pairs_of
from otdacha.ranking.rank_ranges import RankRanges, rank_ranges
from tests.unit.ranking.providers import several

LEVEL = 0.95
Claim = tuple[int, int]


def ranges(
    estimates: np.ndarray, scores: np.ndarray, df: np.ndarray | None = None, draws: int = 500
) -> RankRanges:
    freedom = np.full(len(estimates), np.inf) if df is None else df
    return rank_ranges(estimates, scores, freedom, level=LEVEL, draws=draws, seed=1)


def found(
    estimates: np.ndarray, scores: np.ndarray, df: np.ndarray | None = None, draws: int = 500
) -> tuple[list[int], list[int]]:
    both = ranges(estimates, scores, df, draws)
    return both.low.tolist(), both.high.tolist()


def rejected_claims(
    family: list[Claim], deviate: dict[Claim, float], sizes: dict[Claim, np.ndarray]
) -> set[Claim]:
    """Claims (a, b), "a is better than b", rejected step by step; all draws of all claims held."""
    rejected: set[Claim] = set()
    while True:
        left = [claim for claim in family if claim not in rejected]
        cut = np.quantile(np.max([sizes[claim] for claim in left], axis=0), LEVEL, method="higher")
        new = {claim for claim in left if deviate[claim] > max(cut, special.ndtri(LEVEL))}
        if not new:
            return rejected
        rejected |= new


def by_definition(
    estimates: np.ndarray, scores: np.ndarray, df: np.ndarray, draws: int
) -> tuple[list[list[int]], list[list[int]]]:
    """The naive twin: marginal and simultaneous sets, [lows, highs] each."""
    noise = np.random.default_rng(1).standard_normal((draws, len(scores))) @ scores
    V = scores.T @ scores
    everyone = range(len(estimates))
    claims = [(a, b) for a in everyone for b in everyone if a != b]
    deviate, sizes = {}, {}
    for a, b in claims:
        se = (V[a, a] + V[b, b] - 2 * V[a, b]) ** 0.5
        freedom = np.inf
        if np.isfinite(df).all():
            freedom = (V[a, a] + V[b, b]) ** 2 / (V[a, a] ** 2 / df[a] + V[b, b] ** 2 / df[b])
        statistic = np.array([(estimates[a] - estimates[b]) / se])
        deviate[a, b] = float(normal_deviate(statistic, np.array([freedom]))[0])
        sizes[a, b] = (noise[:, a] - noise[:, b]) / se

    def counted(rejected_of: list[set[Claim]]) -> list[list[int]]:
        low = [1 + sum(b == j for _, b in rejected_of[j]) for j in everyone]
        high = [len(estimates) - sum(a == j for a, _ in rejected_of[j]) for j in everyone]
        return [low, high]

    own = [rejected_claims([c for c in claims if j in c], deviate, sizes) for j in everyone]
    together = rejected_claims(claims, deviate, sizes)
    return counted(own), counted([together] * len(estimates))


@pytest.mark.parametrize("count", [2, 3, 7, 12])
@pytest.mark.parametrize("freedom", [np.inf, 5.0])
@pytest.mark.parametrize("seed", range(5))
def test_they_are_those_of_the_definition(seed: int, freedom: float, count: int) -> None:
    generator = np.random.default_rng(seed)
    scores = generator.normal(size=(9, count)) * 0.4
    estimates = generator.normal(size=count) * 3
    df = np.full(count, freedom) + generator.integers(0, 9, count)
    both = ranges(estimates, scores, df)
    marginal, simultaneous = by_definition(estimates, scores, df, 500)
    assert [both.low.tolist(), both.high.tolist()] == marginal
    assert [both.low_all.tolist(), both.high_all.tolist()] == simultaneous


def test_the_cases_of_the_definition_tell_the_two_kinds_apart() -> None:
    generator = np.random.default_rng(0)
    wider = 0
    for _ in range(5):
        both = ranges(generator.normal(size=12) * 3, generator.normal(size=(9, 12)) * 0.4)
        assert (both.low_all <= both.low).all()
        assert (both.high_all >= both.high).all()
        wider += int((both.high_all - both.low_all - both.high + both.low).sum())
    assert wider > 0


def errors_of(kind: str, count: int, generator: np.random.Generator) -> np.ndarray:
    """ψ of providers with unequal own errors; in pairs that share nearly all of them; or with far
    fewer clusters than providers."""
    own = np.diag(generator.uniform(0.1, 2, count))
    if kind == "own":
        return own
    if kind == "twins":
        towns = np.repeat(generator.normal(size=(count // 2, count // 2)), 2, axis=1)
        return np.vstack([towns, 0.1 * own, np.full((1, count), 40.0)])
    return generator.normal(size=(5, count)) * generator.uniform(0.1, 2, count)


@pytest.mark.parametrize("kind", ["own", "twins", "few clusters"])
@pytest.mark.parametrize("cut", [np.inf, 1.0])
def test_the_largest_contrast_is_found_without_looking_at_all(kind: str, cut: float) -> None:
    count = 240
    generator = np.random.default_rng(2)
    scores = errors_of(kind, count, generator)
    estimates = generator.normal(size=count) * 2
    pairs = pairs_of(estimates, scores, np.full(count, np.inf), floor=0.0)
    noise = errors(scores, pairs.centre, 40, 1)
    top, bounds = largest(pairs, noise, cut, each=True)
    difference = (noise[:, None, :] - noise[:, :, None]) * pairs.precision
    sizes = np.where(pairs.deviates <= cut, difference, 0.0).max(axis=2, initial=0)
    backwards = np.where(-pairs.deviates <= cut, -difference, 0.0).max(axis=2, initial=0)
    sizes = np.maximum(sizes, backwards)
    np.testing.assert_array_equal(top, sizes.max(axis=1))
    assert (bounds >= sizes).all()
    if kind == "own":
        assert (bounds == sizes).mean() > 0.05
        assert len(pairs.near.row) == 0
    if kind == "twins":
        assert {(row, row ^ 1) for row in range(count)} <= set(
            zip(pairs.near.row.tolist(), pairs.near.column.tolist(), strict=True)
        )


@pytest.mark.parametrize("kind", ["own", "twins", "few clusters"])
def test_the_number_of_threads_changes_nothing(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    generator = np.random.default_rng(3)
    scores = errors_of(kind, 150, generator)
    estimates = generator.normal(size=150) * 3
    several_at_once = {}
    for workers in (1, 2, 5):
        monkeypatch.setattr(pairs_module, "WORKERS", workers)
        several_at_once[workers] = vars(ranges(estimates, scores))
    for workers in (2, 5):
        for name, ranks in several_at_once[workers].items():
            np.testing.assert_array_equal(ranks, several_at_once[1][name])


def test_providers_far_apart_have_exact_ranks() -> None:
    both = ranges(np.array([0.0, 100.0, 50.0]), np.eye(3))
    for ranks in (both.low, both.high, both.low_all, both.high_all):
        assert ranks.tolist() == [3, 1, 2]


def test_nothing_is_told_of_providers_alike() -> None:
    both = ranges(np.zeros(6), np.eye(6))
    assert both.low.tolist() == both.low_all.tolist() == [1] * 6
    assert both.high.tolist() == both.high_all.tolist() == [6] * 6


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
    dense = ranges(estimates * 3, np.diag(se))
    same = ranges(estimates * 3, sparse.csr_array(sparse.diags_array(se)))
    for name, ranks in vars(dense).items():
        np.testing.assert_array_equal(vars(same)[name], ranks)


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
    assert heard == [(0, 130), (64, 130), (128, 130), (130, 130)]
