"""Every verb on a small union, in both languages and for machines."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from otdacha.cli.run import run
from otdacha.cli.verb import Verb
from otdacha.cli.verbs import VERBS
from tests.unit.cli.processes import PROGRAM, otdacha
from tests.unit.cli.small_union import write

Captured = pytest.CaptureFixture[str]


def machine(line: list[str], captured: Captured) -> dict[str, Any]:
    """The JSON document of a command line that ends well."""
    captured.readouterr()
    assert run([*line, "--json"]) == 0
    document = json.loads(captured.readouterr().out)
    assert isinstance(document, dict)
    return document


@pytest.mark.parametrize(("language", "words"), [("ru", "Пример:"), ("en", "Example:")])
@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name)
def test_every_verb_has_help_with_an_example_in_both_languages(
    verb: Verb, language: str, words: str, capsys: Captured
) -> None:
    name = verb.name
    assert run([name, "--help", "--lang", language]) == 0
    said = capsys.readouterr().out
    assert f"\n{words}\n  otdacha {name} " in said
    assert {"ru": "Ключи:", "en": "Options:"}[language] in said
    assert max(map(len, said.splitlines())) <= 80


def test_help_lists_every_verb_without_loading_what_is_heavy() -> None:
    asked = (
        "import sys; from otdacha.cli.run import run; run(['--help']);"
        "print(sorted({'polars', 'duckdb', 'ibis', 'scipy', 'numpy'} & set(sys.modules)))"
    )
    ended = otdacha(program=[sys.executable, "-c", asked])
    assert all(f"  {verb.name} " in ended.stdout for verb in VERBS)
    assert ended.stdout.splitlines()[-1] == "[]"


def test_a_terminal_that_lacks_letters_gets_question_marks_and_a_machine_utf_8(
    release: Path,
) -> None:
    poor = {**os.environ, "PYTHONIOENCODING": "cp866"}
    ended = otdacha("show", release, env=poor, encoding="cp866")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "Академия (вымышлена)" in ended.stdout
    machine = otdacha("show", release, "--json", env=poor, encoding="utf-8")
    assert json.loads(machine.stdout)["providers"][0]["name"].endswith("(вымышлена)")


def test_add_tells_what_it_recognised_and_the_same_file_twice_is_nothing_new(
    files: Path, tmp_path: Path, capsys: Captured
) -> None:
    workspace = str(tmp_path / "w")
    assert run(["init", workspace, "--lang", "en"]) == 0
    line = ["add", workspace, "providers", str(files / "providers.csv")]
    capsys.readouterr()
    assert run(line) == 0
    said = capsys.readouterr().out
    assert "2 rows accepted, rejected: 0" in said
    assert "utf-8, separator “;”, header in row 1; provider ← ИНН, name ← Наименование" in said
    assert run(line) == 0
    assert "was added before" in capsys.readouterr().out
    document = machine(line, capsys)
    assert document["already_there"] is True
    assert document["accepted"] == 2


def test_set_gives_a_column_that_the_file_lacks(tmp_path: Path, capsys: Captured) -> None:
    workspace = str(tmp_path / "w")
    assert run(["init", workspace, "--lang", "en"]) == 0
    file = write(tmp_path / "u.csv", ["Подразделение"], [["Отдел 1"], ["Отдел 2"]])
    assert run(["add", workspace, "units", str(file)]) == 3
    line = ["add", workspace, "units", str(file), "--set", "municipality=28701000"]
    assert machine(line, capsys)["accepted"] == 2


def test_rejected_rows_are_shown_and_saved_and_a_batch_can_be_withdrawn(
    tmp_path: Path, capsys: Captured
) -> None:
    workspace = str(tmp_path / "w")
    assert run(["init", workspace, "--lang", "en"]) == 0
    rows = [["7707083893", "A"], *([f"770708389{i % 3}", "B"] for i in range(60))]
    file = write(tmp_path / "p.csv", ["ИНН", "Наименование"], rows)
    batch = str(machine(["add", workspace, "providers", str(file)], capsys)["id"])
    out = tmp_path / "rejected.csv"
    assert run(["rejected", workspace, batch, "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert "All 60 are in" in said
    saved = pl.read_csv(out)
    assert saved.height == 60
    assert saved["row"].to_list() == list(range(3, 63))
    assert run(["rejected", workspace, batch, "--out", str(tmp_path / "x.doc")]) == 2
    assert run(["withdraw", workspace, batch]) == 0
    assert run(["withdraw", workspace, batch]) == 4
    capsys.readouterr()
    assert run(["check", workspace, "--json"]) == 8
    assert json.loads(capsys.readouterr().out)["batches"] == []


def test_rejected_rows_are_corrected_in_excel_and_added(tmp_path: Path, capsys: Captured) -> None:
    workspace = str(tmp_path / "w")
    assert run(["init", workspace, "--lang", "en"]) == 0
    file = write(tmp_path / "u.csv", ["Подразделение", "Наименование"], [["Архив", "А"], ["", "Б"]])
    constant = ["--set", "municipality=28701000"]
    line = ["add", workspace, "units", str(file), *constant]
    correct = tmp_path / "correct.xlsx"
    assert run([*line, "--rejected", str(tmp_path / "correct.csv")]) == 2
    first = str(machine([*line, "--rejected", str(correct)], capsys)["id"])
    book = openpyxl.load_workbook(correct)
    book.worksheets[0]["C2"] = "Отдел кадров"
    book.save(correct)
    back = machine(["add", workspace, "units", str(correct)], capsys)
    assert (back["accepted"], back["corrects"], back["corrected_rows"]) == (1, first, [3])
    assert run(["rejected", workspace, first]) == 0
    assert f"1 row of these has been corrected since (batch {back['id']})" in (
        capsys.readouterr().out
    )
    again = ["rejected", workspace, first, "--source", str(file), "--out", str(correct)]
    assert run([*again, *constant]) == 0
    assert "0 rows to correct" in capsys.readouterr().out
    assert run(again) == 3


def test_check_counts_what_every_table_holds_and_lists_the_files(
    evaluated: Path, capsys: Captured
) -> None:
    document = machine(["check", str(evaluated)], capsys)
    assert document["serious"] == 0
    names = [batch["batch"] for batch in document["batches"]]
    assert run(["check", str(evaluated), "--lang", "en"]) == 0
    short = capsys.readouterr().out
    assert "1,920" in short
    assert not any(name in short for name in names)
    assert run(["check", str(evaluated), "--batches"]) == 0
    full = capsys.readouterr().out
    assert all(name in full for name in names)


@pytest.mark.parametrize(
    ("language", "words"),
    [("ru", ["Организация", "Лучше:", "Плюс — лучше"]), ("en", ["Organisation", "Better:"])],
)
def test_show_prints_everybody_with_an_interval(
    release: Path, language: str, words: list[str], capsys: Captured
) -> None:
    capsys.readouterr()
    assert run(["show", str(release), "--lang", language]) == 0
    said = capsys.readouterr().out
    assert all(word in said for word in words)
    assert said.count(" … ") >= 2


def test_show_for_machines_is_the_release(release: Path, capsys: Captured) -> None:
    document = machine(["show", str(release)], capsys)
    assert document["release"] == release.name
    assert {row["provider"] for row in document["providers"]} == {
        "7707083893",
        "7728168971",
    }


def test_report_is_written_in_the_language_asked_for(release: Path, tmp_path: Path) -> None:
    for language, word in (("ru", "Как это читать"), ("en", "How to read this")):
        out = tmp_path / f"{language}.html"
        assert run(["report", str(release), "--out", str(out), "--lang", language]) == 0
        assert word in out.read_text("utf-8")


@pytest.mark.parametrize(("format", "files_there"), [("csv", 15), ("xlsx", 1), ("json", 1)])
def test_export_writes_the_tables(
    release: Path, tmp_path: Path, format: str, files_there: int, capsys: Captured
) -> None:
    line = ["export", str(release), "--format", format, "--out", str(tmp_path / "x")]
    written = machine(line, capsys)["files"]
    assert len(written) == files_there
    assert all(Path(file).is_file() for file in written)


def test_export_refuses_a_format_that_it_does_not_know(release: Path) -> None:
    assert run(["export", str(release), "--format", "doc"]) == 2


def test_verify_computes_the_release_again(
    release: Path, tmp_path: Path, evaluated: Path, capsys: Captured
) -> None:
    assert machine(["verify", str(release)], capsys)["good"] is True
    copied = tmp_path / release.name
    shutil.copytree(release, copied)
    assert run(["verify", str(copied)]) == 8
    assert machine(["verify", str(copied), "--workspace", str(evaluated)], capsys)["recomputed"]
    (copied / "README.md").write_text("altered", "utf-8")
    assert run(["verify", str(copied)]) == 7
    assert run(["verify", str(tmp_path / "nowhere")]) == 7


def test_rank_needs_no_workspace(tmp_path: Path, capsys: Captured) -> None:
    rows = [(f"p{i}", 3 * i, 100) for i in range(1, 31)] + [("few", 4, 5), ("hidden", "*", "*")]
    file = write(tmp_path / "s.csv", ["provider", "successes", "n"], rows)
    out = tmp_path / "ranking.parquet"
    document = machine(["rank", str(file), "--out", str(out)], capsys)
    states = {row["provider"]: row["state"] for row in document["providers"]}
    assert states["few"] == "insufficient evidence"
    assert states["hidden"] == "suppressed"
    # shares are compared with their mean: everybody's is above zero
    assert 0.3 < document["threshold"] < 0.6
    assert 5 < len(document["listed"]) < 25
    assert pl.read_parquet(out).height == 32
    assert machine(["rank", str(file), "--against", "zero"], capsys)["threshold"] == 0
    assert run(["rank", str(file), "--lang", "ru"]) == 0
    assert "Не ранжирована 1 организация (скрыто)." in capsys.readouterr().out
    assert run(["rank", str(file), "--against", "best"]) == 2
    assert run(["rank", str(file), "--out", str(tmp_path / "x.doc")]) == 2


def test_rank_says_what_it_expected_of_whom(tmp_path: Path, capsys: Captured) -> None:
    rows = [
        (f"p{i}", round(0.5 * (i % 2) + 0.1 * ((7 * i) % 5 - 2), 3), 0.2, f"{i % 2}", i % 7)
        for i in range(40)
    ]
    file = write(tmp_path / "f.csv", ["provider", "estimate", "se", "type", "size"], rows)
    line = ["rank", str(file), "--covariates", "type,size:number"]
    document = machine(line, capsys)
    terms = {row["term"]: row["coefficient"] for row in document["prior"]["expected"]}
    assert set(terms) == {"(intercept)", "type=1", "size"}  # codes are categories
    assert 0.4 < terms["type=1"] < 0.6
    assert machine(["rank", str(file)], capsys)["prior"]["expected"] == []
    assert run([*line, "--lang", "en"]) == 0
    assert "difference where type is 1" in capsys.readouterr().out
    for wrong, said in (
        ("kind", "has no column kind"),
        ("provider:number", "row 2, column provider: “p0” is not a number. Such rows: 40."),
    ):
        assert run(["rank", str(file), "--covariates", wrong, "--lang", "en"]) == 3
        assert said in " ".join(capsys.readouterr().err.split())
    # named twice it is one; a name says nothing of what a provider is like
    assert machine(["rank", str(file), "--covariates", "type,size:number,type"], capsys) == document
    alone = machine(["rank", str(file), "--covariates", "provider"], capsys)
    assert alone["prior"]["expected"] == []
    windows = [(f"p{i}", w, 0.1 * i + 0.1 * w, f"{i % 2}") for i in range(30) for w in range(3)]
    windows[4] = ("p1", 1, 0.2, "0")
    twice = write(tmp_path / "t.csv", ["provider", "window", "estimate", "type"], windows)
    assert run(["rank", str(twice), "--covariates", "type", "--lang", "en"]) == 3
    said_of_it = " ".join(capsys.readouterr().err.split())
    assert "rows of p1 say different things in type" in said_of_it


def test_value_added_prints_the_fit_and_who_can_be_told_apart(
    tmp_path: Path, capsys: Captured
) -> None:
    people = [
        (f"s{j}", i % 10, round(0.5 * (i % 10) + 0.4 * (j - 4) + ((i * 7 + j) % 5 - 2) / 4, 3))
        for j in range(9)
        for i in range(40)
    ]
    file = write(tmp_path / "e.csv", ["school", "before", "after"], people)
    line = ["value-added", str(file), "--outcome", "after", "--intake", "before"]
    line += ["--provider", "school"]
    document = machine(line, capsys)
    assert document["fit"]["slope"] == pytest.approx(0.5, abs=0.05)
    apart = document["told_apart_from_the_mean"]
    assert apart["above"] >= 3
    assert apart["either_side"] >= 6
    assert run([*line, "--lang", "en"]) == 0
    assert "−2 log likelihood" in capsys.readouterr().out
    assert run([*line[:-2], "--lang", "en"]) == 2
    assert "--provider is missing" in capsys.readouterr().err


def test_value_added_clears_the_organisations_of_crossed_groupings_and_needs_no_intake(
    tmp_path: Path, capsys: Captured
) -> None:
    people = [
        (
            f"s{j}",
            f"t{(i * 3 + j) % 7}",
            f"d{(i + j) % 4}",
            round(0.4 * j + 0.3 * ((i * 3 + j) % 7) + 0.2 * ((i + j) % 4) + ((i * 7) % 5) / 4, 3),
        )
        for j in range(9)
        for i in range(40)
    ]
    file = write(tmp_path / "e.csv", ["school", "teacher", "dept", "after"], people)
    line = ["value-added", str(file), "--outcome", "after", "--provider", "school"]
    line += ["--crossed", "teacher", "--crossed", "dept"]
    fit = machine(line, capsys)["fit"]
    assert fit["intake"] is None
    assert fit["levels"] == {"school": 9, "teacher": 7, "dept": 4}
    assert set(fit["variances"]) == {"school", "teacher", "dept"}
    assert run([*line, "--lang", "en"]) == 0
    said = capsys.readouterr().out
    assert "No intake was given" in said
    assert "Variance between levels of teacher" in said
    assert "Slope of" not in said
    assert run([*line, "--crossed", "school", "--lang", "en"]) == 6
    assert "school and school divide the rows in the same way" in capsys.readouterr().err
    assert run([*line, "--crossed", "town", "--lang", "en"]) == 3
    assert "town" in capsys.readouterr().err


def test_value_added_names_the_cell_that_is_no_number(tmp_path: Path, capsys: Captured) -> None:
    file = write(
        tmp_path / "e.csv", ["school", "before", "after"], [("a", "1", "2,5"), ("b", "x", "3")]
    )
    line = ["value-added", str(file), "--outcome", "after", "--intake", "before"]
    assert run([*line, "--provider", "school", "--lang", "en"]) == 3
    assert "row 3, column before: “x” is not a number" in capsys.readouterr().err


def test_a_methodology_that_is_not_valid_ends_with_5(evaluated: Path, tmp_path: Path) -> None:
    (tmp_path / "m.toml").write_text("id = 1", "utf-8")
    line = ["evaluate", str(evaluated), "--methodology", str(tmp_path / "m.toml")]
    assert run(line) == 5


def test_the_demo_walks_the_whole_way_and_refuses_a_folder_that_is_not_its_own(
    tmp_path: Path, capsys: Captured
) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").touch()
    assert run(["demo", str(tmp_path / "mine"), "--scale", "0.02"]) == 2
    assert run(["demo", str(tmp_path / "x"), "--scale", "2"]) == 2
    assert [entry.name for entry in (tmp_path / "mine").iterdir()] == ["letter.txt"]
    capsys.readouterr()
    union = tmp_path / "union"
    # in a process of its own: it publishes, and this one has the database of the site's tests
    ended = subprocess.run(
        [*PROGRAM, "demo", str(union), "--scale", "0.02", "--lang", "en"],
        capture_output=True,
        text=True,
        check=True,
    )
    said = ended.stdout
    assert "are invented: the organisations and people do not exist" in said
    assert f"$ otdacha evaluate {union}/workspace" in said
    assert "known only because the union is invented" in said
    assert f"otdacha serve {union}/workspace" in said
    assert (union / "report.html").is_file()
    assert (union / "workspace" / "site.sqlite3").is_file()
    (union / "note.txt").touch()
    assert run(["demo", str(union), "--scale", "0.02"]) == 2
    assert (union / "note.txt").is_file()
    assert (union / "workspace" / "releases").is_dir()
