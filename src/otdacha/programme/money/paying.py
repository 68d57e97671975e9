"""A plan's money, dealt out to contracts in whole kopecks: which fund pays what of which leg.

The model decides what a municipality takes from each fund (a wallet's total), as real numbers. What
a contract says is whole kopecks, and they add up. Both are one flow: from each fund (at most its
amount) to its wallets (what the model said, up or down to a kopeck), and from there to the fees of
each leg (at most seats × the source's limit from one source) and to its travel, each of which takes
exactly what it costs. All bounds are whole numbers, so wherever some flow keeps them, a flow of
whole numbers does (the matrix is a network's, hence totally unimodular), and the model's is some
flow. What a source pays of a leg's fees, at most seats × limit in whole kopecks, can be dealt out
to the seats within the limit for the same reason.

A share of co-financing binds several wallets at once, which a network cannot say of a fund that
pays in several regions. Once the seats are known it is a sum in kopecks, and that sum is
apportioned to the parts of the funds it is about (the largest remainders first) before the flow.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import ceil, floor
from typing import Protocol

import numpy as np
import polars as pl
from numpy.typing import NDArray

from otdacha.errors import ProgrammeProblem
from otdacha.language import text
from otdacha.programme.money.flow import Network
from otdacha.programme.money.limits import Legs, Money
from otdacha.programme.problem import Share, Whole

LINES = pl.Schema({"leg": pl.Int64, "fund": pl.Int64, "fee": pl.Int64, "travel": pl.Int64})
"""A line: what a fund (place in the funds) pays of a leg (place in the legs), in kopecks."""

_NOISE = 1e-3
"""Kopecks that a real number may lie beside the whole number it stands for."""


class Budget(Money, Protocol):
    """Funds, wallets and shares, as in `Problem` and `Funds`."""

    @property
    def fund_names(self) -> tuple[str, ...]: ...
    @property
    def amount(self) -> Whole: ...
    @property
    def shares(self) -> tuple[Share, ...]: ...


@dataclass(frozen=True)
class _Leeway:
    """slack: kopecks that a wallet may differ from its total, beyond rounding. unused: a wallet of
    so few kopecks pays nothing. share: kopecks that a share of co-financing may be missed by."""

    slack: int
    unused: float
    share: int


_LEEWAY = (
    _Leeway(slack=0, unused=_NOISE, share=0),
    _Leeway(slack=100, unused=100, share=0),
    _Leeway(slack=100, unused=-1, share=0),
    _Leeway(slack=100, unused=-1, share=1),
)
"""Tried in this order: a solver's seats are whole to a millionth, its money to some kopecks."""


def pay(budget: Budget, legs: Legs, seats: Whole, totals: NDArray[np.float64]) -> pl.DataFrame:
    """The lines of all contracts (schema LINES), ordered by leg and fund; none is of nothing.

    seats: (L,) of each leg. totals: (W,) kopecks that each wallet pays, as the model decided.

    To the kopeck: a leg's lines add up to seats × fee and seats × travel; no fund pays more than
    its amount, no source more of a leg's fees than seats × its limit. A share of co-financing is
    kept, or missed by a kopeck where kopecks do not allow it; its cap is always kept. A wallet pays
    its total rounded up or down, or up to a ruble beside it where the totals do not quite add up.
    Of equal ways one with few lines is taken. Permuting funds or wallets permutes the lines.

    Raises ProgrammeProblem where the totals cannot be dealt out so.
    """
    found: list[tuple[int, int, int, int]] = []
    paying = budget.fund_year[budget.wallet_fund[totals > 0]]
    for year in np.union1d(legs.year[seats > 0], paying):
        found += _lines_of_year(budget, legs, seats, totals, int(year))
    return pl.DataFrame(found, schema=LINES, orient="row").sort("leg", "fund")


