"""The plan's programme with rules that may be broken at a price, and the rules that clash.

Every row of a rule that people made gets a variable for how far it is broken (Chinneck and
Dravnieks 1991). The rules under test pay for being broken, the others are broken for nothing: the
least that must be paid is zero where the rules under test can all be kept. Where it is not, the
rows that have a price in the dual form a set that cannot be kept either (Farkas), most often a far
smaller one. Leaving out of it one rule after the other, and putting back each without which all is
well (Chinneck's deletion filter), leads to a set of which every proper subset can be kept.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from otdacha.programme.deciding.highs import Outcome, Vector, Warm, solve_mixed, within
from otdacha.programme.deciding.linear_program import Implied, LinearProgram, Rule
from otdacha.programme.deciding.model import (
    BUDGET,
    FLOOR,
    GROUPS,
    LEARNING_SHARE,
    LEAST,
    LIMIT,
    MANDATORY,
    SHARE,
    linear_program,
)
from otdacha.programme.problem import Caution, Moving, Problem, Whole

Rules = frozenset[int]
"""Places in `Elastic.rules`."""

LEFT_OUT_FIRST = (LEARNING_SHARE, LIMIT, GROUPS, SHARE, FLOOR, MANDATORY, BUDGET)
"""Which kinds of rules are left out first where it is open: what stays says more to a reader."""
_KEPT = 1e-6
"""Persons, or thousands of rubles, by which a rule may be broken and still count as kept."""
_PRICED = 1e-9


class OutOfTime(Exception):
    """Time ran out before it was known whether rules can be kept."""


@dataclass(frozen=True)
class Elastic:
    """A plan's programme without its gain, whose block `broken` breaks rules.

    rules: those that people made. rule: (broken,) the place in `rules` that a variable belongs to.
    implied: rows that follow for whole numbers where all rules of groups are kept.
    """

    program: LinearProgram
    rules: tuple[Rule, ...]
    rule: Whole
    implied: Implied | None

    def of_kind(self, *kinds: str) -> Rules:
        return frozenset(at for at, rule in enumerate(self.rules) if rule[0] in kinds)

    def breaking(self, *, kept: Rules, priced: Rules) -> LinearProgram:
        """The programme that keeps the rules `kept`, and pays for breaking those `priced`."""
        most = np.where(np.isin(self.rule, list(kept)), 0.0, np.inf)
        held = within(self.program, {"broken": (0.0, most)})
        implied = self.implied if self.of_kind(GROUPS) <= kept else None
        return replace(held, gain=self.price(priced), implied=implied)

    def price(self, priced: Rules) -> Vector:
        """(columns,) a gain that is lost by breaking the rules `priced`."""
        gain = np.zeros_like(self.program.gain)
        gain[self.program.columns["broken"]] = -np.isin(self.rule, list(priced)).astype(float)
        return gain

    def broken(self, solution: Vector) -> Rules:
        """The rules that a solution breaks."""
        by = self.program.block("broken", solution)
        return frozenset(int(each) for each in self.rule[by > _KEPT])


def elastic(problem: Problem) -> Elastic:
    """The programme of `problem` where every rule that people made may be broken."""
    joined = _joined(replace(problem, caution=Caution(), learning=(), moving=Moving()))
    plain = linear_program(joined)
    everybody = float(problem.people.sum())
    free = within(plain, {"paid": (0.0, np.inf), "seats": (0.0, everybody)})
    soft, must = np.isin(plain.kinds, LEFT_OUT_FIRST), plain.kinds == MANDATORY
    # nobody is taught twice, whatever is broken
    over = np.flatnonzero(soft & ~must & np.isfinite(plain.row_upper))
    under = np.flatnonzero(soft & np.isfinite(plain.row_lower))
    row = np.concatenate([over, under])
    sign = np.concatenate([np.full(len(over), -1.0), np.ones(len(under))])
    count, (height, width) = len(row), plain.matrix.shape
    breaks = sparse.csr_array((sign, (row, np.arange(count))), shape=(height, count))
    broken = [plain.rules[at] for at in plain.rule[row]]
    known = {rule: at for at, rule in enumerate(dict.fromkeys(broken))}
    program = LinearProgram(
        np.zeros(width + count),
        np.concatenate([free.lower, np.zeros(count)]),
        np.concatenate([free.upper, np.full(count, np.inf)]),
        np.concatenate([free.whole, np.zeros(count, dtype=np.bool_)]),
        sparse.csr_array(sparse.hstack([plain.matrix, breaks], format="csr")),
        plain.row_lower,
        plain.row_upper,
        plain.rule,
        plain.rules,
        {**plain.columns, "broken": slice(width, width + count)},
    )
    program = _nothing_without_a_group(program, problem, everybody)
    rule = np.array([known[each] for each in broken], dtype=np.int64)
    return Elastic(program, tuple(known), rule, plain.implied)


def _nothing_without_a_group(
    program: LinearProgram, problem: Problem, everybody: float
) -> LinearProgram:
    """The programme where a run that breaks its number of places holds a group all the same."""
    runs = np.flatnonzero(problem.groups > 0)
    seats = np.flatnonzero(np.isin(problem.leg_run, runs))
    row = np.searchsorted(runs, problem.leg_run[seats])
    size = everybody + float(problem.held.max(initial=0))
    blocks = program.columns
    return program.with_rows(
        [(GROUPS,)] * len(runs),
        (row, blocks["seats"].start + seats, 1.0),
        (np.arange(len(runs)), blocks["groups"].start + runs, -size),
        upper=-problem.held[runs].astype(float),
    )


def _joined(problem: Problem) -> Problem:
    """The same rules with fewer classes: people of one town who need not be trained and could go to
    the same runs are one class, for nothing but their number matters here."""
    runs: list[list[int]] = [[] for _ in problem.people]
    for at, run in zip(problem.pair_class.tolist(), problem.pair_run.tolist(), strict=True):
        runs[at].append(run)
    first: dict[tuple[int, tuple[int, ...]], int] = {}
    joined = np.arange(len(problem.people))
    for at in np.flatnonzero(~problem.mandatory).tolist():
        alike = (int(problem.class_municipality[at]), tuple(sorted(runs[at])))
        joined[at] = first.setdefault(alike, at)
    people = np.bincount(joined, problem.people, len(joined)).astype(np.int64)
    kept = joined[problem.pair_class] == problem.pair_class
    return replace(
        problem,
        people=people,
        pair_class=problem.pair_class[kept],
        pair_run=problem.pair_run[kept],
        pair_leg=problem.pair_leg[kept],
        benefit=problem.benefit[kept],
        volume=problem.volume[kept],
    )


class Fractions:
    """Which rules clash where people and groups may be fractions."""

    whole = False

    def __init__(self, model: Elastic, deadline: float) -> None:
        self._model, self._deadline = model, deadline
        self._warm = Warm(model.program)

    def clash(self, rules: Rules) -> Rules | None:
        """Some of `rules` that cannot all be kept; None where all of them can be."""
        found: Rules | None = None
        while (smaller := self._priced(found or rules)) is not None:
            if smaller == found:
                break
            found = smaller
        return found

    def _priced(self, rules: Rules) -> Rules | None:
        left = self._deadline - time.monotonic()
        self._warm.gains(self._model.price(rules))
        found = self._warm.solve(seconds=left)
        if found.prices is None:
            raise OutOfTime
        if found.gain > -_KEPT:
            return None
        priced = np.flatnonzero(np.abs(found.prices) > _PRICED)
        known = {rule: at for at, rule in enumerate(self._model.rules)}
        program = self._model.program
        named = (known.get(program.rules[at]) for at in np.unique(program.rule[priced]))
        return frozenset(at for at in named if at is not None) & rules


class WholeNumbers:
    """Which rules clash where people and groups are whole numbers."""

    whole = True

    def __init__(self, model: Elastic, deadline: float) -> None:
        self._model, self._deadline = model, deadline

    def clash(self, rules: Rules) -> Rules | None:
        """Some of `rules` that cannot all be kept; None where all of them can be.

        The rules that are broken at the least price are kept from then on, until no more can be
        (Chinneck's elastic filter): those kept by then clash.
        """
        kept: Rules = frozenset()
        while True:
            answer = self._search(kept, rules - kept)
            if answer.status == "infeasible":
                return kept
            if answer.solution is None:
                raise OutOfTime
            broken = self._model.broken(answer.solution) & (rules - kept)
            if not broken:
                return None
            kept |= broken

    def can_be_kept(self, rules: Rules) -> bool:
        answer = self._search(rules, frozenset())
        if answer.solution is None and answer.status != "infeasible":
            raise OutOfTime
        return answer.solution is not None

    def _search(self, kept: Rules, priced: Rules) -> Outcome:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise OutOfTime
        return solve_mixed(self._model.breaking(kept=kept, priced=priced), gap=0.0, seconds=left)


def smallest(
    model: Elastic, clash: Rules, smaller: Callable[[Rules], Rules | None]
) -> tuple[Rules, bool]:
    """A clash within `clash` of which every proper subset can be kept; whether time sufficed.

    smaller: some of the rules it is given that clash, None where they can all be kept. Rules are
    left out in large parts first (all that one town must do, one source of one year), then one by
    one.
    """
    try:
        for part_of in (_large_part, lambda rule: rule):
            for part in _parts(model, clash, part_of):
                if part & clash and (found := smaller(clash - part)) is not None:
                    clash = found
    except OutOfTime:
        return clash, False
    return clash, True


def _parts(model: Elastic, clash: Rules, part_of: Callable[[Rule], Rule]) -> Iterable[Rules]:
    parts: dict[Rule, set[int]] = {}
    for at in sorted(clash):
        parts.setdefault(part_of(model.rules[at]), set()).add(at)
    order = sorted(parts, key=lambda part: LEFT_OUT_FIRST.index(str(part[0])))
    return [frozenset(parts[part]) for part in order]


def _large_part(rule: Rule) -> Rule:
    """All that one town must do; one source of one year; the most or the least of all runs."""
    kind = rule[0]
    if kind == MANDATORY:
        return rule[:2]
    if kind == BUDGET:
        return rule[:3]
    if kind == GROUPS:
        return (GROUPS, LEAST if rule[2] == LEAST else "")
    if kind == SHARE:
        return (SHARE, rule[2])
    return rule[:1]
