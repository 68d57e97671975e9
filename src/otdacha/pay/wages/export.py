"""A comparison as open data: CSV, Excel, JSON, Parquet, with a state where there is no figure."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import polars as pl
import xlsxwriter

from otdacha.errors import PayProblem, WorkspaceProblem
from otdacha.language import Language, Text, text
from otdacha.pay.wages.columns import COLUMNS, TITLES, WORDS, open_tables
from otdacha.pay.wages.states import PROXY, YEAR_SENTENCES, YEAR_STATES
from otdacha.records.landing import land
from otdacha.release.columns import Column
from otdacha.release.export import EXCEL, PROGRAMS, Dialect, Format, plain
from otdacha.release.writing import dictionary_of, json_bytes, parquet_bytes

if TYPE_CHECKING:
    from otdacha.pay.wages.comparison import Comparison


_WIDTHS = {"name": 46, "region": 28, "state": 30}
"""Columns of the workbook that are wider than others, in characters."""


def export_comparison(
    comparison: Comparison, format: str, out: Path, *, language: Language = "ru"
) -> list[Path]:
    """Write the open tables of a comparison into the folder `out`; the files written.

    csv: a file per table and the data dictionary, UTF-8; json: one file; parquet: a file per table,
    typed; xlsx: one workbook for people, headers and states in `language`.

    Raises PayProblem where the format is unknown, WorkspaceProblem where a file cannot be written.
    """
    if format not in get_args(Format):
        raise PayProblem(
            text(
                "There is no format {format}. Choose one of: {formats}.",
                format=format,
                formats=", ".join(get_args(Format)),
            )
        )
    tables = open_tables(comparison.tables)
    stem = f"otdacha-wages-{comparison.id}"
    match format:
        case "csv":
            files = {
                f"{stem}-{name}.csv": csv_of(COLUMNS[name], table, PROGRAMS)
                for name, table in tables.items()
            }
            files[f"{stem}-data_dictionary.csv"] = dictionary_of(COLUMNS)
        case "parquet":
            files = {
                f"{stem}-{name}.parquet": parquet_bytes(table) for name, table in tables.items()
            }
        case "json":
            files = {f"{stem}.json": _json(comparison, tables)}
        case _:
            files = {f"{stem}.xlsx": workbook(comparison.id, comparison.made, tables, language)}
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            land(out / name, content)
    except OSError as fault:
        raise WorkspaceProblem(
            text(
                "{folder}: the export cannot be written ({fault}). Make room or name another "
                "folder.",
                folder=out,
                fault=fault.strerror or fault,
            )
        ) from fault
    return [out / name for name in files]


def csv_of(columns: Sequence[Column], table: pl.DataFrame, dialect: Dialect) -> bytes:
    """A table as CSV: the code of its state where there is no figure, nothing that would run."""
    rows = stated_rows(columns, table)
    frame = pl.DataFrame(
        {column.name: [_cell(row[column.name], dialect) for row in rows] for column in columns},
        schema={column.name: pl.String for column in columns},
    )
    content = io.BytesIO()
    frame.write_csv(content, separator=dialect.separator, include_bom=dialect.marked)
    return content.getvalue()


def excel_csv(columns: Sequence[Column], table: pl.DataFrame, language: Language) -> bytes:
    """The same as Excel opens it by a double click where `language` is spoken."""
    return csv_of(columns, table, EXCEL[language])


def stated_rows(columns: Sequence[Column], table: pl.DataFrame) -> list[dict[str, Any]]:
    """The rows, with the code of its state where there is no figure."""
    return [
        {
            column.name: row[column.state]
            if row[column.name] is None and column.state is not None
            else row[column.name]
            for column in columns
        }
        for row in table.iter_rows(named=True)
    ]


def workbook(
    name: str, made: dt.datetime, tables: Mapping[str, pl.DataFrame], language: Language
) -> bytes:
    """Tables as sheets for people, and before them one that explains states and columns."""
    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(content, options) as book:
        book.set_properties({"created": made.replace(tzinfo=None)})
        head = book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bg_color": "#E8EDF2"}
        )
        muted = book.add_format({"font_color": "#595959", "italic": True})
        money = book.add_format({"num_format": "#,##0.00"})
        _explained(book, name, tables, language, head)
        for table, rows in tables.items():
            sheet = book.add_worksheet(TITLES[table].said(language))
            for at, column in enumerate(COLUMNS[table]):
                sheet.write_string(0, at, column.header.said(language), head)
                sheet.set_column(at, at, _WIDTHS.get(column.name, 16))
            for line, row in enumerate(stated_rows(COLUMNS[table], rows), start=1):
                for at, column in enumerate(COLUMNS[table]):
                    value = row[column.name]
                    if isinstance(value, str):
                        stated = column.state is not None
                        words = WORDS.get(column.state or column.name, {}).get(value)
                        said = words.said(language) if words else value
                        sheet.write_string(line, at, said, muted if stated else None)
                    elif isinstance(value, Decimal):
                        sheet.write_number(line, at, float(value), money)
                    elif value is not None:
                        sheet.write(line, at, value)
            sheet.freeze_panes(1, 2)
            sheet.autofilter(0, 0, max(rows.height, 1), len(COLUMNS[table]) - 1)
    return content.getvalue()


def _explained(
    book: xlsxwriter.Workbook,
    name: str,
    tables: Mapping[str, pl.DataFrame],
    language: Language,
    head: Any,
) -> None:
    sheet = book.add_worksheet(text("How to read").said(language))
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 1, 34)
    sheet.set_column(2, 2, 90)
    sheet.write_string(0, 0, f"{text('The wage next door').said(language)}: {name}", head)
    sheet.write_string(1, 2, PROXY.said(language), wrapped)
    explained: list[tuple[Text, list[tuple[Text, Text]]]] = [
        (
            text("What the states mean"),
            [(words, YEAR_SENTENCES[state]) for state, words in YEAR_STATES.items()],
        ),
        *(
            (TITLES[table], [(column.header, column.meaning) for column in COLUMNS[table]])
            for table in tables
        ),
    ]
    row = 3
    for title, lines in explained:
        sheet.write_string(row, 0, title.said(language), head)
        for word, meaning in lines:
            row += 1
            sheet.write_string(row, 1, word.said(language))
            sheet.write_string(row, 2, meaning.said(language), wrapped)
        row += 2


def _json(comparison: Comparison, tables: Mapping[str, pl.DataFrame]) -> bytes:
    about = {key: comparison.manifest[key] for key in ("wages", "made", "years", "figures")}
    return json_bytes(
        {
            "about": {**about, "manifest": comparison.hash, "proxy": PROXY.said("en")},
            **{name: as_json(COLUMNS[name], table) for name, table in tables.items()},
        }
    )


def as_json(columns: Sequence[Column], table: pl.DataFrame) -> list[dict[str, Any]]:
    """The rows as JSON has them, with the code of its state where there is no figure."""
    return [
        {key: _number(value) for key, value in row.items()} for row in stated_rows(columns, table)
    ]


def _number(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else value


def _cell(value: Any, dialect: Dialect) -> str | None:
    """Rubles keep their two decimals."""
    if isinstance(value, Decimal):
        return str(value).replace(".", dialect.decimal)
    return plain(value, dialect)
