"""Names, СНИЛС, telephones and free text reach no byte under the workspace and no line on a screen.
All are invented.
"""

from __future__ import annotations

import contextlib
import io

import polars as pl
import pytest

from otdacha.cli.run import run
from otdacha.records import add, batches, frame, rejected_rows
from otdacha.records.personal import looks_personal, shape_of, unless_personal
from tests.unit.records.conftest import CASES, INN, OTHER_SNILS, SNILS, TOWN
from tests.unit.records.leaks import leaks, secrets_in
from tests.unit.records.planted import GOOD, SECRETS, SURNAME, as_text, as_workbook, rows_of

PLANTED = (
    "Нововымышленская",
    "Аполлинария",
    "Гермогеновна",
    "НОВОВЫМЫШЛЕНСКАЯ",
    "нововымышленская",
    "Ильич-Тестовый",
    "112-233-445",
    "11223344595",
    "087-654-303",
    "8765430300",
    "08765430300",
    "9123456789",
    "05.03.1971",
    "1971-03-05",
    "planted@example.org",
    "тайный текст обращения",
    "Т-00717",
)


@pytest.fixture
def planted(workspace, write):
    name = "Нововымышленская Аполлинария Гермогеновна"
    phone, mail, letter = "+7 (912) 345-67-89", "planted@example.org", "тайный текст обращения"
    add(
        workspace,
        "staff",
        write(
            "ОКТМО;Табельный №;Сотрудник;Подразделение;Дата приёма;Дата рождения;СНИЛС;Телефон",
            f"{TOWN};Т-00717;{name};Архив;09.01.2020;05.03.1971;{SNILS};{phone}",
            f"{TOWN};Т-00717;{name};Архив;10.01.2020;05.03.1971;;{phone}",
            f"{TOWN};Т-00717;{name};Архив;11.01.2020;вчера 1971;;{phone}",
            f"{TOWN};Т-00717;{name};Архив;{name};05.03.1971;112-233-445 96;{phone}",
            f"{TOWN};Т-00717;{name};{name};09.01.2020;05.03.1971;{OTHER_SNILS};{phone}",
            f"{TOWN};Т-00717;{name};{SNILS};09.01.2020;05.03.1971;{OTHER_SNILS};{phone}",
            f"{TOWN};Т-00717;{name};11223344595;09.01.2020;05.03.1971;{OTHER_SNILS};{phone}",
            f"{TOWN};Т-00717;{name};Архив;11223344595;{SNILS};{OTHER_SNILS};{phone}",
            f"{SNILS};Т-00717;{name};Архив;09.01.2020;05.03.1971;8765430300;{phone}",
            name=f"{name}.csv",
        ),
    )
    add(
        workspace,
        "training",
        write(
            "СНИЛС;ФИО;ИНН;Программа;Начало;Окончание;Часы;Телефон",
            f"{SNILS};{name};{INN};П;05.01.2024;06.01.2024;16;{phone}",
            f"{SNILS};{name};{SNILS};П;05.01.2024;06.01.2024;16;{phone}",
            f"{SNILS};{name};{name};П;05.01.2024;06.01.2024;16;{phone}",
            f"{SNILS};{name};{INN};Ильич-Тестовый А. А.;05.01.2024;06.01.2024;{phone};",
            f"{SNILS};{name};{INN};{mail};05.01.2024;06.01.2024;11223344595;",
            f"8765430300;{name};89123456789;П;{name};06.01.2024;16;{phone}",
        ),
    )
    add(
        workspace,
        "cases",
        write(
            CASES + ";Срок, дней;Таб. № исполнителя;СНИЛС исполнителя;Заявитель;Телефон;Содержание",
            f"{TOWN};1;Архив;Справка;09.01.2024;;;Т-00717;{SNILS};{name};{phone};{letter}",
            f"{TOWN};2;{phone};Справка;09.01.2024;;;Т-00717;;{name};{phone};{letter}",
            f"{TOWN};3;Архив;{name}: жалоба;09.01.2024;;;;;{name};{phone};{letter}",
            f"{TOWN};{SNILS};Архив;Справка;09.01.2024;;;;;{name};{phone};{letter}",
            f"{TOWN};5;Архив;Справка;{phone};{letter};{name};Т-00717;{name};x;x;x",
            f"{TOWN};6;Архив;{letter[:6]};Справка;09.01.2024;;Т-00717;;{name};{phone};x;{letter}",
            f"{TOWN};7;{name}",
        ),
    )
    return workspace


