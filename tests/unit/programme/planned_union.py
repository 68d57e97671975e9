"""A union of three invented towns with needs, offers and budgets, as files a town would send."""

from pathlib import Path

from otdacha.cli.run import run
from tests.unit.cli.small_union import ORGANISATIONS, add_all, town, write, write_files

PROVEN, OTHER = ORGANISATIONS
TOPIC = "Сроки услуг"
NEEDS = (
    "ОКТМО",
    "Номер потребности",
    "Подразделение",
    "Человек",
    "Тема",
    "Основание",
    "Не позднее",
)
OFFERS = (
    "ИНН",
    "Код предложения",
    "Название",
    "Тема",
    "Часы",
    "Стоимость на 1 слушателя",
    "Дата начала",
    "Дата окончания",
    "Мин. группа",
    "Мест",
)
BUDGETS = ("Источник финансирования", "Получатель", "Год", "КБК", "Сумма")
FEDERAL_CODE, MUNICIPAL_CODE = "38607059990092040244", "90207050120100190244"


def make_union(folder: Path) -> Path:
    """Three towns of eight people; 4 + 4 + 2 need training, 2 of them must have it in 2026."""
    workspace, files = folder / "union", folder / "files"
    add_all(workspace, write_files(files, towns=3))
    wish, law = "заявка руководителя", "требование закона"
    needs = [
        (town(0), "1", "Отдел 1", 4, TOPIC, wish, ""),
        (town(1), "2", "Отдел 1", 4, TOPIC, wish, ""),
        (town(2), "3", "Отдел 2", 2, TOPIC, law, "2026-12-31"),
    ]
    offers = [
        (PROVEN, "А1", "Сроки", TOPIC, 36, 10_000, "2026-03-02", "2026-03-13", 3, 6),
        (OTHER, "Б1", "Сроки", TOPIC, 36, 20_000, "2026-05-04", "2026-05-15", 1, 9),
    ]
    budgets = [
        ("федеральный бюджет", "", 2026, FEDERAL_CODE, 120_000),
        *(("местный бюджет", town(i), 2026, MUNICIPAL_CODE, 10_000) for i in range(3)),
    ]
    for table, header, rows in (
        ("needs", NEEDS, needs),
        ("offers", OFFERS, offers),
        ("budgets", BUDGETS, budgets),
    ):
        file = write(files / f"{table}.csv", header, rows)
        assert run(["add", str(workspace), table, str(file)]) == 0, table
    return workspace
