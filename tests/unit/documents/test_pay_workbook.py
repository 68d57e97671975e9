"""The workbook of a scenario: its formulas, counted anew, come to the scenario's exact sums."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from tests.invented_scenario import BUYAN, KITEZH, PERSON, small_scenario, small_tables
from tests.recalculated import needs_office, recalculated

from otdacha.documents.numbers import Numbers
from otdacha.documents.pay.workbook import write_scenario_workbook
from otdacha.language import LANGUAGES, Language
from otdacha.pay.scenario import Scenario

SHEETS = ["Summary", "Measures", "Municipalities", "Limits of pay", "Packages", "Levels",
          "Other ways", "Who receives", "Fund of pay", "Costs",
          "What if the parts change"]  # fmt: skip


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    return small_scenario(tmp_path_factory.mktemp("scenarios"))


def written(scenario: Scenario, folder: Path, language: Language = "en") -> Path:
    return write_scenario_workbook(scenario, folder / "pay.xlsx", language)


def rows(sheet: Worksheet) -> list[list[object]]:
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def row_of(sheet: Worksheet, *first: object) -> list[object]:
    (found,) = [row for row in rows(sheet) if tuple(row[: len(first)]) == first]
    return found


def shown(book: Workbook) -> set[str]:
    return {str(cell) for sheet in book for row in rows(sheet) for cell in row}


@dataclass(frozen=True)
class Counted:
    """The workbook as it is, and with the second measure's parts and a row of costs changed."""

    path: Path
    same: Workbook
    changed: Workbook


@pytest.fixture(scope="module")
def counted(scenario: Scenario, tmp_path_factory: pytest.TempPathFactory) -> Counted:
    """The parts are those of the allowance; the row is Buyan's of 2028, from the federal budget."""
    folder = tmp_path_factory.mktemp("counted")
    path = written(scenario, folder)
    costs = openpyxl.load_workbook(path)["Costs"]
    (row,) = [
        row for row in range(1, costs.max_row + 1)
        if [costs.cell(row, at).value for at in (2, 3, 4, 6)]
        == ["Буян", 2028, 1, "Federal budget"]
    ]  # fmt: skip
    what_if = SHEETS[-1]
    changes = {
        (what_if, "C8"): 0.0,
        (what_if, "D8"): 0.7,
        ("Costs", f"G{row}"): 2_450_000.00 + 100,
    }
    return Counted(path, *recalculated(path, folder, {}, changes))


@needs_office
def test_every_formula_counted_anew_comes_to_the_value_written_beside_it(counted: Counted) -> None:
    beside, formulas = openpyxl.load_workbook(counted.path, data_only=True), 0
    for sheet in openpyxl.load_workbook(counted.path):
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    formulas += 1
                    found = counted.same[sheet.title][cell.coordinate].value
                    expected = beside[sheet.title][cell.coordinate].value
                    assert found == pytest.approx(expected, abs=0.004), (sheet.title, cell)
    assert formulas > 60


@needs_office
def test_a_changed_row_of_costs_changes_its_year_its_source_and_its_town(counted: Counted) -> None:
    year, needed, _ = [row for row in rows(counted.changed["Summary"]) if row[0] == 2028]
    assert year[1] == needed[2] == pytest.approx(8_750_000.18 + 100, abs=0.001)
    assert year[5] == pytest.approx(12_500_000.25 + 100, abs=0.001)
    assert row_of(counted.changed["Municipalities"], 1, "Буян")[-1] == pytest.approx(7_000_100)
    assert row_of(counted.changed["Measures"], 1)[-1] == pytest.approx(23_000_100.50)


@needs_office
def test_changed_parts_move_the_money_of_their_measure_from_source_to_source(
    counted: Counted,
) -> None:
    """The allowance costs 1,000,000 a year: 70 % of it moves from the federal budget to the
    region."""
    sheet = counted.changed[SHEETS[-1]]
    moved = row_of(sheet, 2027, "with these parts")
    assert moved[2:7] == pytest.approx(
        [8_050_000.18, 700_000, 3_750_000.08, 0, 12_500_000.26], abs=0.011
    )
    differs = row_of(sheet, 2027, "difference")
    assert differs[2:5] == pytest.approx([-700_000, 700_000, 0], abs=0.011)


