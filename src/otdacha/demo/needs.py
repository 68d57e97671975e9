"""What training the towns of the union ask for in the years ahead, and why.

Nothing here looks at who teaches well: a need is made of people, their work and their post.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from otdacha.demo.scenery import MONTHS, PLAN_YEARS, cities, services
from otdacha.demo.simulation import Simulation

_DUTY = 0.12
_RETRAINED = 0.3
"""Part of those in a leading post who must, and for whom it is a whole profession anew."""
_FIRST_DUE = 8
"""Months from the start of the first year: before September no run may have been held yet."""
_LEADING, _PROFESSION = "главная", "муниципальное управление"
_COMMON_TOPICS = ("деловая речь", "организация работы", "цифровые навыки")
_REQUESTED = 0.4
"""Part of the departments that do no worse than others and ask all the same."""
_WEAK = 0.7
"""In standard deviations of the departments of a service."""
_LAST_YEAR = MONTHS - 12

_HOPED = {  # smallest and largest change that a manager expects, and its step; plus is better
    "on_time": (0.03, 0.10, 0.01),
    "duration": (1.0, 3.0, 0.5),
    "repeat": (0.01, 0.04, 0.01),
}


def invent_needs(rng: np.random.Generator, made: Simulation) -> pl.DataFrame:
    """All requests of all towns, in the order in which each town numbers its own.

    Returns city, number (from 1 in each city), person (null where only a number of people is
    named), department, group, people, topic, reason (legal_duty, gap, weak_indicator, request),
    by, indicator, change (plus is better; shares as shares, duration in working days),
    expected_by, priority (1 is most urgent). Nobody is named twice for one day. A town whose case
    log names no executor names nobody here either.
    """
    staff = _staff(made)
    duties = _duties(rng, staff)
    gaps = _gaps(rng, staff, made.people.weakness)
    results = _results(rng, staff, made, taken=gaps["person"])
    asked = pl.concat([duties, gaps, results], how="diagonal_relaxed")
    nameless = [place for place, city in enumerate(cities()) if city.case_log_names == "department"]
    named = asked.filter(~pl.col("city").is_in(nameless))
    counted = _without_names(asked.filter(pl.col("city").is_in(nameless)))
    return (
        pl.concat([named, counted], how="diagonal_relaxed")
        .sort("city", "by", "department", "topic", "reason", "group", "person", "people")
        .with_columns(number=pl.int_range(1, pl.len() + 1).over("city"))
    )


def _staff(made: Simulation) -> pl.DataFrame:
    """Who is still there when the files are made: person, city, department, service, group."""
    return (
        made.people.posts.filter(pl.col("ended").is_null())
        .join(made.people.departments.select("department", "service"), on="department")
        .join(made.people.frame.select("person", "city", "group"), on="person")
        .select("person", "city", "department", "service", "group")
        .sort("person")
    )


def _topics_of_services() -> NDArray[np.str_]:
    return np.array([service.topic for service in services()])


def _duties(rng: np.random.Generator, staff: pl.DataFrame) -> pl.DataFrame:
    """Attestations and new functions; they fall due on the tenth of a month, no quarter's end."""
    due = staff.filter(pl.Series(rng.random(staff.height) < _DUTY))
    months = rng.integers(_FIRST_DUE, 12 * len(PLAN_YEARS), due.height)
    own = _topics_of_services()[due["service"].to_numpy()]
    anew = (due["group"] == _LEADING).to_numpy() & (rng.random(due.height) < _RETRAINED)
    return due.drop("service").with_columns(
        people=1,
        topic=pl.Series(np.where(anew, _PROFESSION, own)),
        reason=pl.lit("legal_duty"),
        by=pl.Series([dt.date(PLAN_YEARS[0] + m // 12, m % 12 + 1, 10) for m in months.tolist()]),
        priority=pl.Series(rng.integers(1, 3, due.height)),
    )


def _gaps(
    rng: np.random.Generator, staff: pl.DataFrame, weakness: NDArray[np.float64]
) -> pl.DataFrame:
    """What somebody was found not to know; the weaker, the likelier."""
    odds = 1 / (1 + np.exp(1.4 - 0.8 * weakness[staff["person"].to_numpy()]))
    found = staff.filter(pl.Series(rng.random(staff.height) < odds))
    own = _topics_of_services()[found["service"].to_numpy()]
    common = rng.choice(_COMMON_TOPICS, found.height, p=[0.35, 0.2, 0.45])
    return found.drop("service").with_columns(
        people=1,
        topic=pl.Series(np.where(rng.random(found.height) < 0.5, own, common)),
        reason=pl.lit("gap"),
        by=pl.Series(_quarter_ends(rng, found.height)),
        priority=pl.Series(rng.integers(2, 6, found.height)),
    )


def _quarter_ends(rng: np.random.Generator, count: int) -> list[dt.date]:
    ends = [
        dt.date(year, month, day)
        for year in PLAN_YEARS
        for month, day in ((6, 30), (9, 30), (12, 31))
    ]
    return [ends[place] for place in rng.integers(0, len(ends), count)]


def _results(
    rng: np.random.Generator, staff: pl.DataFrame, made: Simulation, taken: pl.Series
) -> pl.DataFrame:
    """Requests of managers for their department, each with the result that is expected of it.

    A department that lags behind asks for what it lags in; of the others some ask too. Some name
    two or three people, of those that are not `taken`, the others a part of the department.
    """
    standing = _standing(made)
    asks = standing.filter(
        (pl.col("worst") < -_WEAK) | pl.Series(rng.random(standing.height) < _REQUESTED)
    )
    free = dict(
        staff.filter(~pl.col("person").is_in(taken.implode()))
        .group_by("department", maintain_order=True)
        .agg("person")
        .iter_rows()
    )
    group = dict(staff.select("person", "group").iter_rows())
    heads = dict(staff.group_by("department").len().iter_rows())
    ends = _quarter_ends(rng, asks.height)
    rows = []
    for asking, by in zip(asks.iter_rows(named=True), ends, strict=True):
        request = _request(rng, asking, by)
        able = free.get(asking["department"], [])
        if len(able) >= 2 and rng.random() < 0.5:
            sent = rng.choice(able, min(len(able), int(rng.integers(2, 4))), replace=False)
            rows += [
                {**request, "person": person, "group": group[person], "people": 1}
                for person in sent.tolist()
            ]
        elif asking["department"] in heads:
            people = max(1, round(heads[asking["department"]] * rng.uniform(0.2, 0.5)))
            rows.append({**request, "person": None, "group": None, "people": people})
    return pl.DataFrame(rows, infer_schema_length=None)


def _request(rng: np.random.Generator, asking: dict[str, Any], by: dt.date) -> dict[str, Any]:
    """What a department asks for, its result included; who goes is said elsewhere."""
    weak = asking["worst"] < -_WEAK
    low, high, step = _HOPED[asking["indicator"]]
    steps = int(rng.integers(round((high - low) / step) + 1))
    return {
        "city": asking["city"],
        "department": asking["department"],
        "topic": _cure(rng, asking["indicator"], services()[asking["service"]].topic),
        "reason": "weak_indicator" if weak else "request",
        "by": by,
        "indicator": asking["indicator"],
        "change": round(low + step * steps, 3),
        "expected_by": by.replace(year=by.year + 1),
        "priority": int(rng.integers(1, 4) if weak else rng.integers(2, 6)),
    }


def _standing(made: Simulation) -> pl.DataFrame:
    """Where each department stands worst in the last year: department, city, service, indicator,
    worst (standard deviations of the departments of its service; below zero is worse).

    A manager knows the work itself, not its report: hence the expected figures, without chance.
    """
    means = (
        made.work.expected.filter(pl.col("month") >= _LAST_YEAR)
        .group_by("department")
        .agg(
            on_time=pl.col("on_time").dot("cases") / pl.col("cases").sum(),
            duration=-pl.col("duration").dot("cases") / pl.col("cases").sum(),
            repeat=-pl.col("repeat").dot("cases") / pl.col("cases").sum(),
        )
        .join(made.people.departments.select("department", "city", "service"), on="department")
    )
    measured = pl.col(*_HOPED)
    return (
        means.with_columns(
            (measured - measured.mean().over("service")) / measured.std().over("service")
        )
        .unpivot(
            list(_HOPED),
            index=["department", "city", "service"],
            variable_name="indicator",
            value_name="worst",
        )
        .sort("department", "worst", "indicator")
        .unique("department", keep="first", maintain_order=True)
    )


def _cure(rng: np.random.Generator, indicator: str, own: str) -> str:
    """The topic that a manager thinks helps with an indicator."""
    thought = {
        "on_time": (own, "организация работы"),
        "duration": (own, "организация работы", "цифровые навыки"),
        "repeat": (own, "деловая речь"),
    }[indicator]
    return thought[int(rng.integers(len(thought)))]


def _without_names(asked: pl.DataFrame) -> pl.DataFrame:
    """The same requests as numbers of people of a department."""
    alike = [name for name in asked.columns if name not in ("person", "people")]
    return asked.group_by(alike, maintain_order=True).agg(pl.col("people").sum())
