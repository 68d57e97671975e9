"""Working days, checked against the printed production calendar."""

from __future__ import annotations

import datetime as dt

import pytest

from otdacha.methodology import WorkingDays
from otdacha.panel.calendar import calendar


def working_days(opened: str, closed: str, rules: WorkingDays | None = None) -> int:
    """Working days after the day of opening, up to the day of closing."""
    first, last = dt.date.fromisoformat(opened), dt.date.fromisoformat(closed)
    worked = calendar(first, last, rules or WorkingDays())["worked"]
    return int(worked[-1] - worked[0])


@pytest.mark.parametrize(
    ("closed", "days"),
    [
        ("2024-12-27", 0),
        ("2024-12-28", 1),  # a Saturday that was worked for 30 December
        ("2024-12-31", 1),
        ("2025-01-08", 1),  # the New Year holidays end
        ("2025-01-09", 2),
        ("2025-01-10", 3),
        ("2025-01-12", 3),
        ("2025-01-13", 4),
    ],
)
def test_new_year_holidays_are_no_working_days(closed: str, days: int) -> None:
    assert working_days("2024-12-27", closed) == days


@pytest.mark.parametrize(
    ("closed", "days"),
    [
        ("2024-04-27", 1),  # a Saturday that was worked for 29 April
        ("2024-05-01", 1),
        ("2024-05-02", 2),
        ("2024-05-03", 3),
        ("2024-05-06", 4),
        ("2024-05-08", 6),
        ("2024-05-12", 6),  # 9 May, the bridge of 10 May, a weekend
        ("2024-05-13", 7),
    ],
)
def test_may_holidays_are_no_working_days(closed: str, days: int) -> None:
    assert working_days("2024-04-26", closed) == days


def test_a_methodology_may_know_days_off_and_at_work_that_the_calendar_does_not() -> None:
    decree = WorkingDays(
        extra_days_off=(dt.date(2020, 3, 30), dt.date(2020, 3, 31)),
        extra_days_at_work=(dt.date(2020, 3, 28), dt.date(2020, 3, 31)),
    )
    assert working_days("2020-03-27", "2020-04-01") == 3
    assert working_days("2020-03-27", "2020-04-01", decree) == 3  # 28 (Saturday), 31, 1 April


def test_a_day_is_numbered_from_1970_and_a_month_from_the_year_0() -> None:
    days = calendar(dt.date(2024, 12, 30), dt.date(2025, 1, 9), WorkingDays())
    assert days["day"][0] == (dt.date(2024, 12, 30) - dt.date(1970, 1, 1)).days == 20_087
    assert days["month"].unique().sort().to_list() == [2024 * 12 + 11, 2025 * 12]
    assert days["worked"].to_list() == [0] * 10 + [1]
    assert days["before"].to_list() == [0] * 11
