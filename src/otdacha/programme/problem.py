"""What a plan is decided from: people who need training, runs of courses, and money, as arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Share:
    """A rule about the part that one source bears of what towns spend on training in a year.

    towns: places in `Problem.municipalities` (a region, or one town). at_most, at_least: shares of
    all that is spent there in that year, from every source. cap: kopecks, or None. spent, of_all:
    kopecks that contracts already signed cost this source, and all sources, there in that year.
    """

    name: str
    source: str
    year: int
    towns: Whole
    at_most: float = 1.0
    at_least: float = 0.0
    cap: int | None = None
    spent: int = 0
    of_all: int = 0


@dataclass(frozen=True)
class Learning:
    """What seats with a provider of too little evidence are worth for later plans.

    provider: place in `Problem.providers`. seats, values: the breakpoints of a concave function
    that begins at (0, 0), in counted seats and in the unit of the benefit; beyond the last
    breakpoint it is flat. widest: the largest part of the counted seats that one town may hold:
    results of one town say nothing about a provider (method.md §4).
    """

    provider: int
    seats: Vector
    values: Vector
    widest: float


@dataclass(frozen=True)
class Caution:
    """How much the plan minds a bad turn: (1 - weight) × mean + weight × mean of the worst `tail`
    of the posterior draws (conditional value at risk, Rockafellar and Uryasev 2000)."""

    weight: float = 0.0
    tail: float = 0.1


@dataclass(frozen=True)
class Moving:
    """What it costs to move people whom a plan under way sends somewhere already.

    meant: class, run (places in the problem) and how many of the class it sends there. price: of
    one of them who is sent elsewhere now or stays at home, in the unit of the benefit.
    """

    meant: tuple[tuple[int, int, int], ...] = ()
    price: float = 0.0


@dataclass(frozen=True)
class Problem:
    """Everything a plan is decided from. C classes of people, O runs (an offer in a year), M towns,
    P providers, K pairs class × run that are possible, L legs (town × run), F funds, W wallets
    (town × fund), S draws. Money is in whole kopecks.

    region: (M,) place in `regions`. people: (C,) how many; mandatory: (C,) whether all of them must
    be trained; class_names, run_names, fund_names: what each is called in tables.
    least, places: (O,) people of the smallest and the largest group; groups: (O,) how many there
    can be. held: (O,) people who are signed for already and count for the groups.
    pair_leg: (K,) the leg that a pair fills. benefit: (K,) what one seat is expected to bring;
    volume: (K,) cases behind it, so that benefit = effect of the provider × volume where there is
    evidence; draws: (S, P) effects of providers drawn from their posterior.
    travel: (L,) of one person. fee_limit: (F,) what the fund may pay of one seat's fee at most.
    floors: (M,) people who must be trained in each town. learning_share: the part of all seats that
    is kept for `unproven` (P,) providers.
    moving: of a plan under way, what it costs to move people.
    """

    municipalities: tuple[str, ...]
    regions: tuple[str, ...]
    providers: tuple[str, ...]
    years: tuple[int, ...]
    region: Whole
    class_names: tuple[str, ...]
    class_municipality: Whole
    people: Whole
    mandatory: Flags
    run_names: tuple[str, ...]
    run_provider: Whole
    run_year: Whole
    fee: Whole
    least: Whole
    places: Whole
    groups: Whole
    pair_class: Whole
    pair_run: Whole
    pair_leg: Whole
    benefit: Vector
    volume: Vector
    leg_municipality: Whole
    leg_run: Whole
    travel: Whole
    fund_names: tuple[str, ...]
    fund_source: tuple[str, ...]
    fund_year: Whole
    amount: Whole
    fee_limit: Whole
    pays_fee: Flags
    pays_travel: Flags
    wallet_municipality: Whole
    wallet_fund: Whole
    unproven: Flags
    draws: Vector
    floors: Whole
    held: Whole
    shares: tuple[Share, ...] = ()
    learning_share: float = 0.0
    learning: tuple[Learning, ...] = ()
    caution: Caution = Caution()
    moving: Moving = Moving()

    @property
    def seat_cost(self) -> Whole:
        """(L,) kopecks for one seat of a leg: fee and travel."""
        return np.asarray(self.fee[self.leg_run] + self.travel)

    @property
    def leg_year(self) -> Whole:
        return np.asarray(self.run_year[self.leg_run])

    @property
    def meant(self) -> Whole:
        """(K,) people whom the plan under way sends there already; pairs that are not possible any
        more have none."""
        meant = {(of_class, run): people for of_class, run, people in self.moving.meant}
        pairs = zip(self.pair_class.tolist(), self.pair_run.tolist(), strict=True)
        return np.array([meant.get(pair, 0) for pair in pairs], dtype=np.int64)
