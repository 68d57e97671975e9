"""One small union with a plan, made once for all tests that carry it out."""

import datetime as dt
import shutil
from pathlib import Path

import pytest

from otdacha.programme.plan import Plan, load_plan, make_plan
from otdacha.records import open_workspace
from tests.unit.programme.planned_union import make_union


@pytest.fixture(scope="session")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Workspace of `planned_union` with the plan 2026.1; not to be written to."""
    union = make_union(tmp_path_factory.mktemp("planned"))
    make_plan(open_workspace(union), today=dt.date(2026, 1, 1))
    return union


@pytest.fixture(scope="module")
def union(planned: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of it that a module may write to."""
    copy = tmp_path_factory.mktemp("copy") / "union"
    shutil.copytree(planned, copy)
    return copy


@pytest.fixture(scope="module")
def plan(union: Path) -> Plan:
    return load_plan(union / "plans" / "2026.1")
