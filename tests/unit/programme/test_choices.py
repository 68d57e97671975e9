"""Reasons that follow from the plan and its prices, each checked by planning again."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from otdacha.programme.deciding.highs import solve_linear, within
from otdacha.programme.deciding.model import benefit_scale, linear_program
from otdacha.programme.explain import choices, prices_of, unmet
from otdacha.programme.problem import Caution, Learning, Problem
from tests.unit.programme.tiny import Group, People, decided, invented, tiny


def forbidden(problem: Problem, pair: int) -> Problem:
    """The same problem, in which this class cannot take this run."""
    kept = np.arange(len(problem.benefit)) != pair
    return replace(
        problem,
        **{
            name: getattr(problem, name)[kept]
            for name in ("pair_class", "pair_run", "pair_leg", "benefit", "volume")
        },
    )


def reasons(problem: Problem) -> dict[tuple[int, int], str]:
    frame = choices(problem, decided(problem))
    return {(of, run): why for of, run, why in frame.select("class", "run", "why").iter_rows()}


def test_the_runner_up_costs_what_forbidding_the_choice_costs() -> None:
    # five people at 3 each; with the second provider they would bring 2 each
    problem = tiny([People(5)], [Group(0, 10_000), Group(1, 9_000), Group(2, 8_000)], [3, 2, 1])
    plan = decided(problem)
    frame = choices(problem, plan)
    assert frame["why"].to_list() == ["largest_effect"]
    assert frame["runner_up_run"].to_list() == [1]
    assert frame["runner_up_loss"][0] == pytest.approx(5, abs=0.01)
    assert frame["untrained_loss"][0] == pytest.approx(15, abs=0.01)
    lost = plan.objective - decided(forbidden(problem, frame["pair"][0])).objective
    assert lost == pytest.approx(frame["runner_up_loss"][0], abs=0.01)


def test_money_that_the_runner_up_would_take_from_others_is_counted() -> None:
    # 60,000 rubles train six at 10,000, two at 3 and four at 2.7; a seat of 20,000 brings 5, and
    # takes two seats of 2.7 from others
    problem = tiny(
        [People(2, runs=(0, 1)), People(9, weight=0.9, runs=(0,))],
        [Group(0, 10_000), Group(1, 20_000)],
        [3, 5],
        money=60_000,
    )
    plan = decided(problem)
    assert plan.pairs.tolist() == [2, 0, 4]
    frame = choices(problem, plan)
    assert frame["why"].to_list() == ["best_per_rouble", "only_run"]
    assert frame["runner_up_run"].to_list() == [1, None]
    assert frame["runner_up_loss"][0] == pytest.approx(2 * ((3 - 2.7) - (5 - 5.4)), abs=0.01)
    assert frame["untrained_loss"][0] == pytest.approx(2 * (3 - 2.7), abs=0.01)
    lost = plan.objective - decided(forbidden(problem, frame["pair"][0])).objective
    assert lost == pytest.approx(0.6, abs=0.01)  # the smaller of the two: they stay untrained


def losses(problem: Problem) -> tuple[np.ndarray, np.ndarray]:
    """For each choice what is told that it would cost to forbid it, and what it costs."""
    plan = decided(problem)
    program, scale = linear_program(problem), benefit_scale(problem)
    groups = plan.groups.astype(float)
    best = solve_linear(within(program, {"groups": (groups, groups)})).gain * scale
    frame = choices(problem, plan)
    told = frame.select("runner_up_loss", "untrained_loss").to_numpy()
    lost = []
    for pair in frame["pair"]:
        most = problem.people[problem.pair_class].astype(float)
        most[pair] = 0
        bounds = {"groups": (groups, groups), "seats_of_class": (0.0, most)}
        lost.append(best - solve_linear(within(program, bounds)).gain * scale)
    least = np.nanmin(np.where(np.isnan(told), np.inf, told), axis=1)
    known = np.isfinite(least) & np.isfinite(lost)
    return least[known], np.array(lost)[known]


def test_forbidding_a_choice_costs_at_least_what_is_told_and_not_much_more() -> None:
    told, lost = (
        np.concatenate(each) for each in zip(*map(losses, map(invented, range(5))), strict=True)
    )
    assert len(told) > 30
    assert (lost >= told - 1e-6).all()
    assert told.sum() > 0.6 * lost.sum()


def test_who_must_be_trained_is_told_so_only_where_nothing_else_would_bring_them() -> None:
    runs = [Group(0, 10_000), Group(1, 10_000)]
    found = reasons(
        tiny(
            [
                People(2, mandatory=True, runs=(1,)),
                People(2, mandatory=True, runs=(1, 2)),
                People(2, mandatory=True, runs=(0, 1)),
                People(2, runs=(0,)),
            ],
            [*runs, Group(2, 9_000)],
            [2, -1, -2],
        )
    )
    assert found == {
        (0, 1): "mandatory_only_run",
        (1, 1): "mandatory",
        (2, 0): "largest_effect",
        (3, 0): "only_run",
    }


def test_a_run_that_is_only_second_best_because_the_best_is_full_says_so() -> None:
    problem = tiny(
        [People(4, weight=2), People(4)], [Group(0, 1_000, places=4), Group(1, 1_000)], [3, 1]
    )
    assert reasons(problem) == {(0, 0): "largest_effect", (1, 1): "others_full"}
    roomy = replace(problem, places=np.array([8, 100]))
    assert reasons(roomy) == {(0, 0): "largest_effect", (1, 0): "largest_effect"}


def test_seats_that_fill_a_group_would_be_elsewhere_without_its_least() -> None:
    # four people for whom only run 0 is worth anything; it needs six
    problem = tiny(
        [People(4, weight=9, runs=(0,)), People(2)],
        [Group(0, 1_000, least=6), Group(1, 1_000)],
        [1, 1.5],
    )
    assert reasons(problem) == {(0, 0): "only_run", (1, 0): "fills_group"}
    free = replace(problem, least=np.array([1, 1]))
    assert reasons(free)[1, 1] == "largest_effect"


def test_seats_for_a_floor_would_be_nowhere_without_it() -> None:
    problem = tiny(
        [People(6, weight=5, town=0), People(6, town=1)],
        [Group(0, 10_000), Group(1, 11_000)],
        [1, 0.5],
        money=60_000,
        floors=(0, 2),
    )
    assert reasons(problem)[1, 0] == "floor"
    assert (1, 0) not in reasons(replace(problem, floors=np.array([0, 0])))


def test_seats_that_teach_would_be_elsewhere_without_what_is_learned() -> None:
    problem = tiny(
        [People(10)],
        [Group(0, 10_000), Group(1, 10_000)],
        [1, 0.5],
        unproven=(1,),
        learning=(Learning(1, np.array([4.0]), np.array([4.0]), 1.0),),
    )
    assert reasons(problem) == {(0, 0): "largest_effect", (0, 1): "learning"}
    assert reasons(replace(problem, learning=())) == {(0, 0): "largest_effect"}
    share = replace(problem, learning=(), learning_share=0.2)
    plan = decided(share)
    assert reasons(share)[0, 1] == "learning"
    assert plan.pairs.tolist() == [8, 2]


def why_not(problem: Problem) -> dict[int, str]:
    return dict(unmet(problem, decided(problem)).select("class", "why").iter_rows())


def test_people_without_a_run_and_people_for_whom_none_is_worth_it() -> None:
    problem = tiny([People(3, runs=()), People(3, runs=(0,)), People(3, runs=(1,))],
                   [Group(0, 1_000), Group(1, 1_000)], [-1, 1])  # fmt: skip
    assert why_not(problem) == {0: "no_run", 1: "not_worth"}
    rich = replace(problem, amount=problem.amount * 1000)
    assert why_not(rich) == {0: "no_run", 1: "not_worth"}  # money cures neither


def test_who_is_left_for_want_of_money_is_trained_with_more_of_it() -> None:
    problem = tiny([People(4, weight=2), People(4)], [Group(0, 10_000)], [1], money=40_000)
    assert why_not(problem) == {1: "no_money"}
    assert why_not(replace(problem, amount=problem.amount * 2)) == {}


def test_who_is_left_for_want_of_places_is_trained_where_there_are_more() -> None:
    problem = tiny([People(4, weight=2), People(4)], [Group(0, 10_000, places=4)], [1])
    assert why_not(problem) == {1: "no_places"}
    assert why_not(replace(problem, amount=problem.amount * 9)) == {1: "no_places"}
    assert why_not(replace(problem, places=np.array([8]))) == {}


def test_who_is_left_because_no_group_comes_together_is_trained_in_a_smaller_one() -> None:
    problem = tiny([People(3)], [Group(0, 10_000, least=5, places=9)], [1])
    assert why_not(problem) == {0: "no_group"}
    assert why_not(replace(problem, least=np.array([3]))) == {}


def test_who_is_left_so_that_unproven_providers_keep_their_part() -> None:
    problem = tiny(
        [People(6, runs=(0,)), People(2, runs=(1,))],
        [Group(0, 1_000), Group(1, 1_000)],
        [1, 1],
        unproven=(1,),
        learning_share=0.5,
    )
    assert decided(problem).pairs.tolist() == [2, 2]
    assert why_not(problem) == {0: "learning_share"}
    assert why_not(replace(problem, learning_share=0.0)) == {}


def test_what_is_left_of_the_money_may_be_less_than_a_seat() -> None:
    problem = tiny([People(4)], [Group(0, 10_000)], [1], money=25_000)
    assert decided(problem).seats.tolist() == [2]
    assert why_not(problem)[0] in ("no_money", "next_in_line")


def test_a_town_without_money_is_told_that_it_has_none() -> None:
    problem = tiny(
        [People(2, town=0), People(2, town=1)],
        [Group(0, 10_000)],
        [1],
        funds=[("own", 90_000, (0,))],
    )
    assert not np.isfinite(prices_of(problem, decided(problem)).money[1])
    assert why_not(problem) == {1: "no_money"}


def test_with_caution_a_seat_is_worth_what_it_brings_in_the_worst_draws() -> None:
    # half of the draws are the tail: provider 0 brings 3 or -1, provider 1 surely 0.9
    draws = np.array([[3.0, 0.9], [-1.0, 0.9]])
    problem = tiny(
        [People(4), People(1, mandatory=True, runs=(0,))],
        [Group(0, 1_000), Group(1, 1_000)],
        [1, 0.9],
        draws=draws,
        caution=1.0,
    )
    plan = decided(problem)
    assert plan.pairs.tolist() == [0, 4, 1]
    assert prices_of(problem, plan).value == pytest.approx([-1, 0.9, -1], abs=0.01)
    assert reasons(problem) == {(0, 1): "largest_effect", (1, 0): "mandatory_only_run"}
    assert reasons(replace(problem, caution=Caution()))[0, 0] == "largest_effect"
