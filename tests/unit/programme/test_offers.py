"""Offers as runs of each year, and who may take them."""

import datetime as dt
from fractions import Fraction
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otdacha.language import LANGUAGES
from otdacha.programme.offers import PAIRS, REASONS, RUNS, Runs, admissible, runs_of

OFFERS = {
    "provider": pl.String, "offer": pl.String, "programme": pl.String, "name": pl.String,
    "topic": pl.String, "hours": pl.Float64, "form": pl.String, "price": pl.Float64,
    "started": pl.Date, "finished": pl.Date, "town": pl.String, "minimum_group": pl.Int64,
    "places": pl.Int64, "groups": pl.Int64, "travel": pl.Float64, "yearly": pl.Boolean,
}  # fmt: skip
PROGRAMMES = pl.DataFrame(
    [("p", "P1", "Обращения", "обращения", 36.0, "очная", 9_000.0)],
    schema={
        "provider": pl.String, "programme": pl.String, "name": pl.String, "topic": pl.String,
        "hours": pl.Float64, "form": pl.String, "price": pl.Float64,
    },
    orient="row",
)  # fmt: skip
PROVIDERS = pl.DataFrame(
    [("p", None), ("q", dt.date(2028, 3, 1))],
    schema={"provider": pl.String, "licence_until": pl.Date},
    orient="row",
)
RATES = {2026: Fraction(1, 20), 2027: Fraction(1, 25), 2028: Fraction(1, 25)}


def price_index(first: int, last: int) -> Fraction:
    index = Fraction(1)
    for year in range(first + 1, last + 1):
        index *= 1 + RATES[year]
    return index


def offer(**said: Any) -> dict[str, Any]:
    usual = {
        "provider": "p", "offer": "1", "topic": "закупки", "hours": 24.0, "price": 10_000.0,
        "started": dt.date(2027, 2, 1), "finished": dt.date(2027, 2, 12), "town": "A", "places": 20,
    }  # fmt: skip
    return dict.fromkeys(OFFERS) | usual | said


def runs(*offers: dict[str, Any], years: tuple[int, ...] = (2027, 2028)) -> Runs:
    return runs_of(
        pl.DataFrame(offers, schema=OFFERS),
        PROGRAMMES,
        PROVIDERS,
        years=years,
        price_index=price_index,
        today=dt.date(2026, 11, 26),
        training_hours=16,
    )


def test_a_run_is_its_offer_with_what_is_usual_where_nothing_is_said() -> None:
    found = runs(offer())
    assert found.runs.schema == RUNS
    row = found.runs.row(0, named=True)
    assert (row["run"], row["year"], row["fee"], row["travel"]) == (0, 2027, 1_000_000, 0)
    assert (row["minimum"], row["places"], row["groups"]) == (1, 20, 1)
    assert found.left_out.is_empty()


def test_a_yearly_run_is_held_each_later_year_and_is_dearer() -> None:
    found = runs(
        offer(
            yearly=True, price=9_999.99, travel=100.0,
            started=dt.date(2026, 12, 1), finished=dt.date(2027, 2, 28),
        )
    ).runs  # fmt: skip
    assert found["year"].to_list() == [2027, 2028]
    assert found["started"].to_list() == [dt.date(2027, 12, 1), dt.date(2028, 12, 1)]
    assert found["finished"].to_list() == [dt.date(2028, 2, 28), dt.date(2029, 2, 28)]
    # 999,999 kopecks * 1.04 = 1,039,998.96; * 1.04² = 1,081,598.9184
    assert found["fee"].to_list() == [1_039_999, 1_081_599]
    assert found["travel"].to_list() == [10_400, 10_816]


def test_the_last_of_february_is_found_in_every_year() -> None:
    leap = offer(yearly=True, started=dt.date(2028, 2, 29), finished=dt.date(2028, 2, 29))
    RATES[2029] = Fraction(0)
    try:
        found = runs(leap, years=(2028, 2029)).runs
    finally:
        del RATES[2029]
    assert found["started"].to_list() == [dt.date(2028, 2, 29), dt.date(2029, 2, 28)]


def test_topic_and_hours_are_the_programmes_where_the_offer_has_none() -> None:
    found = runs(offer(programme="P1", topic=None, hours=None)).runs.row(0, named=True)
    assert (found["topic"], found["hours"], found["name"]) == ("обращения", 36.0, "Обращения")
    own = runs(offer(programme="P1", hours=18.0)).runs.row(0, named=True)
    assert (own["topic"], own["hours"]) == ("закупки", 18.0)


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"finished": None}, "no_date"),
        ({"finished": dt.date(2027, 1, 1)}, "ends_before_it_begins"),
        ({"price": None}, "no_price"),
        ({"price": -1.0}, "no_price"),
        ({"places": 0}, "no_places"),
        ({"minimum_group": 21}, "minimum_above_places"),
        ({"provider": "nobody"}, "unknown_provider"),
        ({"topic": None}, "no_topic"),
        ({"hours": None}, "hours_unknown"),
        ({"hours": 15.9}, "too_few_hours"),
        (
            {"started": dt.date(2026, 12, 1), "finished": dt.date(2026, 12, 9)},
            "outside_the_plan",
        ),
        (
            {"started": dt.date(2029, 1, 1), "finished": dt.date(2029, 2, 1), "yearly": True},
            "outside_the_plan",
        ),
    ],
)
def test_an_offer_that_no_plan_may_use_is_left_out_with_its_reason(
    said: dict[str, Any], reason: str
) -> None:
    found = runs(offer(**said), offer(offer="2"))
    assert found.runs["offer"].to_list() == ["2"]
    assert found.left_out["reason"].to_list() == [reason]
    assert found.counted.rows() == [(reason, 1, 1)]


