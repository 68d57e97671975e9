"""`otdacha letter`: the letter with the proposals of a scenario of pay as a Word file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from otdacha.cli.saving import new_file
from otdacha.cli.verb import Answer, Verb, argument, option
from otdacha.cli.voice import Voice
from otdacha.language import Text, text

if TYPE_CHECKING:
    from otdacha.documents.pay import Fields
    from otdacha.pay.scenario import Scenario


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
    template: Annotated[
        Path | None,
        option(
            "--template",
            text("A form of your own (otherwise the one that ships)."),
            "FILE.docx",
        ),
    ] = None,
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
    from otdacha.pay.scenario import load_scenario
    from otdacha.programme.beside import release_beside, workspace_beside

    scenario = load_scenario(path)
    file = new_file(out or Path(f"letter-{scenario.id}.docx"), ".docx")
    workspace = workspace_beside(scenario)
    given = fields or (None if workspace is None else _of_the_workspace(workspace.path))
    known = load_fields(given) if given else Fields()
    release = release_beside(scenario)
    written = write_letter(
        scenario,
        file,
        voice.language,
        known,
        template,
        release=release,
        disclosure=None if workspace is None else workspace.methodology().disclosure,
    )
    open_ = to_fill_in(known)
    return Answer(
        {
            "letter": str(written),
            "fields": None if given is None else str(given),
            "release": None if release is None else release.id,
            "to_fill_in": list(open_),
        },
        [
            text("The letter is in {file}: open it in Word.", file=written),
            *_said(open_),
            *_without_release(scenario, found=release is not None),
        ],
    )


def _of_the_workspace(folder: Path) -> Path | None:
    """The file of fields in the workspace of the scenario, where there is one."""
    from otdacha.documents.pay.fields import FILE

    return folder / FILE if (folder / FILE).is_file() else None


def to_fill_in(fields: Fields) -> dict[str, Text]:
    """The fields that the letter asks for still, by name, in words."""
    from otdacha.documents.pay.fields import TO_SAY

    return {name: said for name, said in TO_SAY.items() if not getattr(fields, name)}


def _said(open_: dict[str, Text]) -> list[Text | str]:
    if not open_:
        return []
    return [
        text("Highlighted in yellow, to be filled in:"),
        *(text("  {name}: {what}", name=name, what=what) for name, what in open_.items()),
        text("Write them down once and for all letters: otdacha template letter letter.toml"),
    ]


def _without_release(scenario: Scenario, *, found: bool) -> list[Text]:
    if found or scenario.manifest["release"] is None:
        return []
    return [
        text(
            "Release {release} does not lie beside the scenario: the letter has no figures of it.",
            release=scenario.manifest["release"]["id"],
        )
    ]


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
