"""Rejected rows go out as a workbook, come back corrected, and only the corrected are taken."""

from __future__ import annotations

import datetime as dt

import openpyxl
import polars as pl
import pytest

from otdacha.errors import FileProblem, WorkspaceProblem
from otdacha.records import (
    Profile,
    add,
    batches,
    corrected_since,
    frame,
    rejected_rows,
    withdraw,
    write_corrections,
)
from tests.unit.records.conftest import CASES, SNILS, TOWN

NAME = "Нововымышленская Аполлинария Гермогеновна"


@pytest.fixture
def journal(write):
    """Rows 3, 4 and 6 are rejected: an impossible day, a case that ends before it begins, and the
    number of row 2 again."""
    return write(
        CASES,
        f"{TOWN};1;Архив;Справка;09.01.2024;19.01.2024",
        f"{TOWN};2;Архив;Справка;31.02.2024;",
        f"{TOWN};3;Архив;Справка;10.01.2024;09.01.2024",
        f"{TOWN};4;Архив;Справка;11.01.2024;",
        f"{TOWN};1;Архив;Выписка;12.01.2024;",
        name="journal.csv",
    )


@pytest.fixture
def outside(tmp_path):
    (tmp_path / "desk").mkdir()
    return tmp_path / "desk" / "correct.xlsx"


def corrected(path, changes, *, drop=()):
    """Change cells as a person does: (source row, header) → what is typed; drop whole rows."""
    book = openpyxl.load_workbook(path)
    page = book.worksheets[0]
    headers = [cell.value for cell in page[1]]
    for line in range(page.max_row, 1, -1):
        number = page.cell(line, 1).value
        if number in drop:
            page.delete_rows(line)
            continue
        for (row, header), value in changes.items():
            if row == number:
                page.cell(line, headers.index(header) + 1).value = value
    book.save(path)
    return path


def test_the_workbook_holds_the_rejected_rows_as_they_were(workspace, journal, outside):
    batch = add(workspace, "cases", journal)
    written = write_corrections(workspace, batch.id, journal, outside, language="ru")
    assert (written.rows, written.corrected, written.too_long) == (3, 0, ())
    page = openpyxl.load_workbook(outside).worksheets[0]
    rows = list(page.iter_rows(values_only=True))
    assert rows[0] == ("Строка исходного файла", "Что не так", *CASES.split(";"))
    assert [row[0] for row in rows[1:]] == [3, 4, 6]
    assert rows[1][2:] == (TOWN, "2", "Архив", "Справка", "31.02.2024", None)
    assert rows[1][1] == "Дата регистрации: Такого дня нет в календаре."
    assert rows[2][1].startswith("Факт (РК): ")
    assert rows[3][1].startswith("№ дела: ")


def test_the_faulty_cells_are_marked(workspace, journal, outside):
    batch = add(workspace, "cases", journal)
    write_corrections(workspace, batch.id, journal, outside)
    page = openpyxl.load_workbook(outside).worksheets[0]
    marked = [
        (cell.row, page.cell(1, cell.column).value)
        for line in page.iter_rows(min_row=2, min_col=3)
        for cell in line
        if cell.fill.start_color.rgb == "FFFFE1A8"
    ]
    assert marked == [(2, "Дата регистрации"), (3, "Факт (РК)"), (4, "№ дела")]


def test_only_corrected_rows_are_taken_and_the_history_stays(workspace, journal, outside):
    first = add(workspace, "cases", journal)
    write_corrections(workspace, first.id, journal, outside)
    corrected(outside, {(3, "Дата регистрации"): dt.datetime(2024, 2, 29)})
    second = add(workspace, "cases", outside)
    assert (second.corrects, second.corrected_rows) == (first.id, (3,))
    assert (second.accepted, second.rejected) == (1, 2)
    assert second.reasons == {"not_corrected": 2, "closed_before_opened": 1}
    taken = frame(workspace, "cases").filter(case="2").row(0, named=True)
    assert taken["opened"] == dt.date(2024, 2, 29)
    # the repeated number, left as it was, took nobody's place
    assert frame(workspace, "cases").filter(case="1")["service"].to_list() == ["Справка"]
    assert batches(workspace)[0] == first
    assert rejected_rows(workspace, first.id)["row"].unique().to_list() == [3, 4, 6]
    assert corrected_since(workspace, first.id) == (1, (second.id,))


def test_the_same_corrections_again_change_nothing(workspace, journal, outside):
    first = add(workspace, "cases", journal)
    write_corrections(workspace, first.id, journal, outside)
    corrected(outside, {(3, "Дата регистрации"): "29.02.2024"})
    add(workspace, "cases", outside)
    assert add(workspace, "cases", outside).already_there
    assert frame(workspace, "cases").height == 3


