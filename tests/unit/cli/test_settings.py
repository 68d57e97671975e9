"""The language of a run, and who reads its answer."""

from pathlib import Path

import pytest

from otdacha.cli.settings import UnknownLanguage, taken_from


def test_it_speaks_russian_where_nothing_is_asked() -> None:
    voice, rest = taken_from(["check", "nowhere"], {})
    assert (voice.language, voice.machine, rest) == ("ru", False, ["check", "nowhere"])


@pytest.mark.parametrize(
    "line",
    [["--lang", "en", "check", "x"], ["check", "x", "--lang=en"], ["check", "--lang", "en", "x"]],
)
def test_it_takes_the_language_from_anywhere_on_the_line(line: list[str]) -> None:
    voice, rest = taken_from(line, {"OTDACHA_LANG": "ru"})
    assert voice.language == "en"
    assert rest == ["check", "x"]


def test_it_takes_the_language_from_the_environment() -> None:
    assert taken_from(["check"], {"OTDACHA_LANG": "en"})[0].language == "en"


def test_it_takes_the_language_of_the_workspace_that_an_argument_lies_in(tmp_path: Path) -> None:
    (tmp_path / "otdacha.toml").write_text('language = "en"\n')
    release = tmp_path / "releases" / "2026.1"
    assert taken_from(["show", str(release)], {})[0].language == "en"
    assert taken_from(["show", str(release), "--lang", "ru"], {})[0].language == "ru"


def test_it_leaves_a_broken_workspace_to_the_verb_that_opens_it(tmp_path: Path) -> None:
    (tmp_path / "otdacha.toml").write_bytes(b"\xff = [")
    assert taken_from(["check", str(tmp_path)], {})[0].language == "ru"


def test_it_takes_json_from_anywhere_and_nothing_after_two_dashes() -> None:
    assert taken_from(["check", "--json", "x"], {})[0].machine
    voice, rest = taken_from(["check", "--", "--json"], {})
    assert not voice.machine
    assert rest == ["check", "--", "--json"]


@pytest.mark.parametrize("line", [["--lang", "fr"], ["--lang="], ["check", "--lang"]])
def test_it_refuses_a_language_that_it_does_not_speak(line: list[str]) -> None:
    with pytest.raises(UnknownLanguage) as raised:
        taken_from(line, {})
    assert "ru, en" in raised.value.said("en")
