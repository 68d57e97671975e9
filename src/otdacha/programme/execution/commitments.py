"""What is signed, taken out of a problem: what is left to decide, and both together again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, floor

import numpy as np
import polars as pl

from otdacha.programme.deciding.model import learning_seats_held
from otdacha.programme.deciding.settle import Decision, only_seats
from otdacha.programme.money.paying import LINES
from otdacha.programme.problem import Flags, Learning, Problem, Share, Whole

SPENT = pl.Schema(
    {
        "leg": pl.Int64,  # null: what it was signed for is no leg of the problem
        "municipality": pl.Int64,  # null: its municipality is not in the problem
        "fund": pl.Int64,
        "fee": pl.Int64,
        "travel": pl.Int64,
    }
)
"""Money that is bound, in kopecks: places in the problem's arrays."""


@dataclass(frozen=True)
class Signed:
    """What is signed, by the places of a problem's arrays.

    seats: (L,) of each leg. served: (K,) people of each class who sit or will sit there; fewer than
    the seats where nobody needs them. held: (O,) people of a run from everywhere. spent: schema
    `SPENT`. closed: (O,) runs that nobody can be added to any more.
    """

    seats: Whole
    served: Whole
    held: Whole
    spent: pl.DataFrame
    closed: Flags


@dataclass(frozen=True)
class Rest:
    """What is left to decide. pairs: places in the whole problem's pairs of those that are left.
    closed: (O,) runs that take nobody else."""

    problem: Problem
    pairs: Whole
    closed: Flags


def rest_of(problem: Problem, signed: Signed) -> Rest:
    """The problem that is left where `signed` is kept.

    Classes lose the people who are served, floors the people of the town who are, funds and shares
    the money that is bound; runs keep who is signed for their groups and for the share of learning.
    A run that is closed or full takes nobody else. Whom no open run can take is not mandatory any
    more, nor part of a floor: no plan would change that. What is learned begins where signed seats
    end. A bad turn of luck is minded for what is still to be decided.
    """
    closed = signed.closed | ((signed.held > 0) & (signed.held >= problem.places * problem.groups))
    open_pairs = np.flatnonzero(~closed[problem.pair_run])
    served = np.bincount(problem.pair_class, signed.served, len(problem.people)).astype(np.int64)
    people = np.maximum(problem.people - served, 0)
    pair_class = problem.pair_class[open_pairs]
    reached = np.zeros(len(people), dtype=np.bool_)
    reached[pair_class] = True
    towns = len(problem.municipalities)
    served_there = _of_towns(problem.class_municipality, served, towns)
    left_there = _of_towns(problem.class_municipality, people * reached, towns)
    bound = np.zeros(len(problem.fund_names), dtype=np.int64)
    np.add.at(bound, signed.spent["fund"].to_numpy(), _kopecks(signed.spent))
    held = signed.held
    return Rest(
        replace(
            problem,
            people=people,
            mandatory=problem.mandatory & reached,
            least=np.where(closed, 0, problem.least),
            places=np.where(closed, np.maximum(held, 1), problem.places),
            groups=np.where(closed, held > 0, problem.groups).astype(np.int64),
            pair_class=pair_class,
            pair_run=problem.pair_run[open_pairs],
            pair_leg=problem.pair_leg[open_pairs],
            benefit=problem.benefit[open_pairs],
            volume=problem.volume[open_pairs],
            amount=np.maximum(problem.amount - bound, 0),
            floors=np.minimum(np.maximum(problem.floors - served_there, 0), left_there),
            held=held,
            shares=tuple(_share_left(problem, share, signed.spent) for share in problem.shares),
            learning=tuple(_still_to_learn(problem, held)),
        ),
        open_pairs,
        closed,
    )


def eased(rest: Problem) -> tuple[Problem, tuple[str, ...]]:
    """The same problem without what signed contracts break by themselves, and which rules those
    are, by the keys of `wording.EASED`.

    A share of co-financing that the signed money breaks is kept by the rest alone. The share of
    places for learning is at most what it is among signed seats. A group that is signed for is held
    though it is smaller than its offer says.
    """
    shares = tuple(_by_itself(share) if _broken(share) else share for share in rest.shares)
    held = int(rest.held.sum())
    learning = learning_seats_held(rest) / held if held else rest.learning_share
    small = (rest.held > 0) & (rest.held < rest.least)
    found = {
        "share": any(map(_broken, rest.shares)),
        "learning_share": learning < rest.learning_share,
        "minimum_group": bool(small.any()),
    }
    loose = replace(
        rest,
        shares=shares,
        learning_share=min(learning, rest.learning_share),
        least=np.where(small, rest.held, rest.least),
    )
    return loose, tuple(rule for rule, there in found.items() if there)


