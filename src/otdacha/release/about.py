"""What a data bank is called and what its figures are: the label that every release of it carries.

It stands in a TOML file that `--about` names:

    id = "new-jersey"                          # names the bank in addresses
    title = { ru = "...", en = "..." }
    note = { ru = "...", en = "..." }          # what these figures are, and what they are not
    source = "..."                             # who made them, and where they are
    licence = "..."

Every key may be absent.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from otdacha.language import LANGUAGES, Text, text
from otdacha.methodology import Methodology, Named, read_settings

MOST_WORDS = 2000
"""Characters of a note, at most."""

OF_A_WORKSPACE = text("Training of municipal servants")
OF_REPORTED_FIGURES = text(
    "Somebody else made these figures; here they were only given their precision. They are not "
    "results of municipal work."
)

_Line = Annotated[str, Field(min_length=1, max_length=300)]


class _Title(Named):
    ru: _Line
    en: _Line


class _Note(Named):
    ru: str = Field(min_length=1, max_length=MOST_WORDS)
    en: str = Field(min_length=1, max_length=MOST_WORDS)


class About(BaseModel):
    """The label of a data bank. source, licence: of the figures, where they came from somebody."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)
    title: _Title
    note: _Note | None = None
    source: _Line | None = None
    licence: _Line | None = None


def about_workspace(methodology: str) -> About:
    """The label of a bank of work results that nobody has labelled otherwise.

    methodology: its id.
    """
    return About(id=_slug(methodology), title=_Title(**_in_all_languages(OF_A_WORKSPACE)))


def about_reported(methodology: Methodology) -> About:
    """The label of a bank of somebody's figures that nobody has labelled otherwise."""
    return About(
        id=_slug(methodology.id),
        title=_Title(**methodology.title.model_dump()),
        note=_Note(**_in_all_languages(OF_REPORTED_FIGURES)),
    )


def load_about(file: Path, default: About) -> About:
    """The label in the TOML file; what the file does not say is as in `default`.

    Raises FileProblem where the file cannot be read, is not TOML or breaks a rule; the message
    names the key.
    """
    return read_settings(file, About, default.model_dump(exclude_none=True))


def _slug(methodology: str) -> str:
    """The methodology's id; it may hold hyphens where an address may not."""
    return "-".join(part for part in methodology.split("-") if part) or "bank"


def _in_all_languages(said: Text) -> dict[str, str]:
    return {language: said.said(language) for language in LANGUAGES}
