"""A workspace, and the smallest good file of each table. All people and numbers are invented."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from otdacha.records import Workspace, create_workspace

TOWN = "28701000"
SNILS = "112-233-445 95"  # the example in the order that defines the check number
OTHER_SNILS = "087-654-303 00"
INN = "7707083893"
OTHER_INN = "500100732259"

Write = Callable[..., Path]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return create_workspace(tmp_path / "union")


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write rows (the header first) as a separated text file."""

    def _write(
        *rows: str, name: str = "file.csv", encoding: str = "utf-8", end: str = "\n"
    ) -> Path:
        path = tmp_path / name
        path.write_bytes("".join(row + end for row in rows).encode(encoding))
        return path

    return _write


@pytest.fixture
def write_excel(tmp_path: Path) -> Write:
    """Write rows as a workbook; merged: ranges of cells to merge."""

    def _write(
        *rows: list[object],
        merged: tuple[str, ...] = (),
        name: str = "file.xlsx",
        sheet: str = "Лист1",
    ) -> Path:
        book = openpyxl.Workbook()
        page = book.active
        assert page is not None
        page.title = sheet
        for row in rows:
            page.append(row)
        for cells in merged:
            page.merge_cells(cells)
        book.save(tmp_path / name)
        return tmp_path / name

    return _write


CASES = "ОКТМО;№ дела;Отдел;Услуга;Дата регистрации;Факт (РК)"


@pytest.fixture
def cases(write: Write) -> Path:
    """Two good cases."""
    return write(
        CASES,
        f"{TOWN};1;Отдел архитектуры;Разрешение на строительство;09.01.2024;19.01.2024",
        f"{TOWN};2;Отдел архитектуры;Разрешение на строительство;10.01.2024;",
        name="cases.csv",
    )
