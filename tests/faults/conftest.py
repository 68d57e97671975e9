"""Workspaces of an invented union, made once: with records, with one more file, with a release."""

from __future__ import annotations

import csv
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from otdacha.cli.run import run
from tests.faults import bystander
from tests.unit.cli.small_union import add_all, write_files

ROWS = 20_000


@dataclass(frozen=True)
class Given:
    """files: the source files by table. workspace: they are added. more: a further file of cases.
    added: the workspace with it. kept: the workspace with an evaluation that had everything done
    but the landing. release: of `workspace`, in another folder. adding, evaluating: how long the
    work took here and now, in seconds, with the start of the process."""

    files: dict[str, Path]
    workspace: Path
    more: Path
    added: Path
    kept: Path
    release: Path
    adding: float
    evaluating: float

    @property
    def acknowledged(self) -> dict[str, Path]:
        """By batch of the workspace, its source."""
        return {
            name: self.files[card["table"]]
            for name, card in bystander.cards(self.workspace).items()
        }


@pytest.fixture(scope="session")
def given(tmp_path_factory: pytest.TempPathFactory) -> Given:
    from tests.faults.killing import again

    folder = tmp_path_factory.mktemp("faults")
    write_files(folder / "files")
    workspace = folder / "union"
    add_all(workspace, folder / "files")
    rules = workspace / "methodology.toml"
    light = rules.read_text("utf-8").replace("permutations = 20", "permutations = 2")
    assert light.count("permutations = 2\n") + light.count("permutations = 2 ") == 1
    rules.write_text(light, "utf-8")

    more = folder / "more.csv"
    with more.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, delimiter=";")
        writer.writerow(["ОКТМО", "Номер дела", "Отдел", "Услуга", "Дата регистрации"])
        for i in range(ROWS):
            day = "31.02.2024" if i % 100 == 50 else f"{i % 28 + 1:02d}.01.2024"
            writer.writerow(["28701000", f"И-{i}", f"Отдел {i % 7}", "Справка", day])

    added = shutil.copytree(workspace, folder / "added")
    began = time.monotonic()
    assert again(["add", str(added), "cases", str(more)]) == 0
    adding = time.monotonic() - began
    kept = shutil.copytree(workspace, folder / "kept")
    (kept / "releases").write_text("a file in the place of the folder: nothing can land")
    began = time.monotonic()
    assert run(["evaluate", str(kept)]) == 4
    evaluating = time.monotonic() - began
    (kept / "releases").unlink()
    evaluated = shutil.copytree(kept, folder / "evaluated")
    assert run(["evaluate", str(evaluated)]) == 0
    (release,) = bystander.releases(evaluated)
    files = {path.stem: path for path in (folder / "files").iterdir()}
    return Given(files, workspace, more, added, kept, release, adding, evaluating)
