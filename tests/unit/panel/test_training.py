"""Exposure and statuses. Horizon 3 months, look-back 5, anticipation 1; cases in every month."""

from __future__ import annotations

from typing import Any

import polars as pl

from otdacha.panel import Panel, panel_of
from tests.unit.panel.making import (
    OTHER_TOWN,
    TOWN,
    case,
    course,
    link,
    methodology,
    tables,
    town,
)

MONTHS = [f"{year}-{month:02}" for year in (2023, 2024) for month in range(1, 13)]
Rows = list[dict[str, Any]]


def panel(
    training: Rows, staff: Rows, *, executor: str | None = None, towns: Rows | None = None
) -> Panel:
    log = [case(f"{month}-15", repeated=False, executor=executor) for month in MONTHS]
    rules = methodology(horizon_months=3, look_back_months=5, anticipation_months=1)
    return panel_of(tables(log, staff=staff, training=training, towns=towns), rules)


def months(made: Panel, status: str) -> list[str]:
    """The months of a status, as 2023-05."""
    found = made.cells.filter(pl.col("status").cast(pl.String) == status)
    return found["month"].dt.strftime("%Y-%m").to_list()


def shares(made: Panel, provider: str = "A") -> dict[str, float]:
    found = made.exposure.filter(provider=provider)
    return dict(zip(found["month"].dt.strftime("%Y-%m"), found["share"], strict=True))


def test_a_course_bears_on_a_person_from_the_anticipation_to_the_end_of_the_look_back() -> None:
    made = panel([course("sA", "2023-05-10", "2023-06-20")], [link("sA")], executor="sA")
    assert months(made, "around_training") == ["2023-04", "2023-05", "2023-06"]
    assert months(made, "exposed") == ["2023-07", "2023-08", "2023-09"]
    assert months(made, "after_horizon") == ["2023-10", "2023-11"]
    clean = [m for m in MONTHS if m < "2023-04" or m > "2023-11"]
    assert months(made, "clean") == clean
    assert shares(made) == {"2023-07": 1.0, "2023-08": 1.0, "2023-09": 1.0}
    assert made.exposure["staff"].unique().to_list() == [1]


def test_half_a_trained_department_is_half_exposed() -> None:
    made = panel([course("sA", "2023-05-10", "2023-05-20")], [link("sA"), link("sB")])
    assert shares(made) == {"2023-06": 0.5, "2023-07": 0.5, "2023-08": 0.5}
    assert made.exposure["staff"].unique().to_list() == [2]
    assert made.reach.rows() == [("A", 1, 1, 1)]


def test_a_person_counts_once_for_a_provider_and_in_full_for_each_of_two() -> None:
    training = [
        course("sA", "2023-05-01", "2023-05-10"),
        course("sA", "2023-05-11", "2023-05-20"),
        course("sA", "2023-05-21", "2023-05-30", provider="B"),
    ]
    made = panel(training, [link("sA"), link("sB")])
    assert shares(made)["2023-06"] == 0.5
    assert shares(made, "B")["2023-06"] == 0.5


def test_training_moves_with_the_person_and_is_remembered_where_they_were_exposed() -> None:
    staff = [
        link("sA", "Отдел", ended="2023-06-30"),
        link("sA", "Архив", started="2023-07-01"),
        link("sB", "Отдел"),
    ]
    made = panel([course("sA", "2023-05-10", "2023-05-20")], staff)
    assert shares(made) == {"2023-06": 0.5}
    assert months(made, "after_horizon") == ["2023-07", "2023-08", "2023-09", "2023-10"]
    log = [case(f"{month}-15", repeated=False, unit="Архив") for month in MONTHS]
    rules = methodology(horizon_months=3, look_back_months=5, anticipation_months=1)
    arrived = panel_of(
        tables(log, staff=staff, training=[course("sA", "2023-05-10", "2023-05-20")]), rules
    )
    assert shares(arrived) == {"2023-07": 1.0, "2023-08": 1.0}
    assert months(arrived, "history_unknown") == [m for m in MONTHS if m < "2023-07"]


