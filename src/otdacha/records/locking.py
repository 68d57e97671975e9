"""Locks that fall with the process that holds them, however that ends."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from otdacha.errors import WorkspaceProblem
from otdacha.language import text
from otdacha.records.workspace import Workspace


@contextmanager
def locking(workspace: Workspace, path: Path, *, wait: bool) -> Iterator[bool]:
    """Hold the lock of a workspace that is the file `path`; whether it was to be had.

    wait: until whoever holds it lets go. Raises WorkspaceProblem where it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("wb")
    except OSError as fault:
        raise WorkspaceProblem(
            text(
                "{folder}: the workspace cannot be written: {fault}.",
                folder=workspace.path,
                fault=fault.strerror,
            )
        ) from fault
    with file:
        yield _taken(file.fileno(), wait=wait)


def _taken(descriptor: int, *, wait: bool) -> bool:
    """Take the lock of an open file, and say whether it was to be had; closing it gives it back."""
    try:
        if os.name == "nt":
            import msvcrt

            how = msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK  # type: ignore[attr-defined]
            msvcrt.locking(descriptor, how, 1)  # type: ignore[attr-defined]
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        if wait:
            raise
        return False
    return True
