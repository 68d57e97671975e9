"""The verbs of pay: a scenario, its papers, and why somebody is paid what they are."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from otdacha.cli.run import run
from tests.invented_scenario import small_scenario
from tests.unit.pay.small_workspace import BUYAN, KITEZH, ONE_LEVEL, small_workspace

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def union(tmp_path: Path) -> Path:
    workspace = small_workspace(tmp_path)
    (workspace.path / "measures.toml").write_text(ONE_LEVEL, "utf-8")
    return workspace.path


def said(captured: Captured) -> dict[str, object]:
    document = json.loads(captured.readouterr().out)
    assert isinstance(document, dict)
    return document


def test_a_scenario_is_made_shown_and_written_down(
    union: Path, tmp_path: Path, capsys: Captured
) -> None:
    assert run(["pay", str(union), "--today", "2026-11-01", "--json"]) == 0
    made = said(capsys)
    scenario = str(made["path"])
    assert made["scenario"] == "2027.1"
    assert made["figures"]["avoided"] is None  # type: ignore[index]
    assert "people" not in made

    assert run(["show", scenario, "--lang", "en"]) == 0
    shown = capsys.readouterr().out
    assert "How many would stay cannot be estimated" in shown
    assert f"otdacha letter {scenario}" in shown
    assert "Not counted with" in shown
    word, excel = tmp_path / "letter.docx", tmp_path / "pay.xlsx"
    assert run(["letter", scenario, "--out", str(word)]) == 0
    assert run(["workbook", scenario, "--out", str(excel)]) == 0
    assert word.stat().st_size > 10_000
    assert excel.stat().st_size > 5_000


def test_other_ways_to_spend_as_much_are_shown_below_the_verdict(
    tmp_path: Path, capsys: Captured
) -> None:
    scenario = small_scenario(tmp_path)
    assert run(["show", str(scenario.path), "--lang", "en"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    verdict = shown.index("that it avoids more exits than 1 other way to spend as much is not")
    assert verdict < shown.index("As much money, spent otherwise")
    assert "The cheapest first 24,000,000 2 5.0 (0.9 to 8.2) 0.5 (−0.1 to 0.8) no: the range" in (
        shown
    )
    assert run(["show", str(scenario.path), "--json"]) == 0
    document = said(capsys)
    assert [row["rule"] for row in document["rivals"]] == [  # type: ignore[attr-defined]
        "chosen", "flat", "cheapest", "alphabetical", "ratio",
    ]  # fmt: skip
    assert document["levels"][0]["amount_en"] == "salary + 5%"  # type: ignore[index]


def test_a_month_of_pay_says_why_it_is_what_it_is(union: Path, capsys: Captured) -> None:
    assert run(["why", str(union), KITEZH, "1", "--month", "2027-03-08", "--json"]) == 0
    (post,) = said(capsys)["posts"]  # type: ignore[misc, attr-defined]
    by_name = {line["component"]: line for line in post["components"]}
    # a full month of March at 40,000, 30 % for length of service, half for special conditions
    assert by_name["salary"]["rubles"] == 40_000
    assert by_name["service"]["rubles"] == 12_000
    assert by_name["special"]["rubles"] == 20_000
    assert by_name["special"]["reference"] == "Закон"
    assert by_name["special"]["valid_from"] == "2027-01-01"


def test_a_month_says_what_measures_make_of_it(union: Path, capsys: Captured) -> None:
    file = str(union / "measures.toml")
    asked = ["why", str(union), KITEZH, "1", "--month", "2027-03-08", "--measures", file]
    assert run([*asked, "--json", "--lang", "en"]) == 0
    (post,) = said(capsys)["posts"]  # type: ignore[misc, attr-defined]
    salary = post["components"][0]
    assert (salary["component"], salary["rubles"]) == ("salary", 44_000)
    assert salary["why"].endswith("before the measures raise it was ₽40,000")


def test_a_badge_of_two_people_is_a_fault_of_the_list(
    union: Path, tmp_path: Path, capsys: Captured
) -> None:
    second = tmp_path / "second.csv"
    head = "ОКТМО;Табельный №;СНИЛС;Подразделение;Должность;Группа;Дата приёма"
    row = f"{KITEZH};1;160-722-394 47;Казна;Юрист;ведущая;01.02.2020"
    second.write_text(f"{head}\n{row}\n", "utf-8")
    assert run(["add", str(union), "posts", str(second)]) == 0
    assert run(["why", str(union), KITEZH, "1", "--month", "2027-03-08", "--lang", "en"]) == 11
    assert "gives the badge 1 to 2 people. Correct the list" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (
            ["why", "{union}", BUYAN, "7", "--month", "2027-03-08"],
            11,
            "nobody in the list of posts has the badge 7",
        ),
        (["why", "{union}", KITEZH, "1", "--month", "2009-03-08"], 11, "2009"),
        (["pay", "{union}", "--measures", "{union}/absent.toml"], 11, "there is no such file"),
        (["letter", "{union}"], 11, "is not a scenario"),
    ],
)
def test_what_cannot_be_answered_is_said(
    union: Path, words: list[str], code: int, message: str, capsys: Captured
) -> None:
    asked = [word.replace("{union}", str(union)) for word in words]

    assert run([*asked, "--lang", "en"]) == code
    assert message in capsys.readouterr().err
