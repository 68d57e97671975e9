"""Why no plan can be made: the smallest set of rules that clash, and the missing sum, in words.

Asked in this order, each only where the one before found nothing: needs that the law demands and no
run can take; rules that clash whatever money there is; rules that clash over money. Each first
where people and groups may be fractions, which is quick, then in whole numbers.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from otdacha.programme.clash.elastic import (
    Elastic,
    Fractions,
    OutOfTime,
    Rules,
    WholeNumbers,
    elastic,
    smallest,
)
from otdacha.programme.clash.missing import Missing, holder_of, missing_money, with_every_purse
from otdacha.programme.clash.rules import (
    ORDER,
    Budget,
    Clashing,
    CoFinancing,
    FairnessFloor,
    LearningShare,
    LeastGroup,
    MandatoryNeeds,
    Places,
    SeatLimit,
    counted,
)
from otdacha.programme.clash.wording import Explanation, NoRoom, Shortfall
from otdacha.programme.deciding.highs import solve_linear, solve_mixed
from otdacha.programme.deciding.linear_program import Rule
from otdacha.programme.deciding.model import (
    BUDGET,
    FLOOR,
    GROUPS,
    LEARNING_SHARE,
    LEAST,
    MANDATORY,
    MONEY,
    SHARE,
)
from otdacha.programme.problem import Problem

_KOPECK = 1e-2


@dataclass(frozen=True)
class Names:
    """What towns and runs are called before people, by what `Problem` calls them; what stands in no
    mapping goes by that."""

    towns: Mapping[str, str] = field(default_factory=dict)
    runs: Mapping[str, str] = field(default_factory=dict)
    needs: Mapping[str, str] = field(default_factory=dict)


def explanation(problem: Problem, names: Names = Names(), *, seconds: float = 45.0) -> Explanation:
    """Why `problem` has no plan, in about `seconds`.

    Where it has one, or none of the clashes is found in time, the explanation holds no rules; what
    money makes one possible for sure is told then, if it was found.
    """
    without = _no_room(problem, names)
    if without:
        return Explanation(no_room=without)
    begun = time.monotonic()
    # some of the time must be left for the missing sum
    deadline, soon, sooner = (begun + part * seconds for part in (1.0, 0.6, 0.3))
    problem = with_every_purse(problem)
    model = elastic(problem)
    every = model.of_kind(*{str(rule[0]) for rule in model.rules})
    money = model.of_kind(BUDGET)
    known = Explanation()
    for test in (Fractions(model, soon), WholeNumbers(model, sooner)):
        for asked in (every - money, every):
            try:
                clash = test.clash(asked)
            except OutOfTime:
                return known if known.rules else _undecided(problem, model, deadline, names)
            if clash is None:
                continue
            clash, is_smallest = smallest(model, clash, _smaller(test))
            rules = _rules(problem, model, clash, names)
            known = Explanation(
                rules=rules,
                smallest=is_smallest,
                whole=test.whole or any(isinstance(rule, LeastGroup) for rule in rules),
            )
            if not clash & money:
                return known
            shortfall = _shortfall(problem, model, clash, test.whole, seconds / 10)
            left = max(1.0, deadline - time.monotonic())
            missing = missing_money(problem, model, min(left, seconds / 2))
            known = replace(
                known, shortfall=shortfall, missing=missing and _held(problem, missing, names)
            )
            if missing:
                return known
            # no money mends it: then whole numbers clash without any budget, and that says more
    return known


def _undecided(problem: Problem, model: Elastic, deadline: float, names: Names) -> Explanation:
    """Where neither a plan nor a clash was found: the money with which there is a plan for sure."""
    missing = missing_money(problem, model, max(1.0, deadline - time.monotonic()))
    if missing is None or not missing.enough:
        return Explanation()
    return Explanation(missing=_held(problem, missing, names))


def _smaller(test: Fractions | WholeNumbers) -> Callable[[Rules], Rules | None]:
    if isinstance(test, Fractions):
        return test.clash
    whole = test
    return lambda rules: None if whole.can_be_kept(rules) else rules


def _no_room(problem: Problem, names: Names) -> tuple[NoRoom, ...]:
    """The needs that must be met and have no run, or more people than their runs have places."""
    count = len(problem.people)
    free = np.maximum(problem.places * problem.groups - problem.held, 0)
    places = np.bincount(problem.pair_class, free[problem.pair_run], count).astype(np.int64)
    runs = np.bincount(problem.pair_class, minlength=count)
    return tuple(
        NoRoom(
            _town(problem, names, int(problem.class_municipality[at])),
            names.needs.get(problem.class_names[at], problem.class_names[at]),
            int(problem.people[at]),
            int(runs[at]),
            int(places[at]),
        )
        for at in np.flatnonzero(problem.mandatory & (problem.people > places))
    )


def _shortfall(
    problem: Problem, model: Elastic, clash: Rules, whole: bool, seconds: float
) -> Shortfall:
    """Both sums are bounds from below: what a search did not prove in time is not claimed."""
    money = clash & model.of_kind(BUDGET)
    cheapest = model.breaking(kept=clash - money, priced=frozenset())
    gain = np.zeros_like(cheapest.gain)
    gain[cheapest.columns["seats"]] = -problem.seat_cost / MONEY
    lacking = model.breaking(kept=clash - money, priced=money)

    def least(program: Any) -> int:
        found = solve_mixed(program, gap=0.0, seconds=seconds) if whole else solve_linear(program)
        return max(0, math.ceil(-found.bound * MONEY - _KOPECK))

    funds = [int(model.rules[at][3]) for at in money]
    return Shortfall(
        least(replace(cheapest, gain=gain)), int(problem.amount[funds].sum()), least(lacking)
    )


def _rules(problem: Problem, model: Elastic, clash: Rules, names: Names) -> tuple[Clashing, ...]:
    told = [_rule(problem, model.rules[at], names) for at in sorted(clash)]
    needs: dict[str, list[MandatoryNeeds]] = {}
    for rule in told:
        if isinstance(rule, MandatoryNeeds):
            needs.setdefault(rule.town, []).append(rule)
    together = [
        MandatoryNeeds(town, counted(rules), tuple(n for each in rules for n in each.needs))
        for town, rules in needs.items()
    ]
    others = [rule for rule in told if not isinstance(rule, MandatoryNeeds)]
    return tuple(sorted([*together, *others], key=lambda rule: ORDER.index(type(rule))))


def _rule(problem: Problem, rule: Rule, names: Names) -> Clashing:
    """What a row of the programme stands for."""
    kind, subject = rule[0], rule[1] if len(rule) > 1 else ""
    if kind == MANDATORY:
        at = int(rule[2])
        name = problem.class_names[at]
        return MandatoryNeeds(
            _town(problem, names, int(subject)),
            int(problem.people[at]),
            (names.needs.get(name, name),),
        )
    if kind == BUDGET:
        fund = int(rule[3])
        holder = _holder(problem, names, fund)
        return Budget(str(subject), int(rule[2]), holder, int(problem.amount[fund]))
    if kind == FLOOR:
        town = int(subject)
        return FairnessFloor(_town(problem, names, town), int(problem.floors[town]))
    if kind == LEARNING_SHARE:
        room = (problem.places * problem.groups - problem.held)[
            problem.unproven[problem.run_provider]
        ]
        return LearningShare(problem.learning_share, int(np.maximum(room, 0).sum()))
    if kind == SHARE:
        share = next(
            each
            for each in problem.shares
            if (each.name, each.source, each.year) == (subject, rule[2], rule[3])
        )
        return CoFinancing(
            share.name, share.source, share.year, share.at_least, share.at_most, share.cap
        )
    if kind == GROUPS:
        run = int(subject)
        name = names.runs.get(problem.run_names[run], problem.run_names[run])
        held = int(problem.held[run])
        if rule[2] == LEAST:
            return LeastGroup(name, int(problem.least[run]), held)
        return Places(name, int(problem.places[run] * problem.groups[run]) - held)
    return SeatLimit(_town(problem, names, int(subject)))


def _town(problem: Problem, names: Names, town: int) -> str:
    code = problem.municipalities[town]
    return names.towns.get(code, code)


def _holder(problem: Problem, names: Names, fund: int) -> str | None:
    holder = holder_of(problem, fund)
    if holder is None:
        return None
    kind, at = holder
    return _town(problem, names, at) if kind == "town" else problem.regions[at]


def _held(problem: Problem, missing: Missing, names: Names) -> Missing:
    return replace(
        missing,
        additions=tuple(
            replace(each, holder=_holder(problem, names, each.fund)) for each in missing.additions
        ),
    )
