"""The rejected rows of a file as a workbook that can be corrected and sent back.

It is made from the user's own source file, on request, because nothing in the workspace holds a
name: what the source says stands in the new file as it stood there, and nowhere else.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import xlsxwriter

from otdacha.errors import FileProblem
from otdacha.language import Language, text
from otdacha.records.cards import batch_of, batches
from otdacha.records.corrections import (
    HIDDEN_SHEET,
    ROW_HEADER,
    WHY_HEADER,
    Origin,
    fingerprints,
    records_among,
    taken_rows,
)
from otdacha.records.landing import land
from otdacha.records.profiles import Profile
from otdacha.records.reasons import REASONS
from otdacha.records.request import requested
from otdacha.records.store import rejected_rows
from otdacha.records.workspace import Workspace

MOST_ROWS = 1_048_575
"""Rows below the header that a sheet of Excel holds."""
_LONGEST_CELL = 32_767
_LINE, _WIDE = 15, 60
"""Height of a line of text in points, width of the column of reasons in letters."""


@dataclass(frozen=True)
class Written:
    """rows: rejected rows in the file. corrected: rejected rows that were corrected before and are
    not in it. too_long: rows of the source that are not in it, as a cell is longer than a cell of
    Excel can be."""

    rows: int
    corrected: int
    too_long: tuple[int, ...]


def write_corrections(
    workspace: Workspace,
    batch_id: str,
    source: Path,
    out: Path,
    *,
    profile: Profile | None = None,
    constants: Mapping[str, str] | None = None,
    language: Language | None = None,
) -> Written:
    """Write the rows of `source` that were rejected and not yet corrected to the workbook `out`.

    source, profile, constants: as they were given to `add`; the batch's own name proves it. Cells
    are written as text, so nothing in them is run as a formula. `add` takes the corrected file
    back, any number of times.

    Raises FileProblem where the source is another file than the batch was made from, where `out`
    lies in the workspace (names must not), and where the rows are more than a sheet holds.
    """
    batch = batch_of(workspace, batch_id)
    _refuse_inside(workspace, out)
    request = requested(batch.table, source, profile, constants)
    if batch.id.split("-")[0] != request.content_id:
        raise FileProblem(
            text(
                "{file}: this is not the file that batch {batch} was made from, or the profile or "
                "a constant is another. Give the very file, and --profile and --set as for `add`.",
                file=source.name,
                batch=batch_id,
            )
        )
    sheet = request.read()
    matching = request.matching(sheet)
    if request.is_gathered(matching):
        raise FileProblem(
            text(
                "{file}: each row is one observation, and all of a month count together, so that "
                "some of them cannot be added later. Correct the source itself and add it again.",
                file=source.name,
            )
        )
    correction = request.correction
    number = sheet.rows if correction is None else correction.source_row
    root = batch.corrects or batch.id
    places = sorted(set(matching.columns.values()), key=int)
    origin = Origin(
        root,
        batch.table,
        request.profile,
        request.constants,
        tuple(sheet.headers[int(i)] for i in places),
    )
    faults = rejected_rows(workspace, batch.id)
    to_correct = records_among(rejected_rows(workspace, root))
    rejected = (
        pl.DataFrame({"row": sheet.rows, "number": number})
        .with_row_index("at")
        .join(faults.select("row").unique(), on="row", how="semi", maintain_order="left")
        .filter(pl.col("number").is_in(to_correct.implode()))
        .unique("number", keep="first", maintain_order=True)
    )
    rows = rejected.filter(~pl.col("number").is_in(sorted(taken_rows(workspace, root))))
    cells = sheet.cells.select(places)[rows["at"]]
    fits = cells.select(
        ok=pl.all_horizontal(pl.lit(True), pl.all().fill_null("").str.len_chars() <= _LONGEST_CELL)
    )["ok"]
    if rows.height > MOST_ROWS:
        raise FileProblem(
            text(
                "{count} rows were rejected, more than a sheet of Excel holds ({most}). Correct "
                "the source itself and add it again.",
                count=rows.height,
                most=MOST_ROWS,
            )
        )
    columns = {name: places.index(place) for name, place in matching.columns.items()}
    land(
        out,
        _workbook(
            origin,
            rows.filter(fits),
            cells.filter(fits),
            faults,
            columns,
            language or workspace.language,
        ),
    )
    return Written(
        rows=int(fits.sum()),
        corrected=rejected.height - rows.height,
        too_long=tuple(rows.filter(~fits)["number"]),
    )


def corrected_since(workspace: Workspace, batch_id: str) -> tuple[int, tuple[str, ...]]:
    """How many rejected rows of a batch were corrected since, and by which batches."""
    correcting = tuple(batch.id for batch in batches(workspace) if batch.corrects == batch_id)
    return len(taken_rows(workspace, batch_id)), correcting


def _refuse_inside(workspace: Workspace, out: Path) -> None:
    if out.resolve().is_relative_to(workspace.path.resolve()):
        raise FileProblem(
            text(
                "{file}: the rows may hold names, and names do not stand in the workspace. Name a "
                "file outside {folder}.",
                file=out,
                folder=workspace.path,
            )
        )


def _workbook(
    origin: Origin,
    rows: pl.DataFrame,
    cells: pl.DataFrame,
    faults: pl.DataFrame,
    columns: Mapping[str, int],
    language: Language,
) -> bytes:
    """rows: row (in the source's sheet) and number (of the row it was at first). cells: their
    cells by column. columns: input of the table → place among `cells`."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(text("To correct").said(language))
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    ours = book.add_format({"text_wrap": True, "valign": "top", "bg_color": "#EEF1F4"})
    plain = book.add_format({"num_format": "@", "valign": "top"})
    faulty = book.add_format({"num_format": "@", "valign": "top", "bg_color": "#FFE1A8"})
    headers = (ROW_HEADER.said(language), WHY_HEADER.said(language), *origin.headers)
    for at, header in enumerate(headers):
        sheet.write_string(0, at, header, head)
    sheet.set_column(0, 0, 10)
    sheet.set_row(0, 3 * _LINE)
    sheet.set_column(1, 1, _WIDE)
    sheet.set_column(2, max(len(headers) - 1, 2), 22, plain)
    sheet.freeze_panes(1, 2)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    why = _why(faults, columns, origin.headers, language)
    for line, ((row, number), values) in enumerate(
        zip(rows.select("row", "number").iter_rows(), cells.iter_rows(), strict=True), start=1
    ):
        sentences, wrong = why[row]
        sheet.set_row(line, _LINE * sum(-(-len(one) // _WIDE) for one in sentences.split("\n")))
        sheet.write_number(line, 0, number, ours)
        sheet.write_string(line, 1, sentences, ours)
        for at, value in enumerate(values):
            marked = faulty if at in wrong else plain
            if value:
                sheet.write_string(line, at + 2, value, marked)
            else:
                sheet.write_blank(line, at + 2, None, marked)
    if rows.height:
        last = f"{xlsxwriter.utility.xl_col_to_name(len(headers) - 1)}{rows.height + 1}"
        sheet.ignore_errors({"number_stored_as_text": f"A1:{last}"})
    _legend(book, language)
    _hidden(book, origin, rows["number"], [cells[name] for name in cells.columns])
    book.close()
    return content.getvalue()


def _why(
    faults: pl.DataFrame,
    columns: Mapping[str, int],
    headers: Sequence[str],
    language: Language,
) -> dict[int, tuple[str, frozenset[int]]]:
    """For each row of the source all that is wrong with it, and the places of the faulty cells."""
    found: dict[int, tuple[str, frozenset[int]]] = {}
    for row, column, reason in faults.select("row", "column", "reason").iter_rows():
        sentences, wrong = found.get(row, ("", frozenset()))
        sentence = REASONS[reason].said(language)
        if column in columns:
            sentence = f"{headers[columns[column]]}: {sentence}"
            wrong |= {columns[column]}
        found[row] = f"{sentences}\n{sentence}".strip(), wrong
    return found


def _legend(book: xlsxwriter.Workbook, language: Language) -> None:
    sheet = book.add_worksheet(text("What to do").said(language))
    sheet.set_column(0, 0, 100)
    sheet.fit_to_pages(1, 0)
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    for line, sentence in enumerate(
        (
            text("1. Correct the cells that are marked. The column beside says what is wrong."),
            text(
                "2. A row that needs no correction (a repeated one, a line of totals) may stay as "
                "it is or be deleted: only the rows that you have changed are taken."
            ),
            text("3. Leave the first column as it is: it says which row of your file this was."),
            text("4. Save the file and add it to the same table. What is accepted by now stays."),
            text(
                "The file holds names. It lies outside the workspace: delete it once you are done."
            ),
        )
    ):
        sheet.write_string(line, 0, sentence.said(language), wrapped)


def _hidden(
    book: xlsxwriter.Workbook, origin: Origin, numbers: pl.Series, cells: Sequence[pl.Series]
) -> None:
    sheet = book.add_worksheet(HIDDEN_SHEET)
    sheet.very_hidden()
    for at, word in enumerate(origin.packed()):
        sheet.write_string(0, at, word)
    marks = fingerprints(cells, numbers.len())
    for line, (number, mark) in enumerate(zip(numbers, marks, strict=True), start=1):
        sheet.write_number(line, 0, number)
        sheet.write_string(line, 1, mark)
