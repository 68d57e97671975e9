"""Every way a run can end has its code and its words, and no traceback for what users can mend."""

import errno
import json

import pytest

from otdacha.cli.faults import INTERRUPTED, UNEXPECTED, interrupted, report
from otdacha.cli.run import run
from otdacha.cli.voice import Voice
from otdacha.errors import FileProblem, NothingToEstimate, ReleaseProblem
from otdacha.language import text

ENGLISH = Voice("en")


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (FileProblem(text("x.csv is empty.")), 3),
        (NothingToEstimate(text("No clean cells.")), 6),
        (ReleaseProblem(text("No release there.")), 7),
        (interrupted(), INTERRUPTED),
        (OSError(errno.ENOSPC, "No space left on device", "/x/y.parquet"), 4),
        (OSError(errno.EFBIG, "File too large"), 4),
        (RuntimeError("parquet: underlying IO error: No space left on device (os error 28)"), 4),
        (PermissionError(errno.EACCES, "Permission denied", "/x"), 4),
        (ZeroDivisionError("x"), UNEXPECTED),
    ],
)
def test_each_fault_has_its_exit_code(
    fault: Exception, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert report(fault, ENGLISH) == code
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("Error: ")
    assert ("ZeroDivisionError" in said.err) == (code == UNEXPECTED)


def test_a_full_disk_is_named_with_the_file(capsys: pytest.CaptureFixture[str]) -> None:
    report(OSError(errno.ENOSPC, "No space left on device", "/x/y.parquet"), ENGLISH)
    said = capsys.readouterr().err
    assert "no room left on the disk (/x/y.parquet)" in said
    assert "Traceback" not in said


def test_a_machine_gets_its_fault_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    report(FileProblem(text("x.csv is empty.")), Voice("en", machine=True))
    assert json.loads(capsys.readouterr().err) == {
        "error": {"kind": "FileProblem", "exit_code": 3, "message": "x.csv is empty."}
    }


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (["chek"], "There is no verb chek. Did you mean check?"),
        (["qqq"], "There is no verb qqq. See: otdacha --help"),
        (["check"], "DIR is missing. See: otdacha check --help"),
        (["check", "a", "b"], "Too many arguments: b. See: otdacha check --help"),
        (["check", "a", "--fast"], "There is no option --fast. See: otdacha check --help"),
        (["add", "a", "b", "c", "--profile"], "Option --profile: its value is missing"),
        (["add", "a", "b", "c", "--set", "x"], "--set x: write it as column=value"),
        (["--lang", "fr"], "fr"),
    ],
)
def test_a_command_line_that_is_not_understood_ends_with_2(
    line: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*line, "--lang", "en"] if "--lang" not in line else line) == 2
    printed = capsys.readouterr()
    assert said in printed.err
    assert printed.out == ""


def test_no_words_at_all_show_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--lang", "en"]) == 0
    assert "Verbs:" in capsys.readouterr().out


def test_it_says_its_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == 0
    assert capsys.readouterr().out.startswith("otdacha 0.")
