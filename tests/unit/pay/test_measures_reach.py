"""Whom measures reach; a measure for nobody is a fault; who is passed over is counted."""

from __future__ import annotations

import datetime as dt
from importlib.resources import files as resources
from pathlib import Path

import polars as pl
import pytest

from otdacha.errors import PayProblem
from otdacha.pay.measures import (
    WAGES,
    Facts,
    MeasuresFile,
    check_law,
    check_reach,
    left_out,
    people_reached,
)
from otdacha.pay.measures.training import COURSES, Trained
from otdacha.pay.parameters import law_in
from tests.unit.pay.measures_at_hand import HEAD, file_of, measure, roster
from tests.unit.pay.small_law import KITEZH, small_law

POSTS = roster(
    {"position_group": "младшая", "born": 2001, "started": dt.date(2027, 2, 1)},
    {"position_group": "старшая", "municipality": "buyan", "unit": "Архив"},
    {"position_group": "старшая", "municipality": "buyan", "born": None},
)


def said(file: MeasuresFile, facts: Facts) -> str:
    with pytest.raises(PayProblem) as fault:
        check_reach(file, facts)
    return str(fault.value)


@pytest.mark.parametrize(
    ("who", "fault"),
    [
        ('groups = ["средняя"]', "line 11: key measures.0.who.groups: nobody in the roster has "
         "средняя; there are младшая, старшая"),
        ('municipalities = ["kitezh", "tsargrad"]', "who.municipalities: nobody in the roster has "
         "tsargrad; there are buyan, kitezh"),
        ('units = ["Канцелярия"]', "there are Архив, Отдел кадров"),
        ('positions = ["Стрелец"]', "there are Ведущий специалист"),
        ('regions = ["Лукоморья"]', "there are Лукоморье"),
    ],
)  # fmt: skip
def test_a_name_that_nobody_has_is_a_fault_that_says_whom_there_is(who: str, fault: str) -> None:
    file = file_of(measure("raise_salary", "level = 5", f"who = {{ {who} }}"))
    assert fault in said(file, Facts(POSTS))


def test_names_are_compared_without_case_and_with_one_e() -> None:
    posts = roster({"position": "Счётный  работник"})
    file = file_of(
        measure("raise_salary", "level = 5", 'who = { positions = ["СЧЕТНЫЙ работник"] }')
    )
    check_reach(file, Facts(posts))


def test_names_that_exist_but_not_together_reach_nobody() -> None:
    who = 'who = { groups = ["младшая"], municipalities = ["buyan"] }'
    file = file_of(measure("raise_salary", "level = 5", who))

    assert (
        "key measures.0: the measure this reaches nobody from 2027-01-01 to 2028-12-31. There are "
        "position groups: младшая, старшая"
    ) in said(file, Facts(POSTS))


def test_an_age_that_nobody_has_says_when_people_were_born() -> None:
    file = file_of(measure("raise_salary", "level = 5", "who = { ages = [60, 65] }"))
    assert "people born from 1990 to 2001, and 1 posts without a year of birth" in said(
        file, Facts(POSTS)
    )


def test_scarce_positions_that_no_law_names_reach_nobody() -> None:
    file = file_of(measure("scarce_allowance", "level = 5"))
    assert "Scarce positions by the law: -" in said(file, Facts(POSTS))


def test_a_floor_without_any_wage_reaches_nobody() -> None:
    file = file_of(measure("wage_floor", "level = 50"))
    assert "Wages are known of 0 municipalities" in said(file, Facts(POSTS))


def test_people_are_counted_once_whatever_their_posts_and_months() -> None:
    posts = roster({"person": "Иван"}, {"person": "Иван", "main": False}, {"share": 500})
    file = file_of(measure("raise_salary", "level = 5"))

    check_reach(file, Facts(posts))
    assert people_reached(file, Facts(posts)) == {"this": 2}


def test_towns_without_a_wage_are_counted_and_not_guessed() -> None:
    rows = [("kitezh", 2027, 5_000_000), ("kitezh", 2028, 5_000_000), ("buyan", 2027, 1)]
    facts = Facts(POSTS, wages=pl.DataFrame(rows, WAGES, orient="row"))
    file = file_of(measure("wage_floor", "level = 50"))

    # both people of Buyan have no wage in 2028
    assert left_out(file, facts).rows() == [("this", "no_wage", 2)]
    assert people_reached(file, facts) == {"this": 3}


