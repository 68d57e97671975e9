"""`otdacha withdraw`: take a batch out of the records."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from otdacha.cli.verb import Answer, Verb, argument, option
from otdacha.cli.voice import Voice
from otdacha.language import text


def withdraw(
    voice: Voice,
    directory: Annotated[Path, argument(text("Folder of the workspace."), text("DIR"))],
    batch: Annotated[
        str,
        argument(text("Name of the batch, as `add` and `check --batches` show it."), text("BATCH")),
    ],
    erase: Annotated[
        bool,
        option("--erase", text("Remove its rows for good, also of a batch withdrawn before.")),
    ] = False,
) -> Answer:
    from otdacha.records import open_workspace
    from otdacha.records import withdraw as withdraw_batch

    workspace = open_workspace(directory)
    *corrections, _ = withdraw_batch(workspace, batch, erase=erase)
    document = {"withdrawn": batch, "corrections": corrections, "erased": erase}
    also = [
        text(
            "The same holds for corrections of its rows, and for what was made of them: {batches}.",
            batches=", ".join(corrections),
        )
    ] * bool(corrections)
    if erase:
        return Answer(
            document,
            [
                text(
                    "The rows of batch {batch} are erased for good; that it was there, and who "
                    "erased it, stays on record. Releases made before do not change, but can no "
                    "longer be computed anew. Copies of the workspace still hold the rows.",
                    batch=batch,
                ),
                *also,
            ],
        )
    return Answer(
        document,
        [
            text(
                "The batch {batch} no longer counts. Releases made before do not change.",
                batch=batch,
            ),
            *also,
        ],
    )


WITHDRAW = Verb(
    "withdraw",
    withdraw,
    text(
        "Take a file that was added by mistake out of the records.\n"
        "Its rows no longer count in the next evaluation; that it was there stays on record. "
        "With --erase they are removed for good, as the law on personal data may ask."
    ),
    "otdacha withdraw union 4f1c0a2be7d9\notdacha withdraw union 4f1c0a2be7d9 --erase",
)
