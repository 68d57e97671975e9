"""What only several tables together can show."""

from __future__ import annotations

import pytest

from otdacha.records import FINDINGS, add, check
from tests.unit.records.conftest import CASES, INN, OTHER_INN, OTHER_SNILS, SNILS, TOWN


@pytest.fixture
def union(workspace, write):
    """One town, one department, one person, one provider; everything fits."""
    for table, *rows in (
        ("municipalities", "ОКТМО;Город;Регион", f"{TOWN};Тверь;Тверская область"),
        ("units", "ОКТМО;Подразделение", f"{TOWN};Архив", f"{TOWN};Учёт"),
        (
            "staff",
            "ОКТМО;СНИЛС;Табельный №;Подразделение;Дата приёма;Дата увольнения",
            f"{TOWN};{SNILS};12;Архив;09.01.2020;31.01.2022",
            f"{TOWN};{SNILS};12;Учёт;01.02.2022;",
        ),
        ("providers", "ИНН;Наименование", f"{INN};Учебный центр (вымышлен)"),
        ("programmes", "ИНН;Программа", f"{INN};П-1"),
        (
            "training",
            "СНИЛС;ИНН;Программа;Начало;Окончание;Часы",
            f"{SNILS};{INN};П-1;05.01.2024;06.02.2024;72",
        ),
        (
            "cases",
            CASES + ";Таб. № исполнителя",
            f"{TOWN};1;Архив;Справка;09.01.2024;19.01.2024;0012",
        ),
    ):
        add(workspace, table, write(*rows))
    return workspace


def found(workspace):
    return {(finding.table, finding.code): finding.rows for finding in check(workspace)}


def test_tables_that_fit_have_no_findings(union):
    assert check(union) == []


def test_an_empty_workspace_lacks_what_an_evaluation_needs(workspace):
    findings = check(workspace)
    assert [(finding.table, finding.code) for finding in findings] == [
        ("municipalities", "no_rows"),
        ("training", "no_rows"),
        ("cases", "no_rows"),
    ]
    assert all(finding.serious for finding in findings)


@pytest.mark.parametrize(
    ("table", "rows", "code"),
    [
        ("cases", (CASES, f"{TOWN};2;Нет такого;Справка;09.01.2024;"), "unknown_unit"),
        ("cases", (CASES, "17701000;2;Архив;Справка;09.01.2024;"), "unknown_municipality"),
        (
            "cases",
            (CASES + ";Таб. №", f"{TOWN};2;Архив;Справка;09.01.2024;;99"),
            "unknown_executor",
        ),
        (
            "training",
            ("СНИЛС;ИНН;Начало;Окончание;Часы", f"{SNILS};{OTHER_INN};05.01.2024;06.02.2024;72"),
            "unknown_provider",
        ),
        (
            "training",
            ("СНИЛС;ИНН;Начало;Окончание;Часы", f"{OTHER_SNILS};{INN};05.01.2024;06.02.2024;72"),
            "unknown_person",
        ),
        (
            "training",
            (
                "СНИЛС;ИНН;Программа;Начало;Окончание;Часы",
                f"{SNILS};{INN};П-9;05.01.2024;06.02.2024;72",
            ),
            "unknown_programme",
        ),
        ("programmes", ("ИНН;Программа", f"{OTHER_INN};П-1"), "unknown_provider"),
    ],
)
def test_a_link_that_leads_nowhere_is_found(union, write, table, rows, code):
    add(union, table, write(*rows))
    assert found(union)[table, code] == 1
    assert code in FINDINGS


@pytest.mark.parametrize(
    ("started", "ended", "rows"),
    [
        ("15.01.2022", "20.01.2022", 2),  # within the first department's time
        ("31.01.2022", "31.01.2022", 2),  # its last day belongs to it
        ("01.06.2019", "08.01.2020", 0),  # until the day before
        ("31.01.2022", "", 3),  # both departments
    ],
)
def test_a_person_in_two_departments_on_one_day_is_found(union, write, started, ended, rows):
    path = write(
        "ОКТМО;СНИЛС;Подразделение;Дата приёма;Дата увольнения",
        f"{TOWN};{SNILS};Третий отдел;{started};{ended}",
    )
    add(union, "staff", path)
    assert found(union).get(("staff", "two_departments"), 0) == rows


def test_a_person_in_two_municipalities_is_no_finding(union, write):
    path = write("ОКТМО;СНИЛС;Подразделение;Дата приёма", f"17701000;{SNILS};Архив;09.01.2020")
    add(union, "staff", path)
    assert ("staff", "two_departments") not in found(union)


def test_findings_say_what_is_wrong_in_a_sentence(union, write):
    add(union, "cases", write(CASES, f"{TOWN};2;Нет такого;Справка;09.01.2024;"))
    (finding,) = check(union)
    assert finding.message.said("en") == "The department is not in the table of units."
    assert not finding.serious
