"""Plan, train, measure, plan again: what is lost by not knowing, year by year.

At the level of estimates. A provider's people are measured with the errors that real releases show:
each person's own error and each town's own deviation, which stays the same, add up to the variance
of `ErrorLaw`. Needs, courses and money are the same every year, so that a year's loss changes only
by what was learnt before it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import polars as pl
from threadpoolctl import threadpool_limits

from otdacha.demo import PlanningInstance, planning_instance
from otdacha.documents.pictures import Picture, path
from otdacha.programme.deciding.settle import Decision
from otdacha.programme.deciding.solve import NoPlan
from otdacha.programme.evidence.learning import ErrorLaw
from otdacha.programme.evidence.posterior import Evidence, evidence_from
from otdacha.programme.problem import Problem
from otdacha.ranking.normal import moments
from tests.simulation.planning import (
    MINIMUM,
    by_its_own_lights,
    decided,
    of_runs,
    problem_from,
)
from tests.simulation.worth import interval

YEARS = 5
PROVIDERS = 16
MEAN, SD = 0.015, 0.030
"""Of true effects, in shares of cases on time: those of the demonstration's organisations."""
LAW = ErrorLaw(per_person=0.0110, per_town=0.00074, followed=1.0, fitted_on=255)
"""Fitted to the providers that are measured in eight of the demonstration's unions (seeds 1-8)."""
SIZE = {"towns": 8, "people": 200, "classes": 50, "offers": 30, "regions": 2, "topics": 3}
GAP = 0.01

Whole = np.ndarray
Rule = Callable[[Problem, Evidence, PlanningInstance], Problem]
"""What is decided on, given what is believed."""


def with_places(problem: Problem, believed: Evidence, instance: PlanningInstance) -> Problem:
    return problem


def where_it_pays(problem: Problem, believed: Evidence, instance: PlanningInstance) -> Problem:
    """What is learnt has its value, and no share of the seats is kept for it."""
    return replace(problem, learning_share=0.0)


def without_places(problem: Problem, believed: Evidence, instance: PlanningInstance) -> Problem:
    return by_its_own_lights(problem, problem.benefit)


def thompson(problem: Problem, believed: Evidence, instance: PlanningInstance) -> Problem:
    """As if one draw of everybody's posterior were true; it is another one each year."""
    drawn = of_runs(problem, instance, believed.draws[0])
    return by_its_own_lights(problem, drawn * problem.volume)


RULES: Mapping[str, Rule] = {
    "places for learning": with_places,
    "only where it pays": where_it_pays,
    "no places for learning": without_places,
    "Thompson": thompson,
}


@dataclass
class Records:
    """What is on record of P providers in M towns. people: (P, M). own: (P, M), what a provider
    does differently in a town; noise: (P,), the sum of people's own errors."""

    truth: np.ndarray
    law: ErrorLaw
    own: np.ndarray
    draw: np.random.Generator
    people: np.ndarray = field(init=False)
    noise: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        self.people = np.zeros(self.own.shape, dtype=np.int64)
        self.noise = np.zeros(len(self.truth))

    def add(self, people: Whole) -> None:
        """Train and measure so many of each provider and town."""
        self.people = self.people + people
        spread = np.sqrt(self.law.per_person * people.sum(axis=1))
        self.noise = self.noise + spread * self.draw.standard_normal(len(spread))

    def evidence(self, seed: int) -> Evidence:
        """What a release would say: nothing of those with too few people or towns; all else shrunk
        towards the mean of those that are published, as the ranking does it."""
        count = self.people.sum(axis=1)
        proven = (count >= MINIMUM.people) & ((self.people > 0).sum(axis=1) >= MINIMUM.clusters)
        part = self.people / np.maximum(count, 1)[:, None]
        estimate = self.truth + (part * self.own).sum(axis=1) + self.noise / np.maximum(count, 1)
        error = np.sqrt(
            self.law.per_person / np.maximum(count, 1) + self.law.per_town * (part**2).sum(axis=1)
        )
        prior = moments(estimate[proven], error[proven])
        mean, variance = float(prior.means[0]), float(prior.variances[0])
        weight = variance / (variance + error**2)
        frame = pl.DataFrame(
            {
                "provider": [f"{at:03d}" for at in range(len(count))],
                "estimate": estimate,
                "se": error,
                "posterior_mean": mean + weight * (estimate - mean),
                "state": np.where(proven, "published", "not_collected"),
            }
        )
        return evidence_from(frame, mean, variance**0.5, draws=2, seed=seed)


