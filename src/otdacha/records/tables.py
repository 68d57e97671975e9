"""The nine tables of the workspace: their typed columns, their keys, the rules of one row."""

# ruff: noqa: N805 (dataframely calls a rule with the schema: `cls` is its right name)

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

import dataframely as dy
import polars as pl

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


class Stored(dy.Schema):
    """What every stored row carries: the batch it came with and its row in the source file."""

    batch = dy.String(alias="_batch")
    row = dy.Int64(alias="_row")


def _not_before(later: str, earlier: str) -> pl.Expr:
    """True, or unknown where one of the two days is unknown: unknown breaks no rule."""
    return pl.col(later) >= pl.col(earlier)


class Municipalities(Stored):
    municipality = dy.String()
    name = dy.String()
    region = dy.String()
    macroregion = dy.String(nullable=True)
    valid_from = dy.Date(nullable=True)
    valid_to = dy.Date(nullable=True)
    training_known_from = dy.Date(nullable=True)
    successor = dy.String(nullable=True)
    territory = dy.String(nullable=True)
    formed_by = dy.String(nullable=True)
    ended_by = dy.String(nullable=True)

    @dy.rule()
    def ended_before_started(cls) -> pl.Expr:
        return _not_before("valid_to", "valid_from")

    @dy.rule()
    def own_successor(cls) -> pl.Expr:
        return pl.col("successor") != pl.col("municipality")


class Statistics(Stored):
    municipality = dy.String()
    indicator = dy.String()
    begins = dy.Date()
    ends = dy.Date()
    breakdown = dy.String(nullable=True)
    value = dy.Float64()
    measured_in = dy.String(nullable=True)
    source = dy.String(nullable=True)
    proxy = dy.Bool(nullable=True)

    @dy.rule()
    def ended_before_started(cls) -> pl.Expr:
        return _not_before("ends", "begins")


class Units(Stored):
    municipality = dy.String()
    unit = dy.String()
    name = dy.String(nullable=True)
    valid_from = dy.Date(nullable=True)
    valid_to = dy.Date(nullable=True)
    successor = dy.String(nullable=True)

    @dy.rule()
    def ended_before_started(cls) -> pl.Expr:
        return _not_before("valid_to", "valid_from")

    @dy.rule()
    def own_successor(cls) -> pl.Expr:
        return pl.col("successor") != pl.col("unit")


class Staff(Stored):
    municipality = dy.String()
    person = dy.String()
    person_by_name = dy.String(nullable=True)
    badge = dy.String(nullable=True)
    unit = dy.String()
    position_group = dy.String(nullable=True)
    started = dy.Date()
    ended = dy.Date(nullable=True)

    @dy.rule()
    def ended_before_started(cls) -> pl.Expr:
        return _not_before("ended", "started")


class Training(Stored):
    municipality = dy.String(nullable=True)
    person = dy.String()
    person_by_name = dy.String(nullable=True)
    provider = dy.String()
    programme = dy.String(nullable=True)
    started = dy.Date()
    finished = dy.Date()
    hours = dy.Float64()

    @dy.rule()
    def finished_before_started(cls) -> pl.Expr:
        return _not_before("finished", "started")


class Cases(Stored):
    municipality = dy.String()
    case = dy.String()
    unit = dy.String()
    executor = dy.String(nullable=True)
    service = dy.String()
    opened = dy.Date()
    due = dy.Date(nullable=True)
    limit_days = dy.Int64(nullable=True)
    day_kind = dy.String(nullable=True)
    closed = dy.Date(nullable=True)
    cancelled = dy.Date(nullable=True)
    is_cancelled = dy.Bool(nullable=True)
    refused = dy.Bool(nullable=True)
    repeated = dy.Bool(nullable=True)
    rating = dy.Int64(nullable=True)

    @dy.rule()
    def closed_before_opened(cls) -> pl.Expr:
        return _not_before("closed", "opened")

    @dy.rule()
    def cancelled_before_opened(cls) -> pl.Expr:
        return _not_before("cancelled", "opened")

    @dy.rule()
    def due_before_opened(cls) -> pl.Expr:
        return _not_before("due", "opened")

    @dy.rule()
    def negative_duration(cls) -> pl.Expr:
        return pl.col("limit_days") >= 0

    @dy.rule()
    def rating_out_of_range(cls) -> pl.Expr:
        return pl.col("rating").is_between(1, 5)


class Results(Stored):
    municipality = dy.String()
    unit = dy.String()
    service = dy.String()
    month = dy.Date()
    indicator = dy.String()
    n = dy.Int64()
    mean = dy.Float64()
    sd = dy.Float64(nullable=True)

    @dy.rule()
    def negative_count(cls) -> pl.Expr:
        return pl.col("n") >= 0

    @dy.rule()
    def negative_spread(cls) -> pl.Expr:
        return pl.col("sd") >= 0


class Providers(Stored):
    provider = dy.String()
    name = dy.String()
    ogrn = dy.String(nullable=True)
    type = dy.String(nullable=True)
    region = dy.String(nullable=True)
    licence = dy.String(nullable=True)
    successor = dy.String(nullable=True)
    merged_on = dy.Date(nullable=True)

    @dy.rule()
    def own_successor(cls) -> pl.Expr:
        return pl.col("successor") != pl.col("provider")


class Programmes(Stored):
    provider = dy.String()
    programme = dy.String()
    name = dy.String(nullable=True)
    topic = dy.String(nullable=True)
    hours = dy.Float64(nullable=True)
    form = dy.String(nullable=True)
    price = dy.Float64(nullable=True)

    @dy.rule()
    def negative_hours(cls) -> pl.Expr:
        return pl.col("hours") >= 0

    @dy.rule()
    def negative_price(cls) -> pl.Expr:
        return pl.col("price") >= 0


RULE_COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        "finished_before_started": "finished",
        "closed_before_opened": "closed",
        "cancelled_before_opened": "cancelled",
        "due_before_opened": "due",
        "negative_duration": "limit_days",
        "rating_out_of_range": "rating",
        "negative_count": "n",
        "negative_spread": "sd",
        "negative_hours": "hours",
        "negative_price": "price",
        "own_successor": "successor",
    }
)
"""The column that a broken rule is reported at (`ended_before_started`: see `Table.ends`)."""


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
