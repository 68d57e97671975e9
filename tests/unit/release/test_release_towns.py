"""Municipalities: who was trained where, counted by hand, and what may be shown of it."""

from __future__ import annotations

import datetime as dt

import polars as pl
from tests.invented_release import invented_municipalities

from otdacha.methodology import default_methodology
from otdacha.records import Successions, columns_of, successions
from otdacha.release import State
from otdacha.release.towns import MUNICIPALITIES, towns, towns_table, with_towns

NOBODY_MERGED = Successions()
COMPLETE = dt.date(2019, 1, 1)


def register(*rows: dict[str, object]) -> pl.DataFrame:
    plain = {"region": "Край", "training_known_from": COMPLETE}
    return pl.DataFrame(
        [{"name": row["municipality"], **plain, **row} for row in rows],
        schema=columns_of("municipalities"),
    )


def taken(*rows: tuple[str, str | None, str]) -> pl.DataFrame:
    """Rows of the table of training: person, municipality, provider."""
    schema = {"person": pl.String, "municipality": pl.String, "provider": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")


def counted(
    known: pl.DataFrame, training: pl.DataFrame, *at_work: str
) -> list[tuple[str, int | None, int | None]]:
    merged = successions(known, "municipality")
    working = pl.Series(at_work, dtype=pl.String)
    found = towns(known, training, merged, NOBODY_MERGED, working)
    assert found.schema == MUNICIPALITIES
    return found.select("municipality", "trained", "providers").rows()


def test_people_and_organisations_are_counted_once_in_a_town() -> None:
    known = register({"municipality": "1"}, {"municipality": "2"})
    training = taken(("x", "1", "A"), ("x", "1", "B"), ("y", "1", "A"), ("y", "2", "A"))
    assert counted(known, training, "1", "2") == [("1", 2, 2), ("2", 1, 1)]


def test_nobody_is_a_zero_only_where_the_records_are_said_to_be_complete() -> None:
    known = register({"municipality": "1"}, {"municipality": "2", "training_known_from": None})
    nobody = taken()
    assert counted(known, nobody, "1", "2") == [("1", 0, 0), ("2", None, None)]
    somewhere = taken(("x", None, "A"))
    assert counted(known, somewhere, "1", "2") == [("1", None, None), ("2", None, None)]


def test_a_town_of_which_there_is_nothing_is_not_in_the_table() -> None:
    known = register({"municipality": "1"}, {"municipality": "2"})
    assert counted(known, taken(("x", "1", "A"))) == [("1", 1, 1)]


def test_a_town_that_has_merged_counts_for_its_successor() -> None:
    known = register({"municipality": "1", "successor": "2"}, {"municipality": "2"})
    training = taken(("x", "1", "A"), ("y", "2", "B"))
    assert counted(known, training, "1", "2") == [("2", 2, 2)]


def test_the_newest_row_says_what_a_town_is_called_and_where_it_lies() -> None:
    known = register(
        {"municipality": "1", "name": "Ныне", "valid_from": dt.date(2024, 1, 1), "latitude": 55.5},
        {"municipality": "1", "name": "Прежде", "valid_to": dt.date(2023, 12, 31)},
    )
    found = towns(
        known, taken(("x", "1", "A")), NOBODY_MERGED, NOBODY_MERGED, pl.Series(dtype=pl.String)
    )
    assert found.select("name", "latitude", "longitude").rows() == [("Ныне", 55.5, None)]


def test_training_without_a_town_is_where_the_person_worked_then() -> None:
    day = dt.date(2024, 5, 20)
    schema = {"person": pl.String, "municipality": pl.String, "finished": pl.Date}
    training = pl.DataFrame(
        [("x", None, day), ("y", None, day), ("z", None, day), ("x", "9", day)],
        schema=schema,
        orient="row",
    )
    staff = pl.DataFrame(
        [
            ("x", "1", dt.date(2020, 1, 1), dt.date(2024, 5, 20)),
            ("x", "2", dt.date(2024, 5, 21), None),
            ("y", "1", dt.date(2020, 1, 1), None),
            ("y", "2", dt.date(2020, 1, 1), None),
        ],
        schema=["person", "municipality", "started", "ended"],
        orient="row",
    )
    # y worked in two towns at once, z is on no staff list: nobody knows where they belong
    assert with_towns(training, staff)["municipality"].to_list() == ["1", None, None, "9"]


def test_organisations_are_shown_where_people_are_and_have_their_state() -> None:
    table = towns_table(invented_municipalities(), default_methodology().disclosure, None)
    states = table.select("trained_state", "providers_state").rows()
    assert all(people == organisations for people, organisations in states)
    assert {people for people, _ in states} == {
        State.PUBLISHED,
        State.SUPPRESSED,
        State.TRUE_ZERO,
        State.NOT_COLLECTED,
    }
    known = table["trained"].is_not_null()
    assert (known == table["providers"].is_not_null()).all()
    assert (table["trained"].drop_nulls() % 5 == 0).all()


def test_a_count_is_compared_with_the_last_release() -> None:
    found = invented_municipalities().head(1)
    disclosure = default_methodology().disclosure
    last = towns_table(found, disclosure, None).with_columns(trained=pl.lit(42, pl.Int64))
    assert towns_table(found, disclosure, last)["trained"].to_list() == [42]
