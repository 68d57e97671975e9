"""Routes: every table of a release, and what its columns mean."""

from typing import Any

import polars as pl
from django.http import HttpRequest
from ninja import Field, Query, Schema

from otdacha.language import LANGUAGES, Text, text
from otdacha.release import FORMATS
from otdacha.release.descriptions import DESCRIPTIONS
from otdacha.release.export import TITLES
from otdacha.release.tables import TABLES
from otdacha.release.writing import type_name
from otdacha.site.api.asking import Part, Place, edition, of, page_of, part
from otdacha.site.api.banks import Said
from otdacha.site.api.interface import get
from otdacha.site.api.problems import Refused
from otdacha.site.api.rows import ROWS, told

SHORT = ("gates", "changes")
"""Tables that have an address of their own beside /tables/NAME."""


class ColumnAnswer(Schema):
    name: str
    type: str = Field(description="number, whole number, yes or no, text, or state.")
    unit: Said
    meaning: Said
    state: str | None = Field(
        description="Column of the files that holds the state of this figure; null: no figure. "
        "Here both stand together."
    )


class TableAnswer(Schema):
    name: str
    title: Said
    description: Said
    rows: int
    columns: list[ColumnAnswer]
    files: list[str] = Field(description="Addresses of the whole table as a file, for good.")


class TablesAnswer(Schema):
    bank: str
    release: str
    items: list[TableAnswer]


@get("/tables", TablesAnswer, tag="tables")
def tables(request: HttpRequest, asked: Query[Place]) -> object:
    """The tables of a release: columns, units, meanings, files. Rows are at /tables/NAME."""
    found = edition(asked.bank, asked.release)
    files = found.release.manifest["files"]
    return {
        **of(found),
        "items": [
            {
                "name": name,
                "title": _said(TITLES[name]),
                "description": _said(DESCRIPTIONS[name]),
                "rows": files[f"{name}.parquet"]["rows"],
                "columns": [
                    {
                        "name": column.name,
                        "type": type_name(column.type),
                        "unit": _said(column.unit),
                        "meaning": _said(column.meaning),
                        "state": column.state,
                    }
                    for column in columns
                ],
                "files": [
                    request.build_absolute_uri(found.pinned_url("table", table=name, kind=kind))
                    for kind in FORMATS
                ],
            }
            for name, columns in TABLES.items()
            if f"{name}.parquet" in files
        ],
    }


def _route(path: str, table: str, name: str) -> None:
    """A route that gives the rows of one table."""

    def rows(request: HttpRequest, asked: Query[Part]) -> object:
        found = edition(asked.bank, asked.release)
        if f"{table}.parquet" not in found.release.manifest["files"]:
            raise Refused(404, text("This release was made before there was such a table."))
        frame = found.published.tables[table]
        shown = frame.slice(asked.offset, asked.limit).with_columns(pl.col(pl.Enum).cast(pl.String))
        items = (told(table, row) for row in shown.iter_rows(named=True))
        return part(request, found, asked, frame.height, items)

    rows.__doc__ = DESCRIPTIONS[table].said("en")
    rows.__name__ = name
    get(path, _PAGES[table], tag="tables", name=name)(rows)


def _said(words: Text) -> dict[str, Any]:
    return {language: words.said(language) for language in LANGUAGES}


_PAGES = {table: page_of(row) for table, row in ROWS.items()}
for _table in TABLES:
    _route(f"/tables/{_table}", _table, f"table_{_table}")
    if _table in SHORT:
        _route(f"/{_table}", _table, _table)
