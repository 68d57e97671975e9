"""Kill -9 at any moment of `add` and of `evaluate`: nothing acknowledged is lost, nothing half-done
is seen, and the same command again ends with the bytes of a run that nobody disturbed.

The short version stands in the default run; `make faults` strikes 200 times each and prints the
counts that stand in docs/evidence.md.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults import bystander, killing
from tests.faults.conftest import Given

KILLS = 200

ADDING = {
    "rows begun": (killing.rows_begun, 0.004),
    "rows there": (killing.more_rows_there, 0.004),
    "card begun": (killing.card_begun, 0.004),
}
EVALUATING = {
    "panel kept": (killing.panel_kept, 1.0),
    "landing": (killing.landing, 0.03),
    "panel begun": (killing.panel_begun, 2.0),
    "effects kept": (killing.effects_kept, 2.0),
}


def adding(given: Given, kills: int, place: Path) -> killing.Tally:
    return killing.kill_adding(
        given.workspace,
        given.more,
        given.acknowledged,
        given.added,
        killing.moments(4, given.adding, ADDING),
        place,
        kills=kills,
    )


def evaluating(given: Given, kills: int, in_a_row: int, place: Path) -> killing.Tally:
    return killing.kill_evaluating(
        given.workspace,
        given.acknowledged,
        given.release,
        killing.moments(4, given.evaluating, EVALUATING),
        place,
        kills=kills,
        in_a_row=in_a_row,
    )


def test_the_bystander_sees_what_is_wrong(given: Given, tmp_path: Path) -> None:
    """Who looks for faults must find planted ones."""
    assert bystander.seen(given.added, given.acknowledged) == []
    for spoil, said in (
        (lambda rows, card: rows.write_bytes(rows.read_bytes()[:-50]), "half a file"),
        (lambda rows, card: rows.unlink(), "not its rows"),
        (lambda rows, card: card.unlink(), "acknowledged and is gone"),
        (lambda rows, card: card.write_text(card.read_text()[:-9]), "half a file"),
    ):
        spoilt = killing.copied(given.workspace, tmp_path / "w")
        name, _ = next(
            item for item in bystander.cards(spoilt).items() if item[1]["table"] == "cases"
        )
        rows = spoilt / "records" / "cases" / f"{name}.parquet"
        card = spoilt / "records" / "batches" / f"{name}.json"
        spoil(rows, card)
        try:
            found = bystander.seen(spoilt, given.acknowledged)
        except ValueError:
            found = ["half a file"]
        assert any(said in one for one in found), (said, found)


def test_killed_additions_lose_nothing_and_can_be_repeated(given: Given, tmp_path: Path) -> None:
    tally = adding(given, 3, tmp_path / "struck")
    assert tally.violations == []
    assert tally.kills == 3
    assert set(tally.outcomes) <= {"added again, the same bytes", "had ended before the blow"}


def test_killed_evaluations_publish_nothing_and_can_be_repeated(
    given: Given, tmp_path: Path
) -> None:
    tally = evaluating(given, 2, 2, tmp_path / "struck")
    assert tally.violations == []
    assert tally.kills == 2
    same = "one release, the same bytes"
    assert same in tally.outcomes
    assert set(tally.outcomes) <= {same, "had ended before the blow"}


@pytest.mark.long
def test_many_killed_additions(given: Given, tmp_path: Path) -> None:
    tally = adding(given, KILLS, tmp_path / "struck")
    print("\n" + tally.table("add"))
    assert tally.violations == []
    assert {"before the first byte", "between rows and card", "after the card"} <= set(tally.phases)


@pytest.mark.long
def test_many_killed_evaluations(given: Given, tmp_path: Path) -> None:
    tally = evaluating(given, KILLS, 4, tmp_path / "struck")
    print("\n" + tally.table("evaluate"))
    assert tally.violations == []
    assert {"during the panel", "during effects", "during ranking and checks"} <= set(tally.phases)