def test_nothing_personal_is_under_the_workspace(planted):
    assert leaks(planted.path, PLANTED) == []
    assert len(batches(planted)) == 3


def test_the_planted_rows_were_not_simply_lost(planted):
    staff, training, cases = batches(planted)
    assert (staff.accepted, staff.rejected) == (2, 7)
    assert (training.accepted, training.rejected) == (1, 5)
    assert (cases.accepted, cases.rejected) == (1, 6)


def test_the_rejected_file_masks_what_could_be_anybodys(planted):
    staff = batches(planted)[0]
    rows = rejected_rows(planted, staff.id)
    assert rows.filter(reason="bad_snils")["value"].to_list() == ["•••"]
    assert rows.filter(row=5, reason="not_a_date")["value"].to_list() == [
        "Хххххххххххххххх Ххххххххххх Хххххххххххх"
    ]


def test_people_are_recognised_where_none_should_be():
    cells = pl.Series(
        [
            "Иванова Анна Петровна",
            "ИВАНОВ ИВАН ИЛЬИЧ",
            "жалоба: Иванов Иван Иванович, дом 5",
            "Иванов И.И.",
            "Иванов И. И.",
            "112-233-445 95",
            "+7 912 345-67-89",
            "8 (912) 345-67-89",
            "a@example.org",
        ]
    )
    assert looks_personal(cells).all()


def test_departments_and_services_are_no_people():
    cells = pl.Series(
        [
            "Отдел архитектуры и градостроительства",
            "Школа им. Гагарина Ю.А. № 5",
            "Управление по делам ГО и ЧС",
            "Выдача справки по форме 086/у",
            "2024-0012345",
            "89012345678",
            "FORESTRY,",
            None,
        ]
    )
    assert not looks_personal(cells).any()
    assert looks_personal(pl.Series(["89012345678"]), bare_numbers=True).all()


def test_shapes_tell_where_the_fault_is_and_nothing_else():
    assert shape_of("31.02.2024") == "31.02.2024"
    assert shape_of("2024-01-05 10:30:00") == "2024-01-05 10:30:00"
    assert shape_of("-3,5") == "-3,5"
    assert shape_of("Иванов И. 8 912") == "Хххххх Х. 0 000"
    assert shape_of("11223344595") == "00000000000"
    assert unless_personal("Табельный №") == "Табельный №"
    assert unless_personal("Иванова Анна Петровна") == "Ххххххх Хххх Хххххххх"


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """A planted file of every table, named after the person, in the form that it usually comes in."""
    folder = tmp_path_factory.mktemp("planted")
    encodings = {"training": "cp1251", "cases": "utf-16"}
    return {
        table: as_workbook(table, folder / f"{SURNAME}.{table}.xlsx")
        if table in ("units", "staff", "providers")
        else as_text(table, folder / f"{SURNAME} А.Г. {table}.csv", encodings.get(table, "utf-8"))
        for table in GOOD
    }


@pytest.mark.parametrize("table", GOOD)
def test_nothing_planted_in_any_column_header_title_or_name_is_written(workspace, files, table):
    batch = add(workspace, table, files[table])
    assert leaks(workspace.path, SECRETS) == []
    planted = rows_of(table)
    assert batch.accepted + batch.rejected == len(planted)
    # a good row is a good row still, and rows with secrets in dropped columns are as good
    assert batch.accepted >= 1
    assert frame(workspace, table).filter(_row=frame(workspace, table)["_row"].min()).height == 1
    assert set(batch.source) <= set("Хх .")
    assert batch.reading.ignored[-1].startswith("Ххххх")
    assert batch.reading.sheet is None or batch.reading.sheet.startswith("Хххх")


class Terminal:
    """Runs command lines, and keeps what they print."""

    def __init__(self):
        self.printed = []

    def __call__(self, *line, code=0):
        for words in ([*line], [*line, "--json"]):
            out = io.StringIO()
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
                ended = run([str(word) for word in words])
            assert ended in {code, 0}, out.getvalue()
            self.printed.append(out.getvalue())
            assert out.getvalue().strip()

    def leaks(self):
        return secrets_in(self.printed, SECRETS)
