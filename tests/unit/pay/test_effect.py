"""What measures bring, by hand: 1 % leave a month, a quarter of that where pay is doubled."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
from decimal import Decimal
from itertools import pairwise

import polars as pl
import pytest

from otdacha.pay.effect import (
    EXITS,
    TRAINING,
    Effect,
    VacancyCost,
    avoided,
    distribution,
    effect,
    expected_exits,
    planned_training,
    sums_of_towns,
    training_value,
)
from otdacha.pay.leaving import CLASSES, TENURE, TOO_FEW, Leaving
from otdacha.pay.leaving.result import TOWNS
from otdacha.pay.tables import DISTRIBUTION, MUNICIPALITIES

KITEZH, BUYAN, QUIET = "28701000", "28702000", "28703000"
MONEY = 5_000_000
"""Kopecks a month: 50,000 rubles, the wage of both towns."""


def leaving(slope: float = -2.0, lower: float = -3.0, upper: float = -1.0) -> Leaving:
    """1 % a month in Kitezh (0.75 to 1.3), 2 % in Buyan (1.6 to 2.5) at the local wage, all of them
    known to a tenth; nothing is known of the third town."""
    return Leaving(
        estimate=slope,
        se=0.5,
        df=10.0,
        lower=lower,
        upper=upper,
        person_months=10_000,
        exits=130,
        municipalities=3,
        without_exits=0,
        excluded={},
        state="estimated",
        first=dt.date(2023, 1, 1),
        last=dt.date(2026, 6, 1),
        towns=pl.DataFrame(
            {
                "municipality": [KITEZH, BUYAN],
                "person_months": [5_000, 4_000],
                "exits": [50, 77],
                "log_hazard": [math.log(0.01), math.log(0.02)],
                "lower": [math.log(0.0075), math.log(0.016)],
                "upper": [math.log(0.013), math.log(0.025)],
            },
            schema=TOWNS,
        ),
        tenure=dict.fromkeys(CLASSES, 0.0),
        level=math.log(1.1),
    )


NOTHING = Leaving(
    *[None] * 5, 0, 0, 0, 0, {}, TOO_FEW, None, None, TOWNS.to_frame()
)  # fmt: skip


def posts(*towns: str) -> pl.DataFrame:
    """One person with one full post in each; 30,000 rubles of salary."""
    count = len(towns)
    return pl.DataFrame(
        {
            "post": range(count),
            "person": [f"person {at}" for at in range(count)],
            "municipality": towns,
            "region": ["Китежская область"] * count,
            "position_group": ["старшая"] * count,
            "sex": ["female", None, "male"][:count],
            "share": [1000] * count,
            "salary": [3_000_000] * count,
            "service_from": pl.Series([None] * count, dtype=pl.Date),
            "started": [dt.date(2020, 1, 1)] * count,
            "main": [True] * count,
        },
    )


def paid(count: int, raised: float, years: tuple[int, ...] = (2027,)) -> pl.DataFrame:
    """50,000 rubles a month in all years, `raised` times as much with the measures."""
    return pl.DataFrame(
        [
            (post, year, 12, 12.0, 12 * MONEY, round(12 * MONEY * raised), raised > 1)
            for post in range(count)
            for year in years
        ],
        schema={
            "post": pl.Int64,
            "year": pl.Int64,
            "months": pl.Int64,
            "full_months": pl.Float64,
            "pay_before": pl.Int64,
            "pay_after": pl.Int64,
            "receives": pl.Boolean,
        },
        orient="row",
    )


WAGES = pl.DataFrame(
    [(town, year, Decimal("50000.00")) for town in (KITEZH, BUYAN, QUIET) for year in (2027, 2028)],
    schema={"municipality": pl.String, "year": pl.Int64, "wage": pl.Decimal(18, 2)},
    orient="row",
)


def test_the_hazard_at_the_local_wage_is_that_of_the_town() -> None:
    rows = pl.DataFrame(
        {
            "municipality": [KITEZH, KITEZH, BUYAN, QUIET, "elsewhere", KITEZH],
            "tenure": pl.Series([CLASSES[0]] * 6, dtype=TENURE),
            "pay": [0.0, math.log(2), 0.0, 0.0, 0.0, -9.0],
        }
    )

    assert leaving().hazard(rows).to_list() == pytest.approx([0.01, 0.0025, 0.02, None, None, 1.0])


def test_exits_of_a_year_are_those_who_do_not_stay_twelve_months() -> None:
    row = expected_exits(leaving(), posts(KITEZH), paid(1, 2.0), WAGES).row(0, named=True)

    assert row["state"] == "estimated"
    assert row["before"] == pytest.approx(1 - 0.99**12)
    assert row["after"] == pytest.approx(1 - 0.9975**12)
    assert row["avoided"] == pytest.approx(0.9975**12 - 0.99**12)
    assert row["slope_low"] == pytest.approx((1 - 0.01 / 8) ** 12 - 0.99**12)
    assert row["slope_high"] == pytest.approx(0.995**12 - 0.99**12)


def test_only_who_is_still_there_can_leave_in_the_second_year() -> None:
    found = expected_exits(leaving(), posts(KITEZH), paid(1, 1.0, (2027, 2028)), WAGES)

    assert found["before"].to_list() == pytest.approx([1 - 0.99**12, 0.99**12 - 0.99**24])
    assert found["avoided"].to_list() == [0.0, 0.0]


def test_half_a_post_at_half_the_money_is_paid_like_a_full_one() -> None:
    half = paid(1, 1.0).with_columns(pl.col("full_months", "pay_before", "pay_after") / 2)
    found = expected_exits(leaving(), posts(KITEZH), half, WAGES)

    assert found["before"].to_list() == pytest.approx([1 - 0.99**12])


def test_somebody_with_two_posts_leaves_once_and_is_paid_as_by_the_main_one() -> None:
    both = posts(KITEZH, KITEZH).with_columns(person=pl.lit("one"), main=pl.Series([False, True]))
    found = expected_exits(leaving(), both, paid(2, 1.0), WAGES)

    assert found["post"].to_list() == [1]


def test_where_the_hazard_is_one_everybody_leaves_in_the_first_month() -> None:
    poor = paid(1, 1.0).with_columns(pl.col("pay_before", "pay_after") // 1000)
    found = expected_exits(leaving(), posts(KITEZH), poor, WAGES).row(0, named=True)

    assert found["before"] == pytest.approx(1.0)
    assert found["avoided"] == pytest.approx(0.0)


def test_without_a_hazard_or_a_wage_the_state_says_why() -> None:
    here = posts(KITEZH, QUIET, "28704000")
    found = expected_exits(leaving(), here, paid(3, 1.1), WAGES)

    assert found.schema == EXITS
    assert found["state"].to_list() == ["estimated", "too few exits", "no wage"]
    assert found["before"].is_null().to_list() == [False, True, True]


def test_where_nothing_was_estimated_no_figure_is_given() -> None:
    found = expected_exits(NOTHING, posts(KITEZH, "28704000"), paid(2, 1.1), WAGES)

    assert found["state"].to_list() == ["too few exits", "no wage"]
    assert found.select("before", "after", "avoided", "slope_low").null_count().row(0) == (2,) * 4


def interval(found: pl.DataFrame) -> tuple[float, float, float]:
    row = avoided(sums_of_towns(found), []).row(0, named=True)
    return row["avoided_lower"], row["avoided"], row["avoided_upper"]


def test_the_interval_adds_up_what_slope_level_and_hazard_leave_open() -> None:
    found = expected_exits(leaving(), posts(KITEZH), paid(1, 1.1), WAGES)
    row = found.row(0, named=True)
    lower, point, upper = interval(found)

    def stay(hazard: float) -> float:
        """More of one person who is paid a tenth more, whose hazard falls by 1.1 squared."""
        return (1 - hazard / 1.21) ** 12 - (1 - hazard) ** 12

    assert (row["hazard_low"], row["hazard_high"]) == pytest.approx((stay(0.0075), stay(0.013)))
    assert (row["level_low"], row["level_high"]) == pytest.approx((stay(0.01 / 1.1), stay(0.011)))
    ends = [("slope_high", "slope_low"), ("level_low", "level_high"), ("hazard_low", "hazard_high")]
    assert point - lower == pytest.approx(math.hypot(*(point - row[low] for low, _ in ends)))
    assert upper - point == pytest.approx(math.hypot(*(row[high] - point for _, high in ends)))


def test_hazards_of_towns_average_out_and_the_slope_does_not() -> None:
    both = posts(KITEZH, BUYAN)
    found = expected_exits(leaving(), both, paid(2, 1.1), WAGES)
    sums = sums_of_towns(found)
    each = avoided(sums, ["municipality"])
    _, point, upper = interval(found)

    assert point == pytest.approx(each["avoided"].sum())
    apart = each.select(pl.col("avoided_upper") - pl.col("avoided")).to_series().sum()
    shared = math.hypot(*(found[name].sum() - point for name in ("slope_low", "level_high")))
    assert shared < upper - point < apart


@pytest.mark.parametrize(("lower", "upper"), [(-3.0, -1.0), (-6.0, -0.01), (-4.0, 0.5)])
def test_the_interval_never_leaves_what_can_be(lower: float, upper: float) -> None:
    slope = (lower + upper) / 2
    known = leaving(slope, lower, upper)
    hardly = known.towns.with_columns(pl.col("lower") - 2, pl.col("upper") + 2)
    found = expected_exits(
        dataclasses.replace(known, towns=hardly), posts(KITEZH), paid(1, 3.0), WAGES
    )
    low, point, high = interval(found)

    assert low <= point <= high <= found["before"].sum()
    assert (low >= 0) == (upper < 0)


def test_a_slope_that_may_be_of_either_sign_gives_an_interval_on_both_sides_of_zero() -> None:
    found = expected_exits(leaving(-1.0, -3.0, 1.0), posts(KITEZH), paid(1, 1.1), WAGES)
    lower, _, upper = interval(found)

    assert lower < 0 < upper


def test_more_pay_avoids_more_exits() -> None:
    points = [
        interval(expected_exits(leaving(), posts(KITEZH), paid(1, raised), WAGES))
        for raised in (1.0, 1.05, 1.1, 1.5, 3.0)
    ]

    for before, after in pairwise(points):
        assert before[1] < after[1]
    assert points[0] == (0.0, 0.0, 0.0)


def test_options_of_towns_are_added_up_by_package() -> None:
    small = sums_of_towns(expected_exits(leaving(), posts(KITEZH), paid(1, 1.05), WAGES))
    large = sums_of_towns(expected_exits(leaving(), posts(KITEZH), paid(1, 1.2), WAGES))
    found = avoided(
        pl.concat([small.with_columns(package=1), large.with_columns(package=2)]), ["package"]
    )

    assert found["package"].to_list() == [1, 2]
    assert found["avoided"][0] == pytest.approx(small["avoided"][0])


COST = VacancyCost(
    months=3.0,
    hiring=1_000_000,
    hiring_salaries=0.5,
    learning_months=4.0,
    learning_loss=0.25,
    contributions=0.3,
)


def whole(training: pl.DataFrame | None = None, raised: float = 2.0) -> Effect:
    return effect(
        leaving(),
        posts(KITEZH, BUYAN, QUIET),
        paid(3, raised),
        WAGES,
        {"Китежская область": COST},
        TRAINING.to_frame() if training is None else training,
        horizon=24,
    )


def test_a_vacancy_costs_the_search_and_the_first_months_of_a_newcomer() -> None:
    cost = pl.select(COST.kopecks(pl.lit(3_000_000), pl.lit(MONEY))).item()

    # 10,000 + half a salary of 30,000 + four months at a quarter of 50,000 with 30 % on top
    assert cost == pytest.approx(100 * (10_000 + 15_000 + 4 * 0.25 * 50_000 * 1.3))


@pytest.mark.parametrize(
    "wrong", [{"months": -1.0}, {"months": 1.0, "learning_loss": 1.5}, {"months": 1, "hiring": -1}]
)
def test_a_vacancy_does_not_bring_money(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="a vacancy costs nothing negative"):
        VacancyCost(**wrong)  # type: ignore[arg-type]


def test_vacancies_spared_are_exits_avoided_times_what_one_costs() -> None:
    found = whole()
    kitezh = found.towns.row(by_predicate=pl.col("municipality") == KITEZH, named=True)
    stays = 0.9975**12 - 0.99**12

    assert kitezh["vacant_months"] == pytest.approx(3 * stays)
    assert kitezh["vacancy_cost"] == Decimal(math.floor(9_000_000 * stays + 0.5)) / 100
    assert kitezh["training_kept"] == Decimal("0.00")
    assert {name: MUNICIPALITIES[name] for name in found.towns.columns} == found.towns.schema


def test_a_town_without_an_estimate_has_a_state_and_no_figures() -> None:
    quiet = whole().towns.row(by_predicate=pl.col("municipality") == QUIET, named=True)

    assert quiet.pop("effect") == "too few exits"
    assert quiet.pop("municipality") == QUIET
    assert set(quiet.values()) == {None}


def test_the_total_is_that_of_the_towns_that_are_estimated() -> None:
    found = whole()

    assert found.total["people"].to_list() == [2]
    assert found.without_pay == 0
    assert found.total["avoided"][0] == pytest.approx(found.towns["avoided"].sum())


def trained(person: str, finished: dt.date, price: str = "24000.00") -> pl.DataFrame:
    return pl.DataFrame([(person, finished, Decimal(price))], schema=TRAINING, orient="row")


def test_training_is_worth_its_price_when_it_ends_and_nothing_after_the_horizon() -> None:
    found = training_value(trained("one", dt.date(2026, 7, 1)), [2026, 2027, 2028], 24)

    assert dict(found.select("year", "kopecks").iter_rows()) == pytest.approx(
        {2026: 2_400_000, 2027: 1_200_000}
    )


def test_planned_training_is_worth_nothing_before_it_ends() -> None:
    found = training_value(trained("one", dt.date(2027, 9, 1)), [2027, 2028], 24)

    assert dict(found.select("year", "kopecks").iter_rows()) == pytest.approx(
        {2028: 2_400_000 * 14 / 24}
    )


def test_training_kept_is_that_of_those_who_stay() -> None:
    found = whole(trained("person 0", dt.date(2026, 7, 1)))
    kept = dict(found.towns.select("municipality", "training_kept").iter_rows())
    stays = 0.9975**12 - 0.99**12

    assert kept[KITEZH] == Decimal(math.floor(1_200_000 * stays + 0.5)) / 100
    assert kept[BUYAN] == Decimal("0.00")


def test_seats_of_a_plan_become_training_of_those_who_are_named() -> None:
    people = pl.DataFrame(
        {
            "year": [2027, 2027],
            "provider": ["7700000000"] * 2,
            "offer": ["a"] * 2,
            "person": ["one", None],
        }
    )
    offers = pl.DataFrame(
        {
            "year": [2027, 2028],
            "provider": ["7700000000"] * 2,
            "offer": ["a"] * 2,
            "finished": [dt.date(2027, 5, 20), dt.date(2028, 5, 20)],
            "fee": [12_345.1, 20_000.0],
        }
    )

    assert planned_training(people, offers).rows() == [
        ("one", dt.date(2027, 5, 20), Decimal("12345.10"))
    ]


def test_who_is_paid_nothing_is_counted_and_in_no_figure() -> None:
    unpaid = paid(2, 1.1).filter(pl.col("post") == 0)
    cost = {"Китежская область": COST}
    found = effect(leaving(), posts(KITEZH, BUYAN), unpaid, WAGES, cost, TRAINING.to_frame(), 24)

    assert found.without_pay == 1
    assert found.towns["municipality"].to_list() == [KITEZH]


def test_a_region_without_the_cost_of_a_vacancy_is_an_error() -> None:
    with pytest.raises(KeyError, match="Китежская область"):
        effect(leaving(), posts(KITEZH), paid(1, 1.1), WAGES, {}, TRAINING.to_frame(), 24)


def test_a_post_without_a_salary_is_an_error() -> None:
    bare = posts(KITEZH).with_columns(salary=pl.lit(None, pl.Int64))
    with pytest.raises(ValueError, match="every post needs a salary"):
        effect(leaving(), bare, paid(1, 1.1), WAGES, {}, TRAINING.to_frame(), 24)


def test_distribution_tells_mean_months_of_full_posts_and_who_receives() -> None:
    pay = paid(3, 1.0).with_columns(
        pay_after=pl.Series([13 * MONEY, 12 * MONEY, 12 * MONEY]),
        receives=pl.Series([True, False, False]),
    )
    found = distribution(posts(KITEZH, BUYAN, KITEZH), pay, 2027, fewest=2)

    assert found.schema == DISTRIBUTION
    by_town = found.filter(by="municipality", value=KITEZH).row(0, named=True)
    assert (by_town["people"], by_town["receive"]) == (2, 1)
    assert by_town["pay_before"] == Decimal("50000.00")
    assert by_town["pay_after"] == Decimal("52083.33")  # 25 months of pay in 24
    assert by_town["gain"] == pytest.approx(1 / 24)


def test_a_mean_of_too_few_people_is_not_told() -> None:
    found = distribution(posts(KITEZH, BUYAN, KITEZH), paid(3, 1.1), 2027, fewest=2)

    buyan = found.filter(by="municipality", value=BUYAN).row(0, named=True)
    assert (buyan["people"], buyan["pay_before"], buyan["gain"]) == (1, None, None)
    assert found.filter(by="sex")["value"].to_list() == ["female", "male", "unknown"]
