"""Which levels each town has: as the file says, or the best package inside the sums."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from otdacha.pay.effect import SHARED, Effect
from otdacha.pay.kopecks import RUBLES, in_kopecks, rubles
from otdacha.pay.leaving import Leaving
from otdacha.pay.making.effects import effect_of
from otdacha.pay.making.material import Material
from otdacha.pay.making.paid import PaidOut, paid_everywhere, paid_out
from otdacha.pay.measures import Levels
from otdacha.pay.measures.entries import Levelled
from otdacha.pay.packages.choose import Choice, choose
from otdacha.pay.packages.frontier import frontier, tables
from otdacha.pay.packages.limits import PayNorm, ceilings
from otdacha.pay.packages.money import LOCAL, SOURCES, Sums, apportioned, sums
from otdacha.pay.packages.options import (
    Combination,
    Lever,
    Options,
    Outcome,
    Package,
    evaluated,
)
from otdacha.pay.packages.rivals import compared, rivals
from otdacha.pay.packages.wanted import Wanted
from otdacha.pay.tables import RIVALS
from otdacha.progress import Progress, silent

Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Chosen:
    """levels: of each town. given: the sums of the file and of towns. wanted: inside what levels
    were chosen. package: what that is among the options. choice: how it was chosen;
    None where no measure has levels. paid, brought: everybody at these levels, and what that
    brings."""

    levels: Mapping[str, Levels]
    given: Sums
    wanted: Wanted
    package: Package
    choice: Choice | None
    paid: PaidOut
    brought: Effect


def levers(material: Material) -> tuple[Lever, ...]:
    """The measures that have levels to choose from, of which each town may have its own: pay of
    municipal servants is set by the town's own act, inside the region's norm."""
    return tuple(
        Lever(one.key, one.choices)
        for one in material.measures.measures.measures
        if isinstance(one, Levelled) and one.levels
    )


def chosen(material: Material, found: Leaving, progress: Progress = silent) -> Chosen:
    """The best package of levels inside sums and norms; without levels the file as it is, whatever
    it costs.

    Raises PayProblem where there are too many ways to put levels together, or none keeps within
    the sums.
    """
    to_choose = levers(material)
    towns = material.towns["municipality"].to_list()
    last: list[tuple[PaidOut, Effect]] = []

    def evaluate(ways: Sequence[Combination]) -> Iterator[Outcome]:
        for paid in paid_everywhere(material, [_levels(to_choose, way) for way in ways]):
            last[:] = [(paid, effect_of(material, found, paid))]
            yield outcome(material, *last[0])

    options = evaluated(to_choose, towns, material.years, evaluate, progress=progress)
    given = money_given(material)
    wanted = _inside(material, given, options)
    choice = choose(options, wanted) if to_choose else None
    package = Package.everywhere(options, 0) if choice is None else choice.package
    levels = levels_of(package, towns)
    if (package.chosen == len(options.combinations) - 1).all():
        ((paid, brought),) = last  # the most of everything, or the only way: paid out already
    else:
        paid = paid_out(material, levels)
        brought = effect_of(material, found, paid)
    return Chosen(levels, given, wanted, package, choice, paid, brought)


def packages_of(found: Chosen) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The table `packages`, and `levels` without units and words: the frontier up to the package
    that was chosen."""
    options = found.package.options
    along = [] if found.choice is None else frontier(options, found.wanted, found.choice)
    return tables(along, found.package)


def beside_rivals(found: Chosen, people: Whole) -> pl.DataFrame:
    """The table `rivals`: what simpler ways to spend the same money bring; empty where there was
    nothing to choose. people: (towns,) with a post there."""
    if found.choice is None:
        return RIVALS.to_frame()
    return compared(found.package, rivals(found.package, found.wanted), people)


def levels_of(package: Package, towns: Sequence[str]) -> dict[str, Levels]:
    """The levels that a package gives each town."""
    options = package.options
    return {
        town: _levels(options.levers, options.combinations[way])
        for town, way in zip(towns, package.chosen, strict=True)
    }


def _levels(levers: Sequence[Lever], way: Combination) -> Levels:
    return {lever.key: level for lever, level in zip(levers, way, strict=True)}


