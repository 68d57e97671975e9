"""Slow work tells how far it is; who listens decides how that looks."""

from __future__ import annotations

from typing import Protocol

from otdacha.language import Text


class Progress(Protocol):
    """Called with what is being done, how much of it is done and how much there is in all."""

    def __call__(self, step: Text, done: int, total: int) -> None: ...


def silent(step: Text, done: int, total: int) -> None:
    """Nobody listens."""
