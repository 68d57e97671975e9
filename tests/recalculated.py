"""Workbooks counted anew by LibreOffice: what a reader sees who opens one and changes a cell."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.workbook import Workbook

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
needs_office = pytest.mark.skipif(
    OFFICE is None, reason="LibreOffice is not installed: formulas are not counted anew"
)

Changes = Mapping[tuple[str, str], Any]
"""New values of cells, by sheet and name."""


def recalculated(path: Path, folder: Path, *versions: Changes) -> list[Workbook]:
    """The workbook with each of `versions` changed in it, as LibreOffice counts it. Written values
    are thrown away first, so that every figure is a counted one."""
    plain, counted = folder / "plain", folder / "counted"
    plain.mkdir(parents=True)
    files = [plain / f"{number}.xlsx" for number in range(len(versions))]
    for file, changes in zip(files, versions, strict=True):
        book = openpyxl.load_workbook(path)
        for (sheet, cell), value in changes.items():
            book[sheet][cell] = value
        book.save(file)  # openpyxl writes formulas without values
    assert OFFICE is not None
    subprocess.run(
        [
            OFFICE, "--headless", f"-env:UserInstallation=file://{folder / 'office'}",
            "--convert-to", "xlsx", "--outdir", str(counted), *map(str, files),
        ],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    return [openpyxl.load_workbook(counted / file.name, data_only=True) for file in files]
