"""A case log of millions of rows → cells, against the engine's own bare scan-and-group.

    python benchmarks/bench_cells.py [cases ...]        (default 1,000,000 and 10,000,000)

For each size, each in a process of its own: the whole panel, its scans of the case log alone, the
panel straight to Parquet, and two rivals on the same file: `bare` groups the same rows by the same
keys and adds up as many columns, with no working days, no time limits, no staff and no reasons; `by
hand` is SQL that a person would write for the same cells, and must make them equal. All have the
same limit of memory. The files are made of arithmetic, not of chance.
"""

from __future__ import annotations

import datetime as dt
import itertools
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import ibis
import polars as pl
from polars.testing import assert_frame_equal

from otdacha.methodology import default_methodology
from otdacha.panel import Tables, panel_of
from otdacha.panel.assemble import engine_of
from otdacha.panel.calendar import calendar
from otdacha.panel.counted import count_cases
from otdacha.panel.registers import read_registers
from otdacha.panel.write import write_panel_of
from otdacha.records.tables import TABLES

MEMORY = "3GB"
TOWNS, PEOPLE, SERVICES, DAYS = 100, 5_000, 4, 1461
FIRST, LAST = dt.date(2021, 1, 1), dt.date(2025, 3, 1)

CASE_LOG = f"""
COPY (
    SELECT lpad((10000000 + person % {TOWNS})::VARCHAR, 8, '0') AS municipality,
        i::VARCHAR AS "case",
        'Department ' || (person // {TOWNS} % 10) AS unit,
        's' || lpad(person::VARCHAR, 16, '0') AS executor,
        'Service ' || ((person + i // {PEOPLE} % 2) % {SERVICES}) AS service,
        opened,
        NULL::DATE AS due,
        (5 + i % 3 * 5)::BIGINT AS limit_days,
        'working' AS day_kind,
        CASE WHEN i % 50 > 0 THEN opened + (i * 31 % 37)::INTEGER END AS closed,
        CASE WHEN i % 97 = 0 THEN opened + 1 END AS cancelled,
        NULL::BOOLEAN AS is_cancelled,
        i % 11 = 0 AS refused,
        i % 9 = 0 AS repeated,
        NULL::BIGINT AS rating
    FROM (
        SELECT i, i * 7919 % {PEOPLE} AS person,
            DATE '{FIRST}' + (i * 613 % {DAYS})::INTEGER AS opened
        FROM range({{cases}}) AS numbers(i)
    )
) TO '{{file}}'
"""

KEYS = """municipality, executor, service,
    extract(year FROM opened) * 12 + extract(month FROM opened) - 1 AS month"""

BARE = f"""
SELECT {KEYS}, count(*), count(closed), count(cancelled), sum(closed - opened), sum(limit_days),
    sum((closed - opened) * (closed - opened)), sum(repeated::INTEGER), sum(refused::INTEGER)
FROM '{{file}}' GROUP BY ALL
"""

BY_HAND = f"""
WITH last_days AS (
    SELECT municipality, greatest(max(opened), max(closed), max(cancelled)) AS last_day
    FROM '{{file}}' GROUP BY ALL
), taken AS (
    SELECT {KEYS}, closed, repeated, b.worked - a.worked AS worked,
        coalesce(closed, last_day) <= opened OR b."before" < a.worked + limit_days AS in_time
    FROM '{{file}}' AS cases
    JOIN last_days USING (municipality)
    JOIN days AS a ON a.date = opened
    JOIN days AS b ON b.date = coalesce(closed, last_day)
    JOIN (SELECT person, started FROM staff) ON person = executor AND opened >= started
    WHERE cancelled IS NULL
)
SELECT municipality, executor, service, month,
    count(*) FILTER (WHERE closed IS NOT NULL OR NOT in_time) AS on_time_n,
    count(*) FILTER (WHERE closed IS NOT NULL AND in_time) AS on_time_total,
    count(closed) AS duration_n,
    sum(CASE WHEN closed IS NOT NULL THEN worked - 12 END) AS duration_total,
    sum(CASE WHEN closed IS NOT NULL THEN (worked - 12) ** 2 END) AS duration_squares,
    count(*) AS repeat_n,
    count(*) FILTER (WHERE repeated) AS repeat_total
FROM taken GROUP BY ALL
"""


def staff() -> pl.DataFrame:
    rows = [
        {
            "municipality": str(10_000_000 + person % TOWNS),
            "person": f"s{person:016d}",
            "unit": f"Department {person // TOWNS % 10}",
            "started": dt.date(2015, 1, 1),
        }
        for person in range(PEOPLE)
    ]
    return pl.DataFrame(rows, schema=TABLES["staff"].columns)


def training() -> pl.DataFrame:
    rows = [
        {
            "person": f"s{person:016d}",
            "provider": f"{person % 300:010d}",
            "started": FIRST + dt.timedelta(days=700 + person % 500),
            "finished": FIRST + dt.timedelta(days=730 + person % 500),
            "hours": 72.0,
        }
        for person in range(0, PEOPLE, 2)
    ]
    return pl.DataFrame(rows, schema=TABLES["training"].columns)


def municipalities() -> pl.DataFrame:
    rows = [
        {
            "municipality": str(10_000_000 + town),
            "name": f"Town {town}",
            "region": f"Region {town % 10}",
            "macroregion": f"Macroregion {town % 3}",
            "training_known_from": dt.date(2015, 1, 1),
        }
        for town in range(TOWNS)
    ]
    return pl.DataFrame(rows, schema=TABLES["municipalities"].columns)