def together(problem: Problem, signed: Signed, rest: Rest, decision: Decision) -> Decision:
    """What is signed and what was decided of the rest, as one decision of the whole problem."""
    pairs = signed.served.copy()
    pairs[rest.pairs] += decision.pairs
    full_groups = -(-signed.held // np.maximum(problem.places, 1))
    of_legs = signed.spent.drop_nulls("leg").select(LINES.names())
    lines = (
        pl.concat([of_legs, decision.lines.select(LINES.names())])
        .group_by("leg", "fund")
        .agg(pl.col("fee", "travel").sum())
        .sort("leg", "fund")
    )
    brought = float(problem.benefit @ signed.served)
    return Decision(
        seats=signed.seats + decision.seats,
        groups=np.where(rest.closed, full_groups, decision.groups),
        pairs=pairs,
        lines=lines,
        benefit=float(problem.benefit @ pairs),
        objective=decision.objective + brought,
        bound=decision.bound + brought,
        seconds=decision.seconds,
    )


def left_of(before: Decision, problem: Problem, signed: Signed, rest: Rest) -> Decision:
    """What a decision of the whole problem still says of the rest: a plan to begin from.

    It lacks the seats that are signed, and people whom the rest has no place for any more: of a
    class that is smaller now, a run that is closed or full. Whom the law sends stay first, then who
    gain most. Nothing is put in their place: where groups, floors, shares or money do not come out
    without them, it breaks rules of the rest, and `decide` does not begin from it. Who pays is not
    said (no lines), nor how good it is.
    """
    left = rest.problem
    pairs = np.maximum(before.pairs - signed.served, 0)[rest.pairs]
    seats = np.maximum(before.seats - signed.seats, 0)
    room = np.maximum(left.places * left.groups - left.held, 0)
    for place, most in (
        (left.pair_class, left.people),
        (left.pair_leg, seats),
        (left.pair_run, room),
    ):
        pairs = _at_most(pairs, most, place, left)
    here = left.held + np.bincount(left.pair_run, pairs, len(left.held)).astype(np.int64)
    fewest = -(-here // np.maximum(left.places, 1))
    most_groups = np.where(left.least > 0, here // np.maximum(left.least, 1), left.groups)
    return only_seats(
        left,
        seats=np.bincount(left.pair_leg, pairs, len(seats)).astype(np.int64),
        groups=np.maximum(np.minimum(before.groups, most_groups), fewest),
        pairs=pairs,
    )


def _at_most(pairs: Whole, most: Whole, place: Whole, problem: Problem) -> Whole:
    """(K,) people, at most so many in each place (of each pair); the law first, then who gain
    most."""
    order = np.lexsort((-problem.benefit, ~problem.mandatory[problem.pair_class], place))
    sorted_place, people = place[order], pairs[order]
    upto = np.cumsum(people)
    first = np.searchsorted(sorted_place, sorted_place)
    before = upto - people - (upto - people)[first]
    kept = np.empty_like(pairs)
    kept[order] = np.clip(most[sorted_place] - before, 0, people)
    return kept


def _of_towns(town: Whole, people: Whole, towns: int) -> Whole:
    return np.bincount(town, people, towns).astype(np.int64)


def _kopecks(spent: pl.DataFrame) -> Whole:
    return (spent["fee"] + spent["travel"]).to_numpy()


def _share_left(problem: Problem, share: Share, spent: pl.DataFrame) -> Share:
    """The share with the money that is bound. A kopeck that no dealing out in whole kopecks could
    avoid does not break it."""
    fund = spent["fund"].to_numpy()
    here = np.isin(spent["municipality"].fill_null(-1).to_numpy(), share.towns)
    here &= problem.fund_year[fund] == share.year
    own = here & (np.array(problem.fund_source)[fund] == share.source)
    kopecks = _kopecks(spent)
    paid = share.spent + int(kopecks[own].sum())
    of_all = share.of_all + int(kopecks[here].sum())
    if share.at_least == share.at_most and abs(paid - _part(share.at_most) * of_all) <= 1:
        cap = None if share.cap is None else share.cap - paid
        return replace(share, spent=0, of_all=0, cap=cap)
    most, least = floor(_part(share.at_most) * of_all), ceil(_part(share.at_least) * of_all)
    if paid == most + 1:
        paid = most
    elif paid == least - 1:
        paid = least
    return replace(share, spent=paid, of_all=of_all)


def _part(share: float) -> Fraction:
    return Fraction(str(share))


def _broken(share: Share) -> bool:
    low, high = (_part(part) * share.of_all for part in (share.at_least, share.at_most))
    above_cap = share.cap is not None and share.spent > share.cap
    return share.spent > high or share.spent < low or above_cap


def _by_itself(share: Share) -> Share:
    cap = None if share.cap is None else max(share.cap - share.spent, 0)
    return replace(share, spent=0, of_all=0, cap=cap)


def _still_to_learn(problem: Problem, held: Whole) -> list[Learning]:
    """What further seats teach: each curve from the signed seats on."""
    found = []
    for known in problem.learning:
        signed = float(held[problem.run_provider == known.provider].sum())
        seats = np.concatenate([[0.0], known.seats])
        values = np.concatenate([[0.0], known.values])
        further = known.seats > signed
        if further.any():
            begun = float(np.interp(signed, seats, values))
            found.append(
                replace(
                    known, seats=known.seats[further] - signed, values=known.values[further] - begun
                )
            )
    return found
