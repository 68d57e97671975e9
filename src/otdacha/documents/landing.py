"""How a document lands on the disk."""

from __future__ import annotations

from pathlib import Path

from otdacha.errors import WorkspaceProblem
from otdacha.language import text
from otdacha.records.landing import land


def put(path: Path, content: bytes) -> Path:
    """Land a document whole. Raises WorkspaceProblem where it cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        land(path, content)
    except OSError as fault:
        raise WorkspaceProblem(
            text(
                "{file}: the document cannot be written ({fault}). Make room or name another file.",
                file=path,
                fault=fault.strerror or fault,
            )
        ) from fault
    return path
