"""Disclosure control by examples that can be checked by hand."""

from __future__ import annotations

import polars as pl
import pytest

from otdacha.methodology import Disclosure
from otdacha.release.disclosure import municipalities_rule, people_rule, publish_counts
from otdacha.release.states import State

FIVES = Disclosure(people=5, municipalities=2, round_to=5)


@pytest.mark.parametrize(
    ("true", "shown", "state"),
    [
        (0, 0, State.TRUE_ZERO),
        (1, None, State.SUPPRESSED),
        (4, None, State.SUPPRESSED),
        (5, 5, State.PUBLISHED),
        (7, 5, State.PUBLISHED),
        (8, 10, State.PUBLISHED),
        (12, 10, State.PUBLISHED),
        (None, None, State.NOT_COLLECTED),
    ],
)
def test_it_suppresses_below_five_and_rounds_to_fives(
    true: int | None, shown: int | None, state: State
) -> None:
    frame = pl.DataFrame({"key": ["a"], "people": [true]}, schema_overrides={"people": pl.Int64})
    result = publish_counts(frame, {"people": people_rule(FIVES)}, keys=["key"])
    assert result["people"].item() == shown
    assert result["people_state"].item() == state


def test_it_rounds_to_a_step_that_is_not_below_the_minimum() -> None:
    assert people_rule(Disclosure(people=10, municipalities=2, round_to=4)).step == 12


def test_a_count_that_would_be_rounded_to_nobody_is_suppressed() -> None:
    twenties = Disclosure(people=5, municipalities=2, round_to=20)
    frame = pl.DataFrame({"key": ["a", "b"], "people": [9, 10]})
    result = publish_counts(frame, {"people": people_rule(twenties)}, keys=["key"])
    assert result["people"].to_list() == [None, 20]


def test_municipalities_are_suppressed_when_few_but_not_rounded() -> None:
    frame = pl.DataFrame({"key": ["a", "b", "c"], "towns": [1, 2, 3]})
    result = publish_counts(frame, {"towns": municipalities_rule(FIVES)}, keys=["key"])
    assert result["towns"].to_list() == [None, 2, 3]


def test_a_small_change_since_the_last_release_is_held_back_and_its_rate_with_it() -> None:
    last = pl.DataFrame({"key": ["a"], "people": [12], "trained": [24]})
    now = pl.DataFrame({"key": ["a"], "people": [14], "trained": [33]})
    rule = people_rule(FIVES)
    result = publish_counts(
        now,
        {"people": rule, "trained": rule},
        keys=["key"],
        rates={"followed": ("people", "trained")},
        previous=last,
    )
    # 14 is rounded to 15, three more than the 12 published last: the 12 stays; 33 becomes 35
    assert result["people"].item() == 12
    assert result["trained"].item() == 35
    assert result["followed"].item() == 12 / 35


def test_where_the_last_figure_would_be_small_now_the_count_is_suppressed() -> None:
    stricter = Disclosure(people=7, municipalities=2, round_to=5)
    result = publish_counts(
        pl.DataFrame({"key": ["a"], "people": [9]}),
        {"people": people_rule(stricter)},
        keys=["key"],
        previous=pl.DataFrame({"key": ["a"], "people": [5]}),
    )
    assert result["people_state"].item() == State.SUPPRESSED


def test_a_row_is_compared_with_its_own_row_of_the_last_release_even_where_keys_are_null() -> None:
    keys = {"reason": ["cancelled", "cancelled"], "provider": [None, "9900000001"]}
    result = publish_counts(
        pl.DataFrame({**keys, "rows": [13, 13]}, schema_overrides={"provider": pl.String}),
        {"rows": people_rule(FIVES)},
        keys=["reason", "provider"],
        previous=pl.DataFrame({**keys, "rows": [12, 40]}, schema_overrides={"provider": pl.String}),
    )
    assert result["rows"].to_list() == [12, 15]


def test_a_rate_takes_the_state_of_the_count_that_is_missing() -> None:
    frame = pl.DataFrame({"key": [1, 2, 3], "people": [3, 0, 0], "trained": [20, 20, 0]})
    rule = people_rule(FIVES)
    result = publish_counts(
        frame,
        {"people": rule, "trained": rule},
        keys=["key"],
        rates={"followed": ("people", "trained")},
    )
    assert result["followed_state"].to_list() == ["suppressed", "true_zero", "not_collected"]
    assert result["followed"].to_list() == [None, 0.0, None]


def test_a_count_that_has_become_small_is_suppressed_whatever_was_published_before() -> None:
    result = publish_counts(
        pl.DataFrame({"key": ["a"], "people": [3]}),
        {"people": people_rule(FIVES)},
        keys=["key"],
        previous=pl.DataFrame({"key": ["a"], "people": [5]}),
    )
    assert result["people"].item() is None
