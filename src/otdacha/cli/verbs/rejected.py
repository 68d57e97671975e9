"""`otdacha rejected`: which rows of a file were rejected, and why."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from otdacha.cli.saving import save
from otdacha.cli.tables import table
from otdacha.cli.verb import Answer, Verb, argument, option
from otdacha.cli.voice import Voice
from otdacha.language import text

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
) -> Answer:
    import polars as pl

    from otdacha.records import REASONS, open_workspace, rejected_rows

    rows = rejected_rows(open_workspace(directory), batch)
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
    if out is not None:
        save(said, out)
        shown.append(text("All {count} are in {file}.", count=said.height, file=out))
    elif said.height > SHOWN:
        shown.append(
            text(
                "These are the first {shown} of {count}. All of them: --out rejected.xlsx",
                shown=SHOWN,
                count=said.height,
            )
        )
    return Answer({"batch": batch, "rows": said.to_dicts()}, shown)


REJECTED = Verb(
    "rejected",
    rejected,
    text(
        "Show which rows of a file were rejected, and why.\n"
        "Correct them in the source and add the file again: what was accepted before is replaced, "
        "not doubled. Personal values are masked."
    ),
    "otdacha rejected union 4f1c0a2be7d9 --out rejected.xlsx",
)
