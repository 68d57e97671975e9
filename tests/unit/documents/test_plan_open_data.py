"""The described open data and what a real plan tells are the same tables and columns."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import openpyxl
import pytest
from tests.invented_plan import invented_plan, with_table
from tests.unit.programme.planned_union import make_union

from otdacha.documents.plan import export_plan
from otdacha.documents.plan.charts import frontier_of, rivals_of
from otdacha.documents.plan.columns import COLUMNS
from otdacha.documents.plan.export import TITLES
from otdacha.programme.disclosure import EXACT, PROTECTED, public
from otdacha.programme.plan import Plan, make_plan
from otdacha.records import open_workspace

ROOT = Path(__file__).resolve().parents[3]
PRIVATE = {"people", "seats", "robustness", "rival_seats"}
"""Tables of a plan of which nothing is told; `unmet` is told by town and topic only."""


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    union = make_union(tmp_path_factory.mktemp("open"))
    return make_plan(open_workspace(union), today=dt.date(2026, 1, 1), explained=True)


def test_every_public_table_is_described_and_none_that_is_not_there(plan: Plan) -> None:
    told = public(plan, 5).tables
    assert set(told) == set(EXACT) | set(PROTECTED) == set(COLUMNS) == set(TITLES)
    assert set(plan.tables) - set(told) == PRIVATE


@pytest.mark.parametrize("table", [*EXACT, *PROTECTED])
def test_every_public_column_is_described_and_none_that_is_not_there(
    plan: Plan, table: str
) -> None:
    described = [column.name for column in COLUMNS[table]]
    assert sorted(described) == sorted(public(plan, 5).tables[table].columns)


@pytest.mark.parametrize("page", ["open-data.md", "plan-documents.md"])
def test_every_public_table_is_named_where_open_data_are_documented(page: str) -> None:
    said = (ROOT / "docs" / page).read_text("utf-8")
    assert set(COLUMNS) - set(re.findall(r"`(\w+)`", said)) == set()


def test_codes_of_a_workbook_are_words(plan: Plan, tmp_path: Path) -> None:
    assert {"infeasible", "planned"} <= set(plan.tables["frontier"]["state"])
    assert set(plan.tables["shadow"]["why"]) == {"not_short", "left_over"}
    (file,) = export_plan(plan, tmp_path, "xlsx", language="en")
    book = openpyxl.load_workbook(file)
    cells = {
        name: {cell.value for row in book[name].iter_rows() for cell in row}
        for name in ("Lines", "More or less money", "The next rubles")
    }
    assert "Brings most for its money" in cells["Lines"]
    assert "Impossible: what must be done costs more" in cells["More or less money"]
    assert "What this source pays can be paid by others as well" in cells["The next rubles"]


def test_reasons_of_a_line_and_of_an_offer_are_sentences_in_a_workbook(tmp_path: Path) -> None:
    (file,) = export_plan(invented_plan(), tmp_path, "xlsx", language="en")
    book = openpyxl.load_workbook(file)
    found = {
        name: {cell.value for row in book[name].iter_rows() for cell in row}
        for name in ("Lines", "Offers")
    }
    several = "The only run that can take them. Brings more than any other run that could take them"
    assert several in found["Lines"]
    assert "Other runs bring more for the same money" in found["Offers"]


def test_a_plan_without_evidence_has_charts_without_bands(plan: Plan) -> None:
    chart = frontier_of(plan, "en")
    assert chart is not None
    assert [row[1] for row in chart.table.rows][:2] == ["no plan keeps the rules", "+12.0"]
    assert rivals_of(plan, "en") is not None


def test_a_frontier_says_of_a_plan_that_it_was_not_found_in_time() -> None:
    plan = invented_plan()
    table = plan.tables["frontier"]
    late = table.with_columns(state=table["state"].replace("infeasible", "no_plan_in_time"))
    chart = frontier_of(with_table(plan, "frontier", late), "en")
    assert chart is not None
    assert chart.table.rows[0][1] == "not found in time"
