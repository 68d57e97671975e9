"""Several at once: each file is there once and whole; nothing in motion is evaluated."""

from __future__ import annotations

import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest

from otdacha.errors import WorkspaceProblem
from otdacha.records import open_workspace
from otdacha.release.build import build
from tests.faults import bystander, killing
from tests.faults.conftest import Given
from tests.unit.cli.processes import PROGRAM


def started(*line: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*PROGRAM, *map(str, line), "--lang", "en"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(process: subprocess.Popen[str]) -> tuple[int, str]:
    out, err = process.communicate(timeout=300)
    return process.returncode, out + err


def test_one_file_twice_another_one_and_a_withdrawal_at_once(given: Given, tmp_path: Path) -> None:
    workspace = killing.copied(given.workspace, tmp_path / "w")
    other = tmp_path / "other.csv"
    other.write_bytes(given.more.read_bytes().replace("И-".encode(), "Д-".encode()))
    known = {card["table"]: name for name, card in bystander.cards(workspace).items()}
    together = [
        started("add", workspace, "cases", given.more),
        started("add", workspace, "cases", given.more),
        started("add", workspace, "cases", other),
        started("withdraw", workspace, known["cases"]),
    ]
    ends = [ended(process) for process in together]
    assert [code for code, _ in ends] == [0, 0, 0, 0], ends
    there = bystander.cards(workspace)
    assert len(there) == len(known) + 2
    assert sum("was added before" in said for _, said in ends[:2]) == 1
    orders = [card["order"] for card in there.values()]
    assert len(set(orders)) == len(orders)
    assert [file.stem for file in (workspace / "records" / "withdrawn").iterdir()] == [
        known["cases"]
    ]
    assert bystander.seen(workspace, given.acknowledged) == []


def test_an_addition_and_a_second_evaluation_while_one_is_under_way(
    given: Given, tmp_path: Path
) -> None:
    """The second evaluation is refused; the first publishes nothing, as records came meanwhile. It
    is held where it first says how far it is, so that it is under way on a fast machine too."""
    workspace = killing.copied(given.kept, tmp_path / "w")
    begun, go_on = Event(), Event()

    def held(*_: object) -> None:
        begun.set()
        go_on.wait(300)

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(build, open_workspace(workspace), progress=held)
        try:
            assert begun.wait(300)
            code, said = ended(started("evaluate", workspace))
            assert code == 4, said
            assert "another evaluation of this workspace is running" in said
            code, said = ended(started("add", workspace, "cases", given.more))
            assert code == 0, said
        finally:
            go_on.set()
        why = "records were added or withdrawn, or the pseudonym key was changed, while the eval"
        with pytest.raises(WorkspaceProblem, match=why):
            first.result()
    assert bystander.seen(workspace, given.acknowledged) == []
    assert bystander.releases(workspace) == []
