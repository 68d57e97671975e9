"""`otdacha letter`: the letter with the proposals of a scenario of pay as a Word file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from otdacha.cli.fields import file_of_fields, open_fields, open_fields_shown, without_release
from otdacha.cli.options import Form
from otdacha.cli.saving import new_file
from otdacha.cli.verb import Answer, Verb, argument, option
from otdacha.cli.voice import Voice
from otdacha.language import text


def letter(
    voice: Voice,
    path: Annotated[Path, argument(text("Folder of the scenario."), text("SCENARIO"))],
    fields: Annotated[
        Path | None,
        option(
            "--fields",
            text(
                "File of what only you know: letterhead, addressee, who signs (otherwise the "
                "workspace's letter.toml)."
            ),
            "FILE.toml",
        ),
    ] = None,
    template: Form = None,
    out: Annotated[
        Path | None,
        option(
            "--out",
            text("Where to write it (otherwise letter-SCENARIO.docx in the current folder)."),
            "FILE.docx",
        ),
    ] = None,
) -> Answer:
    from otdacha.documents.pay import Fields, load_fields, write_letter
    from otdacha.documents.pay.fields import FILE, TO_SAY
    from otdacha.pay.scenario import load_scenario
    from otdacha.programme.beside import disclosure_beside, release_beside, workspace_beside

    scenario = load_scenario(path)
    file = new_file(out or Path(f"letter-{scenario.id}.docx"), ".docx")
    given = fields or file_of_fields(workspace_beside(scenario), FILE)
    known = load_fields(given) if given else Fields()
    release = release_beside(scenario)
    written = write_letter(
        scenario,
        file,
        voice.language,
        known,
        template,
        release=release,
        disclosure=disclosure_beside(scenario),
    )
    still_open = open_fields(known, TO_SAY)
    return Answer(
        {
            "letter": str(written),
            "fields": None if given is None else str(given),
            "release": None if release is None else release.id,
            "to_fill_in": list(still_open),
        },
        [
            text("The letter is in {file}: open it in Word.", file=written),
            *open_fields_shown("letter", still_open),
            *without_release(scenario, found=release is not None),
        ],
    )


LETTER = Verb(
    "letter",
    letter,
    text(
        "Write the letter with the proposals of a scenario of pay as a Word file to edit and "
        "sign.\n"
        "The answer and the sum that is asked for on the first page; then basis, problem, norms, "
        "requests, the financial and economic justification by year and source, annexes. What only "
        "you know is asked for in yellow, or taken from a file of fields; `template letter` writes "
        "that file, and the form itself, to be changed in Word."
    ),
    "otdacha letter union/scenarios/2027.1 --fields letter.toml --out letter.docx",
)
