"""Finished attendance becomes training, once, and no longer than it holds."""

from __future__ import annotations

import datetime as dt

import pytest

from otdacha.records import (
    add,
    batch_of,
    batches,
    check,
    finish_training,
    frame,
    rotate_key,
    withdraw,
)
from tests.unit.records.conftest import INN, OTHER_SNILS, SNILS, TOWN

OFFERS = "ИНН;Код предложения;Программа;Цена;Дата начала;Дата окончания;Мест;Часы;Ежегодно"
ATTENDANCE = "ОКТМО;СНИЛС;ФИО;Дата рождения;ИНН;Код предложения;Статус;Дата завершения;Часы"
PERSON = "Вымышленный Иван Петрович;01.02.1980"
FINISHED = f"{TOWN};{SNILS};;;{INN};A;завершил обучение;26.01.2024;"


@pytest.fixture
def offered(workspace, write):
    """Offer A is a plain one, B repeats yearly, C is too short, D tells no hours."""
    rows = (
        f"{INN};A;П-1;100;15.01.2024;26.01.2024;25;72;",
        f"{INN};B;П-2;100;05.02.2023;09.02.2023;25;16;да",
        f"{INN};C;П-3;100;05.02.2024;06.02.2024;25;8;",
        f"{INN};D;П-4;100;05.02.2024;06.02.2024;25;;",
    )
    add(workspace, "offers", write(OFFERS, *rows, name="offers.csv"))
    return workspace


@pytest.fixture
def attended(offered, write):
    def _attended(*rows, name="attendance.csv"):
        return add(offered, "attendance", write(ATTENDANCE, *rows, name=name))

    return _attended


def test_the_offer_tells_what_attendance_does_not(offered, attended):
    batch = attended(FINISHED, f"{TOWN};{OTHER_SNILS};;;{INN};A;обучается;;")
    made = finish_training(offered)
    assert (made.finished, made.taken, made.held, made.not_taken) == (1, 1, 0, {})
    assert made.batch is not None
    assert batch_of(offered, made.batch.id).made_of == (batch.id,)
    (row,) = frame(offered, "training").drop("_batch", "_row", "person").to_dicts()
    assert row == {
        "municipality": TOWN,
        "person_by_name": None,
        "provider": INN,
        "programme": "П-1",
        "started": dt.date(2024, 1, 15),
        "finished": dt.date(2024, 1, 26),
        "hours": 72.0,
    }
    (person,) = frame(offered, "training")["person"]
    assert person in frame(offered, "attendance")["person"].to_list()


def test_the_same_again_changes_nothing(offered, attended):
    attended(FINISHED)
    finish_training(offered)
    before = batches(offered)
    again = finish_training(offered)
    assert (again.taken, again.held, again.batch, again.withdrawn) == (0, 1, None, ())
    assert batches(offered) == before


def test_only_what_is_new_is_added(offered, attended):
    attended(FINISHED)
    first = finish_training(offered)
    later = attended(f"{TOWN};{OTHER_SNILS};;;{INN};A;окончил;26.01.2024;80", name="b.csv")
    second = finish_training(offered)
    assert (second.taken, second.held, second.withdrawn) == (1, 1, ())
    assert second.batch is not None
    assert second.batch.made_of == (later.id,)
    assert first.batch is not None
    assert {one.id for one in batches(offered)} >= {first.batch.id, second.batch.id}
    assert frame(offered, "training")["hours"].to_list() == [72.0, 80.0]


def test_a_course_that_a_file_of_training_holds_is_one_course(offered, attended, write):
    """Also where the person is known there by name and the programme is called otherwise."""
    header = "ФИО;Дата рождения;ИНН;Программа;Начало;Окончание;Часы"
    row = f"{PERSON};{INN};Иначе названа;15.01.2024;26.01.2024;72"
    add(offered, "training", write(header, row, name="training.csv"))
    attended(f"{TOWN};{SNILS};{PERSON};{INN};A;окончил;26.01.2024;")
    made = finish_training(offered)
    assert (made.taken, made.held, made.batch) == (0, 1, None)


