"""The same cells from DuckDB, PostgreSQL and Spark, to the last digit."""

from __future__ import annotations

from typing import Any

import ibis
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from otdacha.methodology import Methodology
from otdacha.panel import STATUSES, Panel, Tables, panel_of
from otdacha.panel.engines import working_on
from tests.engines.union import BY_DEPARTMENT, RULES, frames, nothing

FRAMES = ("cells", "exposure", "reach", "excluded", "mergers")


def on(connection: Any, rows: dict[str, pl.DataFrame], rules: Methodology) -> Panel:
    with working_on(connection) as engine:
        tables = Tables(**{name: engine.lend(frame) for name, frame in rows.items()})
        return panel_of(tables, rules)


def same(one: Panel, other: Panel) -> None:
    for name in FRAMES:
        assert_frame_equal(getattr(one, name), getattr(other, name), check_exact=True)


@pytest.fixture(scope="module")
def union() -> dict[str, pl.DataFrame]:
    return frames(600)


@pytest.fixture(scope="module")
def by_duckdb(union: dict[str, pl.DataFrame]) -> Panel:
    return on(ibis.duckdb.connect(), union, BY_DEPARTMENT)


def test_the_union_holds_all_that_a_panel_can_meet(by_duckdb: Panel) -> None:
    cells = by_duckdb.cells
    assert set(cells["status"].unique().cast(pl.String)) == set(STATUSES)
    assert set(cells["indicator"]) == {one.id for one in RULES.indicators}
    assert cells["total_squares"].null_count() > 0
    assert cells["staff"].max() > 1
    assert cells["unit"].str.contains("/s[A-E]/").any()
    assert set(by_duckdb.mergers["of"]) == {"municipalities", "units", "providers"}
    assert by_duckdb.exposure["share"].n_unique() > 1
    assert by_duckdb.excluded["reason"].n_unique() >= 12


@pytest.mark.parametrize("rules", [RULES, BY_DEPARTMENT], ids=["by town", "by department"])
def test_postgres_makes_the_cells_that_duckdb_makes(
    postgres: Any, union: dict[str, pl.DataFrame], rules: Methodology
) -> None:
    same(on(postgres, union, rules), on(ibis.duckdb.connect(), union, rules))


def test_spark_makes_the_cells_that_duckdb_makes(
    spark: Any, union: dict[str, pl.DataFrame], by_duckdb: Panel
) -> None:
    same(on(spark, union, BY_DEPARTMENT), by_duckdb)


def test_of_nothing_each_makes_nothing(spark: Any, postgres: Any) -> None:
    empty = on(ibis.duckdb.connect(), nothing(), RULES)
    assert empty.cells.is_empty()
    same(on(postgres, nothing(), RULES), empty)
    same(on(spark, nothing(), RULES), empty)


def test_a_panel_leaves_nothing_behind_in_the_server(
    postgres: Any, union: dict[str, pl.DataFrame]
) -> None:
    named = "SELECT count(*) FROM pg_class WHERE relname ~ '(kept|lent|memtable)'"
    on(postgres, union, RULES)
    assert postgres.con.execute(named).fetchone() == (0,)
