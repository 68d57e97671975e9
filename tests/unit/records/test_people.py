"""One person is one person, by СНИЛС here and by name and birth date there; nobody is guessed.

All people and numbers are invented.
"""

from __future__ import annotations

import json

import ibis
import polars as pl
import pytest

from otdacha.records import add, batch_card, current, frame, stored_rows, withdraw
from tests.unit.records.conftest import INN, OTHER_SNILS, SNILS, TOWN

ANNA = "Иванова Анна Петровна;05.03.1971"
MARRIED = "Соколова Анна Петровна;05.03.1971"
PIOTR = "Петров Пётр Ильич;06.04.1980"
OTHER_TOWN = "17701000"

STAFF = "ОКТМО;СНИЛС;ФИО;Дата рождения;Подразделение;Дата приёма;Табельный №"
TRAINING = "СНИЛС;ФИО;Дата рождения;ИНН;Программа;Начало;Окончание;Часы"


@pytest.fixture
def staff(workspace, write):
    """Add people to the staff list: СНИЛС, then name and birth date; either may be empty."""

    def _staff(*people, town=TOWN, unit="Архив", started="09.01.2020", badge=""):
        rows = [f"{town};{snils};{name};{unit};{started};{badge}" for snils, name in people]
        return add(workspace, "staff", write(STAFF, *rows))

    return _staff


@pytest.fixture
def training(workspace, write):
    """Add courses: СНИЛС, name and birth date, and the day of January on which it began."""

    def _training(*courses):
        rows = [
            f"{snils};{name};{INN};П;{day:02d}.01.2024;31.01.2024;16"
            for snils, name, day in courses
        ]
        return add(workspace, "training", write(TRAINING, *rows))

    return _training


def people(workspace, table):
    """The people of a table in the order of arrival, each as the first letter and a number."""
    found = frame(workspace, table)["person"].to_list()
    return [f"{person[0]}{found.index(person)}" for person in found]


def linked(workspace):
    """For each training record in order of arrival: is its person on a staff list?"""
    staff = set(frame(workspace, "staff")["person"])
    return [person in staff for person in frame(workspace, "training")["person"]]


def test_by_snils_on_the_staff_list_and_by_name_in_training_is_one_person(
    workspace, staff, training
):
    staff((SNILS, ANNA))
    training(("", ANNA, 9), ("", PIOTR, 9))
    assert linked(workspace) == [True, False]


def test_by_name_on_the_staff_list_and_by_snils_in_training_is_one_person(
    workspace, staff, training
):
    staff(("", ANNA))
    training((SNILS, ANNA, 9), (OTHER_SNILS, PIOTR, 9))
    assert linked(workspace) == [True, False]


def test_a_third_file_may_tell_that_two_are_one(workspace, staff, training):
    staff(("", ANNA))
    training((SNILS, ";", 9))
    assert linked(workspace) == [False]
    both = staff((SNILS, ANNA), town=OTHER_TOWN)
    assert linked(workspace) == [True]
    withdraw(workspace, both.id)
    assert linked(workspace) == [False]


def test_of_two_snils_with_one_name_and_birth_date_nobody_is_guessed(workspace, staff, training):
    staff((SNILS, ANNA), (OTHER_SNILS, ANNA))
    training((SNILS, ANNA, 9), (OTHER_SNILS, ";", 10), ("", ANNA, 11))
    assert people(workspace, "staff") == ["s0", "s1"]
    assert people(workspace, "training") == ["s0", "s1", "?2"]
    assert linked(workspace) == [True, True, False]


def test_who_is_ambiguous_on_the_staff_list_keeps_their_cases_and_gets_no_training(
    workspace, staff, training
):
    staff(("", ANNA), town=OTHER_TOWN, badge="7")
    training(("", ANNA, 9))
    assert linked(workspace) == [True]
    staff((SNILS, ANNA), (OTHER_SNILS, ANNA))
    assert people(workspace, "staff") == ["n0", "s1", "s2"]
    assert linked(workspace) == [False]


def test_one_snils_with_two_names_is_one_person_under_either(workspace, staff, training):
    staff((SNILS, ANNA))
    staff((SNILS, MARRIED), unit="Канцелярия", started="01.02.2023")
    training(("", ANNA, 9), ("", MARRIED, 10), (SNILS, ";", 11))
    assert people(workspace, "training") == ["s0", "s0", "s0"]
    assert linked(workspace) == [True, True, True]


