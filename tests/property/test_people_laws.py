"""Laws of who is who: as a reader would decide it, whatever the order of files and rows."""

from __future__ import annotations

from collections import defaultdict

import ibis
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otdacha.records.people import AMBIGUOUS, as_one_person, named_people

ROWS = st.lists(
    st.tuples(st.sampled_from([None, "s1", "s2", "s3"]), st.sampled_from([None, "nA", "nB", "nC"])),
    max_size=8,
).map(lambda rows: [(snils or name, name) for snils, name in rows if snils or name])
"""What files say: person (by СНИЛС, else by name), and the name where it is given."""


@pytest.fixture(scope="module")
def engine():
    return ibis.duckdb.connect()


def table(rows):
    people, names = ([row[at] for row in rows] for at in (0, 1))
    frame = pl.DataFrame({"person": people, "person_by_name": names, "at": range(len(rows))})
    kinds = {"person": pl.String, "person_by_name": pl.String, "at": pl.Int64}
    return ibis.memtable(frame.cast(kinds))


def resolved(engine, staff, training, *, of_training):
    rows = training if of_training else staff
    known = named_people([table(staff), table(training)])
    found = engine.to_polars(as_one_person(table(rows), known, off_staff=of_training))
    assert found.height == len(rows)
    in_order = found.sort("at")
    assert in_order["recorded_as"].to_list() == [person for person, _ in rows]
    return in_order["person"].to_list()


def by_hand(staff, training, *, of_training):
    """The same with a dictionary: the СНИЛС that have come with each name."""
    snils = defaultdict(set)
    for person, name in [*staff, *training]:
        if person.startswith("s") and name:
            snils[name].add(person)
    said = []
    for person, _ in training if of_training else staff:
        known = snils.get(person, set())
        if len(known) == 1:
            said.append(min(known))
        elif known and of_training:
            said.append(AMBIGUOUS + person[1:])
        else:
            said.append(person)
    return said


@settings(max_examples=40, deadline=None)
@given(staff=ROWS, training=ROWS, of_training=st.booleans())
def test_who_is_who_is_as_a_reader_would_decide_it(engine, staff, training, of_training):
    found = resolved(engine, staff, training, of_training=of_training)
    assert found == by_hand(staff, training, of_training=of_training)
    # deciding once more changes nothing, and no two СНИЛС become one
    again = resolved(
        engine,
        staff if of_training else list(zip(found, [name for _, name in staff], strict=True)),
        list(zip(found, [name for _, name in training], strict=True)) if of_training else training,
        of_training=of_training,
    )
    assert again == found
    rows = training if of_training else staff
    assert all(
        person == now for (person, _), now in zip(rows, found, strict=True) if person[0] == "s"
    )


@settings(max_examples=20, deadline=None)
@given(rows=ROWS.filter(bool), data=st.data())
def test_the_order_of_rows_and_the_division_into_files_change_nothing(engine, rows, data):
    order = data.draw(st.permutations(range(len(rows))))
    cut = data.draw(st.integers(0, len(rows)))
    moved = [rows[at] for at in order]
    whole = resolved(engine, rows, [], of_training=False)
    known = named_people([table(moved[:cut]), table(moved[cut:])])
    parts = engine.to_polars(as_one_person(table(moved), known, off_staff=False)).sort("at")
    assert parts["person"].to_list() == [whole[at] for at in order]
