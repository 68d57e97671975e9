"""One small union, added and evaluated once for all tests that only look at it."""

import json
from pathlib import Path

import pytest

from otdacha.cli.run import run
from tests.unit.cli.small_union import add_all, write_files


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_files(tmp_path_factory.mktemp("files"))


@pytest.fixture(scope="session")
def evaluated(files: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with one release."""
    workspace = tmp_path_factory.mktemp("union") / "w"
    add_all(workspace, files)
    assert run(["evaluate", str(workspace)]) == 0
    return workspace


@pytest.fixture(scope="session")
def release(evaluated: Path) -> Path:
    (found,) = (evaluated / "releases").iterdir()
    assert json.loads((found / "manifest.json").read_text("utf-8"))["release"] == found.name
    return found
