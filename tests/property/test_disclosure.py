"""Laws of disclosure control: what anybody can conclude from what is published."""

from __future__ import annotations

from functools import cache

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from otdacha.methodology import Disclosure
from otdacha.release.disclosure import people_rule, publish_counts
from otdacha.release.states import State

MOST = 70
"""True counts are tried up to here; the laws repeat with the step."""

rules = st.builds(
    Disclosure,
    people=st.integers(1, 12),
    municipalities=st.just(2),
    round_to=st.integers(1, 12),
)


@cache
def published(disclosure: Disclosure, previous: int | None = None) -> tuple[int | None, ...]:
    """What is published for each true count 0, 1, ..., MOST."""
    frame = pl.DataFrame({"key": range(MOST + 1), "people": range(MOST + 1)})
    before = None
    if previous is not None:
        before = frame.with_columns(people=pl.lit(previous, pl.Int64))
    shown = publish_counts(
        frame, {"people": people_rule(disclosure)}, keys=["key"], previous=before
    )
    return tuple(shown["people"])


@given(rules, st.none() | st.integers(0, MOST))
def test_no_published_count_is_small(disclosure: Disclosure, previous: int | None) -> None:
    for true, shown in enumerate(published(disclosure, previous)):
        assert shown is None or (shown == 0 and true == 0) or shown >= disclosure.people


@given(rules, st.integers(0, MOST))
def test_nobody_at_all_is_a_true_zero_and_a_few_are_suppressed(
    disclosure: Disclosure, true: int
) -> None:
    shown = publish_counts(
        pl.DataFrame({"key": ["a"], "people": [true]}),
        {"people": people_rule(disclosure)},
        keys=["key"],
    )
    state = State(shown["people_state"].item())
    if true == 0:
        assert state is State.TRUE_ZERO
    elif true < disclosure.people:
        assert state is State.SUPPRESSED
    else:
        assert state in (State.PUBLISHED, State.SUPPRESSED)
        assert (state is State.SUPPRESSED) == (shown["people"].item() is None)


@given(rules, st.lists(st.tuples(st.integers(0, MOST), st.integers(0, MOST)), min_size=1))
def test_rates_say_no_more_than_the_rounded_counts_do(
    disclosure: Disclosure, pairs: list[tuple[int, int]]
) -> None:
    parts = [min(pair) for pair in pairs]
    wholes = [max(pair) for pair in pairs]
    rule = people_rule(disclosure)
    shown = publish_counts(
        pl.DataFrame({"key": range(len(pairs)), "part": parts, "whole": wholes}),
        {"part": rule, "whole": rule},
        keys=["key"],
        rates={"rate": ("part", "whole")},
    )
    for part, whole, rate in shown.select("part", "whole", "rate").iter_rows():
        if part is None or not whole:
            assert rate is None
        else:
            assert rate == part / whole


@given(rules, st.integers(0, MOST), st.integers(0, MOST))
def test_two_published_counts_are_equal_or_differ_by_the_minimum(
    disclosure: Disclosure, first: int, second: int
) -> None:
    shown = published(disclosure)
    if shown[first] is not None and shown[second] is not None:
        assert shown[first] == shown[second] or (
            abs(shown[first] - shown[second]) >= disclosure.people
        )


@settings(max_examples=60, deadline=None)
@given(rules, rules, st.integers(0, MOST))
def test_the_difference_of_two_releases_never_reveals_a_small_group(
    then: Disclosure, now: Disclosure, first: int
) -> None:
    """Somebody who knows the rules tries every pair of true counts that fits both releases: it must
    stay possible that nothing changed, or that the change was not small. The methodology may change
    between the releases."""
    before = published(then)
    if before[first] is None:
        return
    possible_before = [true for true, shown in enumerate(before) if shown == before[first]]
    after = published(now, before[first])
    for figure in {shown for shown in after if shown is not None}:
        possible_after = [true for true, shown in enumerate(after) if shown == figure]
        assert any(
            one == other or abs(one - other) >= now.people
            for one in possible_before
            for other in possible_after
        )


@settings(max_examples=30, deadline=None)
@given(rules, st.lists(st.integers(0, MOST), min_size=3, max_size=6))
def test_comparing_with_the_last_release_is_enough_to_be_safe_against_all(
    disclosure: Disclosure, people: list[int]
) -> None:
    """Under one methodology a published count depends on the true count alone, so that no
    earlier release adds anything to the last one."""
    alone = published(disclosure)
    last: int | None = None
    for true in people:
        shown = published(disclosure, last)[true]
        assert shown == alone[true]
        last = shown if shown is not None else last
