"""What the limits of one seat say of the totals that a municipality takes from its funds.

A seat costs a fee and travel. A source pays of a fee at most its limit, whatever the number of its
budget rows, and of travel everything or nothing. Which totals y of a municipality's wallets can be
dealt out to its seats is then a question of flows (Gale 1957; Hoffman 1960): they can if and only
if they add up to what the seats cost and, for every set S of wallets,

    Σ_S y <= Σ_legs seats × [min(fee, Σ limits of the sources in S) + (travel, if S pays travel)],

the most that S could pay. Decision 0030 has the argument; here are the sets that can bind.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from otdacha.errors import ProgrammeProblem
from otdacha.language import text
from otdacha.programme.problem import Flags, Whole

MOST_KINDS = 8
"""Kinds of wallet in one municipality and year, at most: each doubles the number of sets."""


class Money(Protocol):
    """Funds and wallets, as in `Problem` and `Funds`."""

    @property
    def fund_source(self) -> tuple[str, ...]: ...
    @property
    def fund_year(self) -> Whole: ...
    @property
    def fee_limit(self) -> Whole: ...
    @property
    def pays_fee(self) -> Flags: ...
    @property
    def pays_travel(self) -> Flags: ...
    @property
    def wallet_municipality(self) -> Whole: ...
    @property
    def wallet_fund(self) -> Whole: ...


@dataclass(frozen=True)
class Legs:
    """What a seat costs, by municipality and run (L legs): fee and travel in kopecks."""

    municipality: Whole
    year: Whole
    fee: Whole
    travel: Whole


@dataclass(frozen=True)
class Conditions:
    """R rows: the wallets of a row together pay at most kopecks × seats, summed over its legs.

    municipality, year: (R,) whom a row is about. row_of_wallet, wallet: which wallets stand in
    which row. row_of_leg, leg, kopecks: what one seat of a leg lets the row's wallets pay. That a
    municipality's wallets add up to what its seats cost in the year is no row, but presupposed.
    """

    municipality: Whole
    year: Whole
    row_of_wallet: Whole
    wallet: Whole
    row_of_leg: Whole
    leg: Whole
    kopecks: Whole


def seat_limits(money: Money, fund: Whole, fee: Whole, travel: Whole) -> tuple[Whole, Whole]:
    """What each fund may pay of a seat's fee, and of its travel, in kopecks; arrays that broadcast.

    Funds of one source share what they may pay of the fee: it is not theirs twice.
    """
    of_fee = np.where(money.pays_fee[fund], np.minimum(money.fee_limit[fund], fee), 0)
    of_travel = np.where(money.pays_travel[fund], travel, 0)
    return of_fee.astype(np.int64), of_travel.astype(np.int64)


def wallet_conditions(money: Money, legs: Legs, municipalities: tuple[str, ...]) -> Conditions:
    """The rows that wallet totals must keep so that they can be dealt out to seats.

    Left out is what cannot bind, being implied: a set that another wallet could join without being
    able to pay more; a set of two parts that do not compete; a set that can pay everything.
    municipalities: their names, for messages. Raises ProgrammeProblem where the wallets of one
    municipality and year are of more than MOST_KINDS kinds.
    """
    rows: list[tuple[int, int, Whole, Whole, Whole]] = []
    for town, year, wallets, here in _by_town_and_year(money, legs):
        fee, travel = legs.fee[here], legs.travel[here]
        kinds = _kinds(money, wallets, fee, travel)
        if len(kinds) > MOST_KINDS:
            raise ProgrammeProblem(
                text(
                    "{municipality}, {year}: the budgets have {count} different limits and uses; "
                    "{most} can be planned with. Join budgets that pay for the same.",
                    municipality=municipalities[town],
                    year=year,
                    count=len(kinds),
                    most=MOST_KINDS,
                )
            )
        members = list(kinds.values())
        payable = _payable(list(kinds), fee, travel)
        for chosen in _binding(payable, fee + travel):
            together = np.concatenate(
                [member for at, member in enumerate(members) if chosen >> at & 1]
            )
            rows.append((town, year, np.sort(together), here, payable[chosen]))
    return _as_arrays(rows)


@dataclass(frozen=True, order=True)
class _Kind:
    """What a wallet can do for the seats of its municipality and year. Wallets of one kind are one:
    what some of them could pay, all of them could.

    limit: kopecks of a fee; None: enough for every fee; 0: pays no fees. source: who the limit is
    shared with, "" where there is none to share.
    """

    source: str
    limit: int | None
    travel: bool


def _kinds(money: Money, wallets: Whole, fee: Whole, travel: Whole) -> dict[_Kind, Whole]:
    dearest, travels = int(fee.max(initial=0)), bool(travel.any())
    found: dict[_Kind, list[int]] = {}
    for wallet in wallets:
        fund = int(money.wallet_fund[wallet])
        limit: int | None = int(money.fee_limit[fund]) if money.pays_fee[fund] else 0
        source = money.fund_source[fund] if limit else ""
        if limit is not None and limit >= dearest:
            source, limit = "", None if dearest else 0
        kind = _Kind(source, limit, travels and bool(money.pays_travel[fund]))
        found.setdefault(kind, []).append(int(wallet))
    return {kind: np.array(members) for kind, members in found.items()}


def _payable(kinds: list[_Kind], fee: Whole, travel: Whole) -> Whole:
    """(2^kinds, legs) what the kinds in each set, a bit for each, could pay of one seat."""
    payable = np.zeros((1 << len(kinds), len(fee)), dtype=np.int64)
    for chosen in range(1, len(payable)):
        here = [kind for at, kind in enumerate(kinds) if chosen >> at & 1]
        shared = {(kind.source, kind.limit) for kind in here if kind.limit is not None}
        enough = any(kind.limit is None for kind in here)
        of_fee = fee if enough else np.minimum(fee, sum(limit or 0 for _, limit in shared))
        payable[chosen] = of_fee + (travel if any(kind.travel for kind in here) else 0)
    return payable


def _binding(payable: Whole, cost: Whole) -> Iterator[int]:
    """The sets whose condition is not implied by others.

    Every condition left out follows from one of a larger set that can pay the same, or from those
    of two disjoint parts that can pay less each; so no chain of them comes back to where it began.
    Kinds that can pay nothing would break that: they stand alone, and in no other set.
    """
    kinds = [1 << at for at in range(len(payable).bit_length() - 1)]
    idle = sum(kind for kind in kinds if not payable[kind].any())
    yield from (kind for kind in kinds if kind & idle)
    for chosen in range(1, len(payable)):
        if chosen & idle or np.array_equal(payable[chosen], cost):
            continue
        others = [kind for kind in kinds if not kind & (chosen | idle)]
        if any(np.array_equal(payable[chosen | other], payable[chosen]) for other in others):
            continue
        if not any(
            np.array_equal(payable[part] + payable[chosen ^ part], payable[chosen])
            for part in _parts(chosen)
        ):
            yield chosen


def _parts(chosen: int) -> Iterator[int]:
    """Every proper part of a set, but not the rest of it as well."""
    part = (chosen - 1) & chosen
    while part > chosen ^ part:
        yield part
        part = (part - 1) & chosen


def _by_town_and_year(money: Money, legs: Legs) -> Iterator[tuple[int, int, Whole, Whole]]:
    """Each municipality and year that has wallets: them, and its legs."""
    purses = list(
        zip(
            money.wallet_municipality.tolist(),
            money.fund_year[money.wallet_fund].tolist(),
            strict=True,
        )
    )
    wallets: dict[tuple[int, int], list[int]] = {}
    for wallet, purse in enumerate(purses):
        wallets.setdefault(purse, []).append(wallet)
    here: dict[tuple[int, int], list[int]] = {}
    for leg, purse in enumerate(zip(legs.municipality.tolist(), legs.year.tolist(), strict=True)):
        here.setdefault(purse, []).append(leg)
    for (town, year), members in sorted(wallets.items()):
        if found := here.get((town, year)):
            yield town, year, np.array(members), np.array(found)


def _as_arrays(rows: list[tuple[int, int, Whole, Whole, Whole]]) -> Conditions:
    none = np.empty(0, dtype=np.int64)
    number = np.arange(len(rows))
    return Conditions(
        municipality=np.array([town for town, *_ in rows], dtype=np.int64),
        year=np.array([year for _, year, *_ in rows], dtype=np.int64),
        row_of_wallet=np.repeat(number, [len(wallets) for _, _, wallets, _, _ in rows]),
        wallet=np.concatenate([none, *(wallets for _, _, wallets, _, _ in rows)]),
        row_of_leg=np.repeat(number, [len(here) for *_, here, _ in rows]),
        leg=np.concatenate([none, *(here for *_, here, _ in rows)]),
        kopecks=np.concatenate([none, *(most for *_, most in rows)]),
    )
