"""A full disk and a read-only one, at every stage: said clearly, nothing lost or half-done."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from otdacha.cli.run import run
from tests.faults import bystander, killing
from tests.faults.conftest import Given
from tests.faults.mounts import fill, read_only, small_disk


def is_whole(workspace: Path, given: Given) -> None:
    assert bystander.seen(workspace, given.acknowledged) == []


@pytest.mark.parametrize("leave", [0, 8_192, 24_576])
def test_a_disk_that_fills_up_while_adding(
    given: Given, tmp_path: Path, capfd: pytest.CaptureFixture[str], leave: int
) -> None:
    """No room for the first byte; for some of the rows; for some more."""
    with small_disk(tmp_path / "disk", "16m") as disk:
        workspace = killing.copied(given.workspace, disk / "w")
        line = ["add", str(workspace), "cases", str(given.more), "--lang", "en"]
        ballast = fill(disk, leave)
        assert run(line) == 4
        assert "No space left on device" in capfd.readouterr().err
        is_whole(workspace, given)
        assert len(bystander.cards(workspace)) == len(given.acknowledged)
        ballast.unlink()
        assert run(line) == 0
        assert bystander.records_of(workspace) == bystander.records_of(given.added)


def test_a_disk_that_fills_up_while_the_release_lands(
    given: Given, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with small_disk(tmp_path / "disk", "16m") as disk:
        workspace = killing.copied(given.kept, disk / "w")
        ballast = fill(disk, leave=40_960)
        assert run(["evaluate", str(workspace), "--lang", "en"]) == 4
        assert "Nothing was published" in capfd.readouterr().err
        is_whole(workspace, given)
        assert bystander.releases(workspace) == []
        ballast.unlink()
        assert run(["evaluate", str(workspace)]) == 0
        (release,) = bystander.releases(workspace)
        assert bystander.content_of(release) == bystander.content_of(given.release)


@pytest.mark.long
@pytest.mark.parametrize("stage", ["panel begun", "panel kept", "effects kept"])
def test_a_disk_that_fills_up_while_evaluating(given: Given, tmp_path: Path, stage: str) -> None:
    states = {
        "panel begun": killing.panel_begun,
        "panel kept": killing.panel_kept,
        "effects kept": killing.effects_kept,
    }
    with small_disk(tmp_path / "disk", "16m") as disk:
        workspace = killing.copied(given.workspace, disk / "w")
        ballast: list[Path] = []

        def fill_then() -> None:
            while not states[stage](workspace):
                time.sleep(0.0005)
            ballast.append(fill(disk))

        filling = threading.Thread(target=fill_then)
        filling.start()
        code = killing.again(["evaluate", str(workspace)])
        filling.join(timeout=60)
        is_whole(workspace, given)
        assert code == (0 if bystander.releases(workspace) else 4)
        ballast[0].unlink()
        if not bystander.releases(workspace):
            assert killing.again(["evaluate", str(workspace)]) == 0
        (release,) = bystander.releases(workspace)
        assert bystander.content_of(release) == bystander.content_of(given.release)


@pytest.mark.parametrize("folder", [".", "records/cases", "records/rejected", "records/batches"])
def test_a_read_only_folder_while_adding(
    given: Given, tmp_path: Path, capfd: pytest.CaptureFixture[str], folder: str
) -> None:
    """Nothing may be written; or not the rows; or not the rejected ones; or not the card."""
    workspace = killing.copied(given.workspace, tmp_path / "w")
    line = ["add", str(workspace), "cases", str(given.more), "--lang", "en"]
    with read_only(workspace / folder):
        assert run(line) == 4
        assert "cannot be written: Read-only file system" in capfd.readouterr().err
        is_whole(workspace, given)
        assert run(["check", str(workspace)]) in (0, 8)  # what is there can be read
    assert len(bystander.cards(workspace)) == len(given.acknowledged)
    assert run(line) == 0
    assert bystander.records_of(workspace) == bystander.records_of(given.added)


def test_a_read_only_folder_while_withdrawing_and_exporting(
    given: Given, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    workspace = killing.copied(given.workspace, tmp_path / "w")
    batch = next(iter(bystander.cards(workspace)))
    (tmp_path / "out").mkdir()
    with read_only(workspace), read_only(tmp_path / "out"):
        for line in (
            ["withdraw", workspace, batch],
            ["export", given.release, "--out", tmp_path / "out"],
            ["report", given.release, "--out", tmp_path / "out" / "r.html"],
            ["evaluate", workspace],
        ):
            assert run([*map(str, line), "--lang", "en"]) == 4, line
            assert "Read-only file system" in capfd.readouterr().err
    is_whole(workspace, given)
    assert list((tmp_path / "out").iterdir()) == []


def test_a_read_only_folder_while_the_release_lands(
    given: Given, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    workspace = killing.copied(given.kept, tmp_path / "w")
    with read_only(workspace / "releases"):
        assert run(["evaluate", str(workspace), "--lang", "en"]) == 4
        assert "Nothing was published" in capfd.readouterr().err
    is_whole(workspace, given)
    assert bystander.releases(workspace) == []


@pytest.mark.long
def test_a_read_only_folder_while_steps_are_kept(given: Given, tmp_path: Path) -> None:
    workspace = killing.copied(given.workspace, tmp_path / "w")
    with read_only(workspace / "runs"):
        assert killing.again(["evaluate", str(workspace)]) == 4
    is_whole(workspace, given)
    assert bystander.releases(workspace) == []
    assert killing.again(["evaluate", str(workspace)]) == 0