def test_a_file_that_comes_later_with_the_same_course_takes_its_place(offered, attended, write):
    attended(FINISHED)
    first = finish_training(offered)
    assert first.batch is not None
    row = f"{SNILS};{INN};Иначе названа;15.01.2024;26.01.2024;72"
    header = "СНИЛС;ИНН;Программа;Начало;Окончание;Часы"
    add(offered, "training", write(header, row, name="training.csv"))
    assert frame(offered, "training").height == 2
    made = finish_training(offered)
    assert (made.taken, made.held, made.withdrawn) == (0, 1, (first.batch.id,))
    assert frame(offered, "training")["programme"].to_list() == ["Иначе названа"]


def test_corrected_attendance_replaces_what_was_made_of_it(offered, attended):
    attended(FINISHED)
    first = finish_training(offered)
    assert first.batch is not None
    attended(FINISHED.replace("26.01.2024", "25.01.2024"), name="b.csv")
    made = finish_training(offered)
    assert (made.taken, made.withdrawn) == (1, (first.batch.id,))
    assert frame(offered, "training")["finished"].to_list() == [dt.date(2024, 1, 25)]


def test_what_was_withdrawn_or_interrupted_is_made_again(offered, attended):
    """As after a process that was killed between the old batch's end and the new one's birth."""
    attended(FINISHED)
    made = finish_training(offered).batch
    assert made is not None
    withdraw(offered, made.id)
    again = finish_training(offered).batch
    assert again is not None
    assert again.id == f"{made.id}-2"
    assert frame(offered, "training").height == 1


@pytest.mark.parametrize("erase", [False, True])
def test_what_was_made_of_attendance_goes_with_it_and_comes_back_with_it(offered, attended, erase):
    batch = attended(FINISHED)
    made = finish_training(offered).batch
    assert made is not None
    assert withdraw(offered, batch.id, erase=erase) == (made.id, batch.id)
    assert frame(offered, "training").is_empty()
    assert (batch_of(offered, made.id).erased is not None) == erase
    held = offered.records / "training"
    assert bool(list(held.glob("*.parquet"))) is not erase
    attended(FINISHED)
    again = finish_training(offered)
    assert (again.taken, frame(offered, "training").height) == (1, 1)


def test_a_yearly_offer_begins_in_the_year_in_which_it_was_finished(offered, attended):
    attended(f"{TOWN};{SNILS};;;{INN};B;окончил;09.02.2025;")
    finish_training(offered)
    (row,) = frame(offered, "training").select("started", "finished").rows()
    assert row == (dt.date(2025, 2, 5), dt.date(2025, 2, 9))


def test_what_cannot_become_training_is_counted_with_its_reason(offered, attended):
    attended(
        f"{TOWN};{SNILS};;;{INN};Z;окончил;26.01.2024;",
        f"{TOWN};{SNILS};;;{INN};A;окончил;14.01.2024;",
        f"{TOWN};{SNILS};;;{INN};C;окончил;06.02.2024;",
        f"{TOWN};{SNILS};;;{INN};D;окончил;06.02.2024;",
    )
    made = finish_training(offered)
    assert (made.finished, made.taken, made.held, made.batch) == (4, 0, 0, None)
    assert made.not_taken == dict.fromkeys(
        ("no_offer", "before_offer", "too_few_hours", "no_hours"), 1
    )


def test_a_new_key_leaves_what_was_made_as_it_is(offered, attended):
    attended(FINISHED)
    finish_training(offered)
    rotate_key(offered)
    again = finish_training(offered)
    assert (again.taken, again.held, again.withdrawn) == (0, 1, ())


def test_nobody_attended_and_nothing_is_made(workspace):
    made = finish_training(workspace)
    assert (made.finished, made.taken, made.batch, batches(workspace)) == (0, 0, None, [])


def test_the_trained_are_linked_to_the_staff_they_are_on(offered, attended, write):
    """A name in the roster, a СНИЛС in attendance: one person, and check has nothing to say."""
    staff = "ОКТМО;ФИО;Дата рождения;Подразделение;Дата приёма"
    add(offered, "staff", write(staff, f"{TOWN};{PERSON};Архив;09.01.2020", name="staff.csv"))
    attended(f"{TOWN};{SNILS};{PERSON};{INN};A;окончил;26.01.2024;")
    finish_training(offered)
    codes = {one.code for one in check(offered) if one.table in ("training", "attendance")}
    assert codes == set()
