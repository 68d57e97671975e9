"""From files at the door to needs, classes and volumes."""

from __future__ import annotations

import datetime as dt

import pytest

from otdacha.errors import WorkspaceProblem
from otdacha.programme.needs import LOOKED_AT, NEEDS, NeedRules, gather, needs_by_rule
from otdacha.programme.needs.classes import classes_of
from otdacha.programme.people.roster import read_roster
from otdacha.programme.people.volume import volumes_of
from otdacha.programme.people.work import read_work
from otdacha.records import add, create_workspace
from tests.unit.programme.making import Duty

SNILS = ["112-233-445 95", "087-654-303 00"]
FILES = {
    "municipalities": "ОКТМО;Муниципальное образование;Регион;Макрорегион;Обучение учтено с\n"
    "28701000;Придуманск;Область;Центр;01.01.2015\n",
    "staff": "ОКТМО;СНИЛС;ФИО;Подразделение;Дата приёма\n"
    f"28701000;{SNILS[0]};Иванова Анна Петровна;Отдел;09.01.2020\n"
    f"28701000;{SNILS[1]};Петров Пётр Ильич;Отдел;09.01.2020\n",
    "training": "СНИЛС;ИНН;Программа;Начало;Окончание;Часы\n"
    f"{SNILS[1]};7707083893;П;01.02.2024;10.02.2024;72\n",
    "cases": "ОКТМО;№ дела;Отдел;Услуга;Дата регистрации;Факт (РК)\n"
    + "".join(f"28701000;{n};Отдел;Справка;{n:02}.03.2024;29.03.2024\n" for n in range(1, 25))
    + "28701000;25;Отдел;Справка;31.03.2024;31.03.2024\n",
}
ATTESTATION = NeedRules(duties=(Duty("attestation", "Служба", every_years=3),))


@pytest.fixture
def workspace(tmp_path):
    made = create_workspace(tmp_path / "union")
    for table, content in FILES.items():
        (tmp_path / f"{table}.csv").write_text(content, "utf-8")
        assert add(made, table, tmp_path / f"{table}.csv").rejected == 0
    return made


def test_a_workspace_makes_needs_classes_and_volumes(workspace):
    found = needs_by_rule(workspace, ATTESTATION, dt.date(2025, 12, 31))
    assert dict(found.needs.schema) == dict(NEEDS)
    assert dict(found.looked_at.schema) == dict(LOOKED_AT)
    assert found.looked_at.select("rule", "reason", "people").rows() == [
        ("attestation", "needed", 1),
        ("attestation", "trained_in_time", 1),
        ("weak", "too_few_to_compare", 2),
    ]
    # looked at on the last day of the case log, 31 March 2024
    assert round(found.needs["figure"][0], 2) == 4.22

    work = read_work(workspace)
    roster = read_roster(workspace, work.last_day)
    gathered = gather(NEEDS.to_frame(), found.needs, roster)
    made = classes_of(gathered.needs, roster, (2025, 2026, 2027))
    overdue = dt.date(2025, 12, 31)
    assert made.frame.rows() == [(0, "28701000", "Отдел", "Служба", True, 2025, overdue, 1)]
    # 25 cases of one month are 300 a year, of two people
    assert volumes_of(roster, work).of_classes(made.frame).tolist() == [150.0]


def test_an_empty_workspace_says_what_to_add(tmp_path):
    with pytest.raises(WorkspaceProblem, match="staff and training"):
        needs_by_rule(create_workspace(tmp_path / "w"), ATTESTATION, dt.date(2025, 12, 31))
