"""What a table of the workspace is: what is stored, what names a row, what a file may bring."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

import polars as pl

from otdacha.records.schemas import Stored

Kind = Literal[
    "text",
    "date",
    "month",
    "year",
    "period",
    "number",
    "whole",
    "yes_no",
    "day_kind",
    "municipality",
    "inn",
    "ogrn",
    "snils",
    "name",
    "birth_date",
    "badge",
    "money",
    "expiry",
    "budget_code",
    "holder",
    "reason",
    "source",
    "pays_for",
    "status",
    "share",
    "percent",
    "birth_year",
    "sex",
    "employment",
]
"""How a cell is read."""

PERSONAL: frozenset[str] = frozenset({"snils", "name", "birth_date", "birth_year", "badge"})
"""Kinds that are keyed-hashed while reading and reach no disk in any other form; of a date of birth
the year may be stored, and nothing else."""


_PSEUDONYMS = frozenset({"person", "person_by_name", "badge", "executor"})


@dataclass(frozen=True)
class Table:
    """One table: what is stored, what names a row, and what a file may bring.

    inputs: the columns a file can fill and how their cells are read. They are the stored columns,
        but for people: `person`, `person_by_name` and `executor` are made of inputs that are never
        stored.
    instead: for a stored column the sets of inputs that may stand in a file instead of it.
    begins: dates that begin something and therefore cannot be the empty date of some program.
    past: dates of what has happened: they cannot lie in the future.
    defaults: what an empty cell of a stored column means, where every row must have a value.
    """

    name: str
    schema: type[Stored]
    key: tuple[str, ...]
    inputs: Mapping[str, Kind]
    begins: tuple[str, ...] = ()
    past: tuple[str, ...] = ()
    ends: str = "valid_to"
    instead: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)
    defaults: Mapping[str, int | str] = field(default_factory=dict)

    @property
    def columns(self) -> pl.Schema:
        """Names and types of the stored columns, `_batch` and `_row` last."""
        types = {name: column.dtype for name, column in self.schema.columns().items()}
        hidden = {name: types.pop(name) for name in ("_batch", "_row")}
        return pl.Schema({**types, **hidden})

    @property
    def required(self) -> tuple[str, ...]:
        """Stored columns that no row of a file may lack."""
        columns = self.schema.columns().items()
        return tuple(
            name
            for name, column in columns
            if not column.nullable and name[0] != "_" and name not in self.defaults
        )

    @property
    def identifies_people(self) -> bool:
        """Whether a row may tell whom it is about."""
        return "person" in self.schema.columns()

    @property
    def requires_people(self) -> bool:
        """Whether every row must tell whom it is about."""
        return "person" in self.required

    @property
    def pseudonyms(self) -> tuple[str, ...]:
        """Stored columns that hold pseudonyms."""
        return tuple(name for name in self.schema.columns() if name in _PSEUDONYMS)


IDENTITY: dict[str, Kind] = {
    "snils": "snils",
    "full_name": "name",
    "surname": "name",
    "given_name": "name",
    "patronymic": "name",
    "birth_date": "birth_date",
}
"""Inputs that tell who a person is."""


def table(schema: type[Stored], key: str, inputs: dict[str, Kind], **more: object) -> Table:
    """The table of a schema, named after it. key: its columns, with spaces between."""
    return Table(
        schema.__name__.lower(),
        schema,
        tuple(key.split()),
        MappingProxyType(inputs),
        **more,  # type: ignore[arg-type]
    )
