"""Who needs what in an invented planning problem, and how much work their units have."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from otdacha.demo.scenery import PLAN_YEARS, courses

GROUPS = ("главная", "ведущая", "старшая", "младшая")
REASONS = ("legal_duty", "gap", "weak_indicator", "request")
_OF_REASONS = (0.08, 0.42, 0.25, 0.25)
_INDICATORS = ("on_time", "duration", "repeat")
_UNITS = 6
"""Units of a municipality whose people have needs."""
_MORE_TOPICS = (
    "архивное дело", "благоустройство", "бюджет и финансы", "дорожная деятельность",
    "жилищная политика", "закупки", "защита персональных данных", "имущественные отношения",
    "кадровая работа", "культура и молодёжь", "муниципальный контроль", "опека и попечительство",
    "предпринимательство", "противодействие коррупции", "социальная поддержка", "экология",
)  # fmt: skip
TOPICS = (*dict.fromkeys(course.topic for course in courses()), *_MORE_TOPICS)
"""Two dozen topics, those of the invented courses first."""
_TOWNS_AT_ONCE = 256


def invented_needs(
    rng: np.random.Generator,
    where: pl.DataFrame,
    people: int,
    classes: int,
    topics: tuple[str, ...],
    years: int,
) -> pl.DataFrame:
    """Classes over towns by size, no two of a town alike in unit, group, topic and reason."""
    sizes = rng.lognormal(0, 0.8, where.height)
    shape = (_UNITS, len(GROUPS), len(topics), len(REASONS))
    town = _spread_rows(rng, sizes, classes, int(np.prod(shape)))
    unit, group, topic, reason = np.unravel_index(_different(rng, town, shape), shape)
    weights = rng.lognormal(0, 0.7, classes)
    count = 1 + rng.multinomial(people - classes, weights / weights.sum())
    hopes = reason >= REASONS.index("weak_indicator")
    indicator = rng.integers(0, len(_INDICATORS), classes)
    change = np.round(rng.uniform(0.02, 0.08, classes) * np.where(indicator == 1, 30, 1), 2)
    last = rng.integers(0, years, classes)
    by = np.array([f"{PLAN_YEARS[0] + year}-12-31" for year in range(years + 1)], "datetime64[D]")
    duty = reason == REASONS.index("legal_duty")
    frame = pl.DataFrame(
        {
            "municipality": where["municipality"].gather(town),
            "place": town,
            "unit": np.array([f"Отдел {number + 1}" for number in range(_UNITS)])[unit],
            "position_group": np.array(GROUPS)[group],
            "people": count,
            "topic": np.array(topics)[topic],
            "reason": np.array(REASONS)[reason],
            "by": by[last],
            "indicator": np.array(_INDICATORS)[indicator],
            "change": change,
            "expected_by": by[last + 1],
            "priority": np.where(duty, rng.integers(1, 3, classes), rng.integers(2, 6, classes)),
        }
    )
    hoped = pl.Series(hopes)
    return frame.select(
        "municipality",
        pl.format("З-{}", pl.int_range(1, pl.len() + 1).over("place")).alias("need"),
        *(pl.lit(None, pl.String).alias(name) for name in ("person", "person_by_name", "badge")),
        "unit",
        "position_group",
        "people",
        "topic",
        "reason",
        "by",
        *(pl.when(hoped).then(name).alias(name) for name in ("indicator", "change", "expected_by")),
        "priority",
    )


def invented_volume(
    rng: np.random.Generator, where: pl.DataFrame, needs: pl.DataFrame
) -> pl.DataFrame:
    """Staff and yearly cases of each unit; a unit has at least the people of its largest need."""
    units = pl.DataFrame({"unit": [f"Отдел {number + 1}" for number in range(_UNITS)]})
    asked = needs.group_by("municipality", "unit").agg(
        most=pl.col("people").max(), together=pl.col("people").sum()
    )
    every = (
        where.select("municipality")
        .join(units, how="cross", maintain_order="left_right")
        .join(asked, on=["municipality", "unit"], how="left", maintain_order="left")
        .with_columns(pl.col("most", "together").fill_null(0))
    )
    staff = np.maximum(
        every["most"].to_numpy(),
        np.ceil(every["together"].to_numpy() * rng.uniform(0.7, 1.6, every.height)),
    ) + rng.integers(1, 4, every.height)
    pace = rng.lognormal(np.log(85), 0.4, every.height)
    return every.select(
        "municipality",
        "unit",
        staff=pl.Series(staff.astype(np.int64)),
        cases=pl.Series(np.round(staff * pace).astype(np.int64)),
    )


def _spread_rows(
    rng: np.random.Generator, sizes: NDArray[np.float64], rows: int, most: int
) -> NDArray[np.int64]:
    """The town of each row, sorted: one each, the others by size, none has more than `most`."""
    if rows > most * len(sizes):
        raise ValueError(f"classes: at most {most} for each town")
    count = 1 + rng.multinomial(rows - len(sizes), sizes / sizes.sum())
    while (over := np.maximum(count - most, 0).sum()) > 0:
        count = np.minimum(count, most)
        room = most - count
        count = count + rng.multinomial(over, room / room.sum())
    return np.repeat(np.arange(len(sizes)), count)


def _different(
    rng: np.random.Generator, town: NDArray[np.int64], shape: tuple[int, ...]
) -> NDArray[np.int64]:
    """For each row the number of a combination that no other row of its town has.

    The reasons, which are last in `shape`, come in their own shares: each combination gets a
    waiting time that is shorter the likelier it is, and a town takes those that come first.
    """
    size = int(np.prod(shape))
    odds = np.tile(_OF_REASONS, size // len(_OF_REASONS))
    first = np.searchsorted(town, town)
    found = np.empty(len(town), dtype=np.int64)
    for start in range(0, int(town[-1]) + 1, _TOWNS_AT_ONCE):
        rows = np.flatnonzero((town >= start) & (town < start + _TOWNS_AT_ONCE))
        towns = int(town[rows[-1]]) - start + 1
        order = (rng.exponential(size=(towns, size)) / odds).argsort(axis=1)
        found[rows] = order[town[rows] - start, rows - first[rows]]
    return found
