"""What goes to stdout and to stderr, and how figures look."""

import contextlib
import json
import os
import pty
import subprocess
import sys

import pytest

from otdacha.cli.tables import figure, table
from otdacha.cli.verb import Answer
from otdacha.cli.voice import Voice
from otdacha.language import text


@pytest.mark.parametrize(
    ("value", "language", "said"),
    [
        (1234.5, "en", "1,234.50"),
        (1234.5, "ru", "1\u00a0234,50"),
        (-0.5, "ru", "−0,50"),
        (-0.001, "en", "0.00"),
        (None, "ru", "—"),
        (float("nan"), "en", "—"),
    ],
)
def test_a_figure_is_written_as_its_language_writes_it(
    value: float | None, language: str, said: str
) -> None:
    assert figure(value, language, 2) == said


def test_a_figure_with_its_sign_says_plus() -> None:
    assert figure(0.25, "en", 2, plus=True) == "+0.25"
    assert figure(-0.25, "en", 2, plus=True) == "−0.25"


def test_the_answer_for_a_machine_is_one_json_document(capsys: pytest.CaptureFixture[str]) -> None:
    document = {"name": "Отдача", "figures": [1.5, float("nan")], "nothing": None}
    Voice("ru", machine=True).answer(Answer(document, [text("Not for machines.")]))
    assert json.loads(capsys.readouterr().out) == {
        "name": "Отдача",
        "figures": [1.5, None],
        "nothing": None,
    }


def test_brackets_in_a_name_are_not_markup(capsys: pytest.CaptureFixture[str]) -> None:
    voice = Voice("en")
    drawn = table(voice, {"name": text("Provider")}, [["Centre [red] of learning"]])
    voice.answer(Answer({}, [drawn, text("Said [bold] too.")]))
    said = capsys.readouterr().out
    assert "Centre [red] of learning" in said
    assert "Said [bold] too." in said


def test_a_wide_table_is_not_cut_where_there_is_no_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    voice = Voice("en")
    names = {str(i): text("Provider") for i in range(10)}
    voice.answer(Answer({}, [table(voice, names, [["x" * 40 + str(i) for i in range(10)]])]))
    said = capsys.readouterr().out
    assert all("x" * 40 + str(i) in said for i in range(10))


def test_quick_work_says_nothing_where_there_is_no_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with Voice("en").progress() as progress:
        for done in range(101):
            progress(text("Reading cases"), done, 100)
    assert capsys.readouterr() == ("", "")


def test_slow_work_without_a_terminal_tells_how_far_it_is_on_stderr(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("otdacha.cli.voice.QUICK", 0.0)
    with Voice("en").progress() as progress:
        for done in range(101):
            progress(text("Reading cases"), done, 100)
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == "Reading cases: 0/100\n"


def test_a_terminal_gets_a_bar() -> None:
    master, slave = pty.openpty()
    code = (
        "from otdacha.cli.voice import Voice; from otdacha.language import text\n"
        "with Voice('en').progress() as listen:\n"
        "    for done in range(4): listen(text('Reading cases'), done, 3)\n"
    )
    subprocess.run([sys.executable, "-c", code], stderr=slave, check=True)
    os.close(slave)
    drawn = b""
    with contextlib.suppress(OSError):
        while part := os.read(master, 4096):
            drawn += part
    os.close(master)
    assert b"Reading cases" in drawn
    assert b"3/3" in drawn
