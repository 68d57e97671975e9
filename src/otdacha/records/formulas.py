"""Text that a spreadsheet program would run: it comes out so that it is shown and nothing runs."""

from __future__ import annotations

import re

import polars as pl

_STARTS = "=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20"
"""What makes a formula of a cell, with the wide forms that Excel takes for the same."""
_FORMULA = re.compile(f"^[ \u00a0]*[{_STARTS}]")
_NUMBER = re.compile(r"[-+]?[\d\s]*[.,]?\d+(?:[eE][-+]?\d+)?%?")


def shown_only(cell: str) -> str:
    """The cell as it may stand in a CSV file: an apostrophe goes before what would be run.

    A number with its sign is left alone, and so is a dash: they run nothing.
    """
    if _FORMULA.match(cell) and not _NUMBER.fullmatch(cell) and cell not in ("-", "+"):
        return f"'{cell}"
    return cell


def without_formulas(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with every text as `shown_only` gives it; headers too."""
    texts = [name for name, kind in frame.schema.items() if kind == pl.String]
    changed = []
    for name in texts:
        cells = frame[name]
        if cells.str.contains(_FORMULA.pattern).any():
            changed.append(
                pl.Series(name, [None if cell is None else shown_only(cell) for cell in cells])
            )
    return frame.with_columns(changed).rename({name: shown_only(name) for name in frame.columns})
