"""Names, СНИЛС, telephones and free text reach no byte under the workspace and no line on a screen.
All are invented.
"""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import zipfile

import numpy as np
import polars as pl
import pytest

from otdacha.cli.run import run
from otdacha.records import add, batches, frame, open_workspace, rejected_rows
from otdacha.records.personal import looks_personal, shape_of, unless_personal
from otdacha.release import build
from tests.unit.cli import small_union
from tests.unit.records.conftest import CASES, INN, OTHER_SNILS, SNILS, TOWN
from tests.unit.records.leaks import leaks, secrets_in
from tests.unit.records.planted import FULL, GOOD, SECRETS, SURNAME, as_text, as_workbook, rows_of

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
    """A planted file of every table, named after the person, in the form that it comes in."""
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
    assert frame(workspace, table)["_row"].min() in (2, 3)
    assert set(batch.source) <= set("Хх .")
    assert batch.reading.ignored[-1].startswith("Ххххх")
    assert batch.reading.sheet is None or batch.reading.sheet.startswith("Хххх")


class Terminal:
    """Runs command lines, and keeps what they print."""

    def __init__(self):
        self.printed = []

    def __call__(self, *line, code=0):
        out = io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
            ended = run([str(word) for word in line])
        assert ended == code, out.getvalue()
        assert out.getvalue().strip()
        self.printed.append(out.getvalue())


def test_no_verb_writes_or_prints_anything_planted(tmp_path, files):
    """A union that can be evaluated, with the planted files of all tables added to it."""
    union = small_union.write_files(tmp_path / "files")
    place, out = tmp_path / "w", tmp_path / "out"
    out.mkdir()
    otdacha = Terminal()
    otdacha("init", place, "--invented")
    for table in ("municipalities", "providers", "staff", "training", "cases"):
        otdacha("add", place, table, union / f"{table}.csv")
    for table, file in files.items():
        otdacha("add", place, table, file)
        otdacha("add", place, table, file, "--json")
    workspace = open_workspace(place)
    planted = {batch.table: batch.id for batch in batches(workspace)[5:]}
    for batch in batches(workspace)[5:]:
        otdacha("rejected", place, batch.id, "--out", out / f"{batch.table}.xlsx")
        otdacha("rejected", place, batch.id, "--json")
        # made for whoever holds the source, outside: the one file in which names may stand
        correct = tmp_path / "desk" / f"{batch.table}.xlsx"
        source = files[batch.table]
        otdacha("rejected", place, batch.id, "--source", source, "--out", correct)
        otdacha("add", place, batch.table, correct, code=8)
    assert leaks(tmp_path / "desk", SECRETS) != []
    otdacha("check", place, "--batches")
    otdacha("check", place, "--json")
    otdacha("people", place, "--out", out / "people.xlsx")
    otdacha("people", place, "--out", out / "people.csv", "--json")
    _refused(otdacha, place, tmp_path)
    otdacha("rotate-key", place)
    _interrupted(workspace)
    assert list(workspace.runs.glob("*/panel/cells.parquet"))
    assert leaks(place, SECRETS) == []
    otdacha("evaluate", place)
    (release,) = workspace.releases.iterdir()
    otdacha("show", release)
    otdacha("report", release, "--out", out / "report.html")
    for format in ("xlsx", "csv", "json"):
        otdacha("export", release, "--format", format, "--out", out)
    otdacha("verify", release)
    otdacha("withdraw", place, planted["cases"])
    otdacha("withdraw", place, planted["training"], "--erase")
    otdacha("verify", release, code=8)
    otdacha("rotate-key", place, "--json")

    assert len(list(out.iterdir())) >= len(GOOD) + 4
    assert leaks(place, SECRETS) == []
    assert leaks(out, SECRETS) == []
    assert secrets_in(otdacha.printed, SECRETS) == []
    names = set(frame(workspace, "staff")["person"])
    assert secrets_in(otdacha.printed, names) == []
    assert leaks(release, names) == []