def test_what_is_still_wrong_goes_round_again(workspace, journal, outside):
    first = add(workspace, "cases", journal)
    write_corrections(workspace, first.id, journal, outside)
    corrected(
        outside, {(3, "Дата регистрации"): "29.02.2024", (4, "Факт (РК)"): "08.01.2024"}, drop={6}
    )
    second = add(workspace, "cases", outside)
    assert (second.corrected_rows, second.reasons) == ((3,), {"closed_before_opened": 1})
    again = outside.with_name("again.xlsx")
    assert write_corrections(workspace, second.id, outside, again).rows == 1
    corrected(again, {(4, "Факт (РК)"): "20.01.2024"})
    third = add(workspace, "cases", again)
    assert (third.corrects, third.corrected_rows) == (first.id, (4,))
    assert sorted(frame(workspace, "cases")["case"]) == ["1", "2", "3", "4"]
    left = write_corrections(workspace, first.id, journal, outside)
    assert (left.rows, left.corrected) == (1, 2)


def test_a_row_is_taken_once(workspace, journal, outside):
    first = add(workspace, "cases", journal)
    other = outside.with_name("other.xlsx")
    for path, day in ((outside, "28.02.2024"), (other, "29.02.2024")):
        write_corrections(workspace, first.id, journal, path)
        corrected(path, {(3, "Дата регистрации"): day}, drop={4, 6})
    add(workspace, "cases", outside)
    assert add(workspace, "cases", other).reasons == {"corrected_before": 1}
    assert frame(workspace, "cases").filter(case="2")["opened"].to_list() == [dt.date(2024, 2, 28)]


def test_rows_that_nobody_rejected_are_not_taken(workspace, journal, outside):
    first = add(workspace, "cases", journal)
    write_corrections(workspace, first.id, journal, outside)
    book = openpyxl.load_workbook(outside)
    page = book.worksheets[0]
    page.append([5, "", TOWN, "5", "Архив", "Справка", "12.01.2024", None])
    page.append([None, "", TOWN, "6", "Архив", "Справка", "12.01.2024", None])
    page.append([3, "", TOWN, "7", "Архив", "Справка", "12.01.2024", None])
    page.cell(2, 7).value = "29.02.2024"
    book.save(outside)
    batch = add(workspace, "cases", outside)
    assert batch.corrected_rows == (3,)
    why = rejected_rows(workspace, batch.id)
    assert dict(why.filter(pl.col("column").is_null()).select("row", "reason").iter_rows()) == {
        3: "not_corrected",
        4: "not_corrected",
        5: "not_to_correct",
        6: "not_to_correct",
        7: "corrected_twice",
    }


def test_profile_and_constants_travel_with_the_file(workspace, write, outside):
    profile = Profile(
        table="cases",
        columns={"case": "Номер", "unit": "Где", "service": "Что", "opened": "Когда"},
        dates=("%m/%d/%Y",),
    )
    source = write("Номер;Где;Что;Когда;Заявитель", f"1;Архив;Справка;02/30/2024;{NAME}")
    constants = {"municipality": TOWN}
    first = add(workspace, "cases", source, profile=profile, constants=constants)
    with pytest.raises(FileProblem, match="not the file that batch"):
        write_corrections(workspace, first.id, source, outside, profile=profile)
    write_corrections(workspace, first.id, source, outside, profile=profile, constants=constants)
    assert NAME not in str(list(openpyxl.load_workbook(outside).worksheets[0].values))
    corrected(outside, {(2, "Когда"): "02/29/2024"})
    assert add(workspace, "cases", outside).corrected_rows == (2,)
    row = frame(workspace, "cases").row(0, named=True)
    assert (row["municipality"], row["opened"]) == (TOWN, dt.date(2024, 2, 29))
    with pytest.raises(FileProblem, match="Leave the profile and the constants out"):
        add(workspace, "cases", outside, constants={"municipality": "17701000"})


def test_formulas_stay_texts(workspace, write, outside):
    payload = "=cmd|' /C calc'!A0"
    source = write(CASES, f"{TOWN};{payload};Архив;Справка;31.02.2024;")
    batch = add(workspace, "cases", source)
    write_corrections(workspace, batch.id, source, outside)
    cell = openpyxl.load_workbook(outside).worksheets[0]["D2"]
    assert (cell.value, cell.data_type) == (payload, "s")
    corrected(outside, {(2, "Дата регистрации"): "29.02.2024"})


def test_names_do_not_stand_in_the_workspace(workspace, journal):
    batch = add(workspace, "cases", journal)
    for place in (workspace.path / "correct.xlsx", workspace.path / "x" / ".." / "correct.xlsx"):
        with pytest.raises(FileProblem, match="outside"):
            write_corrections(workspace, batch.id, journal, place)
        assert not place.exists()


def test_another_file_is_refused(workspace, journal, cases, outside):
    batch = add(workspace, "cases", journal)
    with pytest.raises(FileProblem, match="not the file that batch"):
        write_corrections(workspace, batch.id, cases, outside)
    with pytest.raises(WorkspaceProblem, match="there is no batch"):
        write_corrections(workspace, "../../etc", journal, outside)
    assert not outside.exists()


