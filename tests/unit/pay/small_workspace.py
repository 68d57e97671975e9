"""A small workspace with posts, money of towns and the law of pay, to be reckoned with by head.

Anna in Kitezh holds a full leading post since 2010: 1,584,000 rubles a year and 391,352 of
contributions (see `small_law`). Boris in Buyan has half of such a post; Buyan's own budget can add
100,000 rubles a year. Wages are not told.
"""

from __future__ import annotations

from pathlib import Path

from otdacha.records import Workspace, add, create_workspace
from tests.unit.pay.small_law import KITEZH as REGION
from tests.unit.pay.small_law import REGION as LAW
from tests.unit.pay.small_law import YEAR, written

KITEZH, BUYAN = "28701000", "28702000"
VACANCY = f"""
[[vacancy]]
months = 2.0
hiring_salaries = 0.5
learning_months = 3.0
learning_loss = 0.4
{YEAR}"""
MEASURES = """
id = "small"
version = "2027.1"
title = { ru = "Меры", en = "Measures" }
years = [2027, 2028]
[[measures]]
key = "raise"
kind = "raise_salary"
name = { ru = "Повышение окладов", en = "Higher salaries" }
sources = { federal = 0.7, municipal = 0.3 }
"""
ONE_LEVEL = MEASURES + "level = 10\n"
LEVELS = MEASURES + "levels = [10, 20]\n"
PURSES = "".join(
    f'[[purse]]\nsource = "federal"\nyear = {year}\namount = {{sum}}\n' for year in (2027, 2028)
)


def small_workspace(folder: Path) -> Workspace:
    """The workspace `union` in a folder, its files beside it."""
    union = create_workspace(folder / "union", invented=True)
    files = {
        "municipalities": (
            "ОКТМО;Наименование;Регион",
            f"{KITEZH};Китеж;{REGION}",
            f"{BUYAN};Буян;{REGION}",
        ),
        "posts": (
            "ОКТМО;Табельный №;СНИЛС;Подразделение;Должность;Группа;Ставка;Дата приёма",
            f"{KITEZH};1;112-233-445 95;Казна;Специалист;ведущая;1;11.01.2010",
            f"{BUYAN};1;087-654-303 00;Казна;Специалист;ведущая;0,5;11.01.2010",
        ),
        "finances": (
            "ОКТМО;Год;Доля дотаций, %;Норматив;Можно добавить",
            f"{KITEZH};2027;2 %;;",
            f"{BUYAN};2027;2 %;;100000",
            f"{BUYAN};2028;2 %;;100000",
        ),
    }
    for table, rows in files.items():
        file = folder / f"{table}.csv"
        file.write_text("\n".join(rows) + "\n", "utf-8")
        batch = add(union, table, file)
        assert batch.rejected == 0, table
    written(union.path / "pay", kitezh=LAW + VACANCY)
    return union
