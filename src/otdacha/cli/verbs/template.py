"""`otdacha template`: a file to fill in: a table for Excel, what a document asks for, measures."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from otdacha.cli.saving import new_file
from otdacha.cli.verb import Answer, Verb, argument, option
from otdacha.cli.voice import Voice
from otdacha.language import text

PASSPORT, LETTER = "passport", "letter"
"""No tables: what the passport of a plan and the letter of a scenario ask for."""
MEASURES, LAW, FEDERAL = "measures", "law", "federal"
"""No tables: measures of pay, to be costed, the law of pay of a region, and the federal law."""


def template(
    voice: Voice,
    name: Annotated[
        str,
        argument(
            text(
                "What the file will hold: municipalities, units, staff, training, cases, results, "
                "providers, programmes, statistics, needs, offers, budgets, contracts, attendance, "
                "payments, posts or finances; or passport or letter, for what the passport of a "
                "plan or the letter of a scenario asks for; or measures, for measures of pay, or "
                "law, for the law of pay of a region, or federal, for the federal law of pay."
            ),
            text("TABLE"),
        ),
    ],
    file: Annotated[
        Path,
        argument(
            text(
                "Where to write it: something.xlsx. Of a passport or a letter: something.toml, "
                "fields to fill in, or something.docx, the form itself. Of measures "
                "and law: something.toml."
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

    if name in (PASSPORT, LETTER):
        return _document(voice, name, file)
    if name in (MEASURES, LAW, FEDERAL):
        return _settings(name, file)
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


def _document(voice: Voice, name: str, file: Path) -> Answer:
    """The fields of a document to fill in, or its form to be changed in Word."""
    from otdacha.documents import pay, plan
    from otdacha.documents.plan.fields_template import write_fields_template

    writers = {
        PASSPORT: (plan.write_passport_template, write_fields_template, text("PLAN")),
        LETTER: (pay.write_letter_template, pay.write_fields_template, text("SCENARIO")),
    }
    write_form, write_fields, of = writers[name]
    form = file.suffix.lower() == ".docx"
    if form:
        write_form(new_file(file, ".docx"), voice.language)
    else:
        write_fields(file, voice.language)
    return Answer(
        {"table": name, "file": str(file)},
        [
            text("{file} is ready to be changed in Word.", file=file)
            if form
            else text("{file} is ready to fill in, in any editor of plain text.", file=file),
            text(
                "Then: otdacha {verb} {folder} {option} {file}",
                verb=name,
                folder=of,
                option="--template" if form else "--fields",
                file=file,
            ),
        ],
    )


def _settings(name: str, file: Path) -> Answer:
    """Measures of pay, the law of a region, or the federal law, to start from; explained in both
    languages."""
    from otdacha.pay.measures import measures_template
    from otdacha.pay.parameters import federal_bytes, template_bytes
    from otdacha.records.landing import land

    writers = {MEASURES: measures_template, LAW: template_bytes, FEDERAL: federal_bytes}
    land(new_file(file, ".toml"), writers[name]())
    return Answer(
        {"table": name, "file": str(file)},
        [
            text("{file} is ready to fill in, in any editor of plain text.", file=file),
            text(
                "Then: otdacha pay {directory} --measures {file}", directory=text("DIR"), file=file
            )
            if name == MEASURES
            else text("Let it lie in the folder pay of the workspace, under the name federal.toml.")
            if name == FEDERAL
            else text("Let it lie in the folder pay of the workspace, one file for each region."),
        ],
    )


TEMPLATE = Verb(
    "template",
    template,
    text(
        "Write a file to fill in.\n"
        "Our headers, lists to choose from, and a sheet that explains every column. Filled in, it "
        "goes through `add` as it is. Of the passport of a plan or the letter of a scenario: the "
        "fields that only you know, or the form. Of measures of pay: one of each kind, to be "
        "changed. Of the law of pay: every section, with what it means."
    ),
    "otdacha template staff staff.xlsx\notdacha template cases cases.xlsx --workspace union\n"
    "otdacha template passport passport.toml\notdacha template letter letter.toml\n"
    "otdacha template measures measures.toml\notdacha template law union/pay/region.toml",
)
