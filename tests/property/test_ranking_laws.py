"""Laws of the ranking: permuting permutes, scaling scales, noise widens, shrinkage is between."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otdacha.effects.reported import REPORTED
from otdacha.methodology import Methodology
from otdacha.ranking import Ranking, rank
from otdacha.ranking.listing import benjamini_hochberg, posterior_set
from otdacha.ranking.rank_ranges import rank_ranges
from tests.unit.ranking.providers import effects_of, methodology_of, several

few = settings(max_examples=15, deadline=None)
seeds = st.integers(0, 10_000)
counts = st.integers(2, 25)
priors = st.sampled_from(["normal", "npmle"])
thresholds = st.sampled_from(["zero", "mean", "median"])
ORDINAL = ["listed", "grade", "rank_low", "rank_high", "rank_low_all", "rank_high_all"]
IN_UNITS = ["estimate", "se", "posterior_mean", "lower", "upper"]
PURE = ["probability_better", "p_value", "q_value", "bh", "by"]


def cheap(prior: str, against: str = "mean") -> Methodology:
    return methodology_of(
        shrinkage={"prior": prior, "grid": 100}, list={"against": against}, ranks={"draws": 200}
    )


def scores_of(seed: int, se: np.ndarray) -> np.ndarray:
    """Own errors and a part that all share, with the standard errors `se`."""
    share = np.random.default_rng(seed).uniform(0, 0.7)
    return np.vstack([np.diag(se * (1 - share) ** 0.5), se[None, :] * share**0.5])


def by_name(ranking: Ranking) -> pl.DataFrame:
    return ranking.frame.sort("provider")


@few
@given(seeds, counts, priors, thresholds, st.randoms(use_true_random=False))
def test_permuting_providers_permutes_results(
    seed: int, count: int, prior: str, against: str, shuffler: object
) -> None:
    _, estimates, se = several(seed, count)
    scores = scores_of(seed, se)
    order = list(range(count))
    shuffler.shuffle(order)  # type: ignore[attr-defined]
    methodology = cheap(prior, against)
    one = by_name(rank(effects_of(estimates, se, scores=scores), methodology))
    other = by_name(
        rank(effects_of(estimates[order], se[order], scores=scores[:, order]), methodology)
    )
    moved = one[order]
    for name in IN_UNITS + PURE:
        np.testing.assert_allclose(moved[name], other[name], rtol=1e-6, atol=1e-6)
    assert moved.select(ORDINAL).equals(other.select(ORDINAL))


@few
@given(seeds, counts, priors, thresholds, st.sampled_from([1e-6, 0.5, 4.0, 1e5]))
def test_scaling_scales_figures_and_leaves_list_grades_and_ranks(
    seed: int, count: int, prior: str, against: str, factor: float
) -> None:
    _, estimates, se = several(seed, count)
    scores = scores_of(seed, se)
    methodology = cheap(prior, against)
    one = by_name(rank(effects_of(estimates, se, scores=scores), methodology))
    other = by_name(
        rank(effects_of(estimates * factor, se * factor, scores=scores * factor), methodology)
    )
    for name in IN_UNITS:
        np.testing.assert_allclose(one[name] * factor, other[name], rtol=1e-6, atol=1e-6 * factor)
    for name in PURE:
        np.testing.assert_allclose(one[name], other[name], rtol=1e-6, atol=1e-6)
    assert one.select(ORDINAL).equals(other.select(ORDINAL))


@few
@given(seeds, counts)
def test_a_normal_prior_shrinks_to_between_its_mean_and_the_estimate(seed: int, count: int) -> None:
    _, estimates, se = several(seed, count)
    ranking = rank(effects_of(estimates, se), cheap("normal"))
    frame, mean = ranking.frame, ranking.prior.mean
    towards = (frame["posterior_mean"] - mean) * (frame["estimate"] - mean)
    assert (towards >= 0).all()
    assert ((frame["posterior_mean"] - mean).abs() <= (frame["estimate"] - mean).abs()).all()


@few
@given(seeds, counts, st.floats(1.0, 10.0), st.sampled_from([3.0, 8.0, np.inf]))
def test_more_noise_widens_the_rank_ranges(seed: int, count: int, factor: float, df: float) -> None:
    _, estimates, se = several(seed, count)
    scores, freedom = scores_of(seed, se), np.full(count, df)
    less = rank_ranges(estimates, scores, freedom, level=0.95, draws=200, seed=1)
    more = rank_ranges(estimates, scores * factor, freedom, level=0.95, draws=200, seed=1)
    assert (more.low <= less.low).all()
    assert (more.high >= less.high).all()
    assert (more.low_all <= less.low_all).all()
    assert (more.high_all >= less.high_all).all()


@few
@given(seeds, counts)
def test_a_rank_range_holds_the_rank_of_the_estimate(seed: int, count: int) -> None:
    _, estimates, se = several(seed, count)
    found = rank_ranges(
        estimates, np.diag(se), np.full(count, np.inf), level=0.95, draws=200, seed=1
    )
    place = 1 + (estimates[:, None] < estimates[None, :]).sum(axis=1)
    assert (found.low <= place).all()
    assert (place <= found.high).all()


@few
@given(seeds, counts, st.sampled_from([3.0, 8.0, np.inf]))
def test_the_simultaneous_range_contains_the_marginal_one(seed: int, count: int, df: float) -> None:
    _, estimates, se = several(seed, count)
    found = rank_ranges(
        estimates * 3, scores_of(seed, se), np.full(count, df), level=0.9, draws=200, seed=1
    )
    assert (found.low_all <= found.low).all()
    assert (found.high_all >= found.high).all()


@few
@given(seeds, counts, st.sampled_from([3.0, 8.0, np.inf]))
def test_the_simultaneous_range_counts_who_is_surely_better_and_worse(
    seed: int, count: int, df: float
) -> None:
    _, estimates, se = several(seed, count)
    found = rank_ranges(
        estimates * 3, scores_of(seed, se), np.full(count, df), level=0.9, draws=200, seed=1
    )
    assert (found.low_all == 1 + found.surely.sum(axis=1)).all()
    assert (found.high_all == count - found.surely.sum(axis=0)).all()
    assert not (found.surely & found.surely.T).any()


@few
@given(seeds, counts, priors)
def test_who_cannot_be_ranked_changes_nothing_for_the_others(
    seed: int, count: int, prior: str
) -> None:
    _, estimates, se = several(seed, count)
    methodology = cheap(prior)
    alone = effects_of(estimates, se)
    more = effects_of([*estimates, 50.0], [*se, 0.0])
    # the same draws: a provider that is not ranked has no error of its own
    kept = replace(more, scores={REPORTED: more.scores[REPORTED][:count]})
    one, other = rank(alone, methodology).frame, rank(kept, methodology).frame
    assert one.equals(other.head(count))


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_adjusted_p_values_keep_the_order_and_are_no_smaller(p_values: list[float]) -> None:
    given_, adjusted = np.array(p_values), benjamini_hochberg(np.array(p_values))
    assert (adjusted >= given_ - 1e-15).all()
    assert (np.diff(adjusted[np.argsort(given_, kind="stable")]) >= 0).all()


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30), st.floats(0.01, 0.5))
def test_a_larger_error_rate_never_shortens_the_posterior_set(
    doubt: list[float], rate: float
) -> None:
    strict, lenient = posterior_set(np.array(doubt), rate), posterior_set(np.array(doubt), rate * 2)
    assert (lenient | ~strict).all()
    if strict.any():
        assert np.mean(np.array(doubt)[strict]) == pytest.approx(
            np.mean(np.array(doubt)[strict]).clip(0, rate), abs=1e-12
        )
