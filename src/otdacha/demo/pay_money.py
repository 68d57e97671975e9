"""What invented towns can pay and what is earned in them: grants, norms, local wages."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl
from numpy.typing import NDArray

from otdacha.demo.pay_terms import GROUPS, NORTH, USUAL_ALLOWANCE
from otdacha.demo.scenery import EXPORTED, City

YEARS = (2022, 2023, 2024, 2025, 2026, 2027, 2028)
"""Of norms. Grants are known of the years that are over, spare money of the years ahead."""
REPORTED = 2025
WAGE_YEARS = (2022, 2023, 2024, 2025)
PERIODS = ("январь-март", "январь-июнь", "январь-сентябрь", "январь-декабрь")
"""Wages are told as means since January, as Rosstat does."""
INVENTED = "вымышлено для демонстрации, не Росстат"
_DEPENDENCE = (0.02, 0.12, 0.30, 0.55)
"""Shares of grants on both sides of each threshold of БК 136."""
_FUNDS = dict(zip(YEARS, (0.92, 0.94, 0.96, 1.04, 1.11, 1.11, 1.12), strict=True))
"""What the union's law makes of pay from year to year, beside usual pay as `GROUPS` says."""
_NORTH_WEST = frozenset(
    {"Вологодская область", "Калининградская область", "Новгородская область", "Псковская область"}
)
_ABOVE_POLAR_CIRCLE = "Мурманская область"
_TIGHT = 0.15
"""Part of the towns whose norm is below what they pay."""
_SEASONS = np.array([0.95, 1.00, 0.98, 1.07])
_GROWTH = 1.12


def invent_finances(
    rng: np.random.Generator, cities: tuple[City, ...], posts: pl.DataFrame
) -> pl.DataFrame:
    """Money of each town by year: municipality, year, grants_share (0-1; null: ahead), norm and
    available (rubles, thousands; null: over). posts: as in `Terms`."""
    salaries = {
        name: group.salary * (group.beside + USUAL_ALLOWANCE) for name, group in GROUPS.items()
    }
    monthly = pl.col("share") * pl.col("group").replace_strict(salaries, return_dtype=pl.Float64)
    dependence = rng.choice(_DEPENDENCE, len(cities))
    tight = rng.random(len(cities)) < _TIGHT
    room = np.where(
        tight, rng.uniform(0.94, 1.0, len(cities)), rng.uniform(1.12, 1.25, len(cities))
    )
    rows = []
    for number, city in enumerate(cities):
        for year in YEARS:
            middle = dt.date(year, 7, 1)
            held = posts.filter(
                pl.col("city") == number,
                pl.col("started") <= middle,
                pl.col("ended").is_null() | (pl.col("ended") >= middle),
            )
            fund = 12 * held.select(monthly.sum()).item() * _FUNDS[year] * _level(city)
            share = round(dependence[number] * rng.uniform(0.9, 1.1), 3)
            spare = round(fund * rng.uniform(0.07, 0.13), -3)
            over = year <= REPORTED
            rows.append(
                (
                    city.municipality,
                    year,
                    share if over else None,
                    round(fund * room[number], -3),
                    None if over else spare,
                )
            )
    columns = ["municipality", "year", "grants_share", "norm", "available"]
    return pl.DataFrame(rows, schema=columns, orient="row", infer_schema_length=None)


def _level(city: City) -> float:
    """What the law of the town's region makes of pay, beside that of the centre."""
    if city.region == _ABOVE_POLAR_CIRCLE:
        return 1.78
    if city.region in NORTH:
        return 1.4
    return 1.08 if city.region in _NORTH_WEST else 1.0


def invent_wages(rng: np.random.Generator, cities: tuple[City, ...]) -> pl.DataFrame:
    """Mean wages by town and time: municipality, year, period, letter ("0": all, "O"), value
    (rubles a month, mean since January). Only periods that were over before the towns' files."""
    size = np.array([city.population for city in cities]) / 300_000
    north = np.array([1.5 if city.region in NORTH else 1.0 for city in cities])
    level = 41_000 * size**0.1 * north * np.exp(rng.normal(0, 0.1, len(cities)))
    beside = np.exp(rng.normal(0.02, 0.08, len(cities)))
    rows = []
    for number, city in enumerate(cities):
        for year in WAGE_YEARS:
            quarters = _quarters(rng, level[number] * _GROWTH ** (year - WAGE_YEARS[0]))
            since = np.cumsum(quarters) / np.arange(1, 5)
            for quarter, period in enumerate(PERIODS):
                if (year, 3 * quarter + 3) < (EXPORTED.year, EXPORTED.month):
                    rows += [
                        (city.municipality, year, period, letter, round(since[quarter] * part, 1))
                        for letter, part in (("0", 1.0), ("O", beside[number]))
                    ]
    columns = ["municipality", "year", "period", "letter", "value"]
    return pl.DataFrame(rows, schema=columns, orient="row")


def _quarters(rng: np.random.Generator, level: float) -> NDArray[np.float64]:
    means: NDArray[np.float64] = level * _SEASONS * np.exp(rng.normal(0, 0.01, 4))
    return means
