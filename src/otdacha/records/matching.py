"""Headers to columns, by name and alias, never by position and never by guessing."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
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
    """Which cell column fills which input of the table, and which headers fill none.

    copies: further columns with the same header. joined: inputs that several columns fill together.
    """

    columns: Mapping[str, str]
    matched: Mapping[str, str]
    ignored: tuple[str, ...]
    copies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    joined: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@cache
def aliases(table: str) -> Mapping[str, tuple[str, ...]]:
    """For each input of a table the headers it answers to; its own name is the first."""
    source = files("otdacha.records") / "aliases.toml"
    given = tomllib.loads(source.read_text("utf-8"))[table]
    return {name: (name, *headers) for name, headers in given.items()}


def wanted(table: Table, profile: Profile) -> dict[str, tuple[str, ...]]:
    """For each input the headers that may fill it in this file."""
    known = aliases(table.name)
    if not profile.columns:
        return {name: known[name] for name in table.inputs}
    named = dict(profile.columns)
    if profile.aliases:
        named = {**known, **named}
    return named


def match(
    table: Table,
    sheet: Sheet,
    file: Path,
    profile: Profile,
    constants: Mapping[str, str],
) -> Matching:
    """Match the headers of a sheet to the inputs of a table.

    Raises FileProblem where two columns match one input, and where an input that the table needs is
    matched by none and is no constant: the message names what was looked for.
    """
    looked_for = wanted(table, profile)
    columns: dict[str, str] = {}
    copies: dict[str, tuple[str, ...]] = {}
    for name, headers in looked_for.items():
        if name in constants or name in profile.joined:
            continue
        found = _named(sheet, headers)
        if len(found) > 1 and not _one_header_repeated(sheet, found, profile):
            raise two_columns(file, sheet, name, [sheet.headers[i] for i in found])
        if found:
            columns[name], *copies[name] = map(str, found)  # type: ignore[assignment]
        elif name in profile.columns and not profile.subset:
            raise _missing(table, sheet, file, name, headers)
    joined = _joined(table, sheet, file, profile)
    _need_all(table, sheet, file, looked_for, {*columns, *constants, *joined})
    told = _that_tell_more(sheet, file, profile)
    used = {*columns.values(), *told}
    used |= {column for group in (*copies.values(), *joined.values()) for column in group}
    together = {
        name: " + ".join(sheet.headers[int(column)] for column in group)
        for name, group in joined.items()
    }
    return Matching(
        columns=columns,
        matched={name: sheet.headers[int(i)] for name, i in columns.items()} | together,
        ignored=tuple(
            header for i, header in enumerate(sheet.headers) if header and str(i) not in used
        ),
        copies={name: tuple(group) for name, group in copies.items() if group},
        joined=joined,
    )


def _named(sheet: Sheet, headers: Sequence[str]) -> list[int]:
    """Places of the columns that are called one of these."""
    names = {folded(header) for header in headers}
    return [i for i, header in enumerate(sheet.headers) if header and folded(header) in names]


def _one_header_repeated(sheet: Sheet, found: Sequence[int], profile: Profile) -> bool:
    """Whether the profile allows that one header stands at all these places."""
    names = {folded(sheet.headers[i]) for i in found}
    return profile.repeats and len(names) == 1


def _joined(table: Table, sheet: Sheet, file: Path, profile: Profile) -> dict[str, tuple[str, ...]]:
    """For each input that several columns fill together, these columns."""
    joined = {}
    for name, headers in profile.joined.items():
        found = [_named(sheet, (header,)) for header in headers]
        for header, places in zip(headers, found, strict=True):
            if not places:
                raise _missing(table, sheet, file, name, (header,))
        joined[name] = tuple(str(places[0]) for places in found)
    return joined


def _that_tell_more(sheet: Sheet, file: Path, profile: Profile) -> set[str]:
    """Columns that are read and fill nothing: they say which rows count, or bound a date.

    Raises FileProblem where one is not there: without it rows would count that must not.
    """
    needed = [refusal.header for refusal in profile.reject if not refusal.optional]
    needed += [(header,) for header in profile.within.values()]
    for headers in needed:
        if not _named(sheet, headers):
            raise FileProblem(
                text(
                    "{file}: the profile {profile} needs a column {headers}, which says which rows "
                    "count or bounds a date, and none was found. The header in row {row} has: "
                    "{there}. Is this the file that the profile is for?",
                    file=file.name,
                    profile=profile.name,
                    headers=", ".join(f'"{header}"' for header in headers),
                    row=sheet.header_row,
                    there=", ".join(
                        f'"{unless_personal(header)}"' for header in sheet.headers if header
                    ),
                )
            )
    return {str(i) for header in profile.headers for i in _named(sheet, (header,))}


def _need_all(
    table: Table,
    sheet: Sheet,
    file: Path,
    looked_for: Mapping[str, tuple[str, ...]],
    there: set[str],
) -> None:
    for name in table.required:
        told_otherwise = any({*others} <= there for others in table.instead.get(name, ()))
        if name in table.inputs and name not in there and not told_otherwise:
            raise _missing(table, sheet, file, name, looked_for.get(name, (name,)))
    named = any(names <= there for names in _NAMES) and "birth_date" in there
    if table.requires_people and "snils" not in there and not named:
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
