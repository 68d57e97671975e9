"""Headers to columns, by name and alias, never by position and never by guessing."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from rapidfuzz import fuzz, process

from otdacha.errors import FileProblem
from otdacha.language import Text, text
from otdacha.records.headers import folded
from otdacha.records.personal import bare_shape_of, looks_like_data, unless_personal
from otdacha.records.profiles import Profile
from otdacha.records.reading import two_columns
from otdacha.records.sheet import Sheet
from otdacha.records.tables import Table

_NAMES = ({"full_name"}, {"surname", "given_name"})
_CLOSE = 75


@dataclass(frozen=True)
class Matching:
    """Which cell column fills which input of the table, and which headers fill none."""

    columns: Mapping[str, str]
    matched: Mapping[str, str]
    ignored: tuple[str, ...]


@cache
def aliases(table: str) -> Mapping[str, tuple[str, ...]]:
    """For each input of a table the headers it answers to; its own name is the first."""
    source = files("otdacha.records") / "aliases.toml"
    given = tomllib.loads(source.read_text("utf-8"))[table]
    return {name: (name, *headers) for name, headers in given.items()}


def wanted(table: Table, profile: Profile | None) -> dict[str, tuple[str, ...]]:
    """For each input the headers that may fill it in this file."""
    known = aliases(table.name)
    if profile is None or not profile.columns:
        return {name: known[name] for name in table.inputs}
    named = dict(profile.columns)
    if profile.aliases:
        named = {**known, **named}
    return named


def match(
    table: Table,
    sheet: Sheet,
    file: Path,
    profile: Profile | None,
    constants: Mapping[str, str],
) -> Matching:
    """Match the headers of a sheet to the inputs of a table.

    Raises FileProblem where two columns match one input, and where an input that the table needs is
    matched by none and is no constant: the message names what was looked for.
    """
    looked_for = wanted(table, profile)
    columns: dict[str, str] = {}
    for name, headers in looked_for.items():
        if name in constants:
            continue
        names = {folded(header) for header in headers}
        found = [i for i, header in enumerate(sheet.headers) if header and folded(header) in names]
        if len(found) > 1:
            raise two_columns(file, sheet, name, [sheet.headers[i] for i in found])
        if found:
            columns[name] = str(found[0])
        elif profile is not None and name in profile.columns:
            raise _missing(table, sheet, file, name, headers)
    _need_all(table, sheet, file, looked_for, {*columns, *constants})
    used = set(columns.values())
    return Matching(
        columns=columns,
        matched={name: sheet.headers[int(i)] for name, i in columns.items()},
        ignored=tuple(
            header for i, header in enumerate(sheet.headers) if header and str(i) not in used
        ),
    )


def _need_all(
    table: Table,
    sheet: Sheet,
    file: Path,
    looked_for: Mapping[str, tuple[str, ...]],
    there: set[str],
) -> None:
    for name in table.required:
        if name in table.inputs and name not in there:
            raise _missing(table, sheet, file, name, looked_for.get(name, (name,)))
    named = any(names <= there for names in _NAMES) and "birth_date" in there
    if table.identifies_people and "snils" not in there and not named:
        known = aliases(table.name)
        raise _missing(
            table,
            sheet,
            file,
            "snils",
            (*known["snils"][1:], *known["full_name"][1:3], *known["birth_date"][1:2]),
        )


def _missing(
    table: Table, sheet: Sheet, file: Path, name: str, headers: tuple[str, ...]
) -> FileProblem:
    there = [header for header in sheet.headers if header]
    shown = [unless_personal(header) for header in there]
    if any(
        mask != header or looks_like_data(header) for mask, header in zip(shown, there, strict=True)
    ):
        # no header at all: a row of somebody's data
        shown = [bare_shape_of(header) for header in there]
    return FileProblem(
        text(
            "{file}: table {table} needs a column {column}, and none was found. "
            "Looked for: {headers}. The header in row {row} has: {there}. {hint}"
            "Rename the column, name it in a profile, or give it as a constant.",
            file=file.name,
            table=table.name,
            column=name,
            headers=", ".join(f'"{header}"' for header in headers),
            row=sheet.header_row,
            there=", ".join(f'"{header}"' for header in shown),
            hint=_closest(headers, there),
        )
    )


def _closest(headers: tuple[str, ...], there: list[str]) -> Text | str:
    """A header of the file that is spelt nearly like one that was looked for."""
    best, likeness = "", 0.0
    for header in headers:
        found = process.extractOne(
            folded(header), there, scorer=fuzz.ratio, processor=folded, score_cutoff=_CLOSE
        )
        if found is not None and found[1] > likeness:
            best, likeness = found[0], found[1]
    if not best:
        return ""
    return text('Is "{header}" the one? ', header=unless_personal(best))
