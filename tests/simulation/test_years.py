"""Plan, train, measure, plan again, where the truth is known (docs/evidence.md, "The plan")."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from otdacha.programme.deciding.highs import solve_linear
from otdacha.programme.deciding.linear_program import LinearProgram
from otdacha.programme.deciding.model import linear_program
from otdacha.programme.evidence.learning import ErrorLaw
from tests.simulation.planning import problem_from
from tests.simulation.years import (
    GAP,
    LADDER,
    LAW,
    RULES,
    TENTH,
    WORLDS,
    YEARS,
    Records,
    at_most_learnt,
    begun,
    decided_by,
    less_lost,
    lived,
    lost,
    run,
    stands,
    told,
)

UNIONS = {"a larger union": range(1001, 1151), "a small union": range(1001, 1061)}


@pytest.fixture
def found() -> pl.DataFrame:
    """Two unions, two years: half and a quarter is lost, then nothing and a quarter."""
    return pl.DataFrame(
        {
            "rule": ["no learning"] * 4,
            "seed": [1, 1, 2, 2],
            "year": [1, 2, 1, 2],
            "gained": [5.0, 10.0, 7.5, 7.5],
            "best": [10.0] * 4,
        }
    )


def test_what_is_lost_by_hand(found: pl.DataFrame) -> None:
    assert lost(found, "no learning", 1).mean == pytest.approx(0.375)
    assert lost(found, "no learning", 2).mean == pytest.approx(0.125)
    less = less_lost(found, "no learning", 2, than=("no learning", 1))
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
    rows = lived(1, RULES["value of learning"])
    proven, gained = ([row[name] for row in rows] for name in ("proven", "gained"))
    assert proven == sorted(proven)
    assert proven[-1] > proven[0]
    assert min(gained[-2:]) > gained[0]
    assert all(row["gained"] <= (1 + 2 * GAP) * row["best"] for row in rows)


def test_what_learning_is_worth_is_what_a_rule_says() -> None:
    instance, records = begun(1)
    believed = records.evidence(seed=1)
    problem = problem_from(instance, believed, LAW, years=1)
    unproven = problem.unproven[problem.run_provider[problem.leg_run]]
    sent = {}
    for name, rule in RULES.items():
        seats = decided_by(rule, problem, believed, instance).seats
        sent[name] = int(seats[unproven].sum())
        if rule.kept:
            assert sent[name] >= rule.kept * seats.sum()
    assert sent["no learning"] < sent["value of learning"] <= sent["value over three years"]


def test_no_more_is_counted_as_learning_than_may_be() -> None:
    instance, records = begun(1)
    program = linear_program(problem_from(instance, records.evidence(seed=1), LAW, years=1))

    def learned(program: LinearProgram) -> float:
        solution = solve_linear(program).solution
        assert solution is not None
        counted = [
            program.block(name, solution).sum()
            for name in program.columns
            if name.startswith("learned")
        ]
        return float(sum(counted) / program.block("seats", solution).sum())

    assert learned(program) > TENTH
    assert learned(at_most_learnt(program, TENTH)) == pytest.approx(TENTH)


def test_a_rule_stands_until_another_loses_less_beyond_doubt() -> None:
    def of(rule: str, gained: list[float]) -> pl.DataFrame:
        columns = {"seed": range(len(gained)), "year": 1, "gained": gained, "best": 10.0}
        return pl.DataFrame(columns).with_columns(rule=pl.lit(rule))

    simplest = of("no learning", [5.0, 5.0, 6.0, 6.0])
    beyond_doubt = of("surely better", [7.0, 7.0, 8.0, 8.1])
    in_doubt = of("perhaps better", [9.0, 7.0, 9.0, 7.0])
    found = pl.concat([simplest, beyond_doubt, in_doubt])
    assert stands(found, ["no learning", "surely better", "perhaps better"]) == "surely better"
    assert stands(found, ["perhaps better", "surely better"]) == "perhaps better"


@pytest.mark.long
@pytest.mark.parametrize("world", WORLDS)
def test_less_is_lost_from_year_to_year(world: str) -> None:
    """`make evidence`; the same rows: `python -m tests.simulation.years WORLD 1001 1151 FILE`."""
    found = run(UNIONS[world], world=world)
    print(f"\n{world}: {told(found)}")
    for rule in LADDER:
        gained = less_lost(found, rule, YEARS, than=(rule, 1))
        assert gained.mean - gained.half > 0, rule
