"""Files made to bring a computer down are refused in seconds, and the memory stays small."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from otdacha.records import create_workspace
from tests.faults.bombs import BOMBS, planted

MOST_MEGABYTES = 300
"""Memory that refusing a file may take above what the program has without it."""
MOST_SECONDS = 20

OPENING = """
import json, resource, sys, time
from pathlib import Path
from otdacha.errors import FileProblem
from otdacha.records import add, batches, open_workspace

resource.setrlimit(resource.RLIMIT_AS, (6 << 30, 6 << 30))  # should it explode, only here
workspace = open_workspace(Path(sys.argv[1]))
files = json.loads(sys.argv[2])
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
told = {}
for name, file in files.items():
    before, began = peak(), time.process_time()
    try:
        add(workspace, "cases", Path(file))
        said = "it was taken"
    except FileProblem as fault:
        said = fault.said("en")
    told[name] = [said, time.process_time() - began, peak() - before]
assert batches(workspace) == []
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, float, int]]:
    """What was said of each bomb, in how many seconds, with how many megabytes."""
    folder = tmp_path_factory.mktemp("bombs")
    workspace = create_workspace(folder / "union").path
    files = {name: str(file) for name, file in planted(folder).items()}
    line = [sys.executable, "-c", OPENING, str(workspace), json.dumps(files)]
    ended = subprocess.run(line, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr[-2000:]
    found: dict[str, tuple[str, float, int]] = json.loads(ended.stdout)
    return found


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_with_a_clear_word_in_seconds_and_little_memory(
    told: dict[str, tuple[str, float, int]], name: str
) -> None:
    said, seconds, megabytes = told[name]
    assert BOMBS[name][2] in said, said
    assert seconds < MOST_SECONDS
    assert megabytes < MOST_MEGABYTES
