"""Headers find their columns by name and alias; what is unclear is refused, never guessed."""

from __future__ import annotations

import pytest

from otdacha.errors import FileProblem
from otdacha.records import TABLES, Profile, add
from otdacha.records.headers import folded
from otdacha.records.matching import aliases
from tests.unit.records.conftest import CASES, INN, OTHER_SNILS, SNILS, TOWN

ROW = f"{TOWN};1;Архив;Справка;09.01.2024;19.01.2024"


@pytest.mark.parametrize("table", TABLES)
def test_every_input_has_aliases_and_no_name_stands_twice(table):
    assert list(aliases(table)) == list(TABLES[table].inputs)
    names = [name for headers in aliases(table).values() for name in {*map(folded, headers)}]
    assert sorted(names) == sorted(set(names))


def test_case_yo_punctuation_and_invisible_marks_of_a_header_do_not_matter():
    assert folded(" Дата\u00a0приЁма,\nг. ") == "дата приема г"
    assert folded("Табельный №") == folded("табельный_номер")


def test_the_reading_tells_what_was_matched_and_what_was_ignored(workspace, write):
    batch = add(workspace, "cases", write(CASES + ";Заявитель;Телефон", ROW + ";;"))
    assert batch.reading.matched == {
        "municipality": "ОКТМО",
        "case": "№ дела",
        "unit": "Отдел",
        "service": "Услуга",
        "opened": "Дата регистрации",
        "closed": "Факт (РК)",
    }
    assert batch.reading.ignored == ("Заявитель", "Телефон")


def test_a_missing_column_is_named_with_what_was_looked_for(workspace, write):
    path = write("ОКТМО;№ дела;Отдел;Услуга", f"{TOWN};1;Архив;Справка")
    with pytest.raises(FileProblem) as fault:
        add(workspace, "cases", path)
    said = fault.value.said("en")
    assert "needs a column opened" in said
    assert '"Дата регистрации"' in said
    assert 'The header in row 1 has: "ОКТМО", "№ дела", "Отдел", "Услуга"' in said


def test_a_misspelt_header_is_suggested(workspace, write):
    path = write(CASES.replace("Дата регистрации", "Дата регестрации"), ROW)
    with pytest.raises(FileProblem, match='Is "Дата регестрации" the one'):
        add(workspace, "cases", path)


def test_a_file_without_anything_that_tells_people_apart_is_refused(workspace, write):
    path = write("ИНН;ФИО;Начало;Окончание;Часы", f"{INN};Нов Ян Ли;05.01.2024;06.01.2024;16")
    with pytest.raises(FileProblem, match="needs a column snils"):
        add(workspace, "training", path)


def test_two_columns_that_match_one_name_are_refused(workspace, write):
    path = write(CASES + ";Дата исполнения", ROW + ";20.01.2024")
    with pytest.raises(FileProblem, match=r'matches closed: "Факт \(РК\)", "Дата исполнения"'):
        add(workspace, "cases", path)


def test_a_profile_names_the_right_one_of_two(workspace, write):
    path = write(CASES + ";Дата исполнения", ROW + ";20.01.2024")
    profile = Profile(table="cases", columns={"closed": "Дата исполнения"}, aliases=True)
    assert add(workspace, "cases", path, profile=profile).reading.matched["closed"] == (
        "Дата исполнения"
    )


def test_a_profile_that_names_columns_reads_no_others(workspace, write):
    named = {
        "municipality": "ОКТМО",
        "case": "№ дела",
        "unit": "Отдел",
        "service": "Услуга",
        "opened": ("Открыто", "Дата регистрации"),
    }
    batch = add(
        workspace, "cases", write(CASES, ROW), profile=Profile(table="cases", columns=named)
    )
    assert batch.reading.ignored == ("Факт (РК)",)


def test_a_column_that_a_profile_names_and_the_file_lacks_is_refused(workspace, write):
    profile = Profile(table="cases", columns={"due": "Срок"}, aliases=True)
    with pytest.raises(FileProblem, match="needs a column due"):
        add(workspace, "cases", write(CASES, ROW), profile=profile)


def test_headers_that_look_like_people_are_not_repeated(workspace, write):
    """A file without a header: its first row would stand in the message."""
    path = write(f"{SNILS};Иванова Анна Петровна;+7 912 345-67-89", f"{OTHER_SNILS};x;y")
    with pytest.raises(FileProblem) as fault:
        add(workspace, "training", path)
    for planted in (SNILS, "Иванова", "345-67-89"):
        assert planted not in fault.value.said("ru") + fault.value.said("en")
