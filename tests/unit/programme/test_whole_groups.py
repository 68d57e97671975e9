"""Groups of runs from seats in fractions; each number can be checked by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from otdacha.programme.deciding.whole_groups import too_few, whole_groups
from otdacha.programme.problem import Problem
from tests.unit.programme.test_decide import problem


def one_run(*, least: int, places: int, groups: int = 3, held: int = 0) -> Problem:
    """A problem with these rules for every run, where nobody must be trained."""
    small = problem(1)
    rules = {"least": least, "places": places, "groups": groups, "held": held}
    runs = {name: np.full(len(small.run_names), value) for name, value in rules.items()}
    return replace(small, mandatory=np.zeros_like(small.mandatory), **runs)


def groups_for(problem: Problem, people: float) -> int:
    fractions = np.zeros(len(problem.pair_run))
    fractions[0] = people
    return int(whole_groups(problem, fractions)[problem.pair_run[0]])


@pytest.mark.parametrize(
    ("people", "groups"),
    [
        (0.0, 0),
        (0.01, 0),
        (4.0, 0),  # five would be lacking, four are sent away
        (6.0, 1),
        (17.9, 2),
        (24.0, 3),
    ],
)
def test_a_run_has_groups_for_those_who_would_come(people: float, groups: int) -> None:
    assert groups_for(one_run(least=9, places=10), people) == groups


def test_where_two_numbers_of_groups_would_do_there_is_room_to_either_side() -> None:
    # 24 people: three groups take 18 to 30, four take 24 to 40 and none may stay away
    assert groups_for(one_run(least=6, places=10, groups=4), 24.0) == 3


def test_a_run_has_no_more_groups_than_it_may() -> None:
    assert groups_for(one_run(least=6, places=10, groups=2), 20.0) == 2


def test_people_who_are_held_by_a_contract_come_as_well() -> None:
    assert groups_for(one_run(least=6, places=10, held=5), 1.0) == 1


def test_those_who_must_be_trained_are_not_sent_away() -> None:
    run = one_run(least=9, places=10)
    must = replace(run, mandatory=np.ones_like(run.mandatory))
    assert groups_for(run, 1.0) == 0
    assert groups_for(must, 1.0) == 1


def test_a_run_to_which_more_must_come_is_named() -> None:
    run = one_run(least=9, places=10)
    fractions = np.zeros(len(run.pair_run))
    fractions[0] = 6.0
    found = too_few(run, fractions, whole_groups(run, fractions))
    assert np.flatnonzero(found).tolist() == [run.pair_run[0]]
