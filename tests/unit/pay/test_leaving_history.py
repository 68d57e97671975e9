"""Who is at risk and who leaves, read from posts: each case is one person's posts."""

from __future__ import annotations

import datetime as dt
import math

import polars as pl
import pytest

from otdacha.pay.leaving import PERSON_MONTHS, History, person_months

KITEZH, BUYAN = "28701000", "28702000"
FIRST, LAST = dt.date(2024, 1, 1), dt.date(2024, 12, 1)
EXPORTED = dt.date(2024, 12, 31)
Post = tuple[str, str, dt.date, dt.date | None]


def day(month: int, number: int = 1, year: int = 2024) -> dt.date:
    return dt.date(year, month, number)


def roster(*posts: Post, **columns: list[object]) -> pl.DataFrame:
    """Posts as person, municipality, started, ended; everything else is alike."""
    people, towns, started, ended = zip(*posts, strict=True)
    return pl.DataFrame(
        {
            "post": range(len(posts)),
            "person": people,
            "municipality": towns,
            "position_group": ["старшая"] * len(posts),
            "share": [1000] * len(posts),
            "service_from": pl.Series([None] * len(posts), dtype=pl.Date),
            "started": started,
            "ended": pl.Series(ended, dtype=pl.Date),
            "main": [True] * len(posts),
            **columns,
        }
    )


def paid(posts: pl.DataFrame, kopecks: int = 5_000_000) -> pl.DataFrame:
    """Every post the same in every month of 2024."""
    months = pl.date_range(FIRST, LAST, interval="1mo", eager=True).alias("month").to_frame()
    return posts.select("post").join(months, how="cross").with_columns(kopecks=pl.lit(kopecks))


WAGES = pl.DataFrame(
    {"municipality": [KITEZH, BUYAN], "year": [2024, 2024], "wage": [50_000.0, 40_000.0]}
)


def history(*posts: Post, **columns: list[object]) -> History:
    frame = roster(*posts, **columns)
    return person_months(frame, paid(frame), WAGES, EXPORTED)


def counted(found: History) -> dict[str, int]:
    return dict(found.excluded.select("reason", "rows").iter_rows())


def test_who_leaves_in_june_is_at_risk_on_the_first_of_each_month_until_june() -> None:
    found = history(("anna", KITEZH, day(1, 15, 2023), day(6, 20)))

    months = found.person_months
    assert months.schema == PERSON_MONTHS
    assert months["month"].to_list() == [day(month) for month in range(1, 7)]
    assert months["left"].to_list() == [False] * 5 + [True]
    assert counted(found) == {}


def test_pay_is_the_logarithm_of_pay_over_the_wage_of_the_town_and_year() -> None:
    found = history(("anna", KITEZH, day(1), None), ("boris", BUYAN, day(1), None))

    pay = found.person_months.group_by("municipality").agg(pl.col("pay").unique())
    assert dict(pay.explode("pay").iter_rows()) == pytest.approx({KITEZH: 0, BUYAN: math.log(1.25)})


@pytest.mark.parametrize("town", [KITEZH, BUYAN])
def test_another_post_within_60_days_in_whatever_town_is_no_exit(town: str) -> None:
    sixty_days_later = day(4, 29)
    found = history(("anna", KITEZH, day(1), day(2, 29)), ("anna", town, sixty_days_later, None))

    assert found.person_months["left"].sum() == 0
    assert day(4) not in found.person_months["month"].to_list()  # no post on the first of April


def test_another_post_after_61_days_is_an_exit_and_a_new_beginning() -> None:
    found = history(("anna", KITEZH, day(1), day(2, 29)), ("anna", KITEZH, day(4, 30), None))

    assert found.person_months.filter("left")["month"].to_list() == [day(2)]


def test_a_promotion_is_no_exit_and_tenure_goes_on() -> None:
    found = history(("anna", KITEZH, day(1, 1, 2023), day(3, 31)), ("anna", KITEZH, day(4), None))

    assert found.person_months["left"].sum() == 0
    assert found.person_months["tenure"].unique().to_list() == ["1-2 years"]


def test_of_the_last_60_days_nobody_knows_who_comes_back() -> None:
    found = history(("anna", KITEZH, day(1), day(11, 15)))

    assert found.person_months["month"].max() == day(10)
    assert counted(found) == {"next_60_days_unknown": 1}


def test_an_end_after_the_day_of_the_data_is_no_exit_and_is_counted() -> None:
    found = history(
        ("anna", KITEZH, day(1), day(3, 1, 2025)), ("boris", KITEZH, day(2, 1, 2025), None)
    )

    assert found.person_months["left"].sum() == 0
    assert found.person_months["person"].unique().to_list() == ["anna"]
    assert counted(found) == {
        "begins_after_the_data": 1,
        "ends_after_the_data": 1,
        "next_60_days_unknown": 2,
    }


def test_who_comes_and_leaves_within_a_month_was_never_at_risk_and_is_counted() -> None:
    found = history(("anna", KITEZH, day(3, 4), day(3, 25)))

    assert found.person_months.is_empty()
    assert counted(found) == {"came_and_left_within_a_month": 1}


def test_a_month_without_pay_or_without_a_wage_is_left_out_with_its_reason() -> None:
    frame = roster(("anna", KITEZH, day(1), None), ("boris", "28703000", day(1), None))
    pay = paid(frame).filter(pl.col("month") != day(5))
    found = person_months(frame, pay, WAGES, EXPORTED)

    assert found.person_months["month"].to_list() == [
        day(month) for month in range(1, 11) if month != 5
    ]
    assert counted(found) == {"next_60_days_unknown": 4, "no_pay": 2, "no_wage": 9}


def test_of_two_posts_at_once_the_main_one_says_what_somebody_is_paid() -> None:
    frame = roster(
        ("anna", KITEZH, day(1), None),
        ("anna", BUYAN, day(1), day(3, 31)),
        main=[True, False],
        share=[500, 1000],
    )
    found = person_months(frame, paid(frame), WAGES, EXPORTED)

    assert found.person_months.height == 10
    assert found.person_months["municipality"].unique().to_list() == [KITEZH]
    assert found.person_months["left"].sum() == 0


def test_tenure_counts_from_the_beginning_of_municipal_service_where_it_is_known() -> None:
    found = history(("anna", KITEZH, day(1, 10), None), service_from=[dt.date(2014, 7, 1)])

    by_month = dict(found.person_months.select("month", "tenure").iter_rows())
    assert by_month[day(6)] == "5-9 years"
    assert by_month[day(7)] == "10 years and more"