def _lines_of_year(
    budget: Budget, legs: Legs, seats: Whole, totals: NDArray[np.float64], year: int
) -> list[tuple[int, int, int, int]]:
    missing: list[int] = []
    for leeway in _LEEWAY:
        dealing = _Dealing(budget, legs, seats, totals, year, leeway)
        missing.append(dealing.contradiction or dealing.network.circulate())
        if not missing[-1]:
            return _as_lines(budget, _with_fewer_parts(dealing))
    raise ProgrammeProblem(
        text(
            "{year}: the money of the plan cannot be dealt out to its seats as the budgets, the "
            "limits of one seat and the co-financing ask; {rubles} ₽ find no payer.",
            year=year,
            rubles=f"{max(missing) / 100:,.2f}".replace(",", "\N{NO-BREAK SPACE}"),
        )
    )


class _Dealing:
    """One year's network.

    parts: for each wallet and demand, the edge that carries its money; a demand is a leg's fees (0)
    or travel (1). room: what a gate of a demand lets through: to a leg's fees there is one for each
    limit. contradiction: kopecks by which the bounds of shares exclude each other, and those of a
    town's wallets what its seats cost; where there are any, the network is not built to its end.
    """

    def __init__(
        self,
        budget: Budget,
        legs: Legs,
        seats: Whole,
        totals: NDArray[np.float64],
        year: int,
        leeway: _Leeway,
    ) -> None:
        self.budget = budget
        self.network = Network()
        self.contradiction = 0
        self.parts: dict[tuple[int, tuple[int, int]], int] = {}
        self.gate_of: dict[tuple[int, tuple[int, int]], tuple[object, ...]] = {}
        self.room: dict[tuple[object, ...], int] = {}
        here = np.flatnonzero((legs.year == year) & (seats > 0))
        cost = seats * (legs.fee + legs.travel)
        self._budget_side(here, legs, cost, totals, year, leeway)
        if not self.contradiction:
            self._seat_side(here[np.argsort(-cost[here], kind="stable")], legs, seats)

    def _budget_side(
        self,
        here: Whole,
        legs: Legs,
        cost: Whole,
        totals: NDArray[np.float64],
        year: int,
        leeway: _Leeway,
    ) -> None:
        budget, network = self.budget, self.network
        self._source, self._sink = network.node(), network.node()
        network.edge(self._sink, self._source, int(cost[here].sum()))
        wallets = _in_order(budget, totals, year)
        parts = _parts_of_funds(budget, wallets, year)
        spent_in: dict[int, int] = defaultdict(int)
        for leg in here.tolist():
            spent_in[int(legs.municipality[leg])] += int(cost[leg])
        bounds = _bounds_of_parts(budget, parts, totals, spent_in, leeway)
        fund_node: dict[int, int] = {}
        lowest: dict[int, int] = defaultdict(int)
        highest: dict[int, int] = defaultdict(int)
        self.wallet_node: dict[int, int] = {}
        for (fund, shares), members in parts.items():
            amount = int(budget.amount[fund])
            if fund not in fund_node:
                fund_node[fund] = network.node()
                network.edge(self._source, fund_node[fund], amount)
            least, most = bounds[fund, shares]
            self.contradiction += max(least - most, 0)
            part = network.node()
            network.edge(fund_node[fund], part, max(most, least), least)
            for wallet in members:
                low, high = _about(float(totals[wallet]), leeway)
                lowest[int(budget.wallet_municipality[wallet])] += low
                highest[int(budget.wallet_municipality[wallet])] += high
                self.wallet_node[wallet] = network.node()
                network.edge(part, self.wallet_node[wallet], high, low)
        for town in {*spent_in, *lowest}:
            spent = spent_in.get(town, 0)
            self.contradiction += max(lowest[town] - spent, spent - highest[town], 0)

    def _seat_side(self, dearest_first: Whole, legs: Legs, seats: Whole) -> None:
        budget = self.budget
        purses: dict[int, list[int]] = defaultdict(list)
        for wallet in self.wallet_node:
            purses[int(budget.wallet_municipality[wallet])].append(wallet)
        for leg in dearest_first.tolist():
            count, fee, travel = int(seats[leg]), int(legs.fee[leg]), int(legs.travel[leg])
            fees, trips = (leg, 0), (leg, 1)
            nodes = {
                demand: self._demand(count * price)
                for demand, price in ((fees, fee), (trips, travel))
                if price
            }
            gates: dict[tuple[object, ...], int] = {}
            for wallet in purses[int(legs.municipality[leg])]:
                fund = int(budget.wallet_fund[wallet])
                if fee and budget.pays_fee[fund]:
                    limit = min(int(budget.fee_limit[fund]), fee)
                    shared = (budget.fund_source[fund], limit) if limit < fee else ()
                    self._pays(wallet, fees, nodes, gates, (fees, *shared), count * limit)
                if travel and budget.pays_travel[fund]:
                    self._pays(wallet, trips, nodes, gates, (trips,), count * travel)

    def _demand(self, kopecks: int) -> int:
        node = self.network.node()
        self.network.edge(node, self._sink, kopecks, kopecks)
        return node

    def _pays(
        self,
        wallet: int,
        demand: tuple[int, int],
        nodes: dict[tuple[int, int], int],
        gates: dict[tuple[object, ...], int],
        gate: tuple[object, ...],
        room: int,
    ) -> None:
        if gate not in gates:
            gates[gate] = self.network.node()
            self.network.edge(gates[gate], nodes[demand], room)
            self.room[gate] = room
        edge = self.network.edge(self.wallet_node[wallet], gates[gate], room)
        self.parts[wallet, demand] = edge
        self.gate_of[wallet, demand] = gate


