"""The plan as a mixed-integer linear programme.

Whole numbers are only the seats n of a leg (a town in a run) and the groups z of a run. Who of the
town takes them, x, is a flow from classes of people to legs: once n is whole, the best x is whole
by itself (the matrix of a transportation problem is totally unimodular). Money is a flow from the
wallets of a town (the funds that may pay there) to its legs, and needs no variable for each leg:
decision 0030.

    maximise    (1 - caution) Σ benefit x + caution CVaR + Σ value of learning - thrift × cost
                - price × Σ moved
    each class  Σ_run x <= people            (= people where training is mandatory)
    each leg    Σ_class x = n
    each run    least z <= Σ_town n + held <= places z,   z <= groups
    each town and year      Σ_fund y = Σ_leg cost n, and what one seat's limits allow
    each fund   Σ_town y <= amount
    each share  at_least × all <= what the source pays <= min(at_most × all, cap)
    each town   Σ n >= floor
    seats with unproven providers, held ones too >= learning share × all seats, held ones too
    each unproven provider  nothing is learnt, or from no fewer seats than teach what is promised
    each pair of a plan under way   x + moved >= people whom it sends there
and implied, where a relaxation needs it:
    each pair   x <= min(people, places) z
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from otdacha.programme.deciding.linear_program import Implied, LinearProgram, Rule, Writer
from otdacha.programme.money.limits import Legs, wallet_conditions
from otdacha.programme.problem import Problem, Share

Whole = NDArray[np.int64]
Vector = NDArray[np.float64]

MONEY = 100_000
"""Kopecks in the programme's unit of money: thousands of rubles keep its numbers near one."""
THRIFT = 1e-5
"""Price of a thousand rubles in median benefits of a seat: of equal plans the cheaper is chosen."""

# Names of rules, so that a plan that cannot be made can be explained: (kind, what it is about…).
PEOPLE = "people"
MANDATORY = "mandatory"
"""(MANDATORY, town, class)"""
SEATS = "seats"
GROUPS = "groups"
"""(GROUPS, run, MOST or LEAST)"""
MOST, LEAST = "most", "least"
COSTS = "costs"
BUDGET = "budget"
"""(BUDGET, source, year, fund)"""
LIMIT = "limit"
SHARE = "share"
"""(SHARE, name, source, year)"""
FLOOR = "floor"
"""(FLOOR, town)"""
LEARNING_SHARE = "learning_share"
LEARNING = "learning"
CAUTION = "caution"
MOVED = "moved"
"""The block, and the rule, of people whom a plan under way sends somewhere else or nowhere."""
SHARED = -1
"""In place of the town of a variable that belongs to none."""
BEGUN = "begun"
"""The block of providers of too little evidence that seats are counted for: whole, 0 or 1."""


def linear_program(problem: Problem) -> LinearProgram:
    """`problem` as a programme: blocks seats_of_class (x), seats (n), groups (z), paid (y), and
    where they are wanted begun, counted and learned (learning), volume, worst and short (caution),
    moved (of a plan under way).
    """
    writer = Writer()
    scale = benefit_scale(problem)
    cost = problem.seat_cost / MONEY
    x = writer.variables(
        "seats_of_class",
        len(problem.benefit),
        gain=problem.benefit * ((1 - problem.caution.weight) / scale),
        upper=problem.people[problem.pair_class],
    )
    room = (problem.places * problem.groups)[problem.leg_run]
    n = writer.variables("seats", len(cost), gain=-THRIFT * cost, upper=room, whole=True)
    z = writer.variables("groups", len(problem.run_names), upper=problem.groups, whole=True)
    most = problem.amount[problem.wallet_fund] / MONEY
    y = writer.variables("paid", len(problem.wallet_fund), upper=most)
    _people(writer, problem, x, n)
    _groups(writer, problem, n, z)
    _money(writer, problem, n, y)
    _limits(writer, problem, n, y)
    for share in problem.shares:
        _share(writer, problem, share, y)
    _fairness(writer, problem, n)
    if problem.caution.weight and len(problem.draws):
        _caution(writer, problem, x, scale)
    _learning(writer, problem, n, scale)
    _moving(writer, problem, x, scale)
    return replace(writer.written(), implied=_openings(problem, x, z))


def towns_of(problem: Problem, program: LinearProgram) -> Whole:
    """(columns,) the town that each variable of `linear_program(problem)` belongs to; SHARED where
    it belongs to none."""
    town = np.full(len(program.gain), SHARED)
    town[program.columns["seats_of_class"]] = problem.class_municipality[problem.pair_class]
    town[program.columns["seats"]] = problem.leg_municipality
    town[program.columns["paid"]] = problem.wallet_municipality
    if MOVED in program.columns:
        moved = np.flatnonzero(problem.meant)
        town[program.columns[MOVED]] = problem.class_municipality[problem.pair_class[moved]]
    return town


def benefit_scale(problem: Problem) -> float:
    """What one is in the programme, in the unit of the benefit: the median seat that helps."""
    helps = problem.benefit[problem.benefit > 0]
    return float(np.median(helps)) if len(helps) else 1.0