def test_the_first_sheet_holds_the_exact_money_of_every_year_and_source(
    scenario: Scenario, tmp_path: Path
) -> None:
    book = openpyxl.load_workbook(written(scenario, tmp_path), data_only=True)
    costs = small_tables()["costs"]
    for year in scenario.years:
        of = costs.filter(year=year)
        expected = [
            float(of.filter(source=source)["cost"].sum())
            for source in ("federal", "regional", "municipal", "own")
        ]
        first, needed, *_ = [row for row in rows(book["Summary"]) if row[0] == year]
        assert first[1:6] == [*expected, float(of["cost"].sum())]
        assert needed[1:5] == ["Federal budget", expected[0], 10_000_000, 0]
    assert row_of(book["Summary"], "Total")[5] == 25_000_000.50
    without = row_of(book["Summary"], 2028, "Local budget")
    assert without[3:5] == ["no sum was given", "no sum was given"]


def test_no_measure_can_be_resized_where_its_cost_is_no_multiple_of_its_size(
    scenario: Scenario, tmp_path: Path
) -> None:
    book = openpyxl.load_workbook(written(scenario, tmp_path))
    sheet = book[SHEETS[-1]]
    given = [
        cell.coordinate
        for row in sheet.iter_rows()
        for cell in row
        if cell.fill.fgColor.rgb == "FFFFF2CC"
    ]
    assert given == ["C7", "D7", "E7", "F7", "C8", "D8", "E8", "F8"]
    assert "what it costs is no multiple of it" in str(sheet["A4"].value)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sheet_says_scenario_and_date_in_its_head_and_at_its_foot(
    scenario: Scenario, tmp_path: Path, language: Language
) -> None:
    book = openpyxl.load_workbook(written(scenario, tmp_path, language))
    day = Numbers(language).day(dt.date(2026, 11, 26))
    source = {
        "en": f"Scenario 2027.1 of {day}, with release 2026.1",
        "ru": f"Сценарий 2027.1 от {day}, с выпуском 2026.1",
    }[language]
    assert len(book.sheetnames) == len(SHEETS)
    for sheet in book:
        assert source in {row[0] for row in rows(sheet)[:4]}, sheet.title
        assert source in sheet.oddFooter.left.text
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    invented = {"en": "invented", "ru": "вымышлены"}[language]
    assert any(invented in str(row[0]) for row in rows(book.worksheets[0])[:5])


def test_a_town_without_an_estimate_says_so_and_has_no_figure(
    scenario: Scenario, tmp_path: Path
) -> None:
    book = openpyxl.load_workbook(written(scenario, tmp_path), data_only=True)
    towns = book["Municipalities"]
    assert row_of(towns, 1, "Буян")[9:15] == [
        "too little evidence", "–", "–", "Too little is known of who leaves", "–", "–",
    ]  # fmt: skip
    assert row_of(towns, 2, "Китеж")[9:12] == [5.5, 1.0, 9.0]
    limits = book["Limits of pay"]
    assert row_of(limits, "Китеж", 2028)[7:9] == [2_000_000, "Above the norm"]
    unknown = row_of(limits, "Буян", 2028)
    assert unknown[2] == "not collected"
    assert unknown[8] == "Not known: grants or norm are not in the records"


def test_a_town_that_few_have_left_says_so_and_has_no_exits(tmp_path: Path) -> None:
    table = small_tables()["municipalities"].with_columns(
        exits_seen=pl.when(pl.col("exits_seen").is_not_null()).then(pl.lit(4, pl.Int64))
    )
    scenario = small_scenario(tmp_path / "scenarios", changes={"municipalities": table})
    book = openpyxl.load_workbook(written(scenario, tmp_path), data_only=True)
    kitezh = row_of(book["Municipalities"], 2, "Китеж")
    assert kitezh[3:5] == [100, 60_000]
    assert kitezh[9:15] == ["suppressed", "–", "–", "Too few have left to tell", "–", "–"]


