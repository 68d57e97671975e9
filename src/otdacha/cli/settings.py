"""What stands on every command line: the language, and whether a machine reads the answer."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeGuard

from otdacha.cli.faults import Usage
from otdacha.cli.voice import Voice
from otdacha.language import LANGUAGES, Language, text

WORKSPACE_FILE = "otdacha.toml"


def taken_from(
    line: Sequence[str], environment: Mapping[str, str] = os.environ
) -> tuple[Voice, list[str]]:
    """The voice that the command line asks for, and the rest of the line.

    The language is the first that is known of: `--lang`, OTDACHA_LANG, the language of the
    workspace that an argument lies in, Russian.
    """
    rest: list[str] = []
    asked: str | None = None
    machine = False
    words = iter(line)
    for word in words:
        if word == "--":
            rest += [word, *words]
        elif word == "--json":
            machine = True
        elif word == "--lang":
            asked = next(words, "")
        elif word.startswith("--lang="):
            asked = word.removeprefix("--lang=")
        else:
            rest.append(word)
    wanted = asked if asked is not None else environment.get("OTDACHA_LANG")
    language = wanted if _is_language(wanted) else _language_of_workspace(rest) or "ru"
    voice = Voice(language, machine)
    if not _is_language(wanted) and (wanted or asked is not None):
        raise UnknownLanguage(voice, wanted or "")
    return voice, rest


class UnknownLanguage(Usage):
    """A language that Otdacha does not speak, said in one that it does."""

    def __init__(self, voice: Voice, wanted: str) -> None:
        super().__init__(
            text(
                "Language “{wanted}” is not known. Known: {known}.",
                wanted=wanted,
                known=", ".join(LANGUAGES),
            )
        )
        self.voice = voice


def _is_language(wanted: str | None) -> TypeGuard[Language]:
    return wanted in LANGUAGES


def _language_of_workspace(words: Sequence[str]) -> Language | None:
    for word in words:
        path = Path(word)
        for folder in (path, *path.parents):
            try:
                settings = tomllib.loads((folder / WORKSPACE_FILE).read_text("utf-8-sig"))
            except (OSError, ValueError):
                # not a workspace, or a broken one: the verb that opens it says so
                continue
            language = settings.get("language")
            return language if _is_language(language) else None
    return None
