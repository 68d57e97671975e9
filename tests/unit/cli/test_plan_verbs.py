"""The verbs of a plan: its papers, its reasons, and how it is made anew."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import tomllib
from dataclasses import replace
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from docx import Document

from otdacha.cli.plan_explained import explained_shown
from otdacha.cli.run import run
from otdacha.cli.verb import Answer
from otdacha.cli.voice import Voice
from otdacha.documents.words import SOURCES
from otdacha.programme.plan import Plan, load_plan, make_plan
from otdacha.programme.wording import NOT_GAINED
from otdacha.records import open_workspace
from tests.unit.cli.small_union import snils, town, write
from tests.unit.programme.planned_union import NEEDS, OTHER, PROVEN, TOPIC, make_union

Captured = pytest.CaptureFixture[str]
NEW_YEAR = dt.date(2026, 1, 1)
ROSTER = ("СНИЛС", "ФИО", "Подразделение", "Дата приёма")
WHO, OTHERS = snils(1), snils(3)
"""People of the first town: the plan sends them (`planned`)."""


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The union of three towns; in its first town the law sends two people more, known by СНИЛС.
    The plan has been explained."""
    union = make_union(tmp_path_factory.mktemp("verbs"))
    law = ("требование закона", "2026-12-31")
    named = [(town(0), str(10 + at), who, TOPIC, *law) for at, who in enumerate((WHO, OTHERS))]
    header = (NEEDS[0], NEEDS[1], "СНИЛС", *NEEDS[4:])
    file = write(union.parent / "files" / "named.csv", header, named)
    assert run(["add", str(union), "needs", str(file)]) == 0
    make_plan(open_workspace(union), today=NEW_YEAR, explained=True)
    return union


@pytest.fixture
def union(planned: Path, tmp_path: Path) -> Path:
    """A copy that a test may write to."""
    copy = tmp_path / "union"
    shutil.copytree(planned, copy)
    return copy


@pytest.fixture(scope="module")
def plan(planned: Path) -> Plan:
    return load_plan(planned / "plans" / "2026.1")


def roster(folder: Path, *people: tuple[str, str]) -> Path:
    rows = [(who, name, "Отдел 2", "2022-01-01") for who, name in people]
    return write(folder / "roster.csv", ROSTER, rows)


# --- the papers --------------------------------------------------------------------------------


def test_the_passport_says_what_is_left_to_fill_in_and_takes_it_from_the_workspace(
    union: Path, tmp_path: Path, capsys: Captured
) -> None:
    path, word = str(union / "plans" / "2026.1"), tmp_path / "passport.docx"
    assert run(["passport", path, "--out", str(word), "--json"]) == 0
    asked = json.loads(capsys.readouterr().out)["to_fill_in"]
    assert {"executor", "signed_by"} <= set(asked)
    assert run(["template", "passport", str(union / "passport.toml")]) == 0
    fields = union / "passport.toml"
    filled = fields.read_text("utf-8").replace('# executor = ""', 'executor = "Китеж"')
    fields.write_text(filled, "utf-8")
    capsys.readouterr()
    second = tmp_path / "second.docx"
    assert run(["passport", path, "--out", str(second), "--lang", "en"]) == 0
    printed = capsys.readouterr().out
    assert "signed_by: initials and surname" in printed
    assert "executor:" not in printed
    cells = [cell.text for table in Document(str(second)).tables for cell in table._cells]
    assert "Китеж" in cells


def test_the_fields_to_fill_in_are_those_that_a_passport_has(tmp_path: Path) -> None:
    from otdacha.documents.plan import load_fields
    from otdacha.documents.plan.fields import Fields

    file = tmp_path / "passport.toml"
    assert run(["template", "passport", str(file)]) == 0
    assert load_fields(file) == Fields()  # everything is behind a #
    written = [line.removeprefix("# ") for line in file.read_text("utf-8").splitlines()]
    entries = [line for line in written if " = " in line or line == "[[known]]"]
    assert set(tomllib.loads("\n".join(entries))) == set(Fields.model_fields)
    file.write_text("\n".join(entries), "utf-8")
    load_fields(file)


