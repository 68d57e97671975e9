"""The tables of a release in other formats, with a state where there is no figure."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any, Literal, get_args

import polars as pl
import xlsxwriter

from otdacha.errors import ReleaseProblem, WorkspaceProblem
from otdacha.language import Language, Text, text
from otdacha.records.formulas import shown_only
from otdacha.records.landing import land
from otdacha.release.columns import ROW, Column
from otdacha.release.diff import cause_in_words, in_words
from otdacha.release.reasons import STAGES, sentence
from otdacha.release.release import Release
from otdacha.release.states import INVENTED, SENTENCES, STATE, WORDS, State
from otdacha.release.tables import TABLES
from otdacha.release.writing import dictionary_bytes, json_bytes, parquet_bytes

Format = Literal["csv", "xlsx", "parquet", "json"]
FORMATS: tuple[Format, ...] = get_args(Format)

TITLES: Mapping[str, Text] = {
    "providers": text("Organisations"),
    "effects": text("By indicator"),
    "excluded": text("Left out"),
    "gates": text("Checks"),
    "event_study": text("By month"),
    "second_opinion": text("Second opinion"),
    "drift": text("Drift"),
    "prediction": text("Prediction"),
    "predicted": text("Foretold and came"),
    "weights": text("Other weights"),
    "weightings": text("Weights"),
    "grades": text("Grades by price"),
    "prior": text("Prior"),
    "prior_mean": text("Expected beforehand"),
    "comparisons": text("Pairs"),
    "programmes": text("Programmes"),
    "municipalities": text("Municipalities"),
    "changes": text("Changes"),
}
"""What people call the tables."""


@dataclass(frozen=True)
class Dialect:
    """How a CSV file separates its cells and its decimals; marked: it begins with the mark by which
    Excel knows UTF-8."""

    separator: str = ","
    decimal: str = "."
    marked: bool = False


PROGRAMS = Dialect()
"""RFC 4180, for programs."""
EXCEL: Mapping[Language, Dialect] = {
    "ru": Dialect(separator=";", decimal=",", marked=True),
    "en": Dialect(marked=True),
}
"""What Excel opens by a double click, in the settings of a country that speaks the language."""


def export(release: Release, format: str, out: Path, *, language: Language = "ru") -> list[Path]:
    """Write the tables of a release into the folder `out`; the files written.

    csv: a file per table and the data dictionary, UTF-8; json: one file; parquet: a file per table,
    typed as in the release. xlsx: one workbook for people, headers and states in `language`, with a
    sheet that explains them. In csv, json and xlsx a state stands in the place of the figure it
    withholds.

    Raises ReleaseProblem where the format is unknown.
    """
    stem = f"otdacha-{release.id}"
    try:
        out.mkdir(parents=True, exist_ok=True)
        match format:
            case "csv":
                return _csv(release, out, stem)
            case "json":
                return [_written(out / f"{stem}.json", json_bytes(_json(release)))]
            case "parquet":
                return [
                    _written(out / f"{stem}-{name}.parquet", parquet_bytes(table))
                    for name, table in release.tables.items()
                ]
            case "xlsx":
                book = workbook(release, release.tables, language)
                return [_written(out / f"{stem}.xlsx", book)]
    except OSError as fault:
        raise WorkspaceProblem(
            text(
                "{folder}: the export cannot be written ({fault}). Make room or name another "
                "folder.",
                folder=out,
                fault=fault.strerror or fault,
            )
        ) from fault
    raise ReleaseProblem(
        text(
            "There is no format {format}. Choose one of: {formats}.",
            format=format,
            formats=", ".join(FORMATS),
        )
    )


def table_bytes(
    release: Release,
    name: str,
    format: Format,
    *,
    language: Language = "ru",
    rows: pl.DataFrame | None = None,
) -> bytes:
    """One table of a release as a file.

    rows: those of the table that are wanted, in their order; all of them unless given. csv: what
    Excel opens in `language` (`EXCEL`). xlsx: one sheet, and before it one that explains. json:
    the release's id and hash, the table's name, its rows. parquet: typed as in the release.

    Raises KeyError where the release has no such table.
    """
    table = release.tables[name] if rows is None else rows
    match format:
        case "csv":
            return _csv_bytes(name, table, EXCEL[language])
        case "xlsx":
            return workbook(release, {name: table}, language)
        case "parquet":
            return parquet_bytes(table)
        case "json":
            named = {"release": release.id, "manifest": release.hash, "table": name}
            return json_bytes({**named, "rows": shown(name, table)[1]})


def shown(name: str, table: pl.DataFrame) -> tuple[tuple[Column, ...], list[dict[str, Any]]]:
    """The columns and rows of a table for reading: a `State` where a figure is withheld.

    The columns that hold states of single figures are left out: the states stand in their place.
    """
    return shown_rows(TABLES[name], table)


def shown_rows(
    described: Sequence[Column], table: pl.DataFrame
) -> tuple[tuple[Column, ...], list[dict[str, Any]]]:
    """As `shown`, of any table whose columns are described."""
    columns = without_states(described)
    rows = [
        {column.name: _shown(column, row) for column in columns}
        for row in table.iter_rows(named=True)
    ]
    return columns, rows


def shown_columns(name: str) -> tuple[Column, ...]:
    """The columns of a table without those that hold states of single figures."""
    return without_states(TABLES[name])


def without_states(described: Sequence[Column]) -> tuple[Column, ...]:
    states = {column.state for column in described} - {None, ROW}
    return tuple(column for column in described if column.name not in states)


def _shown(column: Column, row: Mapping[str, Any]) -> Any:
    value = row[column.name]
    if column.type == STATE:
        return State(value)
    if value is None and column.state is not None:
        state = State(row[column.state])
        # published without a value: the figure does not exist (degrees of freedom of a normal)
        return None if state is State.PUBLISHED else state
    return value


def _csv(release: Release, out: Path, stem: str) -> list[Path]:
    written = [
        _written(out / f"{stem}-{name}.csv", _csv_bytes(name, table, PROGRAMS))
        for name, table in release.tables.items()
    ]
    dictionary = _written(out / f"{stem}-data_dictionary.csv", dictionary_bytes())
    return [*written, dictionary]


def _csv_bytes(name: str, table: pl.DataFrame, dialect: Dialect) -> bytes:
    return csv_of(TABLES[name], table, dialect)


def csv_of(described: Sequence[Column], table: pl.DataFrame, dialect: Dialect) -> bytes:
    """A table as CSV: a state in the place of the figure it withholds, nothing that would run."""
    columns, rows = shown_rows(described, table)
    frame = pl.DataFrame(
        {column.name: [plain(row[column.name], dialect) for row in rows] for column in columns},
        schema={column.name: pl.String for column in columns},
    )
    content = io.BytesIO()
    frame.write_csv(content, separator=dialect.separator, include_bom=dialect.marked)
    return content.getvalue()


def plain(value: Any, dialect: Dialect) -> str | None:
    """What a cell of a CSV file holds; nothing in it is taken for a formula."""
    if isinstance(value, State):
        return value.value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return shown_only(value)
    if isinstance(value, float | Decimal):
        return str(value).replace(".", dialect.decimal)
    return None if value is None else str(value)


def _json(release: Release) -> dict[str, Any]:
    return {
        "manifest": dict(release.manifest),
        **{name: shown(name, table)[1] for name, table in release.tables.items()},
    }


def _written(path: Path, content: bytes) -> Path:
    land(path, content)
    return path


def workbook(release: Release, tables: Mapping[str, pl.DataFrame], language: Language) -> bytes:
    """The tables as sheets of a workbook for people; the same bytes whenever it is written."""
    sections = [
        Section(TITLES[name], TABLES[name], table, partial(_worded_of, release))
        for name, table in tables.items()
    ]
    heading = f"{release.about.title.said(language)}: {release.id}"
    invented = INVENTED if release.manifest["invented"] else None
    created = dt.datetime.fromisoformat(release.manifest["created"])
    return described_workbook(heading, invented, created, sections, language)


@dataclass(frozen=True)
class Section:
    """A table as a sheet. worded: column, row (a `State` where a figure is withheld) and language
    to what stands in the cell."""

    title: Text
    described: Sequence[Column]
    table: pl.DataFrame
    worded: Callable[[Column, Mapping[str, Any], Language], Any]


def described_workbook(
    heading: str,
    invented: Text | None,
    created: dt.datetime,
    sections: Sequence[Section],
    language: Language,
) -> bytes:
    """Tables as sheets, and before them one that explains their columns and the states."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(
        content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties({"created": created})
    head = book.add_format(
        {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bg_color": "#E8EDF2"}
    )
    muted = book.add_format({"font_color": "#595959", "italic": True})
    number = book.add_format({"num_format": "0.0000"})
    _legend(book, heading, invented, sections, language)
    for section in sections:
        sheet = book.add_worksheet(section.title.said(language))
        columns, rows = shown_rows(section.described, section.table)
        for at, column in enumerate(columns):
            sheet.write_string(0, at, column.header.said(language), head)
            sheet.set_column(at, at, _width(column))
            for row, values in enumerate(rows, start=1):
                value = section.worded(column, values, language)
                if isinstance(values[column.name], State) and column.type != STATE:
                    sheet.write_string(row, at, value, muted)
                elif isinstance(value, float):
                    sheet.write_number(row, at, value, number)
                elif isinstance(value, str):
                    sheet.write_string(row, at, value)
                elif value is not None:
                    sheet.write(row, at, value)
        sheet.freeze_panes(1, 2)
        sheet.autofilter(0, 0, max(len(rows), 1), len(columns) - 1)
    book.close()
    return content.getvalue()


def _worded_of(release: Release, column: Column, row: Mapping[str, Any], language: Language) -> Any:
    return _worded(column, row, release, language)


def _worded(column: Column, row: Mapping[str, Any], release: Release, language: Language) -> Any:
    """A value as people read it: states, reasons, changes, yes and no, indicators in words."""
    value = row[column.name]
    if isinstance(value, State):
        return WORDS[value].said(language)
    if isinstance(value, bool):
        return (text("yes") if value else text("no")).said(language)
    if column.name == "reason" and value is not None:
        return sentence(value).said(language)
    if column.name == "indicator" and value is not None:
        return indicator_name(release, value, language)
    if column.name == "change":
        return in_words(value).said(language)
    if column.name == "cause" and value is not None:
        return cause_in_words(value, row[ROW]).said(language)
    if column.name == "stage" and value in STAGES:
        return STAGES[value].said(language)
    return value


def indicator_name(release: Release, indicator: str, language: Language) -> str:
    """What people call an indicator of a release."""
    for one in release.methodology.indicators:
        if one.id == indicator:
            return one.name.said(language)
    return text("All indicators together").said(language)


def _width(column: Column) -> int:
    return {"name": 48, "reason": 48, "indicator": 32, "region": 24}.get(column.name, 15)


def _legend(
    book: xlsxwriter.Workbook,
    heading: str,
    invented: Text | None,
    sections: Sequence[Section],
    language: Language,
) -> None:
    """The first sheet: whether this is real, and what the columns and the states mean."""
    sheet = book.add_worksheet(text("How to read").said(language))
    head = book.add_format({"bold": True, "bottom": 1, "bg_color": "#E8EDF2"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 1, 28)
    sheet.set_column(2, 2, 90)
    sheet.write_string(0, 0, heading, head)
    row = 2
    if invented is not None:
        sheet.write_string(1, 0, invented.said(language), book.add_format({"bold": True}))
        row = 3
    for title, lines in (
        (text("What the states mean"), [(WORDS[s], SENTENCES[s]) for s in State]),
        *(
            (section.title, [(c.header, c.meaning) for c in without_states(section.described)])
            for section in sections
        ),
    ):
        sheet.write_string(row, 0, title.said(language), head)
        for word, meaning in lines:
            row += 1
            sheet.write_string(row, 1, word.said(language))
            sheet.write_string(row, 2, meaning.said(language), wrapped)
        row += 2
