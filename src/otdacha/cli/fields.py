"""What a document asks for still: fields that only its signer knows, and a release not found."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from otdacha.language import Text, text

if TYPE_CHECKING:
    from pydantic import BaseModel

    from otdacha.programme.beside import Lying
    from otdacha.records import Workspace


def file_of_fields(workspace: Workspace | None, name: str) -> Path | None:
    """The file of fields in the workspace that the plan or scenario lies in, where there is one."""
    if workspace is None or not (workspace.path / name).is_file():
        return None
    return workspace.path / name


def open_fields(fields: BaseModel, asked_for: Mapping[str, Text]) -> dict[str, Text]:
    """The fields that the document asks for still, by name, in words."""
    return {name: what for name, what in asked_for.items() if not getattr(fields, name)}


def open_fields_shown(verb: str, still_open: Mapping[str, Text]) -> list[Text]:
    """What is to be filled in, and how to do it once; nothing where all is there.

    verb: the one that writes the document, which is also the name of its template.
    """
    if not still_open:
        return []
    return [
        text("Highlighted in yellow, to be filled in:"),
        *(text("  {name}: {what}", name=name, what=what) for name, what in still_open.items()),
        text(
            "Write them down once and for all: otdacha template {verb} {verb}.toml",
            verb=verb,
        ),
    ]


def without_release(made: Lying, *, found: bool) -> list[Text]:
    """That the document has no figures of the release which the plan or scenario names."""
    if found or made.manifest["release"] is None:
        return []
    return [
        text(
            "Release {release} is not in the workspace: the document has no figures of it.",
            release=made.manifest["release"]["id"],
        )
    ]
