"""Why no plan can be made, as anybody may read it: without numbers of people, and sums rounded.

A rule of a clash is about people of one town whom the law obliges, often a few, and money divided
by a price is a number of people. So counts are held back, and money that is missing is rounded up
to what the smallest number of people that may be told would cost.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from otdacha.programme.clash.missing import Addition, Missing
from otdacha.programme.clash.rules import Clashing, FairnessFloor, MandatoryNeeds
from otdacha.programme.clash.wording import Explanation
from otdacha.programme.problem import Problem

_ROUND = 10_000_00
"""Kopecks; a step of rounding is a multiple of it."""


def step_of(problem: Problem, fewest: int) -> int:
    """Kopecks that tell of no fewer than `fewest` people: so many of the dearest seats cost it."""
    dearest = int(problem.seat_cost.max()) if len(problem.seat_cost) else 0
    return max(1, -(-fewest * dearest // _ROUND)) * _ROUND


def public(explained: Explanation, step: int) -> Explanation:
    """The explanation without numbers of people, its missing money rounded up to `step` kopecks."""
    return replace(
        explained,
        no_room=tuple(replace(each, need="", people=None) for each in explained.no_room),
        rules=tuple(_uncounted(rule) for rule in explained.rules),
        shortfall=None,
        missing=explained.missing and _rounded(explained.missing, step),
    )


def _uncounted(rule: Clashing) -> Clashing:
    if isinstance(rule, MandatoryNeeds):
        return MandatoryNeeds(rule.town, None)
    return FairnessFloor(rule.town, None) if isinstance(rule, FairnessFloor) else rule


def _rounded(missing: Missing, step: int) -> Missing:
    """By source and year, without saying whose: each sum is enough where the exact one was."""
    sums: defaultdict[tuple[str, int], int] = defaultdict(int)
    for each in missing.additions:
        sums[each.source, each.year] += each.kopecks
    additions = tuple(
        Addition(source, year, None, -1, -(-kopecks // step) * step)
        for (source, year), kopecks in sums.items()
        if kopecks > 0
    )
    enough = None if missing.enough is None else sum(each.kopecks for each in additions)
    return Missing(missing.least // step * step, enough, additions, rounded_to=step)
