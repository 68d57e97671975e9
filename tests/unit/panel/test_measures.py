"""What one case gives an indicator. All cases lie in one town whose data end where said."""

from __future__ import annotations

from typing import Any

import pytest

from otdacha.errors import MethodologyProblem
from otdacha.panel import panel_of
from tests.unit.panel.making import OTHER_TOWN, case, indicator, methodology, tables, town

ON_TIME = indicator("on_time", "due")


def on_time(opened: str, closed: str | None, *, data_end: str = "2024-12-30", **limit: Any) -> Any:
    """1 in time, 0 late, or the reason why it cannot be said."""
    last = case(data_end, data_end, cancelled=data_end)
    panel = panel_of(tables([case(opened, closed, **limit), last]), methodology(ON_TIME))
    reasons = [
        reason for reason in panel.excluded["reason"].to_list() if reason not in ("cancelled",)
    ]
    return panel.cells["total"].item() if panel.cells.height else reasons[0]


WORKING = {"day_kind": "working"}
CALENDAR = {"day_kind": "calendar"}


@pytest.mark.parametrize(
    ("closed", "limit", "expected"),
    [
        # 26 April 2024 is a Friday; working days after it: 27 April, 2, 3, 6, 7, 8, 13 May
        ("2024-05-07", {"limit_days": 5, **WORKING}, 1),
        ("2024-05-08", {"limit_days": 5, **WORKING}, 0),
        ("2024-05-08", {"limit_days": 6, **WORKING}, 1),
        ("2024-05-11", {"limit_days": 6, **WORKING}, 0),  # a day off after the limit
        ("2024-05-12", {"limit_days": 7, **WORKING}, 1),
        ("2024-05-13", {"limit_days": 7, **WORKING}, 1),
        ("2024-04-26", {"limit_days": 0, **WORKING}, 1),
        ("2024-04-27", {"limit_days": 0, **WORKING}, 0),
        # 15 calendar days end on Saturday 11 May, so on Monday 13 May
        ("2024-05-13", {"limit_days": 15, **CALENDAR}, 1),
        ("2024-05-14", {"limit_days": 15, **CALENDAR}, 0),
        ("2024-05-06", {"limit_days": 10, **CALENDAR}, 1),
        ("2024-05-07", {"limit_days": 10, **CALENDAR}, 0),
        # a due date goes before a limit, and may end on a day off too
        ("2024-05-14", {"due": "2024-05-14", "limit_days": 1, **WORKING}, 1),
        ("2024-05-13", {"due": "2024-05-09"}, 1),
        ("2024-05-14", {"due": "2024-05-09"}, 0),
        ("2024-05-14", {"limit_days": 30}, "no_time_limit"),  # days of which kind?
        ("2024-05-14", {}, "no_time_limit"),
        ("2024-05-14", {"limit_days": 99_999, **CALENDAR}, 1),
    ],
)
def test_a_case_is_in_time_until_its_limit_ends(
    closed: str, limit: dict[str, Any], expected: Any
) -> None:
    assert on_time("2024-04-26", closed, **limit) == expected


def test_a_limit_runs_over_the_new_year() -> None:
    limit = {"limit_days": 3, **WORKING}  # 28 December, 9 and 10 January
    assert on_time("2024-12-27", "2025-01-10", data_end="2025-03-01", **limit) == 1
    assert on_time("2024-12-27", "2025-01-11", data_end="2025-03-01", **limit) == 0


@pytest.mark.parametrize(
    ("data_end", "expected"),
    [("2024-05-07", "too_new"), ("2024-05-08", "too_new"), ("2024-05-09", 0), ("2024-06-30", 0)],
)
def test_an_open_case_is_late_once_its_limit_has_passed(data_end: str, expected: Any) -> None:
    limit = {"limit_days": 6, **WORKING}  # until 8 May
    assert on_time("2024-04-26", None, data_end=data_end, **limit) == expected


def test_each_town_has_its_own_last_day() -> None:
    waiting = {"limit_days": 5, **CALENDAR}
    log = [
        case("2024-03-04", **waiting),
        case("2024-03-04", municipality=OTHER_TOWN, **waiting),
        case("2024-06-03", "2024-06-03", municipality=OTHER_TOWN, **waiting),
    ]
    panel = panel_of(tables(log, towns=[town(), town(OTHER_TOWN)]), methodology(ON_TIME))
    late = panel.cells.filter(month=panel.cells["month"].min())
    assert late["municipality"].to_list() == [OTHER_TOWN]
    assert panel.excluded.select("reason", "rows").rows() == [("too_new", 1)]


def test_durations_are_counted_from_the_day_after_opening_and_centred() -> None:
    rules = methodology(
        indicator("working_days", "closed", centre=2), indicator("calendar_days", "closed")
    )
    log = [case("2024-12-27", "2025-01-10"), case("2024-12-28", "2025-01-10"), case("2024-12-28")]
    cells = panel_of(tables(log), rules).cells
    figures = cells.select("indicator", "n", "total", "total_squares").rows()
    assert figures == [
        ("calendar_days", 2, 14 + 13, 14**2 + 13**2),
        ("working_days", 2, 1 + 0, 1 + 0),  # 3 and 2 days less 2
    ]


def test_shares_and_ratings_count_only_cases_that_say_something() -> None:
    rules = methodology(
        indicator("refused", "all"),
        indicator("repeated", "closed"),
        indicator("rating", "rated", centre=4),
    )
    log = [
        case("2024-03-04", "2024-03-05", refused=True, repeated=False, rating=5),
        case("2024-03-04", refused=False, repeated=True, rating=2),
        case("2024-03-05", "2024-03-05"),
    ]
    panel = panel_of(tables(log), rules)
    figures = panel.cells.select("indicator", "n", "total", "total_squares").rows()
    assert figures == [("rating", 2, 1 - 2, 1 + 4), ("refused", 2, 1, 1), ("repeated", 1, 0, 0)]
    assert panel.excluded.select("reason", "indicator", "rows").rows() == [
        ("not_closed", "repeated", 1),
        ("not_rated", "rating", 1),
        ("refusal_not_recorded", "refused", 1),
        ("repeat_not_recorded", "repeated", 1),
    ]


def test_a_centred_share_and_a_finer_resolution_are_exact() -> None:
    rules = methodology(
        indicator("repeated", "all", centre=1), indicator("rating", "rated", resolution=0.5)
    )
    log = [
        case("2024-03-04", repeated=True, rating=4),
        case("2024-03-05", repeated=False, rating=5),
        case("2024-03-06", repeated=False),
    ]
    cells = panel_of(tables(log), rules).cells
    assert cells.select("n", "total", "total_squares").rows() == [
        (2, 8 + 10, 64 + 100),
        (3, 0 - 1 - 1, 0 + 1 + 1),
    ]


def test_a_case_log_cannot_give_what_only_reported_results_hold() -> None:
    rules = methodology(indicator("reported", "reported"))
    with pytest.raises(MethodologyProblem, match="Indicator reported"):
        panel_of(tables([case("2024-03-04")]), rules)
