"""Rows of a withdrawn batch may be removed for good; that they were there stays on record."""

from __future__ import annotations

import getpass
import os

import pytest

from otdacha.errors import WorkspaceProblem
from otdacha.records import (
    add,
    batch_of,
    batches,
    frame,
    open_workspace,
    rejected_rows,
    stored_rows,
    withdraw,
)
from tests.unit.records.conftest import CASES, TOWN
from tests.unit.records.test_store import Crash, files

HEADER = f"{CASES};Срок, дней"


def case(number, closed):
    return f"{TOWN};{number};Архив;Справка;09.01.2024;{closed};"


@pytest.fixture
def corrected(workspace, write):
    """Two cases, and a correction of the second one with a row that was rejected."""
    add(workspace, "cases", write(HEADER, case(1, "11.01.2024"), case(2, "12.01.2024")))
    newer = add(workspace, "cases", write(HEADER, case(2, "22.01.2024"), case(3, "вчера")))
    assert (newer.accepted, newer.rejected, newer.superseding) == (1, 1, 1)
    return workspace, newer.id


def closed(workspace):
    rows = frame(workspace, "cases").sort("case")
    return {case: day.day for case, day in rows.select("case", "closed").rows()}


def of_batch(workspace, batch):
    return sorted(
        str(p.relative_to(workspace.records)) for p in files(workspace) if batch in p.name
    )


def test_erased_rows_are_gone_and_what_they_had_replaced_counts_again(corrected):
    workspace, newer = corrected
    assert closed(workspace) == {"1": 11, "2": 22}
    withdraw(workspace, newer, erase=True)
    assert closed(workspace) == {"1": 11, "2": 12}
    assert of_batch(workspace, newer) == [f"batches/{newer}.json", f"withdrawn/{newer}.json"]


def test_the_card_says_when_and_by_whom(corrected):
    workspace, newer = corrected
    withdraw(workspace, newer, erase=True)
    card = batch_of(workspace, newer)
    assert card.erased is not None
    assert card.erased >= card.added
    assert card.erased_by == getpass.getuser()
    assert (card.accepted, card.rejected) == (1, 1)
    with pytest.raises(
        WorkspaceProblem, match=f"{newer} .* were erased for good on {card.erased[:10]}"
    ):
        rejected_rows(workspace, newer)


def test_a_batch_that_was_withdrawn_before_may_be_erased_later_and_only_once(corrected):
    workspace, newer = corrected
    withdraw(workspace, newer)
    assert stored_rows(workspace, "cases", newer).is_file()
    withdraw(workspace, newer, erase=True)
    first = batch_of(workspace, newer)
    withdraw(workspace, newer, erase=True)
    assert batch_of(workspace, newer) == first
    with pytest.raises(WorkspaceProblem, match="there is no batch"):
        withdraw(workspace, newer)
    with pytest.raises(WorkspaceProblem, match="there is no batch"):
        withdraw(workspace, "absent", erase=True)


def test_what_evaluations_kept_goes_with_it(corrected):
    workspace, newer = corrected
    (workspace.runs / "x" / "panel").mkdir(parents=True)
    withdraw(workspace, newer)
    assert workspace.runs.is_dir()
    withdraw(workspace, newer, erase=True)
    assert not workspace.runs.exists()


def test_an_erased_file_may_come_again(workspace, cases):
    first = add(workspace, "cases", cases)
    withdraw(workspace, first.id, erase=True)
    again = add(workspace, "cases", cases)
    assert not again.already_there
    assert again.id != first.id
    assert frame(workspace, "cases").height == 2


@pytest.mark.parametrize("call", ["replace", "fsync", "open", "unlink"])
def test_a_crash_at_any_moment_is_finished_by_the_next_writer(corrected, write, monkeypatch, call):
    workspace, newer = corrected
    real, calls, which = getattr(os, call), 0, 0

    def failing(*given, **named):
        nonlocal calls
        calls += call != "open" or bool(given[1] & os.O_CREAT)
        if calls >= which:  # dead is dead: nothing that comes after reaches the disk
            raise Crash
        return real(*given, **named)

    crashed = True
    while crashed:
        which, calls = which + 1, 0
        with monkeypatch.context() as patched:
            patched.setattr(os, call, failing)
            try:
                withdraw(workspace, newer, erase=True)
                crashed = False
            except Crash:
                pass
        there = open_workspace(workspace.path)
        in_force = newer in {batch.id for batch in batches(there)}
        assert closed(there) == {"1": 11, "2": 22 if in_force else 12}
        if crashed and not in_force and batch_of(there, newer).erased:
            # it is said to be erased: whoever writes next finishes it
            add(there, "cases", write(HEADER, case(9, ""), name=f"{which}.csv"))
            assert of_batch(there, newer) == [f"batches/{newer}.json", f"withdrawn/{newer}.json"]
            return
    assert of_batch(there, newer) == [f"batches/{newer}.json", f"withdrawn/{newer}.json"]
