"""`otdacha show`: print a release."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from otdacha.cli.release_shown import release_document, release_shown
from otdacha.cli.verb import Answer, Verb, argument
from otdacha.cli.voice import Voice
from otdacha.language import text


def show(
    voice: Voice,
    path: Annotated[Path, argument(text("Folder of the release."), text("RELEASE"))],
) -> Answer:
    from otdacha.release import load

    release = load(path)
    return Answer(release_document(release), release_shown(voice, release))


SHOW = Verb(
    "show",
    show,
    text(
        "Print a release.\n"
        "Everybody's effect with its interval, range of places and grade; who is on the list; what "
        "was left out and why."
    ),
    "otdacha show union/releases/2026.1",
)
