"""`otdacha export`: the tables of a release in other formats."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from otdacha.cli.saving import known_format
from otdacha.cli.verb import Answer, Verb, argument, option
from otdacha.cli.voice import Voice
from otdacha.language import text


def export(
    voice: Voice,
    path: Annotated[Path, argument(text("Folder of the release."), text("RELEASE"))],
    format: Annotated[
        str,
        option(
            "--format",
            text("xlsx: one workbook for people (the default); csv, parquet, json: for programs."),
            "csv|xlsx|parquet|json",
        ),
    ] = "xlsx",
    out: Annotated[
        Path,
        option("--out", text("Folder to write to (otherwise the current one)."), text("DIR")),
    ] = Path(),
) -> Answer:
    from otdacha.release import export as export_release
    from otdacha.release import load

    written = export_release(load(path), known_format(format), out, language=voice.language)
    return Answer(
        {"files": [str(file) for file in written]},
        [text("Written: {file}", file=file) for file in written],
    )


EXPORT = Verb(
    "export",
    export,
    text(
        "Save the tables of a release.\n"
        "A figure that is withheld carries its state: suppressed, too new, too little evidence; "
        "never a blank, never a zero."
    ),
    "otdacha export union/releases/2026.1 --format csv --out tables",
)
