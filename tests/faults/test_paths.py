"""No name that comes from data, from a release or from a command leads out of its folder."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from otdacha.cli.run import run
from otdacha.errors import ReleaseProblem, WorkspaceProblem
from otdacha.records import add, batches, frame, open_workspace, rejected_rows, withdraw
from otdacha.release import load, verify
from tests.faults import bystander, killing
from tests.faults.conftest import Given

OUT = ["../../secret", "../records/batches/x", "/etc/passwd", "..", ".", "", "a/b", "a\\b", "a\0b"]


@pytest.fixture
def workspace(given: Given, tmp_path: Path) -> Path:
    """A workspace, and beside it files that a name might try to reach."""
    secret = tmp_path / "secret"
    for ending in ("json", "parquet"):
        (tmp_path / f"secret.{ending}").write_text("{}")
    secret.mkdir()
    return killing.copied(given.workspace, tmp_path / "w")


@pytest.mark.parametrize("name", OUT)
def test_a_batch_is_called_by_its_name_and_never_by_a_path(workspace: Path, name: str) -> None:
    before = sorted(workspace.rglob("*"))
    for ask in (withdraw, rejected_rows):
        with pytest.raises(WorkspaceProblem, match="there is no batch"):
            ask(open_workspace(workspace), name)
    assert {*workspace.rglob("*")} - {*before} <= {workspace / "records" / ".lock"}


@pytest.mark.parametrize("table", ["../cases", "/tmp/x", "batches", "rejected", ""])
def test_a_table_is_one_of_ours(
    workspace: Path, given: Given, capfd: pytest.CaptureFixture[str], table: str
) -> None:
    assert run(["add", str(workspace), table, str(given.more), "--lang", "en"]) == 3
    assert "There is no table" in capfd.readouterr().err
    assert bystander.records_of(workspace) == bystander.records_of(given.workspace)


def test_a_profile_that_is_not_there_is_not_looked_for_elsewhere(
    workspace: Path, given: Given, capfd: pytest.CaptureFixture[str]
) -> None:
    """A name that ships is only a name; what has a path is the file under exactly this path."""
    for name in ("../profiles/sed-pos-cases", "sed-pos-cases.toml", "/sed-pos-cases"):
        line = ["add", str(workspace), "cases", str(given.more), "--profile", name, "--lang", "en"]
        assert run(line) == 3
        assert "there is no such profile" in capfd.readouterr().err


@pytest.mark.parametrize("where", ["/etc/passwd", "../outside.toml", "a/../../outside.toml"])
def test_the_methodology_of_a_workspace_lies_inside_it(workspace: Path, where: str) -> None:
    settings = workspace / "otdacha.toml"
    shutil.copy(workspace / "methodology.toml", workspace.parent / "outside.toml")
    changed = settings.read_text("utf-8").replace('"methodology.toml"', f'"{where}"')
    settings.write_text(changed, "utf-8")
    with pytest.raises(WorkspaceProblem, match="lies outside the workspace"):
        open_workspace(workspace)


@pytest.mark.parametrize(
    "change", [{"table": "../../secret"}, {"id": "../../secret"}, {"table": "batches"}]
)
def test_a_card_that_names_a_path_is_damaged(workspace: Path, change: dict[str, str]) -> None:
    card = next((workspace / "records" / "batches").glob("*.json"))
    card.write_text(json.dumps({**json.loads(card.read_text("utf-8")), **change}), "utf-8")
    with pytest.raises(WorkspaceProblem, match="the record of this batch is damaged"):
        batches(open_workspace(workspace))


@pytest.mark.parametrize(
    "change",
    [
        {"release": "../../2026.1"},
        {"release": "2026.1/../../x"},
        {"previous": {"release": "../..", "manifest": ""}},
        {"inputs": [{"batch": "../../../secret", "table": "cases", "stored": ""}]},
        {"inputs": [{"batch": "0" * 20, "table": "../../secret", "stored": ""}]},
        {"files": {"../../otdacha.toml": {"sha256": "", "bytes": 0}}},
        {"files": {"/etc/passwd": {"sha256": "", "bytes": 0}}},
    ],
)
def test_a_release_from_a_stranger_leads_nowhere(
    given: Given, workspace: Path, capfd: pytest.CaptureFixture[str], change: dict[str, object]
) -> None:
    """By show, export, report and verify."""
    release = shutil.copytree(given.release, workspace / "releases" / "2026.1")
    manifest = json.loads((release / "manifest.json").read_text("utf-8"))
    (release / "manifest.json").write_text(json.dumps({**manifest, **change}), "utf-8")
    there = {*workspace.parent.rglob("*")}
    for ask in (load, verify):
        with pytest.raises(ReleaseProblem, match="names that no release has"):
            ask(release)
    out = workspace.parent / "out"
    for line in (["show", release], ["verify", release], ["export", release, "--out", out]):
        assert run([*map(str, line), "--lang", "en"]) == 7
        assert "outside the release" in capfd.readouterr().err.replace("\n", " ")
    assert {*workspace.parent.rglob("*")} == there


def test_a_path_that_is_no_release_is_said_to_be_none(
    workspace: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    for place in (workspace, workspace / ".." / "secret", Path("/etc"), workspace / "no"):
        for verb in ("show", "verify", "export", "report"):
            assert run([verb, str(place), "--lang", "en"]) == 7
            assert "Traceback" not in capfd.readouterr().err


def test_a_link_inside_the_records_is_replaced_and_never_written_through(
    workspace: Path, given: Given, tmp_path: Path
) -> None:
    """Somebody has put links where the rows and the card of a file will land."""
    (name,) = set(bystander.cards(given.added)) - set(bystander.cards(workspace))
    target = tmp_path / "target"
    target.write_text("untouched")
    links = [
        workspace / "records" / "cases" / f"{name}.parquet",
        workspace / "records" / "rejected" / f"{name}.parquet",
    ]
    for link in links:
        link.symlink_to(target)
    batch = add(open_workspace(workspace), "cases", given.more)
    assert batch.id == name
    assert target.read_text() == "untouched"
    assert not any(link.is_symlink() for link in links)
    assert bystander.seen(workspace, given.acknowledged) == []


def test_a_card_that_is_a_link_to_something_else_is_damaged(workspace: Path) -> None:
    link = workspace / "records" / "batches" / f"{'0' * 20}.json"
    link.symlink_to("/etc/passwd")
    with pytest.raises(WorkspaceProblem, match="the record of this batch is damaged"):
        batches(open_workspace(workspace))


def test_names_inside_a_file_reach_no_path(workspace: Path) -> None:
    """A department called ../../x is a department."""
    source = workspace.parent / "cases.csv"
    header = "ОКТМО;№ дела;Отдел;Услуга;Дата рег."
    source.write_text(f"{header}\n28701000;../../x;../../x;/etc/passwd;09.01.2024", "utf-8")
    before = {*workspace.parent.iterdir()}
    add(open_workspace(workspace), "cases", source)
    assert "../../x" in frame(open_workspace(workspace), "cases")["unit"].to_list()
    assert {*workspace.parent.iterdir()} == before
