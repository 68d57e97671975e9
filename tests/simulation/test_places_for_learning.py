"""Whom to send learning places to: expected gain, Thompson sampling or equal shares.

Worlds at the level of estimates, with known truth. A world has topics; each is taught by proven and
by unproven providers at prices of their own, and next year's places of a topic all go to whoever is
then believed to be the best. What was learnt is what that choice brings more than the choice that
would have been made without learning, by the truth. The short run guards the order of the rules;
the figures of docs/decisions/0031-places-for-learning.md are of the long one (`pytest -m long`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
import pytest

from otdacha.methodology import default_methodology
from otdacha.programme.evidence.learning import ErrorLaw, learning_value, least_seats
from otdacha.programme.evidence.posterior import Evidence, evidence_from

MINIMUM = default_methodology().minimum
LAW = ErrorLaw(per_person=0.35, per_town=0.02, followed=0.9, fitted_on=30)
PRIOR_MEAN, PRIOR_SD = 0.05, 0.12


@dataclass(frozen=True)
class World:
    """topic, price (thousand rubles a place), truth: (providers,), the proven ones first. reach:
    cases of next year's places by topic. evidence: as the last release has it."""

    topic: np.ndarray
    price: np.ndarray
    truth: np.ndarray
    reach: np.ndarray
    evidence: Evidence

    @property
    def unproven(self) -> np.ndarray:
        return np.flatnonzero(~self.evidence.proven)

    def rivals(self, at: int) -> list[str]:
        return [self.evidence.providers[k] for k in np.flatnonzero(self.topic == self.topic[at])]


def world(
    draw: np.random.Generator, topics: int = 6, proven: int = 12, unproven: int = 12
) -> World:
    count = proven + unproven
    truth = draw.normal(PRIOR_MEAN, PRIOR_SD, count)
    error = np.full(count, np.nan)
    error[:proven] = draw.uniform(0.04, 0.15, proven)
    estimate = truth + error * draw.standard_normal(count)
    weight = PRIOR_SD**2 / (PRIOR_SD**2 + error**2)
    known = np.arange(count) < proven
    frame = pl.DataFrame(
        {
            "provider": [f"{at:02d}" for at in range(count)],
            "estimate": estimate,
            "se": error,
            "posterior_mean": PRIOR_MEAN + weight * (estimate - PRIOR_MEAN),
            "state": np.where(known, "published", "not_collected"),
        }
    ).with_columns(pl.col(pl.Float64).fill_nan(None))
    return World(
        topic=np.concatenate((np.arange(proven) % topics, np.arange(unproven) % topics)),
        price=draw.uniform(6.0, 24.0, count),
        truth=truth,
        reach=draw.lognormal(0.0, 1.0, topics),
        evidence=evidence_from(frame, PRIOR_MEAN, PRIOR_SD, draws=2),
    )


Rule = Callable[[World, float, np.random.Generator], np.ndarray]
"""World, budget (thousand rubles) → places with each provider, whole numbers."""


def by_expected_gain(world: World, budget: float, draw: np.random.Generator) -> np.ndarray:
    """The linear programme over the envelopes, solved by its steepest pieces, made whole: no
    provider is begun that there is no money to learn of."""
    pieces = []
    for at in world.unproven:
        value = learning_value(
            world.evidence,
            world.evidence.providers[at],
            LAW,
            MINIMUM,
            reach=float(world.reach[world.topic[at]]),
            most=int(budget / world.price[at]),
            rivals=world.rivals(at),
        )
        slopes = value.slopes / world.price[at]
        pieces += [(-s, at, n) for s, n in zip(slopes, np.diff(value.seats), strict=True) if s > 0]
    seats = np.zeros(len(world.truth), dtype=np.int64)
    for _, at, wanted in sorted(pieces):
        taken = int(min(wanted, (budget - seats @ world.price) / world.price[at]))
        if seats[at] + taken >= least_seats(LAW, MINIMUM):
            seats[at] += taken
    return seats


def thompson(world: World, budget: float, draw: np.random.Generator) -> np.ndarray:
    """One place after another to the unproven provider that is best in a draw of its posterior.

    It draws cases gained per ruble, so that it knows reach and price as the other rule does. Only
    the places for learning are dealt out here: the proven are trained with outside of them.
    """
    able = world.unproven
    per_ruble = world.reach[world.topic[able]] / world.price[able]
    seats = np.zeros(len(world.truth), dtype=np.int64)
    left = budget
    while left >= world.price[able].min():
        at = able[np.argmax(draw.normal(PRIOR_MEAN, PRIOR_SD, len(able)) * per_ruble)]
        if world.price[at] <= left:
            seats[at] += 1
            left -= world.price[at]
    return seats


