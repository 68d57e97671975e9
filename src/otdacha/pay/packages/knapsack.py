"""A multiple-choice knapsack with several rows: one thing for each of several places.

The relaxation is solved first. Its prices say what every thing is worth beyond what it takes, and
the best package is nearly always made of those that lose least by them (a kernel: Angelelli,
Mansini and Speranza 2010), while the bound holds for all. HiGHS works in floating point: what it
finds is counted in whole numbers, and where it is a few kopecks above a row it is forbidden by name
and the search goes on, so nothing that fits is lost.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import numpy as np

from otdacha.programme.deciding.highs import Vector, Whole, solve_linear, solve_mixed
from otdacha.programme.deciding.linear_program import LinearProgram, Rule, Writer

NEAREST = 400
"""Things beside one for each place that are looked at first, where places are many: the relaxation
splits no more places than there are rows, and few others need another thing than it gives them."""
KERNEL = 16
"""Things for each place that are looked at next; then four times as many, then all."""
_LARGEST = 1e4
"""Gains and rows are scaled so that no figure is larger than this."""
_NEARLY = 1e-9
"""What floating point may be wrong by, relatively."""


@dataclass(frozen=True)
class Knapsack:
    """Choose one thing for each place, where the rows hold.

    place: (things,) from 0. gain: (things,). weight: (rows, things); most: (rows,). tied: for each
    tie a label of every thing, (things,) from 0: in all places the same label is chosen.
    """

    place: Whole
    gain: Whole
    weight: Whole
    most: Whole
    tied: tuple[Whole, ...] = ()

    def also(self, weight: Whole, most: int) -> Knapsack:
        """With a row more."""
        return replace(
            self, weight=np.vstack([self.weight, weight[None]]), most=np.append(self.most, most)
        )

    def part(self, things: Whole) -> Knapsack:
        """Of these things alone."""
        return replace(
            self,
            place=self.place[things],
            gain=self.gain[things],
            weight=self.weight[:, things],
            tied=tuple(label[things] for label in self.tied),
        )


@dataclass(frozen=True)
class Found:
    """things: (places,) the one of each place. gain: of them. bound: nothing gains more. proven:
    nothing does, for the search came to its end."""

    things: Whole
    gain: int
    bound: int
    proven: bool


def most(knapsack: Knapsack, *, gap: float, seconds: float) -> Found | None:
    """What gains most, to a relative `gap` of the bound, as long as there are `seconds`; None where
    nothing keeps the rows, or nothing was found in time."""
    program, unit = written(knapsack)
    relaxed = solve_linear(program)
    if relaxed.prices is None:
        return None
    bound = _whole_bound(relaxed.bound * unit)
    lost = unit * (relaxed.prices @ program.matrix - program.gain)[program.columns["thing"]]
    order = np.argsort(lost, kind="stable")
    places = int(knapsack.place.max()) + 1
    ends = time.monotonic() + seconds
    best: Found | None = None
    nearest = min(places + NEAREST, KERNEL * places)
    for width in dict.fromkeys([nearest, KERNEL * places, 4 * KERNEL * places, len(order)]):
        things = np.sort(order[:width])
        found = _exactly(knapsack.part(things), bound, gap, ends)
        if found is not None and (best is None or found.gain >= best.gain):
            # the others lose more by the prices than there is between the bound and the best
            rest = lost[order[width:]]
            surely = found.gain >= bound or (
                found.proven and bool((rest > bound - found.gain).all())
            )
            above = found.gain if surely else bound if len(rest) else found.bound
            best = Found(things[found.things], found.gain, above, surely)
        if width >= len(order) or time.monotonic() > ends:
            return best
        if best is not None and (best.proven or _near(best.gain, bound, gap)):
            return best
    return best


def _exactly(knapsack: Knapsack, bound: int, gap: float, ends: float) -> Found | None:
    """The best that keeps the rows in whole numbers. bound: nothing gains more, among things that
    are not looked at either; the search may end where the best is near it."""
    forbidden: list[Whole] = []
    while True:
        program, unit = written(knapsack, forbidden)
        outcome = solve_mixed(
            program,
            gap=0.0,
            seconds=ends - time.monotonic(),
            done=lambda gain, _: _near(gain * unit, bound, gap),  # noqa: B023 - called within
        )
        if outcome.solution is None:
            return None
        things = _chosen(knapsack, program.block("thing", outcome.solution))
        gain = int(knapsack.gain[things].sum())
        if (knapsack.weight[:, things].sum(axis=1) <= knapsack.most).all():
            proven = outcome.status == "optimal"
            above = gain if proven else min(bound, _whole_bound(outcome.bound * unit))
            return Found(things, gain, max(gain, above), proven)
        forbidden.append(things)


def _whole_bound(bound: float) -> int:
    """What whole numbers cannot exceed where their sum cannot exceed `bound`, to its digits."""
    return int(np.floor(bound + _NEARLY * max(1.0, abs(bound))))


def _near(gain: float, bound: int, gap: float) -> bool:
    return gain + _NEARLY * abs(gain) >= bound - gap * abs(bound) if np.isfinite(gain) else False


def _chosen(knapsack: Knapsack, share: Vector) -> Whole:
    """(places,) the thing of each place that has the largest share."""
    order = np.lexsort((share, knapsack.place))
    last = np.append(np.flatnonzero(np.diff(knapsack.place[order])), len(order) - 1)
    chosen: Whole = order[last]
    return chosen


def written(
    knapsack: Knapsack, forbidden: list[Whole] | None = None
) -> tuple[LinearProgram, float]:
    """The programme, and what one of its gain is in the knapsack's; forbidden: choices of which at
    least one place must be another."""
    count, places = len(knapsack.place), int(knapsack.place.max()) + 1
    unit = _unit(knapsack.gain)
    writer = Writer()
    thing = writer.variables("thing", count, gain=knapsack.gain / unit, upper=1.0, whole=True)
    rules: list[Rule] = [("one", place) for place in range(places)]
    writer.rows(rules, (knapsack.place, thing, 1.0), lower=1.0, upper=1.0)
    for row, (weight, most_of) in enumerate(zip(knapsack.weight, knapsack.most, strict=True)):
        scale = _unit(weight)
        writer.rows(
            [("limit", row)],
            (np.zeros(count, dtype=np.int64), thing, weight / scale),
            upper=float(most_of) / scale,
        )
    for number, label in enumerate(knapsack.tied):
        _tie(writer, number, label, knapsack.place, thing)
    for number, things in enumerate(forbidden or ()):
        writer.rows(
            [("forbidden", number)],
            (np.zeros(len(things), dtype=np.int64), thing[things], 1.0),
            upper=len(things) - 1.0,
        )
    return writer.written(), unit


def _tie(writer: Writer, number: int, label: Whole, place: Whole, thing: Whole) -> None:
    """Whoever chooses a label chooses what all have chosen."""
    labels, places = int(label.max()) + 1, int(place.max()) + 1
    common = writer.variables(f"tie {number}", labels, upper=1.0, whole=True)
    rules: list[Rule] = [("tie", number, each) for each in range(labels * places)]
    pairs = np.arange(labels * places)
    writer.rows(
        rules,
        (label * places + place, thing, 1.0),
        (pairs, common[pairs // places], -1.0),
        lower=0.0,
        upper=0.0,
    )


def _unit(figures: Whole) -> float:
    return max(1.0, float(np.abs(figures).max(initial=0)) / _LARGEST)
