"""Files of every dirty shape become the same frame of strings, and the reading is reported."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import polars as pl
import pytest

from otdacha.errors import FileProblem
from otdacha.records import read_cells

ROWS = ["Отдел;Дата;Часы", "Отдел учёта;05.01.2024;16", "Архив;06.01.2024;72"]
WANTED = pl.DataFrame(
    {"Отдел": ["Отдел учёта", "Архив"], "Дата": ["05.01.2024", "06.01.2024"], "Часы": ["16", "72"]}
)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp1251", "cp866", "koi8-r", "utf-16", "utf-16-le"]
)
def test_it_detects_and_reports_the_encoding(write, encoding):
    cells, reading = read_cells(write(*ROWS, encoding=encoding))
    assert cells.equals(WANTED)
    assert reading.encoding == encoding


def test_it_detects_capital_letters_in_every_one_byte_encoding(write):
    for encoding in ("cp1251", "cp866", "koi8-r"):
        path = write("ОТДЕЛ;СРОК", "АРХИВНЫЙ ОТДЕЛ;СКОРО", encoding=encoding)
        cells, reading = read_cells(path)
        assert (cells.columns, reading.encoding) == (["ОТДЕЛ", "СРОК"], encoding)


def test_it_reads_latin_accents_of_a_western_file(write):
    cells, reading = read_cells(write("nom;valeur", "Académie de Créteil;1", encoding="cp1252"))
    assert (cells["nom"][0], reading.encoding) == ("Académie de Créteil", "cp1252")


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_it_detects_and_reports_the_separator(write, separator):
    cells, reading = read_cells(write(*(row.replace(";", separator) for row in ROWS)))
    assert cells.equals(WANTED)
    assert reading.separator == separator


def test_a_comma_inside_values_is_not_taken_for_the_separator(write):
    cells, _ = read_cells(write("Отдел;Цена", "Архив, 2 этаж;1,5", "Учёт, 1 этаж;2,5"))
    assert cells["Цена"].to_list() == ["1,5", "2,5"]


def test_quoted_separators_and_doubled_quotes_are_text(write):
    cells, _ = read_cells(write("Отдел;Часы", '"Отдел ""А""; архив";16', 'ООО "Ромашка";72'))
    assert cells["Отдел"].to_list() == ['Отдел "А"; архив', 'ООО "Ромашка"']


def test_a_lone_quotation_mark_inside_a_value_swallows_nothing(write):
    cells, _ = read_cells(write("Отдел;Часы", 'Школа "Путь;16', 'Школа "Шаг;72', "Архив;8"))
    assert cells["Отдел"].to_list() == ['Школа "Путь', 'Школа "Шаг', "Архив"]


def test_a_quotation_mark_that_swallows_rows_is_refused_with_its_row(write):
    path = write("а;б;в", "1;2;3", '4;"5;6', "7;8;9", '10;11";12')
    with pytest.raises(FileProblem, match="row 3: a quotation mark opens here"):
        read_cells(path)


def test_a_line_break_inside_quotes_is_a_space(write):
    cells, _ = read_cells(write("Отдел;Часы", '"Отдел\nархитектуры";16'))
    assert cells["Отдел"].to_list() == ["Отдел архитектуры"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_line_ending_will_do(write, end):
    assert read_cells(write(*ROWS, end=end))[0].equals(WANTED)


def test_titles_above_the_header_and_blank_rows_are_passed_over(write):
    path = write("Реестр обучения;;", ";;", *ROWS[:2], ";;", ROWS[2])
    cells, reading = read_cells(path)
    assert cells.equals(WANTED)
    assert reading.header_row == 3


def test_invisible_characters_are_removed(write):
    path = write("\ufeffОтдел\u00a0;Ча\u200bсы", "Отдел\u00a0\u202fучёта ;\u200b16\u00ad")
    cells, _ = read_cells(path)
    assert cells.to_dict(as_series=False) == {"Отдел": ["Отдел учёта"], "Часы": ["16"]}


def test_cells_that_say_nothing_are_null(write):
    cells, _ = read_cells(
        write("а;б", "x;", "x; ", "x;-", "x;—", "x;н/д", "x;NULL", "x;N/A", "x;0")
    )
    assert cells["б"].to_list() == [None] * 7 + ["0"]


def test_a_row_wider_than_the_header_is_refused(write):
    with pytest.raises(FileProblem, match="row 3"):
        read_cells(write("а;б", "1;2", "3;4;5"))


def test_a_row_shorter_than_the_header_lacks_its_last_cells(write):
    cells, _ = read_cells(write("а;б;в", "1;2;3", "4;5", "6;7;8"))
    assert cells["в"].to_list() == ["3", None, "8"]


def test_excel_dates_come_as_dates_and_serials_as_numbers(write_excel):
    path = write_excel(
        ["Отдел", "Дата", "Часы"],
        ["Архив", dt.datetime(2024, 1, 5, 10, 30), 16],
        ["Архив", 45_296, 16.5],
    )
    cells, reading = read_cells(path)
    assert cells["Дата"].to_list() == ["2024-01-05 10:30:00", "45296"]
    assert cells["Часы"].to_list() == ["16", "16.5"]
    assert (reading.format, reading.sheet, reading.header_row) == ("workbook", "Лист1", 1)


def test_excel_with_a_title_and_a_merged_header_is_read(write_excel):
    path = write_excel(
        ["Реестр обучения за 2024 год"],
        [],
        ["ИНН", "Слушатель", None, "Период", None],
        [None, "ФИО", "СНИЛС", "Начало", "Окончание"],
        [1, 2, 3, 4, 5],
        ["7707083893", "Н. Н.", "1", "05.01.2024", "06.01.2024"],
        merged=("A1:E1", "A3:A4", "B3:C3", "D3:E3"),
    )
    known = ("ИНН", "СНИЛС", "Начало", "Окончание", "ФИО")
    cells, reading = read_cells(path, known=known)
    assert cells.columns == ["ИНН", "ФИО", "СНИЛС", "Начало", "Окончание"]
    assert cells.height == 1
    assert reading.header_row == 4


def test_a_child_of_a_merged_cell_is_spoken_with_its_parent_where_needed(write_excel):
    path = write_excel(
        ["№", "Срок", None, "Дата", None],
        [None, "план", "факт", "план", "факт"],
        ["7", "1", "2", "3", "4"],
        merged=("A1:A2", "B1:C1", "D1:E1"),
    )
    cells, _ = read_cells(path, known=("№", "Срок план", "Срок факт", "Дата план", "Дата факт"))
    assert cells.columns == ["№", "Срок план", "Срок факт", "Дата план", "Дата факт"]


def test_the_sheet_that_holds_the_known_names_is_chosen(tmp_path):
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["Пояснение", "к файлу"])
    page = book.create_sheet("Шаблон")
    page.append(["ИНН", "Часы"])
    page.append(["7707083893", 16])
    book.save(tmp_path / "two.xlsx")
    cells, reading = read_cells(tmp_path / "two.xlsx", known=("ИНН", "Часы"))
    assert reading.sheet == "Шаблон"
    assert cells["Часы"].to_list() == ["16"]
    with pytest.raises(FileProblem, match=r"no sheet Нет\. Sheets in the file: Sheet, Шаблон"):
        read_cells(tmp_path / "two.xlsx", sheet="Нет")


def test_html_that_calls_itself_xls_is_read(tmp_path):
    path = tmp_path / "report.xls"
    path.write_bytes(
        "<html><meta charset=windows-1251><table><tr><td colspan=2>Отчёт</td></tr>"
        "<tr><th rowspan=2>ИНН</th><th>Объём</th></tr><tr><th>Часы</th></tr>"
        "<tr><td>7707083893</td><td>16&nbsp;ч</td></tr></table></html>".encode("cp1251")
    )
    cells, reading = read_cells(path, known=("ИНН", "Часы"))
    assert cells.to_dict(as_series=False) == {"ИНН": ["7707083893"], "Часы": ["16 ч"]}
    assert (reading.format, reading.encoding) == ("html", "cp1251")


def test_xml_without_a_table_is_refused(write):
    with pytest.raises(FileProblem, match="without a table"):
        read_cells(write('<?xml version="1.0"?>', "<Workbook/>", name="old.xls"))


def test_parquet_is_read_as_strings(tmp_path):
    frame = pl.DataFrame({"unit": ["a"], "opened": [dt.date(2024, 1, 5)], "rating": [5]})
    frame.write_parquet(tmp_path / "file.parquet")
    cells, reading = read_cells(tmp_path / "file.parquet")
    assert cells.row(0) == ("a", "2024-01-05", "5")
    assert reading.format == "parquet"


def test_two_columns_of_one_name_are_refused(write):
    with pytest.raises(FileProblem, match='more than one column of the file matches б: "б", "б"'):
        read_cells(write("а;б;б", "1;2;3"))


def test_an_empty_file_is_refused(write):
    for path in (write(name="a.csv"), write("", " ", "\ufeff", name="b.csv")):
        with pytest.raises(FileProblem, match="the file is empty"):
            read_cells(path)


def test_an_empty_workbook_is_refused(write_excel):
    with pytest.raises(FileProblem, match="the file is empty"):
        read_cells(write_excel())


def test_a_header_without_rows_is_refused(write, write_excel):
    for path in (write("а;б"), write_excel(["а", "б"])):
        with pytest.raises(FileProblem, match="header in row 1 but no rows below"):
            read_cells(path)


def test_a_file_that_is_absent_a_folder_or_a_picture_is_refused(tmp_path):
    with pytest.raises(FileProblem, match="no such file"):
        read_cells(tmp_path / "absent.csv")
    with pytest.raises(FileProblem, match="this is a folder"):
        read_cells(tmp_path)
    picture = tmp_path / "picture.csv"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\xff\x01" + bytes(range(256)) * 4)
    with pytest.raises(FileProblem, match="neither text nor Excel nor Parquet"):
        read_cells(picture)


def test_a_file_without_the_right_to_read_is_refused(write):
    path = write(*ROWS)
    path.chmod(0)
    user = os.geteuid()
    os.seteuid(user or 65_534)  # root may read everything: be nobody for a moment
    try:
        with pytest.raises(FileProblem, match="no right to read"):
            read_cells(path)
    finally:
        os.seteuid(user)


@pytest.mark.parametrize("start", [b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PAR1"])
def test_a_damaged_workbook_or_parquet_is_refused(tmp_path: Path, start: bytes):
    path = tmp_path / "damaged.xlsx"
    path.write_bytes(start + b"damaged" * 200)
    with pytest.raises(FileProblem, match="damaged"):
        read_cells(path)


def test_a_wrong_declared_encoding_is_refused_with_its_line(write):
    with pytest.raises(FileProblem, match="line 1: the text is not in the encoding utf-8"):
        read_cells(write(*ROWS, encoding="cp1251"), encoding="utf-8")
    with pytest.raises(FileProblem, match="nobody knows the encoding cp9999"):
        read_cells(write(*ROWS), encoding="cp9999")


def test_two_encodings_in_one_file_are_refused_with_the_line(tmp_path):
    path = tmp_path / "mixed.csv"
    path.write_bytes("\n".join(ROWS).encode() + "\nУчёт;07.01.2024;8\n".encode("cp1251"))
    with pytest.raises(FileProblem, match="line 4: the file is in UTF-8 but this line"):
        read_cells(path)


def test_a_header_row_that_is_told_is_believed(write):
    cells, reading = read_cells(write("x;y", "а;б", "1;2"), header_row=2)
    assert (cells.columns, reading.header_row) == (["а", "б"], 2)
    with pytest.raises(FileProblem, match="row 99 cannot be the header"):
        read_cells(write("x;y", "1;2"), header_row=99)
