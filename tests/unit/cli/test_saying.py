"""`otdacha reply` and `otdacha erratum`, on a site of their own."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

import pytest

from tests.invented_release import invented_release, provider

IN_ONE_PROCESS = """
import contextlib, io, json, sys
from otdacha.cli.run import run
ended = []
for line in json.load(sys.stdin):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run(line)
    ended.append([code, out.getvalue(), err.getvalue()])
json.dump(ended, sys.stdout)
"""
"""Django is started once a process, and that takes longest: all command lines share one."""


@dataclass(frozen=True)
class Ended:
    code: int
    out: str
    fault: str

    @property
    def document(self) -> Any:
        assert self.code == 0, self.fault
        return json.loads(self.out)


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Ended]:
    """What the command lines of a person who tries everything ended with, by what they try."""
    folder = tmp_path_factory.mktemp("saying")
    union, reply, word = folder / "union", folder / "reply.txt", folder / "reply.docx"
    reply.write_text("Мы учим не только этому.\nСпасибо.\n", "utf-8")
    word.write_bytes(b"PK\x03\x04\xff\xfe")
    release = invented_release(union / "releases").path
    to, on = ["--release", "2026.1"], ["--date", "2026-11-20"]
    both = ["--ru", "Ошибка", "--en", "Error"]
    lines = {
        "init": ["init", union],
        "publish": ["publish", release],
        "reply": ["reply", union, provider(0), reply, *to, *on, "--json"],
        "replies": ["reply", union, "--json"],
        "replies in a table": ["reply", union],
        "reply off": ["reply", union, "--remove", "1", "--json"],
        "no replies": ["reply", union, "--json"],
        "erratum": ["erratum", union, *to, *both, *on, "--json"],
        "errata": ["erratum", union, "--json"],
        "erratum off": ["erratum", union, "--remove", "1", "--json"],
        "erratum in one language": ["erratum", union, *to, "--ru", "Ошибка"],
        "another release": ["reply", union, provider(0), reply, "--release", "2030.1"],
        "no day": ["reply", union, provider(0), reply, *to, "--date", "20 November"],
        "a day to come": ["reply", union, provider(0), reply, *to, "--date", "2999-01-01"],
        "no file": ["reply", union, provider(0)],
        "no text": ["reply", union, provider(0), word, *to],
        "nothing to remove": ["erratum", union, "--remove", "7"],
    }
    given = json.dumps([[*map(str, line), "--lang", "en"] for line in lines.values()])
    ran = subprocess.run(
        [sys.executable, "-c", IN_ONE_PROCESS], input=given, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    found = {what: Ended(*one) for what, one in zip(lines, json.loads(ran.stdout), strict=True)}
    assert (found["init"].code, found["publish"].code) == (0, 0), found["publish"].fault
    return found


def test_a_reply_is_added_listed_and_taken_off(ended: dict[str, Ended]) -> None:
    made = ended["reply"].document["reply"]
    assert (made["provider"], made["release"]) == (provider(0), "2026.1")
    assert (made["date"], made["text"]) == ("2026-11-20", "Мы учим не только этому.\nСпасибо.")
    assert ended["replies"].document["replies"] == [made]
    assert provider(0) in ended["replies in a table"].out
    assert ended["reply off"].document["removed"] == made
    assert ended["no replies"].document["replies"] == []


def test_an_erratum_is_added_listed_and_taken_off(ended: dict[str, Ended]) -> None:
    made = ended["erratum"].document["erratum"]
    assert (made["ru"], made["en"], made["date"]) == ("Ошибка", "Error", "2026-11-20")
    assert ended["errata"].document["errata"] == [made]
    assert ended["erratum off"].document["removed"] == made


@pytest.mark.parametrize(
    ("what", "code", "fault"),
    [
        ("erratum in one language", 2, "An erratum needs --release, --ru and --en"),
        ("another release", 7, "has no release 2030.1 on the site. Published: 2026.1."),
        ("no day", 2, "20 November is no day"),
        ("a day to come", 2, "2999-01-01 has not come yet"),
        ("no file", 2, "A reply needs PROVIDER, FILE and --release"),
        ("no text", 3, "cannot be read as a text in UTF-8"),
        ("nothing to remove", 7, "There is nothing of number 7 here"),
    ],
)
def test_what_is_wrong_is_said(ended: dict[str, Ended], what: str, code: int, fault: str) -> None:
    assert ended[what].code == code
    assert fault in " ".join(ended[what].fault.split())
