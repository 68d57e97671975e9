"""The tables of a scenario on the site: of a town nothing that may be one person's pay."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from otdacha.pay.disclosure import public
from otdacha.pay.tables import PRIVATE, TABLES
from otdacha.release.states import State
from otdacha.site.pay.told import MADE, WHOLE
from tests.invented_scenario import BUYAN, KITEZH, PERSON, TRAINED, small_scenario, small_tables

FEWEST = 5


@pytest.fixture
def tables(tmp_path: Path) -> dict[str, pl.DataFrame]:
    """Of the scenario of two towns in which nobody is hidden."""
    return {**public(small_scenario(tmp_path), FEWEST).tables}


def test_every_table_is_told_or_private() -> None:
    made_of_others = {"costs_by_measure", "components_by_town", "fund_of_all"}
    assert {*WHOLE, *MADE, *PRIVATE} - made_of_others == {*TABLES}


def test_no_table_tells_of_a_person(tables: dict[str, pl.DataFrame]) -> None:
    assert set(tables) == {*MADE, *WHOLE}
    for table in tables.values():
        assert PERSON not in str(table.to_dicts())


def test_of_a_town_parts_are_told_that_everybody_is_paid(tables: dict[str, pl.DataFrame]) -> None:
    """Of the allowance of a measure for one person his pay would follow, and of a rise too: with
    the measures only sums are told."""
    of_town = tables["components_by_town"].filter(municipality=KITEZH, year=2027)
    assert {row["component"]: (row["before"], row["after"]) for row in of_town.to_dicts()} == {
        "salary": (Decimal(30_000_000), None),
        "allowances": (Decimal(40_000_000), None),
        "total": (Decimal(70_000_000), Decimal("79000000.25")),
        "contributions": (Decimal(0), Decimal(0)),
        "cost": (Decimal(70_000_000), Decimal("79000000.25")),
    }
    of_all = tables["components"].filter(year=2027, component=TRAINED)
    assert float(of_all["after"][0]) == 1_000_000.0
    assert tables["costs"].columns == ["municipality", "year", "source", "cost"]


def test_of_a_hidden_town_no_sum_is_told(tmp_path: Path) -> None:
    groups = small_tables()["distribution"].with_columns(
        pl.when(pl.col("value") == BUYAN).then(pl.lit(4)).otherwise(pl.col(name)).alias(name)
        for name in ("people", "receive")
    )
    everywhere = small_tables()["levels"].with_columns(municipality=pl.lit(BUYAN))
    changes = {"distribution": groups, "levels": everywhere}
    told = public(small_scenario(tmp_path, changes=changes), FEWEST)
    assert told.towns == {KITEZH, BUYAN}  # two towns: one would follow from the other
    made = told.tables
    for table, column in (
        ("municipalities", "pay_before"),
        ("municipalities", "cost"),
        ("components_by_town", "before"),
        ("fund", "salaries"),
        ("limits", "fund_after"),
        ("levels", "level"),
    ):
        assert made[table][column].is_null().all(), (table, column)
        assert set(made[table]["hidden"]) == {State.SUPPRESSED}, table
    assert made["costs"]["municipality"].is_null().all()
    assert float(made["costs"]["cost"].sum()) == 25_000_000.50
