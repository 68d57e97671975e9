"""The work: cases of every person and month, with and without what training changed.

Shares and mean durations are sums: person + town + service and calendar + shock of the town +
training. Only so is the truth known exactly and the same sum estimable. A case is late with
probability 1 - p; a case in time takes a beta-binomial number of working days up to the limit, a
late one a geometric number past it; the mean of the first is set so that the mean of both is right.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from otdacha.demo.people import People
from otdacha.demo.scenery import (
    EXPORTED,
    MONTHS,
    City,
    Service,
    calendar,
    month_start,
)

_OVERRUN = 4.0
"""Mean working days of a late case past the limit; at least two, so that a limit that ends on a
day off and moves to the next working day is missed all the same."""
_BETA = 4.0
_SECOND = 0.25
_NEVER_CLOSED = 0.01
_CANCELLED = 0.015
_REFUSED = 0.06
_SPREAD = {  # standard deviations of shares on time, working days, shares of repeats
    "town": (0.06, 0.65, 0.022),
    "town_month": (0.018, 0.22, 0.007),
    "calendar": (0.025, 0.30, 0.010),
    "person_month": (0.02, 0.20, 0.008),
}
_PERSISTENCE = 0.75
_BOUNDS = (0.03, 0.985)


@dataclass(frozen=True)
class Towns:
    """How hard the work of each town is and what happens to it.

    difficulty: (cities,), standardised; the higher, the harder. level: (cities, 3), added to the
    share on time, the working days and the share of repeats. shocks: (cities, months, 3).
    calendar: (macroregions, services, months, 3), common to a stratum.
    """

    difficulty: NDArray[np.float64]
    level: NDArray[np.float64]
    shocks: NDArray[np.float64]
    calendar: NDArray[np.float64]
    macroregion: NDArray[np.int64]


def invent_towns(
    rng: np.random.Generator, cities: tuple[City, ...], services: tuple[Service, ...]
) -> Towns:
    """Levels, shocks with a memory of months, and a calendar that seasons and trends make."""
    macroregions = sorted({city.macroregion for city in cities})
    difficulty = np.clip(rng.normal(size=len(cities)), -1.8, 1.8)
    own = np.clip(rng.normal(size=(len(cities), 3)), -1.8, 1.8)
    level = (0.9 * difficulty[:, None] * [-1, 1, 1] + 0.4 * own) * _SPREAD["town"]
    shocks = np.empty((len(cities), MONTHS, 3))
    shocks[:, 0] = rng.normal(size=(len(cities), 3))
    fresh = rng.normal(size=shocks.shape) * np.sqrt(1 - _PERSISTENCE**2)
    for month in range(1, MONTHS):
        shocks[:, month] = _PERSISTENCE * shocks[:, month - 1] + fresh[:, month]
    season = np.cos(2 * np.pi * (np.arange(MONTHS) - rng.integers(0, 12)) / 12)
    jumps = rng.normal(size=(len(macroregions), len(services), MONTHS, 3))
    drift = (
        rng.normal(0, 0.6, (len(macroregions), len(services), 1, 3))
        * (np.arange(MONTHS) / MONTHS - 0.5)[:, None]
    )
    common = (0.7 * season[:, None] * [1, -1, -1] + 0.7 * jumps + drift) * _SPREAD["calendar"]
    return Towns(
        (difficulty - difficulty.mean()) / difficulty.std(),
        level,
        np.clip(shocks, -2.5, 2.5) * _SPREAD["town_month"],
        common,
        np.array([macroregions.index(city.macroregion) for city in cities]),
    )


@dataclass(frozen=True)
class Work:
    """All cases and, for each, what was to be expected with and without training.

    cases: city, person, department, service, opened, limit, days, closed (null: still open),
        cancelled (null: not), status, repeated; sorted by city and day of opening.
    expected: one row per person, department, service and month with a case: city, month (number),
        cases, and the expected share on time, mean working days and share of repeats with the
        training there was (`on_time`, `duration`, `repeat`) and without (`…_untrained`).
    """

    cases: pl.DataFrame
    expected: pl.DataFrame


def do_the_work(
    rng: np.random.Generator,
    services: tuple[Service, ...],
    people: People,
    towns: Towns,
    change: NDArray[np.float64],
) -> Work:
    """Cases of all people; `change` (people, months, 3) is what training adds in each month."""
    desks = _desks(rng, services, people)
    count = rng.poisson(desks["rate"].to_numpy())
    desk = np.repeat(np.arange(len(count)), count)
    opened = _opened(rng, desks["month"].to_numpy()[desk])
    there = _at_work(desks, desk, opened)
    desk, opened = desk[there], opened[there]

    service = desks["service"].to_numpy()[desk]
    days_allowed = _working_days_allowed(services, service, opened)
    base = _without_training(rng, services, people, towns, desks)
    effect = change[desks["person"].to_numpy(), desks["month"].to_numpy()]
    spread = np.array([each.spread for each in services])[service]
    on_time, in_time_days, mean = _expected(base[desk], effect[desk], days_allowed, spread)
    mean_untrained = _expected(base[desk], 0.0 * effect[desk], days_allowed, spread)[2]
    repeat = np.clip((base + effect)[:, 2], *_BOUNDS)[desk]

    late = rng.random(len(desk)) >= on_time
    part = (in_time_days - 1) / (days_allowed - 1)
    in_time = 1 + rng.binomial(days_allowed - 1, rng.beta(_BETA * part, _BETA * (1 - part)))
    too_late = days_allowed + 1 + rng.geometric(1 / (_OVERRUN - 1), len(desk))
    closed = calendar().days[opened + np.where(late, too_late, in_time)]
    never = late & (rng.random(len(desk)) < _NEVER_CLOSED)
    known = closed <= np.datetime64(EXPORTED)
    luck = rng.random(len(desk))
    cancelled = known & (luck < _CANCELLED)
    open_still = ~cancelled & (never | ~known)
    nothing = np.datetime64("NaT")
    status = np.select(
        [cancelled, open_still, luck < _CANCELLED + _REFUSED],
        ["Отменено", "В работе", "Отказано"],
        "Исполнено",
    )
    limits = np.array([each.limit for each in services])
    cases = pl.DataFrame(
        {
            "city": desks["city"].to_numpy()[desk],
            "person": desks["person"].to_numpy()[desk],
            "department": desks["department"].to_numpy()[desk],
            "service": service,
            "opened": calendar().days[opened],
            "limit": limits[service],
            "days": np.array([each.days for each in services])[service],
            "closed": np.where(open_still | cancelled, nothing, closed),
            "cancelled": np.where(cancelled, closed, nothing),
            "status": status,
            "repeated": rng.random(len(desk)) < repeat,
        }
    ).sort("city", "opened", maintain_order=True)
    expected = (
        desks.drop("rate", "started", "ended")
        .with_columns(
            on_time=np.clip((base + effect)[:, 0], *_BOUNDS),
            on_time_untrained=np.clip(base[:, 0], *_BOUNDS),
            repeat=np.clip((base + effect)[:, 2], *_BOUNDS),
            repeat_untrained=np.clip(base[:, 2], *_BOUNDS),
        )
        .with_row_index("desk")
        .join(
            pl.DataFrame({"desk": desk, "duration": mean, "duration_untrained": mean_untrained})
            .group_by(pl.col("desk").cast(pl.UInt32))
            .agg(pl.len().alias("cases"), pl.col("duration", "duration_untrained").mean()),
            on="desk",
        )
        .drop("desk")
        .sort("person", "department", "service", "month")
    )
    return Work(cases, expected)


def _desks(rng: np.random.Generator, services: tuple[Service, ...], people: People) -> pl.DataFrame:
    """One row per person, department, service and month of work, with the mean number of cases."""
    posts = people.posts.join(people.departments.drop("name"), on="department")
    main = posts.with_columns(
        part=pl.when(pl.col("second").is_null()).then(1.0).otherwise(1 - _SECOND)
    )
    second = posts.filter(pl.col("second").is_not_null()).with_columns(
        service="second", part=pl.lit(_SECOND)
    )
    months = pl.DataFrame(
        {
            "month": range(MONTHS),
            "first": [month_start(month) for month in range(MONTHS)],
            "next": [month_start(month + 1) for month in range(MONTHS)],
        }
    )
    pace = pl.DataFrame(
        {
            "person": np.arange(len(people.frame)),
            "pace": np.exp(rng.normal(-0.03, 0.25, len(people.frame))),
        }
    )
    rates = pl.DataFrame(
        {"service": range(len(services)), "usual": [each.rate for each in services]},
        schema_overrides={"service": pl.Int64},
    )
    return (
        pl.concat([main, second])
        .join(months, how="cross")
        .filter(
            pl.col("started") < pl.col("next"),
            pl.col("ended").is_null() | (pl.col("ended") >= pl.col("first")),
        )
        .join(pace, on="person")
        .join(rates, on="service")
        .select(
            "city",
            "person",
            "department",
            "service",
            "month",
            "started",
            pl.col("ended").fill_null(dt.date(2099, 1, 1)),
            rate=pl.col("usual") * pl.col("part") * pl.col("pace"),
        )
        .sort("person", "department", "service", "month")
    )


def _opened(rng: np.random.Generator, month: NDArray[np.int64]) -> NDArray[np.int64]:
    """The number of a working day of each case's month."""
    starts = np.array([month_start(each) for each in range(MONTHS + 1)], dtype="datetime64[D]")
    first = np.searchsorted(calendar().days, starts)
    length = np.diff(first)
    return np.asarray(first[month] + (rng.random(len(month)) * length[month]).astype(np.int64))


