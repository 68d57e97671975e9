"""Everything that a release says of one provider, as one file."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Literal, get_args

import polars as pl

from otdacha.language import Language
from otdacha.release.export import EXCEL, Dialect, plain, shown, workbook
from otdacha.release.release import Release
from otdacha.release.writing import json_bytes

Kind = Literal["csv", "json", "xlsx"]
KINDS: tuple[Kind, ...] = get_args(Kind)

_LONG = ("table", "row", "column", "value")


def provider_tables(release: Release, provider: str) -> dict[str, pl.DataFrame]:
    """The rows about a provider of every table that has some; of pairs, those it is one of."""
    found = {}
    for name, table in release.tables.items():
        columns = [column for column in ("provider", "other") if column in table.columns]
        if columns:
            rows = table.filter(pl.any_horizontal(pl.col(columns) == provider))
            if rows.height:
                found[name] = rows
    return found


def provider_bytes(
    release: Release, provider: str, kind: Kind, *, language: Language = "ru"
) -> bytes:
    """The rows about a provider as a file; a state stands in the place of a figure it withholds.

    csv: one value a line, with its table, the number of its row there and its column, as Excel
    opens it in `language`. json: the release's id and hash, the provider, then table → rows.
    xlsx: a sheet for each table, and before them one that explains.
    """
    tables = provider_tables(release, provider)
    match kind:
        case "csv":
            return _long(tables, EXCEL[language])
        case "json":
            named = {"release": release.id, "manifest": release.hash, "provider": provider}
            rows = {name: shown(name, table)[1] for name, table in tables.items()}
            return json_bytes({**named, **rows})
        case "xlsx":
            return workbook(release, tables, language)


def _long(tables: Mapping[str, pl.DataFrame], dialect: Dialect) -> bytes:
    """The tables one below the other: they have different columns, so each value has a line."""
    lines = [
        (name, str(number), column.name, plain(row[column.name], dialect))
        for name, table in tables.items()
        for columns, rows in [shown(name, table)]
        for number, row in enumerate(rows, start=1)
        for column in columns
    ]
    frame = pl.DataFrame(lines, schema=dict.fromkeys(_LONG, pl.String), orient="row")
    content = io.BytesIO()
    frame.write_csv(content, separator=dialect.separator, include_bom=dialect.marked)
    return content.getvalue()
