"""How surely training is linked to staff: counted, and what is in doubt is named by row only.

All people and numbers are invented.
"""

from __future__ import annotations

import pytest

from otdacha.records import add, check, frame, links, withdraw
from tests.unit.records.conftest import INN, OTHER_SNILS, SNILS, TOWN
from tests.unit.records.test_people import (
    ANNA,
    MARRIED,
    OTHER_TOWN,
    PIOTR,
    STAFF,
    TRAINING,
    staff,
    training,
)

__all__ = ["staff", "training"]

THIRD_SNILS = "123-456-789 64"


def listed(workspace):
    rows = links(workspace).listed
    return [tuple(row) for row in rows.select("doubt", "group", "table", "row").iter_rows()]


def findings(workspace):
    of_people = ("ambiguous_person", "namesakes", "two_towns", "several_names_of_person")
    return {
        (found.table, found.code): found.rows
        for found in check(workspace)
        if found.code in (*of_people, "one_person_twice", "unknown_person")
    }


def test_each_training_record_has_one_confidence(workspace, staff, training):
    staff((SNILS, ANNA), ("", PIOTR))
    training(
        (SNILS, ";", 1),  # certain: the number is in both files
        ("", ANNA, 2),  # likely: one number has come with her name
        ("", PIOTR, 3),  # likely: the same name and birth date
        (OTHER_SNILS, ";", 4),  # nobody knows this number
        ("", MARRIED, 5),  # nor this name
    )
    found = links(workspace)
    assert found.counts() == {"certain": 1, "likely": 2, "ambiguous": 0, "unlinked": 2}
    assert found.listed.is_empty()
    assert findings(workspace) == {("training", "unknown_person"): 2}


def test_what_is_ambiguous_is_counted_listed_and_not_called_unknown(workspace, staff, training):
    staff((SNILS, ANNA), (OTHER_SNILS, ANNA))
    training(("", ANNA, 1), (SNILS, ";", 2), ("", PIOTR, 3), ("", ANNA, 4))
    found = links(workspace)
    assert found.counts() == {"certain": 1, "likely": 0, "ambiguous": 2, "unlinked": 1}
    assert listed(workspace) == [
        ("ambiguous", 1, "training", 2),
        ("ambiguous", 1, "training", 5),
        ("namesakes", 1, "staff", 2),
        ("namesakes", 1, "staff", 3),
    ]
    assert findings(workspace) == {
        ("training", "ambiguous_person"): 2,
        ("staff", "namesakes"): 2,
        ("training", "unknown_person"): 1,
    }


def test_the_row_to_mend_may_stand_on_the_staff_list(workspace, staff, training):
    staff(("", ANNA))
    training((SNILS, ANNA, 1), (OTHER_SNILS, ANNA, 2))
    assert links(workspace).counts() == {
        "certain": 0,
        "likely": 0,
        "ambiguous": 2,
        "unlinked": 0,
    }
    assert ("ambiguous", 1, "staff", 2) in listed(workspace)
    mended = staff((SNILS, ANNA))
    assert links(workspace).counts()["certain"] == 1
    withdraw(workspace, mended.id)


def test_a_snils_that_is_added_mends_what_was_ambiguous(workspace, write, staff, training):
    staff((SNILS, ANNA), (OTHER_SNILS, ANNA))
    training(("", ANNA, 1), ("", ANNA, 2))
    assert links(workspace).counts()["ambiguous"] == 2
    again = training((OTHER_SNILS, ANNA, 1))
    found = links(workspace)
    assert found.counts() == {"certain": 1, "likely": 0, "ambiguous": 1, "unlinked": 0}
    assert found.repeated["training"] == 1
    assert [row for row in listed(workspace) if row[0] == "ambiguous"] == [
        ("ambiguous", 1, "training", 3)
    ]
    withdraw(workspace, again.id)
    assert links(workspace).counts()["ambiguous"] == 2


def test_a_row_of_staff_is_mended_by_sending_it_again_with_its_snils(workspace, staff, training):
    staff(("", ANNA))
    training((SNILS, ANNA, 1), (OTHER_SNILS, ANNA, 2))
    assert ("ambiguous", 1, "staff", 2) in listed(workspace)
    staff((SNILS, ANNA))
    assert frame(workspace, "staff").height == 1
    assert links(workspace).counts() == {"certain": 1, "likely": 0, "ambiguous": 0, "unlinked": 1}


def test_a_namesake_in_the_same_file_or_an_older_one_mends_nothing(workspace, staff, training):
    staff((SNILS, ANNA), (OTHER_SNILS, ANNA))
    training((SNILS, ANNA, 1))
    training(("", ANNA, 1), (OTHER_SNILS, ANNA, 1))
    assert links(workspace).counts() == {"certain": 2, "likely": 0, "ambiguous": 1, "unlinked": 0}


def test_a_marriage_and_namesakes_are_listed_apart_and_by_group(workspace, staff):
    staff((SNILS, ANNA), (OTHER_SNILS, PIOTR), (THIRD_SNILS, PIOTR))
    staff((SNILS, MARRIED), unit="Канцелярия")
    assert listed(workspace) == [
        ("namesakes", 1, "staff", 3),
        ("namesakes", 1, "staff", 4),
        ("several_names", 1, "staff", 2),
        ("several_names", 1, "staff", 2),  # row 2 of the second file
    ]
    assert findings(workspace)["staff", "several_names_of_person"] == 2


@pytest.mark.parametrize(("by_snils", "doubt"), [(SNILS, False), ("", True)])
def test_a_name_on_two_staff_lists_at_once_is_a_doubt_only_without_snils(
    workspace, staff, by_snils, doubt
):
    staff((by_snils, ANNA))
    staff((by_snils, ANNA), town=OTHER_TOWN)
    assert listed(workspace) == [("two_towns", 1, "staff", 2)] * (2 * doubt)


def test_somebody_who_moved_from_town_to_town_is_no_doubt(workspace, write):
    header = STAFF.replace("Табельный №", "Дата увольнения")
    add(
        workspace,
        "staff",
        write(
            header,
            f"{TOWN};;{ANNA};Архив;09.01.2020;31.01.2022",
            f"{OTHER_TOWN};;{ANNA};Архив;01.02.2022;",
        ),
    )
    assert listed(workspace) == []


def test_a_row_that_stands_twice_is_counted(workspace, write):
    course = f"{ANNA};{INN};П;09.01.2024;31.01.2024;16"
    add(workspace, "training", write(TRAINING, f"{SNILS};{course}", f";{course}"))
    assert dict(links(workspace).repeated) == {"staff": 0, "training": 1}
    assert findings(workspace)["training", "one_person_twice"] == 1


def test_the_file_is_named_as_its_card_names_it(workspace, write, staff):
    staff((SNILS, ANNA))
    file = write(STAFF, f"{TOWN};{OTHER_SNILS};{ANNA};Архив;09.01.2020;", name="кадры.csv")
    batch = add(workspace, "staff", file)
    found = links(workspace).listed.filter(batch=batch.id)
    assert found.select("source", "row").rows() == [("кадры.csv", 2)]


def test_an_empty_workspace_links_nothing(workspace):
    found = links(workspace)
    assert found.counts() == {"certain": 0, "likely": 0, "ambiguous": 0, "unlinked": 0}
    assert found.listed.is_empty()
