"""Who nobody is costs nothing; measures come in words and in order."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from otdacha.language import LANGUAGES
from otdacha.pay.measures import (
    Facts,
    amount_in_words,
    measure_rows,
    people_reached,
    who_in_words,
)
from otdacha.pay.tables import MEASURES
from otdacha.programme.parameters.entries import SOURCES
from tests.unit.pay.measures_at_hand import applied, file_of, measure, paid, roster


@settings(max_examples=20, deadline=None)
@given(
    level=st.integers(1, 100),
    born=st.lists(st.integers(1960, 1990), min_size=1, max_size=5),
)
def test_a_measure_that_reaches_nobody_costs_nothing(level: int, born: list[int]) -> None:
    posts = roster(*({"born": year} for year in born))
    who = "who = { ages = [18, 30] }"
    raised = file_of(measure("raise_salary", f"level = {level}", who))
    rent = file_of(measure("rent", f"level = {level}", who))

    assert people_reached(raised, Facts(posts)) == {"this": 0}
    assert applied(raised, Facts(posts))["salary"].to_list() == posts["salary"].to_list()
    assert paid(rent, Facts(posts)) == [0] * posts.height


def test_measures_stand_in_the_table_in_the_order_in_which_they_take_effect() -> None:
    file = file_of(
        measure("wage_floor", "level = 60", key="floor"),
        measure("training_allowance", "level = 3_000", "months = 12", 'release = "2026.1"',
                key="trained"),
        measure("raise_salary", "level = 7.5", key="raised"),
    )  # fmt: skip
    people = {"floor": 1, "trained": 2, "raised": 3}
    costs = {"floor": 100, "trained": 250, "raised": -1}
    found = measure_rows(file.measures, people, costs)

    assert found.schema == MEASURES
    assert found.select("number", "measure", "people", "cost", "release").rows() == [
        (1, "raised", 3, Decimal("-0.01"), None),
        (2, "trained", 2, Decimal("2.50"), "2026.1"),
        (3, "floor", 1, Decimal("1.00"), None),
    ]
    assert found["valid_from"].unique().to_list() == [dt.date(2027, 1, 1)]
    assert found.select(SOURCES).row(0) == (0.0, 0.0, 1.0, 0.0)


def test_measures_are_said_in_words() -> None:
    who = 'who = { municipalities = ["kitezh"], groups = ["младшая"], ages = [18, 35] }'
    file = file_of(
        measure("raise_salary", "level = 7.5", who, key="one"),
        measure("training_allowance", "level = 3_000.50", "months = 12", 'release = "2026.1"',
                key="two"),
        measure("index", 'to = "prices"', key="three"),
    )  # fmt: skip
    one, two, three = file.measures.measures

    assert who_in_words(one, {"kitezh": "Китеж"}).said("en") == (
        "municipalities: Китеж; position groups: младшая; aged 18 to 35"
    )
    assert amount_in_words(one).said("en") == "salary + 7.5%"
    assert who_in_words(two).said("en") == "finished training that showed effect (release 2026.1)"
    assert amount_in_words(two).said("en") == "₽3,000.50 a month, 12 months after the training"
    assert who_in_words(three).said("en") == "all municipal servants"
    assert who_in_words(one, {"kitezh": "Китеж"}).said("ru") == (
        "муниципалитеты: Китеж; группы должностей: младшая; возраст от 18 до 35 лет"
    )
    assert spaced(amount_in_words(one).said("ru")) == "оклад + 7,5 %"
    assert spaced(amount_in_words(two).said("ru")) == (
        "3 000,50 ₽ в месяц, 12 месяцев после обучения"
    )


def spaced(said: str) -> str:
    """With usual spaces for those that do not break."""
    return said.replace("\N{NO-BREAK SPACE}", " ")


def test_every_kind_can_be_said_in_both_languages() -> None:
    kinds = [
        measure("raise_salary", "level = 5", key="a"),
        measure("index", "level = 5", key="b"),
        measure("index", 'to = "wages"', key="c"),
        measure("class_rank", "level = 5", key="d"),
        measure("class_rank", 'amounts = { "советник" = 5 }', key="e"),
        measure("training_allowance", 'unit = "percent"', "level = 5", "months = 1",
                'release = "2026.1"', key="f"),
        measure("scarce_allowance", "level = 5", "who = { tenure = [0, 3] }", key="g"),
        measure("young_payment", "level = 5", "max_age = 30", "within_months = 2", key="h"),
        measure("rent", "level = 5", "months = 3", "who = { scarce = true }", key="i"),
        measure("rent", "level = 5", "who = { scarce = true }", key="j"),
        measure("wage_floor", "level = 60", 'who = { units = ["Архив"] }', key="k"),
    ]  # fmt: skip
    for one in file_of(*kinds).measures.measures:
        words = [
            say(one).said(language)
            for say in (who_in_words, amount_in_words)
            for language in LANGUAGES
        ]
        assert len(set(words)) == 4, "each is said, and in each language otherwise"


def test_a_level_is_said_to_the_hundredth_that_is_paid() -> None:
    (one,) = file_of(measure("raise_salary", "level = 12.25")).measures.measures
    assert amount_in_words(one).said("en") == "salary + 12.25%"
