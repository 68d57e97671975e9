"""One ИНН with several names, mergers, and workspaces older than the columns that tell of them."""

from __future__ import annotations

import json
from itertools import pairwise

import polars as pl
import pytest

from otdacha.cli.run import run
from otdacha.records import (
    TABLES,
    add,
    batch_card,
    check,
    frame,
    rejected_rows,
    stored_rows,
    successions,
    withdraw,
)
from otdacha.records.names import several_names
from tests.unit.records.conftest import INN, OTHER_INN, SNILS, TOWN

THIRD_INN = "7728168971"
OTHER_TOWN = "17701000"
PROVIDERS = "ИНН;Наименование;Правопреемник;Дата реорганизации"
TOWNS = "ОКТМО;Город;Регион;Действует с;Правопреемник"
UNITS = "ОКТМО;Подразделение;Преемник"
TRAINING = "СНИЛС;ИНН;Программа;Начало;Окончание;Часы"


def findings(workspace):
    return {(one.table, one.code): one for one in check(workspace)}


def providers(workspace, write, *rows, name="file.csv"):
    return add(workspace, "providers", write(PROVIDERS, *rows, name=name))


# --- one ИНН, several names ----------------------------------------------------------------------


def test_a_second_name_in_the_same_file_is_rejected_with_the_name(workspace, write):
    batch = providers(workspace, write, f"{INN};Академия;;", f"{INN};Университет;;")
    assert (batch.accepted, batch.rejected) == (1, 1)
    assert batch.reasons == {"another_name": 1, "repeated_key": 1}
    why = rejected_rows(workspace, batch.id).filter(reason="another_name")
    assert why.select("row", "column", "value").rows() == [(3, "name", "Университет")]
    found = findings(workspace)["providers", "several_names"]
    assert (found.rows, found.serious) == (1, False)
    assert found.details == (f"{INN}: Академия ({batch.id}); Университет ({batch.id})",)
    assert frame(workspace, "providers")["name"].to_list() == ["Академия"]


def test_the_newest_name_is_shown_and_the_older_ones_are_listed_with_their_batches(
    workspace, write
):
    names = ("Институт", "Академия", "Университет")
    batches = [providers(workspace, write, f"{INN};{name};;", name=f"{name}.csv") for name in names]
    assert [batch.superseding for batch in batches] == [0, 1, 1]
    assert frame(workspace, "providers")["name"].to_list() == ["Университет"]
    found = findings(workspace)["providers", "several_names"]
    assert found.rows == 2
    listed = "; ".join(f"{name} ({batch.id})" for name, batch in zip(names, batches, strict=True))
    assert found.details == (f"{INN}: {listed}",)
    for batch in batches[1:]:
        withdraw(workspace, batch.id)
    assert ("providers", "several_names") not in findings(workspace)


def test_two_spellings_of_one_name_are_one_name(workspace, write):
    batch = providers(
        workspace, write, f"{INN};АНО «Учёба»;;", f"{INN};АНО УЧЕБА;;", f"{OTHER_INN};Ученье;;"
    )
    assert batch.reasons == {"repeated_key": 1}
    providers(workspace, write, f"{INN};ано учёба;;", name="later.csv")
    assert several_names(workspace).is_empty()


def test_the_name_of_a_person_in_a_rejected_row_is_masked(workspace, write):
    batch = providers(
        workspace, write, f"{OTHER_INN};Школа;;", f"{OTHER_INN};ИП Выдумкин Иван Ильич;;"
    )
    why = rejected_rows(workspace, batch.id).filter(reason="another_name")
    assert "Выдумкин" not in why["value"].item()
    assert batch.rejected == 1


def test_one_organisation_is_one_provider_whatever_files_call_it(workspace, write):
    providers(workspace, write, f"{INN};Академия;;")
    providers(workspace, write, f"{INN};Филиал в Твери;;", name="later.csv")
    rows = [f"{SNILS};{INN};Программа {k};05.0{k}.2024;06.0{k}.2024;72" for k in (1, 2)]
    add(
        workspace,
        "training",
        write(
            "Организация;" + TRAINING,
            *(f"Имя {k};{row}" for k, row in enumerate(rows)),
            name="t.csv",
        ),
    )
    assert frame(workspace, "training")["provider"].unique().to_list() == [INN]


