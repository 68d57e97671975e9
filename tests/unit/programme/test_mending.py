"""A plan under way goes on, though not everybody who must be trained finds a place any more."""

from __future__ import annotations

import numpy as np
import pytest

from otdacha.programme.deciding.checking import broken
from otdacha.programme.deciding.mending import mended
from otdacha.programme.deciding.settle import Decision, only_seats
from otdacha.programme.deciding.solve import NoPlan, decide
from otdacha.programme.problem import Problem
from tests.unit.programme.planning import Money, Need, Run, planned


def begun_with(problem: Problem, people: int) -> Decision:
    """Of every class so many people sit in the first run."""
    pairs = np.full(len(problem.pair_run), people)
    seats = np.bincount(problem.pair_leg, pairs, len(problem.leg_run)).astype(np.int64)
    groups = np.ones(len(problem.run_names), dtype=np.int64)
    return only_seats(problem, seats=seats, groups=groups, pairs=pairs)


def two_needs(rubles: float) -> Problem:
    """Town A must train three people and town B one; a seat is 10,000 rubles."""
    needs = [Need("A", 3, ("run",)), Need("B", 1, ("run",))]
    return planned(needs, {"run": Run(fee=10_000)}, [Money("federal", None, rubles)])


def test_a_plan_that_breaks_no_rule_is_not_mended() -> None:
    enough = two_needs(40_000)
    start = decide(enough, seconds=10)
    assert mended(enough, start, gap=0.0, seconds=10) is None


def test_where_money_is_not_enough_the_fewest_wait_and_the_plan_keeps_all_other_rules() -> None:
    short = two_needs(35_000)
    with pytest.raises(NoPlan):
        decide(short, seconds=10)
    found = mended(short, begun_with(short, 1), gap=0.0, seconds=10)
    assert found is not None
    loose, begin = found
    assert begin.pairs.sum() == 3
    assert loose.mandatory.sum() == 1
    assert not loose.mandatory[begin.pairs < loose.people].any()
    assert broken(loose, begin) == []
    assert decide(loose, seconds=10, start=begin).pairs.sum() == 3


def test_a_plan_that_somebody_else_must_join_by_now_is_mended_without_anybody_waiting() -> None:
    enough = two_needs(40_000)
    found = mended(enough, begun_with(enough, 1), gap=0.0, seconds=10)
    assert found is not None
    due, begin = found
    assert due.mandatory.all()
    assert begin.pairs.tolist() == [3, 1]


def test_what_no_waiting_mends_is_not_mended() -> None:
    needs = [Need("A", 1, ("run",)), Need("A", 2, ("run",), mandatory=False)]
    floor = planned(
        needs, {"run": Run(fee=10_000)}, [Money("federal", None, 10_000)], floors={"A": 2}
    )
    assert mended(floor, begun_with(floor, 1), gap=0.0, seconds=10) is None
