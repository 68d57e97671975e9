"""One road for every settings file: what is wrong is said with file, line and what was expected."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict, Field

from otdacha.documents.plan.fields import load_fields
from otdacha.errors import (
    FileProblem,
    MethodologyProblem,
    OtdachaError,
    ProgrammeProblem,
    WorkspaceProblem,
)
from otdacha.language import Text
from otdacha.methodology import load_methodology, read_settings, read_toml, toml_in
from otdacha.programme.parameters.file import load_parameters
from otdacha.records import load_profile, open_workspace

ROADS: dict[str, tuple[Callable[[Path], object], type[OtdachaError], int]] = {
    "otdacha.toml": (lambda file: open_workspace(file.parent), WorkspaceProblem, 4),
    "methodology.toml": (load_methodology, MethodologyProblem, 5),
    "programme.toml": (load_parameters, ProgrammeProblem, 9),
    "profile.toml": (load_profile, FileProblem, 3),
    "passport.toml": (load_fields, FileProblem, 3),
}
"""By the name of a file: what reads it, and the error and exit code that it ends with."""


class Purse(BaseModel):
    model_config = ConfigDict(extra="forbid")
    holder: str
    amount: float = Field(ge=0)


class Money(BaseModel):
    model_config = ConfigDict(extra="forbid")
    year: int
    purses: list[Purse] = Field(default_factory=list)
    codes: list[int] = Field(default_factory=list)


MONEY = """\
# what there is
year = 2027
codes = [
    1,
    2,
]

[[purses]]
holder = "Тверь"
amount = 10.5

[[purses]]
holder = "Клин"
amount = 3
"""


@pytest.mark.parametrize("name", ROADS)
@pytest.mark.parametrize(
    ("written", "line", "said"),
    [
        (b'# one\ntable = "cases"\ntable = "staff"\n', 3, "this key is there already"),
        (b"# one\n\nlanguage = \n", 3, "after = stands text in quotation marks"),
        (b"# one\nlanguage ru\n", 2, "after a key stand = and its value"),
        (b'# one\nname = "ru\n', 2, "the quotation mark at the end is missing"),
        ("# one\nname = 'Тверь'\n".encode("cp1251"), 2, "Save the file as text in UTF-8"),
    ],
)
def test_every_settings_file_says_the_line_and_what_was_expected_in_the_same_words(
    tmp_path: Path, name: str, written: bytes, line: int, said: str
) -> None:
    load, problem, code = ROADS[name]
    file = tmp_path / name
    file.write_bytes(written)
    with pytest.raises(problem) as fault:
        load(file)
    assert str(fault.value).startswith(f"{file}, line {line}: ")
    assert said in str(fault.value)
    assert fault.value.exit_code == code
    russian = fault.value.said("ru").removeprefix(f"{file}, строка {line}: ")
    assert not re.search(r"[a-z]{3,} [a-z]{3,}", russian)


@pytest.mark.parametrize("name", ROADS)
def test_a_settings_file_with_the_mark_that_windows_writes_is_read_as_any_other(
    tmp_path: Path, name: str
) -> None:
    load, problem, _ = ROADS[name]
    file = tmp_path / name
    file.write_bytes("\ufeff# one\r\nnot_a_key_of_any = 1\r\nlanguage = 'de'\r\n".encode())
    with pytest.raises(problem, match=r"key \w+: |language is 'de'") as fault:
        load(file)
    assert "TOML" not in str(fault.value)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("year = 2027", 'year = "soon"', "line 2: key year: it must be a whole number"),
        ("    2,\n", '    "two",\n', "line 6: key codes.1: it must be a whole number"),
        ("amount = 3", "amount = -3", "line 14: key purses.1.amount: it must be 0.0 or more"),
        ("amount = 10.5", "", "line 8: key purses.0.amount: it is missing"),
        ('holder = "Клин"', "holder = 5", "line 13: key purses.1.holder: it must be text"),
        ("[[purses]]\nholder = ", "[[purse]]\nholder = ", "line 8: key purse: there is no such"),
    ],
)
def test_a_value_that_breaks_a_rule_is_named_with_the_line_it_stands_in(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    assert old in MONEY
    file = tmp_path / "money.toml"
    file.write_text(MONEY.replace(old, new), "utf-8")
    with pytest.raises(FileProblem) as fault:
        read_settings(file, Money)
    assert str(fault.value).startswith(f"{file}, {said}")


def test_a_key_that_is_missing_from_the_whole_file_has_no_line(tmp_path: Path) -> None:
    file = tmp_path / "money.toml"
    file.write_text("codes = []\n", "utf-8")
    with pytest.raises(FileProblem) as fault:
        read_settings(file, Money)
    assert str(fault.value) == f"{file}: key year: it is missing. Faults in all: 1."


def test_what_the_file_does_not_say_is_as_in_the_default(tmp_path: Path) -> None:
    file = tmp_path / "money.toml"
    file.write_text("codes = [7]\n", "utf-8")
    assert read_settings(file, Money, {"year": 2026, "codes": [1]}) == Money(year=2026, codes=[7])


def test_the_line_of_a_key_is_the_one_with_which_its_value_is_whole() -> None:
    money = toml_in(MONEY.encode(), "money.toml")
    assert str(money.place("codes")) == "money.toml, line 6"
    assert str(money.place("purses", 1)) == "money.toml, line 12"
    assert str(money.place("purses", 1, "amount")) == "money.toml, line 14"
    assert str(money.place("purses", 1, "colour")) == "money.toml, line 12"
    assert str(money.place()) == "money.toml"


def test_a_file_that_is_not_there_is_said_as_whoever_asked_wants(tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match=r"absent.toml cannot be read: No such file"):
        read_toml(tmp_path / "absent.toml")
    with pytest.raises(WorkspaceProblem, match="make one"):
        read_toml(tmp_path / "absent.toml", WorkspaceProblem, absent=Text("make one"))
    with pytest.raises(FileProblem, match="cannot be read: Is a directory"):
        read_toml(tmp_path, absent=Text("never said of what is there"))
