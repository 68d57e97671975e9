"""The terms of every post, and how leaving depends on pay: its truth is known exactly.

Who leaves and when was drawn before anybody was paid, so pay is drawn given who leaves. The own
part of the logarithm of pay, beside what is usual in the position group, is normal with standard
deviation `SPREAD`, cut at ±`BOUND`, for those who stay, and the same normal moved by
`BETA` · `SPREAD`² for those who leave: their densities differ by exp(BETA · own) but for a constant
(exponential tilting). And of those who leave, groups have the shares of those who stay times
exp(BETA · usual). So the odds of leaving are exp(BETA · log pay), within a town and within its
position groups alike. For that a few who leave hold a post of another group here than in the list
of staff, which was invented before.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from otdacha.demo.people import People
from otdacha.demo.scenery import EXPORTED, City, wording

BETA = -2.0
"""Hazard of leaving by the logarithm of pay: a tenth more pay is a fifth less of it."""
SPREAD = 0.15
BOUND = 0.25
"""The logarithm of pay lies within a quarter of what is usual in the group."""
USUAL_ALLOWANCE = 0.9
"""For special conditions, in salaries a month: the middle of people's own allowances."""


@dataclass(frozen=True)
class Group:
    """A position group of the union.

    salary: rubles a month in 2024, for norms. rank: what its class ranks are called. beside: what a
    post brings a month besides the allowance for special conditions, in salaries.
    """

    salary: float
    pay_class: int
    rank: str
    beside: float


GROUPS: Mapping[str, Group] = MappingProxyType(
    {
        "главная": Group(13_500, 2, "муниципальный советник", 2.90),
        "ведущая": Group(12_100, 1, "советник муниципальной службы", 2.86),
        "старшая": Group(10_500, 1, "референт муниципальной службы", 2.81),
        "младшая": Group(8_900, 1, "секретарь муниципальной службы", 2.75),
    }
)
"""Salary 1, monthly incentive 1, bonus 0.25, leave payment and aid 0.25, years of service about 0.2
and class rank make up `beside`."""

NORTH = frozenset(
    {"Архангельская область", "Мурманская область", "Республика Карелия", "Республика Коми"}
)
_GROWN_UP = "20y"
_EARLIER_SERVICE = 0.3
_PART_TIME = {1.0: 0.95, 0.5: 0.03, 0.75: 0.02}
_SECRET = 0.03
_SECOND_POST = 0.02
SECOND = "Специалист 1 категории"
_SECOND_SALARY = 8_900.0
_SECOND_FROM = dt.date(2024, 2, 1)
_SENIOR, _MIDDLE = dt.date(2013, 1, 1), dt.date(2020, 1, 1)


@dataclass(frozen=True)
class Terms:
    """Everybody's posts. own: by person, the own part x of the logarithm of pay. leaves: by person.

    posts: person, city, department, started, ended, position, group, pay_class, share, salary
        (null: the law's), special (whole percent; null: the law's), class_rank, secrecy,
        service_from, north_from, sex, main.
    """

    posts: pl.DataFrame
    own: NDArray[np.float64]
    leaves: NDArray[np.bool_]


def agree_terms(rng: np.random.Generator, people: People, cities: tuple[City, ...]) -> Terms:
    """Terms for all posts of the union, from a stream of chance of its own."""
    leaves = _leaves(people)
    place = {name: place for place, name in enumerate(GROUPS)}
    invented = people.frame["group"].replace_strict(place, return_dtype=pl.Int64).to_numpy()
    held = groups_held(rng, invented, leaves)
    own = own_parts(even_chance(rng, 2 * held + leaves), leaves)
    of_person = _of_people(rng, people, np.array(list(GROUPS))[held], own, cities)
    main = (
        people.posts.join(of_person, on="person", maintain_order="left")
        .with_columns(pl.max_horizontal("started", pl.col("birth").dt.offset_by(_GROWN_UP)))
        .with_columns(first=pl.col("started").min().over("person"))
        .with_columns(
            service_from=_counted_from(),
            north_from=pl.when("north").then("first"),
            class_rank=_class_rank(),
            salary=pl.lit(None, pl.Float64),
            main=pl.lit(value=True),
        )
    )
    posts = pl.concat([main, _second_posts(rng, main)])
    return Terms(posts.select(_POSTS), own, leaves)


_POSTS = [
    *("person", "city", "department", "started", "ended", "position", "group", "pay_class"),
    *("share", "salary", "special", "class_rank", "secrecy", "service_from", "north_from"),
    *("sex", "main"),
]


def own_parts(chance: NDArray[np.float64], leaves: NDArray[np.bool_]) -> NDArray[np.float64]:
    """The own part of log pay by person. chance: uniform in [0, 1)."""
    centre = np.where(leaves, BETA * SPREAD**2, 0.0)
    low, high = ndtr((-BOUND - centre) / SPREAD), ndtr((BOUND - centre) / SPREAD)
    drawn: NDArray[np.float64] = centre + SPREAD * ndtri(low + chance * (high - low))
    return drawn


