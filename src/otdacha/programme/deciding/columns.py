"""The relaxation of a large plan by the few of its columns that matter.

A country has a million ways to send a class of people to a run, and a best plan uses some ten
thousand of them. So the relaxation is solved with a few for each class; the prices that come out
say what a seat anywhere else would cost in money, places, floors and shares; what is worth more is
let in, and so on (column generation: Dantzig and Wolfe 1960). At any time the prices bound what
every plan can gain, those with the pairs left out too (weak duality, which is also the bound that
prices by region would give: Geoffrion 1974), and that bound is made here from the prices alone,
however roughly they were found.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from otdacha.programme.deciding.highs import Outcome, nearly_solve_linear, solve_linear
from otdacha.programme.deciding.linear_program import LinearProgram
from otdacha.programme.deciding.model import COSTS, GROUPS, MANDATORY, PEOPLE, SEATS

Vector = NDArray[np.float64]
Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]

_FIRST = 2
"""Pairs of a class that the first round lets in, by each of three orders."""
_SPREAD, _SPREAD_OF_MANDATORY = 8, 40
"""Other pairs of a class in the first round, about; more where everybody must find a place."""
_MORE = 8
"""Pairs of a class that each later round lets in at most."""
_ROUNDS = 4
_EXACTLY = 20_000
"""Columns of a programme whose prices are found exactly; of a larger one, about."""
_CLOSER = 10
"""How much closer than the gap the prices of a round are found."""
_WORTH = 1e-7
_LACKING = 3.0
"""Price of one person who must be trained and is not, in gains of the best seat."""


@dataclass(frozen=True)
class Priced:
    """What the relaxation of a programme says of every plan.

    bound: no plan gains more. worth: (K,) what one more person in each pair would gain at the
    prices of the best plan; below zero for what it leaves out, and by how much. people: (K,) whom
    it sends in each pair, in fractions.
    """

    bound: float
    worth: Vector
    people: Vector


@dataclass(frozen=True)
class _Folded:
    """The relaxation in people alone: a leg's seats are its people, and groups are as many as the
    people fill, which asks nothing of the smallest group.

    class_row: (K,) of each pair.
    """

    program: LinearProgram
    class_row: Whole


def priced(
    program: LinearProgram,
    gap: float,
    tell: Callable[[float], None] = lambda bound: None,
) -> Priced:
    """The worth of every pair and the bound of every plan, the bound to a relative `gap` of the
    relaxation's, about; whatever the gap, it holds.

    program: of `linear_program(problem)`. tell: told the bound as it falls.
    """
    folded = _folded(program)
    let_in, bound = _first(folded), np.inf
    worth, people = np.zeros((2, len(let_in)))
    for _ in range(_ROUNDS):
        found = _solved(_lenient(_part(folded, let_in)), gap / _CLOSER)
        if found.prices is None or found.solution is None:
            break
        people = np.zeros(len(let_in))
        people[let_in] = found.solution[: np.count_nonzero(let_in)]
        above, worth = _priced(folded, found.prices)
        bound = min(bound, above)
        tell(bound)
        new = best_of_class(folded.class_row, np.where(let_in, 0.0, worth), _MORE)
        if bound - found.gain <= gap * abs(found.gain) or not len(new):
            break
        let_in[new] = True
    return Priced(bound, worth, people)


def _solved(program: LinearProgram, within: float) -> Outcome:
    if len(program.gain) <= _EXACTLY:
        return solve_linear(program)
    return nearly_solve_linear(program, within=within)


def _folded(program: LinearProgram) -> _Folded:
    """Seats take the place of people's columns; groups are held at their most, which leaves the
    places of all groups as the only limit of a run."""
    kind = program.kinds
    people, seats = program.columns["seats_of_class"], program.columns["seats"]
    groups = program.columns["groups"]
    seat_rows = np.flatnonzero(kind == SEATS)
    of_people = program.matrix[:, people].tocsc()
    row, pair = of_people.tocoo().coords
    place = np.full(len(kind), -1)
    place[seat_rows] = np.arange(len(seat_rows))
    leg, class_row = np.empty((2, people.stop - people.start), dtype=np.int64)
    here = place[row] >= 0
    leg[pair[here]] = place[row[here]]
    of_class = np.isin(kind, (PEOPLE, MANDATORY))[row]
    class_row[pair[of_class]] = row[of_class]
    count = seats.stop - seats.start
    takes = sparse.csr_array(
        (np.ones(len(leg)), (leg, np.arange(len(leg)))), shape=(count, len(leg))
    )
    gain = program.gain.copy()
    gain[people] += gain[seats] @ takes
    kept = np.flatnonzero(kind != SEATS)
    folded = (program.matrix[:, seats] @ takes + of_people)[kept]
    lower, upper = program.lower.copy(), program.upper.copy()
    lower[groups] = upper[groups]
    row_lower = np.where(kind == GROUPS, -np.inf, program.row_lower)
    kept_columns = np.r_[people, seats.stop : len(gain)]
    smaller = replace(
        program,
        gain=gain[kept_columns],
        lower=lower[kept_columns],
        upper=upper[kept_columns],
        whole=np.zeros(len(kept_columns), dtype=np.bool_),
        matrix=sparse.csr_array(
            sparse.hstack([folded, program.matrix[kept][:, seats.stop :]], format="csr")
        ),
        row_lower=row_lower[kept],
        row_upper=program.row_upper[kept],
        rule=program.rule[kept],
        implied=None,
    )
    return _Folded(smaller, np.searchsorted(kept, class_row))


def _priced(folded: _Folded, given: Vector) -> tuple[float, Vector]:
    """What no plan can gain more than, by the prices of rows; and (K,) what one more person in
    each pair would gain at these prices.

    The price of a class is raised to what its best pair would gain. What is left over counts as far
    as a column's bounds let it.
    """
    program, prices = folded.program, given.copy()
    prices[(prices > 0) & np.isinf(program.row_upper)] = 0.0
    prices[(prices < 0) & np.isinf(program.row_lower)] = 0.0
    reduced = program.gain - program.matrix.T @ prices
    pairs = len(folded.class_row)
    worth = reduced[:pairs].copy()
    raised = np.zeros(len(prices))
    np.maximum.at(raised, folded.class_row, worth)
    prices += raised
    reduced[:pairs] -= raised[folded.class_row]
    rows = np.where(prices > 0, program.row_upper, program.row_lower)
    counted = prices != 0
    columns = np.where(reduced > 0, program.upper, program.lower)
    used = (reduced != 0) & np.isfinite(columns)  # a column without bounds gains nothing but noise
    return float(prices[counted] @ rows[counted] + reduced[used] @ columns[used]), worth


def _first(folded: _Folded) -> Flags:
    """For each class the pairs that bring most, those that bring most for their price, and the
    cheapest; and some of all the others, for the best have no places for everybody."""
    pairs = len(folded.class_row)
    gain = folded.program.gain[:pairs]
    costs = folded.program.kinds == COSTS
    cost = -np.asarray(folded.program.matrix[costs][:, :pairs].sum(axis=0)).ravel()
    let_in = np.zeros(pairs, dtype=np.bool_)
    for order in (gain, gain / (cost + 1.0), -cost):
        let_in[best_of_class(folded.class_row, order - order.min() + 1.0, _FIRST)] = True
    of_a_class = pairs / len(np.unique(folded.class_row))
    must = folded.program.kinds[folded.class_row] == MANDATORY
    apart = np.maximum(1, of_a_class // np.where(must, _SPREAD_OF_MANDATORY, _SPREAD))
    let_in |= (np.arange(pairs) + folded.class_row) % apart == 0
    return let_in


def best_of_class(of_class: Whole, worth: Vector, most: int) -> Whole:
    """The pairs that are worth something, at most so many for a class, the best.

    of_class, worth: (K,) of each pair.
    """
    pairs = np.flatnonzero(worth > _WORTH)
    order = pairs[np.lexsort((-worth[pairs], of_class[pairs]))]
    row = of_class[order]
    first = np.searchsorted(row, row)
    return np.asarray(order[np.arange(len(order)) - first < most])


def _part(folded: _Folded, let_in: Flags) -> LinearProgram:
    """The folded programme with the pairs that are let in."""
    whole = folded.program
    columns = np.r_[np.flatnonzero(let_in), len(let_in) : len(whole.gain)]
    return replace(
        whole,
        gain=whole.gain[columns],
        lower=whole.lower[columns],
        upper=whole.upper[columns],
        whole=whole.whole[columns],
        matrix=whole.matrix[:, columns],
    )


def _lenient(program: LinearProgram) -> LinearProgram:
    """The programme where what a row asks for may be lacking, at a price: a few pairs may be too
    few for everybody who must be trained, and the prices then say which others are needed."""
    short = np.flatnonzero(program.row_lower > 0)
    return program.lenient(short, _LACKING * float(np.abs(program.gain).max()))