def _at_work(
    desks: pl.DataFrame, desk: NDArray[np.int64], opened: NDArray[np.int64]
) -> NDArray[np.bool_]:
    day = calendar().days[opened]
    started, ended = desks["started"].to_numpy()[desk], desks["ended"].to_numpy()[desk]
    return np.asarray((day >= started) & (day < ended))


def _working_days_allowed(
    services: tuple[Service, ...], service: NDArray[np.int64], opened: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Working days from the day after opening to the last day of the legal limit."""
    limit = np.array([each.limit for each in services])[service]
    in_calendar_days = np.array([each.days == "calendar" for each in services])[service]
    last = calendar().number(calendar().days[opened] + limit)
    return np.where(in_calendar_days, last - opened, limit)


def _without_training(
    rng: np.random.Generator,
    services: tuple[Service, ...],
    people: People,
    towns: Towns,
    desks: pl.DataFrame,
) -> NDArray[np.float64]:
    """(desks, 3): share on time, working days beyond what the lateness brings, share of repeats."""
    city, service = desks["city"].to_numpy(), desks["service"].to_numpy()
    month, person = desks["month"].to_numpy(), desks["person"].to_numpy()
    usual = np.array([[each.on_time, 0.0, each.repeat] for each in services])
    return np.asarray(
        usual[service]
        + people.ability[person]
        + towns.level[city]
        + towns.shocks[city, month]
        + towns.calendar[towns.macroregion[city], service, month]
        + rng.normal(size=(len(desks), 3)) * _SPREAD["person_month"]
    )


def _expected(
    base: NDArray[np.float64],
    effect: NDArray[np.float64],
    days_allowed: NDArray[np.int64],
    spread: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Share on time, mean working days of a case in time, mean working days of any case.

    Without training the mean of any case is late mean - spread x share on time + own days: a sum,
    as the share itself is. Training adds its working days to that mean, however the share moves.
    """
    late_mean = days_allowed + _OVERRUN
    before = np.clip(base[:, 0], *_BOUNDS)
    wanted = late_mean - spread * before + base[:, 1] + effect[:, 1]
    on_time = np.clip(base[:, 0] + effect[:, 0], *_BOUNDS)
    in_time = (wanted - (1 - on_time) * late_mean) / on_time
    in_time = np.clip(in_time, 1.1, days_allowed - 0.1)
    return on_time, in_time, on_time * in_time + (1 - on_time) * late_mean
