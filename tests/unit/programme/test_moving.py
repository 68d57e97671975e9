"""Moving people whom a plan under way sends somewhere already: only for what is worth it."""

from dataclasses import replace

import numpy as np
import pytest

from otdacha.programme.explain import choices
from otdacha.programme.explain.rivals import cheapest
from otdacha.programme.plan import problem_bytes, problem_in
from otdacha.programme.problem import Caution, Moving, Problem
from tests.unit.programme.tiny import Group, People, decided, invented, tiny


def under_way(problem: Problem, pairs: list[int], price: float) -> Problem:
    """The problem where a plan sends so many people of each pair already."""
    places = zip(problem.pair_class.tolist(), problem.pair_run.tolist(), pairs, strict=True)
    return replace(problem, moving=Moving(tuple(one for one in places if one[2]), price))


@pytest.fixture(scope="module")
def market() -> Problem:
    """Four people, two runs of one price: the second brings 1.3 a seat and the first brings 1."""
    return tiny([People(4)], [Group(0, 10_000), Group(1, 10_000)], [1, 1.3], money=40_000)


@pytest.mark.parametrize(
    ("price", "seats", "objective"), [(0.0, [0, 4], 5.2), (0.2, [0, 4], 4.4), (0.4, [4, 0], 4.0)]
)
def test_somebody_is_moved_where_that_brings_more_than_it_costs(
    market: Problem, price: float, seats: list[int], objective: float
) -> None:
    plan = decided(under_way(market, [4, 0], price))
    assert plan.seats.tolist() == seats
    assert plan.objective == pytest.approx(objective, abs=0.01)
    assert plan.benefit == pytest.approx(4 if seats[0] else 5.2)


def test_who_is_new_moves_nobody(market: Problem) -> None:
    # two sit in the first run; whoever joins them goes where it is better
    plan = decided(under_way(market, [2, 0], 0.4))
    assert plan.pairs.tolist() == [2, 2]


def test_people_of_one_town_are_not_exchanged_for_what_is_too_little() -> None:
    # both classes are of one town and could sit in the only seat; the second gains a tenth more
    problem = tiny([People(1), People(1, weight=1.1)], [Group(0, 10_000)], [1], money=10_000)
    assert decided(under_way(problem, [1, 0], 0.2)).pairs.tolist() == [1, 0]
    assert decided(under_way(problem, [1, 0], 0.05)).pairs.tolist() == [0, 1]


def test_who_must_leave_is_moved_whatever_it_costs(market: Problem) -> None:
    gone = replace(market, groups=np.array([0, 1]))
    plan = decided(under_way(gone, [4, 0], 50.0))
    assert plan.seats.tolist() == [0, 4]


@pytest.mark.parametrize("caution", [0.0, 0.5])
@pytest.mark.parametrize("seed", range(3))
def test_the_dearer_moving_is_the_fewer_are_moved(seed: int, caution: float) -> None:
    problem = replace(invented(seed), caution=Caution(caution, 0.5))
    before = decided(replace(problem, benefit=problem.benefit[::-1].copy()))
    moved, worth = [], []
    for price in (0.0, 0.05, 0.3, 100.0):
        plan = decided(under_way(problem, before.pairs.tolist(), price))
        gone = int(np.maximum(before.pairs - plan.pairs, 0).sum())
        moved.append(gone)
        worth.append(plan.objective + price * gone)
    assert moved == sorted(moved, reverse=True)
    assert moved[0] > 0
    assert moved[-1] == 0
    # without the price, nothing is better than what is best without it
    assert max(worth) == pytest.approx(worth[0], abs=0.01)


def test_a_seat_that_is_kept_for_the_price_alone_says_so(market: Problem) -> None:
    problem = under_way(market, [4, 0], 0.4)
    row = choices(problem, decided(problem)).row(0, named=True)
    assert (row["run"], row["why"]) == (0, "stays")
    assert row["runner_up_run"] == 1
    better = under_way(market, [0, 4], 0.4)
    assert choices(better, decided(better))["why"].to_list() == ["largest_effect"]


def test_other_aims_have_no_plan_under_way(market: Problem) -> None:
    assert cheapest(under_way(market, [4, 0], 0.4)).moving.price == 0


def test_a_file_of_a_problem_keeps_what_moving_costs(market: Problem) -> None:
    kept = problem_in(problem_bytes(under_way(market, [4, 0], 0.4)))
    assert kept.meant.tolist() == [4, 0]
    assert kept.moving.price == 0.4
