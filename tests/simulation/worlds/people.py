"""Unions whose units are people, each trained once by one provider or never.

A union is towns x people x months; providers train people of some towns at staggered months; the
effect grows over the first months and differs between towns; towns have autocorrelated shocks.
Outcomes are in standard deviations of a single case.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl

from tests.simulation.worlds.processes import autoregressive
from tests.simulation.worlds.union import (
    Union,
    calendar,
    cells_frame,
    names,
    satisfaction_frame,
)

FIRST_START, LAST_STARTS = 10, 4
"""Nobody is trained in the first ten months or in the last four."""
SPELL = 3
"""Months that make a bad spell."""


@dataclass(frozen=True)
class PeopleWorld:
    """Half of the providers work in `few` towns, half in `many` (bounds, inclusive).

    What is not in the first block is off by default, and is drawn by a generator of its own: it
    changes nothing else in the union of a seed.
    """

    towns: int = 60
    people: int = 24
    """Of each town."""
    periods: int = 36
    providers: int = 24
    few: tuple[int, int] = (3, 9)
    many: tuple[int, int] = (10, 20)
    between_towns: float = 0.05
    """Standard deviation of a town's own deviation from the provider's effect, of mean zero."""
    town_shock: float = 0.15
    persistence: float = 0.6
    growth: float = 1.0
    """What the effect gains over its first six months, as a share of what it begins with."""
    effect: float = 0.3
    """Mean of the providers' true effects, of standard deviation 0.3; 0: nobody has any."""

    zero_share: float = 0.0
    """Share of providers that have no effect."""
    larger_is_better: float = 0.0
    """What one standard deviation of log number of towns adds to the true effect."""
    person_shock: float = 0.0
    person_persistence: float = 0.8
    """Standard deviation and persistence of people's own good and bad spells."""
    heavy_tails: bool = False
    """Noise is t with 3 degrees of freedom, of the same variance."""
    dip: float = 0.0
    dip_months: int = 3
    """By how much, and how long just before training, people do worse than they otherwise would."""
    left_out: int = 0
    """Months just before training that are known to be special and are not used."""
    sent: Literal["anybody", "weak people", "after a bad spell"] = "anybody"
    intake: float = 0.0
    """Standard deviation, between providers, of the mean level of the people they are sent."""

    def union(self, seed: int) -> Union:
        """The union of this seed; the same seed gives the same union."""
        rng, more = np.random.default_rng(seed), np.random.default_rng((seed, 1))
        J, T = self.providers, self.periods
        scale, serves = self._providers(rng, seed)
        shock = autoregressive(rng, self.towns, T, sd=self.town_shock, persistence=self.persistence)
        own = rng.normal(0, self.between_towns, (J, self.towns))

        town = np.repeat(np.arange(self.towns), self.people)
        provider = _sent_people(rng, town, serves)
        trained = provider >= 0
        N, never = len(town), 2 * T
        start = np.where(trained, rng.integers(FIRST_START, T - LAST_STARTS, N), never)
        n = rng.integers(2, 12, (N, T))
        months = rng.normal(0, 0.3, T)
        level = rng.normal(0, 1, N)
        noise = rng.standard_t(3, (N, T)) / 3**0.5 if self.heavy_tails else rng.normal(0, 1, (N, T))

        spells = autoregressive(
            more, N, T, sd=self.person_shock, persistence=self.person_persistence
        )
        if self.sent == "after a bad spell":
            start = np.where(trained, _after_the_worst_spell(more, spells), never)
        elif self.sent == "weak people":
            level = _the_weak_in_training(more, level, town, trained)
        level = level + np.where(trained, more.normal(0, self.intake, J)[provider], 0.0)

        since = np.arange(T)[None, :] - start[:, None]
        exposed = since >= 0
        shape = np.where(exposed, 1 + self.growth * np.minimum(since, 6) / 6, 0.0)
        effect = np.where(trained, scale[provider] + own[provider, town], 0.0)
        dip = np.where((since < 0) & (since >= -self.dip_months), self.dip, 0.0)
        y = level[:, None] + months + shock[town] + spells - dip + shape * effect[:, None]
        y = y + noise / np.sqrt(n)

        around = (since < 0) & (since >= -self.left_out)
        status = np.select([exposed, around], ["exposed", "around_training"], "clean")
        cell = np.flatnonzero(exposed)
        unit = cell // T
        exposure = pl.DataFrame(
            {
                "unit": unit,
                "month": calendar(T).gather(cell % T),
                "provider": names(J)[provider[unit]],
                "share": np.ones(len(cell)),
                "staff": np.ones(len(cell), dtype=np.int64),
            }
        )
        truth = _mean_effects(scale, shape, n * exposed, provider)
        worked = np.array([len(np.unique(town[provider == j])) for j in range(J)])
        students = np.flatnonzero(trained)
        said = satisfaction_frame(students, provider[students], truth, more)
        return Union(
            cells_frame(y, n, status, town, np.ones_like(n)), exposure, truth, worked, said
        )

    def _providers(
        self, rng: np.random.Generator, seed: int
    ) -> tuple[np.ndarray, list[np.ndarray]]:
        """True effects at the start (J,), and the towns that each provider serves."""
        J = self.providers
        scale = rng.normal(self.effect, 0.3, J) if self.effect else np.zeros(J)
        none = np.random.default_rng(seed).permutation(J)[: round(self.zero_share * J)]
        scale[none] = 0.0
        number = np.where(
            np.arange(J) < J // 2,
            rng.integers(self.few[0], self.few[1] + 1, J),
            rng.integers(self.many[0], self.many[1] + 1, J),
        )
        size = np.log(number)
        scale = scale + self.larger_is_better * (size - size.mean()) / size.std()
        return scale, [rng.choice(self.towns, size=k, replace=False) for k in number]


