"""Plan, train, measure, plan again: what is lost by not knowing, year by year.

At the level of estimates. A provider's people are measured with the errors that real releases show:
each person's own error and each town's own deviation, which stays the same, add up to the variance
of `ErrorLaw`. Needs, courses and money are the same every year, so that a year's loss changes only
by what was learnt before it.

**Asked before it was run** (seeds from 1001, of which none had been used): is a share of the seats
that is kept for learning worth it beside the value that learning has in what is maximised? The
rules stand in `RULES`, each on the same unions with the same luck. What decides is the mean of the
five years' losses in "a larger union", 150 of them, as paired differences. Beginning with the
simplest rule, in the order of `LADDER`, a rule takes the place of the one that stands where it
loses less and the 98.75 % interval of the difference is above zero (four questions: 95 % for all).
The rule that stands in the end is the default. "A small union", 60 of them, is told beside it:
there a tenth of the seats is fewer than most providers can be learnt from; where it contradicts
beyond its own interval, the default stays as it was, a tenth.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import polars as pl
from threadpoolctl import threadpool_limits

from otdacha.demo import PlanningInstance, planning_instance
from otdacha.documents.pictures import Picture, path
from otdacha.programme.deciding.linear_program import LinearProgram
from otdacha.programme.deciding.model import LEARNING_SHARE, linear_program
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
    keeping,
    of_runs,
    problem_from,
    serving,
)
from tests.simulation.worth import LASTING, TENTH, interval

YEARS = 5
PROVIDERS = 16
MEAN, SD = 0.015, 0.030
"""Of true effects, in shares of cases on time: those of the demonstration's organisations."""
LAW = ErrorLaw(per_person=0.0110, per_town=0.00074, followed=1.0, fitted_on=255)
"""Fitted to the providers that are measured in eight of the demonstration's unions (seeds 1-8)."""
WORLDS: Mapping[str, Mapping[str, int]] = {
    "a larger union": {
        "towns": 12, "people": 600, "classes": 100, "offers": 36, "regions": 2, "topics": 3,
    },
    "a small union": {
        "towns": 8, "people": 200, "classes": 50, "offers": 30, "regions": 2, "topics": 3,
    },
}  # fmt: skip
"""Sizes. A tenth of a year's seats is 20-25 in the first and 7 or 8 in the second. An effect is
published from five people in three towns on, and where errors are large against the gap to the best
rival, the plan counts on no result of fewer than 12 to 23."""
LARGER = "a larger union"
GAP = 0.01

Whole = np.ndarray


@dataclass(frozen=True)
class Rule:
    """Of P providers, what is decided on.

    kept: the part of the seats that goes to the unproven whatever comes of it. years: how many
    choices learning is worth; 0: it is worth nothing. most: the part of the seats that may be
    counted as learning. drawn: decided as if one draw of the posterior were true (Thompson).
    """

    kept: float = 0.0
    years: float = 0.0
    most: float = 1.0
    drawn: bool = False


RULES: Mapping[str, Rule] = {
    "no learning": Rule(),
    "value of learning": Rule(years=1.0),
    "value over three years": Rule(years=LASTING),
    "value, at most a tenth": Rule(years=1.0, most=TENTH),
    "value and a tenth kept": Rule(kept=TENTH, years=1.0),
    "Thompson": Rule(drawn=True),
}
LADDER = tuple(RULES)[:-1]
"""From the simplest. What is learnt is worth the gain of the next choice: the knowledge gradient.
Where results serve for N choices it is N times that (Ryzhov, Powell and Frazier 2012)."""


def decided_by(
    rule: Rule, problem: Problem, believed: Evidence, instance: PlanningInstance
) -> Decision:
    if rule.drawn:
        effect = of_runs(problem, instance, believed.draws[0])
        return decided(by_its_own_lights(problem, effect * problem.volume), gap=GAP)
    wanted = keeping(serving(problem, rule.years), rule.kept)
    program = linear_program(wanted)
    if rule.most < 1:
        program = at_most_learnt(program, rule.most)
    return decided(wanted, gap=GAP, program=program)


def at_most_learnt(program: LinearProgram, share: float) -> LinearProgram:
    """The programme with at most this share of its seats counted as learning."""
    blocks = [
        np.arange(where.start, where.stop)
        for name, where in program.columns.items()
        if name.startswith("learned")
    ]
    if not blocks:
        return program
    learned = np.concatenate(blocks)
    seats = program.columns["seats"]
    counted = (np.zeros(len(learned), dtype=np.int64), learned, 1.0)
    all_seats = np.arange(seats.start, seats.stop)
    of_all = (np.zeros(len(all_seats), dtype=np.int64), all_seats, -share)
    return program.with_rows((LEARNING_SHARE,), counted, of_all, upper=np.zeros(1))


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


