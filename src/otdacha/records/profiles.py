"""Mapping profiles: what one source calls its columns and how it writes its values."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from otdacha.language import Text, text
from otdacha.methodology import read_toml, toml_in
from otdacha.records.reasons import REASONS
from otdacha.records.tables import TABLES

_FAULTS: Mapping[str, Text] = {
    "which_rows": text("name either `when` or `unless`"),
    "reason": text("there is no reason {name}; reasons: {reasons}"),
    "table": text("there is no table {name}; tables: {tables}"),
    "column": text("{table} has no column {name}; columns: {columns}"),
    "stored_column": text("{table} stores no column {name}; columns: {columns}"),
}
"""What the model's own checks find, by their type."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Refusal(_Part):
    """Rows of the source that are no rows of the table: rejected with a reason, so counted.

    header: the column of the file that tells, or several of which the file has one. when: what is
    written in rows that are refused; unless: what is written in all others. Case does not matter.
    optional: true where a file without this column has no such rows.
    """

    header: tuple[str, ...]
    reason: str
    when: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    optional: bool = False

    @field_validator("header", mode="before")
    @classmethod
    def _one_or_several(cls, header: object) -> object:
        return (header,) if isinstance(header, str) else header

    @model_validator(mode="after")
    def _says_which_rows(self) -> Refusal:
        if bool(self.when) == bool(self.unless):
            raise PydanticCustomError("which_rows", "name either `when` or `unless`")
        if self.reason not in REASONS:
            raise PydanticCustomError(
                "reason", "no reason {name}", {"name": self.reason, "reasons": ", ".join(REASONS)}
            )
        return self


class Profile(_Part):
    """One saved profile. A profile that names columns is exact: only these columns are read.

    columns: for each input of the table the header that fills it, or several of which the file has
        one. aliases: true where columns that are not named may still be found by their aliases.
    subset: true where a file may lack any of the named columns that its table does not need.
    repeats: true where a header may stand several times; cells that contradict each other reject
        the row, the others count as one.
    joined: for an input the headers whose cells together fill it, as `header=cell; header=cell`.
    years: for inputs that are dates and of which the file has only the year: the `first` day of the
        year is meant, its `last`, or its `eve`, the last day of the year before.
    within: for inputs that are dates the header of the year in which the day lies: a later day is
        put back to the last of that year, an earlier one is no such day.
    limits: for inputs that are numbers the least and the greatest that can be.
    reject: rows that do not count. once: stored columns that name an event; a later row of the file
        that tells of the same event is rejected.
    constants: values that the file does not hold and that are the same in each row.
    values: for each input what the source writes and what it means ("Отказ" = "yes"); "*" stands
        for every other value.
    missing: further cells that mean nothing. dates: further forms of dates (strftime codes), tried
        first.
    encoding, separator, sheet, header_row: told instead of detected.
    """

    name: str = ""
    table: str
    about: str = ""
    columns: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
    aliases: bool = False
    subset: bool = False
    repeats: bool = False
    joined: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
    years: Mapping[str, Literal["first", "last", "eve"]] = Field(default_factory=dict)
    within: Mapping[str, str] = Field(default_factory=dict)
    limits: Mapping[str, tuple[float, float]] = Field(default_factory=dict)
    reject: tuple[Refusal, ...] = ()
    once: tuple[str, ...] = ()
    constants: Mapping[str, str] = Field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = Field(default_factory=dict)
    missing: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    encoding: str | None = None
    separator: str | None = Field(default=None, min_length=1, max_length=1)
    sheet: str | None = None
    header_row: int | None = Field(default=None, ge=1)

    @field_validator("columns", mode="before")
    @classmethod
    def _one_or_several(cls, columns: object) -> object:
        if not isinstance(columns, dict):
            return columns
        return {
            name: (given,) if isinstance(given, str) else given for name, given in columns.items()
        }

    @model_validator(mode="after")
    def _names_what_the_table_has(self) -> Profile:
        if self.table not in TABLES:
            raise PydanticCustomError(
                "table", "no table {name}", {"name": self.table, "tables": ", ".join(TABLES)}
            )
        known = TABLES[self.table].inputs
        named = (self.columns, self.constants, self.values, self.joined, self.years, self.limits)
        for name in (name for group in named for name in group):
            if name not in known:
                raise PydanticCustomError(
                    "column",
                    "no column {name}",
                    {"table": self.table, "name": name, "columns": ", ".join(known)},
                )
        for name in (*self.once, *self.within):
            if name not in TABLES[self.table].columns:
                raise PydanticCustomError(
                    "stored_column",
                    "no stored column {name}",
                    {
                        "table": self.table,
                        "name": name,
                        "columns": ", ".join(TABLES[self.table].columns),
                    },
                )
        return self

    @property
    def headers(self) -> tuple[str, ...]:
        """Headers that tell something besides the inputs: of joined cells, years, refusals."""
        of_refusals = (header for refusal in self.reject for header in refusal.header)
        of_joined = (header for headers in self.joined.values() for header in headers)
        return (*of_joined, *self.within.values(), *of_refusals)

    @property
    def hash(self) -> str:
        """Names this exact content, whatever the profile is called."""
        return sha256(self.model_dump_json(exclude={"name", "about"}).encode()).hexdigest()


def shipped_profiles() -> tuple[str, ...]:
    """The names of the profiles that come with the package."""
    folder = files("otdacha.records") / "profiles"
    names = (entry.name for entry in folder.iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


def load_profile(path_or_name: Path | str) -> Profile:
    """The profile in a TOML file, or the one of that name that comes with the package.

    Raises FileProblem where there is none, or where it breaks a rule; the message names the line
    and the key.
    """
    path = Path(path_or_name)
    shipped = str(path_or_name) in shipped_profiles()
    if shipped and not path.is_file():
        source = files("otdacha.records") / "profiles" / f"{path_or_name}.toml"
        said = toml_in(source.read_bytes(), str(path_or_name))
    else:
        said = read_toml(
            path,
            absent=text(
                "{file}: there is no such profile. Profiles that come along: {names}.",
                file=path_or_name,
                names=", ".join(shipped_profiles()),
            ),
        )
    return said.checked(Profile, {"name": path.stem}, _FAULTS)
