"""A case log of millions of rows → cells on Spark in local mode, against hand-written Spark SQL.

    python benchmarks/bench_spark.py [cases]        (default 10,000,000)

The file, the staff and the SQL are those of `bench_cells.py`, in Spark's words; the cells must be
equal. Both run in one session, one after the other, on all processors. Wants Java 17.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ibis
import polars as pl
from bench_cells import (
    BY_HAND,
    CASE_LOG,
    FIRST,
    LAST,
    assert_the_same,
    municipalities,
    rival,
    staff,
    training,
)
from pyspark.sql import SparkSession

from otdacha.methodology import default_methodology
from otdacha.panel import Tables, panel_of
from otdacha.panel.assemble import engine_of
from otdacha.panel.calendar import calendar
from otdacha.panel.counted import count_cases
from otdacha.panel.engines import working_on
from otdacha.panel.registers import read_registers
from otdacha.records.tables import TABLES

IN_SPARK = (
    BY_HAND.replace("FROM '{file}' AS cases", "FROM cases")
    .replace("FROM '{file}' GROUP BY ALL", "FROM cases GROUP BY municipality")
    .replace('b."before"', "b.before")
    .replace("(worked - 12) ** 2", "(worked - 12) * (worked - 12)")
)


def session() -> SparkSession:
    builder = SparkSession.builder.master("local[*]").appName("bench")
    settings = {
        "spark.driver.memory": "3g",
        "spark.driver.host": "localhost",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.session.timeZone": "UTC",
        "spark.driver.maxResultSize": "2g",
    }
    for key, value in settings.items():
        builder = builder.config(key, value)
    made = builder.getOrCreate()
    made.sparkContext.setLogLevel("ERROR")
    return made


def timed(name: str, work: Callable[[], Any]) -> tuple[Any, float]:
    """The result and the seconds by the clock; the better of two."""
    seconds = []
    for _ in range(2):
        clock = time.perf_counter()
        result = work()
        seconds.append(time.perf_counter() - clock)
    print(f"{name:<12}{min(seconds):8.2f} s", flush=True)
    return result, min(seconds)


def main(cases: int) -> None:
    rules = default_methodology()
    with tempfile.TemporaryDirectory() as folder:
        file = str(Path(folder) / "cases.parquet")
        rival(folder).execute(CASE_LOG.format(cases=cases, file=file))
        print(f"{cases:,} cases, {Path(file).stat().st_size / 2**20:,.0f} MiB of Parquet")
        spark = session()
        spark.read.parquet(f"file:{file}").createOrReplaceTempView("cases")
        connection = ibis.pyspark.connect(spark)
        with working_on(connection) as engine:
            small = {
                "municipalities": municipalities(),
                "staff": staff(),
                "training": training(),
                "results": TABLES["results"].columns.to_frame(),
                "providers": TABLES["providers"].columns.to_frame(),
                "units": TABLES["units"].columns.to_frame(),
            }
            tables = Tables(
                cases=connection.table("cases"),
                **{name: engine.lend(rows) for name, rows in small.items()},
            )
            plain = pl.CompatLevel.oldest()
            days = calendar(FIRST, LAST, rules.working_days).to_arrow(compat_level=plain)
            spark.createDataFrame(days).createOrReplaceTempView("days")
            spark.createDataFrame(staff().to_arrow(compat_level=plain)).createOrReplaceTempView(
                "staff"
            )

            def scan() -> None:
                with engine_of(tables) as ours:
                    registers = read_registers(tables, rules.design, ours)
                    count_cases(tables, registers, rules, ours)

            hand = timed("by hand", lambda: pl.from_arrow(spark.sql(IN_SPARK).toArrow()))
            ours = timed("our scan", scan)
            whole = timed("our panel", lambda: panel_of(tables, rules))
            assert isinstance(hand[0], pl.DataFrame)
            assert_the_same(whole[0].cells, hand[0])
            print(f"{whole[0].cells.height:,} cells; those made by hand are equal")
            print(f"our scan: {ours[1] / hand[1]:.2f} times by hand")
            print(f"our panel: {whole[1] / hand[1]:.2f} times by hand")
        spark.stop()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000)
