"""`rank --release`, `value-added --release`, `diff`, `--about`, as a user gives them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from otdacha.cli.run import run
from tests.unit.cli.small_union import write

Captured = pytest.CaptureFixture[str]


def machine(line: list[str], capsys: Captured) -> dict[str, Any]:
    capsys.readouterr()
    assert run([*line, "--json"]) == 0, line
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def said(line: list[str], capsys: Captured, code: int = 0) -> str:
    capsys.readouterr()
    assert run(line) == code, line
    found = capsys.readouterr()
    return " ".join((found.out + found.err).split())


def figures(file: Path, first: int = 3) -> Path:
    rows = [(f"p{i}", f"Школа {i}", 3 * i if i > 1 else first, 100) for i in range(1, 31)]
    return write(file, ["provider", "name", "successes", "n"], rows)


def test_a_ranking_becomes_a_data_bank_that_is_read_like_any_other(
    tmp_path: Path, capsys: Captured
) -> None:
    file, bank = figures(tmp_path / "f.csv"), tmp_path / "bank"
    label = tmp_path / "about.toml"
    label.write_text('id = "schools"\ntitle = { ru = "Школы", en = "Schools" }', "utf-8")
    line = ["rank", str(file), "--release", str(bank), "--about", str(label)]
    document = machine(line, capsys)
    first = Path(document["release"]["path"])
    assert machine(["show", str(first)], capsys)["listed"] == document["listed"]
    assert "Schools. Release" in said(["show", str(first), "--lang", "en"], capsys)
    assert "Школы. Выпуск" in said(["show", str(first), "--lang", "ru"], capsys)
    assert run(["report", str(first), "--out", str(tmp_path / "r.html")]) == 0
    assert run(["export", str(first), "--out", str(tmp_path / "x")]) == 0
    assert run(["verify", str(first)]) == 8
    assert run(["verify", str(first), "--file", str(file)]) == 0
    figures(file, first=95)
    assert run(["rank", str(file), "--release", str(bank)]) == 0
    assert run(["verify", str(first), "--file", str(file)]) == 8
    second = first.with_name(f"{first.name.split('.')[0]}.2")
    in_english = said(["diff", str(second), "--lang", "en"], capsys)
    assert "Minor: the data changed" in in_english
    assert "came onto the list" in in_english
    assert "new data moved it by more than noise explains" in in_english
    in_russian = said(["diff", str(second), "--lang", "ru"], capsys)
    assert "попала в список" in in_russian
    told = machine(["diff", str(second)], capsys)
    assert (told["change"], told["previous"]) == ("minor", first.name)
    assert machine(["diff", str(second), str(first)], capsys)["changes"] == told["changes"]
    assert machine(["diff", str(first)], capsys)["previous"] is None
    assert "is the first release" in said(["diff", str(first), "--lang", "en"], capsys)


def test_value_added_becomes_a_data_bank(tmp_path: Path, capsys: Captured) -> None:
    people = [
        (f"s{j}", i % 10, round(0.5 * (i % 10) + 0.4 * (j - 4) + ((i * 7 + j) % 5 - 2) / 4, 3))
        for j in range(9)
        for i in range(40)
    ]
    file = write(tmp_path / "e.csv", ["school", "before", "after"], people)
    line = ["value-added", str(file), "--outcome", "after", "--intake", "before"]
    line += ["--provider", "school", "--release", str(tmp_path / "bank")]
    document = machine(line, capsys)
    path = document["release"]["path"]
    shown = said(["show", path, "--lang", "en"], capsys)
    assert "Effect: Value added. Plus is better." in shown
    assert run(["verify", path, "--file", str(file)]) == 0
    assert machine(["show", path], capsys)["listed"] == document["listed"]


def test_a_label_without_a_release_is_a_mistake(tmp_path: Path) -> None:
    file = figures(tmp_path / "f.csv")
    assert run(["rank", str(file), "--about", str(tmp_path / "about.toml")]) == 2


def test_what_a_workspace_is_called_stands_in_its_releases(
    evaluated: Path, tmp_path: Path, capsys: Captured
) -> None:
    workspace = tmp_path / "w"
    shutil.copytree(evaluated, workspace)
    label = tmp_path / "about.toml"
    label.write_text('id = "union"\nlicence = "CC0"', "utf-8")
    document = machine(["evaluate", str(workspace), "--about", str(label)], capsys)
    about = document["manifest"]["about"]
    assert (about["id"], about["licence"]) == ("union", "CC0")
    assert about["title"]["ru"] == "Обучение муниципальных служащих"
    # the same records and rules, computed anew: nothing has changed and nothing is said to have
    assert document["manifest"]["change"] == "patch"
    assert {row["change"] for row in document["changes"]} <= {"same", "stayed_on_list"}
    assert {row["cause"] for row in document["changes"]} == {None}
    assert "patch: the same data" in said(["show", document["path"], "--lang", "en"], capsys)
    assert run(["verify", document["path"]]) == 0
