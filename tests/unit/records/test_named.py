"""The officer's own list puts names to pseudonyms, and nothing of it stays."""

from __future__ import annotations

import pytest

from otdacha.errors import FileProblem
from otdacha.records import add, frame, names_from_roster
from tests.unit.records.conftest import CASES, OTHER_SNILS, SNILS, TOWN
from tests.unit.records.leaks import leaks

STAFF = "СНИЛС;ФИО;Дата рождения;Подразделение;Дата приёма;Табельный №"
ANNA = f"{SNILS};Иванова Анна Петровна;05.03.1971;Архив;09.01.2020;7"
PIOTR = f"{OTHER_SNILS};Петров Пётр Ильич;06.04.1980;Архив;09.01.2020;8"
HERE = {"municipality": TOWN}


def people(workspace):
    return frame(workspace, "staff")["person"]


def test_the_list_that_was_added_names_everybody(workspace, write):
    file = write(STAFF, ANNA, PIOTR)
    add(workspace, "staff", file, constants=HERE)
    found = names_from_roster(workspace, file, HERE)
    assert found.of(people(workspace)).to_list() == ["Иванова Анна Петровна", "Петров Пётр Ильич"]
    badges = frame(workspace, "staff")["badge"]
    assert found.of(badges).to_list() == ["Иванова Анна Петровна", "Петров Пётр Ильич"]
    assert (found.rows, found.nameless, found.contradicting, found.another_s) == (2, 0, 0, 0)


@pytest.mark.parametrize(
    "row",
    [
        ";Иванова Анна Петровна;05.03.1971;Архив;09.01.2020;",  # by name and birth date
        ";Иванова А. П.;;Архив;09.01.2020;7",  # by personnel number
    ],
)
def test_a_list_without_snils_names_people_whom_the_records_know_by_it(workspace, write, row):
    add(workspace, "staff", write(STAFF, ANNA, PIOTR), constants=HERE)
    found = names_from_roster(workspace, write(STAFF, row, name="own.csv"), HERE)
    assert found.of(people(workspace)).to_list() == [row.split(";")[1], None]


def test_nothing_of_the_list_is_stored_and_it_does_not_show_itself(workspace, write):
    add(workspace, "staff", write(STAFF, ANNA), constants=HERE)
    before = sorted(workspace.path.rglob("*"))
    found = names_from_roster(workspace, write(STAFF, ANNA, PIOTR, name="own.csv"), HERE)
    assert len(set(found.names.values())) == 2
    assert sorted(workspace.path.rglob("*")) == before
    assert leaks(workspace.path, ["Петров", "Иванова", OTHER_SNILS]) == []
    assert "Петров" not in repr(found)


def test_rows_that_tell_nobody_and_numbers_with_two_names_are_counted(workspace, write):
    rows = [
        ";;;Архив;09.01.2020;9",
        ";Сидоров С. С.;;Архив;09.01.2020;",
        ";Иванова Анна;;Архив;09.01.2020;7",
        ";Петров Пётр;;Архив;09.01.2020;7",
        ";ИВАНОВ Иван;;Архив;09.01.2020;5",
        ";Иванов Иван;;Архив;09.01.2020;5",  # the same name
    ]
    found = names_from_roster(workspace, write(STAFF, *rows), HERE)
    assert (found.rows, found.nameless, found.contradicting) == (6, 2, 1)
    assert list(found.names.values()) == ["ИВАНОВ Иван"]


@pytest.mark.parametrize(
    "who",
    [
        f"{OTHER_SNILS};Петров Пётр Ильич;;",  # in the records by СНИЛС
        ";Петров Пётр Ильич;06.04.1980;",  # by name and birth date
    ],
)
def test_a_number_that_is_somebody_else_s_in_the_records_gives_nobody_another_name(
    workspace, write, who
):
    add(workspace, "staff", write(STAFF, ANNA, PIOTR), constants=HERE)
    of_another_town = write(STAFF, f"{who}Архив;09.01.2020;7", name="own.csv")  # Anna's number
    found = names_from_roster(workspace, of_another_town, HERE)
    assert found.of(people(workspace)).to_list() == [None, "Петров Пётр Ильич"]
    assert found.of(frame(workspace, "staff")["badge"]).to_list() == [None, None]
    assert found.another_s == 1


def test_a_name_in_parts_is_put_together(workspace, write):
    header = "СНИЛС;Фамилия;Имя;Отчество;Подразделение;Дата приёма"
    file = write(header, f"{SNILS};Иванова;Анна;;Архив;09.01.2020")
    assert list(names_from_roster(workspace, file, HERE).names.values()) == ["Иванова Анна"]


def test_a_file_that_is_no_staff_list_is_refused(workspace, write):
    with pytest.raises(FileProblem):
        names_from_roster(workspace, write(CASES, f"{TOWN};1;Отдел;У;09.01.2024;"))