def ours_as_theirs(cells: pl.DataFrame) -> pl.DataFrame:
    """Our cells in the columns of `BY_HAND`."""
    parts = pl.col("unit").str.split("/")
    return (
        cells.select(
            "indicator",
            "n",
            "total",
            "total_squares",
            municipality="municipality",
            executor=parts.list.get(1),
            service=parts.list.get(2),
            month=pl.col("month").dt.year().cast(pl.Int64) * 12
            + pl.col("month").dt.month().cast(pl.Int64)
            - 1,
        )
        .pivot(
            "indicator",
            index=["municipality", "executor", "service", "month"],
            values=["n", "total", "total_squares"],
        )
        .select(
            "municipality",
            "executor",
            "service",
            "month",
            on_time_n="n_on_time",
            on_time_total="total_on_time",
            duration_n="n_duration",
            duration_total="total_duration",
            duration_squares="total_squares_duration",
            repeat_n="n_repeat",
            repeat_total="total_repeat",
        )
        .fill_null(0)
    )


def assert_the_same(cells: pl.DataFrame, hand: pl.DataFrame) -> None:
    key = ["municipality", "executor", "service", "month"]
    ours = ours_as_theirs(cells)
    theirs = hand.with_columns(pl.exclude(*key[:3]).cast(pl.Int64).fill_null(0))
    assert_frame_equal(ours.sort(key), theirs.select(ours.columns).sort(key))


def our_tables(file: str, overflow: str) -> Tables:
    connection = ibis.duckdb.connect(
        temp_directory=overflow, memory_limit=MEMORY, preserve_insertion_order=False
    )
    small = {"municipalities": municipalities(), "staff": staff(), "training": training()}
    return Tables(
        cases=connection.read_parquet(file),
        results=ibis.memtable(TABLES["results"].columns.to_frame()),
        **{name: ibis.memtable(rows) for name, rows in small.items()},
    )


def scan(tables: Tables) -> None:
    methodology = default_methodology()
    with engine_of(tables) as engine:
        count_cases(tables, read_registers(tables, methodology.design, engine), methodology, engine)


def rival(overflow: str) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(
        config={
            "temp_directory": overflow,
            "memory_limit": MEMORY,
            "preserve_insertion_order": "false",
        }
    )
    days = calendar(FIRST, LAST, default_methodology().working_days)
    connection.register("days", days.to_arrow())
    connection.register("staff", staff().to_arrow())
    return connection


def work(name: str, folder: str) -> Callable[[], Any]:
    """One of the works that are timed, ready to run."""
    file, rules = f"{folder}/cases.parquet", default_methodology()
    if name == "bare":
        engine = rival(folder)
        return lambda: engine.sql(BARE.format(file=file)).to_arrow_table()
    if name == "by hand":
        engine = rival(folder)
        return lambda: engine.sql(BY_HAND.format(file=file)).pl()
    tables = our_tables(file, folder)
    if name == "our scan":
        return lambda: scan(tables)
    if name == "our panel":
        return lambda: panel_of(tables, rules)
    return lambda: write_panel_of(tables, rules, Path(folder) / "panel")


def one(name: str, folder: str, times: int) -> None:
    """Run one work in this process; print what it took."""
    run = work(name, folder)
    seconds, busy = [], []
    for _ in range(times):
        clock, before = time.perf_counter(), os.times()
        run()
        seconds.append(time.perf_counter() - clock)
        after = os.times()
        busy.append(after.user + after.system - before.user - before.system)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(json.dumps({"seconds": min(seconds), "busy": min(busy), "GiB": memory}))


WORKS = ("bare", "by hand", "our scan", "our panel", "to Parquet")


def measured(cases: int) -> dict[str, dict[str, float]]:
    """What every work took on a log of this size; the cells are checked to be equal."""
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_FOLDER")) as folder:
        file = f"{folder}/cases.parquet"
        rival(folder).execute(CASE_LOG.format(cases=cases, file=file))
        print(f"\n{cases:,} cases, {Path(file).stat().st_size / 2**20:,.0f} MiB of Parquet")
        times = "3" if cases <= 10_000_000 else "1"
        found = {}
        for name in WORKS:
            said = subprocess.run(
                [sys.executable, __file__, "--one", name, folder, times],
                check=True,
                capture_output=True,
                text=True,
            )
            found[name] = json.loads(said.stdout.splitlines()[-1])
            print(
                f"{name:<12}{found[name]['seconds']:8.2f} s {found[name]['busy']:8.2f} s of "
                f"processors   peak memory {found[name]['GiB']:5.2f} GiB"
            )
        written = pl.read_parquet(f"{folder}/panel/cells.parquet")
        assert_the_same(written, work("by hand", folder)())
        print(f"{written.height:,} cells; those made by hand are equal")
    for name in WORKS[2:]:
        ratios = [
            f"{found[name][figure] / found[other][figure]:.2f}"
            for figure in ("seconds", "busy")
            for other in ("by hand", "bare")
        ]
        print(
            f"{name}: {ratios[0]} times by hand, {ratios[1]} times bare "
            f"(processors: {ratios[2]}, {ratios[3]})"
        )
    return found


def main(sizes: list[int]) -> None:
    found = {size: measured(size) for size in sizes}
    for less, more in itertools.pairwise(sizes):
        print(f"\nSeconds for each further million cases, {less:,} → {more:,}:")
        for name in WORKS:
            gone = found[more][name]["seconds"] - found[less][name]["seconds"]
            busy = found[more][name]["busy"] - found[less][name]["busy"]
            millions = (more - less) / 1e6
            print(f"{name:<12}{gone / millions:8.3f} s {busy / millions:8.3f} s of processors")


if __name__ == "__main__":
    if "--one" in sys.argv:
        _, _, work_name, where, repeats = sys.argv
        one(work_name, where, int(repeats))
    else:
        main([int(size) for size in sys.argv[1:]] or [1_000_000, 10_000_000])
