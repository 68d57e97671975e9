"""Clashes of invented problems are checked rule by rule, and so is the money that mends them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from otdacha.programme.clash.elastic import (
    Elastic,
    Fractions,
    OutOfTime,
    Rules,
    WholeNumbers,
    elastic,
    smallest,
)
from otdacha.programme.clash.missing import missing_money, with_every_purse
from otdacha.programme.deciding.highs import solve_linear, solve_mixed
from otdacha.programme.deciding.model import linear_program
from otdacha.programme.problem import Problem, Share
from tests.unit.programme.planning import Money, Need, Run, planned

NEVER = 10.0**12
RUBLE = 100


def invented(seed: int) -> Problem:
    """Two towns, five classes, four runs in two years, little money, every kind of rule."""
    draw = np.random.default_rng(seed)
    runs = {
        f"run {at}": Run(
            fee=float(draw.integers(5, 20) * 1000),
            least=int(draw.integers(1, 7)),
            places=int(draw.integers(7, 12)),
            groups=int(draw.integers(1, 3)),
            year=2026 + at % 2,
            provider=f"provider {at % 3}",
        )
        for at in range(4)
    }
    needs = [
        Need(
            f"town {at % 2}",
            int(draw.integers(1, 6)),
            tuple(sorted({f"run {draw.integers(4)}", f"run {draw.integers(4)}"})),
            mandatory=bool(draw.random() < 0.6),
        )
        for at in range(5)
    ]
    scale = draw.choice([30_000, 300_000])
    money = [
        Money(source, holder, float(draw.integers(0, scale)), year)
        for year in (2026, 2027)
        for source, holder in (("federal", None), ("municipal", "town 0"))
    ]
    return planned(
        needs,
        runs,
        money,
        floors={"town 0": int(draw.integers(0, 8)), "town 1": int(draw.integers(0, 4))},
        shares=[Share("Region", "federal", 2026, np.array([0, 1]), at_most=0.7)],
        learning_share=float(draw.choice([0.0, 0.3])),
        unproven=["provider 1"],
    )


def can_be_kept(model: Elastic, rules: Rules, whole: bool) -> bool:
    program = model.breaking(kept=rules, priced=frozenset())
    found = solve_mixed(program, gap=0.0, seconds=20) if whole else solve_linear(program)
    assert found.status in ("optimal", "infeasible")
    return found.solution is not None


def possible(problem: Problem) -> bool:
    program = linear_program(problem)
    return (
        solve_mixed(replace(program, gain=0 * program.gain), gap=0.0, seconds=20).solution
        is not None
    )


@pytest.mark.parametrize("seed", range(16))
def test_no_rule_can_be_spared_from_the_smallest_clash(seed: int) -> None:
    problem = invented(seed)
    model = elastic(problem)
    every = model.of_kind(*{str(rule[0]) for rule in model.rules})
    fractions, whole = Fractions(model, NEVER), WholeNumbers(model, NEVER)

    assert can_be_kept(model, every, whole=True) == possible(problem)
    for test, smaller in (
        (fractions, fractions.clash),
        (whole, lambda rules: None if whole.can_be_kept(rules) else rules),
    ):
        clash = test.clash(every)
        assert (clash is None) == can_be_kept(model, every, test.whole)
        if clash is not None:
            least, proven = smallest(model, clash, smaller)
            assert proven
            assert not can_be_kept(model, least, test.whole)
            assert all(can_be_kept(model, least - {rule}, test.whole) for rule in least)


@pytest.mark.parametrize("seed", range(16))
def test_the_missing_money_makes_a_plan_possible_and_a_ruble_less_does_not(seed: int) -> None:
    problem = with_every_purse(invented(seed))
    missing = missing_money(problem, elastic(problem), 20)

    if missing is None:
        assert not possible(replace(problem, amount=problem.amount + 10**9))
    else:
        assert missing.exact
        assert possible(problem) == (missing.additions == ())
        amount = problem.amount.copy()
        for each in missing.additions:
            amount[each.fund] += each.kopecks
        assert possible(replace(problem, amount=amount))
        for each in missing.additions:
            less = amount.copy()
            less[each.fund] -= RUBLE
            assert not possible(replace(problem, amount=less))


def test_the_invented_problems_clash_in_both_ways_and_some_do_not() -> None:
    kinds = set()
    for seed in range(16):
        model = elastic(invented(seed))
        every = model.of_kind(*{str(rule[0]) for rule in model.rules})
        in_parts = can_be_kept(model, every, whole=False)
        kinds.add((in_parts, in_parts and can_be_kept(model, every, whole=True)))
    assert kinds == {(False, False), (True, False), (True, True)}


def test_a_clash_that_could_not_be_made_smaller_in_time_says_so() -> None:
    model = elastic(invented(0))
    every = model.of_kind(*{str(rule[0]) for rule in model.rules})

    def too_late(rules: Rules) -> Any:
        raise OutOfTime

    assert smallest(model, every, too_late) == (every, False)
    with pytest.raises(OutOfTime):
        WholeNumbers(model, deadline=0.0).clash(every)