def even_chance(rng: np.random.Generator, stratum: NDArray[np.int64]) -> NDArray[np.float64]:
    """Chance in [0, 1) by person, spread evenly within each stratum: few people show the truth as
    many would."""
    shuffled = rng.permutation(len(stratum))
    chance = np.empty(len(stratum))
    for each in np.unique(stratum):
        who = shuffled[stratum[shuffled] == each]
        chance[who] = (np.arange(len(who)) + rng.random(len(who))) / len(who)
    return chance


def groups_held(
    rng: np.random.Generator, groups: NDArray[np.int64], leaves: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Places in `GROUPS` by person, where as few as can be of those who leave hold another post so
    that the groups of all who leave are as many as pay says. groups: as they were invented."""
    held = groups.copy()
    usual = [group.salary * (group.beside + USUAL_ALLOWANCE) for group in GROUPS.values()]
    odds = np.bincount(groups[~leaves], minlength=len(GROUPS)) * np.array(usual) ** BETA
    there = np.bincount(groups[leaves], minlength=len(GROUPS))
    wanted = np.diff(np.rint(np.append(0.0, odds.cumsum() / odds.sum()) * there.sum()).astype(int))
    spare = np.concatenate(
        [
            rng.permutation(np.flatnonzero(leaves & (groups == place)))[: max(0, surplus)]
            for place, surplus in enumerate(there - wanted)
        ]
    )
    held[rng.permutation(spare)] = np.repeat(range(len(GROUPS)), np.maximum(0, wanted - there))
    return held


def allowance(group: str, own: float) -> int:
    """The allowance for special conditions, whole percent of the salary, that makes a post of the
    group bring exp(`own`) of what is usual in it."""
    beside = GROUPS[group].beside
    return round(100 * ((beside + USUAL_ALLOWANCE) * float(np.exp(own)) - beside))


def _leaves(people: People) -> NDArray[np.bool_]:
    """Whether somebody's last post has ended."""
    last = people.posts.sort("person", "started").group_by("person", maintain_order=True).last()
    return last["ended"].is_not_null().to_numpy()


def _of_people(
    rng: np.random.Generator,
    people: People,
    group: NDArray[np.str_],
    own: NDArray[np.float64],
    cities: tuple[City, ...],
) -> pl.DataFrame:
    """What is of a person and not of a post. group: of the post that each holds."""
    frame = people.frame.with_columns(group=pl.Series(group))
    number = frame.height
    north = np.array([city.region in NORTH for city in cities])[frame["city"].to_numpy()]
    earlier = np.where(rng.random(number) < _EARLIER_SERVICE, rng.integers(200, 3_000, number), 0)
    secret = rng.random(number) < _SECRET
    return frame.select(
        "person",
        "city",
        "birth",
        "group",
        position=pl.col("group").replace_strict(dict(wording("posts"))),
        pay_class=pl.col("group").replace_strict(
            {name: group.pay_class for name, group in GROUPS.items()}, return_dtype=pl.Int64
        ),
        share=pl.Series(rng.choice(list(_PART_TIME), number, p=list(_PART_TIME.values()))),
        special=pl.Series(list(map(allowance, frame["group"], own.tolist()))),
        secrecy=pl.when(pl.Series(secret)).then(pl.lit("секретно")),
        sex=pl.when(pl.col("patronymic").str.ends_with("на"))
        .then(pl.lit("Жен"))
        .otherwise(pl.lit("Муж")),
        north=pl.Series(north),
        earlier=pl.Series(earlier),
    )


def _counted_from() -> pl.Expr:
    """From when service counts, where that is not the first day in the post."""
    before = pl.max_horizontal(
        pl.col("first") - pl.duration(days="earlier"), pl.col("birth").dt.offset_by(_GROWN_UP)
    )
    return pl.when(before < pl.col("started")).then(before)


def _class_rank() -> pl.Expr:
    """Who has served longer has a higher class of the group's rank; who came lately has none."""
    names = {name: group.rank for name, group in GROUPS.items()}
    number = (
        pl.when(pl.col("first") < _SENIOR)
        .then(1)
        .when(pl.col("first") < _MIDDLE)
        .then(2)
        .otherwise(3)
    )
    rank = pl.format("{} {} класса", pl.col("group").replace_strict(names), number)
    return pl.when(pl.col("first").dt.offset_by("1y") < EXPORTED).then(rank)


def _second_posts(rng: np.random.Generator, main: pl.DataFrame) -> pl.DataFrame:
    """Half a post that a few hold beside their own one, with a salary by agreement."""
    staying = main.filter(pl.col("ended").is_null(), pl.col("started") < _SECOND_FROM)
    chosen = staying.filter(pl.Series(rng.random(staying.height) < _SECOND_POST))
    return chosen.with_columns(
        started=pl.lit(_SECOND_FROM),
        service_from="first",
        position=pl.format("{} (совместительство)", pl.lit(SECOND)),
        group=pl.lit("младшая"),
        pay_class=pl.lit(1, pl.Int64),
        share=pl.lit(0.5),
        salary=pl.lit(_SECOND_SALARY),
        special=pl.lit(None, pl.Int64),
        main=pl.lit(value=False),
    )
