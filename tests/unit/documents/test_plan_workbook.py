"""The workbook of a plan: its formulas, counted anew, come to the plan's exact sums."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from openpyxl.utils.cell import range_boundaries
from openpyxl.workbook import Workbook
from tests.invented_plan import DUB, KITEZH, SOURCES, TOWNS, invented_plan, with_table

from otdacha.documents.plan.workbook import write_plan_workbook
from otdacha.documents.sheet_names import LONGEST, sheet_names
from otdacha.language import LANGUAGES, Language


class Counted:
    """What a spreadsheet program would show: SUM, SUMIFS, references, products, differences."""

    def __init__(self, book: Workbook) -> None:
        self.book = book

    def at(self, sheet: str, cell: str) -> Any:
        value = self.book[sheet][cell.replace("$", "")].value
        return self.formula(sheet, value[1:]) if str(value).startswith("=") else value

    def cells(self, sheet: str, named: str) -> list[Any]:
        if found := re.fullmatch(r"'((?:[^']|'')+)'!(.+)", named):
            sheet, named = found[1].replace("''", "'"), found[2]
        left, top, right, bottom = range_boundaries(named.replace("$", ""))
        each = [
            self.book[sheet].cell(row, column).coordinate
            for row in range(top, bottom + 1)
            for column in range(left, right + 1)
        ]
        return [self.at(sheet, cell) for cell in each]

    def formula(self, sheet: str, said: str) -> Any:
        if found := re.fullmatch(r"SUM\(([^(),]+)\)", said):
            return sum(value or 0 for value in self.cells(sheet, found[1]))
        if found := re.fullmatch(r"SUMIFS\(([^(),]+),([^(),]+),([^(),]+)\)", said):
            summed, asked = self.cells(sheet, found[1]), self.cells(sheet, found[2])
            (wanted,) = self.cells(sheet, found[3])
            return sum(v or 0 for v, key in zip(summed, asked, strict=True) if key == wanted)
        if found := re.fullmatch(r"ROUND\((\w+)-(SUM\(.+\)),2\)", said):
            return round(self.at(sheet, found[1]) - self.formula(sheet, found[2]), 2)
        if found := re.fullmatch(r"(\w+)\*\((\w+)\+(\w+)\)", said):
            seats, fee, travel = (self.at(sheet, found[i]) for i in (1, 2, 3))
            return seats * (fee + travel)
        if found := re.fullmatch(r"(\w+)-(\w+)", said):
            return self.at(sheet, found[1]) - self.at(sheet, found[2])
        (one,) = self.cells(sheet, said)
        return one


def _written(tmp_path: Path, language: Language) -> Workbook:
    return openpyxl.load_workbook(
        write_plan_workbook(invented_plan(), tmp_path / "plan.xlsx", language)
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sums_of_the_first_sheet_are_the_plan_s_by_year_and_source(
    tmp_path: Path, language: Language
) -> None:
    book = _written(tmp_path, language)
    first = book.worksheets[0]
    counted = Counted(book)
    lines = invented_plan().tables["lines"]
    found = {}
    for row in range(1, first.max_row + 1):
        if isinstance(first.cell(row, 2).value, str) and first.cell(row, 2).value[0] == "=":
            found[first.cell(row, 1).value] = [
                counted.at(first.title, first.cell(row, column).coordinate)
                for column in range(2, 8)
            ]
    total = "Итого" if language == "ru" else "Total"
    assert set(found) == {2026, 2027, 2028, total}
    for year, sums in found.items():
        of = lines if year == total else lines.filter(year=year)
        assert sums == pytest.approx([of[name].sum() for name in ("seats", "cost", *SOURCES)])
    # 20 x 12,000.50 + 14 x 12,480.52 + 6 x 7,000.10 + 11 x 13,500.75 + 12 x 30,000 + 3 x 7,000.10
    assert found[total][1] == pytest.approx(986_246.43, abs=0.001)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_formula_comes_to_the_value_that_is_written_beside_it(
    tmp_path: Path, language: Language
) -> None:
    """Programs that count nothing show the written value; the others show what they count."""
    path = write_plan_workbook(invented_plan(), tmp_path / "plan.xlsx", language)
    book, shown = openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True)
    counted = Counted(book)
    formulas = 0
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    formulas += 1
                    written = shown[sheet.title][cell.coordinate].value
                    assert counted.at(sheet.title, cell.coordinate) == pytest.approx(
                        written, abs=0.004
                    ), (sheet.title, cell.coordinate)
    assert formulas > 100


def test_a_changed_row_of_a_town_changes_the_first_sheet(tmp_path: Path) -> None:
    book = _written(tmp_path, "en")
    town = book["Китеж"]
    (row,) = [r for r in range(1, town.max_row + 1) if town.cell(r, 8).value == 20]
    before = Counted(book).at("Summary", "C11")
    town.cell(row, 8).value = 21
    assert Counted(book).at("Summary", "C11") == pytest.approx(before + 12_000.50)


def test_each_town_has_a_sheet_with_its_lines_and_nobody_else_s(tmp_path: Path) -> None:
    book = _written(tmp_path, "en")
    assert book.sheetnames == ["Summary", "By municipality", "Буян", "Дубрава посёлок станция",
                               "Китеж", "Budgets", "Unmet needs"]  # fmt: skip
    said = {str(cell.value) for row in book["Буян"].iter_rows() for cell in row}
    assert "Градостроительная документация" in said
    assert "Муниципальные услуги в электронном виде" not in said


def test_pages_are_a4_across_with_repeated_heads(tmp_path: Path) -> None:
    book = _written(tmp_path, "ru")
    for sheet in book.worksheets[1:]:
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert sheet.print_title_rows is not None
        assert "2026.1" in sheet.oddFooter.left.text
    assert "₽" in book["Китеж"]["L6"].number_format


def test_the_people_of_a_plan_are_not_in_its_workbook(tmp_path: Path) -> None:
    book = _written(tmp_path, "ru")
    said = {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row}
    assert not said & {"p-1", "n-1"}


def test_the_same_plan_gives_the_same_bytes(tmp_path: Path) -> None:
    one, two = (
        write_plan_workbook(invented_plan(), tmp_path / name).read_bytes() for name in ("a", "b")
    )
    assert one == two


def test_a_plan_without_unmet_needs_and_a_town_without_lines_are_written(tmp_path: Path) -> None:
    plan = invented_plan()
    plan = with_table(plan, "unmet", plan.tables["unmet"].clear())
    plan = with_table(plan, "lines", plan.tables["lines"].filter(pl.col("municipality") != DUB))
    book = openpyxl.load_workbook(write_plan_workbook(plan, tmp_path / "plan.xlsx", "en"))
    said = [cell.value for row in book["Дубрава посёлок станция"].iter_rows() for cell in row]
    assert "Nothing is planned here." in said
    assert Counted(book).at("Unmet needs", "F3") == 0


@pytest.mark.parametrize(
    ("wanted", "named"),
    [
        (["Китеж", "китеж", "КИТЕЖ"], ["Китеж", "китеж (2)", "КИТЕЖ (3)"]),
        (["a/b:c", "[x]*?", "'quoted'"], ["a b c", "x", "quoted"]),
        (["", "///", "History"], ["-", "- (2)", "History (2)"]),
        (["Я" * 40, "Я" * 41], ["Я" * 31, "Я" * 27 + " (2)"]),
    ],
)
def test_names_of_sheets_are_valid_and_all_differ(wanted: list[str], named: list[str]) -> None:
    assert sheet_names(wanted) == named
    assert all(0 < len(name) <= LONGEST for name in named)


def test_a_town_called_as_a_sheet_of_the_book_gets_a_name_of_its_own(tmp_path: Path) -> None:
    plan = invented_plan(names={**TOWNS, KITEZH: "Summary"})
    book = openpyxl.load_workbook(write_plan_workbook(plan, tmp_path / "plan.xlsx", "en"))
    assert "Summary (2)" in book.sheetnames
