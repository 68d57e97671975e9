"""Laws of disclosure control: what anybody can conclude from what is published."""

from __future__ import annotations

from functools import cache

import polars as pl
import pytest
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


@settings(deadline=None)
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


SURE, TRIED = 9, 14
"""Numbers of people in each of three parts: laws are asked of 0…SURE, whoever reads may think of
up to TRIED."""


@cache
def parts_and_total(disclosure: Disclosure, *, company: bool) -> pl.DataFrame:
    """What is published of every three parts and of their total: a, b, c (true), said."""
    three = pl.DataFrame({"a": range(TRIED + 1)}).join(
        pl.DataFrame({"b": range(TRIED + 1)}), how="cross"
    )
    three = three.join(pl.DataFrame({"c": range(TRIED + 1)}), how="cross").with_row_index("whole")
    rule = {"n": people_rule(disclosure)}
    parts = publish_counts(
        three.unpivot(index="whole", variable_name="part", value_name="n").sort("whole", "part"),
        rule,
        keys=["whole", "part"],
        parts_of={"n": ["whole"]} if company else None,
    )
    total = publish_counts(
        three.select("whole", n=pl.sum_horizontal("a", "b", "c")), rule, keys=["whole"]
    )
    said = parts.group_by("whole").agg(pl.col("n").alias("parts"))
    return (
        three.join(said, on="whole")
        .join(total.select("whole", total="n"), on="whole")
        .select("a", "b", "c", "parts", said=pl.struct("parts", "total"))
    )


def given_away(disclosure: Disclosure, *, company: bool) -> pl.DataFrame:
    """Small suppressed parts whose number can only be one, by all that is published of them."""
    table = parts_and_total(disclosure, company=company)
    found = []
    for place, part in enumerate("abc"):
        small = pl.col(part).is_between(1, disclosure.people - 1)
        alone = table.with_columns(possible=pl.col(part).n_unique().over("said"))
        asked = pl.max_horizontal("a", "b", "c") <= SURE
        hidden = pl.col("parts").list.get(place).is_null()
        found.append(alone.filter(small & hidden & asked & (pl.col("possible") == 1)))
    return pl.concat(found).select("a", "b", "c")


@pytest.mark.parametrize("people", [5, 6, 10])
def test_a_total_does_not_give_away_how_few_are_in_one_of_three_parts(people: int) -> None:
    """Somebody who knows the rules tries every three numbers that fit the parts and the total."""
    rules_ = Disclosure(people=people, municipalities=2, round_to=people)
    assert given_away(rules_, company=True).is_empty()


def test_without_company_a_total_would_give_parts_away() -> None:
    """4 and 4 are shown as 10 in all, 5 (shown as 5) with 1 and 1 as 5: both can only be so."""
    rules_ = Disclosure(people=5, municipalities=2, round_to=5)
    assert {(4, 4, 0), (5, 1, 1)} <= set(given_away(rules_, company=False).rows())
