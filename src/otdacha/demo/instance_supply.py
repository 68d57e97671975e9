"""Who teaches in an invented planning problem, what is offered, and the money there is."""

from __future__ import annotations

import math

import numpy as np
import polars as pl
from numpy.typing import NDArray

from otdacha.demo.identifiers import invented_inn
from otdacha.demo.scenery import PLAN_YEARS

TRUE_MEAN, TRUE_SD = 0.08, 0.18
"""True effects of providers, in standard deviations of a case; plus is better."""
ERRORS = (0.03, 0.25)
"""Smallest and largest standard error of an estimate."""
UNPROVEN = 0.2

_AT_A_DISTANCE = 1 / 3
_SHARES = {"federal": 0.3, "regional": 0.3, "municipal": 0.4}
_CODES = {
    "federal": "38607059990092040244",
    "regional": "80107050240272340244",
    "municipal": "902070501201S2340244",
}


def invented_providers(rng: np.random.Generator, count: int, where: pl.DataFrame) -> pl.DataFrame:
    """Organisations with their true effects, and what an evaluation would have found of most."""
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


def invented_offers(
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


def invented_budgets(
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
