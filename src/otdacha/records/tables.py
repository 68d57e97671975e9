"""The nine tables of the workspace: their keys, and what a file may bring into them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

import polars as pl

from otdacha.errors import FileProblem
from otdacha.language import text
from otdacha.records.schemas import (
    Cases,
    Municipalities,
    Programmes,
    Providers,
    Results,
    Staff,
    Statistics,
    Stored,
    Training,
    Units,
)

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
]
"""How a cell is read."""

PERSONAL: frozenset[str] = frozenset({"snils", "name", "birth_date", "badge"})
"""Kinds that are keyed-hashed while reading and reach no disk in any other form."""


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
    """

    name: str
    schema: type[Stored]
    key: tuple[str, ...]
    inputs: Mapping[str, Kind]
    begins: tuple[str, ...] = ()
    past: tuple[str, ...] = ()
    ends: str = "valid_to"
    instead: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)

    @property
    def columns(self) -> pl.Schema:
        """Names and types of the stored columns, `_batch` and `_row` last."""
        types = {name: column.dtype for name, column in self.schema.columns().items()}
        hidden = {name: types.pop(name) for name in ("_batch", "_row")}
        return pl.Schema({**types, **hidden})

    @property
    def required(self) -> tuple[str, ...]:
        """Stored columns that no row may lack."""
        columns = self.schema.columns().items()
        return tuple(name for name, column in columns if not column.nullable and name[0] != "_")

    @property
    def identifies_people(self) -> bool:
        return "person" in self.schema.columns()

    @property
    def pseudonyms(self) -> tuple[str, ...]:
        """Stored columns that hold pseudonyms."""
        return tuple(name for name in self.schema.columns() if name in _PSEUDONYMS)


_IDENTITY: dict[str, Kind] = {
    "snils": "snils",
    "full_name": "name",
    "surname": "name",
    "given_name": "name",
    "patronymic": "name",
    "birth_date": "birth_date",
}


_COUNTS = tuple(f"count_{mark}" for mark in range(1, 6))


def _table(schema: type[Stored], key: str, inputs: dict[str, Kind], **more: object) -> Table:
    return Table(
        schema.__name__.lower(),
        schema,
        tuple(key.split()),
        MappingProxyType(inputs),
        **more,  # type: ignore[arg-type]
    )


TABLES: Mapping[str, Table] = MappingProxyType(
    {
        table.name: table
        for table in (
            _table(
                Municipalities,
                "municipality valid_from",
                {
                    "municipality": "municipality",
                    "name": "text",
                    "region": "text",
                    "macroregion": "text",
                    "latitude": "number",
                    "longitude": "number",
                    "valid_from": "date",
                    "valid_to": "date",
                    "training_known_from": "date",
                    "successor": "municipality",
                    "territory": "text",
                    "formed_by": "text",
                    "ended_by": "text",
                },
            ),
            _table(
                Units,
                "municipality unit",
                {
                    "municipality": "municipality",
                    "unit": "text",
                    "name": "text",
                    "valid_from": "date",
                    "valid_to": "date",
                    "successor": "text",
                },
            ),
            _table(
                Staff,
                "municipality person unit started",
                {
                    "municipality": "municipality",
                    **_IDENTITY,
                    "badge": "badge",
                    "unit": "text",
                    "position_group": "text",
                    "started": "date",
                    "ended": "date",
                },
                begins=("started",),
                ends="ended",
            ),
            _table(
                Training,
                "person provider programme started finished",
                {
                    "municipality": "municipality",
                    **_IDENTITY,
                    "provider": "inn",
                    "programme": "text",
                    "started": "date",
                    "finished": "date",
                    "hours": "number",
                },
                begins=("started",),
                past=("started", "finished"),
            ),
            _table(
                Cases,
                "municipality case",
                {
                    "municipality": "municipality",
                    "case": "text",
                    "unit": "text",
                    "executor_snils": "snils",
                    "executor_badge": "badge",
                    "service": "text",
                    "opened": "date",
                    "due": "date",
                    "limit_days": "whole",
                    "day_kind": "day_kind",
                    "closed": "date",
                    "cancelled": "date",
                    "is_cancelled": "yes_no",
                    "refused": "yes_no",
                    "repeated": "yes_no",
                    "rating": "whole",
                },
                begins=("opened",),
                past=("opened", "closed", "cancelled"),
            ),
            _table(
                Results,
                "municipality unit service month indicator",
                {
                    "municipality": "municipality",
                    "unit": "text",
                    "service": "text",
                    "month": "month",
                    "date": "date",
                    "indicator": "text",
                    "n": "whole",
                    "mean": "number",
                    "sd": "number",
                    "value": "number",
                    "observation": "text",
                    **dict.fromkeys(_COUNTS, "whole"),
                },
                begins=("month",),
                past=("month",),
                instead={
                    "month": (("date",),),
                    "n": (("value",), _COUNTS),
                    "mean": (("value",), _COUNTS),
                },
            ),
            _table(
                Providers,
                "provider",
                {
                    "provider": "inn",
                    "name": "text",
                    "ogrn": "ogrn",
                    "type": "text",
                    "region": "text",
                    "licence": "text",
                    "successor": "inn",
                    "merged_on": "date",
                },
            ),
            _table(
                Programmes,
                "provider programme",
                {
                    "provider": "inn",
                    "programme": "text",
                    "name": "text",
                    "topic": "text",
                    "hours": "number",
                    "form": "text",
                    "price": "number",
                },
            ),
            _table(
                Statistics,
                "municipality indicator begins ends breakdown",
                {
                    "municipality": "municipality",
                    "territory": "text",
                    "indicator": "text",
                    "begins": "date",
                    "ends": "date",
                    "year": "year",
                    "period": "period",
                    "breakdown": "text",
                    "value": "number",
                    "measured_in": "text",
                    "source": "text",
                    "proxy": "yes_no",
                },
                ends="ends",
                instead={
                    "municipality": (("territory",),),
                    "begins": (("year",),),
                    "ends": (("year",),),
                },
            ),
        )
    }
)
"""Every table by its name, in the order in which they are best added."""


def table_of(name: str) -> Table:
    """The table of this name; FileProblem where there is none."""
    if name not in TABLES:
        raise FileProblem(
            text(
                "There is no table {table}. Tables: {tables}.",
                table=name,
                tables=", ".join(TABLES),
            )
        )
    return TABLES[name]
