"""Pairs of providers: figures by hand, and the law that binds them to the ranges of ranks."""

from __future__ import annotations

from importlib import import_module

import numpy as np
import polars as pl
import pytest
from scipy import special, stats

from otdacha.ranking import Ranking, rank
from otdacha.ranking.comparisons import COMPARISONS, Comparisons
from tests.unit.ranking.providers import effects_of, methodology_of, several

ORDER = ("alpha", "beta")


def two(scores: list[list[float]], df: float = np.inf) -> Comparisons:
    return Comparisons(
        ORDER,
        np.array([5.0, 2.0]),
        np.array([df, df]),
        np.array(scores),
        surely=np.array([[False, False], [True, False]]),
        beats=np.array([[0.5, 0.9], [0.1, 0.5]]),
    )


def ranked(estimates: np.ndarray, scores: np.ndarray) -> Ranking:
    """A ranking of estimates that lie far apart, with the covariance of the scores."""
    errors = np.sqrt((scores**2).sum(axis=0))
    effects = effects_of((3 * estimates).tolist(), errors.tolist(), scores=scores)
    return rank(effects, methodology_of())


def test_a_pair_by_hand_with_what_the_two_share() -> None:
    """V_aa = 1 + 9 = 10, V_bb = 4, V_ab = 3 × 2 = 6: the difference has variance 2, not 14."""
    found = two([[1.0, 0.0], [3.0, 2.0]]).table(ORDER, 0.95).row(0, named=True)
    z = special.ndtri(0.975)
    assert (found["provider"], found["other"], found["difference"]) == (*ORDER, 3.0)
    assert found["se"] == pytest.approx(2**0.5)
    assert found["df"] is None
    assert found["lower"] == pytest.approx(3 - z * 2**0.5)
    assert found["upper"] == pytest.approx(3 + z * 2**0.5)
    assert (found["distinguishable"], found["probability_better"]) == (True, 0.9)


def test_the_other_way_round_says_the_same_of_the_pair() -> None:
    made = two([[1.0, 0.0], [3.0, 2.0]])
    here, there = (made.table(order, 0.95).row(0, named=True) for order in (ORDER, ORDER[::-1]))
    assert there["difference"] == -here["difference"]
    assert (there["lower"], there["upper"]) == (-here["upper"], -here["lower"])
    assert there["distinguishable"] == here["distinguishable"]
    assert there["probability_better"] == pytest.approx(1 - here["probability_better"])


def test_few_clusters_make_a_t_interval() -> None:
    """Equal variances of 4 degrees of freedom each have 8 together."""
    found = two([[1.0, 0.0], [0.0, 1.0]], df=4.0).table(ORDER, 0.95).row(0, named=True)
    assert found["df"] == pytest.approx(8)
    assert found["upper"] - 3 == pytest.approx(stats.t.ppf(0.975, 8) * 2**0.5)


def test_of_a_pair_that_shares_its_whole_error_nothing_is_said() -> None:
    found = two([[1.0, 1.0], [2.0, 2.0]]).table(ORDER, 0.95).row(0, named=True)
    assert found["difference"] == 3.0
    assert [found[name] for name in list(COMPARISONS)[3:]] == [None] * 6


@pytest.mark.parametrize("shared", [0.0, 0.6])
def test_the_best_place_is_one_more_than_those_distinguishably_better(shared: float) -> None:
    _, estimates, se = several(3, 40)
    draw = np.random.default_rng(5)
    scores = (draw.normal(0, 1, (300, 40)) + shared * draw.normal(0, 1, (300, 1))) * se / 300**0.5
    ranking = ranked(estimates, scores)
    frame = ranking.frame
    assert ranking.comparisons is not None
    table = ranking.comparisons.table(frame["provider"].to_list(), 0.95)
    assert table.height == 40 * 39 // 2
    apart = table.filter("distinguishable")
    assert 0 < apart.height < table.height
    losers = apart.select(
        provider=pl.when(pl.col("difference") > 0).then("other").otherwise("provider")
    )
    better = dict(losers.group_by("provider").len().iter_rows())
    for provider, low in frame.select("provider", "rank_low_all").iter_rows():
        assert low == 1 + better.get(provider, 0)


def test_whoever_is_distinguishable_is_so_by_its_own_interval_too() -> None:
    _, estimates, se = several(4, 30)
    ranking = ranked(estimates, np.diag(se))
    assert ranking.comparisons is not None
    apart = ranking.comparisons.table(ranking.frame["provider"].to_list(), 0.95).filter(
        "distinguishable"
    )
    assert apart.height > 0
    assert apart.filter(pl.col("lower").sign() != pl.col("upper").sign()).is_empty()


def test_more_than_the_bound_are_not_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    _, estimates, se = several(4, 5)
    assert ranked(estimates, np.diag(se)).comparisons is not None
    monkeypatch.setattr(import_module("otdacha.ranking.rank"), "MOST_COMPARED", 4)
    assert ranked(estimates, np.diag(se)).comparisons is None
