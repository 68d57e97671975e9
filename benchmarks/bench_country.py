"""Design A for a whole country from disk: the work of a ministry on a laptop.

A country of persons: 300,000 servants x 60 months x 10 indicators (180 million cells), 1,500
providers, 2,594 municipalities (clusters), 80 strata (10 services x 8 macroregions), written
straight to Parquet in the panel's order, with a known truth. Six in ten people are trained once, at
a month of their own; towns have shocks of their own in every month.

In one run, in child processes of their own so that each has its own peak of memory:

- `stored`: `impute` of all indicators from the files, 95 % intervals and the full covariance;
- `bare`: DuckDB streams over the same columns of the same files, and sums and groups them by
  indicator, stratum and month: what any way of reading them costs at least;
- `memory` (only where it fits): the same `impute` on frames that are read whole beforehand.

Run: python benchmarks/bench_country.py [share of the country, default 0.1] [folder]
The full country (share 1) needs 3 GB of disk and half an hour, most of it for the making.
"""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
from scipy import stats

from otdacha.effects import impute
from otdacha.methodology import Methodology, default_methodology
from otdacha.panel.frames import STATUSES

PEOPLE, MONTHS, INDICATORS, PROVIDERS, TOWNS = 300_000, 60, 10, 1_500, 2_594
SERVICES, MACROREGIONS = 10, 8
FITS_IN_MEMORY = 0.15
NAMES = [f"indicator_{i}" for i in range(INDICATORS)]


def methodology() -> Methodology:
    default = default_methodology()
    indicators = tuple(
        default.indicators[1].model_copy(update={"id": name, "centre": 0, "weight": 1.0,
                                                 "better": "higher", "resolution": 0.01})
        for name in NAMES
    )  # fmt: skip
    return default.model_copy(update={"indicators": indicators})


def make(folder: Path, share: float, seed: int = 1) -> None:
    """cells.parquet, exposure.parquet (schemas of otdacha.panel.frames), truth.parquet."""
    rng = np.random.default_rng(seed)
    people, towns = round(PEOPLE * share), max(40, round(TOWNS * share))
    providers = max(30, round(PROVIDERS * share))
    macroregion = rng.integers(0, MACROREGIONS, towns)
    town = rng.integers(0, towns, people)
    stratum = rng.integers(0, SERVICES, people) * MACROREGIONS + macroregion[town]
    order = np.argsort(stratum, kind="stable")
    town, stratum = town[order], stratum[order]
    provider = rng.integers(0, providers, people)
    trained = rng.random(people) < 0.6
    start = np.where(trained, rng.integers(12, MONTHS, people), MONTHS)
    effect = rng.normal(0.1, 0.1, (INDICATORS, providers))
    pl.DataFrame(
        {
            "indicator": np.repeat(NAMES, providers),
            "provider": [_provider(j) for j in range(providers)] * INDICATORS,
            "effect": effect.ravel(),
        }
    ).write_parquet(folder / "truth.parquet")
    _write_exposure(folder / "exposure.parquet", start, provider)
    _write_cells(folder / "cells.parquet", rng, town, stratum, start, effect, provider)


def _provider(number: int) -> str:
    return str(7_700_000_000 + number)


def _calendar() -> pl.Series:
    return pl.select(
        pl.date_range(pl.date(2021, 1, 1), pl.date(2025, 12, 1), interval="1mo")
    ).to_series()


def _write_exposure(file: Path, start: np.ndarray, provider: np.ndarray) -> None:
    """A person is exposed for twelve months."""
    seen = np.minimum(start + 12, MONTHS) - start
    unit = np.repeat(np.arange(len(start)), seen)
    month = np.arange(seen.sum()) - np.repeat(np.r_[0, np.cumsum(seen)[:-1]], seen) + start[unit]
    pl.DataFrame(
        {
            "unit": pl.Series(unit).cast(pl.String).str.zfill(7),
            "month": _calendar().gather(month),
            "provider": pl.Series(provider[unit] + 7_700_000_000).cast(pl.String),
        }
    ).with_columns(share=pl.lit(1.0), staff=pl.lit(1, pl.Int64)).write_parquet(file)


def _write_cells(
    file: Path,
    rng: np.random.Generator,
    town: np.ndarray,
    stratum: np.ndarray,
    start: np.ndarray,
    effect: np.ndarray,
    provider: np.ndarray,
) -> None:
    people = len(town)
    names = [f"s{s:02d}" for s in range(SERVICES * MACROREGIONS)]
    bounds = np.searchsorted(stratum, np.arange(len(names) + 1))
    calendar = _calendar()
    writer = None
    for number, indicator in enumerate(NAMES):
        level = rng.normal(0, 1, people)
        shock = rng.normal(0, 0.3, (len(names), MONTHS))
        of_town = rng.normal(0, 0.1, (int(town.max()) + 1, MONTHS))
        for s, name in enumerate(names):
            unit = np.repeat(np.arange(bounds[s], bounds[s + 1]), MONTHS)
            month = np.tile(np.arange(MONTHS), bounds[s + 1] - bounds[s])
            since = month - start[unit]
            exposed = (since >= 0) & (since < 12)
            n = rng.integers(1, 12, len(unit))
            y = (
                level[unit]
                + shock[s, month]
                + of_town[town[unit], month]
                + effect[number, provider[unit]] * exposed
                + rng.normal(0, 1, len(unit)) / np.sqrt(n)
            )
            status = np.select(
                [since == -1, exposed, since >= 12], [2, 1, 3], default=0
            )  # clean, exposed, around_training, after_horizon as below
            kinds = pl.Series(["clean", "exposed", "around_training", "after_horizon"])
            towns = pl.Series(town[unit] + 10_000_000).cast(pl.String)
            table = pl.DataFrame(
                {
                    "unit": pl.Series(unit).cast(pl.String).str.zfill(7),
                    "municipality": towns,
                    "stratum": [name] * len(unit),
                    "cluster": towns,
                    "month": calendar.gather(month),
                    "indicator": [indicator] * len(unit),
                    "n": n,
                    "total": np.rint(100 * y * n).astype(np.int64),
                    "total_squares": np.rint(10_000 * y * y * n).astype(np.int64),
                    "status": kinds.gather(status).cast(pl.Enum(STATUSES)),
                    "staff": np.ones(len(unit), dtype=np.int64),
                }
            ).to_arrow()
            if writer is None:
                writer = pq.ParquetWriter(file, table.schema, compression="zstd")
            writer.write_table(pa.table(table), row_group_size=1 << 17)
    if writer is not None:
        writer.close()


