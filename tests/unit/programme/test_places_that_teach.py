"""A plan begins with a provider of too little evidence properly, or learns nothing of it."""

from __future__ import annotations

import numpy as np
import pytest

from otdacha.programme.deciding.highs import solve_linear, solve_mixed
from otdacha.programme.deciding.linear_program import LinearProgram
from otdacha.programme.deciding.model import linear_program
from otdacha.programme.deciding.settle import settled
from otdacha.programme.problem import Learning, Problem

NOBODY = np.zeros(0, dtype=np.int64)
SIX = Learning(provider=1, seats=np.array([6.0, 10.0]), values=np.array([12.0, 13.0]), widest=1 / 3)
"""Six seats teach twelve, ten teach thirteen; at most a third of those that count in one town."""


def problem(rubles: int, learning: Learning = SIX) -> Problem:
    """Three towns with four people each; a seat costs one ruble, with the proven provider, which
    brings 1, or with the new one, which brings 0.5."""
    town = np.repeat(np.arange(3), 2)
    run = np.tile(np.arange(2), 3)
    return Problem(
        municipalities=("a", "b", "c"),
        regions=("r",),
        providers=("proven", "new"),
        years=(2026,),
        region=np.zeros(3, dtype=np.int64),
        class_names=("a", "b", "c"),
        class_municipality=np.arange(3),
        people=np.full(3, 4),
        mandatory=np.zeros(3, dtype=np.bool_),
        run_names=("proven/1/2026", "new/1/2026"),
        run_provider=np.arange(2),
        run_year=np.full(2, 2026),
        fee=np.full(2, 100),
        least=np.ones(2, dtype=np.int64),
        places=np.full(2, 12),
        groups=np.ones(2, dtype=np.int64),
        pair_class=town,
        pair_run=run,
        pair_leg=np.arange(6),
        benefit=np.where(run == 0, 1.0, 0.5),
        volume=np.ones(6),
        leg_municipality=town,
        leg_run=run,
        travel=np.zeros(6, dtype=np.int64),
        fund_names=("federal",),
        fund_source=("federal",),
        fund_year=np.array([2026]),
        amount=np.array([100 * rubles]),
        fee_limit=np.array([10**9]),
        pays_fee=np.ones(1, dtype=np.bool_),
        pays_travel=np.ones(1, dtype=np.bool_),
        wallet_municipality=np.arange(3),
        wallet_fund=np.zeros(3, dtype=np.int64),
        unproven=np.array([False, True]),
        draws=np.zeros((0, 2)),
        floors=np.zeros(3, dtype=np.int64),
        held=np.zeros(2, dtype=np.int64),
        learning=(learning,),
    )


def seats(program: LinearProgram, provider: int) -> list[int]:
    """With a provider, by town."""
    found = solve_mixed(program, gap=0.0, seconds=10.0).solution
    assert found is not None
    return np.rint(program.block("seats", found)).astype(int)[provider::2].tolist()


def test_where_money_does_not_reach_for_enough_nobody_is_sent_to_learn() -> None:
    program = linear_program(problem(rubles=5))
    assert seats(program, 1) == [0, 0, 0]
    # the relaxation would take five of the six: 0.5 and two for each, against one
    relaxed = solve_linear(program).solution
    assert relaxed is not None
    assert program.block("seats", relaxed)[1::2].sum() == pytest.approx(5.0, abs=1e-6)


def test_where_it_reaches_enough_are_sent_from_enough_towns() -> None:
    # the seventh would teach a quarter: with the proven it brings more
    assert seats(linear_program(problem(rubles=8)), 1) == [2, 2, 2]


def test_what_is_promised_is_what_the_seats_teach() -> None:
    for rubles, taught in ((5, 0.0), (8, 12.0)):
        asked = problem(rubles)
        program = linear_program(asked)
        found = solve_mixed(program, gap=0.0, seconds=10.0)
        assert found.solution is not None
        decision = settled(asked, program, found.solution, bound=100.0, seconds=0.0)
        assert decision.objective - decision.benefit == pytest.approx(taught, abs=1e-3)


def test_a_town_alone_teaches_nothing_however_many_it_sends() -> None:
    far = problem(rubles=12)
    alone = Learning(SIX.provider, SIX.seats, SIX.values, widest=1 / 4)  # four towns are asked for
    assert seats(linear_program(far), 1) == [2, 2, 2]
    assert seats(linear_program(problem(rubles=12, learning=alone)), 1) == [0, 0, 0]
