"""From needs of every origin to classes of people, and what their work weighs."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from otdacha.programme.needs import NEEDS, NOT_PLANNED, gather
from otdacha.programme.needs.classes import CLASSES, LEFT_OUT, MEMBERS, classes_of
from otdacha.programme.people.volume import VOLUMES, volumes_of
from otdacha.programme.people.work import HANDLED, Work
from tests.unit.panel.making import OTHER_TOWN
from tests.unit.programme.making import TOWN, link, need, needs, roster, town, trained

NOBODY = pl.DataFrame(schema=NEEDS)
YEARS = (2027, 2028, 2029)


def test_one_person_and_topic_is_one_need_and_the_stronger_reason_stays():
    staff = [link("s1"), link("s2")]
    recorded = needs(
        need("1", "s1", indicator="on_time", change=0.05, by=dt.date(2027, 3, 1)),
        need("2", "s1", topic="Закупки"),
        need("3", "s2", reason="gap"),
    )
    by_rule = needs(
        need("r1", "s1", reason="legal_duty", topic=" жалобы", by=dt.date(2028, 5, 1)),
        need("r2", "s2", reason="weak_indicator", indicator="repeated"),
    )
    found = gather(recorded, by_rule, roster(staff))
    assert found.needs["need"].to_list() == ["2", "3", "r1"]
    kept = {row["need"]: row for row in found.needs.iter_rows(named=True)}
    assert (kept["r1"]["by"], kept["r1"]["indicator"]) == (dt.date(2028, 5, 1), "on_time")
    assert kept["r1"]["change"] == 0.05
    assert kept["3"]["indicator"] == "repeated"
    assert found.merged.rows() == [
        ("gap", "weak_indicator", 1),
        ("legal_duty", "request", 1),
    ]
    assert found.needs.height + found.merged["needs"].sum() == 5


def test_of_equal_reasons_the_earlier_then_the_more_urgent_then_the_file_stays():
    recorded = needs(
        need("late", "s1", by=dt.date(2028, 1, 1)),
        need("soon", "s1", by=dt.date(2027, 1, 1), priority=5),
        need("same", "s2", priority=2),
    )
    by_rule = needs(need("a", "s2", priority=2), need("b", "s2", priority=3))
    found = gather(recorded, by_rule, roster([link("s1"), link("s2")]))
    assert found.needs["need"].to_list() == ["same", "soon"]


def test_a_need_in_any_topic_is_met_by_the_strongest_in_some():
    recorded = needs(need("1", "s1", topic="Закупки"), need("2", "s1", topic="Этика", reason="gap"))
    any_topic = {"topic": None, "reason": "legal_duty"}
    by_rule = needs(need("r1", "s1", **any_topic), need("r2", "s2", **any_topic))
    found = gather(recorded, by_rule, roster([link("s1"), link("s2")]))
    assert found.needs.select("need", "topic").rows() == [
        ("1", "Закупки"), ("r1", "Этика"), ("r2", None),
    ]  # fmt: skip
    assert found.merged.rows() == [("legal_duty", "gap", 1)]


def test_needs_without_a_name_are_each_their_own():
    recorded = needs(need("1", people=4), need("2", people=2), need("3", people=None))
    found = gather(recorded, NOBODY, roster([link("s1")]))
    assert found.needs["people"].to_list() == [4, 2, 1]
    assert found.merged.is_empty()


def test_a_personnel_number_is_looked_up_where_one_person_has_it():
    staff = [link("s1", badge="b1"), link("s2", badge="b2"), link("s3", badge="b2")]
    recorded = needs(need("1", badge="b1"), need("2", badge="b2"), need("3", badge="b9"))
    by_rule = needs(need("r", "s1", reason="legal_duty"))
    found = gather(recorded, by_rule, roster(staff))
    assert found.needs["need"].to_list() == ["2", "3", "r"]
    classes = classes_of(found.needs, roster(staff), YEARS)
    assert classes.left_out.rows() == [(TOWN, "badge_unknown", 2, 2)]


def test_needs_follow_mergers():
    towns = [town(successor=OTHER_TOWN), town(OTHER_TOWN)]
    known = roster([link("s1", "Отдел")], towns=towns)
    found = gather(needs(need("1", "s1"), need("2", unit="Отдел")), NOBODY, known)
    made = classes_of(found.needs, known, YEARS)
    assert made.frame.select("municipality", "unit", "people").rows() == [
        (OTHER_TOWN, f"{TOWN}/Отдел", 2)
    ]


def test_classes_are_town_department_topic_mandatory_and_quarter():
    staff = [link("s1", "А"), link("s2", "А"), link("s3", "Б"), link("s4", "А")]
    known = roster(staff, [trained("s1", "2020-05-05")])
    asked = needs(
        need("1", "s1", unit="Б"),  # the roster has them in А
        need("2", "s2"),
        need("3", "s3"),
        need("4", "s4", by=dt.date(2028, 4, 1)),
        need("5", unit="А", people=3),
        need("6", "s4", topic="Закупки", reason="legal_duty", by=dt.date(2026, 1, 1)),
        need("7", "s3", topic="Закупки", reason="legal_duty"),
        need("8", "s3", topic="Этика", by=dt.date(2035, 1, 1)),
        need("9", unit="А", people=2, by=dt.date(2028, 6, 30)),  # the quarter of number 4
    )
    made = classes_of(asked, known, YEARS)
    assert made.frame.rows() == [
        (0, TOWN, "А", "Жалобы", False, 2028, dt.date(2028, 4, 1), 3),
        (1, TOWN, "А", "Жалобы", False, None, None, 5),
        (
            2,
            TOWN,
            "А",
            "Закупки",
            True,
            2027,
            dt.date(2027, 12, 31),
            1,
        ),  # overdue: due in the first year
        (3, TOWN, "Б", "Жалобы", False, None, None, 1),
        (4, TOWN, "Б", "Закупки", True, 2029, dt.date(2029, 12, 31), 1),  # no day: due in the plan
        (5, TOWN, "Б", "Этика", False, None, None, 1),  # due after the plan: any year will do
    ]
    assert made.overdue == 1
    assert made.people.tolist() == [3, 5, 1, 1, 1, 1]
    assert made.mandatory.tolist() == [False, False, True, False, True, False]
    assert made.names[2] == f"{TOWN}/А/Закупки/2027-12-31!"
    of_second = made.members.filter(pl.col("class") == 1)
    assert of_second.select("need", "person", "last_trained").rows() == [
        ("1", "s1", dt.date(2020, 5, 5)), ("2", "s2", None),
        ("5", None, None), ("5", None, None), ("5", None, None),
    ]  # fmt: skip
    assert made.members["member"].to_list() == list(range(12))
    for found, schema in (
        (made.frame, CLASSES),
        (made.members, MEMBERS),
        (made.left_out, LEFT_OUT),
    ):
        assert dict(found.schema) == dict(schema)


def test_who_has_left_or_is_on_no_list_or_not_due_is_left_out_and_counted():
    staff = [link("s1"), link("s2", ended="2026-01-31")]
    asked = needs(
        need("1", "s1", reason="legal_duty", by=dt.date(2030, 1, 1)),
        need("2", "s2"),
        need("3", "s9"),
        need("4", "s8", municipality=OTHER_TOWN, unit="Отдел"),  # that town has sent no list
    )
    made = classes_of(asked, roster(staff, towns=[town(), town(OTHER_TOWN)]), YEARS)
    assert made.left_out.rows() == [
        (TOWN, "due_after_plan", 1, 1),
        (TOWN, "left", 1, 1),
        (TOWN, "on_no_staff_list", 1, 1),
    ]
    assert set(made.left_out["reason"]) <= set(NOT_PLANNED)
    assert made.members["person"].to_list() == ["s8"]
    assert made.people.sum() + made.left_out["people"].sum() == asked["people"].sum()


def test_no_needs_make_no_classes():
    made = classes_of(NOBODY, roster([link("s1")]), YEARS)
    assert made.frame.is_empty()
    assert made.people.tolist() == []
    assert made.overdue == 0


def work(*rows):
    handled = pl.DataFrame(list(rows), schema=HANDLED, orient="row")
    return Work(handled, pl.DataFrame(), None)


def test_cases_of_a_year_by_person_and_the_median_where_there_are_none():
    staff = [
        *(link(f"a{i}", "А") for i in range(4)),
        *(link(f"b{i}", "Б") for i in range(2)),
        link("c", "В"),
        link("d", "Бухгалтерия"),
        link("e", "Отдел", municipality=OTHER_TOWN),
    ]
    known = roster(staff, towns=[town(), town(OTHER_TOWN)])
    made = volumes_of(
        known,
        work(
            (TOWN, "А", 400, 12, "cases"),  # 100 a person
            (TOWN, "Б", 120, 6, "cases"),  # half a year: 240 a year, 120 a person
            (TOWN, "В", 900, 12, "results"),  # 900 a person
            (TOWN, "Никого", 50, 12, "cases"),  # nobody on the staff list
        ),
    )
    assert dict(made.frame.schema) == dict(VOLUMES)
    assert made.frame.select("unit", "staff", "cases", "per_person", "basis").rows() == [
        ("Отдел", 1, None, 120.0, "all"),
        ("А", 4, 400.0, 100.0, "own"),
        ("Б", 2, 240.0, 120.0, "own"),
        ("Бухгалтерия", 1, None, 120.0, "municipality"),
        ("В", 1, 900.0, 900.0, "own"),
        ("Никого", 0, 50.0, 120.0, "municipality"),
    ]
    assert made.counts() == {"own": 3, "municipality": 2, "all": 1}
    asked = pl.DataFrame(
        {"municipality": [TOWN, TOWN, TOWN, "1"], "unit": ["А", None, "Неведомый", "А"]}
    )
    assert made.of_classes(asked).tolist() == [100.0, 120.0, 120.0, 120.0]


def test_where_no_record_tells_any_case_everybody_weighs_one():
    made = volumes_of(roster([link("s1", "А")]), work())
    assert made.frame.select("cases", "per_person", "basis").rows() == [(None, 1.0, "none")]
    asked = pl.DataFrame({"municipality": [TOWN], "unit": ["А"]})
    assert made.of_classes(asked).tolist() == pytest.approx([1.0])
