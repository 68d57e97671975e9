"""Files land whole under their names or not at all, and are on the disk when we say so."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from otdacha.errors import WorkspaceProblem
from otdacha.language import text

LEFTOVERS = ".*.part"
"""What the temporary files of an interrupted writer are called."""


def land(path: Path, content: bytes, *, mode: int = 0o666) -> None:
    """Put `content` under `path`: a temporary file beside it, flushed, then renamed.

    mode: the rights of the file, less what the user's mask takes. Raises WorkspaceProblem where the
    disk is full or may not be written; what was there before is then still there.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
        flush_folder(path.parent)
    except OSError as fault:
        raise WorkspaceProblem(
            text(
                "{file} cannot be written: {fault}. What was there before is whole; "
                "make room or put the rights in order, and give the same command again.",
                file=path,
                fault=fault.strerror or fault,
            )
        ) from fault


def flush_folder(folder: Path) -> None:
    """Make a renaming survive a power cut; Windows needs no such thing and knows none."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
