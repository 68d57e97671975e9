"""Departments that are renamed or go into another one of their town."""

from __future__ import annotations

from typing import Any

import pytest
from polars.testing import assert_frame_equal

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
    town,
)

RULES = methodology(horizon_months=3, look_back_months=5, anticipation_months=0)
MONTHS = ["2024-01", "2024-02", "2024-03", "2024-04"]
Rows = list[dict[str, Any]]


def department(unit: str, successor: str | None = None, municipality: str = TOWN) -> dict[str, Any]:
    return {"municipality": municipality, "unit": unit, "successor": successor}


RENAMED = [department("Отдел", "Управление"), department("Управление")]


def log(**values: Any) -> Rows:
    """Two months under the old name, two under the new."""
    known = {"repeated": False, **values}
    return [
        case(f"{month}-10", unit="Отдел" if month < "2024-03" else "Управление", **known)
        for month in MONTHS
    ]


def test_a_renamed_department_is_one_unit_from_the_beginning() -> None:
    apart = panel_of(tables(log()), RULES)
    assert apart.cells["unit"].n_unique() == 2
    made = panel_of(tables(log(), units=RENAMED), RULES)
    assert made.cells["unit"].unique().to_list() == [f"{TOWN}/Управление/Справка"]
    assert made.cells["n"].sum() == len(MONTHS)
    assert made.mergers.rows() == [("units", f"{TOWN}/Отдел", f"{TOWN}/Управление", 2)]


def test_cases_of_one_month_under_both_names_are_one_cell() -> None:
    both = [
        case("2024-03-10", unit="Отдел", repeated=True),
        case("2024-03-20", unit="Управление", repeated=False),
    ]
    made = panel_of(tables(both, units=RENAMED), RULES)
    assert made.cells.select("n", "total", "total_squares").rows() == [(2, 1, 1)]


def test_its_staff_and_their_training_come_along() -> None:
    staff = [
        link("sA", "Отдел", ended="2024-02-29"),
        link("sA", "Управление", started="2024-03-01"),
        link("sB", "Управление"),
    ]
    training = [course("sA", "2024-01-10", "2024-01-20")]
    made = panel_of(tables(log(), units=RENAMED, staff=staff, training=training), RULES)
    assert made.cells["staff"].to_list() == [2, 2, 2, 2]
    assert made.exposure.select("share", "staff").rows() == [(0.5, 2)] * 3
    assert made.cells.filter(status="exposed").height == 3


def test_who_is_listed_under_both_names_on_one_day_is_in_one_department() -> None:
    staff = [link("sA", "Отдел"), link("sA", "Управление", started="2024-01-01")]
    signed = log(executor="sA")
    apart = panel_of(tables(signed, staff=staff), RULES)
    assert set(apart.excluded["reason"]) == {"two_departments"}
    made = panel_of(tables(signed, staff=staff, units=RENAMED), RULES)
    assert made.excluded.is_empty()
    assert made.cells["unit"].unique().to_list() == [f"{TOWN}/sA/Справка"]
    assert made.mergers.is_empty()  # a person's cells are under the person's name as before


@pytest.mark.parametrize(
    ("units", "names"),
    [
        (
            [department("Отдел", "Бюро"), department("Бюро", "Управление"), RENAMED[1]],
            {"Управление"},
        ),
        ([department("Отдел", "Нет такого"), RENAMED[1]], {"Отдел", "Управление"}),
        ([department("Отдел", "Управление"), department("Управление", "Отдел")],
         {"Отдел", "Управление"}),
        ([department("Отдел", "Управление"), department("Управление", None, OTHER_TOWN)],
         {"Отдел", "Управление"}),
    ],
    ids=["a chain", "an unknown successor", "a circle", "a department of another town"],
)  # fmt: skip
def test_only_a_chain_that_ends_in_the_same_town_is_followed(units: Rows, names: set[str]) -> None:
    made = panel_of(tables(log(), units=units), RULES)
    assert {unit.split("/")[1] for unit in made.cells["unit"]} == names


def test_a_split_is_not_followed() -> None:
    parts = [department("Отдел"), department("Бюро"), department("Управление")]
    split = [
        case(opened, unit=unit, repeated=False)
        for opened, unit in (
            ("2024-01-10", "Отдел"),
            ("2024-03-10", "Бюро"),
            ("2024-03-10", "Архив"),
        )
    ]
    made = panel_of(tables(split, units=parts), RULES)
    assert made.cells["unit"].n_unique() == 3
    assert made.mergers.is_empty()


def test_a_department_is_followed_before_its_town_is() -> None:
    units = [
        department("Отдел", "Управление", OTHER_TOWN),
        department("Управление", None, OTHER_TOWN),
    ]
    towns = [town(), town(OTHER_TOWN, successor=TOWN)]
    made = panel_of(tables(log(municipality=OTHER_TOWN), units=units, towns=towns), RULES)
    assert made.cells["unit"].unique().to_list() == [f"{TOWN}/{OTHER_TOWN}∕Управление/Справка"]
    assert made.mergers.rows() == [
        ("municipalities", OTHER_TOWN, TOWN, 4),
        ("units", f"{OTHER_TOWN}/Отдел", f"{OTHER_TOWN}/Управление", 2),
    ]


def test_reported_results_follow_too() -> None:
    polite = indicator("reported", "reported", id="polite", source="results")
    rows = [
        {
            "municipality": TOWN,
            "unit": unit,
            "service": "Справка",
            "month": month,
            "indicator": "polite",
            "n": 4,
            "mean": 3.0,
            "sd": 1.0,
        }
        for unit, month in (("Отдел", "2024-01-01"), ("Управление", "2024-03-01"))
    ]
    made = panel_of(tables(results=rows, units=RENAMED), methodology(polite))
    renamed = [{**row, "unit": "Управление"} for row in rows]
    assert_frame_equal(made.cells, panel_of(tables(results=renamed), methodology(polite)).cells)
    assert made.mergers["rows"].to_list() == [1]