def _people(writer: Writer, problem: Problem, x: Whole, n: Whole) -> None:
    must = problem.mandatory
    rules: list[Rule] = [
        (MANDATORY if now else PEOPLE, int(town), at)
        for at, (now, town) in enumerate(zip(must, problem.class_municipality, strict=True))
    ]
    people = problem.people.astype(np.float64)
    writer.rows(
        rules,
        (problem.pair_class, x, 1.0),
        lower=np.where(must, people, -np.inf),
        upper=people,
    )
    writer.rows(
        [(SEATS,)] * len(n),
        (problem.pair_leg, x, 1.0),
        (np.arange(len(n)), n, -1.0),
        lower=0.0,
        upper=0.0,
    )


def _groups(writer: Writer, problem: Problem, n: Whole, z: Whole) -> None:
    runs = np.arange(len(z))
    most: list[Rule] = [(GROUPS, int(run), MOST) for run in runs]
    least: list[Rule] = [(GROUPS, int(run), LEAST) for run in runs]
    held = problem.held.astype(np.float64)
    seats = (problem.leg_run, n, 1.0)
    writer.rows(most, seats, (runs, z, -problem.places.astype(float)), upper=-held)
    writer.rows(least, seats, (runs, z, -problem.least.astype(float)), lower=-held)


def _openings(problem: Problem, x: Whole, z: Whole) -> Implied:
    """Nobody sits in a run without a group: without these rows half a group may seat half of those
    who are too few for one, and the relaxation promises what no plan can keep."""
    pairs = np.flatnonzero(problem.least[problem.pair_run] > 1)
    run = problem.pair_run[pairs]
    most = np.minimum(problem.people[problem.pair_class[pairs]], problem.places[run])
    rules: list[Rule] = [(GROUPS, int(number), MOST) for number in run]
    return Implied(x[pairs], z[run], most.astype(np.float64), tuple(rules))


