"""Whose result a case is: people, badges, departments, and who is no holder."""

from __future__ import annotations

from typing import Any

import pytest

from otdacha.panel import Panel, panel_of
from tests.unit.panel.making import OTHER_TOWN, TOWN, case, link, methodology, tables, town


def panel(log: list[dict[str, Any]], staff: list[dict[str, Any]], **design: Any) -> Panel:
    cases = [{"repeated": False, **row} for row in log]
    return panel_of(tables(cases, staff=staff), methodology(**design))


def reasons(made: Panel) -> dict[str, int]:
    return dict(made.excluded.select("reason", "rows").iter_rows())


def test_a_case_without_an_executor_is_the_departments() -> None:
    made = panel([case("2024-03-04")], [link("sA")])
    assert made.cells["unit"].to_list() == [f"{TOWN}/Отдел/Справка"]


def test_a_badge_and_a_person_name_the_same_holder() -> None:
    log = [case("2024-03-04", executor="sA"), case("2024-03-05", executor="b7")]
    made = panel(log, [link("sA", badge="b7")])
    assert made.cells.select("unit", "n").rows() == [(f"{TOWN}/sA/Справка", 2)]


def test_a_person_who_moves_stays_one_unit_in_the_cluster_where_they_began() -> None:
    staff = [
        link("sA", "Архив", ended="2024-03-31"),
        link("sA", "Отдел", started="2024-04-01"),
    ]
    log = [case("2024-03-31", executor="sA"), case("2024-04-01", executor="sA")]
    made = panel(log, staff, cluster="unit")
    assert (
        made.cells.select("unit", "cluster", "n").rows()
        == [(f"{TOWN}/sA/Справка", f"{TOWN}/Архив", 1)] * 2
    )


def test_a_badge_that_was_given_on_means_whoever_had_it_that_day() -> None:
    staff = [
        link("sA", badge="b7", ended="2024-03-10"),
        link("sB", badge="b7", started="2024-03-11"),
    ]
    log = [case("2024-03-10", executor="b7"), case("2024-03-11", executor="b7")]
    assert panel(log, staff).cells["unit"].to_list() == [
        f"{TOWN}/sA/Справка",
        f"{TOWN}/sB/Справка",
    ]


@pytest.mark.parametrize(
    ("executor", "staff", "reason"),
    [
        ("sA", [], "executor_unknown"),
        ("sA", [link("sA", started="2024-03-05")], "executor_unknown"),
        ("sA", [link("sA", ended="2024-03-03")], "executor_unknown"),
        ("sA", [link("sA", municipality=OTHER_TOWN)], "executor_unknown"),
        ("b7", [link("sA", badge="b7"), link("sB", badge="b7")], "executor_ambiguous"),
        ("sA", [link("sA"), link("sA", "Архив", ended="2024-03-04")], "two_departments"),
    ],
)
def test_an_executor_who_is_not_one_person_in_one_department_holds_nothing(
    executor: str, staff: list[dict[str, Any]], reason: str
) -> None:
    made = panel([case("2024-03-04", executor=executor)], staff)
    assert made.cells.is_empty()
    assert reasons(made) == {reason: 1}


def test_a_repeated_staff_link_repeats_no_case() -> None:
    staff = [link("sA"), link("sA", started="2020-05-01"), link("sA", badge="b7")]
    assert panel([case("2024-03-04", executor="sA")], staff).cells["n"].to_list() == [1]


def test_a_cancelled_case_is_only_cancelled() -> None:
    made = panel([case("2024-03-04", executor="sX", cancelled="2024-03-05")], [])
    assert reasons(made) == {"cancelled": 1}


def test_a_case_may_be_cancelled_on_a_day_that_nobody_wrote_down() -> None:
    log = [case("2024-03-04", is_cancelled=True), case("2024-03-04", is_cancelled=False)]
    made = panel(log, [])
    assert reasons(made)["cancelled"] == 1
    assert made.cells["n"].max() == 1


def test_a_case_of_a_town_that_is_on_no_register_has_no_stratum() -> None:
    towns = [town(macroregion=None)]
    log = [case("2024-03-04", repeated=True), case("2024-03-04", municipality=OTHER_TOWN)]
    assert reasons(panel_of(tables(log, towns=towns), methodology())) == {"no_stratum": 2}
    free = panel_of(tables(log, towns=[]), methodology(stratum=("service", "municipality")))
    assert free.cells["stratum"].to_list() == [f"Справка/{TOWN}"]
    assert reasons(free) == {"repeat_not_recorded": 1}


def test_a_town_that_changed_its_region_is_taken_as_it_is_now() -> None:
    towns = [
        town(valid_from="2010-01-01", macroregion="Север"),
        town(valid_from="2024-06-01", macroregion="Центр"),
    ]
    made = panel_of(tables([case("2024-03-04", repeated=True)], towns=towns), methodology())
    assert made.cells["stratum"].to_list() == ["Справка/Центр"]


def test_a_slash_in_a_name_joins_no_two_units() -> None:
    log = [
        case("2024-03-04", repeated=True, unit="Отдел/А", service="Б"),
        case("2024-03-04", repeated=True, unit="Отдел", service="А/Б"),
    ]
    made = panel_of(tables(log), methodology())
    assert made.cells["unit"].to_list() == [f"{TOWN}/Отдел/А∕Б", f"{TOWN}/Отдел∕А/Б"]