# --- mergers at the door -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "row", "column", "reason"),
    [
        ("providers", f"{INN};Академия;{INN};", "successor", "own_successor"),
        ("providers", f"{INN};Академия;7707083894;", "successor", "bad_inn"),
        ("providers", f"{INN};Академия;{OTHER_INN};31.02.2024", "merged_on", "impossible_date"),
        ("municipalities", f"{TOWN};Тверь;Обл.;;{TOWN}", "successor", "own_successor"),
        ("municipalities", f"{TOWN};Тверь;Обл.;;28", "successor", "bad_municipality"),
        ("units", f"{TOWN};Архив;Архив", "successor", "own_successor"),
        ("units", f"{TOWN};Архив;Иванова Анна Петровна", "successor", "personal_data"),
    ],
)
def test_a_successor_that_cannot_be_is_rejected_with_a_reason(
    workspace, write, table, row, column, reason
):
    header = {"providers": PROVIDERS, "municipalities": TOWNS, "units": UNITS}[table]
    batch = add(workspace, table, write(header, row))
    assert (batch.accepted, batch.reasons) == (0, {reason: 1})
    assert rejected_rows(workspace, batch.id).select("column", "reason").row(0) == (column, reason)


def test_mergers_are_told_in_a_plain_sentence(workspace, write):
    providers(workspace, write, f"{INN};Старая;{THIRD_INN};01.02.2024", f"{THIRD_INN};Новая;;")
    add(
        workspace,
        "municipalities",
        write(
            TOWNS, f"{TOWN};Тверь;Обл.;;{OTHER_TOWN}", f"{OTHER_TOWN};Округ;Обл.;;", name="m.csv"
        ),
    )
    courses = [
        f"{SNILS};{INN};А;31.01.2024;05.02.2024;72",
        f"{SNILS};{INN};Б;01.02.2024;05.02.2024;72",
    ]
    add(workspace, "training", write(TRAINING, *courses, name="t.csv"))
    found = findings(workspace)
    merged = found["providers", "merged_provider"]
    assert (merged.rows, merged.details) == (1, (f"{INN} → {THIRD_INN}",))
    assert "counts for its successor" in merged.message.said("en")
    assert found["municipalities", "merged_municipality"].details == (f"{TOWN} → {OTHER_TOWN}",)
    late = found["training", "training_after_merger"]
    assert (late.rows, late.details, late.serious) == (1, (INN,), False)


def test_a_successor_that_is_on_no_register_is_found_and_not_followed(workspace, write):
    providers(workspace, write, f"{INN};Старая;{THIRD_INN};")
    found = findings(workspace)["providers", "unknown_successor"]
    assert (found.rows, found.details, found.serious) == (1, (f"{INN} → {THIRD_INN}",), False)
    assert successions(frame(workspace, "providers"), "provider").into == {}


def test_successors_in_a_circle_are_serious_and_not_followed(workspace, write):
    providers(workspace, write, f"{INN};А;{THIRD_INN};", f"{THIRD_INN};Б;{INN};")
    found = findings(workspace)["providers", "successor_circle"]
    assert (found.rows, found.serious) == (2, True)
    assert set(found.details) == {INN, THIRD_INN}


def test_departments_that_are_reorganised_are_told_with_their_town(workspace, write):
    add(
        workspace,
        "units",
        write(
            UNITS,
            f"{TOWN};Архив;Отдел",
            f"{TOWN};Отдел;",
            f"{TOWN};Учёт;Нет такого",
            f"{TOWN};А;Б",
            f"{TOWN};Б;А",
            f"{OTHER_TOWN};Архив;Отдел",
        ),
    )
    found = findings(workspace)
    merged = found["units", "merged_unit"]
    assert (merged.details, merged.serious) == ((f"{TOWN}/Архив → {TOWN}/Отдел",), False)
    assert found["units", "unknown_successor"].details == (
        f"{OTHER_TOWN}/Архив → {OTHER_TOWN}/Отдел",
        f"{TOWN}/Учёт → {TOWN}/Нет такого",
    )
    circle = found["units", "successor_circle"]
    assert (circle.serious, circle.details) == (True, (f"{TOWN}/А", f"{TOWN}/Б"))


