"""Options that several verbs share, each with its one name and its one sentence."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from otdacha.cli.verb import option
from otdacha.language import text

Profile = Annotated[
    str | None,
    option(
        "--profile",
        text("How the file's columns are called: a TOML file, or a name that ships."),
        text("FILE"),
    ),
]
Constants = Annotated[
    list[str] | None,
    option(
        "--set",
        text("A column that the file lacks and that is the same in every row."),
        text("COLUMN=VALUE"),
    ),
]
Sheet = Annotated[
    str | None, option("--sheet", text("Which sheet of a workbook to read."), text("NAME"))
]
Records = Annotated[
    Path | None,
    option(
        "--records",
        text("Folder of the workspace (otherwise the one that the plan lies in)."),
        text("DIR"),
    ),
]
Form = Annotated[
    Path | None,
    option(
        "--template",
        text("A form of your own (otherwise the one that ships)."),
        "FILE.docx",
    ),
]
