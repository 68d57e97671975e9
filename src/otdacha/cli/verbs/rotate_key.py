"""`otdacha rotate-key`: change the key of the pseudonyms."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from otdacha.cli.verb import Answer, Verb, argument
from otdacha.cli.voice import Voice
from otdacha.language import text


def rotate_key(
    voice: Voice,
    directory: Annotated[Path, argument(text("Folder of the workspace."), text("DIR"))],
) -> Answer:
    from otdacha.records import open_workspace
    from otdacha.records import rotate_key as change_key

    workspace = open_workspace(directory)
    with voice.progress() as progress:
        generation = change_key(workspace, progress=progress)
    return Answer(
        {"generation": generation},
        [
            text(
                "The pseudonyms have a new key ({generation} in all, each needed): {file}. Keep a "
                "copy of it in a safe place, apart from the records.",
                generation=generation,
                file=workspace.key_file,
            ),
            text(
                "Whoever has an older key can still open older copies of the records: destroy them "
                "and make a new one. Releases made before can no longer be computed anew."
            ),
        ],
    )


ROTATE_KEY = Verb(
    "rotate-key",
    rotate_key,
    text(
        "Change the key of the pseudonyms, where the old one may have been seen.\n"
        "Every stored pseudonym is hashed once more. Who is who stays known; files that come later "
        "are linked as before. May be interrupted at any moment and repeated."
    ),
    "otdacha rotate-key union",
)
