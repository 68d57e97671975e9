"""Real interruptions of a real process: Ctrl-C, kill -9, a full disk. The workspace still opens."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from otdacha.errors import WorkspaceProblem
from otdacha.records import add, batches, create_workspace, frame, open_workspace
from tests.unit.records.conftest import CASES, TOWN

ROWS = 30_000

ADDING = """
import sys
from pathlib import Path
from otdacha.records import add, open_workspace

def tell(step, done, total):
    print(done, flush=True)

add(open_workspace(Path(sys.argv[1])), "cases", Path(sys.argv[2]), progress=tell)
"""

FULL = """
import resource, sys
from pathlib import Path
from otdacha.errors import WorkspaceProblem
from otdacha.records import add, batches, frame, open_workspace

workspace, file = open_workspace(Path(sys.argv[1])), Path(sys.argv[2])
sys.dont_write_bytecode = True  # Python 3.11 would keep the part of a module that finds room
before = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, before[1]))
try:
    add(workspace, "cases", file)
except WorkspaceProblem as fault:
    print(fault.said("en"))
assert batches(workspace) == []
assert frame(workspace, "cases").is_empty()
resource.setrlimit(resource.RLIMIT_FSIZE, before)
print(add(workspace, "cases", file).accepted)
"""


@pytest.fixture(scope="module")
def many_cases(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("cases") / "many.csv"
    rows = (f"{TOWN};{i};Отдел {i % 50};Справка;09.01.2024;19.01.2024" for i in range(ROWS))
    path.write_text("\n".join((CASES, *rows)), "utf-8")
    return path


@pytest.mark.parametrize(
    ("step", "blow"),
    [
        pytest.param(0, signal.SIGINT, id="ctrl-c while reading"),
        pytest.param(2, signal.SIGINT, id="ctrl-c while writing"),
        pytest.param(1, signal.SIGKILL, id="kill -9 while checking"),
        pytest.param(2, signal.SIGKILL, id="kill -9 while writing"),
    ],
)
def test_an_interrupted_addition_leaves_a_workspace_that_opens(
    workspace, many_cases, cases, step, blow
):
    kept = add(workspace, "cases", cases)
    child = subprocess.Popen(
        [sys.executable, "-c", ADDING, str(workspace.path), str(many_cases)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert child.stdout is not None
    for line in child.stdout:
        if line.strip() == str(step):
            os.kill(child.pid, blow)
            break
    child.stdout.read()
    ended = child.wait(timeout=60)

    again = open_workspace(workspace.path)
    there = batches(again)
    assert there[0] == kept
    # Struck while writing, the batch may just have been finished: then it is whole.
    assert ended != 0 or len(there) == 2
    assert frame(again, "cases").height == sum(batch.accepted for batch in there)
    add(again, "cases", many_cases)
    assert frame(again, "cases").height == ROWS + kept.accepted - 2  # cases 1 and 2 are superseded
    assert not list(again.records.rglob("*.part"))


def test_a_disk_that_takes_no_more_is_said_and_nothing_is_half_there(workspace, many_cases):
    """The size of files is limited for the process: the write fails as on a full disk."""
    pytest.importorskip("resource")
    said = subprocess.run(
        [sys.executable, "-c", FULL, str(workspace.path), str(many_cases)],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    assert "cannot be written: File too large" in said[0]
    assert said[1] == str(ROWS)


def test_a_full_disk_is_said_and_the_workspace_still_opens(tmp_path, many_cases, cases):
    """A real file system of 400 kB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(disk)], capture_output=True
    )
    if mounted.returncode:
        pytest.skip("this machine does not let the test mount a file system")
    try:
        workspace = create_workspace(disk / "union")
        kept = add(workspace, "cases", cases)
        ballast = disk / "ballast"
        free = os.statvfs(disk)
        ballast.write_bytes(bytes(free.f_bavail * free.f_bsize - 40_960))
        with pytest.raises(WorkspaceProblem, match="No space left on device"):
            add(workspace, "cases", many_cases)
        assert batches(open_workspace(workspace.path)) == [kept]
        assert frame(workspace, "cases").height == kept.accepted
        assert not list(workspace.records.rglob("*.part"))
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_a_workspace_that_may_not_be_written_is_said(workspace, cases):
    workspace.records.write_text("a file in its place")
    with pytest.raises(WorkspaceProblem, match="cannot be written"):
        add(workspace, "cases", cases)
