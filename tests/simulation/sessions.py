"""Simulated unions whose providers train in sessions: a good or bad run is shared by all of it.

Everything is invented. Each provider runs some sessions; each session takes people of several
towns, who begin in the same month; the session's luck moves the effect of all of them.
"""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl

from tests.simulation.unions import Union


def union_of_sessions(
    seed: int,
    *,
    towns: int = 40,
    people: int = 24,
    periods: int = 30,
    providers: int = 8,
    sessions: int = 8,
    towns_a_session: int = 5,
    people_a_town: int = 2,
    luck: float = 0.3,
    town_shock: float = 0.15,
) -> Union:
    """luck: standard deviation of a session's effect around its provider's. Truth: the provider's
    effect, which is the same in every month."""
    rng = np.random.default_rng(seed)
    J, T, N = providers, periods, towns * people
    town = np.repeat(np.arange(towns), people)
    provider, session = np.full(N, -1), np.full(N, -1)
    starts = rng.integers(8, T - 5, (J, sessions))
    for j in range(J):
        for s in range(sessions):
            for place in rng.choice(towns, towns_a_session, replace=False):
                free = np.flatnonzero((town == place) & (provider < 0))[:people_a_town]
                provider[free], session[free] = j, s
    trained = provider >= 0
    effect = rng.normal(0.3, 0.3, J)
    deviation = rng.normal(0, luck, (J, sessions))
    gain = np.where(trained, effect[provider] + deviation[provider, session], 0.0)
    start = np.where(trained, starts[provider, session], T)
    exposed = np.arange(T) >= start[:, None]
    n = rng.integers(2, 12, (N, T))
    # a town's shock lasts half a year
    shock = np.repeat(rng.normal(0, town_shock, (towns, -(-T // 6))), 6, axis=1)[:, :T]
    y = (
        rng.normal(0, 1, N)[:, None]
        + rng.normal(0, 0.3, T)
        + shock[town]
        + exposed * gain[:, None]
        + rng.normal(0, 1, (N, T)) / np.sqrt(n)
    )
    unit, period = np.repeat(np.arange(N), T), np.tile(np.arange(T), N)
    months = pl.Series([dt.date(2020 + m // 12, m % 12 + 1, 1) for m in range(T)])
    flat = exposed.ravel()
    cells = pl.DataFrame(
        {
            "unit": unit,
            "stratum": np.zeros(N * T, dtype=np.int16),
            "cluster": town[unit],
            "month": months.gather(period),
            "indicator": ["on_time"] * (N * T),
            "n": n.ravel(),
            "total": (y * n).ravel(),
            "status": np.where(flat, "exposed", "clean"),
        }
    )
    who = provider[unit[flat]]
    exposure = pl.DataFrame(
        {
            "unit": unit[flat],
            "month": months.gather(period[flat]),
            "provider": np.array([f"p{j}" for j in range(J)])[who],
            "share": np.ones(flat.sum()),
            "staff": np.ones(flat.sum(), dtype=np.int64),
        }
    )
    worked = np.array([len(np.unique(town[provider == j])) for j in range(J)])
    return Union(cells, exposure, effect, worked)
