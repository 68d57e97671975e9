"""Who goes where and when, by name: for the officer whose own staff list tells the names.

A plan knows people by pseudonyms only. Names are put beside them in memory and written to the one
file that the officer has named, outside of any workspace; nothing of them is kept.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Any

import polars as pl

from otdacha.documents.book import Book, Cell
from otdacha.documents.numbers import Numbers
from otdacha.documents.plan.writing import INVENTED, made, source_of
from otdacha.documents.words import span
from otdacha.errors import FileProblem, WorkspaceProblem
from otdacha.language import Language, Text, text
from otdacha.programme.needs.naming import STATES, UNNAMED
from otdacha.programme.plan import PRIVATE, Plan
from otdacha.records import Names
from otdacha.records.landing import land
from otdacha.records.workspace import SETTINGS

OWNER_ONLY = 0o600
PERSONAL = text(
    "Personal data: this file is for the officer who holds the staff list. Keep it as you keep "
    "that list, and send it to nobody who may not see it."
)
NOT_LISTED = text("not on this staff list")
_LINE_HEIGHT = 15.0
"""Points."""
_LINE = ["municipality", "year", "provider", "offer"]
_HEADS: tuple[tuple[Text, float, str], ...] = (
    (text("Municipality"), 24, "cell"),
    (text("Who"), 30, "cell"),
    (text("Department"), 26, "cell"),
    (text("Programme"), 34, "cell"),
    (text("Organisation"), 26, "cell"),
    (text("Begins"), 11, "day"),
    (text("Ends"), 11, "day"),
    (text("Where"), 20, "cell"),
    (text("Topic"), 22, "cell"),
    (text("Request"), 10, "cell"),
    (text("Not later than"), 12, "day"),
)


@dataclass(frozen=True)
class NamedList:
    """What was written. named: seats with a name; not_listed: whose person the staff list does not
    tell; to_be_named: for which the towns have named nobody yet; empty: without anybody."""

    path: Path
    named: int
    not_listed: int
    to_be_named: int
    empty: int


def write_named_list(
    plan: Plan,
    names: Names,
    path: Path,
    language: Language = "ru",
    *,
    municipality: str | None = None,
) -> NamedList:
    """Write an Excel file of everybody whom the plan sends, with the names that `names` tells.

    names: of the officer's own staff list (`otdacha.records.names_from_roster`). municipality: its
    OKTMO; by default every one of which the list tells somebody. path: a new file outside of any
    workspace, readable by its owner alone. Raises FileProblem where the file is there already or
    the list tells nobody whom the plan sends, WorkspaceProblem where the file would lie in a
    workspace or cannot be written.
    """
    _refuse(path)
    seats = _seats(plan, names, municipality)
    land(path, _book(plan, seats, language), mode=OWNER_ONLY)
    named = seats["name"].count()
    states = dict(seats.group_by("state").len().iter_rows())
    return NamedList(
        path,
        named=named,
        not_listed=states.get("named", 0) - named,
        to_be_named=states.get("to_be_named", 0),
        empty=states.get("unnamed", 0),
    )


def _refuse(path: Path) -> None:
    if path.suffix.lower() != ".xlsx":
        raise FileProblem(text("{file}: call the file something.xlsx.", file=path))
    if path.exists():
        raise FileProblem(text("{file} is there already: choose another name.", file=path))
    inside = next(
        (folder for folder in path.resolve().parents if (folder / SETTINGS).is_file()), None
    )
    if inside is not None:
        raise WorkspaceProblem(
            text(
                "{file} would lie in the workspace {workspace}, which holds no names of people. "
                "Name a file outside of it.",
                file=path,
                workspace=inside,
            )
        )


def _seats(plan: Plan, names: Names, municipality: str | None) -> pl.DataFrame:
    """A row for each seat of the municipalities in question, with the name where it is told."""
    seats = plan.tables[PRIVATE].with_columns(
        names.of(plan.tables[PRIVATE]["person"]).alias("name")
    )
    found = seats.filter(pl.col("name").is_not_null())
    towns = found["municipality"].unique().to_list() if municipality is None else [municipality]
    here = seats.filter(pl.col("municipality").is_in(towns))
    if here.is_empty() or (here["name"].count() == 0 and (here["state"] == "named").any()):
        raise FileProblem(
            text(
                "The staff list tells none of the people whom plan {plan} sends: its rows with a "
                "name are {rows}. Is it the list of that municipality? Where the file does not say "
                "which one it is of: --set municipality=28701000",
                plan=plan.id,
                rows=names.rows - names.nameless,
            )
        )
    lines = plan.tables["lines"].select(
        *_LINE, "municipality_name", "provider_name", course="name", started="started",
        finished="finished", place="town",
    )  # fmt: skip
    return here.join(lines, on=_LINE, how="left").sort(
        "municipality_name", "started", "course", "unit", "name", nulls_last=True
    )


def _book(plan: Plan, seats: pl.DataFrame, language: Language) -> bytes:
    content = io.BytesIO()
    book = Book(content, language, made(plan).replace(tzinfo=None))
    source = source_of(plan, Numbers(language)).said(language)
    sheet = book.sheet(text("Who goes").said(language), source, [width for _, width, _ in _HEADS])
    opening = [
        (text("Who goes where and when, {years}", years=span(plan.years)), "title"),
        *([(INVENTED, "strong")] if plan.manifest["invented"] else []),
        (PERSONAL, "strong"),
    ]
    for row, (said, look) in enumerate(opening):
        book.put(sheet, row, 0, said.said(language), look)
    first = len(opening) + 1
    book.heads(sheet, first, [head for head, _, _ in _HEADS])
    looks = [look for *_, look in _HEADS]
    towns = dict(plan.tables["municipalities"].select("municipality", "name").iter_rows())
    for row, seat in enumerate(seats.iter_rows(named=True), start=first + 1):
        cells = _cells(seat, towns, language)
        book.row(sheet, row, cells, looks)
        sheet.set_row(row, _LINE_HEIGHT * _lines(cells))
    sheet.repeat_rows(first)
    sheet.freeze_panes(first + 1, 2)
    book.close()
    return content.getvalue()


def _cells(seat: dict[str, Any], towns: dict[str, str | None], language: Language) -> list[Cell]:
    place = seat["place"]
    return [
        seat["municipality_name"] or seat["municipality"],
        seat["name"] or _nobody(seat).said(language),
        seat["unit"] or text("the whole municipality").said(language),
        seat["course"] or seat["offer"],
        seat["provider_name"] or seat["provider"],
        seat["started"],
        seat["finished"],
        text("at a distance").said(language) if place is None else towns.get(place) or place,
        seat["topic"] or text("any topic").said(language),
        seat["need"],
        seat["by"],
    ]


def _lines(cells: list[Cell]) -> int:
    """Lines of text that the fullest cell of a row takes: not every program counts them itself."""
    widths = (width for _, width, _ in _HEADS)
    return max(
        ceil(len(cell) / width) if isinstance(cell, str) else 1
        for cell, width in zip(cells, widths, strict=True)
    )


def _nobody(seat: dict[str, Any]) -> Text:
    """Why there is no name on a seat."""
    if seat["state"] == "named":
        return NOT_LISTED
    return UNNAMED[seat["reason"]] if seat["reason"] else STATES[seat["state"]]