def _sent_people(
    rng: np.random.Generator, town: np.ndarray, serves: list[np.ndarray]
) -> np.ndarray:
    """(N,) who trains each person, -1 nobody: up to three of a town, two of each stay untrained."""
    provider = np.full(len(town), -1)
    for j, places in enumerate(serves):
        for place in places:
            free = np.flatnonzero((town == place) & (provider < 0))
            if len(free) > 2:
                provider[rng.choice(free, size=min(3, len(free) - 2), replace=False)] = j
    return provider


def _after_the_worst_spell(rng: np.random.Generator, spells: np.ndarray) -> np.ndarray:
    """(N,) of three months at random, the one that follows the worst three months of a person."""
    N, T = spells.shape
    offered = rng.integers(FIRST_START, T - LAST_STARTS, (N, 3))
    before = np.cumsum(np.pad(spells, ((0, 0), (1, 0))), axis=1)
    person = np.arange(N)[:, None]
    lately = before[person, offered] - before[person, offered - SPELL]
    return np.asarray(offered[person[:, 0], np.argmin(lately, axis=1)])


def _the_weak_in_training(
    rng: np.random.Generator, level: np.ndarray, town: np.ndarray, trained: np.ndarray
) -> np.ndarray:
    """(N,) the same levels, dealt anew in each town: who looks weakest is sent to training.

    Looks are the level and as much noise again.
    """
    looks = level + rng.normal(0, 1, len(level))
    dealt = np.empty_like(level)
    dealt[np.lexsort((~trained, town))] = level[np.lexsort((looks, town))]
    return dealt


def _mean_effects(
    scale: np.ndarray, shape: np.ndarray, weight: np.ndarray, provider: np.ndarray
) -> np.ndarray:
    """(J,) the effect at the start times the mean of its shape over cases after training."""
    trained = provider >= 0
    J = len(scale)
    mass = np.bincount(provider[trained], weight[trained].sum(1), J)
    grown = np.bincount(provider[trained], (weight * shape)[trained].sum(1), J)
    return scale * np.divide(grown, mass, out=np.full(J, np.nan), where=mass > 0)
