"""`otdacha passport`: the passport of a plan's programme as a Word file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from otdacha.cli.saving import new_file
from otdacha.cli.verb import Answer, Verb, argument, option
from otdacha.cli.voice import Voice
from otdacha.language import Text, text

if TYPE_CHECKING:
    from otdacha.documents.plan import Fields
    from otdacha.programme.plan import Plan


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
            text("Where to write it (otherwise passport-PLAN.docx in the current folder)."),
            "FILE.docx",
        ),
    ] = None,
) -> Answer:
    from otdacha.documents.plan import Fields, load_fields, write_passport
    from otdacha.programme.beside import release_beside
    from otdacha.programme.plan import load_plan

    plan = load_plan(path)
    file = new_file(out or Path(f"passport-{plan.id}.docx"), ".docx")
    given = fields or _of_the_workspace(plan)
    known = load_fields(given) if given else Fields()
    release = release_beside(plan)
    written = write_passport(plan, file, voice.language, known, template, release=release)
    open_ = to_fill_in(known)
    return Answer(
        {
            "passport": str(written),
            "fields": None if given is None else str(given),
            "release": None if release is None else release.id,
            "to_fill_in": list(open_),
        },
        [
            text("The passport is in {file}: open it in Word.", file=written),
            *_said(open_),
            *_without_release(plan, found=release is not None),
        ],
    )


def _of_the_workspace(plan: Plan) -> Path | None:
    """The file of fields in the plan's workspace, where there is one."""
    from otdacha.documents.plan.fields import FILE
    from otdacha.programme.beside import workspace_beside

    workspace = workspace_beside(plan)
    if workspace is None or not (workspace.path / FILE).is_file():
        return None
    return workspace.path / FILE


def to_fill_in(fields: Fields) -> dict[str, Text]:
    """The fields that the passport asks for still, by name, in words."""
    from otdacha.documents.plan.fields import TO_SAY

    # without a title of its own the passport has the plan's
    return {
        name: said for name, said in TO_SAY.items() if name != "title" and not getattr(fields, name)
    }


def _said(open_: dict[str, Text]) -> list[Text | str]:
    if not open_:
        return []
    return [
        text("Highlighted in yellow, to be filled in:"),
        *(text("  {name}: {what}", name=name, what=what) for name, what in open_.items()),
        text("Write them down once and for all passports: otdacha template passport passport.toml"),
    ]


def _without_release(plan: Plan, *, found: bool) -> list[Text]:
    if found or plan.manifest["release"] is None:
        return []
    return [
        text(
            "Release {release} does not lie beside the plan: the passport has no figures of it.",
            release=plan.manifest["release"]["id"],
        )
    ]


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
