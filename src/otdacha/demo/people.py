"""Invented people: departments, names, posts and how well they work without any training."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from otdacha.demo.identifiers import invented_phones, invented_snils
from otdacha.demo.scenery import (
    FIRST_MONTH,
    MONTHS,
    REGISTER_FROM,
    City,
    Service,
    month_start,
    wording,
)

PEOPLE = 2300
"""People of the whole union at scale 1."""

_DEPARTMENT_SIZE = {"executor": 11, "department": 5}


@dataclass(frozen=True)
class People:
    """Everybody who handles cases, numbered from 0.

    frame: person, city (number), badge, surname, name, patronymic, birth, snils, phone, group,
        post.
    departments: department, city, name, service, second (a second service or null).
    posts: person, department, started, ended (null: still there); one row for each department
        that somebody worked in.
    ability: (people, 3): how far each stands from the mean in the share on time, in working days
        and in the share of repeats, before any training.
    """

    frame: pl.DataFrame
    departments: pl.DataFrame
    posts: pl.DataFrame
    ability: NDArray[np.float64]

    @property
    def weakness(self) -> NDArray[np.float64]:
        """Standardised: the higher, the worse somebody works. Weaker people are sent to courses."""
        on_time = self.ability[:, 0]
        weakness: NDArray[np.float64] = -(on_time - on_time.mean()) / on_time.std()
        return weakness


def invent_people(
    rng: np.random.Generator,
    cities: tuple[City, ...],
    services: tuple[Service, ...],
    scale: float = 1.0,
) -> People:
    """People of all cities; bigger cities have more of them, though not in proportion."""
    departments = _departments(rng, cities, services, scale)
    places = departments.select("department", "city").sort("department")
    home = np.repeat(places["department"].to_numpy(), departments["people"].to_numpy())
    city = places["city"].to_numpy()[home]
    people = len(home)
    frame = _identities(rng, city)
    posts = _posts(rng, departments, home)
    talent = rng.normal(size=(people, 1))
    own = rng.normal(size=(people, 3))
    ability = np.clip(0.8 * talent * [1, -1, -1] + 0.6 * own, -2.2, 2.2) * [0.065, 0.55, 0.022]
    return People(frame, departments.drop("people"), posts, ability)


def _departments(
    rng: np.random.Generator, cities: tuple[City, ...], services: tuple[Service, ...], scale: float
) -> pl.DataFrame:
    size = np.sqrt([city.population for city in cities])
    heads = np.maximum(np.round(PEOPLE * scale * size / size.sum()), 2 * len(services))
    rows: list[tuple[int, int, str, int, int | None, int]] = []
    for number, city in enumerate(cities):
        for service, work in enumerate(services):
            staff = max(2, round(float(heads[number]) * work.share))
            count = max(1, round(staff / _DEPARTMENT_SIZE[city.case_log_names]))
            territories = rng.permutation(wording("territories"))
            for part in range(count):
                name = work.department + (f" ({territories[part]})" if count > 1 else "")
                second = (service + 1) % len(services) if rng.random() < 0.25 else None
                people = staff // count + (part < staff % count)
                rows.append((len(rows), number, name, service, second, people))
    return pl.DataFrame(
        rows,
        schema=["department", "city", "name", "service", "second", "people"],
        orient="row",
    )


def _identities(rng: np.random.Generator, city: NDArray[np.int64]) -> pl.DataFrame:
    people = len(city)
    woman = rng.random(people) < 0.72
    surname = rng.choice(wording("surnames"), people)
    name = np.where(woman, rng.choice(wording("women"), people), rng.choice(wording("men"), people))
    father = np.array(wording("patronymics"))[rng.integers(0, len(wording("patronymics")), people)]
    post = rng.choice(len(wording("posts")), people, p=wording("post_shares"))
    group, title = np.array(wording("posts"))[post].T
    born = np.datetime64("1962-01-01") + rng.integers(0, 37 * 365, people)
    first = np.searchsorted(city, city)  # departments, and so people, are in order of cities
    return pl.DataFrame(
        {
            "person": np.arange(people),
            "city": city,
            "badge": [f"{number:05d}" for number in np.arange(people) - first + 101],
            "surname": [s + "а" * bool(w) for s, w in zip(surname, woman, strict=True)],
            "name": name,
            "patronymic": np.where(woman, father[:, 1], father[:, 0]),
            "birth": born,
            "snils": invented_snils(rng, people),
            "phone": invented_phones(rng, people),
            "group": group,
            "post": title,
        }
    )


def _posts(
    rng: np.random.Generator, departments: pl.DataFrame, home: NDArray[np.int64]
) -> pl.DataFrame:
    """Where everybody worked and when: most came early and stay, some come, go or move."""
    people = len(home)
    last_day = month_start(MONTHS)
    came = rng.choice(3, people, p=[0.80, 0.12, 0.08])
    early, middle = dt.date(2006, 1, 9), REGISTER_FROM
    window = (last_day - FIRST_MONTH).days
    started = np.choose(
        came,
        [
            np.datetime64(early) + rng.integers(0, (middle - early).days - 60, people),
            np.datetime64(middle) + rng.integers(0, (FIRST_MONTH - middle).days, people),
            np.datetime64(FIRST_MONTH) + rng.integers(0, window - 400, people),
        ],
    )
    leaves = (rng.random(people) < 0.08) & (came < 2)
    left = np.datetime64(FIRST_MONTH) + rng.integers(150, window, people)
    moves = (rng.random(people) < 0.045) & (came < 2) & ~leaves
    moved = np.datetime64(FIRST_MONTH) + rng.integers(120, window - 120, people)
    other = _another_department(rng, departments, home)
    moves &= other != home
    never = np.datetime64("NaT")
    first = pl.DataFrame(
        {
            "person": np.arange(people),
            "department": home,
            "started": started,
            "ended": np.where(leaves, left, np.where(moves, moved, never)),
        }
    )
    later = pl.DataFrame(
        {
            "person": np.flatnonzero(moves),
            "department": other[moves],
            "started": moved[moves] + 1,
            "ended": np.full(int(moves.sum()), never, dtype=moved.dtype),
        }
    )
    return pl.concat([first, later]).sort("person", "started")


def _another_department(
    rng: np.random.Generator, departments: pl.DataFrame, home: NDArray[np.int64]
) -> NDArray[np.int64]:
    """For each person some department of the same city, possibly the same one."""
    city = departments["city"].to_numpy()
    first = np.searchsorted(city, city)[home]
    count = (np.searchsorted(city, city, side="right") - np.searchsorted(city, city))[home]
    return np.asarray(first + rng.integers(0, 1 << 30, len(home)) % count, dtype=np.int64)
