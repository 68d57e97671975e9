"""A case log of millions of rows → cells on Spark in local mode, against hand-written Spark SQL.

    python benchmarks/bench_spark.py [cases [rounds]]        (default 10,000,000 and 3)

The file, the staff and the SQL are those of `bench_cells.py`, in Spark's words; the cells must be
equal. Both run in one session with the settings that Otdacha asks for, by turns, on all processors;
seconds are those of the best run. "by hand (200)" is the same SQL with the 200 shuffle partitions
that Spark takes where it is asked for nothing. Wants Java 17.
"""

from __future__ import annotations

import contextlib
import itertools
import os
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
from otdacha.panel.engines.opened import spark_defaults
from otdacha.panel.registers import read_registers
from otdacha.records.tables import TABLES

IN_SPARK = (
    BY_HAND.replace("FROM '{file}' AS cases", "FROM cases")
    .replace("FROM '{file}' GROUP BY ALL", "FROM cases GROUP BY municipality")
    .replace('b."before"', "b.before")
    .replace("(worked - 12) ** 2", "(worked - 12) * (worked - 12)")
)

PARTITIONS = "spark.sql.shuffle.partitions"

Times = dict[str, tuple[float, float]]
"""By work: seconds by the clock and of processors."""


def session() -> SparkSession:
    builder = SparkSession.builder.master("local[*]").appName("bench")
    settings = {
        **spark_defaults("local[*]"),
        "spark.driver.memory": "3g",
        "spark.driver.maxResultSize": "2g",
    }
    for key, value in settings.items():
        builder = builder.config(key, value)
    made = builder.getOrCreate()
    made.sparkContext.setLogLevel("ERROR")
    return made


def timed(works: dict[str, Callable[[], Any]], rounds: int) -> tuple[dict[str, Any], Times]:
    """What each work makes and takes; they run by turns, so that all meet the same machine."""
    made: dict[str, Any] = {}
    best: Times = {}
    for _ in range(rounds):
        for name, work in works.items():
            clock, before = time.perf_counter(), processors()
            made[name] = work()
            took = time.perf_counter() - clock, processors() - before
            best[name] = tuple(map(min, took, best.get(name, took)))  # type: ignore[assignment]
    for name, (seconds, busy) in best.items():
        print(f"{name:<16}{seconds:8.2f} s {busy:8.2f} s of processors", flush=True)
    return made, best


def processors() -> float:
    """Seconds of all processors in this process and in the Java that it has started."""
    ours = os.times()
    found = ours.user + ours.system
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # a process that has just ended
            name, _, rest = stat.read_text().rpartition(")")
            fields = rest.split()
            if name.endswith("(java") and int(fields[1]) == os.getpid():
                found += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return found


def main(cases: int, rounds: int) -> None:
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

            def by_hand(partitions: str) -> pl.DataFrame:
                ours = spark.conf.get(PARTITIONS)
                spark.conf.set(PARTITIONS, partitions or ours)
                found = pl.from_arrow(spark.sql(IN_SPARK).toArrow())
                spark.conf.set(PARTITIONS, ours)
                assert isinstance(found, pl.DataFrame)
                return found

            made, took = timed(
                {
                    "by hand": lambda: by_hand(""),
                    "by hand (200)": lambda: by_hand("200"),
                    "our scan": scan,
                    "our panel": lambda: panel_of(tables, rules),
                },
                rounds,
            )
            assert_the_same(made["our panel"].cells, made["by hand"])
            print(f"{made['our panel'].cells.height:,} cells; those made by hand are equal")
            for name, hand in itertools.product(("our scan", "our panel"), list(took)[:2]):
                seconds, busy = (took[name][figure] / took[hand][figure] for figure in (0, 1))
                print(f"{name}: {seconds:.2f} times {hand} (processors: {busy:.2f})")
        spark.stop()


if __name__ == "__main__":
    words = [int(word) for word in sys.argv[1:]]
    main(*words, *(10_000_000, 3)[len(words) :])
