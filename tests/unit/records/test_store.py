"""Append-only: the same file is nothing new, a crash anywhere leaves the last whole state."""

from __future__ import annotations

import os

import pytest

from otdacha.errors import WorkspaceProblem
from otdacha.records import add, batches, check, frame, open_workspace, rejected_rows, withdraw
from tests.unit.records.conftest import CASES, TOWN

CASE = f"{TOWN};1;Архив;Справка;09.01.2024;19.01.2024"


def files(workspace):
    return {path for path in workspace.path.rglob("*") if path.is_file() and path.name != ".lock"}


def test_the_same_file_twice_is_nothing_new(workspace, cases):
    first = add(workspace, "cases", cases)
    before = {path: path.read_bytes() for path in files(workspace)}
    second = add(workspace, "cases", cases)
    assert (first.already_there, second.already_there) == (False, True)
    assert second.id == first.id
    assert {path: path.read_bytes() for path in files(workspace)} == before


def test_the_name_of_the_file_does_not_matter_but_its_content_does(workspace, write):
    first = add(workspace, "cases", write(CASES, CASE, name="a.csv"))
    assert add(workspace, "cases", write(CASES, CASE, name="b.csv")).id == first.id
    assert add(workspace, "cases", write(CASES, CASE + " ", name="a.csv")).id != first.id


def test_other_constants_make_another_batch(workspace, cases):
    first = add(workspace, "cases", cases)
    assert add(workspace, "cases", cases, constants={"municipality": "17701000"}).id != first.id


def test_a_batch_is_read_back_as_it_was_written(workspace, cases):
    batch = add(workspace, "cases", cases)
    assert batches(workspace) == [batch]


def test_batches_come_in_order_of_arrival(workspace, write):
    added = [
        add(workspace, "cases", write(CASES, CASE.replace(";1;", f";{i};"))).id for i in range(5)
    ]
    assert [batch.id for batch in batches(workspace)] == added


def test_a_withdrawn_batch_is_out_and_nothing_is_deleted(workspace, cases):
    batch = add(workspace, "cases", cases)
    before = files(workspace)
    withdraw(workspace, batch.id)
    assert batches(workspace) == []
    assert frame(workspace, "cases").is_empty()
    assert before < files(workspace)


def test_a_withdrawn_file_may_come_again_and_again(workspace, cases):
    seen = []
    for _ in range(3):
        batch = add(workspace, "cases", cases)
        assert not batch.already_there
        assert frame(workspace, "cases").height == 2
        seen.append(batch.id)
        withdraw(workspace, batch.id)
    assert len(set(seen)) == 3


def test_a_batch_that_is_not_there_cannot_be_withdrawn_or_asked(workspace, cases):
    batch = add(workspace, "cases", cases)
    withdraw(workspace, batch.id)
    for unknown in (batch.id, "absent"):
        with pytest.raises(WorkspaceProblem, match="there is no batch"):
            withdraw(workspace, unknown)
    with pytest.raises(WorkspaceProblem, match="there is no batch"):
        rejected_rows(workspace, "absent")


class Crash(BaseException):
    """As sudden as a power cut: no `except Exception` may catch it."""


@pytest.mark.parametrize("call", ["replace", "fsync", "mkdir", "open"])
@pytest.mark.parametrize("which", range(1, 7))
def test_a_crash_at_any_write_leaves_the_last_whole_state(
    workspace, write, monkeypatch, call, which
):
    kept = add(workspace, "cases", write(CASES, CASE, name="kept.csv"))
    path = write(CASES, CASE.replace(";1;", ";2;"), "x;y;z;;;", name="new.csv")
    real, calls = getattr(os, call), 0

    def failing(*given, **named):
        nonlocal calls
        writes = call != "open" or bool(given[1] & os.O_CREAT)
        calls += writes
        if writes and calls == which:
            raise Crash
        return real(*given, **named)

    monkeypatch.setattr(os, call, failing)
    try:
        add(workspace, "cases", path)
    except Crash:
        crashed = True
    else:
        crashed = False
    monkeypatch.undo()

    again = open_workspace(workspace.path)
    there = batches(again)
    assert there[0] == kept
    assert frame(again, "cases").height == len(there)
    batch = add(again, "cases", path)
    assert (batch.accepted, batch.rejected) == (1, 1)
    assert frame(again, "cases")["case"].to_list() == ["1", "2"]
    assert not [file for file in files(again) if file.name.endswith(".part")]
    assert crashed or calls < which


def test_what_an_interrupted_writer_left_is_ignored_and_swept(workspace, cases):
    add(workspace, "cases", cases)
    orphan = workspace.records / "cases" / "0123456789abcdef0123.parquet"
    orphan.write_bytes(b"half a file")
    leftovers = [
        workspace.records / "cases" / ".x.parquet.00ff.part",
        workspace.records / "batches" / ".x.json.00ff.part",
    ]
    for leftover in leftovers:
        leftover.write_bytes(b"half")
    assert frame(workspace, "cases").height == 2
    assert len(batches(workspace)) == 1
    assert check(workspace)
    withdraw(workspace, batches(workspace)[0].id)
    assert not any(leftover.exists() for leftover in leftovers)


def test_a_damaged_record_of_a_batch_is_named(workspace, cases):
    batch = add(workspace, "cases", cases)
    record = workspace.records / "batches" / f"{batch.id}.json"
    for content in (b"{", b"{}", b"[]", b"\xff"):
        record.write_bytes(content)
        with pytest.raises(WorkspaceProblem, match=f"{batch.id}.json: the record"):
            batches(workspace)


def test_rows_that_are_gone_are_named(workspace, cases):
    batch = add(workspace, "cases", cases)
    (workspace.records / "cases" / f"{batch.id}.parquet").unlink()
    with pytest.raises(WorkspaceProblem, match="the rows of this batch are gone"):
        frame(workspace, "cases")


def test_a_file_that_is_refused_leaves_the_workspace_as_it_was(workspace, write, cases):
    add(workspace, "cases", cases)
    before = files(workspace)
    for rows in (("",), (CASES,), ("a;b", "1;2")):
        with pytest.raises(Exception, match=r"file\.csv"):
            add(workspace, "cases", write(*rows))
    assert files(workspace) == before
