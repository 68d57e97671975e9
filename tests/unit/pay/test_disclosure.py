"""What of a scenario anybody may have: no figure of a few people, and none that tells of them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otdacha.pay.disclosure import Told, hidden_groups, public
from otdacha.pay.tables import DISTRIBUTION
from tests.invented_scenario import BUYAN, KITEZH, small_scenario, small_tables


def told(tmp_path: Path, people: Mapping[str, int] | None = None, minimum: int = 5) -> Told:
    """The scenario in which groups have other counts of people, all of whom receive something."""
    table = small_tables()["distribution"]
    for value, count in (people or {}).items():
        there = pl.col("value") == value
        table = table.with_columns(
            pl.when(there).then(count).otherwise(name).alias(name) for name in ("people", "receive")
        )
    return public(small_scenario(tmp_path, changes={"distribution": table}), minimum)


def hidden(found: Told, by: str) -> set[str]:
    table = found.tables["distribution"].filter(by=by, hidden="suppressed")
    return set(table["value"])


def test_a_small_group_is_hidden_with_another_so_that_it_does_not_follow(tmp_path: Path) -> None:
    """3 of the highest group are 140 less 60 and 77: one of the others goes too."""
    found = told(tmp_path)
    assert hidden(found, "position_group") == {"высшая", "ведущая"}
    assert hidden(found, "sex") == hidden(found, "municipality") == set()
    row = found.tables["distribution"].filter(value="ведущая").row(0, named=True)
    assert [row[name] for name in ("people", "receive", "pay_before", "pay_after", "gain")] == [
        None
    ] * 5


def test_one_of_two_sexes_that_is_few_hides_both(tmp_path: Path) -> None:
    assert hidden(told(tmp_path, {"male": 4}), "sex") == {"female", "male"}


def test_a_group_in_which_few_receive_something_is_hidden_too(tmp_path: Path) -> None:
    """What two people receive is the mean's rise times the people of the group."""
    table = small_tables()["distribution"].with_columns(
        receive=pl.when(pl.col("value") == "male").then(2).otherwise("receive")
    )
    found = public(small_scenario(tmp_path, changes={"distribution": table}), 5)
    assert hidden(found, "sex") == {"female", "male"}


def test_a_small_town_is_hidden_with_another_and_its_costs_stand_with_theirs(
    tmp_path: Path,
) -> None:
    found = told(tmp_path, {BUYAN: 4})
    assert found.towns == {KITEZH, BUYAN}
    towns = found.tables["municipalities"]
    assert towns["pay_before"].null_count() == towns["cost"].null_count() == 2
    assert towns["wage"].null_count() == 0  # Rosstat publishes it
    assert found.tables["limits"]["fund_after"].null_count() == 4
    costs = found.tables["costs"]
    assert costs["municipality"].null_count() == costs.height
    assert costs["cost"].sum() == Decimal("25000000.50")


def test_of_so_few_people_that_all_together_are_few_nothing_is_told(tmp_path: Path) -> None:
    few = {KITEZH: 3, BUYAN: 1, "ведущая": 4, "старшая": 0, "высшая": 0, "female": 4, "male": 0}
    found = told(tmp_path, few)
    assert found.figures["people"] is None
    assert set(found.tables["distribution"]["hidden"]) == {"suppressed"}
    assert found.towns == {KITEZH, BUYAN}


def test_people_are_in_no_table_that_is_told(tmp_path: Path) -> None:
    assert "people" not in told(tmp_path).tables


