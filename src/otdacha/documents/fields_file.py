"""A file to fill in with what only the union knows: every entry explained, and behind a `#`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from otdacha.documents.landing import put
from otdacha.errors import FileProblem
from otdacha.language import Language, Text, text

LIST = text('A list stands in brackets, an item in quotation marks: ["one", "two"].')
UNCOVER = text("Write between the quotation marks and remove the # at the beginning of the line.")


def fields_lines(
    how: Sequence[Text], fields: type[BaseModel], means: Mapping[str, Text], language: Language
) -> list[str]:
    """The lines of the file. means: what each entry is; one that is not in it is left out."""
    lines = [f"# {one.said(language)}" for one in how]
    for name, field in fields.model_fields.items():
        if name in means:
            lines += ["", f"# {means[name].said(language)}", f"# {name} = {_empty(field.default)}"]
    return lines


def _empty(default: Any) -> str:
    return '[""]' if isinstance(default, tuple) else '""'


def put_new_toml(path: Path, content: str, name: str) -> Path:
    """Write a file of fields. name: what it is called. Raises FileProblem where it is there
    already, for it may be filled in, WorkspaceProblem where it cannot be written."""
    if path.suffix.lower() != ".toml":
        raise FileProblem(text("{file}: call the file {name}.", file=path, name=name))
    if path.exists():
        raise FileProblem(
            text("{file} is there already, and may be filled in: choose another name.", file=path)
        )
    return put(path, content.encode())
