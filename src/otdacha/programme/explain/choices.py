"""Why each class of people sits where it sits, what the next best would have been, and why others
are not trained."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from otdacha.programme.deciding.settle import Decision
from otdacha.programme.explain.prices import Prices, prices_of
from otdacha.programme.problem import Problem

Vector = NDArray[np.float64]
Flags = NDArray[np.bool_]

CHOICES = pl.Schema(
    {
        "pair": pl.Int64,
        "class": pl.Int64,
        "run": pl.Int64,
        "people": pl.Int64,
        "why": pl.String,
        "why_here": pl.String,
        "runner_up_run": pl.Int64,
        "runner_up_loss": pl.Float64,
        "untrained_loss": pl.Float64,
    }
)
UNMET = pl.Schema({"class": pl.Int64, "people": pl.Int64, "why": pl.String})


def choices(problem: Problem, decision: Decision, prices: Prices | None = None) -> pl.DataFrame:
    """Why each chosen pair is chosen and what the best other run would cost. Schema `CHOICES`.

    why: the first that is true of
    mandatory_only_run: they must be trained, and one run can take them;
    mandatory: they must be trained, and would not be chosen otherwise;
    only_run: one run can take them;
    learning, floor, fills_group: without what the seat teaches of a provider, counts for the
    town's floor, or adds to a group that must reach its least, they would sit elsewhere or nowhere
    (fills_group as well where the run has just its least and another would be better);
    stays: the plan under way sends them here, and what another run brings more is less than it
    costs to move them;
    largest_effect: no run that could take them brings more;
    best_per_rouble: another brings as much or more, but not above what its money brings elsewhere;
    others_full: another would be better, but its places bring more to others or it is not held.
    why_here: the first that is true but for the duty: why this run, whoever sends them.

    runner_up_loss: benefit that moving all of them to the best other run would cost, at the prices
    of `prices_of`; null where no other run has a group open or could open one for them alone.
    untrained_loss: the same for leaving them untrained; null where they must be trained. Were the
    choice forbidden and the groups kept, the relaxation would lose at least the smaller of the two
    (lowering the price of the class by it keeps the dual solution feasible), and just that while
    the move changes no price.
    """
    prices = prices or prices_of(problem, decision)
    chosen = np.flatnonzero(decision.pairs)
    people = decision.pairs[chosen]
    net = prices.net(problem)
    could = _possible(problem, prices, decision)
    other, best = _best_other(problem, np.where(could, net, -np.inf))
    there = np.isfinite(best[chosen])
    loss = np.where(there, np.maximum(net - np.where(np.isfinite(best), best, 0.0), 0.0)[chosen], 0)
    must = problem.mandatory[problem.pair_class[chosen]]
    lost = np.maximum(net[chosen], 0.0)
    here = _why_here(problem, prices, could, _just_filled(problem, decision))
    return pl.DataFrame(
        {
            "pair": chosen,
            "class": problem.pair_class[chosen],
            "run": problem.pair_run[chosen],
            "people": people,
            "why": _why(problem, prices, here)[chosen],
            "why_here": here[chosen],
            "runner_up_run": pl.Series(problem.pair_run[other[chosen]]).set(
                pl.Series(~there), None
            ),
            "runner_up_loss": pl.Series(loss * people).set(pl.Series(~there), None),
            "untrained_loss": pl.Series(lost * people).set(pl.Series(must), None),
        },
        schema=CHOICES,
    )


def unmet(problem: Problem, decision: Decision, prices: Prices | None = None) -> pl.DataFrame:
    """Why each class that is not fully trained is not. Schema `UNMET`; people: who are left.

    no_run: no run can take them (of their topic, in time);
    not_worth: no run is expected to bring anything;
    no_money: what it brings is below what its money brings elsewhere, or nobody could pay;
    learning_share: seats with unproven providers would fall below their part;
    no_places: the runs that are worth their money are full of people to whom they bring more;
    no_group: such a run is not held: the smallest group is not worth its money;
    next_in_line: worth it at these prices; what is left is less than a whole seat or group costs,
    or lies within the gap of the plan.
    """
    prices = prices or prices_of(problem, decision)
    trained = np.bincount(problem.pair_class, decision.pairs, len(problem.people))
    left = problem.people - trained.astype(np.int64)
    worth = prices.before_places(problem)
    shared = worth - prices.share[problem.pair_leg]
    held = prices.open[problem.pair_run]

    def best(of_pair: Vector, among: Flags | None = None) -> Flags:
        """(C,) whether any pair of the class is above nought."""
        above = (of_pair > prices.tolerance) & (True if among is None else among)
        return np.bincount(problem.pair_class, above, len(problem.people)) > 0

    known = np.bincount(problem.pair_class, minlength=len(problem.people)) > 0
    why = np.select(
        [
            ~known,
            ~best(prices.value),
            ~best(worth),
            ~best(shared),
            ~best(shared, held),
            ~best(prices.net(problem), held),
        ],
        ["no_run", "not_worth", "no_money", "learning_share", "no_group", "no_places"],
        "next_in_line",
    )
    rows = np.flatnonzero(left > 0)
    return pl.DataFrame({"class": rows, "people": left[rows], "why": why[rows]}, schema=UNMET)


def _possible(problem: Problem, prices: Prices, decision: Decision) -> Flags:
    """(K,) pairs whose run has a group, or could open one for the people of the class alone."""
    run = problem.pair_run
    people = problem.people[problem.pair_class]
    alone = (people >= problem.least[run]) & (problem.groups[run] > 0)
    return np.asarray(
        (prices.open[run] | alone) & np.isfinite(prices.money[problem.pair_leg])
        | (decision.pairs > 0)
    )


def _best_other(problem: Problem, net: Vector) -> tuple[NDArray[np.int64], Vector]:
    """For each pair the best other pair of its class, and what that brings; -inf: there is none."""
    order = np.lexsort((-net, problem.pair_class))
    of = problem.pair_class[order]
    first = np.searchsorted(of, problem.pair_class)
    second = np.minimum(first + 1, len(order) - 1)
    alone = of[second] != problem.pair_class if len(order) else np.zeros(0, dtype=np.bool_)
    itself = order[first] == np.arange(len(order))
    other = np.where(itself, order[second], order[first])
    alone = (itself & alone) | (itself & (second == first))
    return other, np.where(alone, -np.inf, net[other])


def best_without(problem: Problem, decision: Decision, prices: Prices) -> tuple[Vector, Vector]:
    """(K,) (K,) the best that the people of each pair could have without it, left untrained
    included where they need not be trained: what it brings above all that it takes, and by
    itself."""
    could = _possible(problem, prices, decision)
    other, best = _best_other(problem, np.where(could, prices.net(problem), -np.inf))
    must = problem.mandatory[problem.pair_class]
    stay = ~np.isfinite(best) | (~must & (best < 0))
    value = np.where(stay, 0.0, prices.value[other])
    return np.asarray(np.where(must, best, np.maximum(best, 0.0))), value


def _moved_for_too_little(problem: Problem, gained: Vector, tolerance: float) -> Flags:
    """(K,) pairs of a plan under way whose people another run would suit better, but by less than
    it costs to move them. gained: (K,) by moving, were it free."""
    enough = problem.moving.price + tolerance
    return np.asarray((problem.meant > 0) & (gained > tolerance) & (gained <= enough))


def _just_filled(problem: Problem, decision: Decision) -> Flags:
    """(K,) pairs whose run has no more people than its groups must have."""
    seats = np.bincount(problem.leg_run, decision.seats, len(problem.run_names)) + problem.held
    return np.asarray((seats <= problem.least * decision.groups)[problem.pair_run])


def _only_run(problem: Problem) -> Flags:
    """(K,) pairs whose class has no other."""
    counts = np.bincount(problem.pair_class, minlength=len(problem.people))
    return np.asarray(counts[problem.pair_class] == 1)


def _why(problem: Problem, prices: Prices, here: NDArray[np.str_]) -> NDArray[np.str_]:
    """(K,) the code of each pair, were it chosen; here: its code but for the duty."""
    must = problem.mandatory[problem.pair_class]
    at_a_loss = prices.net(problem) < -prices.tolerance
    return np.select(
        [must & _only_run(problem), must & at_a_loss], ["mandatory_only_run", "mandatory"], here
    )


def _why_here(problem: Problem, prices: Prices, could: Flags, just: Flags) -> NDArray[np.str_]:
    """(K,) why a pair would be in this run, were it chosen, whether or not they must be trained."""
    leg = problem.pair_leg
    must = problem.mandatory[problem.pair_class]
    tolerance = prices.tolerance
    net = prices.net(problem)

    def short(subsidy: Vector) -> Vector:
        """How far a pair lies below what else its people could do, without a subsidy of pairs."""
        without = net - np.where(subsidy > tolerance, subsidy, 0.0)
        best = _best_other(problem, np.where(could, without, -np.inf))[1]
        otherwise = np.where(must, best, np.maximum(best, 0.0))
        return np.maximum(np.where(np.isfinite(otherwise), otherwise, without) - without, 0.0)

    none = short(np.zeros_like(net))

    def needs(subsidy: Vector) -> Flags:
        return np.asarray(short(subsidy) > none + tolerance)

    worth = np.where(np.isfinite(prices.money[leg]), prices.before_places(problem), -np.inf)
    payable = np.where(np.isfinite(prices.money[leg]), prices.value, -np.inf)
    most = _best_other(problem, payable)[1]
    filling = np.where(prices.open[problem.leg_run], prices.filling, 0.0)
    return np.select(
        [
            _only_run(problem),
            needs(prices.learning[leg]),
            needs(prices.floor[leg]),
            needs(filling[leg]),
            _moved_for_too_little(problem, short(prices.staying), tolerance),
            prices.value > most + tolerance,
            worth >= _best_other(problem, worth)[1] - tolerance,
            just,
        ],
        [
            "only_run",
            "learning",
            "floor",
            "fills_group",
            "stays",
            "largest_effect",
            "best_per_rouble",
            "fills_group",
        ],
        "others_full",
    )
