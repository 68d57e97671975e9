"""Pseudonym → name for whoever holds the staff list, in memory and nowhere else.

The file is read, mapped and hashed as `otdacha.records.add` would, with the workspace's own key,
and nothing of it is kept: who has the list sees the names that they have already.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from otdacha.records.cells import cells_of, refuse
from otdacha.records.checks import Faults
from otdacha.records.columns import typed_columns
from otdacha.records.current import frame
from otdacha.records.profiles import Profile
from otdacha.records.pseudonyms import folded_name
from otdacha.records.request import requested
from otdacha.records.workspace import Workspace

_PSEUDONYMS = ("person", "person_by_name", "badge")
_PARTS = ("surname", "given_name", "patronymic")


@dataclass(frozen=True)
class Names:
    """names: pseudonym (of a person by СНИЛС, by name and birth date, or of a badge) → the name as
    the file writes it; never shown when this is printed. rows: of the file; nameless: those without
    a name or without anything that tells who they are; contradicting: pseudonyms that the file
    gives several names, which are not in `names`. another_s: rows whose personnel number, or name
    and birth date, is that of somebody else in the records (a list of another municipality may have
    such numbers): they name their own person only.
    """

    names: Mapping[str, str] = field(repr=False)
    rows: int
    nameless: int
    contradicting: int
    another_s: int = 0

    def of(self, people: pl.Series) -> pl.Series:
        """The names of these pseudonyms; null where the file does not tell them."""
        return people.replace_strict(dict(self.names), default=None, return_dtype=pl.String)


def names_from_roster(
    workspace: Workspace,
    file: Path,
    constants: Mapping[str, str] | None = None,
    *,
    profile: Profile | None = None,
    sheet: str | None = None,
) -> Names:
    """The names that a staff list gives to pseudonyms of this workspace.

    file, constants, profile, sheet: as `otdacha.records.add` for the table `staff`. Somebody whom
    the records know by СНИЛС and this list by name and birth date, or by personnel number, is found
    through the staff records in force. Nothing is written. Raises FileProblem where the file is no
    staff list.
    """
    request = requested("staff", Path(file), profile, constants, sheet)
    read = request.read()
    height = read.cells.height
    faults = Faults(height)  # a row that `add` would reject may still tell a name
    matching = request.matching(read)
    refuse(read, request.rules, faults)
    cells = cells_of(request.table, read, matching, request.rules, request.constants, faults)
    typed = typed_columns(
        request.table,
        cells,
        height,
        faults,
        keys=workspace.pseudonym_keys(),
        date_forms=request.rules.dates,
    )
    told = typed.select(_PSEUDONYMS).with_columns(name=_names(cells, height))
    return _as_names(told, frame(workspace, "staff"))


def _names(cells: Mapping[str, pl.Series], height: int) -> pl.Series:
    """The name as it is written: in one column, or in its parts."""
    nobody = pl.repeat(None, height, dtype=pl.String, eager=True)
    written = pl.DataFrame({name: cells.get(name, nobody) for name in ("full_name", *_PARTS)})
    parts = pl.concat_str(_PARTS, separator=" ", ignore_nulls=True)
    joined = pl.when(pl.col("surname").is_not_null()).then(parts)
    return written.select(pl.coalesce("full_name", joined).alias("name"))["name"]


def _as_names(told: pl.DataFrame, staff: pl.DataFrame) -> Names:
    someone = pl.any_horizontal(pl.col(name).is_not_null() for name in _PSEUDONYMS)
    known = told.filter(pl.col("name").is_not_null() & someone)
    through = pl.concat(
        staff.select("person", pseudonym=column).drop_nulls("pseudonym")
        for column in ("person_by_name", "badge")
    ).unique()
    # a badge that has gone from one person to another tells of nobody for sure
    sure = through.filter(pl.col("person").n_unique().over("pseudonym") == 1)
    pairs = _pairs(known, sure)
    owners = through.drop_nulls("person").rename({"person": "owners"})
    owned = pairs.join(owners.group_by("pseudonym").agg("owners"), on="pseudonym", how="left")
    another = (~pl.col("own").is_in(pl.col("owners"))).fill_null(value=False)
    pairs = owned.filter(~another)
    found = pairs.join(sure, on="pseudonym").select("name", pseudonym="person")
    every = pl.concat([pairs.select("name", "pseudonym"), found]).unique(maintain_order=True)
    spelt = {name: folded_name(name) for name in every["name"].unique()}
    every = every.with_columns(folded=pl.col("name").replace_strict(spelt, return_dtype=pl.String))
    every = every.unique(["pseudonym", "folded"], keep="first", maintain_order=True)
    one = every.filter(pl.len().over("pseudonym") == 1)
    return Names(
        names=dict(one.select("pseudonym", "name").iter_rows()),
        rows=told.height,
        nameless=told.height - known.height,
        contradicting=every["pseudonym"].n_unique() - one.height,
        another_s=owned.filter(another)["row"].n_unique(),
    )


def _pairs(known: pl.DataFrame, sure: pl.DataFrame) -> pl.DataFrame:
    """row, name, pseudonym for each that a row has, and `own`: whom its surest one is of, where the
    records know. sure: pseudonym, person."""
    by_name = sure.select(person_by_name="pseudonym", _by_name="person")
    # who has no СНИЛС is called by name and birth date in both columns
    unnumbered = pl.col("person").eq_missing(pl.col("person_by_name"))
    rows = (
        known.with_row_index("row")
        .join(by_name, on="person_by_name", how="left")
        .with_columns(own=pl.when(unnumbered).then("_by_name").otherwise("person"))
    )
    return pl.concat(
        rows.select("row", "name", "own", pseudonym=column).drop_nulls("pseudonym")
        for column in _PSEUDONYMS
    )
