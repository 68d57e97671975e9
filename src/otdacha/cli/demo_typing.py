"""How the demonstration speaks: each command line as a user would type it, then its answer."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from otdacha.cli.verb import Answer
from otdacha.cli.verbs.add import add
from otdacha.cli.voice import Voice
from otdacha.language import Text

if TYPE_CHECKING:
    from otdacha.demo import Step, Union


def teller(voice: Voice) -> Callable[[Text | str], None]:
    """Speaks between the steps: beside the answer where a machine reads it."""
    if voice.machine:
        return voice.tell
    return lambda sentence: voice.answer(Answer({}, ["", sentence]))


def typed(
    voice: Voice, words: Sequence[Any], run: Callable[[], Answer], *, lines: int | None = None
) -> Answer:
    """Print the command line as a user would type it, run the verb, print its answer."""
    teller(voice)(f"$ otdacha {shlex.join(map(str, words))}")
    answer = run()
    if not voice.machine:
        voice.answer(Answer(answer.document, answer.shown[:lines]))
    return answer


def added(
    voice: Voice, union: Union, step: Step, workspace: Path, rejected: Path, *, first: bool
) -> None:
    """Add one file; the first of a table is told in full, the others in one line."""
    constants = [f"{column}={value}" for column, value in step.constants.items()]
    named = "-".join(step.file.relative_to(union.files).with_suffix(".xlsx").parts)
    correct = rejected / named
    words = ["add", workspace, step.table, step.file]
    words += [word for constant in constants for word in ("--set", constant)]
    typed(
        voice,
        [*words, "--rejected", correct],
        lambda: add(
            voice, workspace, step.table, step.file, constants=constants, rejected_rows=correct
        ),
        lines=None if first else 1,
    )
