"""Names and words around the explanations of a plan."""

import datetime as dt

import polars as pl

from otdacha.programme.explained import last_pattern
from otdacha.programme.wording import CHANGED, ONLY, UNMET, WHY, said
from tests.unit.programme.tiny import Group, People, tiny


def courses(*rows: tuple[str, int]) -> pl.DataFrame:
    return pl.DataFrame(
        [(provider, dt.date(year, 5, 1)) for provider, year in rows],
        schema={"provider": pl.String, "finished": pl.Date},
        orient="row",
    )


def test_last_years_pattern_counts_the_last_year_on_record_before_the_plan() -> None:
    problem = tiny([People(3)], [Group(0, 1_000), Group(1, 1_000)], [1, 1])  # a plan for 2027
    taught = courses(
        ("provider 0", 2024), ("provider 1", 2025), ("provider 1", 2025), ("gone", 2025)
    )
    pattern = last_pattern(taught, problem)
    assert pattern is not None
    assert pattern.tolist() == [0, 2]
    assert last_pattern(courses(("provider 1", 2027)), problem) is None  # not before the plan
    assert last_pattern(courses(("gone", 2026)), problem) is None  # offers nothing any more


def test_a_code_is_said_in_words_and_an_unknown_one_says_itself() -> None:
    assert said("no_money", UNMET).said("ru").startswith("Деньги дают больше")
    assert said("largest_effect", WHY).said("en") == WHY["largest_effect"].said("en")
    assert "on_time" in said(f"{ONLY}on_time", CHANGED).said("en")
    assert said("from_the_future", WHY).said("en") == "from_the_future"
