"""`otdacha add`: bring a file into a table of the workspace."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from otdacha.cli.constants import same_everywhere
from otdacha.cli.faults import ATTENTION
from otdacha.cli.options import Constants, Profile, Sheet
from otdacha.cli.tables import table
from otdacha.cli.verb import Answer, Verb, argument, option
from otdacha.cli.verbs.rejected import excel_file, to_correct
from otdacha.cli.voice import Voice
from otdacha.language import Text, ntext, text

if TYPE_CHECKING:
    from otdacha.records import Batch


def add(
    voice: Voice,
    directory: Annotated[Path, argument(text("Folder of the workspace."), text("DIR"))],
    name: Annotated[
        str,
        argument(
            text(
                "What the file holds: municipalities, units, staff, training, cases, results, "
                "providers, programmes, statistics, needs, offers, budgets, contracts, attendance, "
                "payments, posts or finances."
            ),
            text("TABLE"),
        ),
    ],
    file: Annotated[Path, argument(text("CSV, text, Excel or Parquet file."), text("FILE"))],
    profile: Profile = None,
    constants: Constants = None,
    rejected_rows: Annotated[
        Path | None,
        option(
            "--rejected",
            text("Write the rejected rows to this Excel file: correct them there, then add it."),
            text("FILE"),
        ),
    ] = None,
    sheet: Sheet = None,
) -> Answer:
    from otdacha.records import add as add_file
    from otdacha.records import load_profile, open_workspace

    fixed = same_everywhere(constants or [])
    to_be_corrected = None if rejected_rows is None else excel_file(rejected_rows)
    workspace = open_workspace(directory)
    known = load_profile(profile) if profile else None
    with voice.progress() as progress:
        batch = add_file(
            workspace,
            name,
            file,
            profile=known,
            constants=fixed,
            sheet=sheet,
            progress=progress,
        )
    shown = _shown(voice, directory, batch)
    if batch.rejected and to_be_corrected is not None:
        shown += to_correct(workspace, batch.id, file, to_be_corrected, profile, constants)
    elif batch.rejected:
        shown.append(
            text(
                "To correct them in Excel: otdacha rejected {directory} {batch} --source {file} "
                "--out correct.xlsx",
                directory=directory,
                batch=batch.id,
                file=batch.source,
            )
        )
    nothing = batch.accepted == 0 and not batch.already_there
    return Answer(_document(batch), shown, ATTENTION if nothing else 0)


def _document(batch: Batch) -> dict[str, Any]:
    return asdict(batch)


def _shown(voice: Voice, directory: Path, batch: Batch) -> list[Any]:
    from otdacha.records import REASONS

    if batch.already_there:
        return [
            text(
                "{file} was added before, as batch {batch}: nothing to do.",
                file=batch.source,
                batch=batch.id,
            )
        ]
    shown: list[Any] = [
        accepted(batch.source, batch.table, batch.accepted, batch.rejected),
        _as_it_was_read(batch),
    ]
    if batch.corrects is not None:
        shown.append(
            text("Corrections of batch {batch}, which stays as it is.", batch=batch.corrects)
        )
    shown += _as_it_was_understood(batch)
    if batch.superseding:
        shown.append(
            ntext(
                "{count} row takes the place of an earlier one with the same key.",
                "{count} rows take the place of earlier ones with the same key.",
                count=batch.superseding,
            )
        )
    if batch.reading.ignored:
        shown.append(
            text(
                "Columns that were not read and not stored: {columns}.",
                columns=", ".join(batch.reading.ignored),
            )
        )
    if batch.rejected:
        headings = {"rows": text("Rows"), "reason": text("Why they were rejected")}
        rows = [(count, REASONS[code]) for code, count in batch.reasons.items()]
        shown += [
            table(voice, headings, rows, numbers=["rows"]),
            text(
                "Which rows these are: otdacha rejected {directory} {batch}",
                directory=directory,
                batch=batch.id,
            ),
        ]
    return shown


def accepted(source: str, table_name: str, count: int, rejected: int) -> Text:
    """How many rows came in."""
    return ntext(
        "{file} → {table}: {count} row accepted, rejected: {rejected}.",
        "{file} → {table}: {count} rows accepted, rejected: {rejected}.",
        file=source,
        table=table_name,
        count=count,
        rejected=rejected,
    )


def _as_it_was_read(batch: Batch) -> Text:
    reading = batch.reading
    matched = ", ".join(
        column if column == header else f"{column} ← {header}"
        for column, header in reading.matched.items()
    )
    if reading.sheet is not None:
        return text(
            "Read as: sheet “{sheet}”, header in row {row}; {matched}.",
            sheet=reading.sheet,
            row=reading.header_row,
            matched=matched,
        )
    if reading.encoding is not None and reading.separator is not None:
        return text(
            "Read as: {encoding}, separator “{separator}”, header in row {row}; {matched}.",
            encoding=reading.encoding,
            separator=text("tab") if reading.separator == "\t" else reading.separator,
            row=reading.header_row,
            matched=matched,
        )
    return text("Read as: {format}; {matched}.", format=reading.format, matched=matched)


def _as_it_was_understood(batch: Batch) -> list[Text]:
    """What the file does not say in so many words."""
    told = []
    if batch.stored is not None and batch.stored < batch.accepted:
        told.append(
            ntext(
                "Single observations were gathered into {count} row per department, service, month "
                "and indicator.",
                "Single observations were gathered into {count} rows per department, service, "
                "month and indicator.",
                count=batch.stored,
            )
        )
    if batch.reading.years_only:
        told.append(
            text(
                "The file tells only years for: {columns}. The longest time that fits is taken, so "
                "that no month before or within a course is read as its effect.",
                columns=", ".join(batch.reading.years_only),
            )
        )
    return told


ADD = Verb(
    "add",
    add,
    text(
        "Bring a file into a table.\n"
        "Every row is accepted or rejected with a reason. Names, insurance numbers, phones and "
        "free text are dropped or made pseudonyms before anything is written. The same file "
        "twice changes nothing."
    ),
    "otdacha add union cases journal.csv --rejected correct.xlsx\n"
    "otdacha add union staff roster.xlsx --set municipality=28701000",
)
