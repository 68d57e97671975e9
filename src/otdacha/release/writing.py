"""Bytes that come out the same whenever the same things are written."""

from __future__ import annotations

import csv
import io
import json
import math
import os
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import polars as pl

from otdacha.release.columns import Column
from otdacha.release.tables import DIGITS, TABLES


def parquet_bytes(frame: pl.DataFrame) -> bytes:
    """`frame` as Parquet. The settings are fixed, or a new default would change the bytes."""
    stream = io.BytesIO()
    frame.write_parquet(
        stream, compression="zstd", compression_level=3, statistics=True, row_group_size=100_000
    )
    return stream.getvalue()


def json_bytes(content: Mapping[str, Any]) -> bytes:
    """`content` as JSON that a person can read, keys in the order given, UTF-8."""
    return (json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode()


def dictionary_bytes() -> bytes:
    """The data dictionary of a release."""
    return dictionary_of(TABLES)


def dictionary_of(tables: Mapping[str, Sequence[Column]]) -> bytes:
    """A data dictionary: every column of every table, with its meaning in both languages."""
    stream = io.StringIO(newline="")
    sheet = csv.writer(stream, lineterminator="\n")
    sheet.writerow(
        ["table", "column", "type", "unit_ru", "unit_en", "meaning_ru", "meaning_en", "state_in"]
    )
    for table, columns in tables.items():
        for column in columns:
            sheet.writerow(
                [
                    table,
                    column.name,
                    type_name(column.type),
                    column.unit.said("ru"),
                    column.unit.said("en"),
                    column.meaning.said("ru"),
                    column.meaning.said("en"),
                    column.state or "",
                ]
            )
    return stream.getvalue().encode()


def type_name(kind: pl.DataType | type[pl.DataType]) -> str:
    """A column type in a word."""
    named = {
        "Float64": "number",
        "Int64": "whole number",
        "Boolean": "yes or no",
        "String": "text",
        "Date": "day",
    }
    return named.get(str(kind), "state")


def significant(value: float | None) -> float | None:
    """`value` to the digits that are published; None where it is no finite number."""
    if value is None or not math.isfinite(value):
        return None
    return float(f"{value:.{DIGITS}g}") + 0.0


def hash_of(content: bytes) -> str:
    return sha256(content).hexdigest()


def hash_of_file(path: Path) -> str:
    digest = sha256()
    with path.open("rb") as stream:
        while piece := stream.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()


def write_durably(path: Path, content: bytes) -> None:
    """Write a file and wait until the disk has it."""
    with path.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
