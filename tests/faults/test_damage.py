"""Files that change while they are read, and files that are cut short: refused, never half-read."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import polars as pl
import pytest

from otdacha.cli.run import run
from otdacha.errors import FileProblem, WorkspaceProblem
from otdacha.records import add, batches, check, create_workspace, frame, open_workspace
from otdacha.records.reading import read_bytes
from otdacha.release import build
from tests.faults import bystander, killing
from tests.faults.conftest import Given

HEADER = "ОКТМО;№ дела;Отдел;Услуга;Дата рег."

CHANGING = """
import os, sys
from pathlib import Path
how, file = sys.argv[1], Path(sys.argv[2])
content = file.read_bytes()
print("ready", flush=True)
while True:
    if how == "grows":
        with file.open("ab") as out:
            out.write(content[-1000:])
        if file.stat().st_size > 3 * len(content):
            os.truncate(file, len(content))
    elif how == "is cut short":
        os.truncate(file, len(content) // 2)
        with file.open("r+b") as out:
            out.write(content)
    else:
        for number in (b"1", b"2"):
            beside = file.with_name("beside")
            beside.write_bytes(content.replace(b"%%", b"%" + number))
            os.replace(beside, file)
"""


@contextmanager
def changing(file: Path, how: str) -> Iterator[None]:
    """Somebody writes the file again and again."""
    line = [sys.executable, "-c", CHANGING, how, str(file)]
    with subprocess.Popen(line, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            yield
        finally:
            process.kill()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    rows = (f"28701000;%%-{i};Архив;Справка;09.01.2024" for i in range(40_000))
    path = tmp_path / "cases.csv"
    path.write_text("\n".join([HEADER, *rows]) + "\n", "utf-8")
    return path


@pytest.mark.parametrize("how", ["grows", "is cut short"])
def test_a_file_that_changes_while_it_is_read_is_refused(file: Path, how: str) -> None:
    """Sooner or later a reading and a writing meet."""
    said = ""
    until = time.monotonic() + 60
    with changing(file, how):
        while not said and time.monotonic() < until:
            try:
                read_bytes(file)
            except FileProblem as fault:
                said = fault.said("en")
    assert "changed while it was read. Nothing was stored." in said


def test_a_file_that_is_replaced_while_it_is_read_is_one_of_the_two(
    file: Path, tmp_path: Path
) -> None:
    """What was hashed is what was stored, whichever of the files it was."""
    content = file.read_bytes()
    whole = {sha256(content.replace(b"%%", mark)).hexdigest() for mark in (b"%%", b"%1", b"%2")}
    with changing(file, "is replaced"):
        workspace = create_workspace(tmp_path / "w")
        batch = add(workspace, "cases", file)
    assert batch.source_hash in whole
    stored = frame(workspace, "cases")["case"]
    assert (len(stored), stored.str.slice(0, 2).n_unique()) == (40_000, 1)


def test_a_device_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match="a device and not a file"):
        add(create_workspace(tmp_path / "w"), "cases", Path("/dev/zero"))


@pytest.mark.parametrize("keep", [4, 0.3, 0.9, -1])
def test_a_parquet_that_was_cut_short_is_refused(tmp_path: Path, keep: float) -> None:
    columns = HEADER.split(";")
    row = ["28701000", "1", "Архив", "Справка", "2024-01-09"]
    file = tmp_path / "cases.parquet"
    pl.DataFrame([row] * 500, schema=columns, orient="row").write_parquet(file)
    content = file.read_bytes()
    at = int(len(content) * keep) if isinstance(keep, float) else keep
    file.write_bytes(content[:at])
    workspace = create_workspace(tmp_path / "w")
    with pytest.raises(FileProblem, match="this Parquet file cannot be read"):
        add(workspace, "cases", file)
    assert batches(workspace) == []


def spoilt(workspace: Path, how: str) -> Path:
    """The stored rows of the cases, cut short or with one byte turned over."""
    name = next(n for n, card in bystander.cards(workspace).items() if card["table"] == "cases")
    rows = workspace / "records" / "cases" / f"{name}.parquet"
    content = bytearray(rows.read_bytes())
    if how == "cut short":
        del content[len(content) // 2 :]
    else:
        content[len(content) // 3] ^= 0xFF
    rows.write_bytes(content)
    return rows


@pytest.mark.parametrize("how", ["cut short", "one byte turned over"])
def test_stored_rows_that_are_damaged_are_named_and_never_evaluated(
    given: Given, tmp_path: Path, how: str
) -> None:
    place = killing.copied(given.workspace, tmp_path / "w")
    rows = spoilt(place, how)
    workspace = open_workspace(place)
    for ask in (check, build):
        with pytest.raises(WorkspaceProblem, match=f"{rows.name}: the rows of this batch are dam"):
            ask(workspace)
    assert bystander.releases(place) == []


def test_a_file_is_not_added_beside_damaged_rows_of_its_table(
    given: Given, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    place = killing.copied(given.workspace, tmp_path / "w")
    rows = spoilt(place, "cut short")
    assert run(["add", str(place), "cases", str(given.more), "--lang", "en"]) == 4
    assert f"{rows.name}: the rows of this batch are damaged" in capfd.readouterr().err
    assert run(["withdraw", str(place), rows.stem]) == 0  # the way out that the message names
    assert run(["add", str(place), "cases", str(given.files["cases"])]) == 0
    assert run(["add", str(place), "cases", str(given.more)]) == 0


def test_kept_steps_that_are_damaged_are_done_again(given: Given, tmp_path: Path) -> None:
    """After a power cut a file may be there without its bytes."""
    place = killing.copied(given.kept, tmp_path / "w")
    (scores,) = (place / "runs").glob("*/effects/scores.npz")
    scores.write_bytes(b"")
    assert run(["evaluate", str(place)]) == 0
    (release,) = bystander.releases(place)
    assert bystander.content_of(release) == bystander.content_of(given.release)