def test_who_left_before_the_first_exposed_month_is_forgotten() -> None:
    staff = [link("sA", ended="2023-05-31"), link("sB")]
    made = panel([course("sA", "2023-05-10", "2023-05-20")], staff)
    assert months(made, "around_training") == ["2023-04", "2023-05"]
    assert months(made, "clean") == [m for m in MONTHS if m not in ("2023-04", "2023-05")]


def test_a_person_who_studies_again_is_left_out_meanwhile() -> None:
    training = [
        course("sA", "2023-05-10", "2023-05-20"),
        course("sA", "2023-08-01", "2023-08-20", provider="B"),
    ]
    made = panel(training, [link("sA")], executor="sA")
    assert months(made, "exposed") == ["2023-06", "2023-09", "2023-10", "2023-11"]
    assert months(made, "around_training") == ["2023-04", "2023-05", "2023-07", "2023-08"]


def test_a_department_is_read_while_fewer_study_than_have_studied() -> None:
    training = [
        course("sA", "2023-05-10", "2023-05-20"),
        course("sB", "2023-05-10", "2023-05-20"),
        course("sC", "2023-08-01", "2023-08-20"),
    ]
    made = panel(training, [link("sA"), link("sB"), link("sC")])
    assert months(made, "around_training") == ["2023-04", "2023-05"]
    assert months(made, "exposed") == [f"2023-{m:02}" for m in range(6, 12)]


def test_months_are_clean_only_where_the_look_back_is_on_record() -> None:
    known = panel([], [link("sA")], towns=[town(training_known_from="2023-01-01")])
    assert months(known, "clean")[0] == "2023-06"
    later = panel([], [link("sA")], towns=[town(training_known_from="2023-01-02")])
    assert months(later, "clean")[0] == "2023-07"


def test_without_a_word_of_the_register_history_begins_with_the_first_record() -> None:
    silent = [town(training_known_from=None), town(OTHER_TOWN, training_known_from=None)]
    elsewhere = course("sZ", "2023-01-05", "2023-01-09", municipality=OTHER_TOWN)
    here = course("sZ", "2023-02-05", "2023-02-09", municipality=TOWN)
    of_staff = course("sB", "2023-03-05", "2023-03-09")
    staff = [link("sA"), link("sB", "Архив")]
    assert months(panel([elsewhere], staff, towns=silent), "clean") == []
    assert months(panel([elsewhere, here], staff, towns=silent), "clean")[0] == "2023-08"
    assert months(panel([of_staff], staff, towns=silent), "clean")[0] == "2023-09"


def test_a_department_that_nobody_is_known_to_work_in_is_never_clean() -> None:
    assert months(panel([], []), "history_unknown") == MONTHS
    hired = panel([], [link("sA", started="2024-06-20")])
    assert months(hired, "clean")[0] == "2024-06"


def test_training_that_makes_no_exposed_cell_is_counted_by_reason_and_provider() -> None:
    training = [
        course("sA", "2023-05-10", "2023-05-20", hours=15.0),
        course("sX", "2023-05-10", "2023-05-20", provider="B"),
        course("sA", "2022-08-10", "2022-09-20"),  # exposed until December 2022
        course("sA", "2024-12-10", "2024-12-20"),
        course("sB", "2023-05-10", "2023-05-20", provider="B"),  # has left
        course("sA", "2022-09-10", "2022-10-20", provider="C"),  # still exposed in January 2023
    ]
    made = panel(training, [link("sA"), link("sB", ended="2023-05-31")])
    assert made.excluded.select("reason", "provider", "rows").rows() == [
        ("course_too_short", "A", 1),
        ("finished_outside_window", "A", 2),
        ("no_results_after_course", "B", 1),
        ("person_on_no_staff_list", "B", 1),
    ]
    assert shares(made, "C") == {"2023-01": 1.0 / 2}
    assert made.reach.rows() == [("A", 0, 0, 1), ("B", 0, 0, 2), ("C", 1, 1, 1)]