def stored(folder: Path) -> None:
    _told("stored", folder, pl.scan_parquet(folder / "cells.parquet"),
          pl.scan_parquet(folder / "exposure.parquet"))  # fmt: skip


def memory(folder: Path) -> None:
    _told("memory", folder, pl.read_parquet(folder / "cells.parquet"),
          pl.read_parquet(folder / "exposure.parquet"))  # fmt: skip


def _told(way: str, folder: Path, cells: pl.DataFrame | pl.LazyFrame,
          exposure: pl.DataFrame | pl.LazyFrame) -> None:  # fmt: skip
    began = time.perf_counter()
    effects = impute(cells, exposure, methodology())
    V = effects.covariance()
    seconds = time.perf_counter() - began
    truth = pl.read_parquet(folder / "truth.parquet")
    known = effects.estimates.filter(pl.col("state") == "estimated").join(
        truth, on=["indicator", "provider"]
    )
    error = (known["estimate"] - known["effect"]).to_numpy()
    se, df = known["se"].to_numpy(), known["df"].to_numpy()

    inside = np.abs(error) <= stats.t.ppf(0.975, df) * se
    print(
        f"{way}: {seconds:.1f} s, peak {_peak():.2f} GB; {len(known):,} effects, V {V.shape}; "
        f"bias {np.mean(error / se):+.3f} se, intervals hold {inside.mean():.1%}"
    )
    print(f"SECONDS {seconds}")
    print(f"DIGITS {float(known['estimate'].sum()).hex()} {float(known['se'].sum()).hex()}")


def bare(folder: Path) -> None:
    import duckdb

    began = time.perf_counter()
    rows = duckdb.sql(
        f"""
        SELECT indicator, stratum, month, status, count(*), sum(n), sum(total),
            max(cluster), max(unit)
        FROM '{folder / "cells.parquet"}' GROUP BY ALL
        """
    ).fetchall()
    duckdb.sql(f"SELECT provider, sum(share) FROM '{folder / 'exposure.parquet'}' GROUP BY ALL")
    seconds = time.perf_counter() - began
    print(f"bare: {seconds:.1f} s, peak {_peak():.2f} GB, {len(rows):,} groups")
    print(f"SECONDS {seconds}")


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2


def _child(way: str, folder: Path) -> dict[str, str]:
    told = subprocess.run(
        [sys.executable, __file__, way, str(folder)], check=True, capture_output=True, text=True
    ).stdout
    found = {}
    for line in told.splitlines():
        word, _, rest = line.partition(" ")
        if word in ("SECONDS", "DIGITS"):
            found[word] = rest
        else:
            print(line, flush=True)
    return found


def main(share: float, folder: Path) -> None:
    began = time.perf_counter()
    if not (folder / "truth.parquet").exists() or not (folder / "cells.parquet").exists():
        make(folder, share)
    cells = pl.scan_parquet(folder / "cells.parquet").select(pl.len()).collect().item()
    size = (folder / "cells.parquet").stat().st_size / 1e9
    print(f"{cells:,} cells, {size:.2f} GB on disk, made in {time.perf_counter() - began:.0f} s")
    ours = _child("stored", folder)
    rival = _child("bare", folder)
    print(f"  stored / bare: {float(ours['SECONDS']) / float(rival['SECONDS']):.2f}")
    if share <= FITS_IN_MEMORY:
        whole = _child("memory", folder)
        print(f"  stored / memory: {float(ours['SECONDS']) / float(whole['SECONDS']):.2f}, "
              f"the same digits: {ours['DIGITS'] == whole['DIGITS']}")  # fmt: skip


if __name__ == "__main__":
    ways = {"stored": stored, "bare": bare, "memory": memory}
    if len(sys.argv) > 1 and sys.argv[1] in ways:
        ways[sys.argv[1]](Path(sys.argv[2]))
    else:
        asked = float(sys.argv[1]) if len(sys.argv) > 1 else 0.1
        kept = Path(sys.argv[2]) if len(sys.argv) > 2 else None
        place = kept or Path(tempfile.mkdtemp(prefix="otdacha-country-"))
        place.mkdir(parents=True, exist_ok=True)
        try:
            main(asked, place)
        finally:
            if kept is None:
                shutil.rmtree(place)
