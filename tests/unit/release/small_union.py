"""A union small enough to be evaluated in a test: eight towns, two departments, two providers.

Everything in it is invented. In half of the towns Alpha trained the first department, in the other
half Beta did; Alpha's people close their cases two days sooner afterwards.
"""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path

from stdnum.ru import inn

from otdacha.records import Workspace, add, create_workspace


def _provider(number: int) -> str:
    first = f"00000{number:04d}"
    return first + str(inn.calc_company_check_digit(first))


ALPHA, BETA, IDLE = _provider(1), _provider(2), _provider(3)
TOWNS = [f"9970{town:04d}" for town in range(1, 9)]


def small_union(folder: Path, *, without: tuple[str, ...] = ()) -> Workspace:
    """A workspace with the records of the union; `without` names tables that are not added."""
    workspace = create_workspace(folder / "workspace")
    draw = random.Random(7)
    tables = {
        "municipalities": _municipalities(),
        "providers": _providers(),
        "staff": _staff(),
        "training": _training(),
        "cases": _cases(draw),
    }
    for table, lines in tables.items():
        if table not in without:
            add_lines(workspace, table, lines, folder / f"{table}.csv")
    return workspace


def add_lines(workspace: Workspace, table: str, lines: list[str], file: Path) -> str:
    """Add lines of `;`-separated text as a file; the batch's id. No row may be rejected."""
    file.write_text("\n".join(lines) + "\n", "utf-8")
    batch = add(workspace, table, file)
    assert batch.rejected == 0, dict(batch.reasons)
    return batch.id


def _municipalities() -> list[str]:
    return [
        "municipality;name;region;macroregion;training_known_from",
        *(f"{town};Вымышленный {at};Край;Запад;2010-01-01" for at, town in enumerate(TOWNS)),
    ]


def _providers() -> list[str]:
    return [
        "provider;name;type;region",
        f"{ALPHA};Вымышленная академия «Альфа»;университет;Край",
        f"{BETA};Вымышленный центр «Бета»;центр;Край",
        f"{IDLE};Вымышленная школа «Гамма»;центр;Край",
    ]


def _people(at: int, department: int) -> list[str]:
    return [f"Вымышлен{at}{department}{one} Пётр Ильич;19{70 + one}-01-0{one}" for one in (1, 2, 3)]


def _staff() -> list[str]:
    return [
        "municipality;full_name;birth_date;unit;started",
        *(
            f"{town};{person};Отдел {department};2015-01-12"
            for at, town in enumerate(TOWNS)
            for department in (1, 2)
            for person in _people(at, department)
        ),
    ]


def _training() -> list[str]:
    return [
        "municipality;full_name;birth_date;provider;programme;started;finished;hours",
        *(
            f"{town};{person};{ALPHA if at < 4 else BETA};Вымышленный курс;"
            f"2024-0{1 + at % 3}-10;2024-0{1 + at % 3}-24;36"
            for at, town in enumerate(TOWNS)
            for person in _people(at, 1)
        ),
    ]


def _cases(draw: random.Random) -> list[str]:
    lines = ["municipality;case;unit;service;opened;due;closed;repeated"]
    for at, town in enumerate(TOWNS):
        for department in (1, 2):
            for month in range(24):
                year, number = 2023 + month // 12, month % 12 + 1
                trained = department == 1 and month > 12 + at % 3
                for case in range(8):
                    opened = dt.date(year, number, 1 + draw.randrange(27))
                    days = 10 + at + draw.randrange(12) - (4 if trained and at < 4 else 0)
                    lines.append(
                        f"{town};{at}-{department}-{month}-{case};Отдел {department};Справка;"
                        f"{opened};{opened + dt.timedelta(20)};{opened + dt.timedelta(days)};"
                        f"{'да' if draw.random() < 0.2 else 'нет'}"
                    )
    return lines