def begun(seed: int, law: ErrorLaw = LAW) -> tuple[PlanningInstance, Records]:
    """A union before its first plan: half of its providers have taught, in three to six towns."""
    draw = np.random.default_rng((seed, 2))
    instance = planning_instance(seed, providers=PROVIDERS, years=1, **SIZE)
    towns = instance.municipalities.height
    own = draw.normal(0, law.per_town**0.5, (PROVIDERS, towns))
    records = Records(draw.normal(MEAN, SD, PROVIDERS), law, own, draw)
    past = np.zeros(own.shape, dtype=np.int64)
    for provider in draw.choice(PROVIDERS, PROVIDERS // 2, replace=False):
        where = draw.choice(towns, draw.integers(3, 7), replace=False)
        past[provider, where] = draw.integers(2, 7, len(where))
    records.add(past)
    return instance, records


def lived(seed: int, rule: Rule, law: ErrorLaw = LAW, years: int = YEARS) -> list[dict[str, float]]:
    """One union under one rule: year, gained (by the truth), best (by somebody who knows it),
    proven, and how many unproven providers were sent anybody: tried; of them taught: enough."""
    instance, records = begun(seed, law)
    rows = []
    for year in range(years):
        believed = records.evidence(seed=seed * 100 + year)
        problem = problem_from(instance, believed, law, years=1)
        true = of_runs(problem, instance, records.truth) * problem.volume
        decision = decided(rule(problem, believed, instance), gap=GAP)
        sent = _sent(problem, decision, instance)
        unproven = ~believed.proven
        tried = unproven & (sent.sum(axis=1) > 0)
        enough = (sent.sum(axis=1) >= MINIMUM.people) & ((sent > 0).sum(axis=1) >= MINIMUM.clusters)
        rows.append(
            {
                "seed": seed,
                "year": year + 1,
                "gained": float(true @ decision.pairs),
                "proven": int(believed.proven.sum()),
                "tried": int(tried.sum()),
                "taught": int((tried & enough).sum()),
            }
        )
        records.add(sent)
    best = float(true @ decided(by_its_own_lights(problem, true), gap=GAP).pairs)
    return [{**row, "best": best} for row in rows]


def _sent(problem: Problem, decision: Decision, instance: PlanningInstance) -> Whole:
    """(P, M) seats of each provider, in the instance's order, and town."""
    place = {name: at for at, name in enumerate(instance.providers["provider"])}
    provider = np.array([place[name] for name in problem.providers])[problem.run_provider]
    sent = np.zeros((len(place), len(problem.municipalities)), dtype=np.int64)
    np.add.at(sent, (provider[problem.leg_run], problem.leg_municipality), decision.seats)
    return sent


def run(seeds: Iterable[int], rules: Iterable[str] = RULES, years: int = YEARS) -> pl.DataFrame:
    """The rows of `lived` for each union and rule; a union whose duties cannot be paid has none."""
    rows = []
    for seed in seeds:
        with threadpool_limits(1):
            try:
                for rule in rules:
                    rows += [{"rule": rule, **row} for row in lived(seed, RULES[rule], years=years)]
            except NoPlan:
                continue
    return pl.DataFrame(rows)


@dataclass(frozen=True)
class Lost:
    """Of one rule in one year: the mean over unions of what is lost against the best, as a share of
    it, and half of its 95 % interval."""

    mean: float
    half: float


def lost(found: pl.DataFrame, rule: str, year: int) -> Lost:
    return Lost(*interval(_shares(found, rule, year)["lost"].to_numpy()))


def less_lost(found: pl.DataFrame, rule: str, year: int, than: tuple[str, int]) -> Lost:
    """How much less is lost than by another rule or in another year, in the same unions."""
    ours, theirs = _shares(found, rule, year), _shares(found, *than)
    both = ours.join(theirs, on="seed", suffix="_other")
    return Lost(*interval((both["lost_other"] - both["lost"]).to_numpy()))


def _shares(found: pl.DataFrame, rule: str, year: int) -> pl.DataFrame:
    """seed, lost: against the mean best of all unions, so that poor ones do not count for more."""
    of_all = float(found["best"].to_numpy().mean())
    return found.filter(pl.col("rule") == rule, pl.col("year") == year).select(
        "seed", lost=(pl.col("best") - pl.col("gained")) / of_all
    )


def drawn(found: pl.DataFrame) -> Picture:
    """What is lost by year under each rule, with the 95 % interval of its mean."""
    rows = []
    for rule in RULES:
        for year in sorted(set(found["year"])):
            one = lost(found, rule, year)
            rows.append((rule, year, one.mean, one.mean - one.half, one.mean + one.half))
    frame = pl.DataFrame(
        [(rule, year, *(round(100 * share, 1) for share in of)) for rule, year, *of in rows],
        schema=["rule", "year", "lost", "lower", "upper"],
        orient="row",
    )
    return path(
        frame,
        x="year",
        y="lost",
        lower="lower",
        upper="upper",
        series="rule",
        x_title="year of the plan",
        y_title="lost against somebody who knows the truth, %",
    )


if __name__ == "__main__":
    # FIRST LAST FILE [RULES]: unions FIRST to LAST - 1, kept as they come; draw SVG FILES
    if sys.argv[1] == "draw":
        kept_before = pl.concat([pl.read_csv(each) for each in sys.argv[3:]])
        drawn(kept_before).write(Path(sys.argv[2]))
    else:
        for each in range(int(sys.argv[1]), int(sys.argv[2])):
            lives = run([each], sys.argv[4:] or RULES)
            with Path(sys.argv[3]).open("a") as file:
                file.write(lives.write_csv(include_header=file.tell() == 0) if len(lives) else "")
