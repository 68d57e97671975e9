"""`otdacha rejected`: which rows of a file were rejected, and why."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from otdacha.cli.constants import same_everywhere
from otdacha.cli.faults import Usage
from otdacha.cli.saving import saved_or_begun
from otdacha.cli.tables import table
from otdacha.cli.verb import Answer, Verb, argument, option
from otdacha.cli.voice import Voice
from otdacha.language import ntext, text

if TYPE_CHECKING:
    from otdacha.records import Workspace

SHOWN = 50
"""Rows that are printed; all of them are saved with --out."""


def rejected(
    voice: Voice,
    directory: Annotated[Path, argument(text("Folder of the workspace."), text("DIR"))],
    batch: Annotated[
        str,
        argument(text("Name of the batch, as `add` and `check --batches` show it."), text("BATCH")),
    ],
    out: Annotated[
        Path | None,
        option(
            "--out",
            text("Save the rows to this file; its ending says how: csv, xlsx, parquet, json."),
            text("FILE"),
        ),
    ] = None,
    source: Annotated[
        Path | None,
        option(
            "--source",
            text(
                "The file that was added. With it, --out is an Excel file with the whole rows, to "
                "be corrected and added."
            ),
            text("FILE"),
        ),
    ] = None,
    profile: Annotated[
        str | None,
        option(
            "--profile",
            text("With --source: the profile that the file was added with."),
            text("FILE"),
        ),
    ] = None,
    constants: Annotated[
        list[str] | None,
        option(
            "--set",
            text("With --source: a constant that the file was added with."),
            text("COLUMN=VALUE"),
        ),
    ] = None,
) -> Answer:
    import polars as pl

    from otdacha.records import REASONS, corrected_since, open_workspace, rejected_rows

    workspace = open_workspace(directory)
    rows = rejected_rows(workspace, batch)
    corrected, by = corrected_since(workspace, batch)
    said = rows.with_columns(
        pl.col("reason")
        .replace_strict(
            {code: voice.say(reason) for code, reason in REASONS.items()},
            default=pl.col("reason"),
            return_dtype=pl.String,
        )
        .alias("why")
    )
    shown: list[Any] = [
        table(
            voice,
            {
                "row": text("Row"),
                "column": text("Column"),
                "value": text("Value"),
                "reason": text("Why it was rejected"),
            },
            said.head(SHOWN).select("row", "column", "value", "why").iter_rows(),
            numbers=["row"],
        )
    ]
    if corrected:
        shown.append(
            ntext(
                "{count} row of these has been corrected since (batch {batches}).",
                "{count} rows of these have been corrected since (batch {batches}).",
                count=corrected,
                batches=", ".join(by),
            )
        )
    if source is not None:
        shown += to_correct(workspace, batch, source, excel_file(out), profile, constants)
    else:
        shown += saved_or_begun(said, SHOWN, out, "rejected.xlsx")
    return Answer({"batch": batch, "rows": said.to_dicts(), "corrected": corrected}, shown)


def excel_file(out: Path | None) -> Path:
    """Where rows to correct are written: named by the user, and a workbook."""
    if out is None or out.suffix.lower() != ".xlsx":
        raise Usage(
            text("Rows to correct are written as an Excel file: name it, as in --out correct.xlsx")
        )
    return out


def to_correct(
    workspace: Workspace,
    batch: str,
    source: Path,
    out: Path,
    profile: str | None,
    constants: list[str] | None,
) -> list[Any]:
    """Write the rows to correct, and say what the user does with them."""
    from otdacha.records import load_profile, write_corrections

    written = write_corrections(
        workspace,
        batch,
        source,
        out,
        profile=load_profile(profile) if profile else None,
        constants=same_everywhere(constants or []),
    )
    said: list[Any] = [
        ntext(
            "{count} row to correct is in {file}. It may hold names: correct it, add it to the "
            "same table, then delete it.",
            "{count} rows to correct are in {file}. They may hold names: correct them, add the "
            "file to the same table, then delete it.",
            count=written.rows,
            file=out,
        )
    ]
    if written.too_long:
        said.append(
            text(
                "Not in it, as a cell is too long for Excel: rows {rows} of the source.",
                rows=", ".join(map(str, written.too_long)),
            )
        )
    return said


REJECTED = Verb(
    "rejected",
    rejected,
    text(
        "Show which rows of a file were rejected, and why.\n"
        "Correct them in the source and add the file again: what was accepted before is replaced, "
        "not doubled. Or have the rejected rows written to an Excel file with --source, correct "
        "them there and add that. Personal values are masked otherwise."
    ),
    "otdacha rejected union 4f1c0a2be7d9 --out rejected.xlsx\n"
    "otdacha rejected union 4f1c0a2be7d9 --source journal.csv --out correct.xlsx",
)
