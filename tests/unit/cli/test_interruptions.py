"""A disk that is full, Ctrl-C, a reader that goes away: the workspace stays whole."""

import json
import os
import signal
import subprocess
import time
from pathlib import Path

from otdacha.cli.run import run
from tests.unit.cli.processes import ON_A_FULL_DISK, PROGRAM, otdacha
from tests.unit.cli.small_union import add_all, write_files


def test_a_full_disk_while_adding_is_said_and_leaves_the_workspace_as_it_was(
    files: Path, tmp_path: Path
) -> None:
    workspace = tmp_path / "w"
    assert run(["init", str(workspace)]) == 0
    line = ["add", workspace, "cases", files / "cases.csv", "--lang", "ru"]
    ended = otdacha(*line, program=ON_A_FULL_DISK)
    assert ended.returncode == 4, ended.stderr
    assert "не удалось записать" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert run(["check", str(workspace)]) == 8
    assert run([str(word) for word in line]) == 0


def test_a_full_disk_while_evaluating_publishes_nothing(evaluated: Path) -> None:
    before = sorted((evaluated / "releases").iterdir())
    ended = otdacha("evaluate", evaluated, "--lang", "en", program=ON_A_FULL_DISK)
    assert ended.returncode == 4, ended.stderr
    assert "room" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert sorted((evaluated / "releases").iterdir()) == before
    assert run(["show", str(before[0])]) == 0


def test_a_full_disk_is_said_by_every_verb_that_writes(release: Path, tmp_path: Path) -> None:
    for line in (
        ["report", release, "--out", tmp_path / "r.html"],
        ["export", release, "--format", "json", "--out", tmp_path],
        ["init", tmp_path / "w"],
    ):
        ended = otdacha(*line, program=ON_A_FULL_DISK)
        assert ended.returncode == 4, (line, ended.stderr)
        assert "Traceback" not in ended.stderr


def test_ctrl_c_while_evaluating_ends_with_130_and_the_evaluation_can_be_repeated(
    tmp_path: Path,
) -> None:
    workspace = tmp_path / "w"
    add_all(workspace, write_files(tmp_path / "files", towns=20, people=40))
    with subprocess.Popen(
        [*PROGRAM, "evaluate", str(workspace), "--lang", "en"],
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        _wait_until_it_works(workspace, process)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "Interrupted" in err
    assert "Traceback" not in err
    assert out == ""
    assert not list((workspace / "releases").glob("2*"))
    assert run(["check", str(workspace)]) == 0
    assert run(["evaluate", str(workspace)]) == 0
    assert len(list((workspace / "releases").iterdir())) == 1


def _wait_until_it_works(workspace: Path, process: subprocess.Popen[str]) -> None:
    """Until the process has the workspace's records open: the evaluation is under way."""
    for _ in range(6_000):
        held = Path(f"/proc/{process.pid}/maps").read_text()
        if "_duckdb" in held:
            time.sleep(0.2)
            return
        assert process.poll() is None, "it ended before it could be interrupted"
        time.sleep(0.02)
    raise AssertionError("it never began")


def test_a_reader_that_goes_away_is_no_fault(release: Path) -> None:
    with subprocess.Popen(
        [*PROGRAM, "show", str(release), "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        said = process.stderr.read()
    assert "Traceback" not in said
    assert "fault of Otdacha" not in said


def test_an_unexpected_fault_says_how_to_report_it_and_ends_with_70(
    release: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "2026.1"
    broken.mkdir()
    for file in release.iterdir():
        (broken / file.name).write_bytes(file.read_bytes())
    manifest = json.loads((broken / "manifest.json").read_text("utf-8"))
    manifest["evaluation"] = "nonsense"
    (broken / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    ended = otdacha("show", broken, "--lang", "en", env={**os.environ, "COLUMNS": "80"})
    assert ended.returncode == 70
    assert "Please send the developers" in ended.stderr
    assert "Traceback" in ended.stderr
