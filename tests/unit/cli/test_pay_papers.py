"""The verbs that make papers of a scenario: letter, workbook, export, and their templates."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import openpyxl
import pytest
from docx import Document

from otdacha.cli.run import run
from otdacha.documents.pay import Fields, load_fields
from otdacha.records import create_workspace
from tests.invented_scenario import small_scenario

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def union(tmp_path: Path) -> Path:
    """A workspace with a scenario."""
    workspace = create_workspace(tmp_path / "union").path
    small_scenario(workspace / "scenarios")
    return workspace


def test_the_letter_says_what_is_left_to_fill_in_and_takes_it_from_the_workspace(
    union: Path, tmp_path: Path, capsys: Captured
) -> None:
    path, word = str(union / "scenarios" / "2027.1"), tmp_path / "letter.docx"
    assert run(["letter", path, "--out", str(word), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["release"] is None
    assert set(answer["to_fill_in"]) == {"organisation", "number", "date", "addressee", "post",
                                         "signed_by", "executor"}  # fmt: skip
    fields = union / "letter.toml"
    assert run(["template", "letter", str(fields)]) == 0
    filled = fields.read_text("utf-8").replace('# post = ""', 'post = "Президент"')
    fields.write_text(filled, "utf-8")
    capsys.readouterr()
    second = tmp_path / "second.docx"
    assert run(["letter", path, "--out", str(second), "--lang", "en"]) == 0
    printed = capsys.readouterr().out
    assert "signed_by" in printed
    assert "post:" not in printed
    assert "Release 2026.1 is not in the workspace" in " ".join(printed.split())
    said = [cell.text for table in Document(str(second)).tables for cell in table._cells]
    assert "Президент" in said


def test_the_fields_to_fill_in_are_those_that_a_letter_has(tmp_path: Path) -> None:
    file = tmp_path / "letter.toml"
    assert run(["template", "letter", str(file)]) == 0
    assert load_fields(file) == Fields()  # everything is behind a #
    written = [line.removeprefix("# ") for line in file.read_text("utf-8").splitlines()]
    entries = [line for line in written if " = " in line]
    assert set(tomllib.loads("\n".join(entries))) == set(Fields.model_fields)
    assert run(["template", "letter", str(file)]) == 3  # it may be filled in


def test_the_form_of_a_letter_can_be_changed_and_given_back(union: Path, tmp_path: Path) -> None:
    form, word = tmp_path / "form.docx", tmp_path / "letter.docx"
    assert run(["template", "letter", str(form)]) == 0
    own = Document(str(form))
    own.add_paragraph("Годы: {{ years }}")
    own.save(str(form))
    path = str(union / "scenarios" / "2027.1")
    assert run(["letter", path, "--template", str(form), "--out", str(word)]) == 0
    assert Document(str(word)).paragraphs[-1].text == "Годы: 2027–2028"


def test_a_scenario_is_a_workbook_and_open_data(
    union: Path, tmp_path: Path, capsys: Captured
) -> None:
    path, book = str(union / "scenarios" / "2027.1"), tmp_path / "pay.xlsx"
    assert run(["workbook", path, "--out", str(book)]) == 0
    assert len(openpyxl.load_workbook(book).sheetnames) == 11
    opened = tmp_path / "open"
    assert run(["export", path, "--format", "csv", "--out", str(opened)]) == 0
    files = {file.stem.removeprefix("otdacha-pay-2027.1-") for file in opened.iterdir()}
    assert {"municipalities", "costs", "data_dictionary"} <= files
    assert "people" not in files


def test_a_minimum_of_the_workspace_is_kept(union: Path, tmp_path: Path) -> None:
    """With a minimum of 50 the 39 men, and with them the women, are hidden."""
    methodology = union / "methodology.toml"
    from otdacha.records import open_workspace

    before = open_workspace(union).methodology().disclosure.people
    content = methodology.read_text("utf-8") if methodology.is_file() else ""
    assert before == 5
    assert f"people = {before}" in content
    methodology.write_text(content.replace(f"people = {before}", "people = 50"), "utf-8")
    path = str(union / "scenarios" / "2027.1")
    assert run(["export", path, "--format", "csv", "--out", str(tmp_path)]) == 0
    told = (tmp_path / "otdacha-pay-2027.1-distribution.csv").read_text("utf-8")
    assert "sex,female,suppressed" in told


def test_a_folder_that_is_no_scenario_is_refused(tmp_path: Path, capsys: Captured) -> None:
    assert run(["letter", str(tmp_path), "--lang", "en"]) == 11
    assert "it is not a scenario of pay" in capsys.readouterr().err
