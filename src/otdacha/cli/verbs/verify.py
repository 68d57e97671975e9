"""`otdacha verify`: compute a release again and compare it byte for byte."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from otdacha.cli.faults import ATTENTION
from otdacha.cli.tables import table
from otdacha.cli.verb import Answer, Verb, argument, option
from otdacha.cli.voice import Voice
from otdacha.errors import ReleaseProblem
from otdacha.language import text

WORDS = {
    "as named": text("as named"),
    "altered": text("altered"),
    "missing": text("missing"),
    "not named": text("not named"),
    "same bytes": text("same bytes"),
    "different bytes": text("different bytes"),
    "not computed": text("not computed"),
}


def verify(
    voice: Voice,
    path: Annotated[Path, argument(text("Folder of the release or of the plan."), text("FOLDER"))],
    workspace: Annotated[
        Path | None,
        option(
            "--workspace",
            text("Where the records lie (otherwise the workspace that the release stands in)."),
            text("DIR"),
        ),
    ] = None,
    file: Annotated[
        Path | None,
        option(
            "--file",
            text("The file that the figures came in, of a release of somebody's figures."),
            text("FILE"),
        ),
    ] = None,
) -> Answer:
    from otdacha.programme.plan import is_plan
    from otdacha.records import open_workspace
    from otdacha.release import verify as verify_release

    if is_plan(path):
        return _plan(path)
    records = open_workspace(workspace) if workspace else None
    with voice.progress() as progress:
        found = verify_release(path, records, file=file, progress=progress)
    document = {
        "release": found.release,
        "good": found.good,
        "intact": found.intact,
        "recomputed": found.recomputed,
        "same_source": found.same_source,
        "files": [
            {"file": one.name, "manifest": one.kept, "recomputed": one.remade}
            for one in found.files
        ],
        "differences": [voice.say(difference) for difference in found.differences],
    }
    files = table(
        voice,
        {
            "file": text("File"),
            "kept": text("Against the manifest"),
            "remade": text("Computed again"),
        },
        [(one.name, WORDS[one.kept], WORDS[one.remade]) for one in found.files],
    )
    shown: list[Any] = [files, *found.differences, found.verdict]
    if not found.good:
        return Answer(document, shown, ReleaseProblem.exit_code)
    return Answer(document, shown, 0 if found.recomputed else ATTENTION)


def _plan(path: Path) -> Answer:
    """Whether a plan is whole. It is not made again: its search ends by the clock."""
    from otdacha.programme.plan import load_plan

    plan = load_plan(path)
    return Answer(
        {"plan": plan.id, "hash": plan.hash, "intact": True, "recomputed": False},
        [
            text(
                "Plan {plan}: every file is as its manifest names it. SHA-256 of the manifest: "
                "{hash}",
                plan=plan.id,
                hash=plan.hash,
            ),
            text(
                "It was not made again: a search that ends by the clock need not end with the same "
                "plan."
            ),
        ],
        ATTENTION,
    )


VERIFY = Verb(
    "verify",
    verify,
    text(
        "Compute a release again from its records and compare every byte.\n"
        "A release of somebody's figures is computed again from the file they came in (--file).\n"
        "Ends with code 7 where it is damaged or does not come out the same, with 8 where the "
        "records are not there and only the hashes were checked. Of a plan only they are checked."
    ),
    "otdacha verify union/releases/2026.1\notdacha verify banks/figures/2026.1 --file figures.csv",
)
