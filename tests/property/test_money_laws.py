"""Laws of money: what limits of one seat let wallets pay, and how it is dealt out in kopecks."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.optimize import linprog

from otdacha.programme.money.funds import NO_LIMIT
from otdacha.programme.money.limits import Legs, seat_limits, wallet_conditions
from otdacha.programme.money.paying import pay
from otdacha.programme.problem import Share, Whole

SOURCES = ("federal", "regional", "municipal", "own")


@dataclass(frozen=True)
class Purse:
    fund_names: tuple[str, ...]
    fund_source: tuple[str, ...]
    fund_year: Whole
    amount: Whole
    fee_limit: Whole
    pays_fee: NDArray[np.bool_]
    pays_travel: NDArray[np.bool_]
    wallet_municipality: Whole
    wallet_fund: Whole
    shares: tuple[Share, ...] = ()


@dataclass(frozen=True)
class Case:
    purse: Purse
    legs: Legs
    seats: Whole
    totals: Whole


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """One or two towns, up to five funds that pay in both, up to three legs; totals add up."""
    towns = draw(st.integers(1, 2))
    limits = {source: draw(st.sampled_from([0, 1, 2, 3, 5, 8, NO_LIMIT])) for source in SOURCES}
    funds = draw(
        st.lists(
            st.tuples(st.sampled_from(SOURCES), st.sampled_from(["fee", "travel", "both"])),
            min_size=1,
            max_size=5,
        )
    )
    legs = draw(
        st.lists(
            st.tuples(
                st.integers(0, towns - 1), st.integers(0, 9), st.integers(0, 4), st.integers(1, 3)
            ),
            min_size=1,
            max_size=3,
        )
    )
    town, fee, travel, seats = (np.array(column) for column in zip(*legs, strict=True))
    cost = seats * (fee + travel)
    totals = [
        np.diff(sorted([0, *cuts, due]))
        for due in (int(cost[town == at].sum()) for at in range(towns))
        for cuts in [
            draw(st.lists(st.integers(0, due), min_size=len(funds) - 1, max_size=len(funds) - 1))
        ]
    ]
    purse = Purse(
        fund_names=tuple(f"{source} {use} {at}" for at, (source, use) in enumerate(funds)),
        fund_source=tuple(source for source, _ in funds),
        fund_year=np.full(len(funds), 2027),
        amount=np.sum(totals, axis=0),
        fee_limit=np.array([limits[source] for source, _ in funds]),
        pays_fee=np.array([use != "travel" for _, use in funds]),
        pays_travel=np.array([use != "fee" for _, use in funds]),
        wallet_municipality=np.repeat(np.arange(towns), len(funds)),
        wallet_fund=np.tile(np.arange(len(funds)), towns),
    )
    return Case(
        purse, Legs(town, np.full(len(legs), 2027), fee, travel), seats, np.concatenate(totals)
    )


def can_be_dealt_out(case: Case) -> bool:
    return naive(case) is not None


def naive(case: Case, prices: NDArray[np.float64] | None = None) -> NDArray[np.float64] | None:
    """The naive way: a variable for every wallet and leg, once for fees and once for travel.

    What each wallet pays, None where there is no way: the case's totals, or with `prices` of each
    wallet's money the cheapest totals there are.
    """
    purse, legs, seats = case.purse, case.legs, case.seats
    pairs = [
        (wallet, leg, use)
        for wallet, town in enumerate(purse.wallet_municipality)
        for leg in np.flatnonzero(legs.municipality == town)
        for use in ("fee", "travel")
    ]
    equal, due, most, limit, upper = [], [], [], [], []
    for wallet, total in enumerate(case.totals if prices is None else ()):
        equal.append([float(pair[0] == wallet) for pair in pairs])
        due.append(total)
    for leg, count in enumerate(seats):
        for use, price in (("fee", legs.fee[leg]), ("travel", legs.travel[leg])):
            equal.append([float(pair[1:] == (leg, use)) for pair in pairs])
            due.append(count * price)
        for fund, source in enumerate(purse.fund_source):
            most.append(
                [
                    float(
                        pair[1:] == (leg, "fee")
                        and purse.fund_source[purse.wallet_fund[pair[0]]] == source
                    )
                    for pair in pairs
                ]
            )
            limit.append(count * min(purse.fee_limit[fund], legs.fee[leg]))
    for wallet, _, use in pairs:
        pays = purse.pays_fee if use == "fee" else purse.pays_travel
        upper.append(None if pays[purse.wallet_fund[wallet]] else 0)
    found = linprog(
        [0.0 if prices is None else prices[pair[0]] for pair in pairs],
        A_ub=most,
        b_ub=limit,
        A_eq=equal,
        b_eq=due,
        bounds=[(0, top) for top in upper],
    )
    assert found.status in (0, 2)
    if found.status == 2:
        return None
    paid = np.zeros(len(case.totals))
    np.add.at(paid, [pair[0] for pair in pairs], found.x)
    return paid


def keeps_conditions(case: Case) -> bool:
    rows = wallet_conditions(case.purse, case.legs, ("А", "Б"))
    paid, payable = np.zeros(len(rows.year)), np.zeros(len(rows.year))
    np.add.at(paid, rows.row_of_wallet, case.totals[rows.wallet])
    np.add.at(payable, rows.row_of_leg, rows.kopecks * case.seats[rows.leg])
    return bool((paid <= payable).all())


@settings(deadline=None, max_examples=80)
@given(cases())
def test_the_conditions_hold_exactly_where_the_money_can_be_dealt_out(case: Case) -> None:
    assert keeps_conditions(case) == can_be_dealt_out(case)


@settings(deadline=None, max_examples=60)
@given(cases(), st.integers(0, 2**32 - 1), st.integers(0, 2))
def test_the_conditions_are_exact_at_the_very_edge_too(case: Case, seed: int, moved: int) -> None:
    chance = np.random.default_rng(seed)
    corner = naive(case, chance.random(len(case.totals)))
    assume(corner is not None)
    assert corner is not None
    totals = np.rint(corner).astype(np.int64)
    giver = int(totals.argmax())
    town = case.purse.wallet_municipality[giver]
    taker = int(chance.choice(np.flatnonzero(case.purse.wallet_municipality == town)))
    moved = min(moved, int(totals[giver]))
    totals[giver] -= moved
    totals[taker] += moved
    edge = replace(case, totals=totals)
    assert keeps_conditions(edge) == can_be_dealt_out(edge)


def with_money_that_can(case: Case) -> Case:
    """The same seats, paid for by the cheapest totals that can be dealt out, if there are any."""
    corner = naive(case, np.ones(len(case.totals)))
    assume(corner is not None)
    assert corner is not None
    totals = np.rint(corner).astype(np.int64)
    taken = totals.reshape(-1, len(case.purse.fund_names)).sum(axis=0)
    purse = replace(case.purse, amount=np.maximum(case.purse.amount, taken))
    return replace(case, purse=purse, totals=totals)


def by_wallet(lines: pl.DataFrame, case: Case) -> Whole:
    found = np.zeros(len(case.totals), dtype=np.int64)
    for leg, fund, fee, travel in lines.iter_rows():
        town = case.legs.municipality[leg]
        here = (case.purse.wallet_fund == fund) & (case.purse.wallet_municipality == town)
        found[here] += fee + travel
    return found


@settings(deadline=None, max_examples=40)
@given(cases(), st.randoms(use_true_random=False))
def test_money_is_dealt_out_to_the_kopeck_and_permuting_funds_permutes_it(
    case: Case, chance: object
) -> None:
    if not keeps_conditions(case):
        case = with_money_that_can(case)
    purse, legs, seats = case.purse, case.legs, case.seats
    lines = pay(purse, legs, seats, case.totals.astype(float))
    assert (by_wallet(lines, case) == case.totals).all()
    for leg, count in enumerate(seats):
        here = lines.filter(pl.col("leg") == leg)
        assert here["fee"].sum() == count * legs.fee[leg]
        assert here["travel"].sum() == count * legs.travel[leg]
        for source in SOURCES:
            of_source = [at for at, name in enumerate(purse.fund_source) if name == source]
            if of_source:
                paid = here.filter(pl.col("fund").is_in(of_source))["fee"].sum()
                assert paid <= count * min(purse.fee_limit[of_source[0]], legs.fee[leg])
    fund, leg = lines["fund"].to_numpy(), lines["leg"].to_numpy()
    most_fee, most_travel = seat_limits(purse, fund, legs.fee[leg], legs.travel[leg])
    assert (lines["fee"].to_numpy() <= seats[leg] * most_fee).all()
    assert (lines["travel"].to_numpy() <= seats[leg] * most_travel).all()
    assert lines.filter(pl.col("fee") + pl.col("travel") <= 0).is_empty()

    order = list(range(len(purse.fund_names)))
    chance.shuffle(order)  # type: ignore[attr-defined]
    place = np.argsort(order)
    moved = replace(
        purse,
        fund_names=tuple(purse.fund_names[at] for at in order),
        fund_source=tuple(purse.fund_source[at] for at in order),
        amount=purse.amount[order],
        fee_limit=purse.fee_limit[order],
        pays_fee=purse.pays_fee[order],
        pays_travel=purse.pays_travel[order],
        wallet_fund=place[purse.wallet_fund],
    )
    again = pay(moved, legs, seats, case.totals.astype(float))
    back = again.with_columns(fund=pl.Series(np.array(order)[again["fund"].to_numpy()]))
    assert back.sort("leg", "fund").equals(lines.cast(back.schema))


@settings(deadline=None, max_examples=30)
@given(cases(), st.integers(0, 2**32 - 1), st.sampled_from([1 / 2, 1 / 3, 0.123]))
def test_totals_between_kopecks_are_rounded_up_or_down(case: Case, seed: int, part: float) -> None:
    prices = np.random.default_rng(seed).random((2, len(case.totals)))
    one, other = naive(case, prices[0]), naive(case, prices[1])
    assume(one is not None and other is not None)
    assert one is not None
    assert other is not None
    totals = part * one + (1 - part) * other
    amount = np.zeros(len(case.purse.amount))
    np.add.at(amount, case.purse.wallet_fund, totals)
    purse = replace(case.purse, amount=np.ceil(amount - 1e-6).astype(np.int64))
    lines = pay(purse, case.legs, case.seats, totals)
    assert (np.abs(by_wallet(lines, case) - totals) < 1).all()
    assert lines["fee"].sum() + lines["travel"].sum() == round(totals.sum())
    paid = np.zeros(len(purse.amount), dtype=np.int64)
    np.add.at(paid, lines["fund"].to_numpy(), (lines["fee"] + lines["travel"]).to_numpy())
    assert (paid <= purse.amount).all()