def _in_order(budget: Budget, totals: NDArray[np.float64], year: int) -> list[int]:
    """The year's wallets by what their funds are called, never by where they stand."""
    of_year = np.flatnonzero(budget.fund_year[budget.wallet_fund] == year)
    return sorted(
        of_year.tolist(),
        key=lambda wallet: (
            budget.fund_names[budget.wallet_fund[wallet]],
            int(budget.wallet_municipality[wallet]),
        ),
    )


Part = tuple[int, tuple[int, ...]]
"""A fund, and the shares that count what it pays there: places in the budget's shares."""


def _parts_of_funds(budget: Budget, wallets: Sequence[int], year: int) -> dict[Part, list[int]]:
    counted: dict[tuple[str, int], tuple[int, ...]] = defaultdict(tuple)
    for at, share in enumerate(budget.shares):
        if share.year == year:
            for town in share.towns.tolist():
                counted[share.source, town] += (at,)
    parts: dict[Part, list[int]] = defaultdict(list)
    for wallet in wallets:
        fund = int(budget.wallet_fund[wallet])
        town = int(budget.wallet_municipality[wallet])
        parts[fund, counted[budget.fund_source[fund], town]].append(wallet)
    return parts


def _bounds_of_parts(
    budget: Budget,
    parts: dict[Part, list[int]],
    totals: NDArray[np.float64],
    spent_in: Mapping[int, int],
    leeway: _Leeway,
) -> dict[Part, tuple[int, int]]:
    """What each part may pay so that every share is kept, whatever its wallets do."""
    wish = {part: float(totals[members].sum()) for part, members in parts.items()}
    bounds = {part: (0, int(budget.amount[part[0]])) for part in parts}
    for at in sorted({at for _, shares in parts for at in shares}):
        share = budget.shares[at]
        about = [part for part in parts if at in part[1]]
        of_all = share.of_all + sum(spent_in.get(town, 0) for town in share.towns.tolist())
        least = ceil(Fraction(str(share.at_least)) * of_all) - share.spent - leeway.share
        most = floor(Fraction(str(share.at_most)) * of_all) - share.spent + leeway.share
        if share.cap is not None:
            most = min(most, share.cap - share.spent)
        tops = _apportioned([wish[part] for part in about], most, leeway.slack)
        bottoms = _apportioned([-wish[part] for part in about], -least, leeway.slack)
        for part, top, bottom in zip(about, tops, bottoms, strict=True):
            low, high = bounds[part]
            bounds[part] = max(low, -bottom), min(high, top)
    return bounds