def test_people_without_a_year_of_birth_are_counted_where_an_age_is_asked_for() -> None:
    by_age = measure("raise_salary", "level = 5", "who = { ages = [18, 80] }", key="by_age")
    young = measure("young_payment", "level = 5", "max_age = 30", "within_months = 6", key="young")
    elsewhere = measure(
        "raise_salary", "level = 5", 'who = { ages = [18, 80], groups = ["младшая"] }', key="other"
    )

    posts = pl.concat([POSTS, roster({"born": None, "started": dt.date(2027, 5, 1)})])
    posts = posts.with_columns(post=pl.int_range(4), person=pl.format("person {}", pl.int_range(4)))
    assert left_out(file_of(by_age, young, elsewhere), Facts(posts)).rows() == [
        ("by_age", "no_birth_year", 2),
        ("young", "no_birth_year", 1),  # the other came long ago
    ]


def test_who_was_trained_and_receives_nothing_is_counted_once_with_a_reason() -> None:
    courses = [
        ("person 0", dt.date(2027, 1, 10), None),  # receives
        ("person 0", dt.date(2026, 1, 10), "not_listed"),
        ("person 1", dt.date(2026, 1, 10), None),  # ended: too long ago
        ("person 1", dt.date(2027, 1, 10), "not_in_release"),
        ("person 2", dt.date(2027, 1, 10), "not_in_release"),
        ("person 2", dt.date(2027, 1, 10), "not_listed"),
        ("nobody", dt.date(2027, 1, 10), "not_listed"),
    ]
    frame = pl.DataFrame(courses, COURSES, orient="row")
    facts = Facts(POSTS, trained={"this": Trained("2026.1", "0" * 64, frame)})
    file = file_of(measure("training_allowance", "level = 9", "months = 6", 'release = "2026.1"'))

    assert people_reached(file, facts) == {"this": 1}
    assert left_out(file, facts).rows() == [
        ("this", "too_long_ago", 1),
        ("this", "not_listed", 1),
    ]


def test_an_allowance_for_training_that_ended_long_ago_says_when() -> None:
    frame = pl.DataFrame([("person 0", dt.date(2020, 1, 10), None)], COURSES, orient="row")
    facts = Facts(POSTS, trained={"this": Trained("2026.1", "0" * 64, frame)})
    file = file_of(measure("training_allowance", "level = 9", "months = 6", 'release = "2026.1"'))

    assert "for 1 people, the last of it ended on 2020-01-10" in said(file, facts)


def test_a_measure_beyond_the_law_of_pay_is_a_fault_of_its_line() -> None:
    law = law_in(Path(str(resources("otdacha.demo") / "pay")))  # it ends with 2029
    head = HEAD.replace("[2027, 2028]", "[2029, 2030]")
    within = measure("raise_salary", "level = 5", "valid_to = 2029-12-31", key="within")
    check_law(file_of(within, head=head), law, ["Тульская область"])

    beyond = measure("raise_salary", "level = 5", "valid_to = 2030-06-30", key="beyond")
    with pytest.raises(PayProblem, match=r"line 19: key measures.1.valid_to: .*2030-06-30"):
        check_law(file_of(within, beyond, head=head), law, ["Тульская область"])
    with pytest.raises(PayProblem, match=r"line 6: key measures.0.valid_from: .*Лукоморье"):
        check_law(file_of(within, head=head), law, ["Лукоморье"])


def test_a_rank_is_not_set_below_what_the_law_pays_for_it(tmp_path: Path) -> None:
    law = small_law(tmp_path)
    lower, equal = (
        file_of(measure("class_rank", f'amounts = {{ "Советник 1 класса" = {sum_} }}'))
        for sum_ in ("1_999.99", "2_000")
    )
    check_law(equal, law, [KITEZH])
    with pytest.raises(PayProblem, match=r"line 10: key measures.0.amounts: the law of .* ₽2,000"):
        check_law(lower, law, [KITEZH])
