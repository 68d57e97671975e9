"""The needs of a form as a file: the template of needs filled in, or the same as CSV."""

from __future__ import annotations

import polars as pl

from otdacha.language import Language
from otdacha.records import template_bytes
from otdacha.records.explained import COLUMNS
from otdacha.records.template import header_of_column, said_in_file
from otdacha.site.programme.requests.fields import INPUTS, TABLE
from otdacha.site.programme.spreadsheet import csv_bytes


def workbook(needs: pl.DataFrame, language: Language) -> bytes:
    """needs: as the records store them."""
    return template_bytes(TABLE, language=language, rows=needs.to_dicts())


def csv(needs: pl.DataFrame, language: Language) -> bytes:
    """The columns of the template that somebody without a name can fill."""
    columns = [name for name in COLUMNS[TABLE] if name in needs.columns and name != "badge"]
    said = {
        header_of_column(TABLE, name, language): [
            said_in_file(INPUTS[name], one, language) if isinstance(one, str) else one
            for one in needs[name]
        ]
        for name in columns
    }
    return csv_bytes(pl.DataFrame(said), language)
