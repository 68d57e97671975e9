"""How the command line speaks: language, numbers, answers on stdout, progress on stderr."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TextIO

from otdacha.cli.verb import Answer
from otdacha.language import Language, Text

if TYPE_CHECKING:
    from rich.console import Console

    from otdacha.progress import Progress

QUICK = 1.0
SECONDS_BETWEEN_LINES = 5.0
"""Where there is no terminal to draw a bar on, work says nothing while it is quick (seconds), and
then how far it is every few seconds."""


@dataclass(frozen=True)
class Voice:
    """Speaks to one user: `language` of the words, `machine` for one JSON document on stdout."""

    language: Language
    machine: bool = False

    def say(self, sentence: Text | str) -> str:
        """The sentence in the user's language; a string is nobody's language and stays."""
        return sentence if isinstance(sentence, str) else sentence.said(self.language)

    def answer(self, answer: Answer) -> None:
        """The answer on stdout: a JSON document, or sentences and tables."""
        if self.machine:
            print(as_json(answer.document))
            return
        console = self.console(sys.stdout)
        for part in answer.shown:
            if isinstance(part, Text | str):
                console.print(self.say(part), markup=False, highlight=False)
            else:
                console.print(part)

    def tell(self, sentence: Text | str) -> None:
        """A sentence beside the answer, on stderr."""
        self.console(sys.stderr).print(self.say(sentence), markup=False, highlight=False)

    def console(self, stream: TextIO) -> Console:
        from rich.console import Console

        # a file or a pipe has no width of its own: tables must not be cut there
        width = None if stream.isatty() else 10_000
        return Console(file=stream, width=width, soft_wrap=not stream.isatty())

    @contextmanager
    def progress(self) -> Iterator[Progress]:
        """Listens to slow work: bars on a terminal, plain lines elsewhere, both on stderr."""
        if sys.stderr.isatty():
            with self._bars() as listener:
                yield listener
        else:
            yield self._lines()

    @contextmanager
    def _bars(self) -> Iterator[Progress]:
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeElapsedColumn,
        )

        columns = (
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
        )
        with Progress(*columns, console=self.console(sys.stderr), transient=True) as bars:
            task = bars.add_task("", total=None, visible=False)
            last = (0, 0)

            def listen(step: Text, done: int, total: int) -> None:
                nonlocal task, last
                if total != last[1] or done < last[0]:
                    # other work: the bar of what was done before stays above it, full
                    task = bars.add_task("", total=total)
                last = (done, total)
                bars.update(task, description=self.say(step), completed=done)

            yield listen

    def _lines(self) -> Progress:
        next_line = time.monotonic() + QUICK

        def listen(step: Text, done: int, total: int) -> None:
            nonlocal next_line
            if time.monotonic() >= next_line:
                next_line = time.monotonic() + SECONDS_BETWEEN_LINES
                print(f"{self.say(step)}: {done}/{total}", file=sys.stderr, flush=True)

        return listen


def as_json(document: Any) -> str:
    """One JSON document; numbers that are not numbers are null, dates are ISO."""
    return json.dumps(_plain(document), ensure_ascii=False, indent=2, default=str)


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return value if value == value and abs(value) != float("inf") else None
    if isinstance(value, dict):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return value
