"""`otdacha wages`, and what other verbs do with what it made."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from otdacha.cli.run import run
from tests.invented_wages import KITEZH, wages_workspace
from tests.unit.cli.processes import PROGRAM

Captured = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def union(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = wages_workspace(tmp_path_factory.mktemp("wages")).path
    assert run(["wages", str(made)]) == 0
    return made


def test_the_answer_and_the_largest_gaps_are_shown_with_the_proxy(
    union: Path, capsys: Captured
) -> None:
    assert run(["show", str(union / "wages" / "2024.1"), "--lang", "en"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "In 1 of 2 municipalities whose wages are told for 2024" in said
    assert "It is a proxy." in said
    assert "Administration earns least beside its neighbours, 2024" in said
    assert "городской округ Китеж" in said
    assert "−20,000" in said
    assert "the source contradicts itself: 2" in said
    assert "6 rows of the statistics belong to no municipality of now" in said


def test_a_document_for_machines_has_every_municipality(union: Path, capsys: Captured) -> None:
    assert run(["show", str(union / "wages" / "2024.1"), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert len(said["municipalities"]) == 7
    kitezh = next(one for one in said["municipalities"] if one["municipality"] == KITEZH)
    assert kitezh["ratio"] == 0.8
    assert said["figures"]["2024"]["states"]["contradicted"] == 2
    assert len(said["unmatched"]) == 5


def test_it_is_exported_and_published_like_a_release(
    union: Path, tmp_path: Path, capsys: Captured
) -> None:
    folder = union / "wages" / "2024.1"
    assert run(["export", str(folder), "--format", "csv", "--out", str(tmp_path)]) == 0
    assert (tmp_path / "otdacha-wages-2024.1-years.csv").exists()
    # in a process of its own: it publishes, and this one has the database of the site's tests
    line = [*PROGRAM, "publish", str(folder), "--lang", "en"]
    first = subprocess.run(line, check=True, capture_output=True, text=True)
    assert "Comparison 2024.1 is on the site: 7 municipalities." in first.stdout
    again = subprocess.run(line, check=True, capture_output=True, text=True)
    assert "on the site already" in again.stdout


def test_without_wages_it_is_refused_with_what_to_do(tmp_path: Path, capsys: Captured) -> None:
    assert run(["init", str(tmp_path / "empty")]) == 0
    assert run(["wages", str(tmp_path / "empty"), "--lang", "en"]) == 11
    assert "--profile sberindex-municipalities" in capsys.readouterr().err
