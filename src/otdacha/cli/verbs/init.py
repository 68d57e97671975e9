"""`otdacha init`: make a workspace."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from otdacha.cli.verb import Answer, Verb, argument, option
from otdacha.cli.voice import Voice
from otdacha.language import text


def init(
    voice: Voice,
    directory: Annotated[Path, argument(text("Folder of the workspace: a new one."), text("DIR"))],
    invented: Annotated[
        bool,
        option(
            "--invented",
            text("The records will be made up: every release and report will say so."),
        ),
    ] = False,
) -> Answer:
    from otdacha.records import create_workspace

    workspace = create_workspace(directory, language=voice.language, invented=invented)
    return Answer(
        {
            "workspace": str(workspace.path),
            "language": workspace.language,
            "invented": workspace.invented,
            "methodology": str(workspace.methodology_path),
        },
        [
            text("The workspace {directory} is ready.", directory=workspace.path),
            text(
                "What is measured, and what counts as enough, stands in {file}.",
                file=workspace.methodology_path,
            ),
            text("Next: otdacha add {directory} TABLE FILE", directory=workspace.path),
        ],
    )


INIT = Verb(
    "init",
    init,
    text(
        "Make a workspace.\n"
        "A workspace is a folder: the records that were added, the methodology, the releases. "
        "No server is needed."
    ),
    "otdacha init union",
)
