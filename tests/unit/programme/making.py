"""A small roster and its work, written as a reader would write them down."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import polars as pl

from otdacha.programme.needs.frames import as_needs
from otdacha.programme.people.roster import Roster, roster_of
from tests.unit.panel.making import TOWN, Rows, course, frame, link, town

DAY = dt.date(2026, 6, 30)


@dataclass(frozen=True)
class Duty:
    rule: str
    topic: str | None = None
    every_years: float | None = None
    within_months: int | None = None
    groups: tuple[str, ...] = ()


def roster(
    staff: Rows,
    training: Rows = (),
    *,
    programmes: Rows = (),
    towns: Rows | None = None,
    units: Rows = (),
    day: dt.date = DAY,
) -> Roster:
    rows = {
        "staff": staff,
        "training": training,
        "programmes": programmes,
        "municipalities": [town()] if towns is None else towns,
        "units": units,
        "providers": (),
    }
    return roster_of({name: frame(name, some) for name, some in rows.items()}, day=day)


def trained(person: str, finished: str, **values: Any) -> dict[str, Any]:
    return course(person, finished, finished, **values)


def need(number: str, person: str | None = None, **values: Any) -> dict[str, Any]:
    return {
        "municipality": TOWN,
        "need": number,
        "person": person,
        "people": 1,
        "topic": "Жалобы",
        "reason": "request",
        **values,
    }


def needs(*rows: dict[str, Any]) -> pl.DataFrame:
    return as_needs(pl.DataFrame(list(rows), infer_schema_length=None))


__all__ = ["DAY", "TOWN", "Duty", "link", "need", "needs", "roster", "town", "trained"]
