"""Known faults, planted as rows of their own so that the truth of the others stays what it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from otdacha.demo.files import decimal_comma

Stage = Literal["records", "panel", "programme", "pay", "kept"]


@dataclass(frozen=True)
class Fault:
    """So many rows of one kind of fault in one file.

    kind: the code of the reason that `otdacha.records` gives. stage: "records" where the row must
    be rejected at the door; "panel" where it is a valid row that is left out later and counted,
    "programme" where a plan and "pay" where a payroll has to leave it out; "kept" where it is odd
    and stays, as a programme of eight hours does.
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
NEEDS = {"twice_on_one_day": 6}
OFFERS = {"no_date_of_offer": 3, "minimum_above_places": 2, "negative_price": 2}
BUDGETS = {"bad_budget_code": 2}
POSTS = {
    "negative_salary": 2,
    "share_out_of_range": 3,
    "rate_out_of_range": 2,
    "perhaps_a_part": 2,
    "hired_before_birth": 2,
    "ended_before_started": 2,
    "two_main_posts": 2,
}
CLASHES = ("two_main_posts",)
"""Faults that the planted row and the sound one beside it have together."""
STAGES: Mapping[str, Stage] = {
    "unknown_executor": "panel",
    "cancelled": "panel",
    "licence_ended": "programme",
    "two_main_posts": "pay",
    "short_programme": "kept",
    "twice_on_one_day": "kept",
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


def plant_in_needs(
    rng: np.random.Generator,
    needs: pl.DataFrame,
    planned: Mapping[str, int],
    topics: Sequence[str],
) -> pl.DataFrame:
    """The needs of one town with more at the end: somebody needed again on the very same day.

    needs: number, person, topic, indicator and what else there is. topics: what the second need
    may be about; it is another topic than that of the first.
    """
    named = needs.filter(pl.col("person").is_not_null(), pl.col("indicator").is_null())
    twice: pl.DataFrame = named[
        rng.choice(named.height, planned["twice_on_one_day"], replace=False).tolist()
    ]
    other = [
        str(rng.choice([each for each in topics if each != taken])) for taken in twice["topic"]
    ]
    numbers = range(needs.height + 1, needs.height + 1 + twice.height)
    again = twice.with_columns(
        topic=pl.Series(other, dtype=pl.String),
        number=pl.Series(numbers, dtype=needs.schema["number"]),
    )
    return pl.concat([needs, again])


def plant_in_offers(
    rng: np.random.Generator, offers: pl.DataFrame, planned: Mapping[str, int]
) -> pl.DataFrame:
    """The offers with faulty rows at their end, made of sound ones under codes of their own.

    offers: offer, started (text), minimum_group, places, price (numbers) and what else there is.
    """
    total = sum(planned.values())
    rows: pl.DataFrame = offers[rng.choice(offers.height, total, replace=False).tolist()]
    new = rows.with_columns(pl.format("{}-н", "offer").alias("offer"))
    made = {
        "no_date_of_offer": new.with_columns(started=pl.lit(None, pl.String)),
        "minimum_above_places": new.with_columns(minimum_group=pl.col("places") + 5),
        "negative_price": new.with_columns(price=-pl.col("price")),
    }
    return pl.concat([offers, *_portions(made, planned)])


def plant_in_budgets(
    rng: np.random.Generator, budgets: pl.DataFrame, planned: Mapping[str, int]
) -> pl.DataFrame:
    """The budgets with rows at their end whose code has lost its last sign."""
    coded = budgets.filter(pl.col("code").is_not_null())
    rows: pl.DataFrame = coded[
        rng.choice(coded.height, planned["bad_budget_code"], replace=False).tolist()
    ]
    return pl.concat([budgets, rows.with_columns(pl.col("code").str.head(-1))])


def plant_in_posts(
    rng: np.random.Generator, posts: pl.DataFrame, planned: Mapping[str, int]
) -> pl.DataFrame:
    """The posts of one town with faulty rows at their end, made of sound ones.

    posts: person, position, share, salary, special (numbers), birth, started, ended, service_from,
    north_from (dates, as text or not), main and what else there is. The second main post of
    somebody is a small one beside the only post that they hold.
    """
    single = pl.len().over("person") == 1
    sound = posts.filter(single, "main", pl.col("ended").is_null())
    total = sum(planned.values())
    rows: pl.DataFrame = sound[rng.choice(sound.height, total, replace=False).tolist()]
    never = pl.lit(None, posts.schema["service_from"])
    made = {
        "negative_salary": rows.with_columns(salary=pl.lit(-12_000.0)),
        "share_out_of_range": rows.with_columns(share=pl.lit(2.0)),
        "rate_out_of_range": rows.with_columns(special=pl.lit(250.0)),
        "perhaps_a_part": rows.with_columns(special=pl.lit(0.9)),
        "hired_before_birth": rows.with_columns(
            birth="started", service_from=never, north_from=never
        ),
        "ended_before_started": rows.with_columns(ended="birth"),
        "two_main_posts": rows.with_columns(position=pl.lit("Советник"), share=pl.lit(0.25)),
    }
    return pl.concat([posts, *_portions(made, planned)])


def _portions(made: Mapping[str, pl.DataFrame], planned: Mapping[str, int]) -> list[pl.DataFrame]:
    """Of every kind its planned number of rows, no source row used twice."""
    portions, used = [], 0
    for kind, rows in planned.items():
        portions.append(made[kind].slice(used, rows))
        used += rows
    return portions
