"""Planning problems of any size, invented in memory: for benchmarks and simulations.

No files, no workspace, no people with names. What training does is drawn first and kept beside what
an evaluation would have estimated of it, so that a plan can be held against the truth.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from otdacha.demo.instance_needs import TOPICS, invented_needs, invented_volume
from otdacha.demo.instance_supply import invented_budgets, invented_offers, invented_providers


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
    taught = invented_providers(streams[1], providers, where)
    needs = invented_needs(streams[2], where, people, classes, TOPICS[:topics], years)
    offered = invented_offers(streams[3], where, taught, needs, offers, TOPICS[:topics])
    return PlanningInstance(
        needs,
        offered,
        invented_budgets(streams[4], where, needs, offered, years, money),
        invented_volume(streams[4], where, needs),
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