def test_corrections_go_to_their_table_and_their_batch_only(workspace, journal, outside):
    batch = add(workspace, "cases", journal)
    write_corrections(workspace, batch.id, journal, outside)
    with pytest.raises(FileProblem, match="of the table cases, not of staff"):
        add(workspace, "staff", outside)
    withdraw(workspace, batch.id)
    with pytest.raises(FileProblem, match="no such batch"):
        add(workspace, "cases", outside)


def test_a_damaged_file_of_corrections_says_so(workspace, journal, outside):
    batch = add(workspace, "cases", journal)
    write_corrections(workspace, batch.id, journal, outside)
    book = openpyxl.load_workbook(outside)
    book.worksheets[-1]["A1"] = "?"
    book.save(outside)
    with pytest.raises(FileProblem, match="hidden sheet was changed"):
        add(workspace, "cases", outside)
    write_corrections(workspace, batch.id, journal, outside)
    book = openpyxl.load_workbook(outside)
    book.worksheets[0]["A1"] = "Номер"
    book.save(outside)
    with pytest.raises(FileProblem, match="nobody knows which rows"):
        add(workspace, "cases", outside)


def test_a_cell_too_long_for_excel_is_named_and_left_in_the_source(workspace, write, outside):
    source = write(
        CASES,
        f"{TOWN};1;Архив;{'о' * 33_000};31.02.2024;",
        f"{TOWN};2;Архив;Справка;31.02.2024;",
    )
    batch = add(workspace, "cases", source)
    written = write_corrections(workspace, batch.id, source, outside)
    assert (written.rows, written.too_long) == (1, (2,))


def test_what_a_person_types_is_their_own(workspace, write, outside):
    """A СНИЛС typed as a number that lost its zeros, and text that Excel keeps as text."""
    source = write(
        "СНИЛС;ИНН;Программа;Начало;Окончание;Часы",
        "112-233-445 96;7707083893;П;05.01.2024;06.02.2024;72",
        f"{SNILS};7707083893;П;05.01.2024;вчера;72",
    )
    batch = add(workspace, "training", source)
    write_corrections(workspace, batch.id, source, outside)
    corrected(outside, {(2, "СНИЛС"): 8765430300, (3, "Окончание"): dt.date(2024, 2, 6)})
    second = add(workspace, "training", outside)
    assert (second.accepted, second.corrected_rows) == (2, (2, 3))
    assert frame(workspace, "training")["hours"].to_list() == [72.0, 72.0]
    assert isinstance(rejected_rows(workspace, second.id), pl.DataFrame)


def test_corrections_saved_as_text_are_refused(workspace, journal, outside, write):
    batch = add(workspace, "cases", journal)
    write_corrections(workspace, batch.id, journal, outside)
    rows = openpyxl.load_workbook(outside).worksheets[0].iter_rows(values_only=True)
    saved = write(*(";".join(str(cell or "") for cell in row) for row in rows), name="saved.csv")
    with pytest.raises(FileProblem, match="Save the workbook itself"):
        add(workspace, "cases", saved)


@pytest.mark.parametrize("erase", [False, True])
def test_corrections_are_withdrawn_with_the_file_that_they_correct(
    workspace, journal, outside, erase
):
    first = add(workspace, "cases", journal)
    write_corrections(workspace, first.id, journal, outside)
    corrected(outside, {(3, "Дата регистрации"): "29.02.2024"})
    second = add(workspace, "cases", outside)
    assert withdraw(workspace, first.id, erase=erase) == (second.id, first.id)
    assert batches(workspace) == []
    stored = list((workspace.records / "cases").glob("*.parquet"))
    assert len(stored) == (0 if erase else 2)


def test_corrections_can_be_withdrawn_and_made_again(workspace, journal, outside):
    first = add(workspace, "cases", journal)
    write_corrections(workspace, first.id, journal, outside)
    corrected(outside, {(3, "Дата регистрации"): "29.02.2024"})
    second = add(workspace, "cases", outside)
    assert withdraw(workspace, second.id) == (second.id,)
    assert corrected_since(workspace, first.id) == (0, ())
    third = add(workspace, "cases", outside)
    assert (third.id, third.corrected_rows) == (f"{second.id}-2", (3,))


def test_single_observations_are_corrected_in_their_source(workspace, write, outside):
    """They are counted together: one that came later would take the place of the whole month."""
    source = write(
        "ОКТМО;Отдел;Услуга;Дата;Показатель;Наблюдение",
        f"{TOWN};Архив;Справка;05.01.2024;rating;4",
        f"{TOWN};Архив;Справка;вчера;rating;5",
    )
    profile = Profile(
        table="results", columns={"date": "Дата", "value": "Наблюдение"}, aliases=True
    )
    batch = add(workspace, "results", source, profile=profile)
    assert (batch.accepted, batch.rejected) == (1, 1)
    with pytest.raises(FileProblem, match="each row is one observation"):
        write_corrections(workspace, batch.id, source, outside, profile=profile)
