"""Leaving on relative pay: ten million person-months, and statsmodels on a sample of towns.

The rival fits a logit with a dummy for every town, quarter and class of tenure and the same errors
by town. Its table has a column for each, so it gets towns of the same union, few enough for it.

Run: python benchmarks/bench_leaving.py [national] [rival] [history]
"""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import statsmodels.api as sm

from otdacha.pay.leaving import CLASSES, TENURE, fit, pay_next_year, person_months

SLOPE = -1.5
TOWNS, MONTHS = 2_400, 42
RIVAL_TOWNS = 30


def union(towns: int, rows: int) -> pl.DataFrame:
    """Person-months of posts in `towns` towns, paid and left as in tests/simulation."""
    rng = np.random.default_rng(1)
    town = rng.integers(0, towns, rows)
    month = rng.integers(0, MONTHS, rows)
    tenure = rng.integers(0, len(CLASSES), rows)
    level = rng.normal(0, 0.15, towns)
    x = level[town] + rng.normal(0, 0.25, rows)
    log_hazard = np.log(0.01) - 2 * level[town] + SLOPE * x - 0.1 * tenure
    left = rng.random(rows) < np.exp(log_hazard)
    months = pl.date_range(
        dt.date(2023, 1, 1), dt.date(2026, 6, 1), interval="1mo", eager=True
    ).alias("month")
    return pl.DataFrame(
        {
            "municipality": (pl.Series(town) + 10_000_000).cast(pl.String),
            "month": months.gather(month),
            "tenure": pl.Series(np.array(CLASSES)[tenure], dtype=TENURE),
            "pay": x,
            "left": left,
        }
    )


def national() -> None:
    """In a process of its own that reads the frame: its making takes more memory than the fit."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "person_months.parquet"
        union(TOWNS, 10_000_000).write_parquet(path)
        subprocess.run([sys.executable, __file__, "read", str(path)], check=True)


def read(path: Path) -> None:
    frame = pl.read_parquet(path)
    before = most_memory()
    began, processor = time.perf_counter(), time.process_time()
    found = fit(frame)
    took, worked = time.perf_counter() - began, time.process_time() - processor
    after = most_memory()
    print(
        f"national: {frame.height:,} person-months, {found.exits:,} exits, {TOWNS:,} towns: "
        f"{took:.1f} s ({worked:.1f} s of processor); at most {after:.2f} GB, "
        f"{before:.2f} GB before it began"
    )
    print(f"  {found.estimate:.4f} ± {found.se:.4f}, {found.df:.0f} df; true {SLOPE}")


def history() -> None:
    """From the posts of 250,000 people to their person-months, and the check of next year's pay."""
    rng = np.random.default_rng(1)
    people = 250_000
    days = pl.duration(days=pl.Series(rng.integers(0, 3_000, people)))
    gone = pl.duration(days=pl.Series(rng.integers(0, 1_270, people)))
    leaves = pl.Series(rng.random(people) < 0.3)
    posts = pl.select(
        post=pl.Series(np.arange(people)),
        person="s" + pl.Series(np.arange(people)).cast(pl.String).str.zfill(32),
        municipality=(pl.Series(rng.integers(0, TOWNS, people)) + 10_000_000).cast(pl.String),
        position_group=pl.Series(rng.choice(["ведущая", "старшая"], people)),
        share=pl.lit(1000),
        main=pl.lit(value=True),
        service_from=pl.lit(None, pl.Date),
        started=pl.date(2014, 1, 1) + days,
        ended=pl.when(leaves).then(pl.date(2023, 1, 1) + gone),
    )
    months = pl.date_range(
        dt.date(2023, 1, 1), dt.date(2026, 6, 1), interval="1mo", eager=True
    ).alias("month")
    pay = posts.select("post").join(months.to_frame(), how="cross")
    pay = pay.with_columns(kopecks=pl.Series(rng.integers(3_000_000, 8_000_000, pay.height)))
    wages = (
        posts.select("municipality")
        .unique()
        .join(pl.DataFrame({"year": [2023, 2024, 2025, 2026]}), how="cross")
        .with_columns(wage=pl.lit(60_000.0))
    )
    began = time.perf_counter()
    told = person_months(posts, pay, wages, dt.date(2026, 8, 31)).person_months
    took = time.perf_counter() - began
    began = time.perf_counter()
    checked = pay_next_year(told)
    print(
        f"history: {people:,} posts to {told.height:,} person-months in {took:.1f} s; the check of "
        f"next year's pay {time.perf_counter() - began:.1f} s ({checked.outcome}); at most "
        f"{most_memory():.2f} GB, pay and posts among them"
    )


def most_memory() -> float:
    """GB that this process has held at once; `ru_maxrss` would count those of its parent."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 2**20


def rival() -> None:
    frame = union(RIVAL_TOWNS, 10_000_000 * RIVAL_TOWNS // TOWNS)
    ours = []
    for _ in range(3):
        began = time.perf_counter()
        found = fit(frame)
        ours.append(time.perf_counter() - began)
    quarter = frame["month"].dt.year().cast(pl.String) + frame["month"].dt.quarter().cast(pl.String)
    began = time.perf_counter()
    table = pd.get_dummies(
        pd.DataFrame(
            {
                "town": frame["municipality"].to_list(),
                "quarter": quarter.to_list(),
                "tenure": frame["tenure"].cast(pl.String).to_list(),
            }
        ),
        drop_first=True,
        dtype=float,
    )
    table.insert(0, "pay", frame["pay"].to_numpy())
    table.insert(1, "one", 1.0)
    groups = frame["municipality"].cast(pl.Int64).to_numpy()
    theirs = {}
    for name, model in (
        ("logit", sm.Logit(frame["left"].to_numpy().astype(float), table)),
        ("Poisson", sm.Poisson(frame["left"].to_numpy().astype(float), table)),
    ):
        began = time.perf_counter()
        fitted = model.fit(disp=0, method="newton", cov_type="cluster", cov_kwds={"groups": groups})
        theirs[name] = time.perf_counter() - began, fitted.params["pay"], fitted.bse["pay"]
    mine = sorted(ours)[1]
    print(f"rival: {frame.height:,} person-months, {RIVAL_TOWNS} towns: otdacha {mine:.2f} s")
    print(f"  otdacha {found.estimate:.8f}, se {found.se:.4f}")
    for name, (took, estimate, se) in theirs.items():
        print(
            f"  statsmodels {name} {took:.2f} s, {took / mine:.0f} × as long; "
            f"{estimate:.8f}, se {se:.4f} (plain by town)"
        )


if __name__ == "__main__":
    if sys.argv[1:2] == ["read"]:
        read(Path(sys.argv[2]))
        sys.exit()
    chosen = sys.argv[1:] or ["national", "rival", "history"]
    if "national" in chosen:
        national()
    if "rival" in chosen:
        rival()
    if "history" in chosen:
        history()