def _apportioned(wishes: Sequence[float], most: int, slack: int) -> list[int]:
    """For each wish a whole number, about as large, that together are `most` or less."""
    tops = [ceil(wish - _NOISE) + slack for wish in wishes]
    if sum(tops) <= most:
        return tops
    floors = [floor(wish + _NOISE) for wish in wishes]
    wanted = [at for at, wish in enumerate(wishes) if abs(wish) > _NOISE] or [0]
    left = most - sum(floors)
    if left < 0:
        floors[max(wanted, key=lambda at: abs(wishes[at]))] += left
        return floors
    each, more = divmod(left, len(wanted))
    first = sorted(wanted, key=lambda at: floors[at] - wishes[at])[:more]
    return [
        whole + (at in first) + (each if at in wanted else 0) for at, whole in enumerate(floors)
    ]


def _about(total: float, leeway: _Leeway) -> tuple[int, int]:
    if total <= leeway.unused:
        return 0, 0
    low, high = floor(total + _NOISE) - leeway.slack, ceil(total - _NOISE) + leeway.slack
    return max(low, 0), max(high, 0)


Paid = dict[tuple[int, tuple[int, int]], int]
"""Kopecks by wallet and demand."""


def _with_fewer_parts(dealing: _Dealing) -> Paid:
    """The same totals in fewer parts: where two wallets both pay two demands, they change places
    until one of the four is nothing, as far as the limits of one seat let them."""
    paid = {key: dealing.network.carried(edge) for key, edge in dealing.parts.items()}
    paid = {key: kopecks for key, kopecks in paid.items() if kopecks}
    room = dict(dealing.room)
    for key, kopecks in paid.items():
        room[dealing.gate_of[key]] -= kopecks
    demands: dict[int, list[tuple[int, int]]] = defaultdict(list)
    purses: dict[int, list[int]] = defaultdict(list)
    for wallet, demand in paid:
        demands[wallet].append(demand)
    for wallet in demands:
        purses[int(dealing.budget.wallet_municipality[wallet])].append(wallet)
    for purse in purses.values():
        for one, other in combinations(purse, 2):
            both = [demand for demand in demands[one] if (other, demand) in paid]
            for here, there in combinations(both, 2):
                _change_places(dealing, paid, room, (one, other), (here, there))
    return paid


def _change_places(
    dealing: _Dealing,
    paid: Paid,
    room: dict[tuple[object, ...], int],
    wallets: tuple[int, int],
    demands: tuple[tuple[int, int], tuple[int, int]],
) -> None:
    for one, other in (wallets, wallets[::-1]):
        here, there = demands
        losing, gaining = [(one, here), (other, there)], [(one, there), (other, here)]
        if not all(key in paid for key in losing + gaining):
            return
        moved = min(paid[key] for key in losing)
        change = defaultdict[tuple[object, ...], int](int)
        for key in losing:
            change[dealing.gate_of[key]] += moved
        for key in gaining:
            change[dealing.gate_of[key]] -= moved
        if all(room[gate] + by >= 0 for gate, by in change.items()):
            for gate, by in change.items():
                room[gate] += by
            for key in losing:
                paid[key] -= moved
                if not paid[key]:
                    del paid[key]
            for key in gaining:
                paid[key] += moved


def _as_lines(budget: Budget, paid: Paid) -> list[tuple[int, int, int, int]]:
    lines: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0])
    for (wallet, (leg, use)), kopecks in paid.items():
        lines[leg, int(budget.wallet_fund[wallet])][use] += kopecks
    return [(leg, fund, fee, travel) for (leg, fund), (fee, travel) in lines.items()]
