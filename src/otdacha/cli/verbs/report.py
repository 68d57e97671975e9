"""`otdacha report`: a release as one HTML file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from otdacha.cli.faults import Usage
from otdacha.cli.verb import Answer, Verb, argument, option
from otdacha.cli.voice import Voice
from otdacha.language import text


def report(
    voice: Voice,
    path: Annotated[Path, argument(text("Folder of the release."), text("RELEASE"))],
    out: Annotated[
        Path | None,
        option(
            "--out",
            text("Where to write it (otherwise report-RELEASE.html in the current folder)."),
            text("FILE"),
        ),
    ] = None,
) -> Answer:
    from otdacha.documents import write_report
    from otdacha.programme.plan import is_plan
    from otdacha.release import load

    if is_plan(path):
        raise Usage(
            text(
                "{path} is a plan. Its papers: otdacha passport {path} (Word), otdacha workbook "
                "{path} (Excel).",
                path=path,
            )
        )
    release = load(path)
    written = write_report(release, out or Path(f"report-{release.id}.html"), voice.language)
    return Answer(
        {"report": str(written)},
        [text("The report is in {file}: open it in a browser.", file=written)],
    )


REPORT = Verb(
    "report",
    report,
    text(
        "Write a release as one HTML file for reading and printing.\n"
        "The chart, the list, what was left out and why; it opens from disk with no network."
    ),
    "otdacha report union/releases/2026.1 --out report.html",
)
