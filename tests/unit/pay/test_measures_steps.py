"""What each measure does to a month of pay, on posts that can be reckoned by hand."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from otdacha.errors import PayProblem
from otdacha.pay.measures import SCARCE, WAGES, Facts, facts_of, steps
from otdacha.pay.measures.training import COURSES, Trained
from otdacha.pay.payroll.steps import Stage
from tests.unit.pay.measures_at_hand import applied, file_of, measure, paid, roster
from tests.unit.pay.small_law import KITEZH, small_law


def wages(*rows: tuple[str, int, int]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=WAGES, orient="row")


def trained(*rows: tuple[str, dt.date]) -> dict[str, Trained]:
    courses = [(person, finished, None) for person, finished in rows]
    return {"this": Trained("2026.1", "0" * 64, pl.DataFrame(courses, COURSES, orient="row"))}


def test_a_rise_of_salaries_raises_those_it_is_for() -> None:
    posts = roster({"position_group": "младшая"}, {"position_group": "высшая"})
    file = file_of(measure("raise_salary", "level = 7.5", 'who = { groups = ["младшая"] }'))

    assert applied(file, Facts(posts))["salary"].to_list() == [2_150_000, 2_000_000]


def test_a_raised_salary_is_rounded_up_to_a_ruble_where_the_measure_says_so() -> None:
    posts = roster({"salary": 1_234_500})
    exact = file_of(measure("raise_salary", "level = 10"))
    whole = file_of(measure("raise_salary", "level = 10", "whole_rubles = true"))

    assert applied(exact, Facts(posts))["salary"].item() == 1_357_950
    assert applied(whole, Facts(posts))["salary"].item() == 1_358_000


def test_indexing_by_a_rate_compounds_every_january_from_the_first() -> None:
    file = file_of(measure("index", "level = 10"))
    facts = Facts(roster({}))

    assert applied(file, facts, 2027, 12)["salary"].item() == 2_200_000
    assert applied(file, facts, 2028, 1)["salary"].item() == 2_420_000


def test_indexing_with_prices_takes_the_forecast_of_the_region() -> None:
    posts = roster({}, {"region": "Буян"})
    facts = Facts(
        posts,
        prices={
            "Лукоморье": {2027: Fraction("1.05"), 2028: Fraction("1.04")},
            "Буян": {2027: Fraction("0.98"), 2028: Fraction("1.1")},
        },
    )
    file = file_of(measure("index", 'to = "prices"'))

    # 20,000 x 1.05 x 1.04; where prices fall salaries stay
    assert applied(file, facts, 2028)["salary"].to_list() == [2_184_000, 2_200_000]


def test_indexing_with_prices_that_nobody_forecasts_is_refused_with_the_line() -> None:
    facts = Facts(roster({}), prices={"Лукоморье": {2027: Fraction("1.05")}})
    file = file_of(measure("index", 'to = "prices"'))

    with pytest.raises(PayProblem, match=r"measures.toml, line 10: key measures.0.to.*2028"):
        steps(file, facts)


def test_indexing_with_wages_follows_the_town_and_lowers_nobody() -> None:
    posts = roster({}, {"municipality": "buyan"}, {"municipality": "nowhere"})
    facts = Facts(
        posts,
        wages=wages(
            ("kitezh", 2026, 5_000_000),
            ("kitezh", 2027, 5_500_000),
            ("buyan", 2026, 5_000_000),
            ("buyan", 2027, 4_000_000),
        ),
    )
    file = file_of(measure("index", 'to = "wages"'))

    assert applied(file, facts)["salary"].to_list() == [2_200_000, 2_000_000, 2_000_000]


def test_indexing_with_wages_never_falls_back_when_wages_do() -> None:
    told = (("kitezh", 2026, 5_000_000), ("kitezh", 2027, 5_500_000), ("kitezh", 2028, 4_900_000))
    facts = Facts(roster({}), wages=wages(*told))
    file = file_of(measure("index", 'to = "wages"'))
    assert applied(file, facts, 2028, 1)["salary"].to_list() == [2_200_000]


def test_a_wage_that_no_sum_can_be_made_of_is_refused(tmp_path: Path) -> None:
    posts = roster({"region": KITEZH})
    with pytest.raises(PayProblem, match=r"kitezh: the mean wage of 2027 is .*cannot be right"):
        facts_of(posts, small_law(tmp_path), wages=wages(("kitezh", 2027, 1_000_000_001)))


def test_pay_for_ranks_rises_whether_the_law_pays_a_sum_or_a_part() -> None:
    posts = roster({"class_rank": "советник 1 класса"}, {"class_rank": None})
    file = file_of(measure("class_rank", "level = 50"))
    after = applied(file, Facts(posts), rank_rate=1_000)

    assert after["rank_amount"].to_list() == [150_000, 100_000]
    assert after["rank_rate"].to_list() == [1_500, 1_000]


def test_new_sums_for_ranks_lower_nobody_whom_the_law_pays_a_part_of_the_salary() -> None:
    """5 % of 20,000 are 1,000: more than the new 900, less than the new 1,000.01."""
    posts = roster({"class_rank": "a"}, {"class_rank": "b"})
    file = file_of(measure("class_rank", "amounts = { a = 900, b = 1_000.01 }"))
    after = applied(file, Facts(posts), rank_amount=0, rank_rate=500)
    assert after.select("rank_amount", "rank_rate").rows() == [(0, 500), (100_001, 0)]


def test_new_sums_for_ranks_stand_in_place_of_what_the_law_pays() -> None:
    posts = roster({"class_rank": "Советник  1 класса"}, {"class_rank": "референт 1 класса"})
    file = file_of(measure("class_rank", 'amounts = { "советник 1 класса" = 4_500.50 }'))
    after = applied(file, Facts(posts), rank_rate=1_000)

    assert after["rank_amount"].to_list() == [450_050, 100_000]
    assert after["rank_rate"].to_list() == [0, 1_000]


def test_an_allowance_for_scarce_positions_is_for_the_share_and_the_days_worked() -> None:
    posts = roster({"share": 500}, {"position": "Ведущий Специалист "}, {"position": "Водитель"})
    scarce = pl.DataFrame(
        [("*", "ведущий специалист", dt.date(2027, 1, 1), dt.date(2027, 12, 31))],
        SCARCE,
        orient="row",
    )
    file = file_of(measure("scarce_allowance", "level = 20"))
    facts = Facts(posts, scarce=scarce)

    # 20 % of 20,000, of half a post, 15 of 20 days: 1,500; of a whole post 3,000
    assert paid(file, facts, days=15) == [150_000, 300_000, 0]
    assert paid(file, facts, 2028) == [0, 0, 0], "the law names nobody in 2028"


def test_scarce_positions_of_one_region_are_not_scarce_in_another() -> None:
    posts = roster({}, {"region": "Буян"})
    scarce = pl.DataFrame(
        [("Буян", "ведущий специалист", dt.date(2027, 1, 1), dt.date(2028, 12, 31))],
        SCARCE,
        orient="row",
    )
    file = file_of(measure("scarce_allowance", "level = 20"))

    assert paid(file, Facts(posts, scarce=scarce)) == [0, 400_000]


def test_what_is_paid_is_rounded_once_half_up() -> None:
    # 5 % of 100.10 rubles = 5.005 rubles, half a kopeck goes up
    posts = roster({"salary": 10_010})
    scarce = pl.DataFrame(
        [("*", "ведущий специалист", dt.date(2027, 1, 1), dt.date(2027, 12, 31))],
        SCARCE,
        orient="row",
    )
    file = file_of(measure("scarce_allowance", "level = 5"))

    assert paid(file, Facts(posts, scarce=scarce)) == [501]


ALLOWANCE = ("level = 3_000", "months = 3", 'release = "2026.1"')


def test_an_allowance_for_training_is_paid_from_the_month_after_it_ended() -> None:
    facts = Facts(roster({}, {}), trained=trained(("person 0", dt.date(2027, 1, 31))))
    file = file_of(measure("training_allowance", *ALLOWANCE))

    got = [paid(file, facts, 2027, number)[0] for number in range(1, 7)]
    assert got == [0, 300_000, 300_000, 300_000, 0, 0]
    assert paid(file, facts)[1] == 0


def test_two_trainings_whose_months_overlap_are_paid_once() -> None:
    facts = Facts(
        roster({}),
        trained=trained(
            ("person 0", dt.date(2027, 1, 15)),
            ("person 0", dt.date(2027, 2, 15)),
            ("person 0", dt.date(2027, 2, 16)),
        ),
    )
    file = file_of(measure("training_allowance", *ALLOWANCE))

    got = [paid(file, facts, 2027, number)[0] for number in range(1, 7)]
    assert got == [0, 300_000, 300_000, 300_000, 300_000, 0]


def test_an_allowance_for_training_may_be_a_part_of_the_salary() -> None:
    facts = Facts(roster({"share": 500}), trained=trained(("person 0", dt.date(2027, 2, 1))))
    file = file_of(
        measure(
            "training_allowance",
            'unit = "percent"',
            "level = 15",
            "months = 3",
            'release = "2026.1"',
        )
    )

    assert paid(file, facts) == [150_000]


def test_one_of_two_posts_of_a_person_pays_and_it_is_the_main_one() -> None:
    posts = roster(
        {"person": "Иван", "share": 500, "main": False},
        {"person": "Иван", "share": 1500, "started": dt.date(2024, 5, 1)},
    )
    facts = Facts(posts, trained=trained(("Иван", dt.date(2027, 2, 1))))
    file = file_of(measure("training_allowance", *ALLOWANCE))

    assert paid(file, facts) == [0, 300_000], "of one full post at most"


def test_whoever_changes_posts_within_a_month_is_paid_by_both_for_their_days() -> None:
    posts = roster(
        {"person": "Иван", "ended": dt.date(2027, 3, 14)},
        {"person": "Иван", "started": dt.date(2027, 3, 15)},
    )
    facts = Facts(posts, trained=trained(("Иван", dt.date(2027, 2, 1))))
    file = file_of(measure("training_allowance", *ALLOWANCE))

    assert paid(file, facts, days=10) == [150_000, 150_000]


def young(**said: Any) -> str:
    lines = {"level": 60_000, "max_age": 30, "within_months": 12, **said}
    return measure("young_payment", *(f"{name} = {value}" for name, value in lines.items()))


def test_the_young_are_paid_once_in_their_first_month_in_full() -> None:
    posts = roster(
        {"born": 2000, "started": dt.date(2027, 3, 20), "share": 500},
        {"born": 1980, "started": dt.date(2027, 3, 20)},
        {"born": None, "started": dt.date(2027, 3, 20)},
    )
    file = file_of(young())

    assert paid(file, Facts(posts), 2027, 3, days=8) == [6_000_000, 0, 0]
    assert paid(file, Facts(posts), 2027, 4) == [0, 0, 0]


def test_who_came_before_the_measure_is_paid_when_it_begins_if_that_is_soon_enough() -> None:
    posts = roster(
        {"born": 2000, "started": dt.date(2026, 2, 1)},
        {"born": 2000, "started": dt.date(2026, 1, 31)},
        {"born": 2000, "started": dt.date(2026, 12, 1), "service_from": dt.date(2021, 1, 1)},
    )
    file = file_of(young())

    assert paid(file, Facts(posts), 2027, 1) == [6_000_000, 0, 0]


def test_a_second_post_of_the_young_is_no_second_coming() -> None:
    posts = roster(
        {"person": "Анна", "born": 2000, "started": dt.date(2027, 1, 11),
         "ended": dt.date(2027, 4, 30)},
        {"person": "Анна", "born": 2000, "started": dt.date(2027, 5, 1)},
    )  # fmt: skip
    file = file_of(young())

    got = sum(sum(paid(file, Facts(posts), 2027, number)) for number in range(1, 13))
    assert got == 6_000_000


def test_rent_is_paid_for_its_months_by_days_and_not_by_share() -> None:
    posts = roster({"born": 2000, "started": dt.date(2027, 2, 1), "share": 500})
    file = file_of(measure("rent", "level = 10_000", "months = 2", "who = { ages = [18, 35] }"))

    got = [paid(file, Facts(posts), 2027, number) for number in range(2, 5)]
    assert got == [[1_000_000], [1_000_000], [0]]
    assert paid(file, Facts(posts), 2027, 2, days=10) == [500_000]


def test_a_floor_adds_what_a_month_lacks_to_its_part_of_the_wage() -> None:
    posts = roster({}, {"share": 500}, {"municipality": "nowhere"})
    facts = Facts(posts, wages=wages(("kitezh", 2027, 5_000_000)))
    file = file_of(measure("wage_floor", "level = 80"))

    # 80 % of 50,000 is 40,000 for a full post and 20,000 for a half; both have 30,000
    assert paid(file, facts) == [1_000_000, 0, 0]


def test_a_floor_follows_the_wage_of_the_year() -> None:
    facts = Facts(roster({}), wages=wages(("kitezh", 2027, 5_000_000), ("kitezh", 2028, 6_000_000)))
    file = file_of(measure("wage_floor", "level = 80"))

    assert (paid(file, facts, 2027), paid(file, facts, 2028)) == ([1_000_000], [1_800_000])


def test_measures_take_effect_law_before_pay_before_floor_and_as_written_within() -> None:
    facts = Facts(
        roster({}),
        scarce=SCARCE.to_frame(),
        wages=wages(("kitezh", 2027, 5_000_000), ("kitezh", 2028, 5_000_000)),
    )
    file = file_of(
        measure("wage_floor", "level = 80", key="last"),
        measure("scarce_allowance", "level = 10", key="paid"),
        measure("index", "level = 10", key="second"),
        measure("raise_salary", "level = 10", key="third"),
    )

    found = [(step.key, step.stage) for step in steps(file, facts)]
    assert found == [
        ("second", Stage.LAW),
        ("third", Stage.LAW),
        ("paid", Stage.PAY),
        ("last", Stage.FLOOR),
    ]


def test_two_orders_of_the_same_measures_differ_where_they_must() -> None:
    """Salaries of up to a ruble more, then 10 %; or 10 % first: rounding up makes them differ."""
    rounded = measure("raise_salary", "level = 1", "whole_rubles = true", key="rounded")
    raised = measure("raise_salary", "level = 10", key="raised")
    facts = Facts(roster({"salary": 1_000_010}))

    # 10,000.10 x 1.01 = 10,100.101 -> 10,101 x 1.1 = 11,111.10
    assert applied(file_of(rounded, raised), facts)["salary"].item() == 1_111_110
    # 10,000.10 x 1.1 = 11,000.11 x 1.01 = 11,110.1111 -> 11,111
    assert applied(file_of(raised, rounded), facts)["salary"].item() == 1_111_100


def test_the_same_order_within_a_stage_changes_nothing_between_stages() -> None:
    scarce = pl.DataFrame(
        [("*", "ведущий специалист", dt.date(2027, 1, 1), dt.date(2028, 12, 31))],
        SCARCE,
        orient="row",
    )
    facts = Facts(roster({}), scarce=scarce)
    raised = measure("raise_salary", "level = 10", key="raised")
    allowance = measure("scarce_allowance", "level = 20")

    both = [file_of(raised, allowance), file_of(allowance, raised)]
    assert [paid(file, facts) for file in both] == [[440_000], [440_000]]


def test_a_measure_does_nothing_before_it_begins_and_after_it_ends() -> None:
    file = file_of(
        measure("raise_salary", "level = 10", "valid_from = 2027-03-01", "valid_to = 2027-04-30")
    )
    facts = Facts(roster({}))

    salaries = [applied(file, facts, number=number)["salary"].item() for number in (2, 3, 4, 5)]
    assert salaries == [2_000_000, 2_200_000, 2_200_000, 2_000_000]


def test_who_chooses_by_age_in_the_year_and_by_full_years_of_service() -> None:
    posts = roster(
        {"born": 1992, "service_from": dt.date(2024, 3, 1)},  # 35; three years on 1 March
        {"born": 1991, "service_from": dt.date(2025, 1, 1)},  # 36
        {"born": 1992, "service_from": dt.date(2024, 3, 2)},  # two full years
        {"born": 1992, "service_from": None, "started": dt.date(2026, 1, 1)},
        {"born": None, "service_from": dt.date(2025, 1, 1)},
    )
    who = "who = { ages = [18, 35], tenure = [0, 3] }"
    file = file_of(measure("raise_salary", "level = 100", who))

    raised = applied(file, Facts(posts))["salary"] > 2_000_000
    assert raised.to_list() == [False, False, True, True, False]


def test_levels_can_be_taken_one_by_one_and_a_measure_left_out() -> None:
    file = file_of(
        measure("raise_salary", "levels = [5, 10, 15]", "level = 10", key="one"),
        measure("raise_salary", "levels = [1, 2]", key="two"),
    )
    facts = Facts(roster({}))

    assert [one.choices for one in file.measures.measures] == [(5, 10, 15), (1, 2)]
    assert applied(file, facts)["salary"].item() == 2_244_000, "10 % and the largest, 2 %"
    other = file.at_levels({"one": 5, "two": None})
    assert applied(other, facts)["salary"].item() == 2_100_000
    with pytest.raises(KeyError, match="three"):
        file.at_levels({"three": 5})
