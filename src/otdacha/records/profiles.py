"""Mapping profiles: what one source calls its columns and how it writes its values."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from otdacha.errors import FileProblem
from otdacha.language import text
from otdacha.records.tables import TABLES


class Profile(BaseModel):
    """One saved profile. A profile that names columns is exact: only these columns are read.

    columns: for each input of the table the header that fills it, or several of which the file has
        one. aliases: true where columns that are not named may still be found by their aliases.
    constants: values that the file does not hold and that are the same in each row.
    values: for each input what the source writes and what it means ("Отказ" = "yes"); "*" stands
        for every other value.
    missing: further cells that mean nothing. dates: further forms of dates (strftime codes), tried
        first.
    encoding, separator, sheet, header_row: told instead of detected.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = ""
    table: str
    about: str = ""
    columns: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
    aliases: bool = False
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
            raise ValueError(f"there is no table {self.table}; tables: {', '.join(TABLES)}")
        known = TABLES[self.table].inputs
        for name in (*self.columns, *self.constants, *self.values):
            if name not in known:
                raise ValueError(f"{self.table} has no column {name}; columns: {', '.join(known)}")
        return self

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

    Raises FileProblem where there is none, or where it breaks a rule; the message names the key.
    """
    path = Path(path_or_name)
    shipped = str(path_or_name) in shipped_profiles()
    try:
        if shipped and not path.is_file():
            source = files("otdacha.records") / "profiles" / f"{path_or_name}.toml"
            content = source.read_text("utf-8")
        else:
            content = path.read_text("utf-8")
        given = tomllib.loads(content)
        return Profile.model_validate({"name": path.stem, **given})
    except OSError as fault:
        raise FileProblem(
            text(
                "{file}: the profile cannot be read ({fault}). Profiles that come along: {names}.",
                file=path_or_name,
                fault=fault.strerror,
                names=", ".join(shipped_profiles()),
            )
        ) from fault
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise FileProblem(
            text("{file}: this is not a TOML file in UTF-8: {fault}.", file=path, fault=fault)
        ) from fault
    except ValidationError as fault:
        first = fault.errors()[0]
        raise FileProblem(
            text(
                "{file}: key {key}: {fault}. Faults in all: {count}.",
                file=path,
                key=".".join(str(part) for part in first["loc"]) or "-",
                fault=first["msg"],
                count=fault.error_count(),
            )
        ) from fault
