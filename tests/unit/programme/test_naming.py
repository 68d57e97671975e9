"""Who sits on the seats of a class."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from otdacha.programme.needs.classes import classes_of
from otdacha.programme.needs.naming import NAMED, name_people
from tests.unit.programme.making import link, need, needs, roster, trained

YEARS = (2027, 2028, 2029)
RUNS = pl.DataFrame(
    {
        "run": [0, 1, 2],
        "started": [dt.date(2027, 2, 1), dt.date(2027, 2, 10), dt.date(2027, 3, 1)],
        "finished": [dt.date(2027, 2, 10), dt.date(2027, 2, 20), dt.date(2027, 3, 5)],
    }
)


def classes(people, *rows, training=()):
    known = roster([link(person) for person in people], training)
    return classes_of(needs(*rows), known, YEARS)


def seats(*rows):
    return pl.DataFrame(rows, schema=["class", "run", "seats"], orient="row")


def seated(found):
    return found.select("class", "run", "person").rows()


def test_who_was_trained_longest_ago_goes_before_others_and_the_never_trained_first():
    courses = [trained("a", "2025-01-01"), trained("b", "2020-01-01"), trained("d", "2024-01-01")]
    people = ["a", "b", "c", "d"]
    made = classes(people, *(need(p, p) for p in people), training=courses)
    found = name_people(made, seats((0, 2, 2)), RUNS)
    assert set(found["person"]) == {"b", "c"}
    assert found["state"].to_list() == ["named", "named"]
    assert dict(found.schema) == dict(NAMED)


def test_priority_goes_before_time_and_by_before_priority():
    made = classes(
        ["a", "b", "c"],
        need("1", "a", priority=1),
        need("2", "b", priority=5),
        need("3", "c", priority=1),
        training=[trained("a", "2026-01-01"), trained("c", "2020-01-01")],
    )
    first = name_people(made, seats((0, 2, 1)), RUNS)
    assert first["person"].to_list() == ["c"]
    two = name_people(made, seats((0, 0, 1), (0, 2, 1)), RUNS)
    assert seated(two) == [(0, 0, "c"), (0, 2, "a")]  # the earlier run is for the first in order
    due = classes(
        ["a", "b"],
        need("1", "a", by=dt.date(2027, 9, 1), priority=1),
        need("2", "b", by=dt.date(2027, 6, 1), priority=5),
    )
    assert name_people(due, seats((0, 2, 1)), RUNS)["person"].to_list() == ["b"]


def test_the_law_goes_before_a_wish_where_one_person_cannot_do_both():
    made = classes(["a"], need("1", "a"), need("2", "a", topic="Б", reason="legal_duty"))
    number = dict(made.frame.select("topic", "class").iter_rows())
    found = name_people(made, seats((number["Жалобы"], 0, 1), (number["Б"], 1, 1)), RUNS)
    rows = {row["class"]: row for row in found.iter_rows(named=True)}
    assert rows[number["Б"]]["person"] == "a"
    assert rows[number["Жалобы"]]["state"] == "unnamed"
    assert rows[number["Жалобы"]]["reason"] == "overlapping_days"  # both have 10 February


def test_one_person_may_learn_two_things_on_other_days():
    made = classes(["a"], need("1", "a"), need("2", "a", topic="Б"))
    found = name_people(made, seats((0, 0, 1), (1, 2, 1)), RUNS)
    assert found["person"].to_list() == ["a", "a"]


def test_a_seat_stays_unnamed_only_if_it_must():
    # in order: a takes run 0 of class 0, and then cannot take run 1 of class 1, which only they
    # need; b could have taken run 0
    made = classes(["a", "b"], need("1", "a"), need("2", "b"), need("3", "a", topic="Я"))
    found = name_people(made, seats((0, 0, 1), (1, 1, 1)), RUNS)
    assert seated(found) == [(0, 0, "b"), (1, 1, "a")]


def test_who_is_learning_elsewhere_already_waits_for_a_later_run():
    made = classes(["a", "b"], need("1", "a"), need("2", "b"))
    busy = pl.DataFrame(
        {"person": ["a"], "started": [dt.date(2027, 2, 10)], "finished": [dt.date(2027, 2, 11)]}
    )
    found = name_people(made, seats((0, 0, 1), (0, 2, 1)), RUNS, busy)
    assert seated(found) == [(0, 0, "b"), (0, 2, "a")]
    alone = classes(["a"], need("1", "a"))
    found = name_people(alone, seats((0, 0, 1)), RUNS, busy)
    assert found.select("state", "reason").rows() == [("unnamed", "overlapping_days")]


def test_a_need_that_names_nobody_keeps_a_person_to_be_named():
    made = classes(["a"], need("1", "a", unit="Отдел"), need("2", unit="Отдел", people=2))
    found = name_people(made, seats((0, 0, 2), (0, 2, 2)), RUNS)
    assert found.select("run", "person", "state").rows() == [
        (0, "a", "named"), (0, None, "to_be_named"),
        (2, None, "to_be_named"), (2, None, "unnamed"),
    ]  # fmt: skip
    assert found["reason"].to_list() == [None, None, None, "too_few_people"]


def test_every_seat_is_a_row_and_no_need_sits_twice():
    people = [f"p{i}" for i in range(7)]
    made = classes(people, *(need(p, p) for p in people))
    found = name_people(made, seats((0, 0, 3), (0, 1, 2), (0, 2, 0)), RUNS)
    assert found.height == 5
    assert found["member"].n_unique() == 5


@pytest.mark.parametrize("rows", [(), ((0, 0, 0),)])
def test_no_seats_name_nobody(rows):
    empty = pl.DataFrame(schema={"class": pl.Int64, "run": pl.Int64, "seats": pl.Int64})
    found = name_people(classes(["a"], need("1", "a")), seats(*rows) if rows else empty, RUNS)
    assert found.is_empty()
    assert dict(found.schema) == dict(NAMED)
