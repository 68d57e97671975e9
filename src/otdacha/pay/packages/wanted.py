"""What a package is chosen by and inside what, and which combinations that leaves to each town."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from otdacha.pay.packages.limits import NO_LIMIT
from otdacha.pay.packages.money import LOCAL, Sums
from otdacha.pay.packages.options import Options, Whole

_EXITS = 10_000
"""Exits are counted in ten-thousandths: nobody knows them better, and whole numbers have ties."""


class Aim(StrEnum):
    """What a package is to do most of."""

    AVOIDED = "avoided"
    """Exits avoided, by their point estimate."""
    SAVED = "saved"
    """Rubles: what vacancies would have cost, and training that would have left."""


@dataclass(frozen=True)
class Wanted:
    """sums: what may be spent. ceilings: (towns, years) kopecks of pay, as `limits.ceilings` has
    them. at_most: kopecks from all sources in all years. aim: what there is to be most of."""

    sums: Sums
    ceilings: Whole
    aim: Aim = Aim.AVOIDED
    at_most: int = NO_LIMIT

    def inside(self, kopecks: int) -> Wanted:
        """The same, for at most so many kopecks in all."""
        return replace(self, at_most=min(kopecks, self.at_most))


def within_norms(options: Options, wanted: Wanted) -> NDArray[np.bool_]:
    """(combinations, towns) whether the pay of a town stays below its ceiling in every year."""
    kept: NDArray[np.bool_] = np.all(options.fund <= wanted.ceilings, axis=2)
    return kept


def within_own_money(options: Options, wanted: Wanted) -> NDArray[np.bool_]:
    """(combinations, towns) whether a town's own budget can pay its part in every year."""
    kept: NDArray[np.bool_] = np.all(options.cost[..., LOCAL] <= wanted.sums.local, axis=2)
    return kept


def allowed(options: Options, wanted: Wanted) -> NDArray[np.bool_]:
    """(combinations, towns) what a town may have, whatever the others have."""
    return within_norms(options, wanted) & within_own_money(options, wanted)


def gain_of(options: Options, aim: Aim) -> Whole:
    """What each combination does in each town, (combinations, towns): ten-thousandths of an exit,
    or whole rubles. Where nothing could be estimated it does nothing that could be counted."""
    if aim == Aim.SAVED:
        rubles: Whole = (options.vacancy_cost + options.training_kept + 50) // 100
        return rubles
    exits: Whole = np.rint(np.where(options.known, options.avoided, 0.0) * _EXITS).astype(np.int64)
    return exits


def limited(options: Options, wanted: Wanted) -> tuple[Whole, Whole]:
    """What all towns share: (rows, combinations, towns) kopecks that each takes, (rows,) the most
    of it. A row for each source and year with a sum, and one for what everything may cost."""
    weights, most = [], []
    for year, source in np.argwhere(wanted.sums.amount != NO_LIMIT):
        weights.append(options.cost[:, :, year, source])
        most.append(wanted.sums.amount[year, source])
    if wanted.at_most != NO_LIMIT:
        weights.append(options.total)
        most.append(wanted.at_most)
    shape = (len(most), *options.total.shape)
    return np.array(weights, dtype=np.int64).reshape(shape), np.array(most, dtype=np.int64)
