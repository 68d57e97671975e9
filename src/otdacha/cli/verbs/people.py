"""`otdacha people`: how surely training is linked to staff, and which rows are in doubt."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from otdacha.cli.saving import saved_or_begun
from otdacha.cli.tables import table
from otdacha.cli.verb import Answer, Verb, argument, option
from otdacha.cli.voice import Voice
from otdacha.language import text

SHOWN = 50
"""Rows that are printed; all of them are saved with --out."""


def people(
    voice: Voice,
    directory: Annotated[Path, argument(text("Folder of the workspace."), text("DIR"))],
    out: Annotated[
        Path | None,
        option(
            "--out",
            text("Save the rows to this file; its ending says how: csv, xlsx, parquet, json."),
            text("FILE"),
        ),
    ] = None,
) -> Answer:
    import polars as pl

    from otdacha.records import DOUBTS, links, open_workspace

    found = links(open_workspace(directory))
    meant = {doubt: voice.say(meaning) for doubt, meaning in DOUBTS.items()}
    doubt = pl.col("doubt").cast(pl.String)
    said = found.listed.with_columns(doubt, why=doubt.replace_strict(meant, return_dtype=pl.String))
    shown: list[Any] = [linked_shown(voice, found.counts())]
    if said.height:
        shown.append(_listed(voice, said.head(SHOWN)))
    else:
        shown.append(text("Nobody is in doubt."))
    shown += saved_or_begun(said, SHOWN, out, "people.xlsx")
    if said.filter(doubt="ambiguous").height:
        shown.append(
            text(
                "Whose rows these are stands in your own files: names are not kept here. Add the "
                "СНИЛС there and add the file again."
            )
        )
    document = {
        "links": found.counts(),
        "repeated": dict(found.repeated),
        "rows": said.to_dicts(),
    }
    return Answer(document, shown)


def linked_shown(voice: Voice, counts: Mapping[str, int]) -> Any:
    """Training records by how surely they are linked to the staff."""
    from otdacha.records import CONFIDENCE

    return table(
        voice,
        {"how": text("How the trained person was found on the staff"), "rows": text("Records")},
        [(CONFIDENCE[name], count) for name, count in counts.items()],
        numbers=["rows"],
    )


def _listed(voice: Voice, rows: Any) -> Any:
    return table(
        voice,
        {
            "group": text("Group"),
            "table": text("Table"),
            "source": text("File"),
            "row": text("Row"),
            "batch": text("Batch"),
            "why": text("What is in doubt"),
        },
        rows.select("group", "table", "source", "row", "batch", "why").iter_rows(),
        numbers=["group", "row"],
    )


PEOPLE = Verb(
    "people",
    people,
    text(
        "Show how surely training is linked to staff, and which rows are in doubt.\n"
        "Rows are named by file and row, never by name. Rows of one group are about the same name "
        "or the same СНИЛС. What is ambiguous is not linked until a СНИЛС is added."
    ),
    "otdacha people union\notdacha people union --out people.xlsx",
)
