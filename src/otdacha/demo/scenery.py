"""What the invented union is made of: real cities, invented services, organisations, names."""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import holidays
import numpy as np
from numpy.typing import NDArray

FIRST_MONTH = dt.date(2022, 1, 1)
MONTHS = 42
"""Cases are opened in this many months from the first."""
REGISTER_FROM = dt.date(2019, 7, 1)
"""The training registers are complete from this day: 30 months before the first case."""
REGISTER_MONTHS = 30
LATE_REGISTER_FROM = dt.date(2021, 1, 1)
"""One town only began its register here, so a part of its history is unknown."""
EXPORTED = dt.date(2025, 8, 29)
"""The day on which the towns made their files."""
PLAN_YEARS = (2026, 2027, 2028)
"""The years ahead that the towns plan their training for."""


@dataclass(frozen=True)
class City:
    name: str
    municipality: str
    full_name: str
    region: str
    macroregion: str
    population: int
    latitude: float
    longitude: float
    case_log_names: Literal["executor", "department"]


@dataclass(frozen=True)
class Service:
    name: str
    department: str
    topic: str
    limit: int
    days: Literal["working", "calendar"]
    share: float
    rate: float
    on_time: float
    repeat: float
    spread: float


@dataclass(frozen=True)
class Organisation:
    """A training organisation before its truth is drawn (see organisations.toml)."""

    name: str
    kind: str
    truth: Literal["better", "none", "worse"]
    reach: int
    size: float = 0.0
    few: int = 0
    sessions: int = 0

    @property
    def apart(self) -> bool:
        """True where its sessions are set by hand, so that too little is known of it."""
        return self.size == 0.0


@dataclass(frozen=True)
class Course:
    name: str
    topic: str
    hours: int
    price: int


def _content(name: str) -> dict[str, Any]:
    return tomllib.loads((files("otdacha.demo") / name).read_text("utf-8"))


@cache
def cities() -> tuple[City, ...]:
    return tuple(City(**entry) for entry in _content("cities.toml")["cities"])


@cache
def services() -> tuple[Service, ...]:
    return tuple(Service(**entry) for entry in _content("services.toml")["services"])


@cache
def organisations() -> tuple[Organisation, ...]:
    return tuple(Organisation(**entry) for entry in _content("organisations.toml")["organisations"])


@cache
def courses() -> tuple[Course, ...]:
    return tuple(Course(**entry) for entry in _content("organisations.toml")["courses"])


@cache
def wording(name: str) -> Any:
    """A list or a sentence of organisations.toml or names.toml: forms, note, surnames…"""
    return {**_content("organisations.toml"), **_content("names.toml")}[name]


@dataclass(frozen=True)
class Calendar:
    """Working days of Russia, numbered from 0.

    days: the working days in order. before: how many of them lie on or before each day, from
    `origin` on.
    """

    days: NDArray[np.datetime64]
    before: NDArray[np.int64]
    origin: np.datetime64

    def number(self, day: NDArray[np.datetime64]) -> NDArray[np.int64]:
        """The number of the last working day that is not after `day`."""
        return self.before[(day - self.origin).astype(np.int64)] - 1

    def next_from(self, day: dt.date, working_days: int) -> dt.date:
        """The day `working_days` working days after the last working day up to `day`."""
        here = int(self.number(np.array([day], dtype="datetime64[D]"))[0])
        found: dt.date = self.days[here + working_days].item()
        return found


@cache
def calendar() -> Calendar:
    russia = holidays.country_holidays("RU", years=range(2019, 2027))
    every = np.arange("2019-01-01", "2027-01-01", dtype="datetime64[D]")
    works = np.array([russia.is_working_day(day) for day in every.tolist()])
    return Calendar(every[works], np.cumsum(works), every[0])


def month_start(month: int) -> dt.date:
    """The first day of the month that lies `month` months after `FIRST_MONTH`; may be negative."""
    months = FIRST_MONTH.year * 12 + FIRST_MONTH.month - 1 + month
    return dt.date(months // 12, months % 12 + 1, 1)


def month_number(day: dt.date) -> int:
    """How many months after `FIRST_MONTH` the month of `day` lies."""
    return (day.year - FIRST_MONTH.year) * 12 + day.month - FIRST_MONTH.month
