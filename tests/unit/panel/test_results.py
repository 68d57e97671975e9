"""Reported results become cells beside those of the case log."""

from __future__ import annotations

import datetime as dt
from typing import Any

from otdacha.panel import panel_of
from tests.unit.panel.making import (
    OTHER_TOWN,
    TOWN,
    case,
    course,
    indicator,
    link,
    methodology,
    tables,
)

POLITE = indicator("reported", "reported", id="polite", source="results", resolution=0.1, centre=40)
SERVED = POLITE.model_copy(update={"id": "served", "share": True, "resolution": 0.01, "centre": 0})


def result(indicator: str, n: int, mean: float, **values: Any) -> dict[str, Any]:
    return {
        "municipality": TOWN,
        "unit": "Отдел",
        "service": "Справка",
        "month": "2024-03-01",
        "indicator": indicator,
        "n": n,
        "mean": mean,
        **values,
    }


def test_a_mean_is_turned_back_into_whole_steps() -> None:
    rows = [result("polite", 10, 4.24, sd=0.5)]
    cells = panel_of(tables(results=rows), methodology(POLITE)).cells
    # 4.24 is 42.4 steps, 2.4 above the centre; 9·5² + 10·2.4² = 282.6
    assert cells.select("unit", "month", "n", "total", "total_squares").rows() == [
        (f"{TOWN}/Отдел/Справка", dt.date(2024, 3, 1), 10, 24, 283)
    ]


def test_the_squares_of_a_share_follow_and_others_are_unknown() -> None:
    rows = [result("polite", 10, 4.24), result("served", 8, 0.75)]
    cells = panel_of(tables(results=rows), methodology(POLITE, SERVED)).cells
    assert cells.select("total", "total_squares").rows() == [(24, None), (600, 60_000)]


def test_results_and_cases_of_one_department_are_one_unit() -> None:
    rules = methodology(indicator("repeated", "all"), POLITE)
    made = panel_of(
        tables(
            [case("2024-03-04", repeated=True)],
            results=[result("polite", 10, 4.0), result("polite", 5, 4.0, month="2024-04-01")],
            staff=[link("sA")],
            training=[course("sA", "2024-02-01", "2024-02-10")],
        ),
        rules,
    )
    assert made.cells["unit"].n_unique() == 1
    assert made.cells.select("indicator", "n").rows() == [
        ("polite", 10),
        ("polite", 5),
        ("repeated", 1),
    ]
    assert made.cells["status"].unique().to_list() == ["exposed"]
    assert made.exposure.height == 2


def test_results_that_make_no_cell_are_counted() -> None:
    rows = [
        result("courteous", 10, 4.0),
        result("polite", 0, 0.0),
        result("polite", 3, 4.0, municipality=OTHER_TOWN),
        result("polite", 3, 4.0, unit="Архив"),
    ]
    made = panel_of(tables(results=rows), methodology(POLITE))
    assert made.cells["n"].to_list() == [3]
    assert made.excluded.select("reason", "rows").rows() == [
        ("indicator_not_asked", 1),
        ("result_of_no_cases", 1),
        ("result_without_stratum", 1),
    ]
