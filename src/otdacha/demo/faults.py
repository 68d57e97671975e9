"""Known faults, planted as rows of their own so that the truth of the others stays what it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from otdacha.demo.files import decimal_comma

Stage = Literal["records", "panel", "kept"]


@dataclass(frozen=True)
class Fault:
    """So many rows of one kind of fault in one file.

    kind: the code of the reason that `otdacha.records` gives. stage: "records" where the row must
    be rejected at the door; "panel" where it is a valid row that is left out later and counted;
    "kept" where it is odd and stays, as a programme of eight hours does.
    """

    table: str
    file: str
    kind: str
    stage: Stage
    rows: int


CASES = {
    "repeated_row": 30,
    "repeated_key": 20,
    "closed_before_opened": 26,
    "impossible_date": 18,
    "unknown_executor": 34,
}
TRAINING = {
    "bad_inn": 7,
    "too_few_hours": 9,
    "finished_before_started": 5,
    "impossible_date": 4,
}
STAGES: Mapping[str, Stage] = {
    "unknown_executor": "panel",
    "cancelled": "panel",
    "short_programme": "kept",
}

FALSE_ORGANISATION = "АНО ДПО «Поди туда — не знаю куда»"
SHORT_COURSES = (
    ("Вебинар «Новое в законодательстве»", 8),
    ("Круглый стол по цифровым услугам", 12),
)
_IMPOSSIBLE = ("31.02.2024", "00.00.2023", "31.06.2024", "29.02.2023")


def spread(
    rng: np.random.Generator, planned: Mapping[str, int], rows: NDArray[np.int64]
) -> list[dict[str, int]]:
    """For each place how many rows of each kind of fault it gets; `rows` is how many it has."""
    total = sum(planned.values())
    drawn = rng.choice(np.repeat(np.arange(len(rows)), rows), total, replace=False)
    portions: list[dict[str, int]] = [dict.fromkeys(planned, 0) for _ in rows]
    for place, kind in zip(drawn, np.repeat(list(planned), list(planned.values())), strict=True):
        portions[place][str(kind)] += 1
    return portions


def plant_in_cases(
    rng: np.random.Generator, log: pl.DataFrame, planned: Mapping[str, int]
) -> pl.DataFrame:
    """The log with faulty rows at its end, made of sound ones.

    log: text columns case, opened, closed, status, executor.
    """
    sound = log.filter(pl.col("status") == "Исполнено")
    total = sum(planned.values())
    rows = sound[rng.choice(sound.height, total, replace=False).tolist()]
    numbers = pl.Series([f"2025-{900_000 + place:06d}" for place in range(total)])
    new = rows.with_columns(case=numbers)
    impossible = pl.Series(rng.choice(_IMPOSSIBLE, total))
    made = {
        "repeated_row": rows,
        "repeated_key": rows.with_columns(
            status=pl.lit("В работе"), closed=pl.lit(None, pl.String)
        ),
        "closed_before_opened": new.with_columns(opened="closed", closed="opened"),
        "impossible_date": new.with_columns(opened=impossible),
        "unknown_executor": new.with_columns(executor=pl.lit("99999")),
    }
    return pl.concat([log, *_portions(made, planned)])


def plant_in_training(
    rng: np.random.Generator,
    register: pl.DataFrame,
    planned: Mapping[str, int],
    false_provider: str,
    short_programmes: pl.DataFrame,
) -> pl.DataFrame:
    """The register with faulty rows at its end.

    register: text columns provider, programme, started, finished, hours, price.
    short_programmes: provider, programme, hours and price of courses below 16 hours, as numbers.
    """
    total = sum(planned.values())
    rows = register[rng.choice(register.height, total, replace=False).tolist()]
    short = short_programmes[rng.integers(0, short_programmes.height, total).tolist()].select(
        "provider", "programme", decimal_comma("hours", 1), decimal_comma("price", 2)
    )
    made = {
        "bad_inn": rows.with_columns(provider=pl.lit(false_provider)),
        "too_few_hours": rows.with_columns(short.get_columns()),
        "finished_before_started": rows.with_columns(started="finished", finished="started"),
        "impossible_date": rows.with_columns(started=pl.Series(rng.choice(_IMPOSSIBLE, total))),
    }
    return pl.concat([register, *_portions(made, planned)])


def _portions(made: Mapping[str, pl.DataFrame], planned: Mapping[str, int]) -> list[pl.DataFrame]:
    """Of every kind its planned number of rows, no source row used twice."""
    portions, used = [], 0
    for kind, rows in planned.items():
        portions.append(made[kind].slice(used, rows))
        used += rows
    return portions
