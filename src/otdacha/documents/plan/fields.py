"""What only the union knows of its programme: who answers for it, who signs, what was before.

It stands in `passport.toml`. What is not given is a field to fill in, seen as such in the document.
"""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from otdacha.language import text
from otdacha.methodology import read_settings

FILE = "passport.toml"
"""What the file is called in a workspace."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Known(_Part):
    """Yearly figures of one indicator that are on record somewhere else, as document figures.

    indicator: one of the passport's own (`trained`, `covered`, `measured`) or one of the plan's
    results. figures: by year. source: where they are written.
    """

    indicator: str = Field(min_length=1)
    figures: dict[int, float]
    source: str = Field(min_length=1)


class Fields(_Part):
    """What `passport.toml` may say; every entry may be left out. Lists have an item per line of the
    document; risks are added to those that follow from the plan."""

    title: str | None = None
    approved: str | None = None
    executor: str | None = None
    co_executors: tuple[str, ...] = ()
    subprogrammes: tuple[str, ...] = ()
    goal: str | None = None
    tasks: tuple[str, ...] = ()
    problem: tuple[str, ...] = ()
    risks: tuple[str, ...] = ()
    post: str | None = None
    signed_by: str | None = None
    signed_on: str | None = None
    author: str | None = None
    known: tuple[Known, ...] = ()

    def figure(self, indicator: str, year: int) -> float | None:
        """A figure on record; None where there is none."""
        for one in self.known:
            if one.indicator == indicator and year in one.figures:
                return one.figures[year]
        return None


TO_SAY = {
    "title": text("the title of the programme"),
    "approved": text("by what act it is approved, its date and number"),
    "executor": text("the responsible executor"),
    "co_executors": text("co-executors"),
    "subprogrammes": text("subprogrammes, or that there are none"),
    "post": text("post"),
    "signed_by": text("initials and surname"),
    "signed_on": text("date"),
    "author": text("who drew it up, telephone"),
}
"""What a field asks for, of those that nobody but the union can say."""


def load_fields(file: Path) -> Fields:
    """The fields in a TOML file. Raises FileProblem where it cannot be read, is not TOML, or says
    something that a passport has no place for; the message names the key."""
    return read_settings(file, Fields)
