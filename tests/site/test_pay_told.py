"""The tables of a scenario on the site: of a town nothing that may be one person's pay."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from otdacha.pay.disclosure import public
from otdacha.pay.tables import PRIVATE, TABLES
from otdacha.release.states import State
from otdacha.site.pay.told import MADE, WHOLE, site_tables
from tests.invented_scenario import BUYAN, KITEZH, PERSON, TRAINED, small_scenario, small_tables

FEWEST = 5


@pytest.fixture
def tables(tmp_path: Path) -> dict[str, pl.DataFrame]:
    """Of the scenario of two towns in which nobody is hidden."""
    return site_tables(public(small_scenario(tmp_path), FEWEST))


def test_every_table_is_told_or_private() -> None:
    made_of_others = {"measures_by_year", "components_by_town"}
    assert {*WHOLE, *MADE, *PRIVATE} - made_of_others == {*TABLES}


def test_no_table_tells_of_a_person(tables: dict[str, pl.DataFrame]) -> None:
    assert set(tables) == set(MADE)
    for table in tables.values():
        assert PERSON not in str(table.to_dicts())


def test_of_a_town_what_a_measure_pays_stands_with_the_allowances(
    tables: dict[str, pl.DataFrame],
) -> None:
    """Of the allowance of a measure for one person his pay would follow."""
    of_town = tables["components_by_town"].filter(municipality=KITEZH, year=2027)
    assert dict(of_town.select("component", pl.col("after").cast(pl.Float64)).iter_rows()) == {
        "salary": 38_000_000.25,
        "allowances": 41_000_000.0,
        "total": 79_000_000.25,
        "contributions": 0.0,
        "cost": 79_000_000.25,
    }
    of_all = tables["components"].filter(year=2027, component=TRAINED)
    assert float(of_all["after"][0]) == 1_000_000.0
    assert tables["costs"].columns == ["municipality", "year", "source", "cost"]


def test_parts_of_the_fund_that_only_some_are_paid_stand_together(tmp_path: Path) -> None:
    fund = small_tables()["fund"].head(1)
    some = pl.concat(
        fund.with_columns(component=pl.lit(name), norm=norm)
        for name, norm in (("special", 12.0), ("rank", 4.0), ("secrecy", None))
    )
    made = site_tables(public(small_scenario(tmp_path, changes={"fund": some}), FEWEST))
    assert made["fund"].select("component", "salaries", "norm").rows() == [
        ("special", 12.5, 12.0),
        ("others", 25.0, None),  # of secrecy the law says nothing: nor of both together
    ]


def test_of_a_hidden_town_no_sum_is_told(tmp_path: Path) -> None:
    groups = small_tables()["distribution"].with_columns(
        pl.when(pl.col("value") == BUYAN).then(pl.lit(4)).otherwise(pl.col(name)).alias(name)
        for name in ("people", "receive")
    )
    everywhere = small_tables()["levels"].with_columns(municipality=pl.lit(BUYAN))
    changes = {"distribution": groups, "levels": everywhere}
    told = public(small_scenario(tmp_path, changes=changes), FEWEST)
    assert told.towns == {KITEZH, BUYAN}  # two towns: one would follow from the other
    made = site_tables(told)
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
