"""The charts of an organisation's page: drawn by us, and the same figures through vl-convert.

    python benchmarks/bench_charts.py

Prints, for each chart, milliseconds of both (the quickest of several runs) and their ratio. Words
of the table are part of ours: a page shows both.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable

import polars as pl

from otdacha.documents import pictures
from otdacha.documents.charts import (
    Chart,
    Estimate,
    Month,
    Quantity,
    caterpillar,
    event_study,
    history,
)
from otdacha.documents.numbers import Numbers

COMPOSITE = Quantity("Сводный показатель", "стандартные отклонения", 2, Numbers("ru"))


def quickest_of(runs: int, draw: Callable[[], object]) -> float:
    """The quickest of `runs` runs, in milliseconds; one before them is not counted."""
    draw()
    times = []
    for _ in range(runs):
        begun = time.perf_counter()
        draw()
        times.append(time.perf_counter() - begun)
    return 1000 * min(times)


def main() -> None:
    chance = random.Random(1)
    values = [round(chance.gauss(0.1, 0.2), 3) for _ in range(30)]
    months = [
        Month(i - 12, x, x - 0.1, x + 0.1, x - 0.2, x + 0.2) for i, x in enumerate(values[:25])
    ]
    rows = [
        Estimate(f"Школа {i}", x, x - 0.1, x + 0.1, href=f"/o/{i}") for i, x in enumerate(values)
    ]
    frame = pl.DataFrame({"name": [row.name for row in rows], "point": values}).with_columns(
        time=pl.int_range(-12, 18), lower=pl.col("point") - 0.1, upper=pl.col("point") + 0.1,
        lower_all=pl.col("point") - 0.2, upper_all=pl.col("point") + 0.2,
    )  # fmt: skip
    names = {"name": "name", "point": "point", "lower": "lower", "upper": "upper", "x": "x"}
    pairs: dict[str, tuple[Callable[[], Chart], Callable[[], pictures.Picture]]] = {
        "event study, 25 months": (
            lambda: event_study(months, COMPOSITE),
            lambda: pictures.path(
                frame.head(25), x="time", y="point", x_title="x", y_title="y", lower="lower",
                upper="upper", wide_lower="lower_all", wide_upper="upper_all", split=-0.5,
            ),
        ),
        "caterpillar, 30 rows": (
            lambda: caterpillar(rows, COMPOSITE),
            lambda: pictures.intervals(frame, **names),
        ),
        "history, 7 releases": (
            lambda: history(rows[:7], COMPOSITE),
            lambda: pictures.intervals(frame.head(7), **names),
        ),
    }  # fmt: skip
    for name, (ours, theirs) in pairs.items():
        own = quickest_of(31, lambda draw=ours: draw().svg())
        other = quickest_of(5, lambda draw=theirs: draw().svg())
        print(f"{name}: {own:.2f} ms; vl-convert {other:.0f} ms; {other / own:.0f} times")


if __name__ == "__main__":
    main()
