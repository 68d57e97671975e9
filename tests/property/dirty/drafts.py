"""Clean tables of invented rows, and drafts of files: what a fault spoils before a file is written.

Nobody here exists. A draft knows for every line which record it holds and what the door has to say
of it, so that a variant can be compared with the clean file row by row.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

TOWN, SMALL_TOWN = "28701000", "01701000"


@dataclass(frozen=True)
class Formula:
    """A cell that is computed: its formula, and its value where one was saved."""

    formula: str
    value: object = None


@dataclass
class Line:
    """A line below the header. record: which clean row it holds. due: rejections, each the input
    (None for the row as a whole) and the reason. joined: columns merged with the cell above."""

    cells: list[object]
    record: int | None = None
    due: list[tuple[str | None, str]] = field(default_factory=list)
    joined: set[int] = field(default_factory=set)


@dataclass
class Draft:
    """A file in the making. inputs, kinds: of each column, None where the table knows it not.

    above: lines over the header. head: its lines, the last one at the bottom. wide: head cells
    (line, first and last column) that are merged sideways. traits: how the file is to be written.
    """

    table: str
    inputs: list[str | None]
    kinds: list[str | None]
    head: list[list[object]]
    lines: list[Line]
    above: list[list[object]] = field(default_factory=list)
    wide: list[tuple[int, int, int]] = field(default_factory=list)
    traits: set[str] = field(default_factory=set)

    def columns(self, *kinds: str) -> Iterator[int]:
        """The columns of these kinds, from the left."""
        return (i for i, kind in enumerate(self.kinds) if kind in kinds)

    def change(self, change: object, *kinds: str) -> None:
        """Put `change(cell)` in place of every filled cell of these kinds."""
        for line in self.lines:
            for i in self.columns(*kinds):
                if line.record is not None and line.cells[i] is not None:
                    line.cells[i] = change(line.cells[i])  # type: ignore[operator]

    def insert_column(self, at: int, header: str | None, cells: list[object]) -> None:
        """Put a column that the table does not know before column `at`."""
        self.inputs.insert(at, None)
        self.kinds.insert(at, None)
        for row in self.head:
            row.insert(at, header)
        for line, cell in zip(self.lines, cells, strict=True):
            line.cells.insert(at, cell)

    def grid(self) -> list[list[object]]:
        """Every row of the sheet, from its first."""
        return [*self.above, *self.head, *(line.cells for line in self.lines)]

    def rejections(self, first: int | None = None) -> list[tuple[int, str | None, str]]:
        """What must be rejected: row (1-based), input, reason. first: the row of the first line."""
        top = len(self.above) + len(self.head) + 1 if first is None else first
        return [(row, *due) for row, line in enumerate(self.lines, start=top) for due in line.due]

    def accepted(self) -> list[int]:
        """The clean rows that must be stored, in order."""
        return [line.record for line in self.lines if line.record is not None and not line.due]


def _snils(number: int) -> str:
    digits = f"{number:09d}"
    check = sum(int(digit) * (9 - i) for i, digit in enumerate(digits)) % 101 % 100
    return f"{digits[:3]}-{digits[3:6]}-{digits[6:]} {check:02d}"


def _inn(number: int) -> str:
    digits = f"{number:09d}"
    weights = (2, 4, 10, 3, 5, 9, 4, 6, 8)
    check = sum(w * int(d) for w, d in zip(weights, digits, strict=True)) % 11 % 10
    return f"{digits}{check}"


def _day(number: int) -> dt.date:
    return dt.date(2023, 1, 9) + dt.timedelta(days=number)


_UNITS = ("Отдел учёта и отчётности", 'Отдел "Одно окно"', "Сектор архивов, справок; выписок")
_SERVICES = ("Выдача справок", "Приём заявлений (лично)", "Ведение реестра, учёт")
_PEOPLE = ("Вымыслов Пётр Семёнович", "Придумкина Алёна Игоревна", "Небылицын Артём Львович")
_ROWS = 12


def _training() -> Draft:
    return _draft(
        "training",
        {
            "municipality": ("ОКТМО", "municipality"),
            "snils": ("СНИЛС", "snils"),
            "provider": ("ИНН организации", "inn"),
            "programme": ("Программа обучения", "text"),
            "started": ("Дата начала", "date"),
            "finished": ("Дата окончания", "date"),
            "hours": ("Объём, ч", "number"),
        },
        [
            [
                TOWN if i < _ROWS / 2 else SMALL_TOWN,
                _snils(7_654_321 + 13_579_113 * i),
                _inn(12_345_678 + 100_000_007 * (i % 4)),
                f"Учёт обращений и работа с ними: ступень {i}",
                _day(40 * i),
                _day(40 * i + 3 + i),
                (16, 72, 250.5, 1008, 36.25, 18)[i % 6],
            ]
            for i in range(_ROWS)
        ],
    )


def _staff() -> Draft:
    return _draft(
        "staff",
        {
            "municipality": ("ОКТМО", "municipality"),
            "full_name": ("Сотрудник", "name"),
            "birth_date": ("Дата рождения", "date"),
            "badge": ("Табельный номер", "badge"),
            "unit": ("Подразделение", "text"),
            "position_group": ("Группа должностей", "text"),
            "started": ("Дата приёма", "date"),
            "ended": ("Дата увольнения", "date"),
        },
        [
            [
                TOWN if i < _ROWS / 2 else SMALL_TOWN,
                _PEOPLE[i % 3],
                dt.date(1971 + i, 3 + i % 9, 8),
                f"{i + 7:05d}",
                _UNITS[i // 4],
                "ведущая" if i % 2 else None,
                _day(31 * i),
                _day(31 * i + 400) if i % 3 else None,
            ]
            for i in range(_ROWS)
        ],
    )


def _cases() -> Draft:
    return _draft(
        "cases",
        {
            "municipality": ("ОКТМО", "municipality"),
            "case": ("Номер дела", "text"),
            "unit": ("Отдел", "text"),
            "executor_snils": ("СНИЛС исполнителя", "snils"),
            "service": ("Услуга", "text"),
            "opened": ("Дата приёма заявления", "date"),
            "due": ("Плановый срок", "date"),
            "limit_days": ("Срок, дней", "whole"),
            "day_kind": ("Вид дней", "day_kind"),
            "closed": ("Дата исполнения", "date"),
            "refused": ("Отказ", "yes_no"),
            "rating": ("Оценка", "whole"),
        },
        [
            [
                TOWN if i < _ROWS / 2 else SMALL_TOWN,
                f"К-{i + 1}/2023",
                _UNITS[i % 3],
                _snils(5_432_198 + 11_111_317 * i) if i % 4 else None,
                _SERVICES[i % 3],
                _day(25 * i),
                _day(25 * i + 30),
                30 - i,
                ("working", "calendar", None)[i % 3],
                _day(25 * i + 20 + i) if i % 5 else None,
                (True, False)[i % 2],
                i % 5 + 1 if i % 2 else None,
            ]
            for i in range(_ROWS)
        ],
    )


def _results() -> Draft:
    return _draft(
        "results",
        {
            "municipality": ("Код ОКТМО", "municipality"),
            "unit": ("Подразделение", "text"),
            "service": ("Наименование услуги", "text"),
            "month": ("Отчётный месяц", "month"),
            "indicator": ("Показатель", "text"),
            "n": ("Число дел", "whole"),
            "mean": ("Среднее значение", "number"),
            "sd": ("СКО", "number"),
        },
        [
            [
                TOWN if i < _ROWS / 2 else SMALL_TOWN,
                _UNITS[i % 3],
                _SERVICES[i // 6],
                dt.date(2023 + i // 12, i % 12 + 1, 1),
                "duration",
                (12, 1240, 85, 12_500)[i % 4],
                (1234.5, 0.85, 12.25)[i % 3],
                2.5 if i % 2 else None,
            ]
            for i in range(_ROWS)
        ],
    )


def _draft(table: str, columns: dict[str, tuple[str, str]], rows: list[list[object]]) -> Draft:
    return Draft(
        table,
        list(columns),
        [kind for _, kind in columns.values()],
        [[header for header, _ in columns.values()]],
        [Line(row, record=i) for i, row in enumerate(rows)],
    )


CLEAN = {"training": _training, "staff": _staff, "cases": _cases, "results": _results}
"""A fresh clean draft of each table."""
