"""A workspace is made once, opens always, and keeps its key to itself."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from otdacha.errors import WorkspaceProblem
from otdacha.methodology import default_methodology
from otdacha.records import add, create_workspace, open_workspace


def test_a_new_workspace_opens_with_the_default_methodology(tmp_path):
    made = create_workspace(tmp_path / "union", language="en")
    opened = open_workspace(tmp_path / "union")
    assert made == opened
    assert (opened.language, opened.engine.name) == ("en", "duckdb")
    assert opened.methodology() == default_methodology()


def test_only_the_owner_may_read_the_key(workspace):
    key = workspace.path / "keys" / "pseudonym.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert [len(key) for key in workspace.pseudonym_keys()] == [32]


def test_two_workspaces_have_two_keys(tmp_path):
    keys = {create_workspace(tmp_path / name).pseudonym_keys() for name in "ab"}
    assert len(keys) == 2


def test_a_workspace_is_not_made_over_another(workspace):
    with pytest.raises(WorkspaceProblem, match="there is a workspace here already"):
        create_workspace(workspace.path)


def test_an_interrupted_start_is_taken_up_with_its_key(workspace):
    key = workspace.pseudonym_keys()
    (workspace.path / "otdacha.toml").unlink()
    assert create_workspace(workspace.path).pseudonym_keys() == key


def test_a_workspace_cannot_be_made_where_a_file_is(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(WorkspaceProblem, match="cannot be written: Not a directory"):
        create_workspace(tmp_path / "file")


def test_a_folder_without_a_workspace_says_how_to_make_one(tmp_path):
    with pytest.raises(WorkspaceProblem, match="otdacha init"):
        open_workspace(tmp_path)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ("language = ", "not a TOML file"),
        ('language = "de"', "language is 'de', but may only be: ru, en"),
        ('engine = "oracle"', "engine is 'oracle'"),
    ],
)
def test_wrong_settings_are_refused(workspace, settings, said):
    (workspace.path / "otdacha.toml").write_text(settings)
    with pytest.raises(WorkspaceProblem, match=said):
        open_workspace(workspace.path)


def test_a_lost_key_is_never_replaced_silently(workspace, cases):
    (workspace.path / "keys" / "pseudonym.key").unlink()
    with pytest.raises(WorkspaceProblem, match="the pseudonym key is lost"):
        add(workspace, "cases", cases)


def test_a_workspace_of_invented_records_stays_one(tmp_path: Path) -> None:
    create_workspace(tmp_path / "made-up", invented=True)
    create_workspace(tmp_path / "real")
    assert open_workspace(tmp_path / "made-up").invented
    assert not open_workspace(tmp_path / "real").invented
