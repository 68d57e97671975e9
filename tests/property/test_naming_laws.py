"""Laws of naming people, against every choice there is."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from itertools import combinations, product

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from otdacha.programme.needs.classes import CLASSES, MEMBERS, Classes
from otdacha.programme.needs.naming import name_people, overlapping

FIRST = dt.date(2027, 1, 1)
Case = tuple[list[tuple[int, str | None]], list[bool], list[tuple[int, int]], dict]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Members (class, person) of two or three classes; which classes are mandatory; runs as first
    day and length; seats by class and run."""
    number = draw(st.integers(2, 3))
    people = st.sampled_from(["a", "b", "c", None])
    members = draw(
        st.lists(
            st.tuples(st.integers(0, number - 1), people),
            min_size=1,
            max_size=6,
            unique_by=lambda one: one if one[1] else object(),
        )
    )
    mandatory = draw(st.lists(st.booleans(), min_size=number, max_size=number))
    runs = draw(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 4)), min_size=1, max_size=3))
    keys = list(product(range(number), range(len(runs))))
    counts = draw(st.lists(st.integers(0, 2), min_size=len(keys), max_size=len(keys)))
    return members, mandatory, runs, dict(zip(keys, counts, strict=True))


def days(run: tuple[int, int]) -> tuple[dt.date, dt.date]:
    started = FIRST + dt.timedelta(days=run[0])
    return started, started + dt.timedelta(days=run[1])


def named(case: Case) -> pl.DataFrame:
    members, mandatory, runs, free = case
    people = Counter(number for number, _ in members)
    frame = pl.DataFrame(
        [(i, "t", "u", str(i), must, None, None, people[i]) for i, must in enumerate(mandatory)],
        schema=CLASSES,
        orient="row",
    )
    rows = [(c, i, str(i), person, None, None, None) for i, (c, person) in enumerate(members)]
    held = pl.DataFrame(rows, schema=MEMBERS, orient="row")
    seats = [(c, run, count) for (c, run), count in free.items()]
    return name_people(
        Classes(frame, held, pl.DataFrame(), 0),
        pl.DataFrame(seats, schema=["class", "run", "seats"], orient="row"),
        pl.DataFrame(
            [(i, *days(run)) for i, run in enumerate(runs)],
            schema=["run", "started", "finished"],
            orient="row",
        ),
    )


def is_lawful(case: Case, choice: list[tuple[int, int]]) -> bool:
    """choice: (member, run)."""
    members, _, runs, free = case
    used = Counter((members[member][0], run) for member, run in choice)
    return all(count <= free[key] for key, count in used.items()) and not any(
        members[one][1] is not None
        and members[one][1] == members[other][1]
        and overlapping(days(runs[a]), days(runs[b]))
        for (one, a), (other, b) in combinations(choice, 2)
    )


def best(case: Case) -> tuple[int, int]:
    """The most seats that can be filled, and of such choices the most that the law asks for."""
    members, mandatory, runs, _ = case
    found = (0, 0)
    for picked in product([None, *range(len(runs))], repeat=len(members)):
        choice = [(member, run) for member, run in enumerate(picked) if run is not None]
        size = len(choice), sum(mandatory[members[member][0]] for member, _ in choice)
        if size > found and is_lawful(case, choice):
            found = size
    return found


@settings(max_examples=60, deadline=None)
@given(cases())
def test_as_many_seats_are_filled_as_can_be_and_nobody_is_in_two_places(case: Case) -> None:
    found = named(case)
    filled = found.filter(pl.col("state") != "unnamed")
    choice = list(filled.select("member", "run").iter_rows())
    assert len({member for member, _ in choice}) == len(choice)
    assert is_lawful(case, choice)
    assert all(case[0][member][0] == number for member, number in
               filled.select("member", "class").iter_rows())  # fmt: skip
    assert len(choice) == best(case)[0]


@settings(max_examples=40, deadline=None)
@given(cases())
def test_every_seat_is_told_with_its_reason(case: Case) -> None:
    found = named(case)
    assert found.height == sum(case[3].values())
    empty = pl.col("state") == "unnamed"
    assert found.filter(empty != pl.col("reason").is_not_null()).is_empty()
    assert found.filter(empty != pl.col("member").is_null()).is_empty()
    waiting = Counter(number for number, _ in case[0])
    waiting.subtract(found.filter(~empty)["class"].to_list())
    for number, reason in found.filter(empty).select("class", "reason").iter_rows():
        assert reason == ("overlapping_days" if waiting[number] else "too_few_people")


@settings(max_examples=40, deadline=None)
@given(cases())
def test_where_order_does_not_fill_every_seat_the_law_still_goes_first(case: Case) -> None:
    found = named(case)
    filled = found.filter(pl.col("state") != "unnamed")
    lawful = sum(case[1][number] for number in filled["class"])
    # the greedy choice takes the law's people first, the exact one counts them second
    assert (filled.height, lawful) <= best(case)
    assert filled.height == best(case)[0]
    assert lawful == best(case)[1]
