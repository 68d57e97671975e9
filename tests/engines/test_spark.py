"""How Spark is asked to join: what is small goes to the case log, never the log to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import ibis.expr.types as ir
import pytest

from otdacha.panel.engines import working_on
from otdacha.panel.engines.opened import spark_defaults
from otdacha.panel.engines.spark import SENT_WHOLE

THRESHOLD = "spark.sql.autoBroadcastJoinThreshold"


@pytest.fixture
def log(spark: Any) -> Iterator[ir.Table]:
    """Numbers, in a session that by itself takes no table for a small one."""
    session = spark._session
    session.conf.set(THRESHOLD, "-1")
    session.range(SENT_WHOLE + 1).createOrReplaceTempView("numbers")
    yield spark.table("numbers")
    session.catalog.dropTempView("numbers")
    session.conf.unset(THRESHOLD)


def joined(spark: Any, log: ir.Table, kept: ir.Table) -> str:
    """How Spark plans to join them."""
    said = spark.compile(log.left_join(kept, "id"))
    return str(spark._session.sql(said)._jdf.queryExecution().executedPlan().toString())


def test_what_is_kept_and_small_is_sent_to_the_log(spark: Any, log: ir.Table) -> None:
    with working_on(spark) as engine:
        plan = joined(spark, log, engine.keep(log.filter(log.id < 10)))
    assert "BroadcastHashJoin" in plan
    assert "SortMergeJoin" not in plan


def test_what_is_kept_and_large_is_sent_to_nobody_whole(spark: Any, log: ir.Table) -> None:
    with working_on(spark) as engine:
        plan = joined(spark, log, engine.keep(log))
    assert "BroadcastHashJoin" not in plan


def test_a_cluster_keeps_its_own_number_of_partitions() -> None:
    partitions = "spark.sql.shuffle.partitions"
    assert int(spark_defaults("local[*]")[partitions]) < 200
    assert partitions in spark_defaults("local[*]")
    assert partitions not in spark_defaults("spark://head:7077")