def test_a_run_that_has_begun_or_outlives_the_licence_is_left_out_for_its_year_only() -> None:
    begun = offer(
        yearly=True, offer="begun", started=dt.date(2026, 2, 1), finished=dt.date(2026, 3, 1)
    )
    ends = offer(yearly=True, offer="ends", provider="q", finished=dt.date(2027, 3, 2))
    found = runs(begun, ends, years=(2026, 2027, 2028))
    assert found.runs.select("offer", "year").rows() == [
        ("begun", 2027),
        ("ends", 2027),
        ("begun", 2028),
    ]
    assert found.left_out.select("offer", "year", "reason").rows() == [
        ("begun", 2026, "already_begun"),
        ("ends", 2028, "licence_ends_before"),
    ]


def test_nothing_is_lost() -> None:
    every = [offer(offer=str(at), hours=[None, 8.0, 20.0][at % 3]) for at in range(9)]
    found = runs(*every)
    assert {*found.runs["offer"], *found.left_out["offer"]} == {str(at) for at in range(9)}
    assert found.counted["rows"].sum() + len(found.runs) == 9


def test_a_year_whose_prices_are_not_known_is_an_error() -> None:
    with pytest.raises(KeyError, match="2029"):
        runs(offer(yearly=True), years=(2027, 2029))


def test_every_reason_is_said_in_both_languages() -> None:
    for sentence in REASONS.values():
        assert len({sentence.said(language) for language in LANGUAGES}) == 2


CLASSES = {"class": pl.Int64, "municipality": pl.String, "topic": pl.String, "by": pl.Date}


def people(*rows: tuple[int, str, str | None, dt.date | None]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=CLASSES, orient="row")


def held() -> pl.DataFrame:
    return runs(
        offer(offer="0", town="A", travel=50.0),
        offer(offer="1", town="B", travel=70.0, finished=dt.date(2027, 6, 1)),
        offer(offer="2", town=None, travel=90.0, topic="кадры"),
    ).runs


def test_a_class_takes_runs_of_its_topic_and_pays_for_travel_to_other_towns() -> None:
    pairs = admissible(people((0, "A", "закупки", None), (1, "B", "кадры", None)), held())
    assert pairs.schema == PAIRS
    assert pairs.rows() == [(0, 0, 0), (0, 1, 7_000), (1, 2, 0)]


def test_a_class_without_a_topic_takes_any_run() -> None:
    assert admissible(people((4, "C", None, None)), held()).rows() == [
        (4, 0, 5_000),
        (4, 1, 7_000),
        (4, 2, 0),
    ]


def test_training_ends_not_later_than_it_is_needed() -> None:
    until = people((0, "A", "закупки", dt.date(2027, 2, 12)), (1, "A", None, dt.date(2027, 2, 11)))
    assert admissible(until, held()).select("class", "run").rows() == [(0, 0)]


def test_people_travel_only_to_towns_they_can_reach() -> None:
    near = pl.DataFrame({"municipality": ["C", "C"], "town": ["B", None]})
    found = admissible(people((0, "C", None, None), (1, "A", None, None)), held(), near)
    assert found.rows() == [(0, 1, 7_000), (0, 2, 0), (1, 0, 0), (1, 2, 0)]


@settings(max_examples=30)
@given(
    st.lists(
        st.tuples(
            st.sampled_from("ABC"),
            st.sampled_from(["закупки", "кадры", None]),
            st.sampled_from([None, dt.date(2027, 2, 20)]),
        ),
        max_size=6,
    ),
    st.sets(st.tuples(st.sampled_from("ABC"), st.sampled_from("AB"))) | st.none(),
)
def test_pairs_are_those_that_are_found_one_by_one(
    rows: list[tuple[str, str | None, dt.date | None]], near: set[tuple[str, str]] | None
) -> None:
    classes = people(*((at, *row) for at, row in enumerate(rows)))
    known = held()
    towns = (
        None
        if near is None
        else pl.DataFrame(
            list(near), schema={"municipality": pl.String, "town": pl.String}, orient="row"
        )
    )
    expected = [
        (number, run["run"], 0 if run["town"] in (None, home) else run["travel"])
        for number, home, topic, by in classes.rows()
        for run in known.rows(named=True)
        if topic in (None, run["topic"])
        and (by is None or run["finished"] <= by)
        and (near is None or run["town"] in (None, home) or (home, run["town"]) in near)
    ]
    assert admissible(classes, known, towns).rows() == expected
