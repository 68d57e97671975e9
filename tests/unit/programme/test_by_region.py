"""A large plan, region by region: in small, where the whole can be searched as well."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from otdacha.programme.deciding import solve
from otdacha.programme.deciding.by_region import Country, with_groups
from otdacha.programme.deciding.checking import broken
from otdacha.programme.deciding.highs import solve_linear
from otdacha.programme.deciding.linear_program import LinearProgram
from otdacha.programme.deciding.model import COSTS, linear_program, towns_of
from otdacha.programme.deciding.solve import decide, narrow
from otdacha.programme.problem import Problem
from tests.unit.programme.test_decide import problem

GAP = 0.03


def towns(seed: int) -> Problem:
    return problem(seed, towns=12, classes=120, runs=24)


def country(seed: int) -> tuple[LinearProgram, Country]:
    """A country whose groups are given and whose seats are fractions yet."""
    some = towns(seed)
    told: list[Any] = []
    narrow(told.append, some, GAP)
    deadline = time.monotonic() + 60
    found = with_groups(some, linear_program(some), told[-1].groups, deadline)
    assert found is not None
    program, fractions = found
    return program, Country(program, towns_of(some, program), some.region, fractions, deadline)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_plan_made_region_by_region_breaks_no_rule_and_is_nearly_the_best(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    some = problem(seed, towns=6, classes=40, runs=12)
    best = decide(some, gap=0.001, seconds=30)
    monkeypatch.setattr(solve, "LARGE", 10)
    regions = decide(some, gap=GAP, seconds=30)
    assert broken(some, regions) == []
    assert regions.objective >= best.objective * (1 - 2 * GAP)
    assert regions.bound >= best.objective * (1 - 1e-6)


def test_every_variable_of_a_town_pays_in_the_rows_of_that_town() -> None:
    some = towns(1)
    program = linear_program(some)
    town = towns_of(some, program)
    costs = np.flatnonzero(program.kinds == COSTS)
    assert len(costs)
    for row in costs:
        of_row = program.matrix.indices[slice(*program.matrix.indptr[row : row + 2])]
        assert set(town[of_row]) == {program.rules[program.rule[row]][1]}
    assert (town[program.columns["groups"]] == -1).all()


def test_groups_are_whole_and_nobody_is_lacking_in_them() -> None:
    program, made = country(1)
    groups = program.columns["groups"]
    assert (program.lower[groups] == program.upper[groups]).all()
    assert (program.lower[groups] == np.rint(program.lower[groups])).all()
    assert not len(made.amiss)
    assert made.gain == pytest.approx(solve_linear(program).gain)


def test_what_is_overdrawn_is_mended() -> None:
    program, made = country(2)
    seats = program.columns["seats"]
    made.current[seats] = np.ceil(made.current[seats] - 1e-6) + 1  # one too many everywhere
    made.look()
    assert len(made.amiss) > 5
    made.mend()
    assert not len(made.amiss)
    assert made.current[seats] == pytest.approx(np.rint(made.current[seats]), abs=1e-4)


@pytest.mark.parametrize("seed", [1, 4])
def test_looking_once_more_loses_nothing_and_breaks_no_rule(seed: int) -> None:
    _, made = country(seed)
    made.find_whole_seats()
    made.mend()
    assert not len(made.amiss)
    before = made.gain
    made.find_better_seats()
    assert made.gain >= before - 1e-9
    assert not len(made.amiss)


def test_the_plan_does_not_depend_on_how_many_cores_there_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plans = []
    for cores in (1, 4):
        monkeypatch.setattr(os, "cpu_count", lambda cores=cores: cores)
        _, made = country(4)
        made.find_whole_seats()
        made.mend()
        plans.append(made.current)
    assert plans[0] == pytest.approx(plans[1], abs=0)


def test_where_those_who_must_be_trained_find_no_place_there_is_a_group_more() -> None:
    some = towns(1)
    some = replace(some, floors=some.floors * 0, learning_share=0.0)
    none = np.zeros(len(some.run_names), dtype=np.int64)
    found = with_groups(some, linear_program(some), none, time.monotonic() + 60)
    assert found is not None
    program, solution = found
    assert program.lower[program.columns["groups"]].sum() > 0
    people = program.block("seats_of_class", solution)
    must = np.flatnonzero(some.mandatory)
    trained = [people[some.pair_class == each].sum() for each in must]
    assert trained == pytest.approx(some.people[must])
