"""What invented towns can pay and what is earned in them: grants, norms, local wages."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from otdacha.demo.pay_terms import GROUPS, NORTH, USUAL_ALLOWANCE
from otdacha.demo.scenery import EXPORTED, City

YEARS = (2023, 2024, 2025, 2026)
"""Of grants and norms."""
WAGE_YEARS = (2022, 2023, 2024, 2025)
PERIODS = ("январь-март", "январь-июнь", "январь-сентябрь", "январь-декабрь")
"""Wages are told as means since January, as Rosstat does."""
INVENTED = "вымышлено для демонстрации, не Росстат"
_DEPENDENCE = (0.02, 0.12, 0.30, 0.55)
"""Shares of grants on both sides of each threshold of БК 136."""
_SEASONS = np.array([0.95, 1.00, 0.98, 1.07])
_GROWTH = 1.12


def invent_finances(
    rng: np.random.Generator, cities: tuple[City, ...], posts: pl.DataFrame
) -> pl.DataFrame:
    """Money of each town by year: municipality, year, grants_share (0-1), norm and available
    (rubles, thousands). posts: as in `Terms`."""
    salaries = {
        name: group.salary * (group.beside + USUAL_ALLOWANCE) for name, group in GROUPS.items()
    }
    monthly = pl.col("share") * pl.col("group").replace_strict(salaries, return_dtype=pl.Float64)
    dependence = rng.choice(_DEPENDENCE, len(cities))
    room = rng.uniform(0.95, 1.2, len(cities))
    rows = []
    for number, city in enumerate(cities):
        for year in YEARS:
            held = posts.filter(
                pl.col("city") == number,
                pl.col("started").dt.year() <= year,
                pl.col("ended").is_null() | (pl.col("ended").dt.year() >= year),
            )
            fund = 12 * held.select(monthly.sum()).item() * 1.05 ** (year - 2024)
            norm = fund * room[number] * (1.7 if city.region in NORTH else 1.0)
            share = dependence[number] * rng.uniform(0.9, 1.1)
            spare = norm * rng.uniform(0.0, 0.05)
            money = round(norm, -3), round(spare, -3)
            rows.append((city.municipality, year, round(share, 3), *money))
    columns = ["municipality", "year", "grants_share", "norm", "available"]
    return pl.DataFrame(rows, schema=columns, orient="row")


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
