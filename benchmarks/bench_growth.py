"""How design A grows: with cells, with units, with providers, with strata.

Each ladder changes one size and keeps the others: more people make more cells; more units share
the same number of cells (each is seen in fewer months); more providers train the same people; more
strata part the same people. Printed: processor seconds at each size and the slope of log time on
log size (1: linear; cells are asked to grow no faster). The least of three runs counts, for what
else runs on the machine only adds. With --joint the same ladders for design B, smaller.

Run: python benchmarks/bench_growth.py [--joint] [--plot]     (--plot writes docs/images/growth.svg)
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import polars as pl
from bench_imputation import methodology, world

from otdacha.effects import impute, joint

PICTURE = Path(__file__).resolve().parents[1] / "docs/images/growth.svg"
MONTHS = 36
HOLE = 0.1
CELLS = 1_000_000


def sizes(units: int, periods: int, providers: int, strata: int) -> dict[str, int]:
    return {"units": units, "periods": periods, "providers": providers, "strata": strata}


def ladders(cells: int) -> Mapping[str, list[tuple[int, dict[str, int]]]]:
    """What grows → (its size, the sizes of the world)."""
    units = round(cells / MONTHS / (1 - HOLE))
    return {
        "cells": [
            (cells * k // 4, sizes(units * k // 4, MONTHS, 200, 20)) for k in (1, 2, 4, 8, 16)
        ],
        "units": [
            (units * 36 // months, sizes(units * 36 // months, months, 200, 20))
            for months in (72, 48, 36, 24, 18)
        ],
        "providers": [(k, sizes(units, MONTHS, k, 20)) for k in (50, 100, 200, 400, 800)],
        "strata": [(k, sizes(units, MONTHS, 200, k)) for k in (5, 10, 20, 40, 80)],
    }


def measured(design: Callable[..., object], size: Mapping[str, int]) -> tuple[int, float]:
    """Cells, and the least processor seconds of three runs."""
    cells, exposure = world(**size, clusters=100, hole=HOLE, seed=1)
    seconds = []
    for _ in range(3):
        began = time.process_time()
        design(cells, exposure, methodology())
        seconds.append(time.process_time() - began)
    return len(cells), min(seconds)


def growth(design: Callable[..., object], cells: int) -> pl.DataFrame:
    rows = []
    for name, ladder in ladders(cells).items():
        for size, of_world in ladder:
            made, seconds = measured(design, of_world)
            rows.append((name, made if name == "cells" else size, made, seconds))
            print(f"  {name} {rows[-1][1]:>9,}: {made:>9,} cells, {seconds:6.2f} s", flush=True)
    return pl.DataFrame(rows, schema=["grows", "size", "cells", "seconds"], orient="row")


def slopes(found: pl.DataFrame) -> dict[str, float]:
    """Of log seconds on log size."""
    return {
        str(name): float(np.polyfit(np.log(part["size"]), np.log(part["seconds"]), 1)[0])
        for (name,), part in found.group_by("grows", maintain_order=True)
    }


def draw(found: pl.DataFrame, slope: Mapping[str, float], path: Path) -> None:
    """Time by size on logarithmic axes, one panel for each thing that grows."""
    import altair as alt

    times = [found["seconds"].min() / 1.3, found["seconds"].max() * 1.3]
    panels = []
    for name, steepness in slope.items():
        part = found.filter(pl.col("grows") == name)
        points = alt.Chart(part).mark_line(point=True, color="#1f4e79")
        points = points.encode(
            x=alt.X("size:Q", title=name, scale=alt.Scale(type="log", nice=False)).axis(
                values=part["size"].to_list(), format=".2~s"
            ),
            # one range of times in all panels, so that what is flat looks flat
            y=alt.Y("seconds:Q", title="processor seconds").scale(
                alt.Scale(type="log", domain=times, nice=False)
            ),
        )
        panels.append(points.properties(title=f"slope {steepness:.2f}", width=240, height=160))
    alt.concat(*panels, columns=2).save(path)


def main() -> None:
    design, cells = (joint, CELLS // 10) if "--joint" in sys.argv else (impute, CELLS)
    print(f"{design.__name__}: 100 clusters, {MONTHS} months, six units in ten trained")
    found = growth(design, cells)
    slope = slopes(found)
    print("slope of log time on log size: " + ", ".join(f"{k} {v:.2f}" for k, v in slope.items()))
    if "--plot" in sys.argv:
        PICTURE.parent.mkdir(parents=True, exist_ok=True)
        draw(found, slope, PICTURE)
        print(f"wrote {PICTURE.name}")


if __name__ == "__main__":
    main()
