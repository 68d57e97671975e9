"""A table of a plan as a file that Excel opens by a double click."""

from __future__ import annotations

import io

import polars as pl
import xlsxwriter

from otdacha.language import Language
from otdacha.release.export import EXCEL, plain


def csv_bytes(frame: pl.DataFrame, language: Language) -> bytes:
    """As Excel reads it where `language` is spoken; nothing in it is taken for a formula."""
    dialect = EXCEL[language]
    written = pl.DataFrame(
        {name: [plain(value, dialect) for value in frame[name]] for name in frame.columns},
        schema=dict.fromkeys(frame.columns, pl.String),
    )
    content = io.BytesIO()
    written.write_csv(content, separator=dialect.separator, include_bom=dialect.marked)
    return content.getvalue()


def workbook_bytes(frame: pl.DataFrame, name: str) -> bytes:
    """A workbook of one sheet; texts stay texts, whatever they begin with."""
    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(content, options) as book:
        frame.write_excel(book, name, autofit=frame.height < 2_000)
    return content.getvalue()
