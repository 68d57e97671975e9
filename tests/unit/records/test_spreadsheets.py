"""Which sheet is read, what merged cells say, what is no record: nothing is misread silently."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import polars as pl
import pytest
import xlsxwriter

from otdacha.errors import FileProblem
from otdacha.records import add, frame, read_cells, rejected_rows
from tests.unit.records.conftest import CASES, TOWN

HEADER = CASES.split(";")
KNOWN = frozenset(HEADER)


def case(number: int, unit: str = "Архив") -> list[str]:
    return [TOWN, str(number), unit, "Справка", "09.01.2024", "19.01.2024"]


def book(path: Path, sheets: dict[str, list[list[str]]], hidden: tuple[str, ...] = ()) -> Path:
    with xlsxwriter.Workbook(path) as made:
        for name, rows in sheets.items():
            sheet = made.add_worksheet(name)
            for i, row in enumerate(rows):
                sheet.write_row(i, 0, row)
            if name in hidden:
                sheet.hide()
            else:
                sheet.activate()
    return path


def test_two_sheets_that_fit_equally_are_refused_until_one_is_named(workspace, tmp_path):
    months = {"Январь": [HEADER, case(1)], "Февраль": [HEADER, case(2), case(3)]}
    file = book(tmp_path / "year.xlsx", months)
    with pytest.raises(FileProblem, match=r"several sheets fit equally well: Январь, Февраль"):
        add(workspace, "cases", file)
    first = add(workspace, "cases", file, sheet="Январь")
    second = add(workspace, "cases", file, sheet="Февраль")
    assert (first.accepted, second.accepted) == (1, 2)
    assert first.id != second.id
    assert frame(workspace, "cases")["case"].to_list() == ["1", "2", "3"]
    with pytest.raises(FileProblem, match="there is no sheet Март"):
        add(workspace, "cases", file, sheet="Март")


def test_an_empty_form_beside_the_filled_one_is_no_second_sheet(workspace, tmp_path):
    file = book(tmp_path / "f.xlsx", {"Форма": [HEADER], "Данные": [HEADER, case(1)]})
    assert add(workspace, "cases", file).reading.sheet == "Данные"


def test_a_hidden_sheet_is_read_only_where_no_other_fits(tmp_path):
    old, new = [HEADER, case(1), case(2)], [HEADER, case(3)]
    file = book(tmp_path / "a.xlsx", {"Старое": old, "Новое": new}, hidden=("Старое",))
    cells, reading = read_cells(file, known=KNOWN)
    assert (reading.sheet, cells["№ дела"].to_list()) == ("Новое", ["3"])
    file = book(tmp_path / "b.xlsx", {"Данные": old, "Титул": [["Отчёт"]]}, hidden=("Данные",))
    assert read_cells(file, known=KNOWN)[1].sheet == "Данные"


def test_two_tables_of_a_web_page_that_fit_equally_are_refused(tmp_path):
    def table(*rows: list[str]) -> str:
        lines = ("".join(f"<td>{cell}</td>" for cell in row) for row in rows)
        return "<table>" + "".join(f"<tr>{line}</tr>" for line in lines) + "</table>"

    page = tmp_path / "page.xls"
    page.write_text(f"<html>{table(HEADER, case(1))}{table(HEADER, case(2))}</html>", "utf-8")
    with pytest.raises(FileProblem, match="several sheets fit equally well: 1, 2"):
        read_cells(page, known=KNOWN)
    assert read_cells(page, known=KNOWN, sheet="2")[0]["№ дела"].to_list() == ["2"]


@pytest.mark.parametrize("error", ["#ССЫЛКА!", "#REF!", "#ДЕЛ/0!", "#VALUE!", "#######"])
def test_an_error_is_never_a_value(workspace, write, error):
    """Neither where text is expected nor where the cell may be empty."""
    rows = [";".join(case(1, unit=error)), ";".join([*case(2)[:-1], error])]
    batch = add(workspace, "cases", write(CASES, *rows))
    assert batch.accepted == 0
    told = rejected_rows(workspace, batch.id).rows()
    assert told == [(2, "unit", error, "error_cell"), (3, "closed", error, "error_cell")]


def test_an_error_and_a_formula_that_nobody_computed_are_found_in_a_workbook(workspace, tmp_path):
    """openpyxl saves formulas without values, as many scripts do."""
    made = openpyxl.Workbook()
    for row in (HEADER, case(1), case(2), case(3), case(4)):
        made.active.append(row)
    made.active["F3"] = "=E3+10"
    made.active["C4"] = "#REF!"
    made.save(tmp_path / "f.xlsx")
    batch = add(workspace, "cases", tmp_path / "f.xlsx")
    told = rejected_rows(workspace, batch.id).select("row", "column", "reason").rows()
    assert told == [(3, "closed", "error_cell"), (4, "unit", "error_cell")]
    assert batch.accepted == 2


def test_not_available_is_nothing(workspace, write):
    batch = add(workspace, "cases", write(CASES, ";".join([*case(1)[:-1], "#Н/Д"])))
    assert frame(workspace, "cases")["closed"].to_list() == [None]
    assert batch.rejected == 0


def test_a_cell_merged_downwards_speaks_in_each_of_its_rows(workspace, write_excel):
    rows = [case(i) for i in (1, 2, 3)]
    for row in rows[1:]:
        row[2] = row[5] = ""
    file = write_excel(HEADER, *rows, merged=("C2:C4", "F2:F3"))
    add(workspace, "cases", file)
    stored = frame(workspace, "cases")
    assert stored["unit"].to_list() == ["Архив"] * 3
    assert stored["closed"].is_null().to_list() == [False, False, True]


def test_rows_that_are_no_records_have_one_reason_each(workspace, write):
    file = write(
        "Журнал;;;;;",
        CASES,
        ";".join(case(1)),
        "Отдел архивов;;;;;",
        "Журнал;;;;;",
        CASES,
        "1;2;3;4;5;6",
        ";".join(case(2)),
        "Итого:;2;;;;",
        "Исполнитель Вымыслова;;;;;",
    )
    batch = add(workspace, "cases", file)
    assert rejected_rows(workspace, batch.id).select("row", "column", "reason").rows() == [
        (4, None, "note_row"),
        (5, None, "repeated_header"),
        (6, None, "repeated_header"),
        (7, None, "repeated_header"),
        (9, None, "total_row"),
        (10, None, "note_row"),
    ]
    assert frame(workspace, "cases")["case"].to_list() == ["1", "2"]


def test_a_total_that_would_pass_for_a_department_is_rejected(workspace, write):
    header = "ОКТМО;Отдел;Услуга;Месяц;Показатель;Число дел;Среднее"
    rows = [f"{TOWN};{unit};Справка;01.2024;duration;5;3,5" for unit in ("Архив", "Всего доброго")]
    total = "Всего по городу;Все;Справка;01.2024;duration;10;3,5"
    batch = add(workspace, "results", write(header, *rows, total))
    assert batch.reasons == {"total_row": 1}
    assert batch.accepted == 2


def test_in_a_narrow_table_a_single_cell_may_be_the_record(workspace, write):
    file = write("Отдел;Действует с;Действует по", "Архив;;")
    assert add(workspace, "units", file, constants={"municipality": TOWN}).accepted == 1


def test_spreadsheet_xml_of_2003_is_read_with_its_gaps_and_merged_cells(tmp_path):
    cells = "".join(f'<Cell><Data ss:Type="String">{name}</Data></Cell>' for name in HEADER[:3])
    file = tmp_path / "old.xls"
    file.write_text(
        '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:x="urn:schemas-microsoft-com:office:excel">'
        f'<Worksheet ss:Name="Старый"><Table><Row>{cells}</Row></Table><x:WorksheetOptions>'
        "<x:Visible>SheetHidden</x:Visible></x:WorksheetOptions></Worksheet>"
        f'<Worksheet ss:Name="Лист1"><Table><Row ss:Index="3">{cells}</Row>'
        '<Row><Cell ss:MergeDown="1"><Data ss:Type="Number">28701000</Data></Cell>'
        '<Cell ss:Index="3"><Data ss:Type="String">Архив</Data></Cell></Row>'
        '<Row><Cell ss:Index="2"><Data ss:Type="Number">7</Data></Cell>'
        '<Cell ss:Formula="=RC[-1]"/></Row></Table></Worksheet></Workbook>',
        "utf-8",
    )
    found, reading = read_cells(file, known=HEADER)
    assert (reading.sheet, reading.header_row) == ("Лист1", 3)
    assert found.equals(
        pl.DataFrame(
            {"ОКТМО": [TOWN, TOWN], "№ дела": [None, "7"], "Отдел": ["Архив", "="]},
            schema_overrides={"№ дела": pl.String},
        )
    )


def test_a_lone_carriage_return_ends_no_row_where_others_do(write):
    path = write("Отдел;Дата;Часы", "Отдел\rучёта;05.01.2024;16", "Архив;06.01.2024;72")
    assert read_cells(path)[0]["Отдел"].to_list() == ["Отдел учёта", "Архив"]


def test_days_of_a_workbook_that_counts_from_1904_are_the_same_days(workspace, tmp_path):
    """Whether their cells look like dates or like numbers."""
    day = dt.date(2024, 1, 9)
    file = tmp_path / "mac.xlsx"
    with xlsxwriter.Workbook(file, {"date_1904": True}) as made:
        sheet = made.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, case(1))
        sheet.write_datetime(1, 4, day, made.add_format({"num_format": "dd.mm.yyyy"}))
        sheet.write_number(1, 5, (day - dt.date(1904, 1, 1)).days)
    add(workspace, "cases", file)
    assert frame(workspace, "cases").select("opened", "closed").row(0) == (day, day)
