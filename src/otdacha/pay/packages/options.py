"""Levels of measures put together in every way, each way paid out in full.

Measures act on one another: a bonus is a part of a salary that was raised, a floor pays what the
others leave open. So the cost of two is not the sum of their costs, and no way is ever estimated
from others. What a town pays and whom it loses depends on its own levels alone, though: paying a
way out everywhere tells what it is in each town, and a choice town by town needs no more of that.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

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
INTERVAL = (0.025, 0.975)
"""The ends of an interval among draws: 95 %, as in every table of a scenario."""

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
    with it, without contributions, as БК 136 counts. avoided, lower, upper: (towns,) exits avoided
    in all years and their 95 % interval; nan where nothing could be estimated. vacancy_cost,
    training_kept: (towns,) kopecks; 0 where nothing could be estimated.

    What the errors of towns have in common is told in one of two ways, or not at all. draws:
    (towns, draws) of `avoided`, the same draw of the estimates in every combination. shared, own:
    (2, towns) `avoided` where what all towns share (the slope) is at its lower and its upper end,
    and where what each has to itself (its hazard) is.
    """

    cost: Whole
    fund: Whole
    avoided: Vector
    lower: Vector
    upper: Vector
    vacancy_cost: Whole
    training_kept: Whole
    draws: Vector | None = None
    shared: Vector | None = None
    own: Vector | None = None


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
    lower: Vector
    upper: Vector
    vacancy_cost: Whole
    training_kept: Whole
    draws: Vector | None = None
    shared: Vector | None = None
    own: Vector | None = None

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
    options = Options(
        towns=tuple(towns),
        years=tuple(years),
        levers=tuple(levers),
        combinations=ways,
        cost=np.stack([each.cost for each in found]),
        fund=np.stack([each.fund for each in found]),
        avoided=np.stack([each.avoided for each in found]),
        lower=np.stack([each.lower for each in found]),
        upper=np.stack([each.upper for each in found]),
        vacancy_cost=np.stack([each.vacancy_cost for each in found]),
        training_kept=np.stack([each.training_kept for each in found]),
        draws=_of_all([each.draws for each in found]),
        shared=_of_all([each.shared for each in found]),
        own=_of_all([each.own for each in found]),
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

    With draws the difference is taken draw by draw. With the ends of what towns share and of what
    each has to itself, the first moves the difference in all towns at once, the second in each by
    itself, and these movements add up as independent ones do, each side for itself (Zou, Donner
    2008). With neither the ends of every town add up, whatever their errors have in common: an
    interval that is too wide rather than too narrow.
    """
    options = one.options
    if options.draws is not None:
        lower, upper = np.quantile(_more(one, other, options.draws).sum(axis=0), INTERVAL)
        return float(lower), float(upper)
    point = _more(one, other, options.avoided)
    if options.shared is None or options.own is None:
        ends = np.stack(
            [point, *(_more(one, other, end) for end in (options.lower, options.upper))]
        )
        return float(ends.min(axis=0).sum()), float(ends.max(axis=0).sum())
    middle = float(point.sum())
    shared = [middle, *(_more(one, other, end).sum() for end in np.moveaxis(options.shared, 1, 0))]
    own = np.stack([point, *(_more(one, other, end) for end in np.moveaxis(options.own, 1, 0))])
    down, up = point - own.min(axis=0), own.max(axis=0) - point
    return (
        middle - float(np.sqrt((middle - min(shared)) ** 2 + (down**2).sum())),
        middle + float(np.sqrt((max(shared) - middle) ** 2 + (up**2).sum())),
    )


def _more(one: Package, other: Package | None, figure: Vector) -> Vector:
    """What `one` has more of than `other` in the towns that are known, (known towns, ...); figure:
    (combinations, towns, ...)."""
    places = np.arange(len(one.options.towns))
    held = figure[one.chosen, places] - (0.0 if other is None else figure[other.chosen, places])
    more: Vector = held[one.options.known]
    return more


def _of_all(each: Sequence[Vector | None]) -> Vector | None:
    """(combinations, ...) of what every combination has, or none of them."""
    there = [one for one in each if one is not None]
    if len(there) not in (0, len(each)):
        raise ValueError("some combinations tell what towns' errors share, and others do not")
    return np.stack(there) if there else None


def _checked(outcome: Outcome, towns: int, years: int) -> Outcome:
    shapes = {
        "cost": (towns, years, len(SOURCES)),
        "fund": (towns, years),
        **dict.fromkeys(("avoided", "lower", "upper", "vacancy_cost", "training_kept"), (towns,)),
    }
    for name, shape in shapes.items():
        if getattr(outcome, name).shape != shape:
            raise ValueError(f"{name} is {getattr(outcome, name).shape} and must be {shape}")
    return outcome