def test_names_make_no_chain_between_two_snils(workspace, staff, training):
    """Anna has two names, and one of them is somebody else's as well."""
    staff((SNILS, ANNA), (OTHER_SNILS, MARRIED))
    staff((SNILS, MARRIED), unit="Канцелярия", started="01.02.2023")
    training(("", ANNA, 9), ("", MARRIED, 10))
    assert people(workspace, "training") == ["s0", "?1"]


def test_the_same_course_by_snils_and_by_name_counts_once_and_the_newer_row_counts(
    workspace, write, staff, training
):
    training((SNILS, ANNA, 9))
    newer = add(
        workspace,
        "training",
        write(TRAINING, f";{ANNA};{INN};П;09.01.2024;31.01.2024;72"),
    )
    rows = frame(workspace, "training")
    assert rows["hours"].to_list() == [72]
    assert rows["person"][0].startswith("s")
    withdraw(workspace, newer.id)
    assert frame(workspace, "training")["hours"].to_list() == [16]


def test_within_one_file_the_first_of_the_two_rows_counts(workspace, write):
    file = write(
        TRAINING,
        f"{SNILS};{ANNA};{INN};П;09.01.2024;31.01.2024;16",
        f";{ANNA};{INN};П;09.01.2024;31.01.2024;72",
    )
    assert add(workspace, "training", file).accepted == 2
    assert frame(workspace, "training")["hours"].to_list() == [16]


def test_executors_are_found_by_snils_and_by_badge(workspace, write, staff, training):
    staff(("", ANNA), badge="0012")
    training((SNILS, ANNA, 9))
    add(
        workspace,
        "cases",
        write(
            "ОКТМО;№ дела;Отдел;Услуга;Дата регистрации;СНИЛС исполнителя;Таб. № исполнителя",
            f"{TOWN};1;Архив;Справка;09.01.2024;{SNILS};",
            f"{TOWN};2;Архив;Справка;09.01.2024;;12",
        ),
    )
    who = frame(workspace, "staff").select("person", "badge").row(0)
    assert frame(workspace, "cases")["executor"].to_list() == list(who)


def test_a_surname_with_initials_is_no_full_name(workspace, write):
    file = write(
        STAFF,
        f"{TOWN};;Иванова А.П.;05.03.1971;Архив;09.01.2020;",
        f"{TOWN};;Иванова А. П.;05.03.1971;Архив;10.01.2020;",
        f"{TOWN};{SNILS};Иванова А.П.;05.03.1971;Архив;11.01.2020;",
        f"{TOWN};;Иванова Анна;05.03.1971;Архив;12.01.2020;",
    )
    batch = add(workspace, "staff", file)
    assert dict(batch.reasons) == {"no_identity": 2}
    assert (batch.by_name, batch.both) == (1, 0)


def test_nothing_is_joined_where_nobody_needs_it(workspace, staff, training):
    def sql(table):
        return ibis.to_sql(current(workspace, table, ibis.duckdb.connect())).upper()

    staff((SNILS, ANNA))
    training((SNILS, ANNA, 9))
    assert "JOIN" not in sql("staff") + sql("training")
    training(("", PIOTR, 9))
    assert "JOIN" not in sql("staff")
    assert "JOIN" in sql("training")


def test_a_batch_from_before_the_second_pseudonym_is_linked_too(workspace, staff, training):
    """Its file has no `person_by_name`, its card says nothing of how people are known."""
    old = training(("", ANNA, 9))
    rows = stored_rows(workspace, "training", old.id)
    pl.read_parquet(rows).drop("person_by_name").write_parquet(rows)
    card = batch_card(workspace, old.id)
    content = json.loads(card.read_text("utf-8"))
    for younger in ("by_name", "both", "erased", "erased_by"):
        del content[younger]
    card.write_text(json.dumps(content), "utf-8")

    assert people(workspace, "training") == ["n0"]
    staff((SNILS, ANNA))
    assert linked(workspace) == [True]
    training((SNILS, ";", 12))
    assert people(workspace, "training") == ["s0", "s0"]
