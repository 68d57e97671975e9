"""Levels of measures put together in every way, each way paid out in full.

Measures act on one another: a bonus is a part of a salary that was raised, a floor pays what the
others leave open. So the cost of two is not the sum of their costs, and no way is ever estimated
from others. What a town pays and whom it loses depends on its own levels alone, though: paying a
way out everywhere tells what it is in each town, and a choice town by town needs no more of that.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from otdacha.errors import PayProblem
from otdacha.language import text
from otdacha.pay.packages.money import SOURCES
from otdacha.progress import Progress, silent

Whole = NDArray[np.int64]
Vector = NDArray[np.float64]

MOST = 1_024
"""Ways that are paid out at most: five measures of three levels, each of which may be left out."""
Level = float | None
Combination = tuple[Level, ...]
"""A level of each measure, in their order, in the measure's own unit; None: it is not taken."""


@dataclass(frozen=True)
class Lever:
    """A measure that has levels to choose from.

    optional: it may be left out. everywhere: all towns have the same level of it, as a law of the
    region or of the union would be; otherwise each town has its own.
    """

    key: str
    levels: tuple[float, ...]
    optional: bool = True
    everywhere: bool = False

    @property
    def choices(self) -> tuple[Level, ...]:
        """What there is to choose, least first."""
        return ((None,) if self.optional else ()) + tuple(sorted(self.levels))


@dataclass(frozen=True)
class Outcome:
    """What one combination does where it is taken everywhere, against no measure at all.

    cost: (towns, years, sources) kopecks, with contributions. fund: (towns, years) kopecks of pay
    with it, without contributions, as БК 136 counts. avoided: (towns,) exits avoided in all years;
    nan where nothing could be estimated. vacancy_cost, training_kept: (towns,) kopecks; 0 there.

    What is not known of `avoided` is told by its ends, nan where it is. shared: (towns, things, 2)
    where each thing that all towns share (the slope, the level of all hazards) is at its lower and
    its upper end. own: (towns, 2) where what each has to itself (its hazard) is. most: (towns,)
    exits that there are to be avoided.
    """

    cost: Whole
    fund: Whole
    avoided: Vector
    shared: Vector
    own: Vector
    most: Vector
    vacancy_cost: Whole
    training_kept: Whole


Evaluate = Callable[[Sequence[Combination]], Iterable[Outcome]]
"""Pays combinations out for everybody, one after another, and says what came of each."""


@dataclass(frozen=True)
class Options:
    """Every combination in every town. Arrays as in `Outcome`, combinations first."""

    towns: tuple[str, ...]
    years: tuple[int, ...]
    levers: tuple[Lever, ...]
    combinations: tuple[Combination, ...]
    cost: Whole
    fund: Whole
    avoided: Vector
    shared: Vector
    own: Vector
    most: Vector
    vacancy_cost: Whole
    training_kept: Whole

    @property
    def known(self) -> NDArray[np.bool_]:
        """(towns,) whether exits of a town could be estimated."""
        known: NDArray[np.bool_] = np.logical_not(np.isnan(self.avoided).any(axis=0))
        return known

    @property
    def total(self) -> Whole:
        """(combinations, towns) kopecks from all sources in all years."""
        total: Whole = self.cost.sum(axis=(2, 3))
        return total

    @property
    def taken(self) -> Whole:
        """(combinations,) how many measures are taken."""
        return np.array(
            [sum(level is not None for level in each) for each in self.combinations], dtype=np.int64
        )


def combinations(levers: Sequence[Lever], *, most: int = MOST) -> tuple[Combination, ...]:
    """Every way to choose a level of each measure, that with the least of each first.

    Raises PayProblem where a measure has no level or one twice, and where there are more than
    `most` ways: some of them would have to be guessed, and a sum that is asked for may not be.
    """
    for lever in levers:
        if len(set(lever.levels)) != len(lever.levels) or not lever.choices:
            raise PayProblem(
                text(
                    "The measure “{measure}” has no levels to choose from, or one of them twice.",
                    measure=lever.key,
                )
            )
    count = int(np.prod([len(lever.choices) for lever in levers], dtype=object))
    if count > most:
        raise PayProblem(
            text(
                "These levels go together in {count} ways, and each would have to be paid out for "
                "everybody; {most} is the most. Give fewer levels, or leave a measure at one level "
                "that is always taken.",
                count=count,
                most=most,
            )
        )
    return tuple(itertools.product(*(lever.choices for lever in levers)))


