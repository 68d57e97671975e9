"""Whether a decision keeps every rule of its problem, counted anew in whole numbers.

This knows nothing of linear programmes: it reads the rules from the problem as a person would, with
sums over towns, runs and funds in people and kopecks. It is the twin that a plan is held against.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from otdacha.programme.deciding.settle import Decision
from otdacha.programme.problem import Problem, Share

Broken = tuple[tuple[str | int, ...], int]
"""A rule, named as in `model`, and by how many people, groups or kopecks."""


def broken(problem: Problem, decision: Decision) -> list[Broken]:
    """The rules that a decision breaks, and by how much: people, groups or kopecks.

    A share of co-financing may be missed by a kopeck, because sums are paid in whole kopecks.
    """
    found = chain(
        _counts(problem, decision),
        _people(problem, decision),
        _groups(problem, decision),
        _money(problem, decision),
        *(_share(problem, decision, share) for share in problem.shares),
        _fairness(problem, decision),
    )
    return [(rule, by) for rule, by in found if by > 0]


def _counts(problem: Problem, decision: Decision) -> Iterator[Broken]:
    for name, numbers in (
        ("seats", decision.seats),
        ("groups", decision.groups),
        ("people", decision.pairs),
    ):
        yield (name, "negative"), -min(0, int(numbers.min(initial=0)))


def _people(problem: Problem, decision: Decision) -> Iterator[Broken]:
    trained = _total(problem.pair_class, decision.pairs, len(problem.people))
    sitting = _total(problem.pair_leg, decision.pairs, len(decision.seats))
    for each, people in enumerate(problem.people.tolist()):
        town = int(problem.class_municipality[each])
        yield ("people", town), trained[each] - people
        if problem.mandatory[each]:
            yield ("mandatory", town), people - trained[each]
    for leg, seats in enumerate(decision.seats.tolist()):
        yield ("seats", leg), abs(seats - sitting[leg])


def _groups(problem: Problem, decision: Decision) -> Iterator[Broken]:
    seats = _total(problem.leg_run, decision.seats, len(problem.run_names))
    for run, groups in enumerate(decision.groups.tolist()):
        here = seats[run] + int(problem.held[run])
        yield ("groups", run), groups - int(problem.groups[run])
        yield ("groups", run), here - groups * int(problem.places[run])
        yield ("groups", run), groups * int(problem.least[run]) - here


def _money(problem: Problem, decision: Decision) -> Iterator[Broken]:
    """Every seat is paid in whole, by funds of its year that may pay there, within their amounts
    and within what each source may pay of a seat."""
    lines = list(decision.lines.select("leg", "fund", "fee", "travel").iter_rows())
    may_pay = set(
        zip(problem.wallet_municipality.tolist(), problem.wallet_fund.tolist(), strict=True)
    )
    spent = [0] * len(problem.fund_names)
    paid: dict[int, list[int]] = {leg: [0, 0] for leg in np.flatnonzero(decision.seats).tolist()}
    of_source: dict[tuple[int, str], int] = {}
    limit: dict[tuple[int, str], int] = {}
    for leg, fund, fee, travel in lines:
        town, run = int(problem.leg_municipality[leg]), int(problem.leg_run[leg])
        source, year = problem.fund_source[fund], int(problem.fund_year[fund])
        spent[fund] += fee + travel
        sums = paid.setdefault(leg, [0, 0])
        sums[0] += fee
        sums[1] += travel
        yield ("costs", town), -min(0, fee, travel)
        own = (town, fund) in may_pay and year == int(problem.run_year[run])
        yield ("wallet", town), 0 if own else fee + travel
        yield ("limit", town, year), 0 if problem.pays_fee[fund] else fee
        yield ("limit", town, year), 0 if problem.pays_travel[fund] else travel
        of_source[leg, source] = of_source.get((leg, source), 0) + fee
        limit[leg, source] = int(problem.fee_limit[fund])
    for leg, (fee, travel) in paid.items():
        seats, town = int(decision.seats[leg]), int(problem.leg_municipality[leg])
        yield ("costs", town), abs(fee - seats * int(problem.fee[problem.leg_run[leg]]))
        yield ("costs", town), abs(travel - seats * int(problem.travel[leg]))
    for (leg, source), fee in of_source.items():
        rule = ("limit", int(problem.leg_municipality[leg]), source)
        yield rule, fee - int(decision.seats[leg]) * limit[leg, source]
    for fund, amount in enumerate(problem.amount.tolist()):
        of_year = problem.fund_source[fund], int(problem.fund_year[fund])
        yield ("budget", *of_year), spent[fund] - amount


def _share(problem: Problem, decision: Decision, share: Share) -> Iterator[Broken]:
    towns = set(share.towns.tolist())
    all_of_it, paid = share.of_all, share.spent
    for leg, fund, fee, travel in decision.lines.select("leg", "fund", "fee", "travel").iter_rows():
        if problem.fund_year[fund] != share.year or problem.leg_municipality[leg] not in towns:
            continue
        all_of_it += fee + travel
        paid += (fee + travel) * (problem.fund_source[fund] == share.source)
    rule = ("share", share.name, share.source, share.year)
    yield rule, _whole(paid - _part(share.at_most) * all_of_it) - 1
    yield rule, _whole(_part(share.at_least) * all_of_it - paid) - 1
    if share.cap is not None:
        yield rule, paid - share.cap


def _fairness(problem: Problem, decision: Decision) -> Iterator[Broken]:
    trained = _total(problem.leg_municipality, decision.seats, len(problem.municipalities))
    for town, floor in enumerate(problem.floors.tolist()):
        yield ("floor", town), floor - trained[town]
    unproven = problem.unproven[problem.run_provider[problem.leg_run]]
    if problem.learning_share > 0 and unproven.any():
        # who is signed for already counts among all seats, and among those that teach
        held, held_there = int(problem.held.sum()), 0
        for run, people in enumerate(problem.held.tolist()):
            held_there += people * bool(problem.unproven[problem.run_provider[run]])
        kept = _part(problem.learning_share) * (int(decision.seats.sum()) + held)
        there = int(decision.seats[unproven].sum()) + held_there
        yield ("learning_share",), _whole(kept - there)


def _part(share: float) -> Fraction:
    """The share as it was written down: 0.1 is a tenth."""
    return Fraction(str(float(share)))


def _whole(missing: Fraction) -> int:
    """A part of a kopeck or of a person counts as one."""
    return math.ceil(missing)


def _total(place: NDArray[np.int64], numbers: NDArray[np.int64], count: int) -> list[int]:
    total = np.zeros(count, dtype=np.int64)
    np.add.at(total, place, numbers)
    return [int(each) for each in total]
