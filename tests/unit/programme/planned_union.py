"""A union of three invented towns with needs, offers and budgets, as files a town would send."""

from pathlib import Path

from otdacha.cli.run import run
from tests.unit.cli.small_union import ORGANISATIONS, add_all, town, write, write_files

PROVEN, OTHER = ORGANISATIONS
OFFERS = [
    "ИНН",
    "Код предложения",
    "Название",
    "Тема",
    "Часы",
    "Стоимость на 1 слушателя",
    "Дата начала",
]
OFFERS += ["Дата окончания", "Место проведения", "Мин. группа", "Мест"]


def make_union(folder: Path, *, federal: int = 120_000) -> Path:
    """Three towns of eight people; 4 + 4 + 2 need training, 2 of them must have it in 2026."""
    workspace = folder / "union"
    add_all(workspace, write_files(folder / "files", towns=3))
    files = folder / "files"
    write(
        files / "needs.csv",
        [
            "ОКТМО",
            "Номер потребности",
            "Подразделение",
            "Человек",
            "Тема",
            "Основание",
            "Не позднее",
        ],
        [
            (town(0), "1", "Отдел 1", 4, "Сроки услуг", "заявка руководителя", ""),
            (town(1), "2", "Отдел 1", 4, "Сроки услуг", "заявка руководителя", ""),
            (town(2), "3", "Отдел 2", 2, "Сроки услуг", "требование закона", "2026-12-31"),
        ],
    )
    write(
        files / "offers.csv",
        OFFERS,
        [
            (
                PROVEN,
                "А1",
                "Сроки",
                "Сроки услуг",
                36,
                10_000,
                "2026-03-02",
                "2026-03-13",
                "",
                3,
                6,
            ),
            (OTHER, "Б1", "Сроки", "Сроки услуг", 36, 20_000, "2026-05-04", "2026-05-15", "", 1, 9),
        ],
    )
    write(
        files / "budgets.csv",
        ["Источник финансирования", "Получатель", "Год", "КБК", "Сумма"],
        [("федеральный бюджет", "", 2026, "38607059990092040244", federal)]
        + [("местный бюджет", town(i), 2026, "90207050120100190244", 10_000) for i in range(3)],
    )
    for table in ("needs", "offers", "budgets"):
        assert run(["add", str(workspace), table, str(files / f"{table}.csv")]) == 0, table
    return workspace