def test_the_form_of_a_passport_can_be_changed_and_given_back(
    planned: Path, tmp_path: Path
) -> None:
    form, word = tmp_path / "form.docx", tmp_path / "passport.docx"
    assert run(["template", "passport", str(form)]) == 0
    own = Document(str(form))
    own.add_paragraph("Согласовано: {{ title }}")
    own.save(str(form))
    path = str(planned / "plans" / "2026.1")
    assert run(["passport", path, "--template", str(form), "--out", str(word)]) == 0
    assert Document(str(word)).paragraphs[-1].text.startswith("Согласовано: ")


def test_a_plan_is_a_workbook_and_open_data(planned: Path, tmp_path: Path) -> None:
    path, book = str(planned / "plans" / "2026.1"), tmp_path / "plan.xlsx"
    assert run(["workbook", path, "--out", str(book)]) == 0
    assert len(openpyxl.load_workbook(book).sheetnames) == 4 + 3  # a sheet for each town
    opened = tmp_path / "open"
    assert run(["export", path, "--format", "csv", "--out", str(opened)]) == 0
    files = {file.stem.removeprefix("otdacha-plan-2026.1-"): file for file in opened.iterdir()}
    assert {"lines", "unmet", "results", "data_dictionary"} <= set(files)
    assert "people" not in files
    del files["data_dictionary"]
    told = [file.read_text("utf-8") for file in files.values()]
    assert any("suppressed" in content for content in told)  # towns of a few people


# --- who goes ----------------------------------------------------------------------------------


