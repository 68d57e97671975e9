"""The rows in force: newer batches supersede older ones by key."""

from __future__ import annotations

import ibis
import pytest

from otdacha.records import TABLES, add, columns_of, current, frame, withdraw
from tests.unit.records.conftest import CASES, TOWN


def case(number, closed):
    return f"{TOWN};{number};Архив;Справка;09.01.2024;{closed}"


def closed_days(workspace):
    rows = frame(workspace, "cases").sort("case")
    return {case: closed and closed.day for case, closed in rows.select("case", "closed").rows()}


def test_a_newer_batch_supersedes_rows_by_key(workspace, write):
    add(workspace, "cases", write(CASES, case(1, "11.01.2024"), case(2, "12.01.2024")))
    newer = add(workspace, "cases", write(CASES, case(2, "22.01.2024"), case(3, "23.01.2024")))
    assert newer.superseding == 1
    assert closed_days(workspace) == {"1": 11, "2": 22, "3": 23}


def test_a_withdrawn_correction_brings_the_old_row_back(workspace, write):
    add(workspace, "cases", write(CASES, case(1, "11.01.2024")))
    newer = add(workspace, "cases", write(CASES, case(1, "21.01.2024")))
    newest = add(workspace, "cases", write(CASES, case(1, "30.01.2024")))
    assert closed_days(workspace) == {"1": 30}
    withdraw(workspace, newest.id)
    assert closed_days(workspace) == {"1": 21}
    withdraw(workspace, newer.id)
    assert closed_days(workspace) == {"1": 11}


def test_a_correction_that_comes_again_after_a_withdrawal_is_the_newest(workspace, write):
    old = write(CASES, case(1, "11.01.2024"), name="old.csv")
    first = add(workspace, "cases", old)
    add(workspace, "cases", write(CASES, case(1, "21.01.2024")))
    withdraw(workspace, first.id)
    assert add(workspace, "cases", old).superseding == 1
    assert closed_days(workspace) == {"1": 11}


def test_keys_with_empty_parts_supersede_too(workspace, write):
    header = "ОКТМО;Город;Регион"
    add(workspace, "municipalities", write(header, f"{TOWN};Тверь;Тверская обл."))
    newer = add(workspace, "municipalities", write(header, f"{TOWN};Тверь;Тверская область"))
    assert newer.superseding == 1
    assert frame(workspace, "municipalities")["region"].to_list() == ["Тверская область"]


def test_there_is_no_window_until_a_batch_supersedes(workspace, write):
    add(workspace, "cases", write(CASES, case(1, "11.01.2024")))
    add(workspace, "cases", write(CASES, case(2, "11.01.2024")))
    connection = ibis.duckdb.connect()
    assert "OVER" not in ibis.to_sql(current(workspace, "cases", connection)).upper()
    add(workspace, "cases", write(CASES, case(2, "12.01.2024")))
    assert "OVER" in ibis.to_sql(current(workspace, "cases", connection)).upper()


@pytest.mark.parametrize("table", TABLES)
def test_an_empty_table_has_its_columns(workspace, table):
    connection = ibis.duckdb.connect()
    assert current(workspace, table, connection).columns == tuple(columns_of(table).names())
    rows = frame(workspace, table)
    assert rows.is_empty()
    assert rows.schema == columns_of(table)


def test_rows_in_force_come_with_the_types_of_the_contract(workspace, cases):
    add(workspace, "cases", cases)
    connection = ibis.duckdb.connect()
    types = {
        name: str(kind) for name, kind in current(workspace, "cases", connection).schema().items()
    }
    assert types["opened"] == "date"
    assert types["rating"] == "int64"
    assert types["refused"] == "boolean"
    assert types["case"] == "string"
