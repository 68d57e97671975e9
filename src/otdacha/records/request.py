"""What is asked to be added: a file, the table it goes into, and how it is read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from otdacha.errors import FileProblem
from otdacha.language import text
from otdacha.records.corrections import Correction, correction_in, refuse_nameless
from otdacha.records.headers import folded
from otdacha.records.matching import Matching, match, wanted
from otdacha.records.observations import is_single, refuse_two_ways
from otdacha.records.profiles import Profile
from otdacha.records.reading import no_rows, read_bytes, read_sheet
from otdacha.records.sheet import Sheet
from otdacha.records.tables import Table, table_of


@dataclass(frozen=True)
class Request:
    """A file that is to go into a table. Nothing of the workspace is known here.

    source_hash: SHA-256 of the bytes. constants: inputs that are the same in each row, the
    profile's too. correction: where the file is one of corrections; it brings profile and constants
    with it.
    """

    table: Table
    file: Path
    data: bytes
    source_hash: str
    profile: Profile | None
    constants: Mapping[str, str]
    correction: Correction | None

    @property
    def rules(self) -> Profile:
        """The profile; where there is none, one that says nothing."""
        return self.profile or Profile(table=self.table.name)

    @property
    def content_id(self) -> str:
        """Names what is added: the table, the bytes, and how they are read."""
        profile = self.profile.hash if self.profile else None
        parts = [self.table.name, self.source_hash, profile, sorted(self.constants.items())]
        return sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()[:20]

    def read(self) -> Sheet:
        """The rows of the file; FileProblem where it is no table or has none."""
        if self.correction is not None:
            return self.correction.sheet
        sheet = _read(self.table, self.data, self.file, self.rules)
        refuse_nameless(sheet, self.file)
        return sheet

    def without_data(self) -> Request:
        """The same once the rows are read: the bytes are as large as the file."""
        return replace(self, data=b"")

    def matching(self, sheet: Sheet) -> Matching:
        """Which column fills which input; FileProblem where one that is needed is not there."""
        found = match(self.table, sheet, self.file, self.rules, self.constants)
        if self.table.name == "results":
            refuse_two_ways({*found.columns, *self.constants}, self.file)
        return found

    def is_gathered(self, matching: Matching) -> bool:
        """Whether several rows of the file become one: single observations of results."""
        return self.table.name == "results" and is_single({*matching.columns, *self.constants})


def requested(
    table: str,
    file: Path,
    profile: Profile | None = None,
    constants: Mapping[str, str] | None = None,
    sheet: str | None = None,
) -> Request:
    """Read the bytes of a file, and check what is asked of it before anything else is done.

    sheet: of a workbook; it comes before the profile's.

    Raises FileProblem where there is no such table, profile and table do not fit, a constant is of
    no column, or the file cannot be read.
    """
    chosen = _table(table, profile)
    fixed = _constants(chosen, profile, constants or {})
    if sheet is not None:
        base = profile or Profile(table=table, aliases=True)
        profile = base.model_copy(update={"sheet": sheet})
    data = read_bytes(file)
    correction = correction_in(data, file)
    if correction is not None:
        _refuse_other_mapping(correction, table, file, profile, constants or {})
        profile, fixed = correction.origin.profile, correction.origin.constants
    return Request(chosen, file, data, sha256(data).hexdigest(), profile, fixed, correction)


def _table(name: str, profile: Profile | None) -> Table:
    table = table_of(name)
    if profile is not None and profile.table != name:
        raise FileProblem(
            text(
                "The profile {profile} is for the table {other}, not for {table}.",
                profile=profile.name,
                other=profile.table,
                table=name,
            )
        )
    return table


def _constants(
    table: Table, profile: Profile | None, given: Mapping[str, str]
) -> Mapping[str, str]:
    for name in given:
        if name not in table.inputs:
            raise FileProblem(
                text(
                    "{table} has no column {column}. Columns: {columns}.",
                    table=table.name,
                    column=name,
                    columns=", ".join(table.inputs),
                )
            )
    return {**(profile.constants if profile else {}), **given}


def _read(table: Table, data: bytes, file: Path, rules: Profile) -> Sheet:
    names = {folded(name) for headers in wanted(table, rules).values() for name in headers}
    names |= {folded(name) for name in rules.headers}
    sheet = read_sheet(
        data,
        file,
        known=names,
        encoding=rules.encoding,
        separator=rules.separator,
        sheet=rules.sheet,
        header_row=rules.header_row,
    )
    if sheet.cells.is_empty():
        raise no_rows(file, sheet)
    return sheet


def _refuse_other_mapping(
    correction: Correction,
    table: str,
    file: Path,
    profile: Profile | None,
    constants: Mapping[str, str],
) -> None:
    """A file of corrections goes where its rows came from, and is read as they were."""
    origin = correction.origin
    if origin.table != table:
        raise FileProblem(
            text(
                "{file}: these are corrections of rows of the table {other}, not of {table}.",
                file=file.name,
                other=origin.table,
                table=table,
            )
        )
    other_profile = profile is not None and profile != origin.profile
    if other_profile or any(origin.constants.get(k) != v for k, v in constants.items()):
        raise FileProblem(
            text(
                "{file}: a file of corrections is read as the file that it corrects. Leave the "
                "profile and the constants out.",
                file=file.name,
            )
        )
