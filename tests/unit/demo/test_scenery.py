import datetime as dt
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from otdacha.demo.scenery import (
    calendar,
    cities,
    courses,
    month_number,
    month_start,
    organisations,
    services,
    wording,
)

RUSSIA = Path(__file__).parents[3] / ".." / "shared" / "data" / "russia"
needs_the_register = pytest.mark.skipif(
    not RUSSIA.exists(), reason="the register of cities (../shared/data/russia) is not here"
)


def test_there_are_26_cities_of_two_macroregions_and_six_logs_name_no_executor():
    assert len({city.municipality for city in cities()}) == 26
    assert {city.macroregion for city in cities()} == {"Центр", "Северо-Запад"}
    assert sum(city.case_log_names == "department" for city in cities()) == 6


@needs_the_register
def test_the_cities_are_those_of_the_list_of_cities():
    known = pl.read_csv(RUSSIA / "cities.csv", infer_schema=False)
    codes = dict(
        zip(known["oktmo"].str.slice(0, 8), known.select("city", "population").rows(), strict=True)
    )
    for city in cities():
        assert codes[city.municipality] == (city.name, str(city.population))


@needs_the_register
def test_the_cities_are_municipalities_in_force():
    known = pl.read_excel(RUSSIA / "municipalities.xlsx").filter(pl.col("year_to") == 9999)
    names = dict(
        zip(
            known["oktmo"].str.replace_all("-", "").str.slice(0, 8),
            known.select("municipal_district_name", "region_name").rows(),
            strict=True,
        )
    )
    for city in cities():
        assert names[city.municipality] == (city.full_name, city.region)


def test_organisations_are_distinct_and_say_that_they_are_invented():
    assert len({each.name for each in organisations()}) == len(organisations()) == 40
    assert "вымышленная" in wording("note")


def test_more_than_half_of_the_organisations_change_nothing():
    none = sum(each.truth == "none" for each in organisations())
    assert 0.55 <= none / len(organisations()) <= 0.60


def test_courses_are_at_least_as_long_as_the_law_asks():
    assert min(course.hours for course in courses()) >= 16


def test_services_share_out_all_the_people():
    assert sum(service.share for service in services()) == pytest.approx(1)


def test_the_calendar_counts_the_working_days_of_2024():
    in_2024 = (calendar().days >= np.datetime64("2024-01-01")) & (
        calendar().days < np.datetime64("2025-01-01")
    )
    assert in_2024.sum() == 248


def test_the_third_working_day_after_a_friday_before_victory_day():
    # 6, 7 and 8 May 2024 are worked, 9-12 May are not: the fourth is Monday the 13th
    assert calendar().next_from(dt.date(2024, 5, 3), 3) == dt.date(2024, 5, 8)
    assert calendar().next_from(dt.date(2024, 5, 3), 4) == dt.date(2024, 5, 13)


def test_months_are_counted_from_the_first_month_of_cases():
    assert month_start(0) == dt.date(2022, 1, 1)
    assert month_start(-1) == dt.date(2021, 12, 1)
    assert month_number(dt.date(2023, 2, 28)) == 13
