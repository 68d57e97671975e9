"""What of a scenario is told: no mean pay of a few people, nor anything that it follows from."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from otdacha.errors import PayProblem
from otdacha.pay.disclosure import EXACT, PROTECTED, Group, hidden_groups, public
from otdacha.pay.tables import PRIVATE, TABLES
from otdacha.release.states import State
from tests.invented_scenario import BUYAN, KITEZH, PERSON, small_scenario, small_tables

FEWEST = 5


def groups(**people: int) -> dict[str, Group]:
    return {name: Group(count, count) for name, count in people.items()}


def test_a_group_of_a_few_is_hidden_and_another_beside_it() -> None:
    assert hidden_groups(groups(top=3, chief=60, junior=77), FEWEST) == {"top", "chief"}
    assert hidden_groups(groups(chief=60, junior=77, top=3), FEWEST) == {"top", "chief"}
    assert not hidden_groups(groups(chief=60, junior=77), FEWEST)


def test_what_is_hidden_together_is_so_many_that_any_part_could_be_large_enough() -> None:
    """One, two and two are five together, but none of them could be five."""
    assert hidden_groups(groups(a=1, b=2, c=2, d=60), FEWEST) == {"a", "b", "c", "d"}
    assert hidden_groups(groups(a=3, b=3, c=60, d=50), FEWEST) == {"a", "b"}


def test_a_group_in_which_a_few_receive_is_hidden() -> None:
    """What three people receive is a known part of what they earn."""
    told = {"chief": Group(60, 3), "senior": Group(50, 0), "junior": Group(40, 20)}
    assert hidden_groups(told, FEWEST) == {"chief", "senior", "junior"}
    assert hidden_groups({**told, "chief": Group(60, 0)}, FEWEST) == frozenset()


def test_nobody_at_all_is_no_small_group() -> None:
    assert not hidden_groups({"chief": Group(0, 0), "junior": Group(40, 0)}, FEWEST)


def test_the_highest_positions_are_hidden_with_the_next_and_the_rest_is_told(
    tmp_path: Path,
) -> None:
    told = public(small_scenario(tmp_path), FEWEST)
    assert told.hidden == frozenset()
    hidden = told.tables["distribution"].filter(told=State.SUPPRESSED)
    assert set(hidden["value"]) == {"высшая", "ведущая"}
    for column in ("people", "receive", "pay_before", "pay_after", "gain"):
        assert hidden[column].is_null().all()
    shown = told.tables["distribution"].filter(told=State.PUBLISHED)
    assert shown["pay_before"].null_count() == 0


def test_of_a_hidden_town_no_sum_is_told_that_makes_a_mean(tmp_path: Path) -> None:
    few = pl.col("municipality") == BUYAN
    towns = small_tables()["municipalities"].with_columns(
        people=pl.when(few).then(pl.lit(4)).otherwise(pl.col("people"))
    )
    told = public(small_scenario(tmp_path, changes={"municipalities": towns}), FEWEST)
    assert told.hidden == {KITEZH, BUYAN}  # two towns: one would follow from the other
    for table, column in (
        ("municipalities", "pay_before"),
        ("municipalities", "cost"),
        ("costs", "cost"),
        ("components", "before"),
        ("fund", "salaries"),
        ("limits", "fund_after"),
    ):
        assert told.tables[table][column].is_null().all(), (table, column)
    kept = told.tables["municipalities"].row(0, named=True)
    assert (kept["name"], kept["wage"]) == ("Китеж", small_tables()["municipalities"]["wage"][0])
    assert told.tables["limits"]["state"].to_list() == small_tables()["limits"]["state"].to_list()


def test_a_measure_that_a_few_receive_does_not_say_how_many(tmp_path: Path) -> None:
    measures = small_tables()["measures"].with_columns(
        people=pl.when(pl.col("number") == 2).then(pl.lit(2)).otherwise(pl.col("people"))
    )
    told = public(small_scenario(tmp_path, changes={"measures": measures}), FEWEST)
    assert told.tables["measures"].select("people", "told").rows() == [
        (140, State.PUBLISHED),
        (None, State.SUPPRESSED),
    ]


def test_of_a_few_people_nothing_is_told(tmp_path: Path) -> None:
    with pytest.raises(PayProblem, match="about 140 people"):
        public(small_scenario(tmp_path), 141)


def test_every_table_is_told_or_private_and_none_tells_of_people(tmp_path: Path) -> None:
    assert {*EXACT, *PROTECTED, *PRIVATE} == {*TABLES}
    for table in public(small_scenario(tmp_path), FEWEST).tables.values():
        assert PERSON not in str(table.to_dicts())