def evaluated(
    levers: Sequence[Lever],
    towns: Sequence[str],
    years: Sequence[int],
    evaluate: Evaluate,
    *,
    most: int = MOST,
    progress: Progress = silent,
) -> Options:
    """Every combination of `levers`, paid out in every town.

    Raises PayProblem as `combinations` does; ValueError where an outcome is not of these towns and
    years, or knows a town that another does not.
    """
    ways = combinations(levers, most=most)
    said = text("Paying out every combination of measures")
    found = []
    progress(said, 0, len(ways))
    for number, outcome in enumerate(evaluate(ways), 1):
        found.append(_checked(outcome, len(towns), len(years)))
        progress(said, number, len(ways))
    figures = {
        one.name: np.stack([getattr(each, one.name) for each in found]) for one in fields(Outcome)
    }
    options = Options(
        towns=tuple(towns), years=tuple(years), levers=tuple(levers), combinations=ways, **figures
    )
    if (np.isnan(options.avoided) != ~options.known).any():
        raise ValueError("exits of a town are known for some combinations and not for others")
    return options


@dataclass(frozen=True)
class Package:
    """A combination for each town, by its place among the options' combinations."""

    options: Options
    chosen: Whole

    @classmethod
    def everywhere(cls, options: Options, way: int) -> Package:
        """The same combination in all towns."""
        return cls(options, np.full(len(options.towns), way, dtype=np.int64))

    @property
    def cost(self) -> Whole:
        """(towns, years, sources) kopecks."""
        cost: Whole = self.options.cost[self.chosen, self._towns]
        return cost

    @property
    def total(self) -> int:
        """Kopecks in all."""
        return int(self.cost.sum())

    @property
    def by_source(self) -> Whole:
        """(sources,) kopecks."""
        by_source: Whole = self.cost.sum(axis=(0, 1))
        return by_source

    @property
    def measures(self) -> int:
        """How many measures are taken, counted in every town."""
        return int(self.options.taken[self.chosen].sum())

    @property
    def vacancy_cost(self) -> int:
        return int(self.options.vacancy_cost[self.chosen, self._towns].sum())

    @property
    def training_kept(self) -> int:
        return int(self.options.training_kept[self.chosen, self._towns].sum())

    def avoided(self) -> tuple[float, float, float] | None:
        """Exits avoided in the towns where they could be estimated, with their 95 % interval; None
        where there is no such town."""
        if not self.options.known.any():
            return None
        point = float(np.nansum(self.options.avoided[self.chosen, self._towns]))
        return point, *interval_between(self, None)

    def levels(self) -> Iterator[tuple[str | None, str, Level]]:
        """Town, measure and level; a level that all towns have is said once, without a town."""
        for at, lever in enumerate(self.options.levers):
            held = [self.options.combinations[way][at] for way in self.chosen]
            if len(set(held)) == 1:
                yield None, lever.key, held[0]
                continue
            for town, level in zip(self.options.towns, held, strict=True):
                yield town, lever.key, level

    @property
    def _towns(self) -> Whole:
        return np.arange(len(self.options.towns))


def interval_between(one: Package, other: Package | None) -> tuple[float, float]:
    """95 % interval of how many exits more `one` avoids than `other`, or than no measure at all.

    What towns share moves the difference in all of them at once, what each has to itself in each by
    itself; these movements add up as independent ones do, each side for itself (Zou, Donner 2008).
    The interval ends where no end of anything leads: at zero, if all lie on one side of it in every
    town, and at the exits that there are to be avoided. Without `other` it is the interval of
    `otdacha.pay.effect.avoided`.
    """
    options = one.options
    point = _more(one, other, options.avoided)
    own, shared = _more(one, other, options.own), _more(one, other, options.shared)
    middle, ends = float(point.sum()), shared.sum(axis=0)
    down = [point - np.minimum(own.min(axis=1), point), middle - np.minimum(ends.min(1), middle)]
    up = [np.maximum(own.max(axis=1), point) - point, np.maximum(ends.max(1), middle) - middle]
    lower = middle - float(np.linalg.norm(np.concatenate(down)))
    upper = middle + float(np.linalg.norm(np.concatenate(up)))
    anywhere = np.concatenate([point, own.ravel(), shared.ravel()])
    if (anywhere >= 0).all():
        lower = max(lower, 0.0)
    if (anywhere <= 0).all():
        upper = min(upper, 0.0)
    return lower, min(upper, float(_more(one, None, options.most).sum()))


def _more(one: Package, other: Package | None, figure: Vector) -> Vector:
    """What `one` has more of than `other` in the towns that are known, (known towns, ...); figure:
    (combinations, towns, ...)."""
    places = np.arange(len(one.options.towns))
    held = figure[one.chosen, places] - (0.0 if other is None else figure[other.chosen, places])
    more: Vector = held[one.options.known]
    return more


def _checked(outcome: Outcome, towns: int, years: int) -> Outcome:
    shapes = {
        "cost": (towns, years, len(SOURCES)),
        "fund": (towns, years),
        "shared": (towns, *outcome.shared.shape[1:2], 2),
        "own": (towns, 2),
        **dict.fromkeys(("avoided", "most", "vacancy_cost", "training_kept"), (towns,)),
    }
    for name, shape in shapes.items():
        if getattr(outcome, name).shape != shape:
            raise ValueError(f"{name} is {getattr(outcome, name).shape} and must be {shape}")
    return outcome
