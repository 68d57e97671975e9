"""What each source pays adds up to the kopeck, and what is lacking is said where it is lacking."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import numpy as np
import polars as pl
import pytest

from otdacha.errors import PayProblem
from otdacha.pay.packages.limits import NO_LIMIT
from otdacha.pay.packages.money import Sums, apportioned, asked_of, costs, money, sums

KITEZH, BUYAN = "28701000", "28702000"
TOWNS, YEARS = (KITEZH, BUYAN), (2027, 2028)
PARTS = {"salary": {"federal": 0.7, "municipal": 0.3}, "rent": {"regional": 1.0}}


def paid(*rows: tuple[str, int, str, int]) -> pl.DataFrame:
    schema = {
        "municipality": pl.String, "year": pl.Int64, "measure": pl.String, "kopecks": pl.Int64,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row").with_columns(people=pl.lit(9, pl.Int64))


def purses(*rows: tuple[str, int, float]) -> pl.DataFrame:
    schema = {"source": pl.String, "year": pl.Int64, "amount": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def budgets(*rows: tuple[str, int, float | None]) -> pl.DataFrame:
    schema = {"municipality": pl.String, "year": pl.Int64, "available": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def given(*rows: tuple[str, int, float], own: Sequence[tuple[str, int, float | None]] = ()) -> Sums:
    return sums(purses(*rows), budgets(*own), TOWNS, YEARS)


def test_parts_of_a_cost_add_up_to_the_kopeck() -> None:
    cut = apportioned(np.array([1, 2, 3, 101, 10**12 + 1]), PARTS["salary"])

    assert cut[:, [0, 2]].tolist() == [
        [1, 0],
        [1, 1],
        [2, 1],
        [71, 30],
        [700_000_000_001, 300_000_000_000],
    ]
    assert cut.sum(axis=1).tolist() == [1, 2, 3, 101, 10**12 + 1]


@pytest.mark.parametrize(
    "parts",
    [{"federal": 0.7}, {"federal": 0.7, "municipal": 0.4}, {"federal": 1.2, "municipal": -0.2}],
)
def test_parts_that_are_not_together_the_whole_are_refused(parts: dict[str, float]) -> None:
    with pytest.raises(PayProblem, match="not together the whole"):
        apportioned(np.array([100]), parts)


def test_a_source_that_does_not_exist_is_named_with_those_that_do() -> None:
    with pytest.raises(PayProblem, match=r"“lottery” is no source of money\. There are: federal,"):
        apportioned(np.array([100]), {"lottery": 1.0})


def test_costs_are_told_by_town_year_measure_and_source() -> None:
    found = costs(paid((KITEZH, 2027, "salary", 101), (BUYAN, 2028, "rent", 50)), PARTS, YEARS)

    assert found.rows() == [
        (KITEZH, 2027, "salary", "federal", Decimal("0.71"), 9),
        (KITEZH, 2027, "salary", "municipal", Decimal("0.30"), 9),
        (BUYAN, 2028, "rent", "regional", Decimal("0.50"), 9),
    ]


def test_without_measures_nothing_costs_anything() -> None:
    assert costs(paid(), PARTS, YEARS).is_empty()


def test_a_year_beyond_the_budget_years_is_a_fault() -> None:
    with pytest.raises(PayProblem, match=r"2029 is not a budget year .*\(2027, 2028\)"):
        costs(paid((KITEZH, 2029, "rent", 1)), PARTS, YEARS)
    with pytest.raises(PayProblem, match="2026 is not a budget year"):
        given(("federal", 2026, 1.0))
    with pytest.raises(PayProblem, match="2027 is not a budget year"):
        money(costs(paid((KITEZH, 2027, "rent", 1)), PARTS, YEARS), given(), TOWNS, [2028])


def test_a_source_that_has_sums_for_some_years_must_have_them_for_all() -> None:
    with pytest.raises(PayProblem, match="2028: the source “federal” has sums for other years"):
        given(("federal", 2027, 1.0))


def test_a_sum_that_is_given_twice_is_a_fault() -> None:
    with pytest.raises(PayProblem, match="2027: the sum of the source “federal” is given twice"):
        given(("federal", 2027, 1.0), ("federal", 2027, 2.0), ("federal", 2028, 2.0))


def test_what_nobody_limited_has_no_limit() -> None:
    found = given(("federal", 2027, 1.5), ("federal", 2028, 0.0), own=[(BUYAN, 2028, 3.0)])

    assert found.amount.tolist() == [[150, *[NO_LIMIT] * 3], [0, *[NO_LIMIT] * 3]]
    assert found.local.tolist() == [[NO_LIMIT, NO_LIMIT], [NO_LIMIT, 300]]


COSTS = costs(paid((KITEZH, 2027, "salary", 10_000), (BUYAN, 2027, "salary", 10_000)), PARTS, YEARS)
"""140 rubles of the federal budget and 30 of each town's own, in 2027."""


def test_what_is_lacking_of_a_sum_is_said_and_nothing_of_what_has_none() -> None:
    found = money(COSTS, given(("federal", 2027, 100.0), ("federal", 2028, 5.0)), TOWNS, YEARS)

    assert found.rows() == [
        (2027, "federal", Decimal("140.00"), Decimal("100.00"), Decimal("40.00")),
        (2027, "municipal", Decimal("60.00"), None, None),
        (2028, "federal", Decimal("0.00"), Decimal("5.00"), Decimal("0.00")),
    ]
    assert asked_of(found) == {2027: Decimal("140.00"), 2028: Decimal("0.00")}


def municipal(own: Sequence[tuple[str, int, float | None]], *purse: float) -> tuple[object, ...]:
    rows = [("municipal", year, amount) for amount in purse for year in YEARS]
    found = money(COSTS, given(*rows, own=own), TOWNS, YEARS)
    return found.filter(source="municipal", year=2027).select("available", "lacking").row(0)


def test_no_town_can_spend_what_another_has_left() -> None:
    assert municipal([(KITEZH, 2027, 100.0), (BUYAN, 2027, 10.0)]) == (Decimal(110), Decimal(20))


def test_of_towns_that_do_not_say_what_they_have_nothing_is_said_in_sum() -> None:
    assert municipal([(KITEZH, 2027, 100.0), (BUYAN, 2027, None)]) == (None, None)


def test_a_sum_for_the_towns_together_holds_beside_what_each_has() -> None:
    own = [(KITEZH, 2027, 100.0), (BUYAN, 2027, 10.0)]

    assert municipal(own, 25.0) == (Decimal(25), Decimal(35))
    assert municipal(own, 500.0) == (Decimal(110), Decimal(20))
    assert municipal([], 25.0) == (Decimal(25), Decimal(35))
