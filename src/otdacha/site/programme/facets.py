"""What a list can be filtered by: its values, in words, with the number of rows of each."""

from __future__ import annotations

from collections import Counter
from typing import Any

import polars as pl


def counted(table: pl.DataFrame, column: str, words: str) -> list[list[Any]]:
    """[value, words, rows] of each value of a column, by its words; words: a column that says it,
    where it does."""
    known = table.drop_nulls(column)
    found = Counter(zip(known[column], known[words], strict=True))
    return [
        [str(value), str(name or value), count]
        for (value, name), count in sorted(found.items(), key=lambda one: str(one[0][1]))
    ]
