"""Open data of a plan: what contracts say exactly, the rest as may be told, in every format."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import openpyxl
import pytest
from tests.invented_plan import invented_plan

from otdacha.documents.plan import export_plan
from otdacha.documents.plan.columns import COLUMNS
from otdacha.documents.plan.public import described_tables
from otdacha.errors import ProgrammeProblem
from otdacha.methodology import Disclosure
from otdacha.programme.disclosure import public

MINIMUM = 5
RULE = Disclosure(people=10, municipalities=1, round_to=1)


def test_what_contracts_say_is_told_exactly() -> None:
    """Three people of Дубрава are sent, which a contract says with its price."""
    lines = described_tables(public(invented_plan(), MINIMUM))["lines"]
    (row,) = lines.filter(municipality="28703000").iter_rows(named=True)
    assert (row["seats"], row["fee"], row["cost"]) == (3, 7_000.10, 21_000.30)


def test_what_no_contract_says_is_hidden_where_it_is_of_a_few() -> None:
    """Where 10 are the fewest, the 7 of Буян and the 9 of Дубрава who are left without are few."""
    towns = described_tables(public(invented_plan(), 10))["municipalities"]
    assert towns["needed_state"].to_list() == ["published", "suppressed", "suppressed"]
    assert towns["needed"].to_list() == [60, None, None]
    assert towns["planned"].to_list() == [40, 23, 3]
    assert "mandatory" not in towns.columns


def test_needs_are_those_who_are_sent_and_those_who_are_left() -> None:
    needs = described_tables(public(invented_plan(), MINIMUM))["needs"]
    (complaints,) = needs.filter(municipality="28701000").iter_rows(named=True)
    assert complaints == {
        "municipality": "28701000",
        "topic": "обращения",
        "planned": 40,
        "state": "published",
        "needed": 60,
        "unmet": 20,
    }


def test_every_format_holds_every_public_table_and_nobody_private(tmp_path: Path) -> None:
    plan = invented_plan()
    names = set(COLUMNS)
    assert names == set(public(plan, MINIMUM).tables)
    assert names.isdisjoint({"people", "seats"})
    for format in ("csv", "parquet"):
        files = export_plan(plan, tmp_path / format, format, disclosure=RULE)
        written = {file.name.removeprefix("otdacha-plan-2026.1-") for file in files}
        assert written == {f"{name}.{format}" for name in names} | {"data_dictionary.csv"}
    (file,) = export_plan(plan, tmp_path, "json", disclosure=RULE)
    content = json.loads(file.read_text("utf-8"))
    assert set(content) - {"about"} == names
    assert content["about"]["people_at_least"] == RULE.people
    (book,) = export_plan(plan, tmp_path, "xlsx", language="en", disclosure=RULE)
    sheets = openpyxl.load_workbook(book)
    assert len(sheets.sheetnames) == 1 + len(names)
    assert "suppressed" in {cell.value for row in sheets["Unmet needs"].iter_rows() for cell in row}
    for each in tmp_path.rglob("*"):
        assert not each.is_file() or b"p-1," not in each.read_bytes()


def test_the_dictionary_names_every_column_that_is_written(tmp_path: Path) -> None:
    files = export_plan(invented_plan(), tmp_path, "csv", disclosure=RULE)
    said = list(csv.DictReader(io.StringIO(files[-1].read_text("utf-8"))))
    described = {(row["table"], row["column"]) for row in said}
    assert all(row["meaning_ru"] and row["meaning_en"] for row in said)
    for file in files[:-1]:
        table = file.stem.removeprefix("otdacha-plan-2026.1-")
        head = file.read_text("utf-8").splitlines()[0].split(",")
        assert {(table, column) for column in head} <= described
    (hours,) = [row for row in said if (row["table"], row["column"]) == ("lines", "hours")]
    assert (hours["type"], hours["unit_en"]) == ("number", "hours")


def test_an_unknown_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ProgrammeProblem, match="csv, xlsx"):
        export_plan(invented_plan(), tmp_path, "pdf")  # type: ignore[arg-type]