def outcome(material: Material, paid: PaidOut, brought: Effect) -> Outcome:
    """What was paid out and what it brings, as arrays by town, year and source."""
    towns = material.towns.select("municipality")
    known = towns.join(brought.towns, on="municipality", how="left", maintain_order="left")
    sums_ = towns.join(brought.sums, on="municipality", how="left", maintain_order="left")
    return Outcome(
        cost=_by_source(material, paid),
        fund=_fund(material, paid.after),
        avoided=_exits(sums_, "avoided")[:, 0],
        shared=_exits(sums_, *SHARED).reshape(len(sums_), -1, 2),
        own=_exits(sums_, "hazard_low", "hazard_high"),
        most=_exits(sums_, "before")[:, 0],
        vacancy_cost=_kopecks(known, "vacancy_cost"),
        training_kept=_kopecks(known, "training_kept"),
    )


def _exits(towns: pl.DataFrame, *columns: str) -> NDArray[np.float64]:
    """(towns, columns) exits; nan where nothing could be estimated."""
    return towns.select(pl.col(columns).fill_null(np.nan)).to_numpy()


def money_given(material: Material) -> Sums:
    """The purses of the file and what towns can add themselves, in the years of the scenario."""
    purses = pl.DataFrame(
        [(one.source, one.year, one.amount) for one in material.measures.measures.purse],
        schema={"source": pl.String(), "year": pl.Int64(), "amount": RUBLES},
        orient="row",
    )
    towns = material.towns["municipality"].to_list()
    return sums(purses, in_rubles(material.finances), towns, material.years)


def _inside(material: Material, given: Sums, options: Options) -> Wanted:
    """The sums and norms that levels must keep within.

    A measure without levels is asked for whatever it costs: where such measures alone go beyond a
    sum or a norm, the tables say so, and levels may only not go further beyond.
    """
    least = 0  # the first combination leaves out everything that has levels
    cost, fund = options.cost[least], options.fund[least]
    sums_ = Sums(
        amount=np.maximum(given.amount, cost.sum(axis=0)),
        local=np.maximum(given.local, cost[..., LOCAL]),
    )
    funds = pl.DataFrame(
        {
            "municipality": np.repeat(options.towns, len(options.years)),
            "year": np.tile(options.years, len(options.towns)),
            "fund_before": fund.ravel(),
        }
    )
    norms = ceilings(
        in_rubles(material.finances), funds, pay_norm(material), options.towns, options.years
    )
    return Wanted(sums_, norms)


def pay_norm(material: Material) -> PayNorm:
    """БК 136 as the federal law of pay says it of the first year of the scenario."""
    said = material.law.pay_norm_on(material.measures.measures.first_day)
    return PayNorm(said.threshold, said.years_above, said.years_of, said.reference)


def in_rubles(finances: pl.DataFrame) -> pl.DataFrame:
    """Finances with money in rubles, as limits and sums take it."""
    return finances.with_columns(rubles(pl.col("norm", "available")))


def _by_source(material: Material, paid: PaidOut) -> Whole:
    """(towns, years, sources) kopecks of all measures."""
    found = np.zeros((material.towns.height, len(material.years), len(SOURCES)), dtype=np.int64)
    town_at = {town: at for at, town in enumerate(material.towns["municipality"])}
    for (key,), rows in paid.costs.group_by("measure"):
        parts = dict(material.measures.measures.measure(str(key)).sources)
        cut = apportioned(rows["kopecks"].to_numpy(), {str(k): v for k, v in parts.items()})
        places = [town_at[town] for town in rows["municipality"]]
        years = [material.years.index(year) for year in rows["year"]]
        np.add.at(found, (places, years), cut)
    return found


def _fund(material: Material, pay: pl.DataFrame) -> Whole:
    """(towns, years) kopecks of pay, without contributions."""
    found = np.zeros((material.towns.height, len(material.years)), dtype=np.int64)
    town_at = {town: at for at, town in enumerate(material.towns["municipality"])}
    totals = pay.filter(component="total").select("municipality", "year", "kopecks")
    for town, year, kopecks in totals.iter_rows():
        found[town_at[town], material.years.index(year)] = kopecks
    return found


def _kopecks(towns: pl.DataFrame, column: str) -> Whole:
    """Rubles as kopecks; 0 where nothing could be estimated."""
    whole: Whole = towns.select(in_kopecks(pl.col(column)).fill_null(0)).to_series().to_numpy()
    return whole