@pytest.mark.parametrize(
    ("direct", "into", "unknown", "circles"),
    [
        ({"a": None, "b": None}, {}, {}, ()),
        ({"a": "b", "b": "c", "c": None}, {"a": "c", "b": "c"}, {}, ()),
        ({"a": "b", "b": "x"}, {"a": "b"}, {"b": "x"}, ()),
        ({"a": "b", "b": "c", "c": "b", "d": None}, {}, {}, ("a", "b", "c")),
        ({"a": "a", "b": "a"}, {}, {}, ("a", "b")),
        ({"a": "c", "b": "c", "c": None}, {"a": "c", "b": "c"}, {}, ()),
    ],
)
def test_chains_are_followed_to_their_end(direct, into, unknown, circles):
    register = pl.DataFrame(
        {"provider": list(direct), "successor": list(direct.values())},
        schema={"provider": pl.String, "successor": pl.String},
    )
    for rows in (register, register.reverse()):
        found = successions(rows, "provider")
        assert (dict(found.into), dict(found.unknown), found.circles) == (into, unknown, circles)


def test_the_newest_row_of_a_municipality_says_who_its_successor_is():
    rows = pl.DataFrame(
        {
            "municipality": ["a", "a", "b"],
            "valid_from": [None, "2024-01-01", None],
            "successor": [None, "b", None],
        }
    )
    assert dict(successions(rows, "municipality").into) == {"a": "b"}
    revoked = rows.with_columns(successor=pl.Series(["b", None, None]))
    assert dict(successions(revoked, "municipality").into) == {}


def test_check_shows_the_details_to_people_and_to_machines(workspace, write, capsys):
    names = [f"Имя {k}" for k in range(8)]
    for name in names:
        providers(workspace, write, f"{INN};{name};;", name=f"{name}.csv")
    run(["check", str(workspace.path), "--lang", "en", "--json"])
    document = json.loads(capsys.readouterr().out)
    (found,) = [one for one in document["findings"] if one["code"] == "several_names"]
    assert all(name in found["details"][0] for name in names)
    run(["check", str(workspace.path), "--lang", "en"])
    assert "several names" in capsys.readouterr().out.replace("\n", " ")


# --- batches that are older than a column --------------------------------------------------------


def made_before(workspace, batch, *columns):
    """As if the batch had been written by a program that did not know these columns."""
    file = stored_rows(workspace, batch.table, batch.id)
    pl.read_parquet(file).drop(columns).write_parquet(file)
    card = batch_card(workspace, batch.id)
    content = json.loads(card.read_text("utf-8"))
    del content["rows_hash"]  # nor was the hash of the rows kept then
    card.write_text(json.dumps(content), "utf-8")


@pytest.mark.parametrize("older", [(0,), (1,), (0, 1)])
def test_a_batch_that_is_older_than_a_column_is_read_with_the_column_empty(workspace, write, older):
    first = providers(workspace, write, f"{INN};Старая;{THIRD_INN};01.02.2024")
    second = providers(workspace, write, f"{THIRD_INN};Новая;;", name="b.csv")
    for place in older:
        made_before(workspace, (first, second)[place], "successor", "merged_on")
    rows = frame(workspace, "providers")
    assert rows.schema == TABLES["providers"].columns
    assert rows["name"].to_list() == ["Старая", "Новая"]
    assert rows["successor"].to_list() == [None if 0 in older else THIRD_INN, None]
    third = providers(workspace, write, f"{INN};Старая;{THIRD_INN};02.02.2024", name="c.csv")
    assert third.superseding == 1
    assert frame(workspace, "providers")["successor"].to_list() == [None, THIRD_INN]


def test_an_older_batch_of_towns_makes_no_finding(workspace, write):
    batch = add(workspace, "municipalities", write("ОКТМО;Город;Регион", f"{TOWN};Тверь;Обл."))
    made_before(workspace, batch, "successor")
    assert {one.code for one in check(workspace)} == {"no_rows"}
    orders = [one.table for one in check(workspace)]
    order = {name: place for place, name in enumerate(TABLES)}
    assert all(order[a] <= order[b] for a, b in pairwise(orders))