def test_names_come_from_the_officers_own_list_and_stay_in_the_one_file(
    union: Path, tmp_path: Path, capsys: Captured
) -> None:
    path, file = union / "plans" / "2026.1", tmp_path / "who.xlsx"
    own = roster(tmp_path, (WHO, "Лесная Вера"), (snils(5), "Никуда Неедущий"))
    before = sorted(union.rglob("*"))
    here = ["--set", f"municipality={town(0)} 000"]  # ОКТМО as forms of statistics write it
    assert run(["names", str(path), str(own), str(file), *here, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert "Лесная" not in json.dumps(told, ensure_ascii=False)
    seats = load_plan(path).tables["people"].filter(municipality=town(0))
    assert (told["named"], told["not_listed"]) == (1, 1)
    assert told["to_be_named"] == seats.height - 2
    sheet = openpyxl.load_workbook(file).worksheets[0]
    written = [[cell.value for cell in row] for row in sheet.iter_rows()]
    (row,) = [row for row in written if "Лесная Вера" in row]
    assert TOPIC in row
    assert [row for row in written if "Никуда Неедущий" in row] == []
    assert sum("нет в этом списке сотрудников" in row for row in written) == 1
    assert file.stat().st_mode & 0o077 == 0  # nobody else may read it
    assert sorted(union.rglob("*")) == before


@pytest.mark.parametrize(
    ("people", "to", "code", "said"),
    [
        ([(WHO, "Лесная Вера")], "union/who.xlsx", 4, "holds no names of people"),
        ([(WHO, "Лесная Вера")], "taken.xlsx", 3, "is there already"),
        ([(WHO, "Лесная Вера")], "who.csv", 3, "call the file something.xlsx"),
        ([(snils(5), "Никуда Неедущий")], "who.xlsx", 3, "tells none of the people"),
    ],
)
def test_names_are_not_written_where_they_may_not_be(
    union: Path,
    tmp_path: Path,
    people: list[tuple[str, str]],
    to: str,
    code: int,
    said: str,
    capsys: Captured,
) -> None:
    (tmp_path / "taken.xlsx").write_bytes(b"mine")
    line = ["names", str(union / "plans" / "2026.1"), str(roster(tmp_path, *people))]
    line += [str(tmp_path / to), "--set", f"municipality={town(0)}", "--lang", "en"]
    assert run(line) == code
    assert said in capsys.readouterr().err
    assert (tmp_path / "taken.xlsx").read_bytes() == b"mine"
    assert not (union / "who.xlsx").exists()


# --- why, and anew -----------------------------------------------------------------------------


def test_show_puts_the_other_plans_into_words(planned: Path, capsys: Captured) -> None:
    path = str(planned / "plans" / "2026.1")
    assert run(["show", path, "--lang", "en"]) == 0
    printed = capsys.readouterr().out
    for title in (
        "The same money, given out otherwise",
        "As many people as possible, the cheapest first",
        "If there were less money or more",
        "Impossible: what must be done costs more",  # a quarter of the money
        "What the next 100,000 ₽ of a source would bring",
        "If it turns out otherwise",
        "Prices and travel 10 % dearer",
    ):
        assert title in printed, title
    assert "made with --explained" not in printed
    assert run(["show", path, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    shares = [0.25, 0.5, 0.75, 0.9, 1, 1.25, 1.5, 2]
    assert [row["share"] for row in document["frontier"]] == shares
    assert {"rivals", "shadow", "sensitivity", "robustness", "results"} <= set(document)
    assert "people" not in document


def test_show_says_why_more_money_of_a_source_brings_nothing(plan: Plan, capsys: Captured) -> None:
    first = plan.tables["shadow"].head(1)
    rows = [
        first.with_columns(year=pl.lit(year, pl.Int64), gained=pl.lit(0.0), why=pl.lit(why))
        for year, why in ((2026, "capped"), (2027, "capped"), (2028, "no_plan_in_time"))
    ]
    tables = {**plan.tables, "shadow": pl.concat([*rows, first.with_columns(gained=pl.lit(7.0))])}
    voice = Voice("en")
    voice.answer(Answer({}, explained_shown(voice, replace(plan, tables=tables))))
    printed = capsys.readouterr().out
    source = SOURCES[first["source"][0]].said("en")
    capped, late = (NOT_GAINED[code].said("en") for code in ("capped", "no_plan_in_time"))
    assert f"Would bring nothing: {source} 2026, {source} 2027. {capped}." in printed
    assert f"Not known of: {source} 2028. {late}." in printed


def contracted(union: Path, plan: Plan) -> int:
    """Sign for the first line of the second run; its seats."""
    line = plan.tables["lines"].filter(offer="Б1").row(0, named=True)
    key = {name: line[name] for name in ("municipality", "provider", "offer")}
    rows = [
        (*key.values(), "К-1", line["seats"], source, code, amount, "2026-01-20")
        for source, code, amount in plan.tables["funding"]
        .filter(**key)
        .select("source", "code", "amount")
        .iter_rows()
    ]
    header = ("municipality", "provider", "offer", "contract", "seats", "source", "code", "amount",
              "signed")  # fmt: skip
    file = write(union.parent / "contracts.csv", header, rows)
    assert run(["add", str(union), "contracts", str(file)]) == 0
    return int(line["seats"])


def test_a_plan_that_is_made_anew_says_what_it_kept_and_what_has_moved(
    union: Path, plan: Plan, capsys: Captured
) -> None:
    before = union / "plans" / "2026.1"
    signed = contracted(union, plan)
    capsys.readouterr()
    # in March the first run has begun: whoever is not signed for can only go to the second
    line = ["plan", str(union), "--replan", str(before), "--today", "2026-03-10"]
    assert run([*line, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["replanned_from"]["seats"] == signed
    moved = document["moved"]
    seats = plan.figures["people"]
    assert moved["stay"] + moved["gone"] == seats
    assert moved["stay"] + moved["come"] == document["figures"]["people"]
    assert moved["gone"] > 0
    gone = {row["offer"] for row in moved["lines"] if row["change"] == "gone"}
    come = {row["offer"] for row in moved["lines"] if row["change"] in ("new", "more")}
    assert gone <= {"А1"}
    assert come <= {"Б1"}
    assert {row["provider"] for row in moved["lines"]} <= {PROVEN, OTHER}
    assert run(["show", document["path"], "--lang", "en"]) == 0
    printed = capsys.readouterr().out
    assert "Made anew from plan 2026.1 as of 10.03.2026" in printed
    assert f"No longer planned: {moved['gone']}" in printed
    price = "and are moved: {}. Nobody is moved for less than 10 %"
    count = document["replanned_from"]["moved"]
    assert price.format(count) in printed
    assert run(["diff", document["path"], "--lang", "en"]) == 0
    assert price.format(count) in capsys.readouterr().out
    assert run(["diff", document["path"], "--json"]) == 0
    between = json.loads(capsys.readouterr().out)
    assert between == {"plan": "2026.2", "previous": "2026.1", **moved}
    assert run(["diff", str(before), document["path"], "--json"]) == 0  # and the other way round
    back = json.loads(capsys.readouterr().out)
    assert (back["gone"], back["come"]) == (moved["come"], moved["gone"])
    shutil.rmtree(before)
    assert run(["show", document["path"], "--lang", "en"]) == 0
    assert "The plan before is not there" in capsys.readouterr().out


def test_of_a_plan_only_the_hashes_are_checked(union: Path, capsys: Captured) -> None:
    path = union / "plans" / "2026.1"
    assert run(["verify", str(path), "--json"]) == 8
    told = json.loads(capsys.readouterr().out)
    assert (told["intact"], told["recomputed"]) == (True, False)
    (path / "lines.parquet").write_bytes(b"something else")
    assert run(["verify", str(path), "--lang", "en"]) == 9
    assert "lines.parquet is damaged" in capsys.readouterr().err


# --- bad input ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        (["passport", "{union}"], 9, "is not a plan"),
        (["workbook", "{union}"], 9, "is not a plan"),
        (["names", "{union}", "roster.csv", "who.xlsx"], 9, "is not a plan"),
        (["report", "{plan}"], 2, "is a plan. Its papers"),
        (["diff", "{plan}"], 2, "was not made anew"),
        (["passport", "{plan}", "--fields", "{unknown}"], 3, "boss"),
        (["passport", "{plan}", "--fields", "{nowhere}"], 3, "cannot be read"),
        (["passport", "{plan}", "--out", "{taken}"], 3, "is there already"),
        (["passport", "{plan}", "--out", "passport.pdf"], 3, "something.docx"),
        (["workbook", "{plan}", "--out", "{taken}"], 3, "something.xlsx"),
        (["template", "passport", "{unknown}"], 3, "may be filled in"),
        (["template", "passport", "{taken}"], 3, "is there already"),
        (["template", "passport", "fields.txt"], 3, "passport.toml"),
        (["plan", "{union}", "--replan", "{union}"], 9, "is not a plan"),
        (["plan", "{union}", "--replan", "{stray}"], 2, "does not lie in the workspace"),
        (["plan", "{union}", "--replan", "{plan}", "--year", "2027"], 2, "keeps the years"),
        (["plan", "{union}", "--notice", "30"], 2, "together with --replan"),
        (["plan", "{union}", "--today", "завтра"], 2, "is no day"),
        (["spent", "{stray}"], 4, "lies in no workspace"),
    ],
)
def test_what_cannot_be_done_is_said_and_has_its_code(
    planned: Path, tmp_path: Path, line: list[str], code: int, said: str, capsys: Captured
) -> None:
    plan = planned / "plans" / "2026.1"
    unknown, taken, stray = tmp_path / "f.toml", tmp_path / "t.docx", tmp_path / "plans" / "2026.1"
    unknown.write_text('boss = "И. О."', "utf-8")
    taken.write_bytes(b"mine")
    shutil.copytree(plan, stray)
    names = {
        "union": planned,
        "plan": plan,
        "unknown": unknown,
        "taken": taken,
        "stray": stray,
        "nowhere": tmp_path / "nowhere.toml",
    }
    capsys.readouterr()
    assert run([*(word.format(**names) for word in line), "--lang", "en"]) == code
    assert said in capsys.readouterr().err
    assert taken.read_bytes() == b"mine"
