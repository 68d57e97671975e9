"""Columns of a table file that a verb was told to read."""

from __future__ import annotations


def by_commas(written: str | None) -> list[str]:
    """The names of columns in an option's value."""
    return [name.strip() for name in (written or "").split(",") if name.strip()]