def thompson_in_groups(world: World, budget: float, draw: np.random.Generator) -> np.ndarray:
    """The same, a whole group of twenty places at a time."""
    dear = replace(world, price=20 * world.price)
    return 20 * thompson(dear, budget, draw)


def equal_shares(world: World, budget: float, draw: np.random.Generator) -> np.ndarray:
    """The same money for every unproven provider."""
    seats = np.zeros(len(world.truth), dtype=np.int64)
    able = world.unproven
    seats[able] = budget / len(able) / world.price[able]
    return seats


RULES: Mapping[str, Rule] = {
    "expected gain": by_expected_gain,
    "Thompson": thompson,
    "Thompson in groups": thompson_in_groups,
    "equal shares": equal_shares,
}


def later_gain(world: World, seats: np.ndarray, noise: np.ndarray) -> float:
    """What next year's choices bring more by what was learnt, by the truth; cases times effect.

    noise: (providers,), standard normal, the same for every rule.
    """
    before = world.evidence.mean
    after = before.copy()
    for at in world.unproven[seats[world.unproven] >= least_seats(LAW, MINIMUM)]:
        error = LAW.error(seats[[at]], MINIMUM.clusters)[0]
        weight = PRIOR_SD**2 / (PRIOR_SD**2 + error**2)
        after[at] += weight * (world.truth[at] + error * noise[at] - PRIOR_MEAN)
    return sum(
        reach * (chosen(world, topic, after) - chosen(world, topic, before))
        for topic, reach in enumerate(world.reach)
    )


def chosen(world: World, topic: int, believed: np.ndarray) -> float:
    """True effect of whoever is believed to be the best of a topic; nobody where none helps."""
    able = np.flatnonzero(world.topic == topic)
    best = able[np.argmax(believed[able])]
    return float(world.truth[best]) if believed[best] > 0 else 0.0


def compare(worlds: int, budget: float, seed: int = 1) -> dict[str, np.ndarray]:
    """Later gain of each rule, (worlds,), per million rubles of the budget."""
    draw = np.random.default_rng(seed)
    found: dict[str, list[float]] = {name: [] for name in RULES}
    for _ in range(worlds):
        here = world(draw)
        noise = draw.standard_normal(len(here.truth))
        for name, rule in RULES.items():
            seats = rule(here, budget, draw)
            assert seats @ here.price <= budget + 1e-9
            assert not seats[here.evidence.proven].any()
            found[name].append(later_gain(here, seats, noise) / budget * 1_000)
    return {name: np.array(gains) for name, gains in found.items()}


def test_expected_gain_learns_most_from_a_tight_budget() -> None:
    gains = compare(250, budget=600.0)
    for other in ("Thompson", "Thompson in groups", "equal shares"):
        better = gains["expected gain"] - gains[other]
        assert better.mean() > 2 * better.std() / len(better) ** 0.5, other


def test_the_gain_that_is_promised_comes_true() -> None:
    """One unproven provider in each topic, so that values add up exactly."""
    draw = np.random.default_rng(5)
    promised, came = [], []
    for _ in range(1_500):
        here = world(draw, topics=4, proven=8, unproven=4)
        at = int(here.unproven[0])
        if here.evidence.mean[here.topic == here.topic[at]].max() <= 0:
            continue
        value = learning_value(
            here.evidence,
            here.evidence.providers[at],
            LAW,
            MINIMUM,
            reach=float(here.reach[here.topic[at]]),
            most=200,
            rivals=here.rivals(at),
        )
        seats = np.zeros(len(here.truth), dtype=np.int64)
        seats[at] = value.seats[-1]
        promised.append(value.values[-1])
        came.append(later_gain(here, seats, draw.standard_normal(len(here.truth))))
    apart = np.array(came) - np.array(promised)
    assert np.mean(promised) > 0.01
    assert abs(apart.mean()) < 3 * apart.std() / len(apart) ** 0.5


@pytest.mark.long
@pytest.mark.parametrize("budget", [300.0, 600.0, 1_500.0, 4_000.0, 12_000.0])
def test_expected_gain_is_never_worse(budget: float) -> None:
    gains = compare(3_000, budget)
    print(f"\n{budget:.0f} thousand rubles: later gain per million, mean ± 1.96 standard errors")
    for name, gained in gains.items():
        print(f"{name:20} {gained.mean():8.4f} ± {1.96 * gained.std() / len(gained) ** 0.5:.4f}")
    for other in ("Thompson", "Thompson in groups", "equal shares"):
        better = gains["expected gain"] - gains[other]
        assert better.mean() > -2 * better.std() / len(better) ** 0.5, other