def test_levels_are_said_in_words_with_their_unit(scenario: Scenario, tmp_path: Path) -> None:
    levels = openpyxl.load_workbook(written(scenario, tmp_path))["Levels"]
    assert row_of(levels, 3, "everywhere", "Higher salaries")[3:] == ["salary + 10%", 10, "percent"]
    assert row_of(levels, 1, "everywhere", "Allowance for training that showed effect")[3:] == [
        "not taken", None, "rubles",
    ]  # fmt: skip


def test_differences_from_the_chosen_package_are_formulas(
    scenario: Scenario, tmp_path: Path
) -> None:
    path = written(scenario, tmp_path)
    sheet = openpyxl.load_workbook(path)["Other ways"]
    flat = row_of(sheet, "The same measure for all")
    assert flat[3:5] == ["=C7-C10", 2]
    assert flat[8] == "=F7-F10"
    counted = openpyxl.load_workbook(path, data_only=True)["Other ways"]
    assert row_of(counted, "The same measure for all")[2:] == [
        23_000_000.50, 2_000_000, 2, 4.0, 0.8, 6.5, 1.5, 0.2, 2.5, "yes",
    ]  # fmt: skip
    assert row_of(counted, "Most for a ruble first")[-1] == "it is the same package"
    assert row_of(counted, "Chosen package")[8:] == [None] * 4
    assert "that it avoids more exits than 1 other way" in str(sheet["A3"].value)


def test_a_way_of_few_people_has_no_figure(tmp_path: Path) -> None:
    table = small_tables()["rivals"].with_columns(
        people=pl.when(pl.col("rule") == "alphabetical").then(4).otherwise("people")
    )
    scenario = small_scenario(tmp_path / "scenarios", changes={"rivals": table})
    sheet = openpyxl.load_workbook(written(scenario, tmp_path))["Other ways"]
    row = row_of(sheet, "Municipalities by the alphabet")
    assert row[2:] == ["suppressed"] * 10


def test_groups_of_few_people_are_in_no_sheet_nor_what_would_tell_of_them(
    scenario: Scenario, tmp_path: Path
) -> None:
    """Three people of the highest group; with the leading group hidden too they do not follow from
    the 140 of all."""
    groups = openpyxl.load_workbook(written(scenario, tmp_path))["Who receives"]
    assert row_of(groups, "Group of positions", "highest positions")[2:] == ["suppressed"] * 5
    assert row_of(groups, "Group of positions", "leading positions")[2:] == ["suppressed"] * 5
    assert row_of(groups, "Group of positions", "senior positions")[2:4] == [77, 77]


def test_a_town_of_few_people_is_told_with_another_and_the_sums_stay(tmp_path: Path) -> None:
    tables = small_tables()
    small = pl.col("municipality") == BUYAN
    changes = {
        "municipalities": tables["municipalities"].with_columns(
            people=pl.when(small).then(3).otherwise("people")
        ),
        "distribution": tables["distribution"].with_columns(
            pl.when(pl.col("value") == BUYAN).then(3).otherwise(name).alias(name)
            for name in ("people", "receive")
        ),
    }
    scenario = small_scenario(tmp_path / "scenarios", changes=changes)
    book = openpyxl.load_workbook(written(scenario, tmp_path), data_only=True)
    towns = book["Municipalities"]
    (together,) = [row for row in rows(towns) if row[1] == "Municipalities of few people, together"]
    assert together[3:7] == ["suppressed"] * 4
    assert together[-1] == 25_000_000.50
    assert row_of(book["Summary"], "Total")[5] == 25_000_000.50
    assert not {"Буян", "Китеж"} & {str(row[1]) for row in rows(book["Costs"])}
    assert row_of(book["Limits of pay"], "Буян", 2027)[5:7] == ["suppressed", "suppressed"]
    assert not {"Буян", "Китеж"} & {str(row[0]) for row in rows(book["Fund of pay"])}


def test_people_and_their_departments_are_in_no_sheet(scenario: Scenario, tmp_path: Path) -> None:
    found = shown(openpyxl.load_workbook(written(scenario, tmp_path)))
    assert not found & {PERSON, "Отдел писем", KITEZH}


def test_the_same_scenario_gives_the_same_bytes(scenario: Scenario, tmp_path: Path) -> None:
    one, two = (
        write_scenario_workbook(scenario, tmp_path / name).read_bytes() for name in ("a", "b")
    )
    assert one == two