def _refused(otdacha, place, folder):
    """Files that are no table for the table, each with somebody in the place of a header."""
    headless = folder / "1.csv"
    headless.write_text(f"{FULL};05.03.1971;{SNILS};Архив\n" * 3, "utf-8")
    twice = folder / "2.csv"
    twice.write_text(f"СНИЛС;СНИЛС;{FULL}\n{SNILS};{SNILS};x\n", "utf-8")
    damaged = folder / "3.xlsx"
    damaged.write_bytes(b"PK\x03\x04" + FULL.encode())
    odd = folder / "4.csv"
    odd.write_text(f'{CASES}\n{TOWN};1;Архив;Справка;"09.01.2024\n{FULL};{SNILS}\n', "utf-8")
    for file in (headless, twice, damaged):
        otdacha("add", place, "staff", file, code=3)
        otdacha("add", place, "staff", file, "--json", code=3)
    otdacha("add", place, "cases", odd, code=8)


def _interrupted(workspace):
    """Stop an evaluation when its cells are kept."""

    def interrupting(_step, _done, _total):
        if list(workspace.runs.glob("*/panel")):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(workspace, progress=interrupting)


def _parquet(said):
    content = io.BytesIO()
    pl.DataFrame({"a": [None, said]}).write_parquet(content, compression="zstd")
    return content.getvalue()


def _parquet_column(said):
    content = io.BytesIO()
    pl.DataFrame({said: [1]}).write_parquet(content)
    return content.getvalue()


def _workbook(said):
    content = io.BytesIO()
    pl.DataFrame({"a": [said]}).write_excel(content)
    return content.getvalue()


def _in_a_zip_in_a_zip(said):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inside.zip", _workbook(said))
    return content.getvalue()


def _arrays(said):
    content = io.BytesIO()
    np.savez_compressed(content, names=np.array([said]))
    return content.getvalue()


WRAPPED = {
    "utf-8": lambda said: f"x{said}x".encode(),
    "utf-16": lambda said: b"x" + said.encode("utf-16"),
    "cp1251": lambda said: said.encode("cp1251", "ignore"),
    "cp866": lambda said: said.encode("cp866", "ignore"),
    "json": lambda said: json.dumps([said]).encode(),
    "html": lambda said: "".join(f"&#{ord(char)};" for char in said).encode(),
    "in capitals": lambda said: said.upper().encode(),
    "gzip": lambda said: gzip.compress(said.encode()),
    "parquet": _parquet,
    "name of a parquet column": _parquet_column,
    "workbook": _workbook,
    "zip in a zip": _in_a_zip_in_a_zip,
    "arrays": _arrays,
}


@pytest.mark.parametrize("wrapped", WRAPPED)
@pytest.mark.parametrize("secret", [SECRETS[0] + "ой", "087 654 303-00", "+7(912)345-67-89"])
def test_the_search_finds_what_is_planted_however_it_is_wrapped(tmp_path, wrapped, secret):
    (tmp_path / "file").write_bytes(WRAPPED[wrapped](secret))
    assert {name for name, _ in leaks(tmp_path, SECRETS)} == {"file"}


def test_the_search_finds_a_name_of_a_file(tmp_path):
    (tmp_path / f"{SURNAME.upper()}.json").write_text("{}")
    assert leaks(tmp_path, SECRETS) == [(f"{SURNAME.upper()}.json", SECRETS[0])]


def test_the_search_finds_a_leak_in_a_real_workspace(workspace, write):
    """The limit of what can be known: a surname alone, in a file that has it nowhere else."""
    add(workspace, "units", write("ОКТМО;Подразделение", f"{TOWN};{SURNAME}", name="units.csv"))
    assert {secret for _, secret in leaks(workspace.path, SECRETS)} == {SECRETS[0]}


def test_a_file_with_a_surname_column_masks_its_own_names(workspace, write):
    """Not by a list of surnames: by what the file's own column says."""
    file = write(
        "ОКТМО;Подразделение;Сотрудник;Вместо Заречной",
        f"{TOWN};Архив;Заречная Ольга Ильинична;",
        f"{TOWN};Отдел Заречного района;Заречная Ольга Ильинична;",
        f"{TOWN};Заречная;Заречная Ольга Ильинична;",
        f"{TOWN};Заречная О.;Заречная Ольга Ильинична;",
        f"{TOWN};Заречная;Чайка Нина Ильинична;",
        name="Заречной.csv",
    )
    batch = add(workspace, "units", file)
    assert dict(batch.reasons) == {"personal_data": 2}
    assert frame(workspace, "units")["unit"].to_list() == [
        "Архив",
        "Отдел Заречного района",
        "Заречная",
    ]
    assert batch.source == "Хххххххх.ххх"
    assert batch.reading.ignored == ("Сотрудник", "Хххххх Хххххххх")
