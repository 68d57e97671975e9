"""Who was sent to which course: sessions held in towns, weaker people first."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from otdacha.demo.identifiers import invented_inn, invented_ogrn
from otdacha.demo.people import People
from otdacha.demo.scenery import (
    MONTHS,
    REGISTER_MONTHS,
    City,
    Course,
    Organisation,
    calendar,
    month_start,
    wording,
)

MISLEADING_PULL = 1.1
"""How much organisations without effect are drawn to towns where the work is easy, and those with
an effect to towns where it is hard: the mean of what their people achieve then says the reverse."""

_SEATS = 5.0
_SESSIONS_PER_PERSON = 0.90 / _SEATS
_SESSIONS_PER_DEPARTMENT = 0.72
_BEFORE_THE_FIRST_CASE = 0.14
_REST_DAYS = 270


@dataclass(frozen=True)
class Training:
    """Organisations, their programmes and who was taught what.

    providers: number, provider (ИНН), name, ogrn, kind, region, licence.
    programmes: number of the provider, provider, programme, name, topic, hours, form, price.
    records: person, number (of the provider), programme, started, finished, hours, price.
    """

    providers: pl.DataFrame
    programmes: pl.DataFrame
    records: pl.DataFrame


@dataclass(frozen=True)
class _Session:
    city: int
    month: int
    provider: int
    seats: int


def hold_courses(
    rng: np.random.Generator,
    cities: tuple[City, ...],
    organisations: tuple[Organisation, ...],
    courses: tuple[Course, ...],
    people: People,
    difficulty: NDArray[np.float64],
) -> Training:
    """Training of 30 months before the first case and of the months of the cases.

    difficulty: (cities,), standardised: the higher, the harder the work is there.
    """
    reach = _reach(rng, cities, organisations, difficulty)
    providers = _providers(rng, cities, organisations, reach)
    programmes = _programmes(rng, organisations, courses, providers)
    offers = [programmes.filter(number=number).to_dicts() for number in range(len(organisations))]
    posts = people.posts.join(people.departments.select("department", "city"), on="department")
    staff = [_Staff(posts.filter(city=i), people.weakness, city) for i, city in enumerate(cities)]
    rows = []
    for session in _sessions(rng, organisations, reach, staff):
        offer = offers[session.provider][int(rng.integers(len(offers[session.provider])))]
        started = month_start(session.month) + dt.timedelta(int(rng.integers(0, 20)))
        finished = calendar().next_from(started, max(1, offer["hours"] // 8))
        course = (session.provider, offer["programme"], started, finished)
        for person in staff[session.city].send(rng, session.seats, started, finished):
            rows.append((person, *course, float(offer["hours"]), offer["price"]))
    records = pl.DataFrame(
        rows,
        schema=["person", "number", "programme", "started", "finished", "hours", "price"],
        orient="row",
    )
    return Training(providers, programmes, records)


class _Staff:
    """The people of one city while sessions fill, one after the other."""

    def __init__(self, posts: pl.DataFrame, weakness: NDArray[np.float64], city: City) -> None:
        self.person = posts["person"].to_numpy()
        self.department = posts["department"].to_numpy()
        self._started = posts["started"].to_numpy()
        self._ended = posts["ended"].fill_null(dt.date(2099, 1, 1)).to_numpy()
        self._weakness = weakness
        self._times = np.zeros(len(weakness), dtype=np.int64)
        self._free_from = np.full(len(weakness), np.datetime64("1900-01-01"))
        self._together = city.case_log_names == "department"

    @property
    def sessions(self) -> float:
        """How many sessions suit these people in all the months."""
        if self._together:
            return _SESSIONS_PER_DEPARTMENT * len(np.unique(self.department))
        return _SESSIONS_PER_PERSON * len(self.person)

    def send(
        self, rng: np.random.Generator, seats: int, started: dt.date, finished: dt.date
    ) -> list[int]:
        """Who takes the seats: people at work then, not taught lately, the weaker the likelier.

        Where a case log names no executor, a department goes together, or most of it.
        """
        there = (self._started < np.datetime64(started)) & (self._ended > np.datetime64(finished))
        there &= (self._free_from[self.person] < np.datetime64(started)) & (
            self._times[self.person] < 2
        )
        able = self.person[there]
        if self._together and len(able):
            able = self._of_one_department(rng, able, self.department[there])
            seats = max(1, round(len(able) * rng.uniform(0.7, 1.0)))
        odds = np.exp(-1.2 * (self._times[able] > 0) + 0.9 * self._weakness[able])
        seats = min(seats, len(able))
        sent = rng.choice(able, size=seats, replace=False, p=odds / odds.sum()) if seats else able
        self._times[sent] += 1
        # a department that went together does not go again soon: it needs months without training
        rest = _REST_DAYS * (3 if self._together else 1)
        self._free_from[sent] = np.datetime64(finished) + rest
        return sorted(sent.tolist())

    def _of_one_department(
        self, rng: np.random.Generator, able: NDArray[np.int64], department: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        known, member, size = np.unique(department, return_inverse=True, return_counts=True)
        weakness = np.bincount(member, weights=self._weakness[able]) / size
        odds = np.where(size > 1, np.exp(0.9 * weakness), 1e-9)
        chosen = rng.choice(known, p=odds / odds.sum())
        return np.asarray(able[department == chosen])


def _sessions(
    rng: np.random.Generator,
    organisations: tuple[Organisation, ...],
    reach: NDArray[np.bool_],
    staff: list[_Staff],
) -> list[_Session]:
    """All sessions in order of time: as many of each organisation as its size says."""
    room = np.array([each.sessions for each in staff])
    size = np.array([each.size for each in organisations])
    count = np.round(room.sum() * size / size.sum()).astype(np.int64)
    sessions = []
    for provider, known in enumerate(organisations):
        where = np.flatnonzero(reach[provider])
        if known.apart:
            held = np.repeat(where, max(1, known.sessions))
            months = rng.integers(5, MONTHS - 13, len(held))
            seats = np.full(len(held), known.few or round(_SEATS))
        else:
            held = _spread(rng, where, room[where], max(2, int(count[provider])))
            before = rng.random(len(held)) < _BEFORE_THE_FIRST_CASE
            months = np.where(
                before,
                rng.integers(1 - REGISTER_MONTHS, 0, len(held)),
                rng.integers(1, MONTHS - 1, len(held)),
            )
            seats = 3 + rng.poisson(_SEATS - 3, len(held))
        rows = zip(held.tolist(), months.tolist(), seats.tolist(), strict=True)
        sessions += [_Session(city, month, provider, places) for city, month, places in rows]
    return sorted(sessions, key=lambda session: (session.month, session.provider, session.city))


def _spread(
    rng: np.random.Generator, where: NDArray[np.int64], room: NDArray[np.float64], count: int
) -> NDArray[np.int64]:
    """A city for each of `count` sessions: every city once before any city twice."""
    odds = room / room.sum()
    once = rng.choice(where, min(count, len(where)), replace=False, p=odds)
    return np.concatenate([once, rng.choice(where, count - len(once), p=odds)])


def _reach(
    rng: np.random.Generator,
    cities: tuple[City, ...],
    organisations: tuple[Organisation, ...],
    difficulty: NDArray[np.float64],
) -> NDArray[np.bool_]:
    """(organisations, cities): where each one works."""
    pull = {"better": MISLEADING_PULL, "none": -MISLEADING_PULL, "worse": -MISLEADING_PULL}
    names_executor = np.array([city.case_log_names == "executor" for city in cities])
    north_west = np.array([city.macroregion == "Северо-Запад" for city in cities])
    reach = np.zeros((len(organisations), len(cities)), dtype=np.bool_)
    for number, organisation in enumerate(organisations):
        odds = np.exp(pull[organisation.truth] * difficulty)
        if organisation.apart:
            odds = odds * names_executor
        elif organisation.reach <= 12:
            odds = odds * np.where(north_west == (number % 5 < 2), 3.0, 1.0)
        where = rng.choice(len(cities), organisation.reach, replace=False, p=odds / odds.sum())
        reach[number, where] = True
    return reach


def _providers(
    rng: np.random.Generator,
    cities: tuple[City, ...],
    organisations: tuple[Organisation, ...],
    reach: NDArray[np.bool_],
) -> pl.DataFrame:
    numbers = rng.choice(99_999, len(organisations), replace=False) + 1
    homes = [cities[int(rng.choice(np.flatnonzero(row)))].region for row in reach]
    return pl.DataFrame(
        {
            "number": range(len(organisations)),
            "provider": [invented_inn(int(number)) for number in numbers],
            "name": [organisation.name for organisation in organisations],
            "ogrn": [invented_ogrn(int(number)) for number in numbers],
            "kind": [organisation.kind for organisation in organisations],
            "region": homes,
            "licence": [
                wording("licence").format(number=number + 1) for number in range(len(organisations))
            ],
        }
    )


def _programmes(
    rng: np.random.Generator,
    organisations: tuple[Organisation, ...],
    courses: tuple[Course, ...],
    providers: pl.DataFrame,
) -> pl.DataFrame:
    rows = []
    for number, inn in providers.select("number", "provider").iter_rows():
        dear = rng.uniform(0.75, 1.35)
        offered = rng.choice(len(courses), int(rng.integers(2, 5)), replace=False)
        for place, course in enumerate(courses[i] for i in sorted(offered.tolist())):
            code = f"ДПО-{number + 1:02d}-{place + 1}"
            price = float(round(course.price * dear, -2))
            form = str(rng.choice(wording("forms")))
            rows.append((number, inn, code, course.name, course.topic, course.hours, form, price))
    return pl.DataFrame(
        rows,
        schema=["number", "provider", "programme", "name", "topic", "hours", "form", "price"],
        orient="row",
    )
