"""Planning problems of any size, invented in memory: for benchmarks and simulations.

No files, no workspace, no people with names. What training does is drawn first and kept beside what
an evaluation would have estimated of it, so that a plan can be held against the truth.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from otdacha.demo.identifiers import invented_inn
from otdacha.demo.scenery import PLAN_YEARS, courses

TRUE_MEAN, TRUE_SD = 0.08, 0.18
"""True effects of providers, in standard deviations of a case; plus is better."""
ERRORS = (0.03, 0.25)
"""Smallest and largest standard error of an estimate."""
UNPROVEN = 0.2

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

_AT_A_DISTANCE = 1 / 3
_SHARES = {"federal": 0.3, "regional": 0.3, "municipal": 0.4}
_CODES = {
    "federal": "38607059990092040244",
    "regional": "80107050240272340244",
    "municipal": "902070501201S2340244",
}


@dataclass(frozen=True)
class PlanningInstance:
    """A planning problem before anything is decided.

    needs, offers, budgets: the stored columns of the tables of these names, without `_batch` and
        `_row`. A row of needs is a class: people of one unit and group, one topic and one reason.
    volume: municipality, unit, staff, cases (a year, of the whole unit).
    providers: provider, name, region, licence_until, true (effect per case in standard deviations,
        plus is better), proven, estimate and error (null where nothing is proven).
    municipalities: municipality, name, region, latitude, longitude.
    """

    needs: pl.DataFrame
    offers: pl.DataFrame
    budgets: pl.DataFrame
    volume: pl.DataFrame
    providers: pl.DataFrame
    municipalities: pl.DataFrame


def planning_instance(
    seed: int | np.random.Generator,
    *,
    towns: int = 26,
    people: int = 4_000,
    classes: int = 800,
    offers: int = 150,
    regions: int = 10,
    years: int = 3,
    providers: int = 40,
    topics: int = 8,
    money: float = 1 / 3,
) -> PlanningInstance:
    """Invent a problem; the same seed gives the same one. The defaults are a union of 26 cities.

    people: how many are to be trained, in `classes` rows of needs. money: part of the cost of all
    needs at mean prices that all sources of all years make up together; federal, regional and
    municipal. Prices know nothing of effects. Raises ValueError where the sizes do not fit.
    """
    _require_fitting(towns, people, classes, offers, regions, years, topics)
    streams = np.random.default_rng(seed).spawn(5)
    where = _municipalities(streams[0], towns, regions)
    taught = _providers(streams[1], providers, where)
    needs = _needs(streams[2], where, people, classes, TOPICS[:topics], years)
    offered = _offers(streams[3], where, taught, needs, offers, TOPICS[:topics])
    return PlanningInstance(
        needs,
        offered,
        _budgets(streams[4], where, needs, offered, years, money),
        _volume(streams[4], where, needs),
        taught,
        where,
    )


def country_instance(seed: int | np.random.Generator) -> PlanningInstance:
    """The whole country: 300,000 people in 12,000 classes, 3,000 offers, 80 regions."""
    return planning_instance(
        seed,
        towns=2_000,
        people=300_000,
        classes=12_000,
        offers=3_000,
        regions=80,
        providers=600,
        topics=len(TOPICS),
    )


def _require_fitting(
    towns: int, people: int, classes: int, offers: int, regions: int, years: int, topics: int
) -> None:
    if not 1 <= regions <= towns:
        raise ValueError("every region needs a town: 1 <= regions <= towns")
    if not towns <= classes <= people:
        raise ValueError(
            "every town needs a class, every class a person: towns <= classes <= people"
        )
    if not 1 <= topics <= len(TOPICS):
        raise ValueError(f"topics: 1 to {len(TOPICS)}")
    if offers < topics:
        raise ValueError("every topic needs an offer: offers >= topics")
    if years < 1:
        raise ValueError("years: at least 1")


def _municipalities(rng: np.random.Generator, towns: int, regions: int) -> pl.DataFrame:
    """Towns around the middle of their region; every region has one, some have many."""
    odds = rng.dirichlet(np.full(regions, 3.0))
    more = rng.choice(regions, towns - regions, p=odds)
    region = np.sort(np.concatenate([np.arange(regions), more]))
    middle = np.column_stack([rng.uniform(45, 65, regions), rng.uniform(30, 130, regions)])
    place = middle[region] + rng.normal(0, 1.2, (towns, 2))
    names = np.array([f"Регион {number + 1:02d}" for number in range(regions)])
    return pl.DataFrame(
        {
            "municipality": [f"99{number + 1:06d}" for number in range(towns)],
            "name": [f"Город {number + 1}" for number in range(towns)],
            "region": names[region],
            "latitude": np.round(place[:, 0], 2),
            "longitude": np.round(place[:, 1], 2),
        }
    )


def _providers(rng: np.random.Generator, count: int, where: pl.DataFrame) -> pl.DataFrame:
    true = rng.normal(TRUE_MEAN, TRUE_SD, count)
    error = np.exp(rng.uniform(math.log(ERRORS[0]), math.log(ERRORS[1]), count))
    proven = np.ones(count, dtype=np.bool_)
    proven[rng.choice(count, round(UNPROVEN * count), replace=False)] = False
    estimate = true + rng.normal(0, error)
    known = pl.col("proven")
    return pl.DataFrame(
        {
            "provider": [invented_inn(number + 1) for number in range(count)],
            "name": [f"Учебный центр № {number + 1}" for number in range(count)],
            "region": where["region"].gather(rng.integers(0, where.height, count)),
            "licence_until": pl.Series([None] * count, dtype=pl.Date),
            "true": true,
            "proven": proven,
            "estimate": estimate,
            "error": error,
        }
    ).with_columns(pl.when(known).then("estimate"), pl.when(known).then("error"))


def _needs(
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


_TOWNS_AT_ONCE = 256


def _offers(
    rng: np.random.Generator,
    where: pl.DataFrame,
    providers: pl.DataFrame,
    needs: pl.DataFrame,
    count: int,
    topics: tuple[str, ...],
) -> pl.DataFrame:
    """Runs in the first year: a third at a distance, the others in towns that need much, near the
    provider's home mostly. Every topic is offered."""
    sizes = rng.dirichlet(np.full(providers.height, 1.5))
    provider = rng.choice(providers.height, count, p=sizes)
    of_topic = needs.group_by("topic").agg(pl.col("people").sum())
    wanted = dict(of_topic.iter_rows())
    weights = np.array([1 + wanted.get(topic, 0) for topic in topics], dtype=np.float64)
    more = rng.choice(len(topics), count - len(topics), p=weights / weights.sum())
    topic = rng.permutation(np.concatenate([np.arange(len(topics)), more]))
    hours = rng.choice([16, 24, 36, 40, 72], len(topics))[topic]
    price = 2_500 + 190 * hours * rng.uniform(0.75, 1.35, providers.height)[provider]
    start = np.datetime64(f"{PLAN_YEARS[0]}-01-19") + rng.integers(0, 285, count)
    started = np.busday_offset(start, 0, roll="forward")
    away = rng.random(count) >= _AT_A_DISTANCE
    minimum = rng.integers(5, 13, count)
    travel = np.round(rng.uniform(2_500, 8_000, count) + 700 * (hours // 8), -2)
    at = _towns(rng, where, providers["region"].gather(provider), needs)
    return pl.DataFrame(
        {
            "provider": providers["provider"].gather(provider),
            "offer": [f"П-{number + 1}" for number in range(count)],
            "programme": [f"ДПО-{p + 1}-{t + 1}" for p, t in zip(provider, topic, strict=True)],
            "name": np.array([f"Курс: {name}" for name in topics])[topic],
            "topic": np.array(topics)[topic],
            "hours": hours.astype(np.float64),
            "form": np.where(away, "очная", "дистанционная"),
            "price": np.round(price * rng.uniform(0.9, 1.1, count), -2),
            "started": started,
            "finished": np.busday_offset(started, hours // 8),
            "town": where["municipality"].gather(at),
            "minimum_group": minimum,
            "places": np.maximum(minimum, rng.integers(10, 31, count)),
            "groups": rng.integers(1, 4, count),
            "travel": np.where(away, travel, 0.0),
            "yearly": rng.random(count) < 0.85,
        }
    ).with_columns(pl.when(pl.Series(away)).then("town").alias("town"))


def _towns(
    rng: np.random.Generator, where: pl.DataFrame, home: pl.Series, needs: pl.DataFrame
) -> NDArray[np.int64]:
    """A town for each offer: four in five in the provider's region; where more people are to be
    trained, more is held."""
    wanted = (
        where.join(
            needs.group_by("municipality").agg(pl.col("people").sum()),
            on="municipality",
            how="left",
            maintain_order="left",
        )["people"]
        .fill_null(0)
        .to_numpy()
    )
    upto = np.concatenate([[0.0], np.cumsum(1.0 + wanted)])
    region = where["region"].to_numpy()  # towns are in order of regions
    names, first, size = np.unique(region, return_index=True, return_counts=True)
    own = np.searchsorted(names, home.to_numpy())
    near = rng.random(len(home)) < 0.8
    low = np.where(near, upto[first[own]], 0.0)
    high = np.where(near, upto[first[own] + size[own]], upto[-1])
    drawn = low + rng.random(len(home)) * (high - low)
    return np.asarray(np.searchsorted(upto, drawn, side="right") - 1, dtype=np.int64)


def _budgets(
    rng: np.random.Generator,
    where: pl.DataFrame,
    needs: pl.DataFrame,
    offers: pl.DataFrame,
    years: int,
    money: float,
) -> pl.DataFrame:
    """Federal money for all, a region's for its towns and a town's own, in the same years."""
    price = offers.group_by("topic").agg(price=pl.col("price").mean())
    cost = (
        needs.join(price, on="topic")
        .group_by("municipality")
        .agg(cost=pl.col("price").dot("people"))
        .join(where.select("municipality", "region"), on="municipality")
        .sort("municipality")
    )
    total = money * float(cost["cost"].to_numpy().sum())
    everybody = pl.DataFrame(
        {"holder": [None], "cost": [1.0]}, schema_overrides={"holder": pl.String}
    )
    by_region = cost.group_by(holder="region").agg(pl.col("cost").sum()).sort("holder")
    by_town = cost.select("cost", holder="municipality")
    shares = {"federal": everybody, "regional": by_region, "municipal": by_town}
    purses = []
    for source, holders in shares.items():
        luck = holders["cost"].to_numpy() * rng.uniform(0.6, 1.4, holders.height)
        amount = luck / luck.sum() * total * _SHARES[source] / years
        purses.append(
            holders.select(
                source=pl.lit(source),
                holder="holder",
                code=pl.lit(_CODES[source]),
                amount=pl.Series(np.round(amount, -2)),
            )
        )
    ahead = pl.DataFrame({"year": np.arange(PLAN_YEARS[0], PLAN_YEARS[0] + years)})
    return (
        pl.concat(purses)
        .join(ahead, how="cross", maintain_order="left_right")
        .select("source", "holder", "year", "code", "amount", pays_for=pl.lit(None, pl.String))
    )


def _volume(rng: np.random.Generator, where: pl.DataFrame, needs: pl.DataFrame) -> pl.DataFrame:
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
