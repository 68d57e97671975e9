"""What places and money cost in the best plan with the groups that were decided.

The relaxation with the groups of the plan held open is a linear programme, and its prices say what
each seat takes away from everybody else: the money (what it would bring elsewhere), the place (what
it would bring to whoever waits for it), and what it gives: to a group that is not yet full enough,
to a town's floor, to what is learned about a provider. At these prices a seat that is chosen is the
best that its people can have; that is what makes a reason out of a number.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from otdacha.programme.deciding import model
from otdacha.programme.deciding.highs import solve_linear, within
from otdacha.programme.deciding.linear_program import LinearProgram
from otdacha.programme.deciding.settle import Decision
from otdacha.programme.problem import Problem

Vector = NDArray[np.float64]


@dataclass(frozen=True)
class Prices:
    """Prices of one seat, in the unit of the benefit.

    value: (K,) what a seat of a pair is worth: its benefit, weighed for bad turns where the plan is
    cautious. staying: (K,) what it gives that nobody is moved whom a plan under way sends there.
    The others are (L,), of a leg. money: what its rubles would bring elsewhere; inf where
    nobody could pay. place: what its place would bring to others. share: what it costs that seats
    with unproven providers must keep their part. filling, floor, learning: what it gives to reach
    the smallest group, to the town's floor, and to what is learned. open: (O,) runs with a group.
    tolerance: what is no difference.
    """

    value: Vector
    staying: Vector
    money: Vector
    place: Vector
    share: Vector
    filling: Vector
    floor: Vector
    learning: Vector
    open: NDArray[np.bool_]
    tolerance: float

    def net(self, problem: Problem) -> Vector:
        """(K,) what a seat brings above all that it takes; of a run without a group, as if there
        were one with room."""
        leg = problem.pair_leg
        crowd = np.where(self.open[problem.leg_run], self.place - self.filling, 0.0)
        return np.asarray(
            self.before_places(problem) - self.share[leg] - crowd[leg],
        )

    def before_places(self, problem: Problem) -> Vector:
        """(K,) what a seat brings above what its money would bring elsewhere."""
        given = self.floor + self.learning - self.money
        return np.asarray(self.value + self.staying + given[problem.pair_leg])


def prices_of(problem: Problem, decision: Decision) -> Prices:
    """The prices of the linear programme with the decided groups held open.

    A plan that was made anew may hold contracts that break a rule (a group that is too small, a
    fund that is overdrawn): such a rule is priced as far as the decision keeps it.
    """
    program = _as_far_as_kept(model.linear_program(problem), problem, decision)
    groups = decision.groups.astype(np.float64)
    # bounds of variables that rows imply would hide a part of the prices
    free = (0.0, np.inf)
    opened = within(program, {"seats_of_class": free, "seats": free, "paid": free})
    found = solve_linear(within(opened, {"groups": (groups, groups)}), method="simplex")
    if found.prices is None:
        raise AssertionError("a decision that was feasible is no longer")
    scale = model.benefit_scale(problem)
    priced = _Priced(program, found.prices * scale)
    gain = program.gain * scale
    seats, pairs = program.columns["seats"], program.columns["seats_of_class"]
    crowd = priced.columns(seats, model.GROUPS, signed=True)
    learning_share = priced.columns(seats, model.LEARNING_SHARE)[0]
    money = sum(priced.columns(seats, kind)[0] for kind in (model.COSTS, model.LIMIT))
    return Prices(
        value=gain[pairs] - priced.columns(pairs, model.CAUTION)[0],
        staying=-priced.columns(pairs, model.MOVED)[0],
        money=np.where(_payable(problem), money - gain[seats], np.inf),
        place=crowd[0],
        filling=-crowd[1],
        share=np.maximum(learning_share, 0.0),
        floor=-priced.columns(seats, model.FLOOR)[0],
        learning=np.maximum(-learning_share, 0.0) - priced.columns(seats, model.LEARNING)[0],
        open=(decision.groups > 0) | (problem.held > 0),
        tolerance=1e-6 * scale,
    )


@dataclass(frozen=True)
class _Priced:
    """What the rows of a kind of rule take from columns at their prices."""

    program: LinearProgram
    price: Vector

    def columns(self, where: slice, kind: str, *, signed: bool = False) -> tuple[Vector, ...]:
        """(columns,) at all prices; `signed`: at those above nought, and at those below."""
        rows = np.flatnonzero(self.program.kinds == kind)
        part = self.program.matrix[rows][:, where].T
        price = self.price[rows]
        if not signed:
            return (np.asarray(part @ price),)
        return tuple(np.asarray(part @ each) for each in (price.clip(min=0), price.clip(max=0)))


_CAN_BREAK = (
    model.COSTS,  # a contract may cost what the offer did not
    model.PEOPLE,
    model.MANDATORY,
    model.GROUPS,
    model.BUDGET,
    model.LIMIT,
    model.SHARE,
    model.FLOOR,
    model.LEARNING_SHARE,
)


def _as_far_as_kept(program: LinearProgram, problem: Problem, decision: Decision) -> LinearProgram:
    """The programme whose rules reach as far as the decision does."""
    found = np.zeros(len(program.gain))
    found[program.columns["seats_of_class"]] = decision.pairs
    found[program.columns["seats"]] = decision.seats
    found[program.columns["groups"]] = decision.groups
    found[program.columns["paid"]] = _paid_by_wallet(problem, decision) / model.MONEY
    reached = program.matrix @ found
    can = np.isin(program.kinds, _CAN_BREAK)
    return replace(
        program,
        row_lower=np.where(can, np.minimum(program.row_lower, reached), program.row_lower),
        row_upper=np.where(can, np.maximum(program.row_upper, reached), program.row_upper),
    )


def _paid_by_wallet(problem: Problem, decision: Decision) -> Vector:
    """(W,) kopecks from each wallet."""
    funds = len(problem.fund_names)
    wallet = problem.wallet_municipality * funds + problem.wallet_fund
    order = np.argsort(wallet)
    leg, fund = (decision.lines[name].to_numpy() for name in ("leg", "fund"))
    place = np.searchsorted(wallet[order], problem.leg_municipality[leg] * funds + fund)
    amount = (decision.lines["fee"] + decision.lines["travel"]).to_numpy()
    return np.bincount(order[place], amount, len(wallet)).astype(np.float64)


def _payable(problem: Problem) -> NDArray[np.bool_]:
    """(L,) whether the town has any money in the year of the run."""
    base = int(max(problem.years, default=0)) + 1
    held = problem.amount[problem.wallet_fund] > 0
    purses = problem.wallet_municipality * base + problem.fund_year[problem.wallet_fund]
    wanted = problem.leg_municipality * base + problem.leg_year
    return np.asarray(np.isin(wanted, purses[held]) | (problem.seat_cost == 0))
