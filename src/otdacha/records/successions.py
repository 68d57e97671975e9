"""Who stands for whom now: mergers of municipalities, of departments, of training organisations.

A register says of a row who its successor is. A successor that is on no register, and a circle of
successors, lead nowhere: such rows stand for themselves, and `otdacha check` says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl


@dataclass(frozen=True)
class Successions:
    """into: predecessor → who stands for it now, at the end of the chain. unknown: row → a
    successor that is on no register. circles: rows whose successors come round in a circle."""

    into: Mapping[str, str] = field(default_factory=dict)
    unknown: Mapping[str, str] = field(default_factory=dict)
    circles: tuple[str, ...] = ()

    def followed(self, column: str) -> pl.Expr:
        """`column` with each predecessor replaced by who stands for it now."""
        return pl.col(column).replace(dict(self.into)) if self.into else pl.col(column)


def successions(register: pl.DataFrame, key: str) -> Successions:
    """The successions that a register tells of.

    register: rows in force of `municipalities` or `providers`; key: its column `municipality` or
    `provider`. Of several rows of one municipality the newest says who its successor is.
    """
    if "successor" not in register.columns:
        return Successions()
    newest = register
    if "valid_from" in register.columns:
        newest = register.sort("valid_from", nulls_last=False, maintain_order=True)
    newest = newest.unique(key, keep="last", maintain_order=True)
    told = newest.filter(pl.col("successor").is_not_null()).sort(key)
    direct = dict(told.select(key, "successor").iter_rows())
    known = set(newest[key])
    unknown = {old: new for old, new in direct.items() if new not in known}
    steps = {old: new for old, new in direct.items() if new in known}
    ends = {old: _end(old, steps) for old in steps}
    return Successions(
        into={old: end for old, end in ends.items() if end is not None},
        unknown=unknown,
        circles=tuple(old for old, end in ends.items() if end is None),
    )


def department_successions(units: pl.DataFrame) -> Successions:
    """The successions that the register of departments tells of; departments as `in_town`.

    units: rows in force of `units`. A successor is a department of the same municipality.
    """
    if "successor" not in units.columns:
        return Successions()
    named = units.select(
        unit=in_town("municipality", "unit"), successor=in_town("municipality", "successor")
    )
    return successions(named, "unit")


def in_town(municipality: str, department: str) -> pl.Expr:
    """A department with its town: the code, "/", its name; null where it has none."""
    return pl.concat_str(municipality, department, separator="/")


def _end(start: str, steps: Mapping[str, str]) -> str | None:
    """Where a chain of successors ends; None where it comes round in a circle."""
    seen, here = {start}, steps[start]
    while here in steps:
        if here in seen:
            return None
        seen.add(here)
        here = steps[here]
    return here
