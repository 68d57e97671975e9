"""`otdacha passport`: the passport of a plan's programme as a Word file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from otdacha.cli.fields import file_of_fields, open_fields, open_fields_shown, without_release
from otdacha.cli.options import Form
from otdacha.cli.saving import new_file
from otdacha.cli.verb import Answer, Verb, argument, option
from otdacha.cli.voice import Voice
from otdacha.language import text


def passport(
    voice: Voice,
    path: Annotated[Path, argument(text("Folder of the plan."), text("PLAN"))],
    fields: Annotated[
        Path | None,
        option(
            "--fields",
            text(
                "File of what only you know: who answers for it, who signs (otherwise the "
                "workspace's passport.toml)."
            ),
            "FILE.toml",
        ),
    ] = None,
    template: Form = None,
    out: Annotated[
        Path | None,
        option(
            "--out",
            text("Where to write it (otherwise passport-PLAN.docx in the current folder)."),
            "FILE.docx",
        ),
    ] = None,
) -> Answer:
    from otdacha.documents.plan import Fields, load_fields, write_passport
    from otdacha.documents.plan.fields import FILE, TO_SAY
    from otdacha.programme.beside import release_beside, workspace_beside
    from otdacha.programme.plan import load_plan

    plan = load_plan(path)
    file = new_file(out or Path(f"passport-{plan.id}.docx"), ".docx")
    given = fields or file_of_fields(workspace_beside(plan), FILE)
    known = load_fields(given) if given else Fields()
    release = release_beside(plan)
    written = write_passport(plan, file, voice.language, known, template, release=release)
    # without a title of its own the passport has the plan's
    asked_for = {name: what for name, what in TO_SAY.items() if name != "title"}
    still_open = open_fields(known, asked_for)
    return Answer(
        {
            "passport": str(written),
            "fields": None if given is None else str(given),
            "release": None if release is None else release.id,
            "to_fill_in": list(still_open),
        },
        [
            text("The passport is in {file}: open it in Word.", file=written),
            *open_fields_shown("passport", still_open),
            *without_release(plan, found=release is not None),
        ],
    )


PASSPORT = Verb(
    "passport",
    passport,
    text(
        "Write the passport of a plan's programme as a Word file to edit and sign.\n"
        "Goal, tasks, indicators with their method, funding by year and source, measures, risks. "
        "What only you know is asked for in yellow, or taken from a file of fields; `template "
        "passport` writes that file, and the form itself, to be changed in Word."
    ),
    "otdacha passport union/plans/2026.1 --fields passport.toml --out passport.docx",
)
