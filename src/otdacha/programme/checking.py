"""Whether a decision keeps every rule of its problem, counted anew in whole numbers.

This knows nothing of linear programmes: it reads the rules from the problem as a person would, with
sums over towns, runs and funds in people and kopecks. It is the twin that a plan is held against.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import chain, combinations

import numpy as np
from numpy.typing import NDArray

from otdacha.programme.problem import Problem, Share
from otdacha.programme.settle import Decision

Broken = tuple[tuple[str | int, ...], int]
"""A rule, named as in `otdacha.programme.model`, and by how many people, groups or kopecks."""

_MANY_FUNDS = 12


def broken(problem: Problem, decision: Decision) -> list[Broken]:
    """The rules that a decision breaks, and by how much: people, groups or kopecks.

    Shares of co-financing may be off by a kopeck for each wallet that they are made of, because
    sums are paid in whole kopecks.
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
        ("costs", decision.paid),
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
    spent = _total(problem.wallet_fund, decision.paid, len(problem.fund_names))
    for fund, amount in enumerate(problem.amount.tolist()):
        rule = ("budget", problem.fund_source[fund], int(problem.fund_year[fund]))
        yield rule, spent[fund] - amount
    purses: dict[tuple[int, int], list[int]] = {}
    for wallet, fund in enumerate(problem.wallet_fund.tolist()):
        key = int(problem.wallet_municipality[wallet]), int(problem.fund_year[fund])
        purses.setdefault(key, []).append(wallet)
    seats: dict[tuple[int, int], list[int]] = {}
    for leg in np.flatnonzero(decision.seats).tolist():
        key = int(problem.leg_municipality[leg]), int(problem.run_year[problem.leg_run[leg]])
        seats.setdefault(key, []).append(leg)
    for key in sorted(purses.keys() | seats.keys()):
        yield from _purse(problem, decision, key, purses.get(key, []), seats.get(key, []))


def _purse(
    problem: Problem,
    decision: Decision,
    town_year: tuple[int, int],
    wallets: list[int],
    legs: list[int],
) -> Iterator[Broken]:
    """A town's year: all is paid, and by funds that may pay it (max-flow, min-cut)."""
    town = town_year[0]
    cost = [
        (
            int(decision.seats[leg]),
            int(problem.fee[problem.leg_run[leg]]),
            int(problem.travel[leg]),
        )
        for leg in legs
    ]
    paid = {wallet: int(decision.paid[wallet]) for wallet in wallets if decision.paid[wallet]}
    all_of_it = sum(seats * (fee + travel) for seats, fee, travel in cost)
    yield ("costs", town), abs(sum(paid.values()) - all_of_it)
    # Funds that ask nothing of a seat join any set without need; only limited ones are combined.
    limited = [wallet for wallet in paid if _limited(problem, wallet, cost)]
    if len(limited) > _MANY_FUNDS:
        raise ValueError("too many funds with limits in one town and year")
    for size in range(1, len(limited) + 1):
        for some in combinations(limited, size):
            funds = [int(problem.wallet_fund[wallet]) for wallet in some]
            fees = sum(int(problem.fee_limit[fund]) for fund in funds if problem.pays_fee[fund])
            travels = any(bool(problem.pays_travel[fund]) for fund in funds)
            most = sum(seats * (min(fee, fees) + travels * way) for seats, fee, way in cost)
            yield ("limit", town), sum(paid[wallet] for wallet in some) - most


def _limited(problem: Problem, wallet: int, cost: list[tuple[int, int, int]]) -> bool:
    fund = int(problem.wallet_fund[wallet])
    dearest = max((fee for _, fee, _ in cost), default=0)
    travels = any(way for _, _, way in cost)
    free = problem.pays_fee[fund] and int(problem.fee_limit[fund]) >= dearest
    return not (free and (problem.pays_travel[fund] or not travels))


def _share(problem: Problem, decision: Decision, share: Share) -> Iterator[Broken]:
    towns = set(share.towns.tolist())
    here = [
        wallet
        for wallet, fund in enumerate(problem.wallet_fund.tolist())
        if problem.fund_year[fund] == share.year
        and int(problem.wallet_municipality[wallet]) in towns
    ]
    own = [w for w in here if problem.fund_source[problem.wallet_fund[w]] == share.source]
    all_of_it = share.of_all + sum(int(decision.paid[wallet]) for wallet in here)
    paid = share.spent + sum(int(decision.paid[wallet]) for wallet in own)
    rule = ("share", share.name, share.source, share.year)
    rounding = len(here)
    yield rule, int(paid - _part(share.at_most) * all_of_it) - rounding
    yield rule, int(_part(share.at_least) * all_of_it - paid) - rounding
    if share.cap is not None:
        yield rule, paid - share.cap - rounding


def _fairness(problem: Problem, decision: Decision) -> Iterator[Broken]:
    trained = _total(problem.leg_municipality, decision.seats, len(problem.municipalities))
    for town, floor in enumerate(problem.floors.tolist()):
        yield ("floor", town), floor - trained[town]
    unproven = problem.unproven[problem.run_provider[problem.leg_run]]
    if problem.learning_share > 0 and unproven.any():
        kept = _part(problem.learning_share) * int(decision.seats.sum())
        yield ("learning_share",), -int(-(kept - int(decision.seats[unproven].sum())) // 1)


def _part(share: float) -> Fraction:
    """The share as it was written down: 0.1 is a tenth."""
    return Fraction(str(float(share)))


def _total(place: NDArray[np.int64], numbers: NDArray[np.int64], count: int) -> list[int]:
    total = np.zeros(count, dtype=np.int64)
    np.add.at(total, place, numbers)
    return [int(each) for each in total]
