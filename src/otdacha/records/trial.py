"""What the door would make of rows that are in no file yet, as a form asks it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from otdacha.records.judging import judge
from otdacha.records.matching import Matching
from otdacha.records.mentioned import mentioned
from otdacha.records.request import Request
from otdacha.records.sheet import Sheet
from otdacha.records.tables import PERSONAL, table_of

_NO_KEYS = (bytes(32),)
"""Pseudonyms are made of nobody: inputs that tell of people are refused."""


@dataclass(frozen=True)
class Fault:
    """What is wrong in a row (from 0): at which input, None: in the row as a whole; why, a code of
    `otdacha.records.REASONS`."""

    row: int
    column: str | None
    reason: str


@dataclass(frozen=True)
class Trial:
    """rows: what would be stored of the rows without a fault, typed, in their order; faults: of the
    others."""

    rows: pl.DataFrame
    faults: tuple[Fault, ...]


def tried(table: str, rows: Sequence[Mapping[str, str]], *, least_hours: int = 0) -> Trial:
    """Judge rows by the rules of `add`, without a workspace: nothing is stored.

    rows: input → what stands in its cell, blank or absent where nothing does. least_hours: of a
    course, where the table has hours. Raises ValueError where an input is none of the table's, or
    tells of a person: those are read from files only, by the key of a workspace.
    """
    chosen = table_of(table)
    names = list(dict.fromkeys(name for row in rows for name in row))
    for name in names:
        if name not in chosen.inputs or chosen.inputs[name] in PERSONAL:
            raise ValueError(f"{table} takes no {name} here")
    cells = pl.DataFrame(
        {
            str(at): [(row.get(name) or "").strip() or None for row in rows]
            for at, name in enumerate(names)
        },
        schema=dict.fromkeys(map(str, range(len(names))), pl.String),
    )
    sheet = Sheet(
        headers=tuple(names),
        cells=cells,
        rows=pl.int_range(len(rows), dtype=pl.Int64, eager=True).alias("row"),
        broken=pl.repeat(None, len(rows), dtype=pl.String, eager=True),
        header_row=0,
        format="form",
    )
    columns = {name: str(at) for at, name in enumerate(names)}
    judged = judge(
        Request(chosen, Path("form"), b"", "", None, {}, None),
        sheet,
        Matching(columns=columns, matched={name: name for name in names}, ignored=()),
        mentioned(chosen, sheet, columns),
        _NO_KEYS,
        least_hours=least_hours,
        territories=None,
    )
    faults = judged.rejected.select("row", "column", "reason").unique(maintain_order=True)
    return Trial(judged.rows, tuple(Fault(*row) for row in faults.iter_rows()))