def test_of_a_hidden_town_no_package_tells_the_level(tmp_path: Path) -> None:
    """Two packages that differ in it differ by what it costs there; a level that all have stays."""
    levels = small_tables()["levels"]
    here = levels.filter(package=3).with_columns(municipality=pl.lit(BUYAN))
    few = small_tables()["distribution"].with_columns(
        pl.when(pl.col("value") == BUYAN).then(4).otherwise(name).alias(name)
        for name in ("people", "receive")
    )
    changes = {"levels": pl.concat([levels, here]), "distribution": few}
    found = public(small_scenario(tmp_path, changes=changes), 5).tables["levels"]
    hidden = found.filter(municipality=BUYAN)
    assert hidden.select("hidden", "level", "amount_ru", "amount_en").unique().rows() == [
        ("suppressed", None, None, None)
    ]
    shared = found.filter(pl.col("municipality").is_null())
    assert set(shared["hidden"]) == {"published"}
    assert shared["level"].to_list() == levels["level"].to_list()


def rivals_of(found: Told) -> dict[str, tuple[object, ...]]:
    names = ("hidden", "cost", "municipalities", "avoided", "ahead", "certain", "same")
    return {row["rule"]: tuple(row[name] for name in names)
            for row in found.tables["rivals"].iter_rows(named=True)}  # fmt: skip


def test_ways_to_spend_as_much_are_told_in_sums_of_all_towns(tmp_path: Path) -> None:
    found = rivals_of(told(tmp_path))
    assert found["alphabetical"] == (
        "published", Decimal("18500000.00"), 1, 3.5, 2.0, True, False,
    )  # fmt: skip
    assert {row[0] for row in found.values()} == {"published"}
    assert "people" not in told(tmp_path).tables["rivals"].columns


@pytest.mark.parametrize("people", [4, 136])
def test_a_way_that_reaches_few_people_or_leaves_out_few_is_hidden(
    tmp_path: Path, people: int
) -> None:
    """Four of 140: its cost, less that of no measure or of one for all, would be theirs."""
    table = small_tables()["rivals"].with_columns(
        people=pl.when(pl.col("rule") == "alphabetical").then(people).otherwise("people")
    )
    found = rivals_of(public(small_scenario(tmp_path, changes={"rivals": table}), 5))
    assert found["alphabetical"] == ("suppressed", *[None] * 6)
    assert {rule for rule, row in found.items() if row[0] == "suppressed"} == {"alphabetical"}


def test_how_many_receive_a_measure_is_not_told_where_they_are_few(tmp_path: Path) -> None:
    table = small_tables()["measures"].with_columns(people=pl.lit(4, pl.Int64))
    found = public(small_scenario(tmp_path, changes={"measures": table}), 5)
    assert found.tables["measures"]["people"].null_count() == 2
    assert found.tables["measures"]["cost"].null_count() == 0


def test_without_a_minimum_everything_is_told(tmp_path: Path) -> None:
    found = told(tmp_path, {"male": 1, BUYAN: 1}, minimum=1)
    assert set(found.tables["distribution"]["hidden"]) == {"published"}
    assert found.towns == frozenset()


@settings(max_examples=150, deadline=None)
@given(counts=st.lists(st.integers(0, 12), min_size=1, max_size=6), minimum=st.integers(2, 6))
def test_hidden_groups_together_are_never_a_small_group(counts: list[int], minimum: int) -> None:
    """Whoever knows the sum of all knows the sum of those hidden, and no more."""
    table = pl.DataFrame(
        [("sex", str(at), count, count, None, None, None) for at, count in enumerate(counts)],
        schema=DISTRIBUTION,
        orient="row",
    )
    found = hidden_groups(table, "sex", minimum)
    small = {str(at) for at, count in enumerate(counts) if 0 < count < minimum}
    if found is None:
        assert sum(counts) < 2 * minimum + len(counts)
        return
    assert small <= found
    assert all(counts[int(value)] for value in found)
    if found:
        assert len(found) > 1
        assert sum(counts[int(value)] for value in found) >= minimum


@pytest.mark.parametrize("minimum", [5, 10])
def test_what_is_hidden_grows_with_the_minimum(tmp_path: Path, minimum: int) -> None:
    small, large = (hidden(told(tmp_path / str(m), minimum=m), "position_group")
                    for m in (2, minimum))  # fmt: skip
    assert small <= large
