"""Results that are not yet n, mean and sd: single observations, and counts by mark.

All sums are exact: of whole numbers for counts, of fractions for observations; n, mean and the
standard deviation of the sample (n - 1 in the denominator) are rounded once, at the end.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from fractions import Fraction
from math import sqrt
from pathlib import Path

import polars as pl

from otdacha.errors import FileProblem
from otdacha.language import text
from otdacha.records.checks import Faults
from otdacha.records.values import as_dates, as_numbers, as_whole_numbers

MARKS = (1, 2, 3, 4, 5)
_DECIMALS = r"[.,](\d+)\D*$"


def measured(
    cells: Mapping[str, pl.Series],
    typed: Mapping[str, pl.Series],
    height: int,
    faults: Faults,
    date_forms: tuple[str, ...] = (),
) -> dict[str, pl.Series]:
    """Stored columns of `results` that follow from the inputs that are not stored.

    A single observation is n = 1, its value and no sd; `gathered` puts the accepted ones together.
    Counts by mark give n, mean and sd, and a stated n or mean must fit them.
    """
    made: dict[str, pl.Series] = {}
    if "date" in cells and "month" not in cells:
        days = as_dates(cells["date"], date_forms)
        faults.add_each(days.fault, "date", cells["date"])
        late = (days.value > dt.date.today()).fill_null(value=False)
        faults.add(late, "date", "date_in_the_future", cells["date"])
        made["month"] = days.value.dt.month_start()
    if is_counted(cells):
        made |= _counted(cells, typed, height, faults)
    elif "value" in cells:
        value = as_numbers(cells["value"])
        faults.add_each(value.fault, "value", cells["value"])
        faults.add(cells["value"].is_null(), "value", "missing", cells["value"])
        made["mean"] = value.value
        made["n"] = pl.repeat(1, height, dtype=pl.Int64, eager=True)
    return made


def is_counted(there: Collection[str]) -> bool:
    """Whether the file tells how many of each mark there are. there: the inputs that it fills."""
    return all(f"count_{mark}" in there for mark in MARKS)


def is_single(there: Collection[str]) -> bool:
    """Whether each row of the file is one observation. there: the inputs that it fills."""
    return "value" in there and not is_counted(there)


def refuse_two_ways(there: Collection[str], file: Path) -> None:
    """A file brings results in one way: FileProblem where it has observations and figures of them.

    there: the inputs of `results` that the file or a constant fills.
    """
    figures = [name for name in ("n", "mean", *(f"count_{m}" for m in MARKS)) if name in there]
    if "value" in there and figures:
        raise FileProblem(
            text(
                "{file}: the file has single observations (value) and figures of several of them "
                "({figures}). Nobody knows which of them count: name in a profile those that do.",
                file=file.name,
                figures=", ".join(figures),
            )
        )


def check_observations(cells: Mapping[str, pl.Series], faults: Faults) -> None:
    """Rows whose observation has been told of above in the file."""
    if "observation" in cells:
        numbers = cells["observation"]
        again = numbers.is_not_null() & ~numbers.is_first_distinct()
        faults.add(again, "observation", "repeated_key", numbers)


def gathered(observations: pl.DataFrame, key: tuple[str, ...]) -> pl.DataFrame:
    """One row for each key: n, mean and sd of its observations; `_row` is that of the first.

    observations: stored columns of accepted rows with n = 1 and the value as mean.
    """
    counted = observations.group_by(*key, "mean", maintain_order=True).agg(
        pl.len().alias("times"), pl.col("_row").min(), pl.col("_batch").first()
    )
    groups = counted.group_by(*key, maintain_order=True).agg(
        "mean", "times", pl.col("_row").min(), pl.col("_batch").first()
    )
    moments = [
        _moments(
            [(Fraction(str(value)), times) for value, times in zip(values, counts, strict=True)]
        )
        for values, counts in groups.select("mean", "times").iter_rows()
    ]
    figures = pl.DataFrame(
        moments, schema={"n": pl.Int64, "mean": pl.Float64, "sd": pl.Float64}, orient="row"
    )
    whole = pl.concat([groups.drop("mean", "times"), figures], how="horizontal")
    return whole.select(observations.columns).cast(dict(observations.schema))  # type: ignore[arg-type]


def _moments(values: list[tuple[Fraction, int]]) -> tuple[int, float, float | None]:
    n = sum(times for _, times in values)
    total = sum((value * times for value, times in values), Fraction(0))
    squares = sum((value * value * times for value, times in values), Fraction(0))
    variance = (n * squares - total * total) / (n * (n - 1)) if n > 1 else None
    return n, float(total / n), None if variance is None else sqrt(variance)


def _counted(
    cells: Mapping[str, pl.Series],
    typed: Mapping[str, pl.Series],
    height: int,
    faults: Faults,
) -> dict[str, pl.Series]:
    """n, mean and sd of counts by mark; an empty count beside others is none."""
    counts = {}
    for mark in MARKS:
        name = f"count_{mark}"
        parsed = as_whole_numbers(cells[name])
        faults.add_each(parsed.fault, name, cells[name])
        negative = (parsed.value < 0).fill_null(value=False)
        faults.add(negative, name, "negative_count", cells[name])
        counts[name] = parsed.value
    frame = pl.DataFrame(counts)
    of = {mark: pl.col(f"count_{mark}").fill_null(0) for mark in MARKS}
    sums = frame.select(
        pl.all_horizontal(pl.all().is_null()).alias("empty"),
        pl.any_horizontal(pl.all() < 0).fill_null(False).alias("negative"),
        sum(of.values(), pl.lit(0)).alias("n"),
        sum((mark * count for mark, count in of.items()), pl.lit(0)).alias("total"),
        sum((mark * mark * count for mark, count in of.items()), pl.lit(0)).alias("squares"),
    )
    none = sums["empty"] | (sums["n"] == 0)
    faults.add(none, "count_5", "nothing_counted", None)
    # products of counts outgrow 64 bits where somebody writes a telephone into a count
    whole, total, squares = (pl.col(name).cast(pl.Int128) for name in ("n", "total", "squares"))
    spread = whole * squares - total * total
    made = sums.select(
        pl.col("n"),
        mean=pl.when(pl.col("n") > 0).then(pl.col("total") / pl.col("n")),
        sd=pl.when((pl.col("n") > 1) & ~pl.col("negative")).then(
            (spread.cast(pl.Float64) / (whole * (whole - 1)).cast(pl.Float64)).sqrt()
        ),
    )
    if "n" in cells and "n" in typed:
        off = (typed["n"] != made["n"]).fill_null(value=False) & ~none
        faults.add(off, "n", "count_does_not_fit", cells["n"])
    if "mean" in cells and "mean" in typed:
        # As exact as it is written: rounded or cut off, it is less than one last digit away.
        written = cells["mean"].str.extract(_DECIMALS, 1).str.len_chars().fill_null(0)
        power = pl.DataFrame({"d": written}).select(pl.lit(10.0).pow(pl.col("d")))["literal"]
        off = ((typed["mean"] - made["mean"]).abs() * power > 1 - 1e-6).fill_null(value=False)
        faults.add(off & ~none, "mean", "mean_does_not_fit", cells["mean"])
    return {name: made[name] for name in made.columns}
