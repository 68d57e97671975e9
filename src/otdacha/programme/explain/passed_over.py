"""Why a run of a course is not in the plan."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from otdacha.programme.deciding.settle import Decision
from otdacha.programme.explain.choices import best_without
from otdacha.programme.explain.prices import Prices
from otdacha.programme.problem import Problem

Flags = NDArray[np.bool_]

CHOSEN = "chosen"


def passed_over(problem: Problem, decision: Decision, prices: Prices) -> NDArray[np.str_]:
    """(O,) why no seat of each run is taken, at the prices of the plan; `CHOSEN` where some are.

    nobody: nobody who lacks training needs its topic at that time;
    nobody_pays: no budget of those whom it would suit has money in that year;
    not_worth: it is not expected to bring anything;
    others_bring_more: its money brings more elsewhere, be it that it brings more than what its
    people have;
    learning_share: a part of the places is kept for others, of whom too little is known;
    suited_elsewhere: whom it would suit, other runs suit as well or better;
    no_group: some would gain by it, but too few for its smallest group to be worth its money.
    """
    run = problem.pair_run
    must = problem.mandatory[problem.pair_class]
    payable = np.isfinite(prices.money[problem.pair_leg])
    worth = prices.before_places(problem)
    shared = worth - prices.share[problem.pair_leg]
    least = prices.tolerance
    best, value = best_without(problem, decision, prices)
    better = payable & (shared > best + least)
    dearer = payable & (prices.value > value + least)

    def nobody(of_pair: Flags) -> Flags:
        """(O,) whether no pair of the run is so."""
        return np.asarray(np.bincount(run, of_pair, len(problem.run_names)) == 0)

    taken = np.bincount(problem.leg_run, decision.seats, len(problem.run_names)) + problem.held
    return np.select(
        [
            taken > 0,
            nobody(np.ones(len(run), dtype=np.bool_)),
            nobody(payable),
            nobody(payable & ((prices.value > least) | must)),
            nobody(payable & ((worth > least) | must)),
            nobody(payable & ((shared > least) | must)),
            nobody(better) & nobody(dearer),
            nobody(better),
        ],
        [
            CHOSEN,
            "nobody",
            "nobody_pays",
            "not_worth",
            "others_bring_more",
            "learning_share",
            "suited_elsewhere",
            "others_bring_more",
        ],
        "no_group",
    )
