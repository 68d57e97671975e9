"""Signs of life of a computation, given beside it: the search may be silent for long."""

from __future__ import annotations

import threading
from types import TracebackType

from django.db import connection

from otdacha.site.programme.models import Question
from otdacha.site.programme.what_if import queue


class Signs:
    """While it is open, says every few seconds that the question is being computed, and how far."""

    def __init__(self, question: Question, *, every: float) -> None:
        self._question = question
        self._every = every
        self._said: dict[str, str] | None = None
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._give, daemon=True)

    def say(self, words: dict[str, str]) -> None:
        """How far it is, in each language; told with the next sign."""
        self._said = words

    def __enter__(self) -> Signs:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ended.set()
        self._thread.join()

    def _give(self) -> None:
        try:
            while not self._ended.wait(self._every if self._said else 0.5):
                queue.alive(self._question, self._said)
        finally:
            connection.close()
