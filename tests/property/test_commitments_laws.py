"""Laws of planning anew: what is signed and what is decided of the rest keep the rules together."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from otdacha.programme.deciding.model import linear_program
from otdacha.programme.deciding.settle import Decision, solution_of
from otdacha.programme.deciding.solve import NoPlan
from otdacha.programme.execution import Signed, eased, left_of, rest_of, together
from otdacha.programme.execution.commitments import SPENT
from otdacha.programme.problem import Learning, Problem, Share, Whole
from tests.unit.programme.carrying import decided

NO_LIMIT = 10**15
TOWNS, CLASSES, RUNS = 2, 4, 3
QUICK = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.filter_too_much]
)


def whole(*numbers: int) -> Whole:
    return np.array(numbers, dtype=np.int64)


def problem(
    people: list[int],
    benefits: list[int],
    fees: list[int],
    least: list[int],
    amounts: list[int],
    *,
    mandatory: int = 0,
    learning_share: float = 0.0,
    at_most: float = 1.0,
) -> Problem:
    """Two towns with two classes each, three runs that all may take; the last run's provider is
    unproven. One federal fund pays everywhere, each town has one of its own."""
    town = np.repeat(np.arange(TOWNS), CLASSES // TOWNS)
    pair_class, pair_run = (axis.ravel() for axis in np.indices((CLASSES, RUNS)))
    leg_town, leg_run = (axis.ravel() for axis in np.indices((TOWNS, RUNS)))
    funds = 1 + TOWNS
    return Problem(
        municipalities=("1", "2"),
        regions=("r",),
        providers=("a", "b", "c"),
        years=(2026,),
        region=whole(0, 0),
        class_names=tuple("wxyz"),
        class_municipality=town,
        people=whole(*people),
        mandatory=np.arange(CLASSES) < mandatory,
        run_names=("a", "b", "c"),
        run_provider=whole(0, 1, 2),
        run_year=whole(*[2026] * RUNS),
        fee=whole(*fees) * 100_000,
        least=whole(*least),
        places=whole(*[5] * RUNS),
        groups=whole(*[2] * RUNS),
        pair_class=pair_class,
        pair_run=pair_run,
        pair_leg=town[pair_class] * RUNS + pair_run,
        benefit=np.array(benefits, dtype=np.float64)[pair_class] + 0.5 * pair_run,
        volume=np.ones(len(pair_class)),
        leg_municipality=leg_town,
        leg_run=leg_run,
        travel=np.zeros(TOWNS * RUNS, dtype=np.int64),
        fund_names=("f", "m1", "m2"),
        fund_source=("federal", "municipal", "municipal"),
        fund_year=whole(*[2026] * funds),
        amount=whole(*amounts) * 100_000,
        fee_limit=whole(*[NO_LIMIT] * funds),
        pays_fee=np.ones(funds, dtype=np.bool_),
        pays_travel=np.ones(funds, dtype=np.bool_),
        wallet_municipality=whole(0, 1, 0, 1),
        wallet_fund=whole(0, 0, 1, 2),
        unproven=np.array([False, False, True]),
        draws=np.zeros((0, RUNS)),
        floors=whole(1, 1),
        held=whole(*[0] * RUNS),
        shares=(Share("r", "federal", 2026, whole(0, 1), at_most),),
        learning_share=learning_share,
    )


problems = st.builds(
    problem,
    st.lists(st.integers(1, 4), min_size=CLASSES, max_size=CLASSES),
    st.lists(st.integers(1, 9), min_size=CLASSES, max_size=CLASSES),
    st.lists(st.integers(1, 4), min_size=RUNS, max_size=RUNS),
    st.lists(st.integers(1, 3), min_size=RUNS, max_size=RUNS),
    st.lists(st.integers(2, 12), min_size=3, max_size=3),
    mandatory=st.integers(0, 1),
    learning_share=st.sampled_from([0.0, 0.2]),
    at_most=st.sampled_from([0.6, 0.75, 1.0]),
)


def signed_part(whole_problem: Problem, decision: Decision, legs: list[bool]) -> Signed:
    """The seats of some legs of a decision as signed contracts, with the money it set aside."""
    chosen = np.array(legs)
    seats = np.where(chosen, decision.seats, 0)
    held = np.bincount(whole_problem.leg_run, seats, RUNS).astype(np.int64)
    spent = decision.lines.filter(pl.col("leg").is_in(np.flatnonzero(chosen).tolist()))
    town = pl.Series(whole_problem.leg_municipality)[spent["leg"].to_list()]
    return Signed(
        seats=seats,
        served=np.where(chosen[whole_problem.pair_leg], decision.pairs, 0),
        held=held,
        spent=spent.with_columns(municipality=town).select(SPENT.names()).cast(dict(SPENT)),
        closed=np.zeros(RUNS, dtype=np.bool_),
    )


@dataclass(frozen=True)
class Anew:
    problem: Problem
    first: Decision
    signed: Signed
    both: Decision


def decided_or_passed(some: Problem) -> Decision:
    try:
        return decided(some)
    except NoPlan:
        assume(False)
        raise


def anew(some: Problem, legs: list[bool]) -> Anew:
    first = decided_or_passed(some)
    signed = signed_part(some, first, legs)
    rest = rest_of(some, signed)
    return Anew(some, first, signed, together(some, signed, rest, decided(rest.problem)))


LEGS = st.lists(st.booleans(), min_size=TOWNS * RUNS, max_size=TOWNS * RUNS)


@QUICK
@given(problems, LEGS)
def test_keeping_a_part_of_the_best_plan_leaves_a_plan_as_good(some: Problem, legs: list[bool]):
    """Whatever part of it is signed, also none and all: the rest can be decided as before."""
    found = anew(some, legs)
    assert found.both.benefit == pytest.approx(found.first.benefit, rel=1e-4)
    assert (found.both.seats >= found.signed.seats).all()
    assert (found.both.pairs >= found.signed.served).all()


@QUICK
@given(problems, LEGS)
def test_both_together_keep_every_rule_of_the_whole(some: Problem, legs: list[bool]):
    both = anew(some, legs).both
    taken = np.bincount(some.pair_class, both.pairs, CLASSES)
    assert (taken <= some.people).all()
    assert (taken[some.mandatory] == some.people[some.mandatory]).all()
    people = np.bincount(some.leg_run, both.seats, RUNS)
    assert (people >= some.least * both.groups).all()
    assert (people <= some.places * both.groups).all()
    assert (both.groups <= some.groups).all()
    paid = both.paid(some)
    assert (paid <= some.amount).all()
    assert paid.sum() == int(both.seats @ some.seat_cost)
    assert paid[0] <= some.shares[0].at_most * paid.sum() + 1
    assert (np.bincount(some.leg_municipality, both.seats, TOWNS) >= some.floors).all()
    unproven = both.seats[some.unproven[some.run_provider[some.leg_run]]].sum()
    assert unproven >= some.learning_share * both.seats.sum() - 1e-6


@QUICK
@given(problems, LEGS)
def test_what_is_left_of_a_plan_is_a_plan_of_the_rest(some: Problem, legs: list[bool]):
    first = decided_or_passed(some)
    signed = signed_part(some, first, legs)
    rest = rest_of(some, signed)
    left = left_of(first, some, signed, rest)
    assert solution_of(linear_program(rest.problem), left) is not None
    both = together(some, signed, rest, left)
    for name in ("seats", "groups", "pairs"):
        assert getattr(both, name).tolist() == getattr(first, name).tolist(), name


@QUICK
@given(problems, LEGS, st.lists(st.integers(0, 4), min_size=CLASSES, max_size=CLASSES))
def test_what_is_left_of_a_plan_seats_nobody_who_is_not_there(
    some: Problem, legs: list[bool], people: list[int]
):
    """Classes of any size, whatever the plan meant; nobody is seated whom it did not mean."""
    first = decided_or_passed(some)
    now = replace(some, people=whole(*people))
    signed = signed_part(some, first, legs)
    rest = rest_of(now, signed)
    left = left_of(first, now, signed, rest)
    assert (np.bincount(rest.problem.pair_class, left.pairs, CLASSES) <= rest.problem.people).all()
    assert (left.pairs <= first.pairs[rest.pairs]).all()
    sitting = np.bincount(rest.problem.pair_leg, left.pairs, TOWNS * RUNS)
    assert left.seats.tolist() == sitting.tolist()
    assert (signed.seats + left.seats <= first.seats).all()


@QUICK
@given(problems, st.lists(st.booleans(), min_size=RUNS, max_size=RUNS))
def test_a_closed_run_takes_nobody_else(some: Problem, closed: list[bool]):
    first = decided_or_passed(some)
    half = [leg < RUNS for leg in range(TOWNS * RUNS)]
    signed = replace(signed_part(some, first, half), closed=np.array(closed))
    rest = rest_of(some, signed)
    try:
        decision = decided(rest.problem)
    except NoPlan:
        loose, _ = eased(rest.problem)
        decision = decided_or_passed(loose)
    both = together(some, signed, rest, decision)
    shut = np.array(closed)[some.leg_run]
    assert (both.seats[shut] == signed.seats[shut]).all()
    assert (both.paid(some) <= some.amount).all()


def example(**otherwise: object) -> Problem:
    made = problem([2, 2, 2, 2], [4, 3, 2, 1], [1, 2, 3], [1, 1, 1], [6, 3, 3])
    return replace(made, **otherwise)  # type: ignore[arg-type]


def signed_for(some: Problem, leg: int, of_class: int, seats: int, kopecks: int) -> Signed:
    """One contract: `seats` of a leg for people of a class, from the federal fund."""
    every = np.zeros(len(some.leg_run), dtype=np.int64)
    every[leg] = seats
    served = np.zeros(len(some.benefit), dtype=np.int64)
    served[(some.pair_leg == leg) & (some.pair_class == of_class)] = seats
    town = int(some.leg_municipality[leg])
    return Signed(
        seats=every,
        served=served,
        held=np.bincount(some.leg_run, every, RUNS).astype(np.int64),
        spent=pl.DataFrame([(leg, town, 0, kopecks, 0)], schema=SPENT, orient="row"),
        closed=np.zeros(RUNS, dtype=np.bool_),
    )


def test_the_rest_lacks_what_is_signed_and_nothing_else():
    some = example(mandatory=np.array([True, False, False, False]))
    rest = rest_of(some, signed_for(some, 0, 0, 2, 200_000)).problem
    assert rest.people.tolist() == [0, 2, 2, 2]
    assert rest.amount.tolist() == [400_000, 300_000, 300_000]
    assert rest.held.tolist() == [2, 0, 0]
    assert rest.floors.tolist() == [0, 1]
    assert (rest.shares[0].spent, rest.shares[0].of_all) == (200_000, 200_000)
    assert rest.mandatory.tolist() == [True, False, False, False]


def test_whom_no_open_run_can_take_is_not_mandatory_any_more():
    some = example(mandatory=np.array([True, True, False, False]))
    nothing = replace(signed_for(some, 0, 0, 0, 0), closed=np.ones(RUNS, dtype=np.bool_))
    rest = rest_of(some, nothing)
    assert not rest.problem.mandatory.any()
    assert rest.problem.floors.tolist() == [0, 0]
    assert decided(rest.problem).seats.sum() == 0


def test_what_signed_seats_teach_is_not_learned_again():
    """Of a curve through (2, 10) and (6, 14) three seats are signed: (3, 11) is where it begins."""
    some = example(learning=(Learning(2, np.array([2.0, 6.0]), np.array([10.0, 14.0]), 1.0),))
    (left,) = rest_of(some, signed_for(some, 2, 0, 3, 0)).problem.learning
    assert (left.seats.tolist(), left.values.tolist()) == ([3.0], [3.0])
    assert rest_of(some, signed_for(some, 2, 0, 6, 0)).problem.learning == ()


def test_what_contracts_break_by_themselves_is_named():
    some = example(
        shares=(Share("r", "federal", 2026, whole(0, 1), at_most=0.5),),
        learning_share=0.3,
        least=whole(3, 1, 1),
    )
    rest = rest_of(some, signed_for(some, 0, 0, 2, 200_000)).problem
    loose, rules = eased(rest)
    assert rules == ("share", "learning_share", "minimum_group")
    assert (loose.shares[0].spent, loose.learning_share, loose.least[0]) == (0, 0.0, 2)
    assert eased(some)[1] == ()


@pytest.mark.parametrize("kopecks", [50, 51])
def test_a_kopeck_that_cannot_be_halved_breaks_no_share(kopecks: int):
    some = example(shares=(Share("r", "federal", 2026, whole(0, 1), at_most=0.5),))
    signed = signed_for(some, 0, 0, 1, kopecks)
    town = pl.DataFrame([(0, 0, 1, 50, 0)], schema=SPENT, orient="row")
    both = replace(signed, spent=pl.concat([signed.spent, town]))
    assert eased(rest_of(some, both).problem)[1] == ()
