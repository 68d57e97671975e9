"""Rows of the released tables as the interface gives them: every figure with its state.

A figure is `{"value": ..., "state": ...}`, not a column beside another column: whoever reads the
value has the reason for its absence in hand and cannot take a null for a zero
(docs/decisions/0029-figures-carry-their-state.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
from ninja import Field, Schema
from pydantic import create_model

from otdacha.release.columns import Column
from otdacha.release.export import shown_columns
from otdacha.release.states import State
from otdacha.release.tables import TABLES


class NumberFigure(Schema):
    """A number, or why there is none. Published without a value: the figure does not exist."""

    value: float | None
    state: State


class CountFigure(Schema):
    """A whole number, or why there is none."""

    value: int | None
    state: State


class AnswerFigure(Schema):
    """Yes or no, or why it is not said."""

    value: bool | None
    state: State


_FIGURES: Mapping[Any, type[Schema]] = {
    pl.Float64: NumberFigure,
    pl.Int64: CountFigure,
    pl.Boolean: AnswerFigure,
}
_PLAIN: Mapping[Any, Any] = {
    pl.Float64: float | None,
    pl.Int64: int | None,
    pl.Boolean: bool | None,
    pl.String: str | None,
}


def _kind(column: Column) -> Any:
    kinds = _PLAIN if column.state is None else _FIGURES
    return next((kind for type, kind in kinds.items() if column.type == type), State)


def _row(table: str) -> type[Schema]:
    fields: dict[str, Any] = {
        column.name: (
            _kind(column),
            Field(description=f"{column.meaning.said('en')} [{column.unit.said('en')}]"),
        )
        for column in shown_columns(table)
    }
    name = "".join(part.capitalize() for part in table.split("_"))
    return answer_type(f"{name}Row", **fields)


def answer_type(name: str, base: type[Schema] = Schema, /, **fields: Any) -> type[Schema]:
    """The type of an answer, with all that `base` has.

    fields: name → (type, Field), as pydantic's `create_model` takes them.

    Types of rows are made while the program runs, so types of answers that hold them are too.
    """
    return create_model(name, __base__=base, **fields)


def many(row: type[Schema]) -> Any:
    """The type of a list of rows."""
    return list[row]  # type: ignore[valid-type]


ROWS: Mapping[str, type[Schema]] = {table: _row(table) for table in TABLES}
"""Table → the type of its rows."""


def told(table: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """A released row with its figures and states put together. row: a state is its code."""
    return {
        column.name: row[column.name]
        if column.state is None
        else {"value": row[column.name], "state": row[column.state]}
        for column in shown_columns(table)
    }
