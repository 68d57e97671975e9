"""`otdacha evaluate`: make a release from the records."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from otdacha.cli.release_shown import release_document, release_shown
from otdacha.cli.saving import AboutFile
from otdacha.cli.verb import Answer, Verb, argument, option
from otdacha.cli.voice import Voice
from otdacha.language import text


def evaluate(
    voice: Voice,
    directory: Annotated[Path, argument(text("Folder of the workspace."), text("DIR"))],
    methodology: Annotated[
        Path | None,
        option(
            "--methodology",
            text("Another methodology file (otherwise the workspace's own)."),
            text("FILE"),
        ),
    ] = None,
    about: AboutFile = None,
) -> Answer:
    from otdacha.records import open_workspace
    from otdacha.release import build

    workspace = open_workspace(directory)
    with voice.progress() as progress:
        release = build(workspace, methodology, about=about, progress=progress)
    return Answer(
        release_document(release),
        [
            text(
                "The release {release} is ready: {path}",
                release=release.path.name,
                path=release.path,
            ),
            *release_shown(voice, release),
            text("The report for reading and printing: otdacha report {path}", path=release.path),
        ],
    )


EVALUATE = Verb(
    "evaluate",
    evaluate,
    text(
        "Estimate what each organisation's training changed, and make a release.\n"
        "Builds months of work from the case logs, compares trained with untrained, says only "
        "what is certain enough, and writes an immutable release. May be interrupted and repeated."
    ),
    "otdacha evaluate union",
)
