"""`otdacha template`: an Excel file to fill in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from otdacha.cli.verb import Answer, Verb, argument, option
from otdacha.cli.voice import Voice
from otdacha.language import text


def template(
    voice: Voice,
    name: Annotated[
        str,
        argument(
            text(
                "What the file will hold: municipalities, units, staff, training, cases, results, "
                "providers, programmes, statistics, needs, offers, budgets, contracts, attendance "
                "or payments."
            ),
            text("TABLE"),
        ),
    ],
    file: Annotated[Path, argument(text("Where to write it: something.xlsx."), text("FILE"))],
    directory: Annotated[
        Path | None,
        option(
            "--workspace",
            text("Folder of a workspace: what it knows is offered as lists to choose from."),
            text("DIR"),
        ),
    ] = None,
) -> Answer:
    from otdacha.records import open_workspace, write_template

    workspace = open_workspace(directory) if directory else None
    write_template(name, file, workspace=workspace, language=voice.language)
    return Answer(
        {"table": name, "file": str(file)},
        [
            text("{file} is ready to fill in.", file=file),
            text(
                "Then: otdacha add {directory} {table} {file}",
                directory=directory or text("DIR"),
                table=name,
                file=file,
            ),
        ],
    )


TEMPLATE = Verb(
    "template",
    template,
    text(
        "Write an Excel file to fill in.\n"
        "Our headers, lists to choose from, and a sheet that explains every column. Filled in, it "
        "goes through `add` as it is."
    ),
    "otdacha template staff staff.xlsx\notdacha template cases cases.xlsx --workspace union",
)
