"""Names of sheets as Excel lets them be: 31 signs, none of seven, no two alike."""

from __future__ import annotations

import re
from collections.abc import Iterable

LONGEST = 31
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]+")
_RESERVED = ("history", "журнал")
"""What Excel keeps for itself."""


def sheet_names(wanted: Iterable[str], taken: Iterable[str] = ()) -> list[str]:
    """A name for each of `wanted`, as near to it as Excel allows, in their order.

    taken: names of sheets that are there already. Excel holds two names that differ in case only
    for the same; the second of two gets a number.
    """
    known = {name.casefold() for name in (*taken, *_RESERVED)}
    named = []
    for name in wanted:
        plain = " ".join(_FORBIDDEN.sub(" ", name).split()).strip("' ")[:LONGEST].strip("' ")
        chosen, number = plain or "-", 1
        while chosen.casefold() in known:
            number += 1
            ending = f" ({number})"
            chosen = (plain[: LONGEST - len(ending)].rstrip("' ") or "-") + ending
        known.add(chosen.casefold())
        named.append(chosen)
    return named


def reference(sheet: str, cell: str) -> str:
    """A cell of a sheet as a formula names it."""
    return "'" + sheet.replace("'", "''") + f"'!{cell}"
