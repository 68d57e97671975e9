"""A problem with a few of its pairs: what is decided in it is decided in the whole one."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from otdacha.programme.deciding.settle import Decision
from otdacha.programme.problem import Problem

Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Narrow:
    """A problem in which only some `pairs` of the whole one are possible, and so only some `legs`.

    Classes, runs, towns, funds and wallets are those of the whole problem, in the same places.
    """

    problem: Problem
    pairs: Whole
    legs: Whole

    def inside(self, decision: Decision) -> Decision:
        """A decision of the whole problem as one of the narrow one; pairs that are not possible
        here lose their people."""
        places = np.full(len(decision.seats), -1)
        places[self.legs] = np.arange(len(self.legs))
        lines = decision.lines.with_columns(
            leg=pl.Series(places[decision.lines["leg"].to_numpy()], dtype=pl.Int64)
        )
        return replace(
            decision,
            seats=decision.seats[self.legs],
            pairs=decision.pairs[self.pairs],
            lines=lines.filter(pl.col("leg") >= 0),
        )

    def widened(self, decision: Decision, whole: Problem) -> Decision:
        """A decision of the narrow problem as one of the whole problem."""
        seats = np.zeros(len(whole.leg_run), dtype=np.int64)
        people = np.zeros(len(whole.pair_run), dtype=np.int64)
        seats[self.legs] = decision.seats
        people[self.pairs] = decision.pairs
        lines = decision.lines.with_columns(
            leg=pl.Series(self.legs[decision.lines["leg"].to_numpy()], dtype=pl.Int64)
        )
        return replace(decision, seats=seats, pairs=people, lines=lines)


def narrowed(problem: Problem, possible: Flags) -> Narrow:
    """`problem` with no other pairs than those that are `possible`, (K,)."""
    pairs = np.flatnonzero(possible)
    legs, leg = np.unique(problem.pair_leg[pairs], return_inverse=True)
    smaller = replace(
        problem,
        pair_class=problem.pair_class[pairs],
        pair_run=problem.pair_run[pairs],
        pair_leg=leg,
        benefit=problem.benefit[pairs],
        volume=problem.volume[pairs],
        leg_municipality=problem.leg_municipality[legs],
        leg_run=problem.leg_run[legs],
        travel=problem.travel[legs],
    )
    return Narrow(smaller, pairs, legs)
