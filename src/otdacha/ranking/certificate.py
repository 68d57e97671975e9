"""How much better than the grades that were found any other grades could be.

Grades are a weak order, s_ij = 1 where i stands above j. Every weak order satisfies

    s_ki <= s_kj + s_ji        whoever stands above i stands above j, or j stands above i,
    s_ij + s_ji <= 1,          0 <= s_ij <= 1

(in x_ij = 1 - s_ji, "i is at least as good as j": the transitive and complete relations of Kline,
Rose and Walters 2024). With any multipliers y >= 0 of these rows, no weak order gains more than

    Σ y (of the rows with 1 at the right) + Σ max(0, gain_ij - (y'A)_ij),

which is worked out here from the multipliers, whoever made them: a solver that is inexact makes the
bound worse, never wrong. Multipliers come, in this order, from nothing (the sum of all positive
gains); from the linear programme over these rows, of which only those that are needed are ever
written down (HiGHS); and where there are too many providers for that, from a packing of triples.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import highspy
import numpy as np
from numpy.typing import NDArray

from otdacha.ranking.grades import TIED, Grading, condorcet_order, cut

Matrix = NDArray[np.float64]
Vector = NDArray[np.float64]
Places = NDArray[np.int64]
Mask = NDArray[np.bool_]

LARGEST_PROGRAMME = 200
"""Providers up to which the linear programme is solved."""
CERTAIN = 1e-6
"""A gap that is smaller, as a share of the gain (or of one pair's), is no gap."""
BROKEN = 1e-3
"""A row that is broken by less is not added to the programme."""
ROWS_A_PAIR = 3
"""Rows that are added at most for one broken pair in one round."""
ROUNDS = 60
PACKED_PAIRS = 100_000
"""Pairs that the packing looks at, those next to each other in the order first."""


def certify(beats: Matrix, grading: Grading) -> Grading:
    """The grading with a bound on what any other gains; or a better one that was met on the way.

    beats: π, (providers, providers); grading: made of it. Added to the figures: `bound`, no weak
    order gains more; `gap`, the bound less the gain (0 where it is below `CERTAIN` of the gain);
    `certified`, 1 where there is no gap, else 0; `cuts`, the rows that the programme ended with.
    The linear programme is solved for up to `LARGEST_PROGRAMME` providers. Its solution suggests an
    order; where the best cut of that order gains more than `grading`, it takes its place.
    """
    price = grading.figures["price"]
    order = condorcet_order(beats)
    gains = (1 + price) * beats[np.ix_(order, order)] - 1
    np.fill_diagonal(gains, 0.0)
    bound, cuts = _positive(gains), 0
    if not _met(bound, grading):
        if len(order) > LARGEST_PROGRAMME:
            bound = _packed(gains)
        else:
            goal = grading.figures["gain"]
            solved = _solved(gains, goal + CERTAIN * max(1.0, goal))
            bound, cuts = solved.bound, solved.cuts
            suggested = cut(beats, order[solved.order], (price,))[0]
            if suggested.figures["gain"] > goal + TIED * max(1.0, goal):
                grading = suggested
    gain = grading.figures["gain"]
    certified = _met(bound, grading)
    reached = gain if certified else bound
    figures = {
        "bound": reached,
        "gap": reached - gain,
        "certified": float(certified),
        "cuts": float(cuts),
    }
    return Grading(grading.grades, {**grading.figures, **figures})


def _met(bound: float, grading: Grading) -> bool:
    gain = grading.figures["gain"]
    return bound - gain <= CERTAIN * max(1.0, gain)


def _positive(gains: Matrix) -> float:
    """Every pair decided by itself."""
    return float(np.maximum(gains, 0.0).sum())


@dataclass(frozen=True)
class _Rows:
    """Rows of the programme: s_ki <= s_kj + s_ji, and s_ab + s_ba <= 1."""

    k: Places = field(default_factory=lambda: np.empty(0, np.int64))
    j: Places = field(default_factory=lambda: np.empty(0, np.int64))
    i: Places = field(default_factory=lambda: np.empty(0, np.int64))
    a: Places = field(default_factory=lambda: np.empty(0, np.int64))
    b: Places = field(default_factory=lambda: np.empty(0, np.int64))

    def __len__(self) -> int:
        return len(self.k) + len(self.a)

    def more(self, other: _Rows) -> _Rows:
        return _Rows(
            *(
                np.concatenate([getattr(self, name), getattr(other, name)])
                for name in ("k", "j", "i", "a", "b")
            )
        )

    def reduced(self, gains: Matrix, multipliers: Vector) -> Matrix:
        """gain_ij - (y'A)_ij."""
        triple, pair = multipliers[: len(self.k)], multipliers[len(self.k) :]
        rest = gains.copy()
        np.subtract.at(rest, (self.k, self.i), triple)
        np.add.at(rest, (self.k, self.j), triple)
        np.add.at(rest, (self.j, self.i), triple)
        np.subtract.at(rest, (self.a, self.b), pair)
        np.subtract.at(rest, (self.b, self.a), pair)
        return rest


@dataclass(frozen=True)
class _Solved:
    """bound: no weak order gains more. order: from best to worst, as the solution suggests."""

    bound: float
    cuts: int
    order: NDArray[np.intp]


def _solved(gains: Matrix, goal: float) -> _Solved:
    """The linear programme, until it is solved or its bound is at most `goal`.

    gains: (providers, providers) in the Condorcet order. Columns "a later provider stands above an
    earlier one" and rows join the programme when they are missed; at the end none is.
    """
    columns = np.triu(np.ones(gains.shape, dtype=bool), 1)
    rows = _Rows()
    bound, above = _positive(gains), np.where(columns & (gains > 0), 1.0, 0.0)
    for _ in range(ROUNDS):
        broken = _broken(above)
        rows = rows.more(broken)
        above, multipliers = _optimum(gains, columns, rows)
        rest = rows.reduced(gains, multipliers)
        bound = min(bound, float(multipliers[len(rows.k) :].sum()) + _positive(rest))
        missed = (rest > CERTAIN / gains.size) & ~columns
        np.fill_diagonal(missed, False)
        if bound <= goal or not (missed.any() or len(_broken(above))):
            break
        columns |= missed
    order = np.argsort((above.T - above).sum(axis=1), kind="stable")
    return _Solved(bound, len(rows), order)


def _broken(above: Matrix) -> _Rows:
    """Rows that a solution breaks: for each pair in them the few that it breaks most."""
    # excess[k, j, i]: how much more k stands above i than by way of j
    excess = above[:, None, :] - above[:, :, None] - above[None, :, :]
    found = []
    for _ in range(ROWS_A_PAIR):
        through = excess.argmax(axis=1)
        worst = np.take_along_axis(excess, through[:, None, :], axis=1)[:, 0, :]
        k, i = np.nonzero(worst > BROKEN)
        j = through[k, i]
        excess[k, j, i] = 0.0
        found.append((k, j, i))
    k, j, i = (np.concatenate(part) for part in zip(*found, strict=True))
    a, b = np.nonzero(np.triu(above + above.T > 1 + BROKEN, 1))
    return _Rows(k, j, i, a, b)


def _optimum(gains: Matrix, columns: Mask, rows: _Rows) -> tuple[Matrix, Vector]:
    """The solution of the programme of these columns and rows, and the rows' multipliers.

    By the interior point method: its multipliers lie amid all that are optimal, so that fewer
    columns are missed than by those of a vertex.
    """
    first, second = np.nonzero(columns)
    place = np.full(columns.shape, -1)
    place[first, second] = np.arange(len(first))
    entries = np.stack(
        [
            np.concatenate([place[rows.k, rows.i], place[rows.a, rows.b]]),
            np.concatenate([place[rows.k, rows.j], place[rows.b, rows.a]]),
            np.concatenate([place[rows.j, rows.i], np.full(len(rows.a), -1)]),
        ],
        axis=1,
    )
    values = np.tile([1.0, -1.0, -1.0], (len(rows), 1))
    values[len(rows.k) :, 1] = 1.0
    there = entries >= 0

    programme = highspy.HighsLp()
    programme.sense_ = highspy.ObjSense.kMaximize
    programme.num_col_, programme.num_row_ = len(first), len(rows)
    programme.col_cost_ = gains[first, second]
    programme.col_lower_, programme.col_upper_ = np.zeros(len(first)), np.ones(len(first))
    programme.row_lower_ = np.full(len(rows), -np.inf)
    programme.row_upper_ = np.repeat([0.0, 1.0], [len(rows.k), len(rows.a)])
    programme.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    programme.a_matrix_.start_ = np.concatenate([[0], there.sum(axis=1).cumsum()]).astype(np.int32)
    programme.a_matrix_.index_ = entries[there].astype(np.int32)
    programme.a_matrix_.value_ = values[there]
    solver = _Silent()  # type: ignore[no-untyped-call]
    for name, value in (
        ("threads", 1),
        ("random_seed", 0),
        ("solver", "ipx"),
        ("run_crossover", "off"),
    ):
        solver.setOptionValue(name, value)
    solver.passModel(programme)
    if solver.run() == highspy.HighsStatus.kError:
        raise RuntimeError("HiGHS did not run: another solver of this process has other threads")
    solution = solver.getSolution()
    above = np.zeros(columns.shape)
    above[first, second] = np.clip(solution.col_value, 0.0, 1.0)
    multipliers = np.maximum(np.nan_to_num(np.asarray(solution.row_dual, dtype=np.float64)), 0.0)
    return above, multipliers


class _Silent(highspy.Highs):
    """HiGHS without the line that it prints when its first callback is set, while it is made."""

    def enableCallbacks(self) -> None:  # noqa: N802 - HiGHS names it
        self.silent()
        super().enableCallbacks()  # type: ignore[no-untyped-call]


def _packed(gains: Matrix) -> float:
    """A bound by multipliers that are given out greedily, one positive pair after the other.

    k above i can only gain by way of every j: what that costs at j, at the lesser of its two pairs,
    is set against the gain. Neighbours in the order first, where most gains are given up.
    """
    rest = gains.copy()
    k, i = np.nonzero(gains > 0)
    nearest = np.argsort(np.abs(i - k), kind="stable")[:PACKED_PAIRS]
    for above, below in zip(k[nearest].tolist(), i[nearest].tolist(), strict=True):
        room = np.minimum(-rest[above], -rest[:, below])
        np.maximum(room, 0.0, out=room)
        room[[above, below]] = 0.0
        total, gain = float(room.sum()), float(rest[above, below])
        if total > 0:
            room *= min(1.0, gain / total)
            rest[above, below] -= room.sum()
            rest[above] += room
            rest[:, below] += room
    return _positive(rest)
