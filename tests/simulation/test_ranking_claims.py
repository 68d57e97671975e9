"""The claims of the ranking where the truth is known: false discoveries, intervals, rank ranges.

Half of the providers have an effect of exactly zero: the world in which a posterior that has no
mass at zero promises too much. `make evidence` prints the figures of each rule in each world.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest

from otdacha.ranking import listing
from otdacha.ranking.effective_error import effective_error
from otdacha.ranking.intervals import robust_intervals
from otdacha.ranking.normal import moments
from otdacha.ranking.npmle import npmle
from otdacha.ranking.posterior import grid_posterior, normal_posterior
from otdacha.ranking.rank_ranges import rank_ranges

RATE = 0.10
LEVEL = 0.95
DRAWS = 50


@dataclass(frozen=True)
class World:
    """`zero`: share of providers at exactly zero; the others are N(mean, sd). df of every standard
    error; shared: standard deviation of an error that all estimates of one of the `controls` groups
    have in common (one group: all estimates)."""

    zero: float
    mean: float
    sd: float
    df: float = np.inf
    shared: float = 0.0
    providers: int = 100
    controls: int = 1


@dataclass(frozen=True)
class Draw:
    truth: np.ndarray
    estimates: np.ndarray
    se: np.ndarray
    df: np.ndarray
    scores: np.ndarray


WORLDS = {
    "half at zero, half around zero": World(0.5, 0.0, 0.5),
    "half at zero, half better": World(0.5, 0.5, 0.3),
    "half at zero, 5 degrees of freedom": World(0.5, 0.5, 0.3, df=5),
    "half at zero, a shared error": World(0.5, 0.5, 0.3, shared=0.2),
    "all at zero": World(1.0, 0.0, 0.0),
    "all at zero, a shared error": World(1.0, 0.0, 0.0, shared=0.2),
}


def draws(world: World, count: int, seed: int = 1) -> Iterator[Draw]:
    generator = np.random.default_rng(seed)
    J = world.providers
    common = world.shared * (np.arange(J) % world.controls == np.arange(world.controls)[:, None])
    for _ in range(count):
        at_zero = generator.random(J) < world.zero
        truth = np.where(at_zero, 0.0, generator.normal(world.mean, world.sd, J))
        own = generator.uniform(0.15, 0.5, J)
        noise = own * generator.standard_normal(J) + generator.standard_normal(len(common)) @ common
        guess = np.sqrt(generator.chisquare(world.df, J) / world.df) if world.df < np.inf else 1.0
        scores = np.vstack([np.diag(own * guess), common])
        se = np.sqrt((scores**2).sum(axis=0))
        yield Draw(truth, truth + noise, se, np.full(J, world.df), scores)


def lists(draw: Draw) -> dict[str, np.ndarray]:
    """Who is listed by each rule against zero."""
    prior = moments(draw.estimates, draw.se, draw.scores)
    errors = effective_error(draw.se, draw.df, LEVEL)
    tests = listing.test(draw.estimates, draw.se, draw.df, draw.scores, against="zero", prior=prior)
    mixture = npmle(draw.estimates, draw.se, points=100, gap=1e-8)
    normal = normal_posterior(draw.estimates, errors, prior).above(0.0)
    grid = grid_posterior(draw.estimates, errors, mixture).above(0.0)
    storey = tests.q_values <= RATE
    of_normal = listing.posterior_set(1 - normal, RATE)
    of_npmle = listing.posterior_set(1 - grid, RATE)
    return {
        "Storey": storey,
        "BH": tests.bh <= RATE,
        "BY": tests.by <= RATE,
        "posterior, normal": of_normal,
        "posterior, NPMLE": of_npmle,
        "both, normal": storey & of_normal,
        "both, NPMLE": storey & of_npmle,
    }


@cache
def false_discoveries(world: World, count: int) -> dict[str, tuple[float, float, float]]:
    """By rule: false discovery rate, its standard error, mean length of the list."""
    shares: dict[str, list[float]] = defaultdict(list)
    lengths: dict[str, list[int]] = defaultdict(list)
    for draw in draws(world, count):
        for rule, listed in lists(draw).items():
            shares[rule].append(float((listed & (draw.truth <= 0)).sum() / max(listed.sum(), 1)))
            lengths[rule].append(int(listed.sum()))
    return {
        rule: (
            float(np.mean(share)),
            float(np.std(share) / len(share) ** 0.5),
            float(np.mean(lengths[rule])),
        )
        for rule, share in shares.items()
    }


@pytest.mark.parametrize("name", WORLDS)
def test_the_list_keeps_its_error_rate(name: str) -> None:
    found = false_discoveries(WORLDS[name], DRAWS)
    for rule in ("both, normal", "both, NPMLE"):
        rate, error, _ = found[rule]
        assert rate <= RATE + 3 * error, f"{rule}: {rate:.3f}"


def test_the_posterior_alone_does_not_keep_it_where_half_are_at_zero() -> None:
    found = false_discoveries(WORLDS["half at zero, half better"], DRAWS)
    assert found["posterior, normal"][0] > 2 * RATE
    assert found["posterior, NPMLE"][0] > 2 * RATE


def test_agreement_of_both_rules_costs_almost_nobody() -> None:
    found = false_discoveries(WORLDS["half at zero, half better"], DRAWS)
    assert found["both, normal"][2] > 0.95 * found["Storey"][2]
    assert found["both, normal"][2] > found["BY"][2]


@pytest.mark.parametrize("name", [name for name in WORLDS if name.startswith("half")])
def test_robust_intervals_cover_on_average(name: str) -> None:
    covered = []
    for draw in draws(WORLDS[name], DRAWS):
        errors = effective_error(draw.se, draw.df, LEVEL)
        lower, upper = robust_intervals(
            draw.estimates,
            errors,
            draw.se,
            draw.scores,
            moments(draw.estimates, draw.se, draw.scores),
            LEVEL,
        )
        covered.append(((lower <= draw.truth) & (draw.truth <= upper)).mean())
    assert np.mean(covered) >= LEVEL - 3 * np.std(covered) / len(covered) ** 0.5


@dataclass(frozen=True)
class RankCoverage:
    """marginal: share of true ranks inside their ranges; all: share of runs with all ranks inside;
    each with its standard error. Widths: of the ranges, as a share of all ranks."""

    marginal: float
    marginal_error: float
    all: float
    all_error: float
    width: float
    width_all: float


@cache
def rank_coverage(world: World, count: int) -> RankCoverage:
    covered, all_covered, widths, widths_all = [], [], [], []
    for number, draw in enumerate(draws(world, count)):
        found = rank_ranges(
            draw.estimates, draw.scores, draw.df, level=LEVEL, draws=400, seed=number
        )
        # equal truths share several ranks: the range has to hold them all
        best = 1 + (draw.truth[:, None] < draw.truth[None, :]).sum(axis=1)
        worst = (draw.truth[:, None] <= draw.truth[None, :]).sum(axis=1)
        covered.append(((found.low <= best) & (worst <= found.high)).mean())
        all_covered.append(((found.low_all <= best) & (worst <= found.high_all)).all())
        widths.append((found.high - found.low + 1).mean() / world.providers)
        widths_all.append((found.high_all - found.low_all + 1).mean() / world.providers)
    return RankCoverage(
        float(np.mean(covered)),
        float(np.std(covered) / count**0.5),
        float(np.mean(all_covered)),
        float((LEVEL * (1 - LEVEL) / count) ** 0.5),
        float(np.mean(widths)),
        float(np.mean(widths_all)),
    )


RANK_WORLDS = {
    "many degrees of freedom": World(0.3, 1.0, 2.0, providers=30),
    "4 degrees of freedom": World(0.3, 1.0, 2.0, df=4, providers=30),
    "a shared error": World(0.3, 1.0, 2.0, shared=1.0, providers=30),
    "shared controls, three groups": World(0.3, 1.0, 2.0, shared=1.0, providers=30, controls=3),
    "all equal": World(1.0, 0.0, 0.0, providers=30),
    "all equal, 4 degrees of freedom": World(1.0, 0.0, 0.0, df=4, providers=30),
    "all equal, shared controls": World(1.0, 0.0, 0.0, shared=1.0, providers=30, controls=3),
}


@pytest.mark.parametrize("name", RANK_WORLDS)
def test_rank_ranges_cover_the_true_rank(name: str) -> None:
    found = rank_coverage(RANK_WORLDS[name], 40)
    assert found.marginal >= LEVEL - 3 * found.marginal_error
    assert found.all >= LEVEL - 3 * found.all_error
    assert found.width <= found.width_all
    if not name.startswith("all equal"):
        assert found.width < 0.8


@pytest.mark.long
def test_print_the_evidence(capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        print("\nFalse discovery rate (mean length of the list) at 10 %, 200 providers, 400 draws")
        for name, world in WORLDS.items():
            large = World(**{**vars(world), "providers": 200})
            found = false_discoveries(large, 400)
            figures = ", ".join(f"{r} {v[0]:.3f} ({v[2]:.1f})" for r, v in found.items())
            print(f"{name}: {figures}")
            for rule in ("Storey", "both, normal", "both, NPMLE"):
                assert found[rule][0] <= RATE + 3 * found[rule][1]


@pytest.mark.long
def test_print_the_coverage_of_rank_ranges(capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        print(
            "\n| 30 providers, 1,000 runs | marginal | all at once | width | width, all at once |"
        )
        print("| --- | --- | --- | --- | --- |")
        for name, world in RANK_WORLDS.items():
            found = rank_coverage(world, 1_000)
            print(
                f"| {name} | {found.marginal:.3f} ± {found.marginal_error:.3f} "
                f"| {found.all:.3f} ± {found.all_error:.3f} "
                f"| {found.width:.2f} | {found.width_all:.2f} |"
            )
            assert found.marginal >= LEVEL - 3 * found.marginal_error
            assert found.all >= LEVEL - 3 * found.all_error
