"""`otdacha wages`: where public administration earns less than the wage next door."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from otdacha.cli.verb import Answer, Verb, argument
from otdacha.cli.voice import Voice
from otdacha.cli.wages_shown import papers_of_wages, wages_document, wages_shown
from otdacha.language import text


def wages(
    voice: Voice,
    directory: Annotated[Path, argument(text("Folder of the workspace."), text("DIR"))],
) -> Answer:
    from otdacha.pay.wages import make_comparison
    from otdacha.records import open_workspace

    workspace = open_workspace(directory)
    with voice.progress() as progress:
        made = make_comparison(workspace, progress=progress)
    ready = text("The comparison {wages} is ready: {path}", wages=made.id, path=made.path)
    return Answer(wages_document(made), [ready, *wages_shown(voice, made), *papers_of_wages(made)])


WAGES = Verb(
    "wages",
    wages,
    text(
        "Compare the wage of public administration with the wage next door.\n"
        "Takes the register of municipalities and the public statistics of wages from the records; "
        "says of every municipality what administration (letter O, a proxy) earns beside all "
        "activities, or why nobody knows; keeps it as a folder that is never replaced."
    ),
    "otdacha wages union",
)
