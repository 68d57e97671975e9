"""The whole ranking of small sets of invented providers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from otdacha.effects.reported import reported
from otdacha.methodology.counting import EXCLUDED
from otdacha.ranking import RANKING, rank
from otdacha.ranking.reasons import REASONS
from tests.unit.ranking.providers import effects_of, methodology_of, several

RANKED = [name for name in RANKING if name not in ("provider", "estimate", "se", "df", "state")]


@pytest.mark.parametrize("prior", ["normal", "npmle"])
def test_the_frame_has_the_published_columns_best_first(prior: str) -> None:
    _, estimates, se = several(1, 30)
    ranking = rank(effects_of(estimates, se), methodology_of(shrinkage={"prior": prior}))
    assert ranking.frame.schema == RANKING
    assert ranking.frame["posterior_mean"].is_sorted(descending=True)
    assert ranking.frame.null_count().drop("df").row(0) == (0,) * (len(RANKING) - 1)
    assert ranking.prior.kind == prior
    assert ranking.indicator == "reported"
    assert (ranking.frame["lower"] <= ranking.frame["posterior_mean"]).all()
    assert (ranking.frame["posterior_mean"] <= ranking.frame["upper"]).all()
    assert ranking.excluded.schema == EXCLUDED
    assert ranking.excluded.is_empty()


def test_three_clear_winners_are_listed_and_said_so() -> None:
    estimates = [5.0, 5.1, 4.9, *np.linspace(-0.3, 0.3, 27)]
    ranking = rank(effects_of(estimates, [0.5] * 30), methodology_of())
    assert set(ranking.listed) == {"p000", "p001", "p002"}
    best = ranking.frame.head(3)
    assert best["grade"].to_list() == [1, 1, 1]
    assert best["rank_high"].to_list() == [3, 3, 3]
    assert str(ranking.verdict) == "3 providers of 30 ranked are on the list of the most effective."


def test_an_empty_list_is_a_result_and_is_said_in_words() -> None:
    ranking = rank(effects_of(np.linspace(-0.3, 0.3, 10), [1.0] * 10), methodology_of())
    assert ranking.listed == ()
    assert "the list is empty" in str(ranking.verdict)


def test_a_provider_is_listed_only_when_both_rules_agree() -> None:
    _, estimates, se = several(2, 60)
    frame = rank(effects_of(estimates, se), methodology_of()).frame
    listed = frame.filter("listed")
    assert listed.height > 0
    assert (listed["q_value"] <= 0.10).all()
    assert 1 - listed["probability_better"].mean() <= 0.10


@pytest.mark.parametrize("prior", ["normal", "npmle"])
def test_all_estimates_equal_are_one_grade_and_nobody_is_listed(prior: str) -> None:
    methodology = methodology_of(shrinkage={"prior": prior})
    ranking = rank(effects_of([2.0] * 8, [0.5] * 8), methodology)
    assert ranking.listed == ()
    assert set(ranking.frame["grade"]) == {1}
    assert set(ranking.frame["rank_low"]) == {1}
    assert set(ranking.frame["rank_high"]) == {8}
    np.testing.assert_allclose(ranking.frame["posterior_mean"], 2.0)


def test_what_cannot_be_ranked_stands_last_by_name_with_nulls() -> None:
    effects = effects_of([9.0, 1.0, None, 2.0, 3.0], [0.0, 1.0, 1.0, None, 1.0])
    ranking = rank(effects, methodology_of())
    assert ranking.frame["provider"].to_list() == ["p004", "p001", "p000", "p002", "p003"]
    unranked = ranking.frame.tail(3)
    assert unranked["state"].to_list() == [
        "insufficient evidence",
        "not collected",
        "insufficient evidence",
    ]
    assert unranked["estimate"].to_list() == [9.0, None, 2.0]
    assert unranked["listed"].to_list() == [False] * 3
    for name in RANKED:
        assert name == "listed" or unranked[name].is_null().all(), name
    assert ranking.frame["rank_high"].drop_nulls().max() == 2


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("se", 0.0, "no_standard_error"),
        ("se", float("inf"), "no_standard_error"),
        ("se", float("nan"), "no_standard_error"),
        ("se", None, "no_standard_error"),
        ("estimate", float("inf"), "no_estimate"),
        ("estimate", None, "no_estimate"),
    ],
)
def test_a_broken_row_is_not_ranked_and_is_counted(
    column: str, value: float | None, reason: str
) -> None:
    effects = effects_of([1.0, 2.0, 3.0], [0.5, 0.5, 0.5])
    broken = effects.estimates.with_columns(
        pl.when(pl.col("provider") == "p001")
        .then(pl.lit(value, pl.Float64))
        .otherwise(column)
        .alias(column)
    )
    ranking = rank(replace(effects, estimates=broken), methodology_of())
    last = ranking.frame.row(-1, named=True)
    assert (last["provider"], last["state"]) == ("p001", "insufficient evidence")
    assert ranking.excluded.rows() == [("ranking", reason, "reported", "p001", 1)]
    assert reason in REASONS


def test_a_provider_alone_is_not_comparable() -> None:
    ranking = rank(effects_of([3.0, None], [0.5, None]), methodology_of())
    assert ranking.frame["state"].to_list() == ["not comparable", "not collected"]
    assert ranking.frame["estimate"].to_list() == [3.0, None]
    assert ranking.listed == ()
    assert ranking.prior.kind == "none"
    assert ranking.excluded["reason"].to_list() == ["nothing_to_compare_with"]
    assert "nobody to compare" in str(ranking.verdict)


def test_nobody_with_evidence_is_no_crash() -> None:
    ranking = rank(effects_of([None, None], [None, None]), methodology_of())
    assert ranking.frame.height == 2
    assert ranking.listed == ()
    assert str(ranking.verdict) == "No provider has enough evidence to be ranked."


def test_two_providers_can_be_ranked() -> None:
    for prior in ("normal", "npmle"):
        ranking = rank(
            effects_of([0.0, 100.0], [0.5, 0.5]), methodology_of(shrinkage={"prior": prior})
        )
        assert ranking.frame["provider"].to_list() == ["p001", "p000"]
        assert ranking.frame["rank_high"].to_list() == [1, 2]


def test_few_degrees_of_freedom_shrink_more_and_claim_less() -> None:
    _, estimates, se = several(3, 40)
    many = rank(effects_of(estimates, se), methodology_of()).frame.sort("provider")
    few = rank(effects_of(estimates, se, [3.0] * 40), methodology_of()).frame.sort("provider")
    best = many["p_value"].arg_min()
    assert best is not None
    assert few["p_value"][best] > many["p_value"][best]
    assert few["listed"].sum() <= many["listed"].sum()
    assert (few["posterior_mean"].abs() - many["posterior_mean"].abs()).mean() < 0


@pytest.mark.parametrize("against", ["zero", "mean", "median"])
def test_the_threshold_is_the_methodologys(against: str) -> None:
    estimates = [1.0, 2.0, 6.0, 7.0]
    ranking = rank(effects_of(estimates, [1.0] * 4), methodology_of(list={"against": against}))
    assert ranking.threshold == pytest.approx({"zero": 0, "mean": 4, "median": 4}[against])


def test_dense_scores_with_a_shared_error_are_ranked() -> None:
    scores = np.vstack([np.eye(5) * 0.3, np.full((1, 5), 0.4)])
    effects = effects_of([0.0, 1.0, 2.0, 3.0, 4.0], [0.5] * 5, scores=scores)
    ranking = rank(effects, methodology_of())
    assert ranking.frame["provider"].to_list() == ["p004", "p003", "p002", "p001", "p000"]
    # differences of 1 with an error of 0.42: the ends are told apart though each se is 0.5
    assert ranking.frame["rank_high"][0] < 5


def test_progress_tells_every_step() -> None:
    heard: list[str] = []
    effects = effects_of([1.0, 2.0, 3.0], [0.5] * 3)
    rank(effects, methodology_of(), progress=lambda step, done, total: heard.append(str(step)))
    assert heard[0] == "Estimating how providers differ"
    assert heard[-1] == "Finding rank ranges"


def test_an_indicator_that_is_not_there_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        rank(effects_of([1.0, 2.0], [0.5] * 2), methodology_of(), indicator="courtesy")


def test_suppressed_is_carried_through_and_is_no_zero() -> None:
    frame = pl.DataFrame(
        {"provider": ["a", "b", "c"], "successes": ["0", "30", "-99999"], "n": ["40", "40", "12"]}
    )
    ranking = rank(reported(frame, methodology_of()), methodology_of())
    rows = {row["provider"]: row for row in ranking.frame.to_dicts()}
    assert rows["a"]["estimate"] == 0
    assert rows["a"]["state"] == "estimated"
    assert rows["c"]["estimate"] is None
    assert rows["c"]["state"] == "suppressed"
