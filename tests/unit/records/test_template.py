"""Templates: filled in by a person they go through the door; empty they say that they are empty."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from otdacha.errors import FileProblem
from otdacha.records import TABLES, add, frame, write_template
from otdacha.records.explained import COLUMNS, HEADERS, TABLES_EXPLAINED
from otdacha.records.matching import aliases
from otdacha.records.template import header_of_column
from otdacha.records.template_choices import ANSWERS
from otdacha.records.values import as_day_kinds, as_yes_or_no
from tests.unit.records.conftest import TOWN


def sheet_of(path: Path):
    book = openpyxl.load_workbook(path)
    return book, book.worksheets[0]


def filled(path: Path, *rows: dict[str, object]) -> Path:
    """The template with rows written below its header, as a person does it."""
    book, sheet = sheet_of(path)
    places = {cell.value: cell.column for cell in sheet[3]}
    for at, row in enumerate(rows, start=4):
        for header, value in row.items():
            sheet.cell(at, places[header], value)
    book.save(path)
    return path


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("table", TABLES)
def test_the_example_of_every_template_is_accepted_once_it_is_moved_below_the_header(
    workspace, tmp_path, table, language
):
    """Above the header it is no data; below it the very same cells are a good row."""
    path = tmp_path / "template.xlsx"
    write_template(table, path, language=language)
    with pytest.raises(FileProblem, match="no rows below it"):
        add(workspace, table, path)
    book, sheet = sheet_of(path)
    for at, cell in enumerate(sheet[2], start=1):
        sheet.cell(4, at, cell.value or None)
        cell.value = None
    book.save(path)
    batch = add(workspace, table, path)
    assert (batch.accepted, batch.reasons) == (1, {})
    assert batch.reading.ignored == ()
    assert batch.reading.header_row == 3


def test_the_example_below_the_header_as_well_as_above_it_is_no_record(workspace, tmp_path):
    """It is invented: whoever has copied it forgot to write over it."""
    path = tmp_path / "template.xlsx"
    write_template("units", path)
    book, sheet = sheet_of(path)
    for at, cell in enumerate(sheet[2], start=1):
        sheet.cell(4, at, cell.value)
    book.save(path)
    assert add(workspace, "units", path).reasons == {"repeated_header": 1}


def test_a_filled_template_is_read_as_it_was_meant(workspace, tmp_path):
    path = tmp_path / "staff.xlsx"
    write_template("staff", path)
    filled(
        path,
        {
            "ОКТМО": "01701000",
            "СНИЛС": "087-654-303 00",
            "Табельный №": "0007",
            "Подразделение": "Архив",
            "Группа": "ведущая",
            "Дата приёма": dt.date(2020, 1, 10),
        },
        {"ОКТМО": TOWN, "Подразделение": "Архив", "Дата приёма": "10.01.2020"},
    )
    batch = add(workspace, "staff", path)
    assert (batch.accepted, batch.reasons) == (1, {"no_identity": 1})
    (row,) = frame(workspace, "staff").iter_rows(named=True)
    assert (row["municipality"], row["started"]) == ("01701000", dt.date(2020, 1, 10))


def test_identifiers_are_typed_as_text_so_that_their_zeros_stay(tmp_path):
    path = tmp_path / "staff.xlsx"
    write_template("staff", path)
    _, sheet = sheet_of(path)
    formats = {
        header.value: sheet.column_dimensions[header.column_letter].number_format
        for header in sheet[3]
    }
    as_text = {"ОКТМО", "СНИЛС", "ФИО", "Табельный №", "Подразделение", "Группа"}
    assert {name for name, form in formats.items() if form == "@"} == as_text
    assert formats["Дата приёма"] == formats["Дата увольнения"] == "dd.mm.yyyy"
    assert sheet.freeze_panes == "A4"


def test_columns_with_few_values_offer_them_and_every_column_has_a_hint(workspace, tmp_path, cases):
    add(workspace, "cases", cases)
    path = tmp_path / "cases.xlsx"
    write_template("cases", path, workspace=workspace)
    book, sheet = sheet_of(path)
    rules = {
        sheet.cell(3, next(iter(rule.sqref.ranges)).min_col).value: rule
        for rule in sheet.data_validations.dataValidation
    }
    assert set(rules) == {cell.value for cell in sheet[3]}
    assert all(rule.prompt and rule.promptTitle for rule in rules.values())
    lists = book.worksheets[2]

    def offered(header: str) -> list[str]:
        place, _, ends = rules[header].formula1.partition("!")
        assert place == f"'{lists.title}'"
        return [cell.value for (cell,) in lists[ends.replace("$", "")]]

    assert offered("Вид дней") == ["рабочие", "календарные"]
    assert offered("Отказ") == ["да", "нет"]
    assert offered("Услуга") == ["Разрешение на строительство"]
    assert rules["Отказ"].errorStyle in (None, "stop")
    assert rules["Услуга"].errorStyle == "warning"
    assert rules["Дата регистрации"].type == "date"


def test_the_indicators_of_the_methodology_are_offered(workspace, tmp_path):
    told = workspace.methodology_path.read_text("utf-8")
    first = told[told.index("[[indicators]]") : told.index("[[indicators]]", told.index("on_time"))]
    own = first.replace("on_time", "mkgu_queue").replace('"cases"', '"results"')
    own = own.replace('value = "mkgu_queue"', 'value = "reported"').replace('"due"', '"reported"')
    workspace.methodology_path.write_text(told.replace(first, first + own, 1), "utf-8")
    path = tmp_path / "results.xlsx"
    write_template("results", path, workspace=workspace)
    book, _ = sheet_of(path)
    assert [cell.value for cell in book.worksheets[2]["A"]] == [
        "Список: Показатель",
        "mkgu_queue",
    ]


def test_the_legend_explains_every_column_in_the_language_asked_for(tmp_path):
    for language, needed in (("ru", "нужна"), ("en", "needed")):
        path = tmp_path / f"{language}.xlsx"
        write_template("training", path, language=language)
        legend = openpyxl.load_workbook(path).worksheets[1]
        rows = {row[0]: row for row in legend.iter_rows(values_only=True)}
        for name in COLUMNS["training"]:
            row = rows[header_of_column("training", name, language)]
            assert all(row[:5]), row
        assert rows[header_of_column("training", "hours", language)][4] == needed


def test_a_template_calls_a_column_by_one_of_its_known_names():
    assert all(header in aliases(table)[column] for (table, column), header in HEADERS.items())


def test_every_table_and_every_column_that_a_person_fills_in_is_explained():
    assert list(TABLES_EXPLAINED) == list(COLUMNS) == list(TABLES)
    for name, columns in COLUMNS.items():
        assert set(columns) <= set(TABLES[name].inputs)
        made_of_others = {"_batch", "_row", "person", "person_by_name", "executor"}
        stored = set(TABLES[name].columns) - made_of_others
        left_out = stored - set(columns)
        assert left_out <= {"territory", "formed_by", "ended_by"}, name


def test_the_words_that_are_offered_are_words_that_are_read():
    for language in ("ru", "en"):
        said = [answer.said(language) for answer in ANSWERS.values()]
        assert as_yes_or_no(pl.Series(said[:2])).value.to_list() == [True, False]
        assert as_day_kinds(pl.Series(said[2:])).value.to_list() == ["working", "calendar"]


def test_a_filled_template_is_never_written_over(tmp_path):
    path = tmp_path / "staff.xlsx"
    write_template("staff", path)
    with pytest.raises(FileProblem, match="is there already"):
        write_template("staff", path)
    with pytest.raises(FileProblem, match="There is no table people"):
        write_template("people", tmp_path / "p.xlsx")
