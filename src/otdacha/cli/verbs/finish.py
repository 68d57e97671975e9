"""`otdacha finish`: training that attendance says is finished becomes training on record."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from otdacha.cli.verb import Answer, Verb, argument
from otdacha.cli.voice import Voice
from otdacha.language import ntext, text


def finish(
    voice: Voice,
    directory: Annotated[Path, argument(text("Folder of the workspace."), text("DIR"))],
) -> Answer:
    from otdacha.records import NOT_TAKEN, finish_training, open_workspace

    made = finish_training(open_workspace(directory))
    document = {
        "finished": made.finished,
        "taken": made.taken,
        "held": made.held,
        "not_taken": dict(made.not_taken),
        "batch": None if made.batch is None else made.batch.id,
        "withdrawn": list(made.withdrawn),
    }
    shown: list[Any] = [
        ntext(
            "{count} row of attendance is finished: {taken} became training now, {held} were "
            "training already.",
            "{count} rows of attendance are finished: {taken} became training now, {held} were "
            "training already.",
            count=made.finished,
            taken=made.taken,
            held=made.held,
        )
    ]
    if made.batch is not None:
        shown.append(
            text(
                "New batch of training: {batch}. It counts in the next evaluation.",
                batch=made.batch.id,
            )
        )
    if made.withdrawn:
        shown.append(
            text(
                "Withdrawn, as attendance says otherwise now: {batches}.",
                batches=", ".join(made.withdrawn),
            )
        )
    shown += [
        ntext(
            "{count} row does not become training. {reason}",
            "{count} rows do not become training. {reason}",
            count=rows,
            reason=NOT_TAKEN[reason],
        )
        for reason, rows in made.not_taken.items()
    ]
    return Answer(document, shown)


FINISH = Verb(
    "finish",
    finish,
    text(
        "Make training on record of what attendance says is finished.\n"
        "So what a plan brought about is evaluated like all other training. Called again, it adds "
        "only what is new, and takes back what attendance, offers or files of training no longer "
        "say."
    ),
    "otdacha finish union",
)
