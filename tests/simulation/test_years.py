"""Plan, train, measure, plan again, where the truth is known (docs/evidence.md, "The plan")."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from otdacha.programme.evidence.learning import ErrorLaw
from tests.simulation.years import RULES, YEARS, Records, less_lost, lived, lost, run, with_places

UNIONS = range(1, 61)


@pytest.fixture
def found() -> pl.DataFrame:
    """Two unions, two years: half and a quarter is lost, then nothing and a quarter."""
    return pl.DataFrame(
        {
            "rule": ["places for learning"] * 4,
            "seed": [1, 1, 2, 2],
            "year": [1, 2, 1, 2],
            "gained": [5.0, 10.0, 7.5, 7.5],
            "best": [10.0] * 4,
        }
    )


def test_what_is_lost_by_hand(found: pl.DataFrame) -> None:
    assert lost(found, "places for learning", 1).mean == pytest.approx(0.375)
    assert lost(found, "places for learning", 2).mean == pytest.approx(0.125)
    less = less_lost(found, "places for learning", 2, than=("places for learning", 1))
    # less by one half in the first union, by nothing in the second
    assert less.mean == pytest.approx(0.25)
    assert less.half == pytest.approx(1.96 * np.sqrt(0.125 / 2))


def records(seed: int, law: ErrorLaw, providers: int = 400) -> Records:
    draw = np.random.default_rng(seed)
    own = draw.normal(0, law.per_town**0.5, (providers, 4))
    return Records(draw.normal(0.1, 0.2, providers), law, own, draw)


def test_estimates_miss_the_truth_by_as_much_as_they_say() -> None:
    kept = records(1, ErrorLaw(0.5, 0.02, 1.0, 9))
    for _ in range(2):  # people of two years add up
        kept.add(np.tile([4, 3, 0, 8], (400, 1)))
    believed = kept.evidence(seed=1)
    assert believed.proven.all()
    # 30 people; of all 8, 6 and 16 in one town
    expected = 0.5 / 30 + 0.02 * (8**2 + 6**2 + 16**2) / 30**2
    assert believed.error == pytest.approx(np.full(400, expected**0.5))
    weight = believed.prior_sd**2 / (believed.prior_sd**2 + expected)
    estimate = believed.prior_mean + (believed.mean - believed.prior_mean) / weight
    assert (estimate - kept.truth).std() == pytest.approx(expected**0.5, rel=0.15)
    assert believed.prior_sd == pytest.approx(0.2, rel=0.15)


def test_nothing_is_said_of_few_people_or_of_two_towns() -> None:
    kept = records(1, ErrorLaw(0.5, 0.02, 1.0, 9), providers=4)
    kept.add(np.array([[2, 2, 1, 0], [9, 9, 0, 0], [2, 1, 1, 0], [5, 5, 5, 5]]))
    assert kept.evidence(seed=1).proven.tolist() == [True, False, False, True]


def test_a_union_that_learns_knows_more_providers_and_loses_less() -> None:
    rows = lived(1, with_places)
    proven, gained = ([row[name] for row in rows] for name in ("proven", "gained"))
    assert proven == sorted(proven)
    assert proven[-1] > proven[0]
    assert min(gained[-2:]) > gained[0]
    assert all(row["gained"] <= 1.02 * row["best"] for row in rows)


@pytest.mark.long
def test_less_is_lost_from_year_to_year() -> None:
    """`make evidence`; the same rows: `python -m tests.simulation.years 1 61 FILE`."""
    found = run(UNIONS)
    print(f"\n{found['seed'].n_unique()} unions; lost against the best, mean ± 95 % interval")
    for rule in RULES:
        each = [lost(found, rule, year) for year in range(1, YEARS + 1)]
        print(f"| {rule} | " + " | ".join(f"{x.mean:.3f} ± {x.half:.3f}" for x in each) + " |")
    for rule in ("places for learning", "no places for learning"):
        gained = less_lost(found, rule, YEARS, than=(rule, 1))
        assert gained.mean - gained.half > 0, rule
