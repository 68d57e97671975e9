"""Simulated unions with known truth, as cells and exposure: the worlds of docs/evidence.md.

Everything is invented. A union is towns x people x months; providers train people of some towns at
staggered months; the effect grows over the first months and differs between towns; towns have
autocorrelated shocks. Truth is the provider's mean over the towns it might have worked in.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import polars as pl


@dataclass(frozen=True)
class Union:
    cells: pl.DataFrame
    exposure: pl.DataFrame
    truth: np.ndarray
    """(J,) the providers' true mean effects over the exposed cells, towns' own deviations apart."""
    towns_of: np.ndarray
    """(J,) how many towns each provider works in."""


def simulated_union(
    seed: int,
    *,
    towns: int = 60,
    people: int = 24,
    periods: int = 36,
    providers: int = 24,
    few: tuple[int, int] = (3, 9),
    many: tuple[int, int] = (10, 20),
    between_towns: float = 0.05,
    town_shock: float = 0.15,
    persistence: float = 0.6,
    growth: float = 1.0,
    effect: float = 0.3,
    zero_share: float = 0.0,
) -> Union:
    """Half of the providers work in `few` towns, half in `many` (bounds, inclusive).

    effect: mean of the providers' true effects, of standard deviation 0.3; 0: nobody has any.
    zero_share: share of providers that have none. A town's own deviation has mean zero.
    """
    rng = np.random.default_rng(seed)
    J, T = providers, periods
    truth_scale = rng.normal(effect, 0.3, J) if effect else np.zeros(J)
    # a generator of its own: the rest of the union is the same whatever the share
    truth_scale[np.random.default_rng(seed).permutation(J)[: round(zero_share * J)]] = 0.0
    number = np.where(
        np.arange(J) < J // 2,
        rng.integers(few[0], few[1] + 1, J),
        rng.integers(many[0], many[1] + 1, J),
    )
    serves = [rng.choice(towns, size=k, replace=False) for k in number]
    shock = np.zeros((towns, T))
    innovation = rng.normal(0, town_shock * np.sqrt(1 - persistence**2), (towns, T))
    shock[:, 0] = rng.normal(0, town_shock, towns)
    for t in range(1, T):
        shock[:, t] = persistence * shock[:, t - 1] + innovation[:, t]
    own = rng.normal(0, between_towns, (J, towns))

    town = np.repeat(np.arange(towns), people)
    provider = np.full(len(town), -1)
    for j, places in enumerate(serves):
        for place in places:
            free = np.flatnonzero((town == place) & (provider < 0))
            if len(free) > 2:
                provider[rng.choice(free, size=min(3, len(free) - 2), replace=False)] = j
    start = np.where(provider >= 0, rng.integers(10, T - 4, len(town)), T)

    N = len(town)
    month = np.arange(T)
    since = month[None, :] - start[:, None]
    exposed = since >= 0
    n = rng.integers(2, 12, (N, T))
    shape = np.where(exposed, 1 + growth * np.minimum(since, 6) / 6, 0.0)
    mean_effect = np.where(provider >= 0, truth_scale[provider], 0.0)
    deviation = np.where(provider >= 0, own[provider, town], 0.0)
    calendar = rng.normal(0, 0.3, T)
    y = (
        rng.normal(0, 1, N)[:, None]
        + calendar
        + shock[town]
        + shape * (mean_effect + deviation)[:, None]
        + rng.normal(0, 1, (N, T)) / np.sqrt(n)
    )
    truth = np.array(
        [
            np.average(
                shape[provider == j] * truth_scale[j],
                weights=n[provider == j] * exposed[provider == j],
            )
            if (provider == j).any()
            else np.nan
            for j in range(J)
        ]
    )
    worked = np.array([len(np.unique(town[provider == j])) for j in range(J)])

    unit = np.repeat(np.arange(N), T)
    period = np.tile(month, N)
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
    names = np.array([f"p{j:03d}" for j in range(J)])
    exposure = pl.DataFrame(
        {
            "unit": unit[flat],
            "month": months.gather(period[flat]),
            "provider": names[provider[unit[flat]]],
            "share": np.ones(flat.sum()),
            "staff": np.ones(flat.sum(), dtype=np.int64),
        }
    )
    return Union(cells, exposure, truth, worked)
