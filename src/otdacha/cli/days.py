"""Days as they are written on the command line."""

from __future__ import annotations

import datetime as dt

from otdacha.cli.faults import Usage
from otdacha.language import text


def day(option: str, written: str | None, *, to_come: bool = False) -> dt.date:
    """The day that was written, today where none was.

    to_come: whether it may be one that is still to come. Raises Usage where it is no day of the
    calendar, or has not come yet.
    """
    today = dt.date.today()
    if written is None:
        return today
    try:
        found = dt.date.fromisoformat(written)
    except ValueError as fault:
        raise Usage(
            text(
                "{option}: {written} is no day. Write it as 2026-11-20.",
                option=option,
                written=written,
            )
        ) from fault
    if found > today and not to_come:
        raise Usage(text("{option}: {written} has not come yet.", option=option, written=written))
    return found