def _money(writer: Writer, problem: Problem, n: Whole, y: Whole) -> None:
    town_year = problem.leg_municipality * len(problem.years) + _year_place(
        problem, problem.leg_year
    )
    purse = problem.wallet_municipality * len(problem.years) + _year_place(
        problem, problem.fund_year[problem.wallet_fund]
    )
    used, place = np.unique(np.concatenate([town_year, purse]), return_inverse=True)
    costs: list[Rule] = [(COSTS, int(each) // len(problem.years)) for each in used]
    writer.rows(
        costs,
        (place[: len(n)], n, -problem.seat_cost / MONEY),
        (place[len(n) :], y, 1.0),
        lower=0.0,
        upper=0.0,
    )
    funds: list[Rule] = [
        (BUDGET, source, int(year), fund)
        for fund, (source, year) in enumerate(
            zip(problem.fund_source, problem.fund_year, strict=True)
        )
    ]
    writer.rows(funds, (problem.wallet_fund, y, 1.0), upper=problem.amount / MONEY)


def legs_of(problem: Problem) -> Legs:
    """What a seat of each leg costs, as the rules of money ask for it."""
    return Legs(
        problem.leg_municipality, problem.leg_year, problem.fee[problem.leg_run], problem.travel
    )


def _limits(writer: Writer, problem: Problem, n: Whole, y: Whole) -> None:
    """Together, some wallets of a town pay at most what they could pay of each of its seats."""
    limits = wallet_conditions(problem, legs_of(problem), problem.municipalities)
    rules: list[Rule] = [
        (LIMIT, int(town), int(year))
        for town, year in zip(limits.municipality, limits.year, strict=True)
    ]
    if rules:
        writer.rows(
            rules,
            (limits.row_of_wallet, y[limits.wallet], 1.0),
            (limits.row_of_leg, n[limits.leg], -limits.kopecks / MONEY),
            upper=0.0,
        )


def _year_place(problem: Problem, year: Whole) -> Whole:
    return np.asarray(np.searchsorted(np.array(problem.years), year))


def _share(writer: Writer, problem: Problem, share: Share, y: Whole) -> None:
    source = np.array(problem.fund_source)[problem.wallet_fund]
    here = np.isin(problem.wallet_municipality, share.towns)
    here &= problem.fund_year[problem.wallet_fund] == share.year
    all_of_it, own = y[here], y[here & (source == share.source)]
    rule: list[Rule] = [(SHARE, share.name, share.source, share.year)]

    def row(part: float) -> list[tuple[Whole, Whole, float]]:
        first = np.zeros(len(all_of_it), dtype=np.int64)
        return [(first, all_of_it, -part), (np.zeros(len(own), dtype=np.int64), own, 1.0)]

    spent, of_all = share.spent / MONEY, share.of_all / MONEY
    if share.at_most < 1:
        writer.rows(rule, *row(share.at_most), upper=share.at_most * of_all - spent)
    if share.at_least > 0:
        writer.rows(rule, *row(share.at_least), lower=share.at_least * of_all - spent)
    if share.cap is not None:
        writer.rows(rule, *row(0.0), upper=share.cap / MONEY - spent)


def _fairness(writer: Writer, problem: Problem, n: Whole) -> None:
    towns = np.flatnonzero(problem.floors > 0)
    place = np.full(len(problem.municipalities), -1)
    place[towns] = np.arange(len(towns))
    row = place[problem.leg_municipality]
    floors: list[Rule] = [(FLOOR, int(town)) for town in towns]
    if floors:
        writer.rows(floors, (row[row >= 0], n[row >= 0], 1.0), lower=problem.floors[towns])
    unproven = problem.unproven[problem.run_provider[problem.leg_run]]
    if problem.learning_share > 0 and unproven.any():
        part = np.where(unproven, 1 - problem.learning_share, -problem.learning_share)
        zero = np.zeros(len(n), dtype=np.int64)
        lacking = problem.learning_share * problem.held.sum() - learning_seats_held(problem)
        writer.rows([(LEARNING_SHARE,)], (zero, n, part), lower=lacking)


def learning_seats_held(problem: Problem) -> int:
    """Seats that are signed for already with providers of too little evidence."""
    return int(problem.held[problem.unproven[problem.run_provider]].sum())


def _caution(writer: Writer, problem: Problem, x: Whole, scale: float) -> None:
    """CVaR of the benefit over the draws: η - Σ short / (tail × draws), short >= η - benefit."""
    weight, tail = problem.caution.weight, problem.caution.tail
    count = len(problem.draws)
    providers = np.arange(len(problem.providers))
    volume = writer.variables("volume", len(providers), lower=-np.inf)
    worst = writer.variables("worst", 1, gain=weight, lower=-np.inf)
    short = writer.variables("short", count, gain=-weight / (tail * count))
    behind = problem.run_provider[problem.pair_run]
    rule: Rule = (CAUTION,)
    writer.rows(
        [rule] * len(providers),
        (behind, x, problem.volume / scale),
        (providers, volume, -1.0),
        lower=0.0,
        upper=0.0,
    )
    draw, provider = np.divmod(np.arange(problem.draws.size), len(providers))
    each = np.arange(count)
    writer.rows(
        [rule] * count,
        (draw, volume[provider], problem.draws.ravel()),
        (each, np.repeat(worst, count), -1.0),
        (each, short, 1.0),
        lower=0.0,
    )


def _learning(writer: Writer, problem: Problem, n: Whole, scale: float) -> None:
    """Counted seats by town, at most a part of them in one town, priced by a concave function.

    It is the envelope of what seats teach, and above it before the first breakpoint: fewer seats
    teach nothing that could be published, or too little. So a provider is begun with at least so
    many, or nothing counts as learnt of it.
    """
    provider = problem.run_provider[problem.leg_run]
    rule: Rule = (LEARNING,)
    if not problem.learning:
        return
    begun = writer.variables(BEGUN, len(problem.learning), upper=1.0, whole=True)
    for known, whether in zip(problem.learning, begun, strict=True):
        legs = np.flatnonzero(provider == known.provider)
        if not len(legs):
            continue
        towns, town = np.unique(problem.leg_municipality[legs], return_inverse=True)
        counted = writer.variables(f"counted {known.provider}", len(towns))
        steps = np.diff(known.seats, prepend=0.0)
        slopes = np.diff(known.values, prepend=0.0) / steps
        learned = writer.variables(
            f"learned {known.provider}", len(steps), gain=slopes / scale, upper=steps
        )
        each = np.arange(len(towns))
        writer.rows([rule] * len(towns), (each, counted, 1.0), (town, n[legs], -1.0), upper=0.0)
        if known.widest < 1:
            row, other = np.divmod(np.arange(len(towns) ** 2), len(towns))
            writer.rows(
                [rule] * len(towns),
                (each, counted, 1.0),
                (row, counted[other], -known.widest),
                upper=0.0,
            )
        each = np.arange(len(steps))
        once = np.full(len(steps), whether)
        writer.rows([rule] * len(steps), (each, learned, 1.0), (each, once, -steps), upper=0.0)
        all_here = np.zeros(len(towns), dtype=np.int64)
        least = (np.zeros(1, dtype=np.int64), np.array([whether]), -known.seats[0])
        writer.rows([rule], (all_here, counted, 1.0), least, lower=0.0)
        zeros = np.zeros(len(towns) + len(steps), dtype=np.int64)
        both = np.concatenate([counted, learned])
        sign = np.concatenate([np.full(len(towns), -1.0), np.ones(len(steps))])
        writer.rows([rule], (zeros, both, sign), upper=0.0)


def _moving(writer: Writer, problem: Problem, x: Whole, scale: float) -> None:
    """Whoever is sent somewhere already goes there still, or is moved at the price of it."""
    price = problem.moving.price
    meant = problem.meant if price else np.zeros(0, dtype=np.int64)
    pairs = np.flatnonzero(meant)
    if not len(pairs):
        return
    moved = writer.variables(MOVED, len(pairs), gain=-price / scale, upper=meant[pairs])
    each = np.arange(len(pairs))
    rule: Rule = (MOVED,)
    writer.rows([rule] * len(pairs), (each, moved, 1.0), (each, x[pairs], 1.0), lower=meant[pairs])
