"""A union small enough to reckon with: invented towns, people and organisations, as CSV files."""

import csv
import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from otdacha.cli.run import run

ORGANISATIONS = {"7707083893": "Академия (вымышлена)", "7728168971": "Институт (вымышлен)"}
"""Well-known numbers with right check digits; the names are invented."""
MONTHS = 48
FIRST = dt.date(2022, 1, 1)
TRAINED_IN_MONTH = 30


def town(number: int) -> str:
    return f"287{number + 1:02d}000"


def snils(number: int) -> str:
    """An invented number with a right check number."""
    digits = f"{number + 200_000_000:09d}"
    check = sum(int(d) * (9 - place) for place, d in enumerate(digits)) % 101 % 100
    return f"{digits[:3]}-{digits[3:6]}-{digits[6:9]} {check:02d}"


def write(file: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, delimiter=";")
        writer.writerow(header)
        writer.writerows(rows)
    return file


def month(number: int) -> dt.date:
    return dt.date(FIRST.year + number // 12, number % 12 + 1, 1)


def days(person: int, when: int, trained: bool) -> int:
    """How long a case takes: quicker after training, and never the same for everybody."""
    return 14 + (person * 7 + when * 5) % 9 - (4 if trained else 0)


def write_files(
    folder: Path,
    *,
    towns: int = 5,
    people: int = 8,
    organisations: Sequence[str] = tuple(ORGANISATIONS),
    takes: Callable[[int, int, bool], int] = days,
    everybody_always_trained: bool = False,
) -> Path:
    """The files of a union: in each town half of the people are trained, by turns."""
    staff, training, cases = [], [], []
    for person in range(towns * people):
        place, mine = town(person // people), snils(person)
        staff.append((place, mine, f"Отдел {person % 2 + 1}", FIRST, ""))
        trains = person % 2 == 0 or everybody_always_trained
        start = month(1 if everybody_always_trained else TRAINED_IN_MONTH)
        if trains:
            by = organisations[person // 2 % len(organisations)]
            for year in range(4 if everybody_always_trained else 1):
                begun = start.replace(year=start.year + year, day=3)
                ended = begun + dt.timedelta(days=14)
                training.append((place, mine, by, "Сроки услуг", begun, ended, 36))
        for when in range(MONTHS):
            opened = month(when).replace(day=5)
            after = trains and when > TRAINED_IN_MONTH
            closed = opened + dt.timedelta(days=takes(person, when, after))
            case = f"{person}-{when}"
            unit = f"Отдел {person % 2 + 1}"
            cases.append(
                (place, case, unit, mine, "Разрешение", opened, 20, "календарные", closed, "нет")
            )
    write(
        folder / "municipalities.csv",
        ["ОКТМО", "Наименование", "Регион", "Федеральный округ", "Обучение известно с"],
        [(town(i), f"Город {i}", "Вымышленная область", "ЦФО", "2010-01-01") for i in range(towns)],
    )
    write(
        folder / "providers.csv",
        ["ИНН", "Наименование"],
        [(inn, ORGANISATIONS[inn]) for inn in organisations],
    )
    write(
        folder / "staff.csv",
        ["ОКТМО", "СНИЛС", "Подразделение", "Дата приёма", "Дата увольнения"],
        staff,
    )
    write(
        folder / "training.csv",
        ["ОКТМО", "СНИЛС", "ИНН", "Программа", "Дата начала", "Дата окончания", "Часы"],
        training,
    )
    write(
        folder / "cases.csv",
        [
            "ОКТМО",
            "Номер дела",
            "Отдел",
            "СНИЛС исполнителя",
            "Услуга",
            "Дата регистрации",
            "Срок, дней",
            "Вид дней",
            "Дата закрытия",
            "Повторное",
        ],
        cases,
    )
    return folder


def add_all(workspace: Path, files: Path, language: str = "ru") -> None:
    """Make the workspace and bring every file in, as a user would."""
    assert run(["init", str(workspace), "--lang", language]) == 0
    for table in ("municipalities", "providers", "staff", "training", "cases"):
        assert run(["add", str(workspace), table, str(files / f"{table}.csv")]) == 0, table
