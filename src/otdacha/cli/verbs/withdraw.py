"""`otdacha withdraw`: take a batch out of the records."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from otdacha.cli.verb import Answer, Verb, argument
from otdacha.cli.voice import Voice
from otdacha.language import text


def withdraw(
    voice: Voice,
    directory: Annotated[Path, argument(text("Folder of the workspace."), text("DIR"))],
    batch: Annotated[
        str,
        argument(text("Name of the batch, as `add` and `check --batches` show it."), text("BATCH")),
    ],
) -> Answer:
    from otdacha.records import open_workspace
    from otdacha.records import withdraw as withdraw_batch

    workspace = open_workspace(directory)
    withdraw_batch(workspace, batch)
    return Answer(
        {"withdrawn": batch},
        [
            text(
                "The batch {batch} no longer counts. Releases made before do not change.",
                batch=batch,
            )
        ],
    )


WITHDRAW = Verb(
    "withdraw",
    withdraw,
    text(
        "Take a file that was added by mistake out of the records.\n"
        "Its rows no longer count in the next evaluation; that it was there stays on record."
    ),
    "otdacha withdraw union 4f1c0a2be7d9",
)
