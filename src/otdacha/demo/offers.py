"""What the invented organisations offer for the years ahead: runs of their programmes.

A price is near that of the programme, which knows nothing of how well the organisation teaches.
"""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl
from numpy.typing import NDArray

from otdacha.demo.scenery import PLAN_YEARS, calendar, cities
from otdacha.demo.simulation import Simulation

OFFERS = 150
"""Runs on offer, in a union of any size."""

LICENCES_END = (
    dt.date(2026, 6, 30),
    dt.date(2026, 12, 31),
    dt.date(2027, 8, 31),
    dt.date(2028, 3, 31),
)
"""On these days the licences of four organisations end."""

_AT_A_DISTANCE = "дистанционная"
_FIRST, _LAST = dt.date(PLAN_YEARS[0], 1, 19), dt.date(PLAN_YEARS[0], 10, 30)
_YEARLY = 0.8


def invent_offers(rng: np.random.Generator, made: Simulation) -> pl.DataFrame:
    """Runs in the first year ahead, every programme once before any is held twice.

    Returns provider, number (of the provider), offer, programme, name, topic, hours, form, price
    (rubles for one person), started, finished, city (number of the city where it is held; null: at
    a distance), minimum_group, places, groups, travel (rubles for one who comes), yearly.
    """
    programmes = made.training.programmes
    again = rng.integers(0, programmes.height, OFFERS)
    chosen = np.sort(np.concatenate([rng.permutation(programmes.height), again])[:OFFERS])
    offered: pl.DataFrame = programmes[chosen.tolist()]
    lasts = np.maximum(1, offered["hours"].to_numpy() // 8)
    starts = _starts(rng)
    away = (offered["form"] != _AT_A_DISTANCE).to_numpy()
    minimum = rng.integers(5, 13, OFFERS)
    journey = rng.uniform(2_500, 8_000, OFFERS) + 700 * lasts
    return offered.with_columns(
        offer=pl.format(
            "{}/{}",
            "programme",
            pl.int_range(1, pl.len() + 1).over("provider", "programme"),
        ),
        price=pl.Series(np.round(offered["price"].to_numpy() * rng.uniform(0.93, 1.1, OFFERS), -2)),
        started=pl.Series(calendar().days[starts]),
        finished=pl.Series(calendar().days[starts + lasts]),
        city=pl.Series(_where_held(rng, offered["number"].to_numpy(), made)),
        minimum_group=pl.Series(minimum),
        places=pl.Series(np.maximum(minimum, rng.integers(10, 31, OFFERS))),
        groups=pl.Series(rng.integers(1, 4, OFFERS)),
        travel=pl.Series(np.where(away, np.round(journey, -2), 0.0)),
        yearly=pl.Series(rng.random(OFFERS) < _YEARLY),
    ).with_columns(city=pl.when(pl.Series(away)).then("city"))


def _starts(rng: np.random.Generator) -> NDArray[np.int64]:
    """Numbers of working days that are spread over the first year."""
    first, last = calendar().number(np.array([_FIRST, _LAST], dtype="datetime64[D]"))
    return rng.integers(first, last + 1, OFFERS)


def _where_held(
    rng: np.random.Generator, numbers: NDArray[np.int64], made: Simulation
) -> list[int]:
    """A city where the organisation has taught before, or one of the region where it sits."""
    home = made.people.frame["city"].to_numpy()
    taught = dict(
        made.training.records.select(
            "number", city=pl.Series(home[made.training.records["person"]])
        )
        .group_by("number")
        .agg(pl.col("city").unique().sort())
        .iter_rows()
    )
    regions = dict(made.training.providers.select("number", "region").iter_rows())
    found = []
    for number in numbers.tolist():
        known = taught.get(number) or [
            place for place, city in enumerate(cities()) if city.region == regions[number]
        ]
        found.append(int(rng.choice(known)))
    return found


def end_licences(rng: np.random.Generator, offers: pl.DataFrame) -> pl.DataFrame:
    """number (of the provider), licence_until: whose licence ends and when.

    The first to end has offered a run that it may not hold any more.
    """
    too_late = offers.filter(pl.col("finished") > LICENCES_END[0])["number"].unique().sort()
    first = int(rng.choice(too_late.to_numpy()))
    others = offers["number"].unique().sort()
    later = rng.choice(
        others.filter(others != first).to_numpy(), len(LICENCES_END) - 1, replace=False
    )
    return pl.DataFrame({"number": [first, *later.tolist()], "licence_until": LICENCES_END})
