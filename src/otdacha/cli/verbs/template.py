"""`otdacha template`: a file to fill in: a table for Excel, what a passport asks for, measures."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from otdacha.cli.saving import new_file
from otdacha.cli.verb import Answer, Verb, argument, option
from otdacha.cli.voice import Voice
from otdacha.language import text

PASSPORT = "passport"
"""No table: what the passport of a plan asks for."""
MEASURES = "measures"
"""No table: measures of pay, to be costed."""


def template(
    voice: Voice,
    name: Annotated[
        str,
        argument(
            text(
                "What the file will hold: municipalities, units, staff, training, cases, results, "
                "providers, programmes, statistics, needs, offers, budgets, contracts, attendance, "
                "payments, posts or finances; or passport, for what the passport of a plan asks "
                "for; or measures, for measures of pay."
            ),
            text("TABLE"),
        ),
    ],
    file: Annotated[
        Path,
        argument(
            text(
                "Where to write it: something.xlsx. Of a passport: something.toml, fields to fill "
                "in, or something.docx, the form itself. Of measures: something.toml."
            ),
            text("FILE"),
        ),
    ],
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

    if name == PASSPORT:
        return _passport(voice, file)
    if name == MEASURES:
        return _measures(file)
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


def _passport(voice: Voice, file: Path) -> Answer:
    """The fields of a passport to fill in, or its form to be changed in Word."""
    from otdacha.documents.plan import write_passport_template
    from otdacha.documents.plan.fields_template import write_fields_template

    form = file.suffix.lower() == ".docx"
    if form:
        write_passport_template(new_file(file, ".docx"), voice.language)
    else:
        write_fields_template(file, voice.language)
    option = "--template" if form else "--fields"
    return Answer(
        {"table": PASSPORT, "file": str(file)},
        [
            text("{file} is ready to be changed in Word.", file=file)
            if form
            else text("{file} is ready to fill in, in any editor of plain text.", file=file),
            text(
                "Then: otdacha passport {plan} {option} {file}",
                plan=text("PLAN"),
                option=option,
                file=file,
            ),
        ],
    )


def _measures(file: Path) -> Answer:
    """Measures of pay to start from, explained in both languages."""
    from otdacha.pay.measures import measures_template
    from otdacha.records.landing import land

    land(new_file(file, ".toml"), measures_template())
    return Answer(
        {"table": MEASURES, "file": str(file)},
        [
            text("{file} is ready to fill in, in any editor of plain text.", file=file),
            text(
                "Then: otdacha pay {directory} --measures {file}", directory=text("DIR"), file=file
            ),
        ],
    )


TEMPLATE = Verb(
    "template",
    template,
    text(
        "Write a file to fill in.\n"
        "Our headers, lists to choose from, and a sheet that explains every column. Filled in, it "
        "goes through `add` as it is. Of the passport of a plan: the fields that only you know, or "
        "the form. Of measures of pay: one of each kind, to be changed."
    ),
    "otdacha template staff staff.xlsx\notdacha template cases cases.xlsx --workspace union\n"
    "otdacha template passport passport.toml\notdacha template measures measures.toml",
)
