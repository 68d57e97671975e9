"""What only the union knows of its letter: its letterhead, the addressee, who signs.

It stands in `letter.toml`. What is not given is a field to fill in, seen as such in the document.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from otdacha.documents.fields_file import LIST, UNCOVER, fields_lines, put_new_toml
from otdacha.language import Language, Text, text
from otdacha.methodology import read_settings

FILE = "letter.toml"
"""What the file is called in a workspace."""


class Fields(BaseModel):
    """What `letter.toml` may say; every entry may be left out. Lists have an item per line or
    paragraph of the document; those of `problem`, `norm` and `ask` stand beside ours."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    organisation: tuple[str, ...] = ()
    number: str | None = None
    date: str | None = None
    in_reply_to: str | None = None
    addressee: tuple[str, ...] = ()
    greeting: str | None = None
    problem: tuple[str, ...] = ()
    norm: tuple[str, ...] = ()
    ask: tuple[str, ...] = ()
    annexes: tuple[str, ...] = ()
    post: str | None = None
    signed_by: str | None = None
    executor: str | None = None


TO_SAY = {
    "organisation": text("full name of the union, address, telephone, e-mail, OGRN, INN/KPP"),
    "number": text("outgoing number"),
    "date": text("date"),
    "addressee": text("post, body, initials and surname of the addressee"),
    "post": text("post"),
    "signed_by": text("initials and surname"),
    "executor": text("surname, name and patronymic of the executor, telephone"),
}
"""What a field asks for, of those that nobody but the union can say."""
HOW = (
    text("What only you know of the letter with proposals."),
    UNCOVER,
    text("A line that keeps its # stays in the letter as a yellow place to fill in."),
    LIST,
)
MEANS: Mapping[str, Text] = {
    **{name: TO_SAY[name] for name in ("organisation", "number", "date")},
    "in_reply_to": text("number and date of the letter that this one answers; not asked for"),
    "addressee": TO_SAY["addressee"],
    "greeting": text("how the addressee is greeted; not asked for"),
    "problem": text("paragraphs about the problem, before those of the scenario: a list"),
    "norm": text("other legal norms, beside ours: a list"),
    "ask": text("other requests, after those of the scenario: a list"),
    "annexes": text("other annexes: a list"),
    **{name: TO_SAY[name] for name in ("post", "signed_by", "executor")},
}


def load_fields(file: Path) -> Fields:
    """The fields in a TOML file. Raises FileProblem where it cannot be read, is not TOML, or says
    something that a letter has no place for; the message names the key."""
    return read_settings(file, Fields)


def write_fields_template(path: Path, language: Language = "ru") -> Path:
    """Write a file of fields to fill in, explained in `language`, to `path` (something.toml).

    Raises FileProblem where the file is there already, for it may be filled in, WorkspaceProblem
    where it cannot be written.
    """
    lines = fields_lines(HOW, Fields, MEANS, language)
    return put_new_toml(path, "\n".join(lines) + "\n", FILE)
