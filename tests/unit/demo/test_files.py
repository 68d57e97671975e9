import datetime as dt
from pathlib import Path

import openpyxl
import polars as pl

from otdacha.demo import files


def test_a_snils_is_written_as_on_its_card():
    frame = pl.DataFrame({"snils": [99012345678]})
    assert frame.select(files.snils_text("snils")).item() == "990-123-456 78"


def test_hours_have_a_decimal_comma():
    assert pl.DataFrame({"h": [36]}).select(files.decimal_comma("h", 1)).item() == "36,0"


def test_a_date_that_is_not_there_stays_empty():
    frame = pl.DataFrame({"d": [dt.date(2024, 5, 3), None]})
    assert frame.select(files.day("d"))["d"].to_list() == ["03.05.2024", None]


def test_a_text_file_has_semicolons_and_only_the_columns_that_are_there(tmp_path: Path):
    frame = pl.DataFrame({"case": ["1"], "service": ["справка № 1"], "hidden": ["x"]})

    files.write_text(frame, files.CASE_LOG, tmp_path / "a.csv", "cp1251")
    files.write_text(frame, files.CASE_LOG, tmp_path / "b.csv", "utf-8-sig")

    expected = "Номер дела;Услуга\r\n1;справка № 1\r\n"
    assert (tmp_path / "a.csv").read_bytes() == expected.encode("cp1251")
    assert (tmp_path / "b.csv").read_bytes() == b"\xef\xbb\xbf" + expected.encode("utf-8")


def test_a_roster_has_a_title_and_merged_groups_above_its_header(tmp_path: Path):
    row = {
        **dict.fromkeys(files.ROSTER, "…"),
        "started": dt.date(2020, 2, 3),
        "ended": None,
    }
    files.write_roster(pl.DataFrame([row]), tmp_path / "r.xlsx", "Тула")

    sheet = openpyxl.load_workbook(tmp_path / "r.xlsx").active
    assert "Тула" in sheet["A1"].value
    assert {str(merged) for merged in sheet.merged_cells.ranges} == {
        "A1:J1",
        "A2:J2",
        "A4:G4",
        "H4:J4",
    }
    assert [cell.value for cell in sheet[5]] == list(files.ROSTER.values())
    assert sheet["F6"].value == dt.datetime(2020, 2, 3)
    assert sheet["G6"].value is None