def begun(seed: int, law: ErrorLaw = LAW, world: str = LARGER) -> tuple[PlanningInstance, Records]:
    """A union before its first plan: half of its providers have taught, in three to six towns."""
    draw = np.random.default_rng((seed, 2))
    instance = planning_instance(seed, providers=PROVIDERS, years=1, **WORLDS[world])
    towns = instance.municipalities.height
    own = draw.normal(0, law.per_town**0.5, (PROVIDERS, towns))
    records = Records(draw.normal(MEAN, SD, PROVIDERS), law, own, draw)
    past = np.zeros(own.shape, dtype=np.int64)
    for provider in draw.choice(PROVIDERS, PROVIDERS // 2, replace=False):
        where = draw.choice(towns, draw.integers(3, 7), replace=False)
        past[provider, where] = draw.integers(2, 7, len(where))
    records.add(past)
    return instance, records


def lived(
    seed: int, rule: Rule, law: ErrorLaw = LAW, years: int = YEARS, world: str = LARGER
) -> list[dict[str, float]]:
    """One union under one rule: year, gained (by the truth), best (by somebody who knows it),
    seats, unproven (of the seats), proven (providers), and of the unproven ones how many were sent
    anybody: tried; of them enough to be known by that alone: taught."""
    instance, records = begun(seed, law, world)
    rows = []
    for year in range(years):
        believed = records.evidence(seed=seed * 100 + year)
        problem = problem_from(instance, believed, law, years=1)
        true = of_runs(problem, instance, records.truth) * problem.volume
        decision = decided_by(rule, problem, believed, instance)
        sent = _sent(problem, decision, instance)
        unproven = ~believed.proven
        tried = unproven & (sent.sum(axis=1) > 0)
        enough = (sent.sum(axis=1) >= MINIMUM.people) & ((sent > 0).sum(axis=1) >= MINIMUM.clusters)
        rows.append(
            {
                "seed": seed,
                "year": year + 1,
                "gained": float(true @ decision.pairs),
                "seats": int(sent.sum()),
                "unproven": int(sent[unproven].sum()),
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


def run(
    seeds: Iterable[int],
    rules: Iterable[str] = tuple(RULES),
    years: int = YEARS,
    world: str = LARGER,
) -> pl.DataFrame:
    """The rows of `lived` for each union and rule; a union whose duties cannot be paid has none."""
    rows = []
    for seed in seeds:
        with threadpool_limits(1):
            try:
                rows += [
                    {"rule": rule, **row}
                    for rule in rules
                    for row in lived(seed, RULES[rule], years=years, world=world)
                ]
            except NoPlan:
                continue
    return pl.DataFrame(rows)


@dataclass(frozen=True)
class Lost:
    """A mean over unions of what is lost against the best, as a share of it, or of a difference of
    two such; half of its 95 % interval."""

    mean: float
    half: float


Of = int | None
"""A year; None: the mean of all years."""
BONFERRONI = 2.498 / 1.960
"""The half of a 98.75 % interval in halves of a 95 % interval."""


def lost(found: pl.DataFrame, rule: str, year: Of = None) -> Lost:
    return Lost(*interval(_shares(found, rule, year)["lost"].to_numpy()))


def less_lost(found: pl.DataFrame, rule: str, year: Of, than: tuple[str, Of]) -> Lost:
    """How much less is lost than by another rule or in another year, in the same unions."""
    ours, theirs = _shares(found, rule, year), _shares(found, *than)
    both = ours.join(theirs, on="seed", suffix="_other")
    return Lost(*interval((both["lost_other"] - both["lost"]).to_numpy()))


def stands(found: pl.DataFrame, ladder: Iterable[str] = LADDER) -> str:
    """The rule that is left when each in turn was held against the one that stood before it."""
    first, *others = ladder
    for other in others:
        less = less_lost(found, other, None, than=(first, None))
        if less.mean > BONFERRONI * less.half:
            first = other
    return first


def _shares(found: pl.DataFrame, rule: str, year: Of) -> pl.DataFrame:
    """seed, lost: against the mean best of all unions, so that poor ones do not count for more."""
    of_all = float(found["best"].to_numpy().mean())
    of_rule = found.filter(pl.col("rule") == rule)
    of_year = of_rule if year is None else of_rule.filter(pl.col("year") == year)
    missed = (pl.col("best") - pl.col("gained")) / of_all
    return of_year.group_by("seed").agg(lost=missed.mean()).sort("seed")


def told(found: pl.DataFrame) -> str:
    """The table of docs/evidence.md, and each rule held against those before it."""
    years = sorted(set(found["year"]))
    lines = [f"{found['seed'].n_unique()} unions; stands: {stands(found)}"]
    for rule in RULES:
        each = [lost(found, rule, year) for year in (*years, None)]
        lines.append(f"| {rule} | " + " | ".join(f"{x.mean:.3f} ± {x.half:.3f}" for x in each))
    for at, rule in enumerate(RULES):
        for other in tuple(RULES)[:at]:
            less = [less_lost(found, rule, year, than=(other, year)) for year in (None, years[-1])]
            each = " | ".join(f"{x.mean:+.3f} ± {x.half:.3f}" for x in less)
            lines.append(f"| {rule} less than {other} | {each}")
    counts = ["seats", "unproven", "proven", "tried", "taught"]
    means = found.group_by("rule", "year", maintain_order=True).agg(pl.col(counts).mean().round(1))
    return "\n".join((*lines, means.write_csv()))


def drawn(found: pl.DataFrame) -> Picture:
    """What is lost by year under each rule, with the 95 % interval of its mean."""
    rows = []
    for rule in LADDER:
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
        whole=True,
    )


if __name__ == "__main__":
    # WORLD FIRST LAST FILE: unions FIRST to LAST - 1, kept as they come; tell FILES; draw SVG FILES
    match sys.argv[1:]:
        case ["tell", *files]:
            print(told(pl.concat([pl.read_csv(each) for each in files])))
        case ["draw", svg, *files]:
            drawn(pl.concat([pl.read_csv(each) for each in files])).write(Path(svg))
        case [world, first, last, kept]:
            for each in range(int(first), int(last)):
                lives = run([each], world=world)
                with Path(kept).open("a") as file:
                    file.write(
                        lives.write_csv(include_header=file.tell() == 0) if len(lives) else ""
                    )
