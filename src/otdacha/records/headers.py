"""Where the header stands in a sheet, and what it says."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

from otdacha.records.cleaning import clean

Cells = Sequence[str | None]

SEARCHED = 40
"""Rows from the top among which the header is looked for."""
_DEEPEST = 3
_LEAST_NUMBERED = 4
_PUNCTUATION = re.compile(r"[^\w]+|_+")
_LOOK_ALIKES = str.maketrans("aceopxykmthb", "асеорхукмтнв")


@dataclass(frozen=True)
class Header:
    """The header of a sheet: its last row (0-based) and the name of every column ("" = none)."""

    bottom: int
    names: tuple[str, ...]


@lru_cache(maxsize=16_384)
def folded(name: str) -> str:
    """A header as it is compared: case, ё/е, punctuation and invisible characters do not matter,
    nor whether a letter that looks the same is Latin or Cyrillic."""
    plain = (clean(name) or "").casefold().replace("ё", "е").replace("№", " номер ")
    plain = plain.translate(_LOOK_ALIKES)
    return _PUNCTUATION.sub(" ", plain).strip()


def find_header(
    rows: Sequence[Cells], known: Collection[str] = (), at: int | None = None
) -> Header | None:
    """The header among the first rows of a sheet; None where there is no row with text.

    known: folded names that are looked for; the row (or two or three rows of merged cells) that
    holds most of them wins. Without any of them the first row that is filled about as widely as
    the sheet is, and holds words only, is taken. at: the 0-based row, where the user has told it.
    """
    top = [[clean(cell) for cell in row] for row in rows[:SEARCHED]]
    names_looked_for = frozenset(known)
    if at is not None:
        return Header(at, _names(top[at : at + 1], known)) if at < len(top) else None
    best, most = None, 0
    for depth in range(1, _DEEPEST + 1):
        for bottom in range(depth - 1, len(top)):
            names = _names(top[bottom - depth + 1 : bottom + 1], known)
            found = len({folded(name) for name in names} & names_looked_for)
            if found > most:
                best, most = Header(bottom, names), found
    return best or _widest(top)


def is_numbering(cells: Cells) -> bool:
    """True for the row `1 2 3 4 ...` that Russian forms put under the header."""
    numbers = [cell for cell in map(clean, cells) if cell]
    return len(numbers) >= _LEAST_NUMBERED and numbers == [str(i + 1) for i in range(len(numbers))]


def _names(rows: Sequence[Cells], known: Collection[str]) -> tuple[str, ...]:
    """Column names of a header of one or more rows of clean cells.

    A cell merged downwards leaves its name in an upper row; a cell merged sideways names its
    children's parent, which is spoken with the child ("Срок План") where the child alone says too
    little: when nobody looks for it alone, or when it stands under several parents.
    """
    if len(rows) == 1:
        return tuple(cell or "" for cell in rows[0])
    width = max(len(row) for row in rows)
    columns = [[row[i] if i < len(row) else None for row in rows] for i in range(width)]
    own = [next((cell for cell in reversed(cells) if cell), "") for cells in columns]
    names = []
    parent = ""
    for cells, name in zip(columns, own, strict=True):
        parent = next((cell for cell in reversed(cells[:-1]) if cell), parent)
        joint = f"{parent} {name}"
        child = cells[-1] is not None and parent not in ("", name)
        alone = folded(name) in known and own.count(name) == 1
        names.append(joint if child and not alone and folded(joint) in known else name)
    return tuple(names)


def _widest(rows: Sequence[Cells]) -> Header | None:
    filled = [[cell for cell in row if cell] for row in rows]
    widest = max((len(cells) for cells in filled), default=0)
    if not widest:
        return None
    for bottom, cells in enumerate(filled):
        wordy = all(re.search(r"[^\W\d]", cell) for cell in cells)
        if len(cells) >= max(1, 0.6 * widest) and wordy:
            return Header(bottom, _names(rows[bottom : bottom + 1], ()))
    first = next(bottom for bottom, cells in enumerate(filled) if cells)
    return Header(first, _names(rows[first : first + 1], ()))
