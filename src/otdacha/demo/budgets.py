"""What the union can pay in the years ahead: enough for about a third of what it asks for."""

from __future__ import annotations

import numpy as np
import polars as pl

from otdacha.demo.scenery import PLAN_YEARS, cities

ENOUGH_FOR = 1 / 3
"""Part of the cost of all needs that all money of all years makes up."""

FEDERAL_CODE = "38607059990092040244"
REGIONAL_CODE = "80107050240272340244"
MUNICIPAL_CODE = "902070501201S2340244"
TRAVEL_CODE = "90207050120100190122"
"""Invented codes of budget classification (КБК) that look right: who spends, 0705 for training of
servants, what for, and 244 for purchases or 122 for payments to staff for a journey."""

_SHARES = {"federal": 0.30, "regional": 0.27, "municipal": 0.31, "travel": 0.05, "own": 0.07}
_GROWS = 1.04
_HAS_OWN = 0.35
_EVERYBODY = ""


def invent_budgets(
    rng: np.random.Generator, needs: pl.DataFrame, offers: pl.DataFrame
) -> pl.DataFrame:
    """Money by source, holder and year; nobody asks whose teaching it will pay.

    Returns source (federal, regional, municipal, own), holder (null: all; a region; the code of a
    municipality), year, code (twenty signs; null for own money), amount (rubles, hundreds),
    pays_for (fee, travel; null: both).
    """
    cost = _cost(needs, offers)
    total = ENOUGH_FOR * sum(cost)
    by_region: dict[str, float] = {}
    for city, part in zip(cities(), cost, strict=True):
        by_region[city.region] = by_region.get(city.region, 0.0) + part
    by_town = {city.municipality: part for city, part in zip(cities(), cost, strict=True)}
    owners = {town: part for town, part in by_town.items() if rng.random() < _HAS_OWN} or by_town
    purses: list[tuple[str, str, dict[str, float], str | None, str | None]] = [
        ("federal", "federal", {_EVERYBODY: 1.0}, FEDERAL_CODE, "fee"),
        ("regional", "regional", by_region, REGIONAL_CODE, None),
        ("municipal", "municipal", by_town, MUNICIPAL_CODE, "fee"),
        ("travel", "municipal", by_town, TRAVEL_CODE, "travel"),
        ("own", "own", owners, None, None),
    ]
    growth = _GROWS ** np.arange(len(PLAN_YEARS))
    rows = []
    for share, source, holders, code, pays_for in purses:
        luck = np.array(list(holders.values())) * rng.uniform(0.7, 1.3, len(holders))
        portions = np.outer(luck / luck.sum(), growth / growth.sum()) * total * _SHARES[share]
        for holder, amounts in zip(holders, np.round(portions, -2).tolist(), strict=True):
            rows += [
                (source, holder or None, year, code, amount, pays_for)
                for year, amount in zip(PLAN_YEARS, amounts, strict=True)
            ]
    columns = ["source", "holder", "year", "code", "amount", "pays_for"]
    return pl.DataFrame(rows, schema=columns, orient="row", infer_schema_length=None)


def _cost(needs: pl.DataFrame, offers: pl.DataFrame) -> list[float]:
    """What the needs of each city would cost at the mean price of their topic."""
    price = offers.group_by("topic").agg(cost=pl.col("price").mean() + pl.col("travel").mean() / 2)
    usual = float(offers["price"].to_numpy().mean())
    cost = (
        needs.join(price, on="topic", how="left", maintain_order="left")
        .group_by("city")
        .agg(cost=pl.col("cost").fill_null(usual).dot("people"))
    )
    known = dict(cost.iter_rows())
    return [float(known.get(place, 0.0)) for place in range(len(cities()))]
