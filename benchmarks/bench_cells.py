"""A case log of millions of rows → cells, against the engine's own bare scan-and-group.

    python benchmarks/bench_cells.py [cases]        (default 10,000,000)

Prints the time of the whole panel, of its scans of the case log alone, and of two rivals on the
same file: `bare` groups the same rows by the same keys and adds up as many columns, with no working
days, no time limits, no staff and no reasons; `by hand` is SQL that a person would write for the
same cells, and must make them equal. The file is made of arithmetic, not of chance.
"""

from __future__ import annotations

import datetime as dt
import os
import resource
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
from otdacha.panel.assemble import count_cases
from otdacha.panel.calendar import calendar
from otdacha.records.tables import TABLES

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


def timed(name: str, work: Callable[[], Any]) -> tuple[Any, float, float]:
    """The result, seconds by the clock and seconds of processor time; the best of three."""
    best: tuple[Any, float, float] | None = None
    for _ in range(3):
        clock, before = time.perf_counter(), os.times()
        result = work()
        seconds, after = time.perf_counter() - clock, os.times()
        busy = after.user + after.system - before.user - before.system
        if best is None or seconds < best[1]:
            best = result, seconds, busy
    assert best is not None
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(
        f"{name:<28}{best[1]:8.2f} s  {best[2]:8.2f} s of processors"
        f"   peak memory so far {memory:5.2f} GiB"
    )
    return best


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


def main(cases: int) -> None:
    methodology = default_methodology()
    with tempfile.TemporaryDirectory() as folder:
        file = str(Path(folder) / "cases.parquet")
        rival = duckdb.connect(config={"temp_directory": folder})
        rival.execute(CASE_LOG.format(cases=cases, file=file))
        people = staff()
        rival.register("days", calendar(FIRST, LAST, methodology.working_days).to_arrow())
        rival.register("staff", people.to_arrow())
        tables = Tables(
            cases=ibis.duckdb.connect(temp_directory=folder).read_parquet(file),
            results=pl.DataFrame(schema=TABLES["results"].columns),
            municipalities=municipalities(),
            staff=people,
            training=training(),
        )
        print(f"{cases:,} cases, {Path(file).stat().st_size / 2**20:,.0f} MiB of Parquet")
        bare = timed("bare", lambda: rival.sql(BARE.format(file=file)).to_arrow_table())
        hand = timed("by hand", lambda: rival.sql(BY_HAND.format(file=file)).pl())
        ours = timed("our scan", lambda: count_cases(tables, methodology))
        whole = timed("our whole panel", lambda: panel_of(tables, methodology))
        assert_the_same(whole[0].cells, hand[0])
        print(f"{whole[0].cells.height:,} cells; those made by hand are equal")
        for name, (_, seconds, busy) in (("our scan", ours), ("our whole panel", whole)):
            print(
                f"{name}: {seconds / hand[1]:.2f} times by hand, {seconds / bare[1]:.2f} times bare"
                f" (processors: {busy / hand[2]:.2f}, {busy / bare[2]:.2f})"
            )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000)
