"""Characters that nobody sees: no-break and thin spaces, zero-width marks, line breaks in cells."""

from __future__ import annotations

import re

import polars as pl

_INVISIBLE = "[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u0000-\u0008\u000e-\u001f]"
_SPACES = "[ \t\r\n\u000b\u000c\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+"
_UNCLEAN = (
    "[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u0000-\u001f"
    "\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]|^ | $|  "
)

NOTHING: frozenset[str] = frozenset(
    {"", "-", "–", "—", "н/д", "нет данных", "n/a", "na", "null", "none", "nan", "#n/a", "#н/д"}
)
"""Cells (in lower case) that say that there is nothing."""


def clean(cell: str | None) -> str | None:
    """The visible text of one cell; None where nothing is visible."""
    if cell is None:
        return None
    return re.sub(_SPACES, " ", re.sub(_INVISIBLE, "", cell)).strip() or None


def cleaned(cells: pl.Series, nothing: frozenset[str] = frozenset()) -> pl.Series:
    """The visible text of every cell; null where there is none or the cell says "nothing".

    nothing: further cells (in lower case) that stand for nothing in this file.
    """
    if cells.str.contains(_UNCLEAN).any():
        cells = (
            cells.str.replace_all(_INVISIBLE, "").str.replace_all(_SPACES, " ").str.strip_chars(" ")
        )
    # No such mark is long: of the short cells each spelling is looked at once.
    longest = max(map(len, NOTHING | nothing))
    short = cells.filter(cells.str.len_bytes() <= 2 * longest).unique()
    empty = short.filter(short.str.to_lowercase().is_in(list(NOTHING | nothing)))
    if not empty.len():
        return cells
    keep = ~cells.is_in(empty.implode())
    return (
        cells.to_frame("cell").select(pl.when(keep).then(pl.col("cell")))["cell"].rename(cells.name)
    )
